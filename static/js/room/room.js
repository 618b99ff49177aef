// The live meeting: single-key commands, a new key for each submission, preserved focus.

const typing = (target) => target.closest("input, textarea, select, [contenteditable], dialog[open]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const target = document.querySelector(`#room [data-key="${CSS.escape(event.key)}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("input, textarea")) target.focus();
  else target.click();
});

// A saved form gets a new key and an empty field: the next click is a new contribution, not a repetition.
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt;
  if (!(form instanceof HTMLFormElement) || !form.matches("[data-fresh-key]") || !event.detail.successful) return;
  const key = form.querySelector("[name=client_key]");
  if (key) key.value = crypto.randomUUID();
  for (const field of form.querySelectorAll("textarea, input[type=text], input[type=number]")) field.value = "";
  form.closest("dialog")?.close();
  form.querySelector("input[name=text]:not([type=hidden])")?.focus();
});

// Each row appears once: two responses may contain it (to the user's own click, and to the update), and the later one replaces it.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { fragment, target } = event.detail;
  for (const row of fragment.querySelectorAll("li[id]")) {
    const known = document.getElementById(row.id);
    if (known !== target) known?.remove();
  }
});

// The menu of a contribution is outside the list, so that others' contributions do not close it.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id === "said-menu" && !event.detail.target.open) event.detail.target.showModal();
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful && event.detail.elt.matches("#said-menu form")) document.getElementById("said-menu").close();
});
