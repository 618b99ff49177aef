// A grid used like a spreadsheet: one cell has the focus, keys change it, every change is saved at once.
// A change that could not be saved stays marked in its cell, and Enter tries again. Without scripts a form does the same.

const grid = document.querySelector("[data-grid]");
const state = document.getElementById("grid-state");
const names = Object.fromEntries(
  [...(document.getElementById("kinds")?.content.children ?? [])].map((one) => [one.dataset.kind, one.textContent]),
);
const KEYS = { t: "teaching", d: "duty", f: "free" };
const undo = [];
let anchor = null;

const rows = () => [...grid.tBodies[0].rows].map((row) => [...row.querySelectorAll("td")]);
function placeOf(cell) {
  const all = rows();
  for (const [y, cells] of all.entries()) { const x = cells.indexOf(cell); if (x >= 0) return { x, y, all }; }
  return null;
}

function focusCell(cell, { extend = false } = {}) {
  grid.querySelector('td[tabindex="0"]')?.setAttribute("tabindex", "-1");
  cell.tabIndex = 0;
  cell.focus();
  if (!extend) anchor = cell;
  choose(anchor ?? cell, cell);
}
// The block between two cells.
function block(from, to) {
  const [a, b] = [placeOf(from), placeOf(to)];
  const out = [];
  for (let y = Math.min(a.y, b.y); y <= Math.max(a.y, b.y); y += 1) {
    out.push(a.all[y].slice(Math.min(a.x, b.x), Math.max(a.x, b.x) + 1));
  }
  return out;
}
function choose(from, to) {
  for (const cell of grid.querySelectorAll(".chosen")) cell.classList.remove("chosen");
  if (from !== to) for (const cell of block(from, to).flat()) cell.classList.add("chosen");
}
const chosen = (cell) => block(anchor ?? cell, cell);

function show(cell, kind, label) {
  cell.dataset.kind = kind;
  cell.dataset.label = label;
  cell.querySelector(".kind").textContent = names[kind] ?? "";
  cell.querySelector(".label").textContent = label;
}

// Changes of a cell are sent one after another, so that the last one made is the last one stored.
const turns = new WeakMap();
let underWay = 0;

function save(cell, kind, label, { remember = true } = {}) {
  const before = { kind: cell.dataset.kind, label: cell.dataset.label };
  if (before.kind === kind && before.label === label && !cell.classList.contains("failed")) return;
  if (remember) undo.push({ cell, ...before });
  show(cell, kind, label);
  cell.classList.add("saving");
  cell.classList.remove("failed");
  state.textContent = state.dataset.saving;
  underWay += 1;
  turns.set(cell, (turns.get(cell) ?? Promise.resolve()).then(() => send(cell, kind, label)));
}

addEventListener("beforeunload", (event) => {
  if (underWay) event.preventDefault();
});

async function send(cell, kind, label) {
  const headers = { Accept: "application/json", ...JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") };
  const body = new URLSearchParams({ staff: cell.dataset.staff, period: cell.dataset.period, kind, label });
  let problem = "";
  try {
    const answer = await fetch(grid.dataset.url, { method: "POST", headers, body });
    const stored = await answer.json();
    if (!answer.ok) throw new Error(stored.problem);
    // a newer change of the same cell may be in progress: only the last result is shown
    if (cell.dataset.kind === kind && cell.dataset.label === label) show(cell, stored.kind, stored.label);
  } catch (error) {
    cell.classList.add("failed");
    problem = error.message && !(error instanceof TypeError) ? error.message : state.dataset.failed;
  }
  underWay -= 1;
  if (problem || !underWay) state.textContent = problem || state.dataset.saved;
  cell.classList.remove("saving");
}

function edit(cell, start) {
  const field = document.createElement("input");
  field.type = "text";
  field.maxLength = 80;
  field.value = start ?? cell.dataset.label;
  field.setAttribute("aria-label", state.dataset.ask);
  cell.append(field);
  field.focus();
  let done = false;
  const leave = (keep) => {
    if (done) return;
    done = true;
    const label = field.value.trim();
    field.remove();
    if (keep) save(cell, cell.dataset.kind || (label ? "teaching" : ""), label);
    focusCell(cell);
  };
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") { event.preventDefault(); leave(true); }
    if (event.key === "Escape") leave(false);
  });
  field.addEventListener("blur", () => leave(true));
}

const asText = (cells) => cells.map((row) => row.map((cell) => [names[cell.dataset.kind] ?? "", cell.dataset.label].filter(Boolean).join(": ")).join("\t")).join("\n");
function parse(text) {
  const [first, ...rest] = text.split(":");
  const kind = Object.keys(names).find((one) => names[one].toLowerCase() === first.trim().toLowerCase() || one === first.trim().toLowerCase());
  if (kind) return { kind, label: rest.join(":").trim() };
  return { kind: text.trim() ? "teaching" : "", label: text.trim() };
}
function paste(cell, text) {
  const { x, y, all } = placeOf(cell);
  for (const [dy, line] of text.replace(/\r?\n$/, "").split(/\r?\n/).entries()) {
    for (const [dx, part] of line.split("\t").entries()) {
      const target = all[y + dy]?.[x + dx];
      if (target) { const { kind, label } = parse(part); save(target, kind, label); }
    }
  }
}

if (grid) {
  const first = grid.querySelector("td[data-staff]");
  if (first) first.tabIndex = 0;
  grid.addEventListener("click", (event) => {
    const cell = event.target.closest("td[data-staff]");
    if (cell && !event.target.closest("input")) focusCell(cell, { extend: event.shiftKey });
  });
  grid.addEventListener("dblclick", (event) => { const cell = event.target.closest("td[data-staff]"); if (cell) edit(cell); });
  grid.addEventListener("copy", (event) => {
    const cell = event.target.closest("td[data-staff]");
    if (!cell) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", asText(chosen(cell)));
  });
  grid.addEventListener("paste", (event) => {
    const cell = event.target.closest("td[data-staff]");
    if (!cell || event.target.matches("input")) return;
    event.preventDefault();
    paste(cell, event.clipboardData.getData("text/plain"));
  });
  grid.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td[data-staff]");
    if (!cell || event.target !== cell) return;
    const { x, y, all } = placeOf(cell);
    const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    if (event.ctrlKey || event.metaKey) {
      if (event.key.toLowerCase() === "z") {
        event.preventDefault();
        const last = undo.pop();
        if (last) { save(last.cell, last.kind, last.label, { remember: false }); focusCell(last.cell); }
      }
      return;
    }
    if (moves[event.key]) {
      event.preventDefault();
      const target = all[y + moves[event.key][0]]?.[x + moves[event.key][1]];
      if (target) focusCell(target, { extend: event.shiftKey });
    } else if (event.key === "Home" || event.key === "End") {
      event.preventDefault();
      focusCell(all[y].at(event.key === "Home" ? 0 : -1));
    } else if (event.key === "Enter" || event.key === "F2") {
      event.preventDefault();
      if (cell.classList.contains("failed")) save(cell, cell.dataset.kind, cell.dataset.label);
      else edit(cell);
    } else if (KEYS[event.key]) {
      event.preventDefault();
      for (const one of chosen(cell).flat()) save(one, KEYS[event.key], one.dataset.label);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      for (const one of chosen(cell).flat()) save(one, "", "");
    } else if (event.key.length === 1 && !event.altKey) {
      event.preventDefault();
      edit(cell, event.key);
    }
  });
}
