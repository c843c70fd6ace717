"use strict";
// Says what the mission would leave of its activity, while it is typed. Without this file the page
// says so once the mission is saved.
document.addEventListener("DOMContentLoaded", () => {
  const place = document.getElementById("left");
  const form = place && document.querySelector("#mission_form");
  if (!form) return;
  let asked = 0;
  const ask = async () => {
    const activity = form.querySelector("[name=activity]");
    const query = new URLSearchParams({ activity: activity ? activity.value : place.dataset.activity });
    query.set("from_on", (form.querySelector("[name=from_on]") || {}).value || "");
    for (const days of form.querySelectorAll("[name^=experts-][name$=-days]")) {
      if (days.name.includes("__prefix__") || days.name.endsWith("travel_days")) continue;
      const row = days.name.replace(/days$/, "");
      const gone = form.querySelector(`[name="${row}DELETE"]`);
      if (gone && gone.checked) continue;
      query.append("days", days.value || "0");
      query.append("grade", (form.querySelector(`[name="${row}grade"]`) || {}).value || "");
    }
    if (!query.get("activity")) return;
    const mine = ++asked;
    const answer = await fetch(`${place.dataset.address}?${query}`, { credentials: "same-origin" });
    if (!answer.ok || mine !== asked) return;
    const { told, over } = await answer.json();
    place.textContent = told.join(" ");
    place.classList.toggle("errornote", over);
  };
  let wait = 0;
  const soon = () => { clearTimeout(wait); wait = setTimeout(ask, 300); };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  if (window.django && window.django.jQuery) window.django.jQuery(form).on("change", soon);
});
