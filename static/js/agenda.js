// The agenda: items are dragged, or moved with Alt and the arrows; an entry of the queue is dragged in.
// Without scripts the buttons ↑ ↓ and "Take" do the same.

const list = document.querySelector("[data-agenda]");
const order = document.getElementById("order");
const take = document.getElementById("take");
let dragged = null;

function send() {
  for (const old of order.querySelectorAll("[name=item]")) old.remove();
  for (const item of list.querySelectorAll("[data-item]")) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "item";
    field.value = item.dataset.item;
    order.append(field);
  }
  order.requestSubmit();
}

// Where a thing dropped at this height stands: before the first item whose middle is below it.
function before(y) {
  return [...list.querySelectorAll("[data-item]")].find((item) => {
    const box = item.getBoundingClientRect();
    return item !== dragged && y < box.top + box.height / 2;
  });
}

if (list && order) {
  for (const item of list.querySelectorAll("[data-item]")) item.tabIndex = 0;
  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("[data-item], [data-entry]") ?? null;
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.item ?? dragged.dataset.entry);
    dragged.classList.add("dragged");
  });
  document.addEventListener("dragend", () => { dragged?.classList.remove("dragged"); dragged = null; });
  list.addEventListener("dragover", (event) => {
    if (!dragged) return;
    event.preventDefault();
    if (dragged.dataset.item) list.insertBefore(dragged, before(event.clientY) ?? null);
  });
  list.addEventListener("drop", (event) => {
    if (!dragged) return;
    event.preventDefault();
    if (dragged.dataset.item) { send(); return; }
    take.elements.key.value = dragged.dataset.entry;
    take.requestSubmit();
  });
  list.addEventListener("keydown", (event) => {
    const item = event.target.closest("[data-item]");
    if (!item || event.target !== item || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    const next = event.key === "ArrowUp" ? item.previousElementSibling : item.nextElementSibling;
    if (!event.altKey) { next?.focus(); return; }
    if (!next) return;
    if (event.key === "ArrowUp") next.before(item); else next.after(item);
    sessionStorage.setItem("agenda-focus", item.dataset.item);
    send();
  });
  const kept = sessionStorage.getItem("agenda-focus");
  sessionStorage.removeItem("agenda-focus");
  if (kept) list.querySelector(`[data-item="${CSS.escape(kept)}"]`)?.focus();
}
