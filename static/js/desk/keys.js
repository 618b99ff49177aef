// The desk by keyboard: j and k go to the next line and the one before; 1 to 8, o and u press what carries the key.
const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  const pressed = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key);
  if (!pressed) return;
  event.preventDefault();
  // A decision needs its reason: the key goes to the field while it is empty.
  const reason = pressed.form?.elements.note;
  const isSupportedByPlan = pressed.value === "supported" && pressed.form?.elements.plan?.value;
  if (reason && !reason.value.trim() && !isSupportedByPlan) reason.focus();
  else pressed.click();
});
