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

// A saved form gets a new key and an empty field: the next click is a new contribution, not a repetition. What was typed while it
// was being sent stays, and is sent next if Enter was pressed after it.
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt;
  if (!(form instanceof HTMLFormElement) || !form.matches("[data-fresh-key]")) return;
  const again = form.hasAttribute("data-again");
  form.removeAttribute("data-again");
  if (!event.detail.successful) return;
  const key = form.querySelector("[name=client_key]");
  if (key) key.value = crypto.randomUUID();
  const sent = event.detail.requestConfig.formData;
  for (const field of form.querySelectorAll("textarea, input[type=text], input[type=number]")) field.value = typedSince(field.value, sent.get(field.name));
  const more = [...form.querySelectorAll("textarea, input[type=text], input[type=number]")].find((field) => field.value);
  if (more) {
    queueMicrotask(() => { // after drafts.js has deleted what it kept of the form
      more.dispatchEvent(new Event("input", { bubbles: true }));
      if (again) form.requestSubmit();
    });
    return;
  }
  form.closest("dialog")?.close();
  const elsewhere = document.activeElement?.closest("form");
  if (!elsewhere || elsewhere === form) form.querySelector("input[name=text]:not([type=hidden])")?.focus();
});
const typedSince = (value, sent) => value === sent || sent === null ? "" : value.startsWith(sent) ? value.slice(sent.length).trimStart() : value;
document.addEventListener("keydown", (event) => {
  const form = event.target.form;
  if (event.key === "Enter" && event.target.matches("[data-fresh-key] input") && form.dataset.busy) form.setAttribute("data-again", "");
});
document.addEventListener("input", (event) => event.target.form?.removeAttribute("data-again"));

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
