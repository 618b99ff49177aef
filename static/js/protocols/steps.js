// The steps of a protocol as a list: a step is dragged by its handle, moved with the arrow keys on it or with its buttons,
// removed and put back, and new ones are added. The order is written into the form's fields, which are shown without scripts.

const list = document.querySelector("[data-steps]");
const form = list.closest("form");
const said = document.getElementById("moved");
const rows = () => [...list.children].filter((row) => !row.hidden);
const field = (row, name) => row.querySelector(`[name$="-${name}"]`);
const titleOf = (row) => field(row, "title").value.trim();
const isRemoved = (row) => field(row, "DELETE").checked;
let drag = null;

// The fields say the order, also after what was typed earlier was put back into them.
const placeOf = (row) => Number(field(row, "ORDER").value) || Infinity;
list.append(...[...list.children].sort((one, other) => placeOf(one) - placeOf(other) || 0));
// A new row is out of sight until it is asked for, unless something was typed into it.
for (const row of list.querySelectorAll("[data-new]")) row.hidden = !titleOf(row);
for (const part of document.querySelectorAll("[data-steps] [data-scripted], [data-add-step]")) part.hidden = false;
for (const part of list.querySelectorAll("[data-unscripted]")) part.hidden = true;

function write() {
  let total = 0;
  [...list.children].forEach((row, place) => {
    field(row, "ORDER").value = row.hidden ? "" : place + 1; // nothing is sent of a row that nobody asked for
    const is = !row.hidden && !isRemoved(row);
    total += is ? Number(field(row, "minutes").value) || 0 : 0;
    row.classList.toggle("removed", isRemoved(row));
    row.querySelector("[data-remove]").hidden = isRemoved(row);
    row.querySelector("[data-put-back]").hidden = !isRemoved(row);
  });
  document.querySelector("[data-total]").textContent = total;
  const shown = rows();
  for (const row of shown) {
    row.querySelector("[data-up]").disabled = row === shown[0];
    row.querySelector("[data-down]").disabled = row === shown.at(-1);
  }
}

function moved(row) {
  write();
  const shown = rows();
  const words = { title: titleOf(row), n: shown.indexOf(row) + 1, all: shown.length };
  said.textContent = said.dataset.moved.replace(/\[(\w+)\]/g, (_found, name) => words[name]);
  field(row, "title").dispatchEvent(new Event("input", { bubbles: true })); // what was moved is kept as what was typed is
}

function move(row, by, focus) {
  const shown = rows();
  const other = shown[shown.indexOf(row) + by];
  if (!other) return;
  if (by < 0) other.before(row); else other.after(row);
  moved(row);
  if (focus.disabled) row.querySelector("[data-grip]").focus(); else focus.focus();
}

function add() {
  let row = list.querySelector("[data-new][hidden]");
  if (!row) {
    const total = form.querySelector("[name$=-TOTAL_FORMS]");
    const parts = document.createElement("template");
    parts.innerHTML = document.getElementById("new-step").innerHTML.replaceAll("__prefix__", total.value);
    row = parts.content.firstElementChild;
    total.value = Number(total.value) + 1;
    for (const part of row.querySelectorAll("[data-scripted]")) part.hidden = false;
    for (const part of row.querySelectorAll("[data-unscripted]")) part.hidden = true;
  }
  list.append(row);
  row.hidden = false;
  write();
  field(row, "title").focus();
}

list.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  const row = button?.closest("li");
  if (!row) return;
  if (button.matches("[data-up]")) move(row, -1, button);
  if (button.matches("[data-down]")) move(row, 1, button);
  if (button.matches("[data-remove], [data-put-back]")) {
    field(row, "DELETE").checked = button.matches("[data-remove]");
    write();
    row.querySelector(isRemoved(row) ? "[data-put-back]" : "[data-remove]").focus();
  }
});
document.querySelector("[data-add-step]").addEventListener("click", add);
list.addEventListener("input", write);
list.addEventListener("keydown", (event) => {
  const grip = event.target.closest("[data-grip]");
  if (!grip || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  event.preventDefault();
  move(grip.closest("li"), event.key === "ArrowUp" ? -1 : 1, grip);
});

list.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest("[data-grip]");
  if (!grip || event.button > 0) return;
  event.preventDefault();
  grip.focus();
  drag = { row: grip.closest("li"), after: grip.closest("li").nextSibling };
  drag.row.classList.add("dragged");
});
document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const next = rows().find((row) => {
    const box = row.getBoundingClientRect();
    return row !== drag.row && event.clientY < box.top + box.height / 2;
  });
  list.insertBefore(drag.row, next ?? null);
});
function drop(isKept) {
  if (!drag) return;
  const { row, after } = drag;
  drag = null;
  row.classList.remove("dragged");
  if (!isKept) list.insertBefore(row, after);
  else if (row.nextSibling !== after) moved(row);
}
document.addEventListener("pointerup", () => drop(true));
document.addEventListener("pointercancel", () => drop(false));
document.addEventListener("keydown", (event) => { if (event.key === "Escape") drop(false); });
write();
