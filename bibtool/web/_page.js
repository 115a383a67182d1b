(function () {
  "use strict";
  var bar = document.getElementById("bibtool-filter");
  var words = document.getElementById("bibtool-words");
  var year = document.getElementById("bibtool-year");
  var count = document.getElementById("bibtool-count");
  var entries = Array.prototype.slice.call(document.querySelectorAll(".bibtool-entry"));
  var sections = Array.prototype.slice.call(document.querySelectorAll(".bibtool-section"));
  var texts = null;
  // letters that are no base letter with an accent in Unicode
  var alike = { "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "þ": "th" };

  function fold(text) {
    return text.normalize("NFKD").replace(/[\u0300-\u036f\u00ad\u200b-\u200f]/g, "").toLowerCase()
      .replace(/[ßæœøđðłħıþ]/g, function (letter) { return alike[letter]; })
      .replace(/[\u2018\u2019]/g, "'").replace(/[\u2010-\u2015]/g, "-");
  }

  function state() {
    var hash = location.hash.slice(1);
    return /^(q|year)=/.test(hash) ? new URLSearchParams(hash) : null;
  }

  function unescaped(text) {
    try { return decodeURIComponent(text); } catch (error) { return text; }
  }

  function apply() {
    var wanted = fold(words.value).split(/\s+/).filter(Boolean);
    var shown = 0;
    if (wanted.length && !texts) {
      texts = entries.map(function (entry) { return fold(entry.textContent); });
    }
    entries.forEach(function (entry, at) {
      var fits = (!year.value || entry.getAttribute("data-year") === year.value) &&
        wanted.every(function (word) { return texts[at].indexOf(word) >= 0; });
      if (entry.hidden === fits) { entry.hidden = !fits; }
      shown += fits;
    });
    sections.forEach(function (section) {
      section.hidden = !section.querySelector(".bibtool-entry:not([hidden])");
    });
    // before anything is asked for, the count says nothing new
    count.textContent = !wanted.length && !year.value ? "" : shown ? shown + " / " + entries.length + " " + bar.getAttribute("data-shown")
      : bar.getAttribute("data-nothing");
  }

  function keep() {
    var parts = [];
    if (words.value.trim()) { parts.push("q=" + encodeURIComponent(words.value.trim())); }
    if (year.value) { parts.push("year=" + encodeURIComponent(year.value)); }
    // an address that is not about the filter stays as long as nothing is filtered
    if (parts.length || state()) {
      history.replaceState(null, "", parts.length ? "#" + parts.join("&") : location.pathname + location.search);
    }
  }

  function follow() {
    var now = state();
    var target = now ? null : document.getElementById(unescaped(location.hash.slice(1)));
    words.value = now ? now.get("q") || "" : "";
    year.value = now ? now.get("year") || "" : "";
    if (year.selectedIndex < 0) { year.value = ""; }
    apply();
    if (target) { target.scrollIntoView(); }
  }

  words.addEventListener("input", function () { apply(); keep(); });
  year.addEventListener("change", function () { apply(); keep(); });
  window.addEventListener("hashchange", follow);
  bar.hidden = false;
  follow();
})();
