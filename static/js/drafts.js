// Text that could not be saved is kept. <textarea data-draft="key"> keeps what is typed in this browser until
// its form has been saved; a failed request shows a note next to it. The key names the place
// (for example "contribution-<meeting>"); it must not be the same for two people on one machine, so the
// page puts the user's id into <body data-user> if it can.

const PREFIX = "draft:";
const KEEP_DAYS = 14;
const words = () => document.getElementById("words")?.dataset ?? {};
const keyOf = (field) => `${PREFIX}${document.body.dataset.user ?? ""}:${field.dataset.draft}`;

function store(field) {
  try {
    if (field.value.trim()) localStorage.setItem(keyOf(field), JSON.stringify({ text: field.value, at: Date.now() }));
    else localStorage.removeItem(keyOf(field));
  } catch { /* storage is full or forbidden: the text stays in its field */ }
}
function stored(field) {
  try { return JSON.parse(localStorage.getItem(keyOf(field)) ?? "null"); } catch { return null; }
}
function forget(field) {
  try { localStorage.removeItem(keyOf(field)); } catch { /* nothing was kept */ }
  note(field, "");
}
function note(field, text) {
  let place = field.parentElement.querySelector(":scope > .draft-note");
  if (!place && text) {
    place = document.createElement("span");
    place.className = "draft-note";
    place.setAttribute("role", "status");
    field.after(place);
  }
  if (place) { place.textContent = text ?? ""; place.hidden = !text; }
}

function restore(root) {
  const fields = root.matches?.("[data-draft]") ? [root] : root.querySelectorAll?.("[data-draft]") ?? [];
  for (const field of fields) {
    const kept = stored(field);
    if (kept?.text && !field.value.trim()) {
      field.value = kept.text;
      note(field, words().restored);
    }
  }
}
function sweep() {
  const oldest = Date.now() - KEEP_DAYS * 86400000;
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith(PREFIX)) continue;
    try { if (JSON.parse(localStorage.getItem(key)).at < oldest) localStorage.removeItem(key); }
    catch { localStorage.removeItem(key); }
  }
}

const draftsOf = (element) => element?.closest?.("form")?.querySelectorAll("[data-draft]") ?? [];

document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-draft]")) { store(event.target); note(event.target, ""); }
});
// htmx reports the outcome; only a response of 2xx or 3xx means that the text is safe on the server.
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.requestConfig?.verb === "get") return;
  for (const field of draftsOf(event.detail.elt)) {
    if (event.detail.successful) { forget(field); }
    else { store(field); note(field, words().kept); }
  }
});
// A form without htmx leaves the page. The page that follows a success carries data-draft-saved="key";
// without it the draft is offered again, to be safe.
function forgetSaved() {
  for (const mark of document.querySelectorAll("[data-draft-saved]")) {
    try { localStorage.removeItem(`${PREFIX}${document.body.dataset.user ?? ""}:${mark.dataset.draftSaved}`); }
    catch { /* nothing was kept */ }
  }
}
document.addEventListener("htmx:load", (event) => restore(event.detail.elt));
document.addEventListener("click", (event) => {
  // Signing out on a shared machine deletes all drafts.
  if (event.target.closest('form[action*="logout"] button')) {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  }
});
try { sweep(); } catch { /* no storage available */ }
forgetSaved();
restore(document);
