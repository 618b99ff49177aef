// Drag a group to another cell: while it is dragged, cells say what it would meet there, as the page behind "Move" does.
const grid = document.querySelector("[data-seats]");
let answers = null; // cells of the page behind "Move", by key
let dragged = 0;

const clear = () => {
  for (const says of grid.querySelectorAll(".seats-says")) says.replaceChildren();
  for (const cell of grid.querySelectorAll(".seats-over")) cell.classList.remove("seats-over");
  answers = null;
};

grid?.addEventListener("dragstart", async (event) => {
  const group = event.target.closest("[data-move]");
  if (!group) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", group.dataset.move);
  const mine = ++dragged;
  const answer = await fetch(group.dataset.move, { headers: { Accept: "text/html" } });
  if (!answer.ok || mine !== dragged) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  answers = new Map();
  for (const cell of page.querySelectorAll("[data-cell]")) {
    const says = cell.querySelector(".seats-says");
    answers.set(cell.dataset.cell, says.querySelector("[data-drop]")?.getAttribute("href") ?? "");
    const here = grid.querySelector(`[data-cell="${cell.dataset.cell}"] .seats-says`);
    here?.replaceChildren(...[...says.children].filter((one) => !one.matches("[data-drop]")));
  }
});

grid?.addEventListener("dragover", (event) => {
  const cell = event.target.closest("[data-cell]");
  if (!cell || !answers?.get(cell.dataset.cell)) return;
  event.preventDefault();
  for (const other of grid.querySelectorAll(".seats-over")) if (other !== cell) other.classList.remove("seats-over");
  cell.classList.add("seats-over");
});

grid?.addEventListener("drop", (event) => {
  const url = answers?.get(event.target.closest("[data-cell]")?.dataset.cell);
  if (!url) return;
  event.preventDefault();
  window.location.assign(url);
});

grid?.addEventListener("dragend", () => {
  dragged += 1;
  clear();
});
