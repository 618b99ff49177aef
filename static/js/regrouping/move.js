// Students move between groups: by the choice beside the name, or by dragging the name. Saving is one button for all.
const form = document.getElementById("groups");
const said = form?.querySelector("[data-said]");
const groupOf = (target) => target.closest?.("[data-group]");

// How many are in each group, of its seats as they are typed; too many are marked before they are saved.
function count() {
  for (const group of form.querySelectorAll("[data-group]")) {
    const place = group.querySelector("[data-count]");
    const n = group.querySelectorAll("[data-student]").length;
    const seats = Number(group.querySelector("input[name$='-seats']")?.value);
    place.textContent = seats ? place.dataset.seats.replace("[n]", n).replace("[seats]", seats) : n;
    place.classList.toggle("act", Boolean(seats) && n > seats);
  }
}
form?.addEventListener("input", (event) => { if (event.target.name?.endsWith("-seats")) count(); });

function move(row, group) {
  const choice = row.querySelector("select");
  choice.value = group.dataset.group;
  group.querySelector("[data-list]").append(row);
  count();
  const words = { student: row.querySelector("a").textContent, group: choice.selectedOptions[0].textContent };
  said.textContent = said.dataset.moved.replace(/\[(\w+)\]/g, (_found, name) => words[name]);
}

form?.addEventListener("change", (event) => {
  const row = event.target.closest("[data-student]");
  if (!row) return;
  move(row, form.querySelector(`[data-group="${event.target.value}"]`));
  event.target.focus(); // moving the element lost its focus
});

let dragged = null;
form?.addEventListener("dragstart", (event) => {
  dragged = event.target.closest("[data-student]");
  dragged?.classList.add("dragged");
});
form?.addEventListener("dragover", (event) => {
  if (dragged && groupOf(event.target)) event.preventDefault();
});
form?.addEventListener("drop", (event) => {
  const group = groupOf(event.target);
  if (!dragged || !group) return;
  event.preventDefault();
  move(dragged, group);
  dragged.querySelector("select").dispatchEvent(new Event("input", { bubbles: true })); // so that the draft is kept
});
form?.addEventListener("dragend", () => {
  dragged?.classList.remove("dragged");
  dragged = null;
});
if (form) count();
