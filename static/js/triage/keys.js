// Triage by keyboard: j and k move between candidates, x selects, d decides, o opens.
const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
const rows = () => [...document.querySelectorAll("[data-case]")];

document.addEventListener("keydown", (event) => {
  if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = rows();
  const at = all.indexOf(document.activeElement?.closest("[data-case]"));
  const go = (index) => all[Math.max(0, Math.min(index, all.length - 1))]?.querySelector("[data-open]")?.focus();
  if (event.key === "j") go(at + 1);
  else if (event.key === "k") go(at - 1);
  else if (event.key === "x" && at >= 0) all[at].querySelector("[data-pick]")?.click();
  else if (event.key === "d" && at >= 0) all[at].querySelector("[data-decide]")?.click();
  else if (event.key === "o" && at >= 0) all[at].querySelector("[data-open]").click();
  else return;
  event.preventDefault();
});

// An opened row takes the focus; after the decision, its name gets it.
document.addEventListener("htmx:afterSettle", (event) => {
  const row = event.detail.elt?.closest?.("[data-case]");
  (row?.querySelector(".case-options :is(select, input:not([type=hidden]), button)") ?? row?.querySelector("[data-open]"))?.focus();
});
