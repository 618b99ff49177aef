// Students whom one draws around in the chart are ticked in the table; those on other pages of it are sent with the form.
const form = () => document.querySelector("[data-picked]");
const boxes = () => [...document.querySelectorAll('[data-pick][name="student"]')];
const idOf = (page) => /\/students\/([0-9a-f-]{36})\//.exec(page ?? "")?.[1];

function count() {
  const status = form()?.querySelector("[data-picked-status]");
  if (!status) return;
  const many = boxes().filter((box) => box.checked).length + form().querySelectorAll("[data-picked-extra]").length;
  status.hidden = !many;
  status.querySelector("[data-picked-count]").textContent = new Intl.NumberFormat(document.documentElement.lang).format(many);
}

document.addEventListener("collab:selected", ({ detail }) => {
  if (!form()) return;
  const ids = new Set(detail.pages.map(idOf).filter(Boolean));
  for (const extra of form().querySelectorAll("[data-picked-extra]")) extra.remove();
  for (const box of boxes()) { box.checked = ids.has(box.value); ids.delete(box.value); }
  for (const id of ids) {
    const extra = Object.assign(document.createElement("input"), { type: "hidden", name: "student", value: id });
    extra.dataset.pickedExtra = "";
    form().append(extra);
  }
  count();
});
document.addEventListener("change", (event) => { if (event.target.matches("[data-pick], [data-pick-all]")) setTimeout(count); });
