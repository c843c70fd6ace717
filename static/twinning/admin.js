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
