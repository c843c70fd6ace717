// Names the search boxes of autocompletes after their labels, for screen readers.
(function () {
  "use strict";
  function name() {
    document.querySelectorAll("select.admin-autocomplete").forEach(function (select) {
      var label = select.id && document.querySelector('label[for="' + select.id + '"]');
      var box = select.nextElementSibling;
      if (!label || !box || !box.classList.contains("select2")) { return; }
      box.querySelectorAll("[role=combobox], [role=textbox]").forEach(function (part) {
        part.removeAttribute("aria-labelledby");
        part.setAttribute("aria-label", label.textContent.replace(/:\s*$/, ""));
      });
    });
  }
  window.addEventListener("load", function () {
    window.setTimeout(name, 0);
    document.addEventListener("formset:added", function () { window.setTimeout(name, 0); });
  });
})();
// A second click while a form is on its way sends nothing.
(function () {
  "use strict";
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || event.defaultPrevented) { return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    window.setTimeout(function () { delete form.dataset.sent; }, 4000);
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });
})();
// Says that a long request is under way, once it has lasted for two seconds.
(function () {
  "use strict";
  window.addEventListener("load", function () {
    document.querySelectorAll("form[data-progress]").forEach(function (form) {
      form.addEventListener("submit", function () {
        var button = form.querySelector("button[type=submit]");
        var timer = window.setTimeout(function () {
          var line = document.createElement("p");
          var bar = document.createElement("progress");
          line.setAttribute("role", "status");
          line.textContent = form.dataset.progress + " ";
          bar.setAttribute("aria-label", form.dataset.progress);
          line.appendChild(bar);
          form.appendChild(line);
          // A download leaves the page as it is, and nobody says when it has come.
          if ("download" in form.dataset) { window.setTimeout(function () { line.remove(); }, 20000); }
        }, 2000);
        window.addEventListener("pageshow", function () { window.clearTimeout(timer); }, { once: true });
        if (button && !("download" in form.dataset)) {
          window.setTimeout(function () { button.disabled = true; }, 0);
        }
      });
    });
  });
})();
// Asks whether a file that is being prepared is ready, until it is; without this, a link asks.
(function () {
  "use strict";
  var PAUSE = 3000; // ms
  function ask(place) {
    fetch(location.href).then(function (answer) {
      if (answer.redirected || answer.status === 404) { location.reload(); } // it says why
      return answer.text();
    }).then(function (text) {
      var told = new DOMParser().parseFromString(text, "text/html").getElementById("prepared");
      if (!told || told.querySelector("[data-waits]")) { throw new Error("not yet"); }
      place.replaceChildren.apply(place, Array.from(told.childNodes));
    }).catch(function () { // also where the server is away for a while
      window.setTimeout(ask, PAUSE, place);
    });
  }
  window.addEventListener("load", function () {
    var place = document.getElementById("prepared");
    if (!place || !place.querySelector("[data-waits]")) { return; }
    place.querySelector("[data-again]").remove();
    window.setTimeout(ask, PAUSE, place);
  });
})();
// A search asks with the fields of its form that what it finds has to go with.
(function () {
  "use strict";
  var jQuery = window.django && window.django.jQuery;
  if (!jQuery) { return; }
  jQuery.ajaxPrefilter(function (options) {
    var box = document.querySelector("select.admin-autocomplete + .select2-container--open");
    var select = box && box.previousElementSibling;
    if (!select || !select.dataset || !select.dataset.with || !/\/autocomplete\//.test(options.url)) { return; }
    var own = select.name.slice(0, select.name.lastIndexOf("-") + 1);
    select.dataset.with.split(" ").forEach(function (name) {
      var other = select.form.elements[own + name];
      if (!other || !other.value) { return; }
      options.url += (options.url.indexOf("?") < 0 ? "?" : "&") + name + "=" + encodeURIComponent(other.value);
    });
  });
})();
