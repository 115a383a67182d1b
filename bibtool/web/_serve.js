(function () {
  "use strict";
  var version = document.documentElement.getAttribute("data-version");
  var note = document.getElementById("state");
  var frame = document.getElementById("preview");
  var boxes = Array.prototype.slice.call(document.querySelectorAll("input"));

  function say(words) {
    note.textContent = words;
    note.hidden = !words;
  }

  function isTyping() {
    return boxes.some(function (box) { return box.value !== box.defaultValue; });
  }

  function renew(now) {
    if (now === version || version === "none") { return; }
    if (frame) {
      frame.contentWindow.location.reload();
      version = now;
    } else if (isTyping()) {
      say("The library has changed. Reload the page to see it.");
    } else {
      location.reload();
    }
  }

  function later() {
    window.setTimeout(ask, 2000);
  }

  function ask() {
    if (document.hidden) { later(); return; }
    fetch("/version", { cache: "no-store" }).then(function (response) {
      if (response.status === 403) { say("The server was restarted. Open the address that it printed."); }
      if (!response.ok) { return; }
      return response.text().then(function (text) {
        if (!note.hidden && note.textContent.indexOf("server") >= 0) { say(""); }
        renew(text.replace(/\n$/, ""));
      });
    }).catch(function () {
      say("The server was stopped.");
    }).then(later);
  }

  Array.prototype.forEach.call(document.querySelectorAll("button[data-copy]"), function (button) {
    if (!navigator.clipboard) { return; }
    button.hidden = false;
    button.addEventListener("click", function () {
      var source = document.getElementById(button.getAttribute("data-copy"));
      navigator.clipboard.writeText(source.textContent.trim()).then(function () {
        say("Copied.");
        window.setTimeout(function () { say(""); }, 1500);
      }, function () {
        say("The browser does not allow copying. Select the text instead.");
      });
    });
  });
  // "/" goes to the search, j and k (and arrows, once a record or the search has the focus) from record to record
  var search = document.getElementById("q");
  var records = Array.prototype.slice.call(document.querySelectorAll(".records .title"));
  document.addEventListener("keydown", function (event) {
    var here = document.activeElement;
    var at = records.indexOf(here);
    var typing = here && /^(INPUT|SELECT|TEXTAREA)$/.test(here.tagName);
    var step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (step && at < 0 && !(here === search && step > 0)) { return; }
    if (!step && !typing) { step = { j: 1, k: -1 }[event.key]; }
    if (event.key === "/" && !typing && search) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (step && records.length) {
      event.preventDefault();
      records[Math.min(Math.max(at + step, 0), records.length - 1)].focus();
    }
  });
  var sort = document.getElementById("sort");
  if (sort) { sort.addEventListener("change", function () { sort.form.submit(); }); }
  later();
})();
