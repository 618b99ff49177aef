// The meeting room: one-key commands, a fresh key for each thing sent, focus kept.

const typing = (target) => target.closest("input, textarea, select, [contenteditable], dialog[open]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const target = document.querySelector(`#room [data-key="${CSS.escape(event.key)}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("input, textarea")) target.focus();
  else target.click();
});

// A form that was saved gets a new key and an empty box: the next click is another thing, not the same again.
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt;
  if (!(form instanceof HTMLFormElement) || !form.matches("[data-fresh-key]") || !event.detail.successful) return;
  const key = form.querySelector("[name=client_key]");
  if (key) key.value = crypto.randomUUID();
  for (const field of form.querySelectorAll("[data-draft]")) field.value = "";
  form.closest("dialog")?.close();
  form.querySelector("input[name=text]:not([type=hidden])")?.focus();
});

// Each row stands once: one that two answers bring (to my own click, and to the news of it) is put in place.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { fragment, target } = event.detail;
  for (const row of fragment.querySelectorAll("li[id]")) {
    const known = document.getElementById(row.id);
    if (known !== target) known?.remove();
  }
});

// The menu of a contribution stands apart from the list: what others write meanwhile does not close it.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "said-menu" && !event.detail.target.open) event.detail.target.showModal();
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful && event.detail.elt.matches("#said-menu form")) document.getElementById("said-menu").close();
});

// A new item replaces the room: what is half typed there is put back by drafts.js, an open dialog stays open.
let openDialog = "";
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id === "room") openDialog = document.querySelector("#room dialog[open]")?.id ?? "";
});
document.addEventListener("htmx:afterSettle", () => {
  if (openDialog) document.getElementById(openDialog)?.showModal?.();
  openDialog = "";
});
