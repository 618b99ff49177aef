// On every page: "/" for search, menus and dialogs, messages, and forms that are sent once.

const words = () => document.getElementById("words")?.dataset ?? {};
const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

// Keyboard: "/" focuses the page's search field, Escape closes an open menu.
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !typing(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    // The page's own field first, then the bar's; if that is a link, open the search page.
    const fields = ["main [data-search], main input[type=search]", ".bar [data-search]", ".bar-search-link"];
    const field = fields.map((name) => document.querySelector(name)).find((found) => found?.offsetParent);
    if (field) { event.preventDefault(); if (field.matches("a")) field.click(); else { field.focus(); field.select?.(); } }
  }
  if (event.key === "Escape") {
    const menu = document.querySelector("details[data-menu][open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  }
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog instanceof HTMLDialogElement && !dialog.open) { event.preventDefault(); dialog.showModal(); }
  }
  const closer = event.target.closest("[data-close-dialog]");
  if (closer) { event.preventDefault(); closer.closest("dialog")?.close(); }
  if (event.target instanceof HTMLDialogElement && event.target.open) event.target.close();
  event.target.closest("[data-dismiss]")?.closest("[data-message]")?.remove();
  if (event.target.closest("[data-print]")) window.print();
  if (event.target.closest("[data-full-screen]")) document.documentElement.requestFullscreen?.();
});

// Where a value comes from is said over the page; without scripts, and in a new tab, its link opens a page.
document.addEventListener("click", async (event) => {
  const link = event.target.closest?.('a[href*="/values/?of="]');
  const isPlain = !event.button && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!link || !isPlain || !window.htmx || event.defaultPrevented) return;
  event.preventDefault();
  let dialog = document.getElementById("value-dialog");
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.id = "value-dialog";
    dialog.setAttribute("aria-labelledby", "value-title");
    document.body.append(dialog);
  }
  dialog.replaceChildren();
  await window.htmx.ajax("GET", link.getAttribute("href"), { source: dialog, target: dialog, swap: "innerHTML" });
  if (dialog.firstElementChild && !dialog.open) dialog.showModal();
});

const PROBLEM = ".message-error, .message-warning";
// Messages can be closed, and leave by themselves: errors and warnings later, and when something has worked since.
function say(text, level = "info") {
  const template = document.getElementById("message-template");
  const place = document.getElementById("messages");
  if (!template || !place) return null;
  const box = template.content.firstElementChild.cloneNode(true);
  box.classList.add(`message-${level}`);
  box.querySelector("p").textContent = text;
  // Behind an open dialog nobody can read or close it: what is wrong is said in the dialog.
  const dialog = box.matches(PROBLEM) ? [...document.querySelectorAll("dialog:modal")].pop() : null;
  if (dialog) box.setAttribute("role", "alert");
  (dialog ?? place).append(box);
  if (dialog) box.scrollIntoView({ block: "nearest" });
  fade(box);
  return box;
}
document.addEventListener("close", (event) => { // what a dialog said outlives it
  if (event.target.matches("dialog")) document.getElementById("messages")?.append(...event.target.querySelectorAll("[data-message]"));
}, true);
function fade(box) {
  const leave = () => { if (box.matches(":hover, :focus-within")) setTimeout(leave, 2000); else box.remove(); };
  setTimeout(leave, box.matches(PROBLEM) ? 30000 : 8000);
}
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful || event.detail.requestConfig?.verb === "get") return;
  if (event.detail.xhr?.getResponseHeader("HX-Trigger")?.includes("collab:say")) return; // it has only just come
  document.querySelectorAll("[data-message]").forEach((box) => { if (box.matches(PROBLEM)) box.remove(); });
});
document.addEventListener("collab:say", (event) => say(event.detail.text, event.detail.level));
for (const box of document.querySelectorAll("#messages [data-message]")) {
  box.querySelector("[data-dismiss]").hidden = false;
  fade(box);
}

// A form is sent once: its buttons are disabled while it is being sent. Without scripts the server's form keys ensure that.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog" || form.target === "_blank") return;
  if (form.hasAttribute("data-download")) return;
  if (form.dataset.busy) { event.preventDefault(); return; }
  form.dataset.busy = "yes";
  // After this turn of the event loop, so that the button's own name and value are still sent.
  setTimeout(() => rest(form, true));
});
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = formOf(event.detail.elt);
  if (form && event.detail.requestConfig.verb !== "get") rest(form, true);
});
function rest(form, busy) {
  if (busy) form.dataset.busy = "yes"; else delete form.dataset.busy;
  for (const button of form.querySelectorAll("button:not([type=button]), input[type=submit]")) {
    button.disabled = busy;
    if (busy) button.setAttribute("aria-busy", "true"); else button.removeAttribute("aria-busy");
  }
}
const formOf = (element) => element.closest?.("form") ?? element.querySelector?.("form[data-busy]");
document.addEventListener("htmx:afterRequest", (event) => {
  const form = formOf(event.detail.elt);
  if (form) rest(form, false);
  // A form that stays on the page after it was sent gets a new key: the next submission is a new one.
  const key = event.detail.successful && form?.querySelector("[name=form_key]");
  if (key) renew(key);
});
const renew = (key) => { key.value = crypto.randomUUID(); };
// After Back a page is as it was left: its buttons are enabled, and what is sent from it now is a new submission.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.querySelectorAll("form[data-busy]").forEach((form) => rest(form, false));
  document.querySelectorAll("[name=form_key]").forEach(renew);
});

// A failed request shows one message; drafts.js keeps what was typed. A refused form (422) says itself what is wrong.
document.addEventListener("htmx:sendError", (event) => {
  isConnected();
  if (event.detail.elt?.matches?.("form[hx-post]:not([data-no-draft])")) return; // drafts.js says at the form that it is sent later
  const isTyped = event.detail.elt?.closest?.("form")?.querySelector("textarea, select, input:not([type=hidden])");
  offline = say(isTyped ? words().offline : words().notSent, "warning");
});
// That there is no connection is said once, and until it is back.
let offline = null;
function isConnected() { offline?.remove(); offline = null; }
window.addEventListener("online", isConnected);
document.addEventListener("collab:connected", isConnected); // by a live page's stream
document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) isConnected(); });
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr?.status === 422) return;
  const said = event.detail.xhr?.getResponseHeader("HX-Trigger")?.includes("collab:say");
  if (!said) say(words().failed, "error");
});

// The checkbox in a table's head selects all rows of the page.
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-pick-all]")) return;
  for (const box of event.target.closest("table").querySelectorAll("[data-pick]")) box.checked = event.target.checked;
});

// Filters apply as soon as they are changed; their button is for browsers without scripts.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-autosubmit]");
  if (form) form.requestSubmit();
});

// A result is of what was sent: it goes as soon as anything in the form that it is of is changed.
document.addEventListener("input", (event) => {
  const result = document.getElementById(event.target.closest("form[data-outdates]")?.dataset.outdates);
  if (result) result.hidden = true;
});
