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
      say("The library has changed; this page is of before.");
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
      if (!response.ok) { return; }
      return response.text().then(function (text) {
        if (!note.hidden && note.textContent.indexOf("server") >= 0) { say(""); }
        renew(text.replace(/\n$/, ""));
      });
    }).catch(function () {
      say("The server has ended.");
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
        say("The browser does not let this page copy; select the text.");
      });
    });
  });
  var sort = document.getElementById("sort");
  if (sort) { sort.addEventListener("change", function () { sort.form.submit(); }); }
  later();
})();
