// The agenda: an item is dragged by its handle (mouse, pen or finger), or moved with the arrow keys on it. An entry of
// the queue is dragged in; its button "Add" is for the keyboard. Without scripts the buttons ↑ ↓ and "Add" do the same.

const order = document.getElementById("order");
const take = document.getElementById("take");
const said = document.getElementById("moved");
const list = () => document.querySelector("[data-agenda]");
const items = () => [...list().querySelectorAll("[data-item]")];
const EDGE = 70; // pixels from the window's edge within which dragging scrolls
let drag = null;

function say(text, row) {
  const all = items();
  const words = { title: row.dataset.title, n: all.indexOf(row) + 1, all: all.length };
  said.textContent = text.replace(/\[(\w+)\]/g, (_found, name) => words[name]);
}
const token = (form) => ({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
const send = (form, values) => window.htmx.ajax("POST", form.action, { target: "#agenda", swap: "outerHTML", values: { ...token(form), ...values } });
const sendOrder = () => send(order, { item: items().map((item) => item.dataset.item) });
const takeIn = (key, before) => send(take, { key, before });

function showGrips(root) {
  if (order) for (const grip of root.querySelectorAll("[data-grip]")) grip.hidden = false;
}

// The position at this height: before the first item whose middle is below it.
function place(y) {
  const next = items().find((item) => {
    const box = item.getBoundingClientRect();
    return item !== drag.row && y < box.top + box.height / 2;
  });
  const bottom = list().getBoundingClientRect().bottom;
  if (!drag.row.dataset.entry || next || y < bottom + 10) list().insertBefore(drag.row, next ?? null);
}

function scroll() {
  if (!drag) return;
  const by = drag.y < EDGE ? -12 : drag.y > window.innerHeight - EDGE ? 12 : 0;
  if (by) { window.scrollBy(0, by); place(drag.y); }
  requestAnimationFrame(scroll);
}

function putBack() {
  drag.row.classList.remove("dragged");
  drag.home.insertBefore(drag.row, drag.after);
  drag = null;
}

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest?.("[data-grip]");
  if (!grip || event.button > 0 || !list()) return;
  event.preventDefault();
  grip.focus();
  const row = grip.closest("[data-item], [data-entry]");
  drag = { row, grip, y: event.clientY, home: row.parentElement, after: row.nextSibling, moved: false };
  row.classList.add("dragged");
  requestAnimationFrame(scroll);
});
document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  if (!drag.moved && Math.abs(event.clientY - drag.y) < 4) return;
  drag.moved = true;
  drag.y = event.clientY;
  place(event.clientY);
});
document.addEventListener("pointerup", () => {
  if (!drag) return;
  const { row, moved, home, after } = drag;
  const isSame = row.parentElement === home && row.nextSibling === after;
  if (!moved || isSame) { putBack(); return; }
  row.classList.remove("dragged");
  drag = null;
  if (row.dataset.item) { say(said.dataset.moved, row); sendOrder(); return; }
  const next = row.nextElementSibling?.dataset.item ?? "";
  say(said.dataset.took, row);
  takeIn(row.dataset.entry, next);
});
document.addEventListener("pointercancel", () => { if (drag) putBack(); });

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && drag) { putBack(); return; }
  const grip = event.target.closest?.("[data-grip]");
  if (!grip) return;
  const row = grip.closest("[data-item], [data-entry]");
  if (!row.dataset.item || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  event.preventDefault();
  const next = event.key === "ArrowUp" ? row.previousElementSibling : row.nextElementSibling;
  if (!next) return;
  if (event.key === "ArrowUp") next.before(row); else next.after(row);
  grip.focus(); // moving the element lost its focus
  say(said.dataset.moved, row);
  sendOrder();
});

// Others' changes are loaded automatically, but wait until an open menu is closed.
const isBusy = (part) => Boolean(drag) || Boolean(part.querySelector("details[data-menu][open]"));
document.addEventListener("htmx:beforeRequest", (event) => {
  const part = event.detail.elt;
  if (!part.matches("#agenda, #queue") || event.detail.requestConfig.verb !== "get" || !isBusy(part)) return;
  event.preventDefault();
  part.dataset.late = "yes";
});
document.addEventListener("toggle", (event) => {
  const part = event.target.closest?.("[data-late]");
  if (part && !isBusy(part)) { delete part.dataset.late; window.htmx.trigger(part, "refresh"); }
}, true);

// The page reloads when its meeting begins or is published, unless a form of its own is leading there with a message.
let isLeaving = false;
document.addEventListener("submit", (event) => { isLeaving ||= !event.defaultPrevented && !event.target.matches("[hx-post]"); });
window.addEventListener("pageshow", () => { isLeaving = false; });
document.addEventListener("htmx:beforeRequest", (event) => {
  if (isLeaving && event.detail.elt.matches("[hx-trigger='sse:room']")) event.preventDefault();
});

// What is pressed here loads the page again: it stays where it was, and the focus on what was pressed, or on what follows it.
const PLACE = `place:${location.pathname}`;
const pressable = () => [...document.querySelectorAll(".agenda-page button[aria-label]:not([disabled])")];
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || !event.target.closest(".agenda-page")) return;
  const all = pressable(), n = all.indexOf(event.submitter);
  const next = all.slice(n, n + 12).map((button) => button.getAttribute("aria-label"));
  sessionStorage.setItem(PLACE, JSON.stringify({ y: window.scrollY, next: n < 0 ? [] : next, at: Date.now() }));
});
window.addEventListener("load", () => {
  const { y, next, at } = JSON.parse(sessionStorage.getItem(PLACE) ?? "{}");
  sessionStorage.removeItem(PLACE);
  if (!at || Date.now() - at > 20000) return;
  window.scrollTo({ top: y, behavior: "instant" });
  const label = next.find((one) => pressable().some((button) => button.getAttribute("aria-label") === one));
  pressable().find((button) => button.getAttribute("aria-label") === label)?.focus({ preventScroll: true });
});

// If the server refused a change, the list is loaded again.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status !== 422 || event.detail.target.id !== "agenda") return;
  for (const part of document.querySelectorAll("#agenda, #queue")) window.htmx.trigger(part, "refresh");
});
// A loaded list has hidden handles: show them, and restore the focus.
let held = "";
document.addEventListener("htmx:beforeSwap", () => { held = document.activeElement?.matches("[data-grip][id]") ? document.activeElement.id : held; });
document.addEventListener("htmx:afterSettle", () => {
  showGrips(document);
  if (held && [document.body, null].includes(document.activeElement)) document.getElementById(held)?.focus();
  held = "";
});
document.addEventListener("htmx:load", (event) => showGrips(event.detail.elt));
showGrips(document);
