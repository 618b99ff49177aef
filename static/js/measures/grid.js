// A grid of numbers: arrows and Enter move between rows, and a block pasted into a cell fills the cells from there on.

const grid = document.querySelector("[data-number-grid]");
const rows = () => [...grid.tBodies[0].rows].map((row) => [...row.querySelectorAll("input")]);
const STEPS = { ArrowDown: 1, Enter: 1, ArrowUp: -1 };

function placeOf(input) {
  const all = rows();
  const y = all.findIndex((cells) => cells.includes(input));
  return { all, y, x: all[y].indexOf(input) };
}

grid?.addEventListener("keydown", (event) => {
  const step = STEPS[event.key];
  if (!step || event.isComposing) return;
  event.preventDefault(); // Enter would save
  const { all, x, y } = placeOf(event.target);
  const next = all[y + step]?.[x];
  next?.focus();
  next?.select();
});

grid?.addEventListener("paste", (event) => {
  const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
  if (!/[\t\n]/.test(text)) return;
  event.preventDefault();
  const { all, x, y } = placeOf(event.target);
  for (const [down, line] of text.split(/\r?\n/).entries()) {
    for (const [right, cell] of line.split("\t").entries()) {
      const input = all[y + down]?.[x + right];
      if (input) input.value = cell.trim();
    }
  }
});
