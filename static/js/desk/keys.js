// The desk by keyboard: j and k go to the next line and the one before; 1 to 8, o and u press what carries the key.
// A decision needs its reason: while it is empty, the key goes to its field, and Enter there presses what was chosen.
let chosen = null;

const choose = (button) => {
  chosen?.removeAttribute("aria-pressed");
  chosen = button;
  chosen?.setAttribute("aria-pressed", "true");
};

const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  const pressed = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key);
  if (!pressed) return;
  event.preventDefault();
  const reason = pressed.form?.elements.note;
  const isSupportedByPlan = pressed.value === "supported" && pressed.form?.elements.plan?.value;
  if (reason && !reason.value.trim() && !isSupportedByPlan) {
    choose(pressed);
    reason.focus();
  } else pressed.click();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !chosen?.isConnected) return;
  if (event.target !== chosen.form.elements.note || !event.target.value.trim()) return;
  event.preventDefault();
  chosen.click();
});
