"use strict";
// Asks before a changed form is left, takes what was typed along when the language is changed, and
// keeps what was sent in the browser until the server has answered: the form that is opened again
// after a server that did not answer has it. Without this file the forms work as they are.
(() => {
  const SENT = "typed";
  const forms = [...document.querySelectorAll("form")].filter((form) => form.elements.typed_by);
  const language = document.querySelector("form.language");
  const here = location.pathname + location.search;
  const asLoaded = new Map();
  let leaves = false;

  const text = (form) => new URLSearchParams([...new FormData(form)].filter(
    ([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken",
  )).toString();
  const isChanged = (form) => asLoaded.has(form) && asLoaded.get(form) !== text(form);
  const store = (form) => {
    try {
      sessionStorage.setItem(SENT, JSON.stringify({ here, typed: text(form) }));
    } catch { /* more than the browser keeps: Back may bring an empty form */ }
  };
  const takeAlong = (typed) => {
    const field = language.elements.typed || document.createElement("input");
    Object.assign(field, { type: "hidden", name: "typed", value: typed });
    language.append(field);
  };

  // A form that comes back with errors is not saved: leaving it asks, too. What is kept, is kept.
  const kept = document.querySelector("[data-kept]");
  const wrong = document.querySelector("[data-wrong]");
  window.addEventListener("load", () => window.setTimeout(() => {
    forms.forEach((form) => asLoaded.set(form, wrong && !kept ? "" : text(form)));
    (wrong || kept)?.focus();
  }));
  window.addEventListener("pageshow", () => { leaves = false; });
  window.addEventListener("beforeunload", (event) => {
    if (!leaves && forms.some(isChanged)) event.preventDefault();
  });
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    const form = event.target;
    if (forms.includes(form)) {
      store(form);
      leaves = !forms.some((other) => other !== form && isChanged(other));
    } else if (form === language) {
      const changed = forms.find(isChanged);
      if (changed) takeAlong(text(changed));
      leaves = forms.filter(isChanged).length < 2; // one is taken along, another would be lost
    } else if (kept?.contains(form)) {
      leaves = true; // it is to be discarded
    }
  });

  // An error points at its field; that of an autocomplete is the box that stands for it.
  wrong?.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    const box = link && document.getElementById(link.hash.slice(1))?.nextElementSibling;
    if (!box?.classList.contains("select2")) return;
    event.preventDefault();
    box.querySelector(".select2-selection").focus();
  });

  // The server answered what was sent: with the form itself, or by leading to another page.
  const answered = kept || document.querySelector("[data-answers]")
    || performance.getEntriesByType("navigation")[0]?.redirectCount > 0;
  const sent = JSON.parse(sessionStorage.getItem(SENT) || "null");
  if (sent && answered) {
    sessionStorage.removeItem(SENT);
  } else if (sent?.here === here && forms.length && language) {
    sessionStorage.removeItem(SENT);
    takeAlong(sent.typed);
    window.addEventListener("load", () => window.setTimeout(() => {
      language.requestSubmit(language.querySelector("[aria-current]"));
    }));
  }
})();
