// The focus stays on what was pressed, or on what took its place, when a part of the page is replaced.
// Every swap of htmx is seen here; a page that replaces parts itself dispatches "collab:swaps" before and "collab:swapped" afterwards.

const FOCUSABLE = "a[href], button:not([disabled]), input:not([type=hidden], [disabled]), select:not([disabled]), textarea:not([disabled]), summary";
const addressOf = (one) => one.getAttribute("formaction") ?? one.getAttribute("hx-post") ?? one.closest("form")?.getAttribute("action");
let held = null;

// Where an element is: what it does, and the way from it up to the page, with its place among the others at each step.
function hold(one) {
  if (!one || one === document.body || one.closest("dialog")) return;
  const way = [];
  for (let child = one; child.parentElement && child.id !== "main"; child = child.parentElement) {
    way.push({ place: child.parentElement, id: child.parentElement.id, index: [...child.parentElement.children].indexOf(child) });
  }
  const kind = [one.localName, ...[...one.classList].map((name) => `.${CSS.escape(name)}`)].join("");
  held = { one, id: one.id, address: addressOf(one), name: one.name, value: one.value, kind, way };
}

const isSeen = (one) => one?.isConnected && one.matches(FOCUSABLE) && one.checkVisibility();
const within = (place, selector) => [...(place?.querySelectorAll(selector) ?? [])].find(isSeen);

function inPlaceOf({ one, id, address, kind, way }) {
  if (isSeen(one)) return one;
  const named = id && document.getElementById(id);
  if (isSeen(named)) return named;
  const same = [...document.querySelectorAll(kind)].find((other) => address && addressOf(other) === address && isSeen(other));
  if (same) return same;
  for (const { place, id: its, index } of way) {
    const now = place.isConnected ? place : its && document.getElementById(its);
    if (!now || now === document.body) continue;
    const row = now.children[Math.min(index, now.children.length - 1)];
    const found = (isSeen(row) && row) || within(row, kind) || within(row, FOCUSABLE) || within(now, kind) || within(now, FOCUSABLE);
    if (found) return found;
  }
  return document.getElementById("main");
}

function restore() {
  if (!held || ![document.body, null].includes(document.activeElement)) return;
  inPlaceOf(held)?.focus({ preventScroll: true });
}

// Before the request: while it is sent, its buttons are disabled and lose the focus.
document.addEventListener("htmx:configRequest", (event) => {
  held = null;
  const pressed = event.detail.triggeringEvent?.submitter ?? document.activeElement;
  if (event.detail.elt.contains(pressed) || pressed?.form === event.detail.elt) hold(pressed);
});
for (const name of ["htmx:beforeSwap", "collab:swaps"]) document.addEventListener(name, () => hold(document.activeElement));
for (const name of ["htmx:afterSettle", "htmx:afterRequest", "collab:swapped"]) document.addEventListener(name, restore);
// Who moves on meanwhile is not called back.
for (const name of ["pointerdown", "keydown"]) document.addEventListener(name, () => { held = null; }, true);
