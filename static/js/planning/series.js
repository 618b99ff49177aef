// Show only the fields that the chosen rule needs. Without scripts all are shown, and the server asks for missing ones.
const form = document.querySelector("[data-series]");
const needs = { weeks: ["weekday", "every"], month: ["weekday", "nth"], cycle: ["cycle_day"] };

function show() {
  const chosen = form.elements.pattern.value || "weeks";
  for (const name of ["weekday", "every", "nth", "cycle_day"]) {
    const place = form.querySelector(`[data-of="${name}"]`);
    if (place) place.hidden = !needs[chosen].includes(name);
  }
}
if (form) {
  form.addEventListener("change", show);
  show();
}
