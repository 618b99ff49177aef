// A grid of answers that is used like a spreadsheet and saves as one types. What it knows is in sheet.js, without a DOM.
// What is not saved yet is kept in this browser like every draft (drafts.js), and sent again until the server has it.

const { Sheet } = await import(document.querySelector("script[data-rules=sheet]").src);
const { Block } = await import(document.querySelector("script[data-rules=block]").src);

const SOON = 350; // ms after the last change
const LATEST = 1500; // ms after the first
const ASK = 5000; // ms between two questions what others did
const LONGEST_WAIT = 30000;

const table = document.querySelector("[data-sheet]");
const bar = document.getElementById("sheet-bar");
const words = bar.dataset;
const state = document.getElementById("sheet-state");
const problems = document.getElementById("sheet-problems");
const user = document.body.dataset.user;
const items = JSON.parse(document.getElementById("sheet-items").textContent);
const rows = [...table.tBodies[0].rows];
const students = rows.map((row) => row.dataset.student);
const grid = rows.map((row) => [...row.cells].slice(1, -1));
const rowOf = new Map(students.map((student, y) => [student, y]));
const columnOf = new Map(items.map((item, x) => [item.number, x]));
const fill = (text, values) => Object.entries(values).reduce((all, [name, value]) => all.replace(`[${name}]`, value), text ?? "");

for (const [y, cells] of grid.entries()) for (const [x, cell] of cells.entries()) { cell.dataset.x = x; cell.dataset.y = y; }
const sheet = new Sheet({
  students,
  items,
  cells: grid.flatMap((cells, y) => cells.map((cell, x) => [students[y], items[x].number, cell.textContent, cell.dataset.version])).filter((one) => one[3]),
});

const keyAt = (x, y) => `${students[y]}|${items[x].number}`;
const cellOf = (key) => {
  const at = key.lastIndexOf("|");
  return grid[rowOf.get(key.slice(0, at))]?.[columnOf.get(Number(key.slice(at + 1)))];
};
const placeOf = (cell) => [Number(cell.dataset.x), Number(cell.dataset.y)];
const nameOf = (y) => rows[y].cells[0].textContent.trim();
const placeWords = (cell) => { const [x, y] = placeOf(cell); return fill(words.place, { student: nameOf(y), item: items[x].number }); };

// ---- What is shown

function show(keys) {
  const changed = new Set();
  for (const key of keys) {
    const cell = cellOf(key);
    if (!cell) continue;
    const { text, problem, theirs } = sheet.cell(key);
    if (editing?.cell !== cell) cell.textContent = text;
    const isWrong = Boolean(problem || theirs);
    cell.classList.toggle("wrong", isWrong);
    cell.classList.toggle("absent", text === "x");
    if (isWrong) cell.setAttribute("aria-invalid", "true"); else cell.removeAttribute("aria-invalid");
    changed.add(placeOf(cell)[1]);
  }
  for (const y of changed) {
    const total = sheet.total(students[y]);
    rows[y].cells[rows[y].cells.length - 1].textContent = total === null ? "" : total.toLocaleString(document.documentElement.lang);
  }
  document.getElementById("grid-title").textContent = fill(words.entered, { entered: sheet.entered(), all: students.length });
  document.getElementById("sheet-undo").disabled = !sheet.done.length;
  document.getElementById("sheet-redo").disabled = !sheet.undone.length;
  listProblems();
  drawKeypad();
}

function listProblems() {
  const wrong = sheet.wrong();
  problems.hidden = !wrong.length;
  problems.replaceChildren(...wrong.slice(0, 50).map((key) => {
    const line = document.getElementById("sheet-problem").content.firstElementChild.cloneNode(true);
    const { text, problem, theirs } = sheet.cell(key);
    const [x, y] = placeOf(cellOf(key));
    const both = { student: nameOf(y), item: items[x].number, mine: text || words.nothing, theirs: theirs?.text || words.nothing, by: theirs?.by || words.somebody, at: theirs?.at };
    const go = line.querySelector("[data-go]");
    go.textContent = theirs ? fill(words.both, both) : problem;
    go.addEventListener("click", () => focusCell(cellOf(key)));
    line.querySelector("[data-both]").hidden = !theirs;
    for (const [name, mine] of [["mine", true], ["theirs", false]]) {
      line.querySelector(`[data-${name}]`).addEventListener("click", () => { sheet.settle(key, mine); show([key]); soon(); cellOf(key).focus(); });
    }
    return line;
  }));
}

function say(text, { isBad = false } = {}) {
  if (state.textContent !== text) state.textContent = text;
  state.toggleAttribute("data-bad", isBad);
}

// ---- Changes

function put(changes) {
  const keys = sheet.put(changes);
  if (keys.length) changedNow(keys);
  return keys;
}
function changedNow(keys) {
  show(keys);
  soon();
}
const undo = () => travel(sheet.undo(), words.undone);
const redo = () => travel(sheet.redo(), words.redone);
function travel(keys, text) {
  if (!keys.length) return;
  changedNow(keys);
  focusCell(cellOf(keys[0]));
  say(text);
}

// ---- One cell has the focus, and a range may be chosen

let anchor = null;
let current = null;
let comesBackTo = null; // the column where typing with Tab began
let editing = null;
let leaving = false;

function focusCell(cell, { extend = false, quietly = false } = {}) {
  if (!cell) return;
  current?.setAttribute("tabindex", "-1");
  current = cell;
  cell.tabIndex = 0;
  if (!extend || !anchor) anchor = cell;
  choose();
  if (!quietly) cell.focus();
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  keyed = { x: placeOf(cell)[0], y: placeOf(cell)[1] };
  drawKeypad();
}
function range() {
  const [[ax, ay], [bx, by]] = [placeOf(anchor), placeOf(current)];
  const out = [];
  for (let y = Math.min(ay, by); y <= Math.max(ay, by); y += 1) out.push(grid[y].slice(Math.min(ax, bx), Math.max(ax, bx) + 1));
  return out;
}
function choose() {
  for (const cell of table.querySelectorAll(".chosen")) { cell.classList.remove("chosen"); cell.removeAttribute("aria-selected"); }
  if (anchor !== current) for (const cell of range().flat()) { cell.classList.add("chosen"); cell.setAttribute("aria-selected", "true"); }
}
function move(right, down, { extend = false, wrap = false } = {}) {
  let [x, y] = placeOf(current);
  x += right;
  y += down;
  if (wrap && x >= items.length) { x = 0; y += 1; }
  if (wrap && x < 0) { x = items.length - 1; y -= 1; }
  const target = grid[y]?.[x];
  if (target) focusCell(target, { extend });
  return Boolean(target);
}
// As far as the cells are filled like this one, as in a spreadsheet.
function jump(right, down, extend) {
  let [x, y] = placeOf(current);
  const isFilled = (a, b) => grid[b]?.[a] && sheet.text(keyAt(a, b)) !== "";
  const wanted = isFilled(x + right, y + down);
  do { x += right; y += down; } while (grid[y + down]?.[x + right] && isFilled(x + right, y + down) === wanted && (wanted || !isFilled(x, y)));
  focusCell(grid[y]?.[x] ?? current, { extend });
}

// ---- Editing: one field that moves from cell to cell

const field = document.createElement("input");
field.type = "text";
field.maxLength = 20;
field.autocomplete = "off";
field.spellcheck = false;

function edit(cell, start) {
  const [x, y] = placeOf(cell);
  editing = { cell, before: sheet.text(keyAt(x, y)), isQuick: start !== undefined };
  field.value = start ?? editing.before;
  field.setAttribute("aria-label", placeWords(cell));
  cell.textContent = "";
  cell.append(field);
  field.focus();
  if (start === undefined) field.select();
}
function stopEditing(keep) {
  if (!editing) return;
  const { cell } = editing;
  editing = null;
  const text = field.value;
  field.remove();
  const [x, y] = placeOf(cell);
  if (!keep || !put([[keyAt(x, y), text]]).length) show([keyAt(x, y)]);
}
field.addEventListener("blur", () => { if (editing) stopEditing(true); });
field.addEventListener("input", () => { if (editing?.isQuick) advance(); });

const advanceButton = document.getElementById("sheet-advance");
const ADVANCE = `grid-advance-${user}`;
const advances = () => advanceButton.getAttribute("aria-pressed") === "true";
try { advanceButton.setAttribute("aria-pressed", String(localStorage.getItem(ADVANCE) === "yes")); } catch { /* it stays off */ }
advanceButton.addEventListener("click", () => {
  advanceButton.setAttribute("aria-pressed", String(!advances()));
  try { localStorage.setItem(ADVANCE, advances() ? "yes" : "no"); } catch { /* for this page */ }
});
const isWhole = (item, text) => item.kind === "choice" && item.key.length < 2 && text.length === 1 && (item.letters.includes(text.toUpperCase()) || text === "-");
function advance() {
  const item = items[placeOf(editing.cell)[0]];
  if (!advances() || !isWhole(item, field.value)) return;
  stopEditing(true);
  if (!move(1, 0, { wrap: true })) current.focus();
}

// ---- Keys

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function leaveBy(event) {
  if (event.key === "Enter") {
    const [, y] = placeOf(current);
    const column = comesBackTo;
    comesBackTo = null;
    const target = grid[y + (event.shiftKey ? -1 : 1)]?.[column ?? placeOf(current)[0]];
    focusCell(target ?? current);
    return true;
  }
  if (event.key === "Tab") {
    comesBackTo ??= placeOf(current)[0];
    return move(event.shiftKey ? -1 : 1, 0, { wrap: true });
  }
  return false;
}

table.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (editing) { editKey(event); return; }
  const cell = event.target.closest("tbody td");
  if (!cell || cell !== current) return;
  if (event.ctrlKey || event.metaKey) { commandKey(event); return; }
  if (event.altKey) return;
  if (event.key === "Escape") { leaving = true; anchor = current; choose(); return; }
  if (event.key === "Tab" && leaving) { leaving = false; return; }
  leaving = false;
  const arrow = ARROWS[event.key];
  if (arrow) {
    event.preventDefault();
    comesBackTo = null;
    move(...arrow, { extend: event.shiftKey });
  } else if (event.key === "Enter" || event.key === "Tab") {
    if (leaveBy(event)) event.preventDefault();
  } else if (event.key === "Home" || event.key === "End") {
    event.preventDefault();
    focusCell(grid[placeOf(current)[1]].at(event.key === "Home" ? 0 : -1), { extend: event.shiftKey });
  } else if (event.key === "PageDown" || event.key === "PageUp") {
    event.preventDefault();
    const [x, y] = placeOf(current);
    focusCell(grid[Math.max(0, Math.min(grid.length - 1, y + (event.key === "PageDown" ? 10 : -10)))][x], { extend: event.shiftKey });
  } else if (event.key === "F2") {
    event.preventDefault();
    edit(cell);
  } else if (event.key === "Delete" || event.key === "Backspace") {
    event.preventDefault();
    put(range().flat().map((one) => [keyAt(...placeOf(one)), ""]));
  } else if ([...event.key].length === 1 && event.key !== " ") {
    event.preventDefault();
    anchor = current;
    choose();
    edit(cell, event.key);
    advance();
  }
});

function editKey(event) {
  event.stopPropagation();
  const { cell, isQuick } = editing;
  if (event.key === "Escape") {
    event.preventDefault();
    stopEditing(false);
    cell.focus();
  } else if (event.key === "Enter" || event.key === "Tab") {
    stopEditing(true);
    if (leaveBy(event)) event.preventDefault();
    else cell.focus();
  } else if (isQuick && ARROWS[event.key]) {
    event.preventDefault();
    stopEditing(true);
    if (!move(...ARROWS[event.key])) cell.focus();
  }
}

function commandKey(event) {
  const key = event.key.toLowerCase();
  const run = (work) => { event.preventDefault(); work(); };
  if (ARROWS[event.key]) run(() => jump(...ARROWS[event.key], event.shiftKey));
  else if (key === "z") run(event.shiftKey ? redo : undo);
  else if (key === "y") run(redo);
  else if (key === "a") run(() => { anchor = grid[0][0]; focusCell(grid.at(-1).at(-1), { extend: true }); });
  else if (key === "d") run(() => repeat((cells, x) => cells[0][x], 0, -1));
  else if (key === "r") run(() => repeat((cells, x, y) => cells[y][0], -1, 0));
  else if (event.key === "Home") run(() => focusCell(grid[0][0], { extend: event.shiftKey }));
  else if (event.key === "End") run(() => focusCell(grid.at(-1).at(-1), { extend: event.shiftKey }));
}
// Fill a range from its first row or column; a single cell from the one above it, or left of it.
function repeat(source, left, up) {
  const chosen = range();
  const [x, y] = placeOf(current);
  if (chosen.flat().length === 1) {
    const from = grid[y + up]?.[x + left];
    if (from) put([[keyAt(x, y), sheet.text(keyAt(...placeOf(from)))]]);
    return;
  }
  put(chosen.flatMap((cells, b) => cells.map((cell, a) => [keyAt(...placeOf(cell)), sheet.text(keyAt(...placeOf(source(chosen, a, b))))])));
}

// ---- Mouse

let dragging = false;
table.tBodies[0].addEventListener("mousedown", (event) => {
  const cell = event.target.closest("td:not(.sheet-total)");
  if (!cell || event.target === field || event.button) return;
  event.preventDefault();
  stopEditing(true);
  comesBackTo = null;
  dragging = true;
  focusCell(cell, { extend: event.shiftKey });
});
table.tBodies[0].addEventListener("mouseover", (event) => {
  const cell = dragging && event.target.closest("td:not(.sheet-total)");
  if (cell) focusCell(cell, { extend: true });
});
addEventListener("mouseup", () => { dragging = false; });
table.tBodies[0].addEventListener("dblclick", (event) => {
  const cell = event.target.closest("td:not(.sheet-total)");
  if (cell && event.target !== field) edit(cell);
});
table.addEventListener("focusin", (event) => {
  const cell = event.target.closest("tbody td");
  if (cell && cell !== current && event.target !== field) focusCell(cell, { quietly: true });
});

// ---- The clipboard

const isOnGrid = () => current && document.activeElement === current;
function copy(event) {
  if (!isOnGrid()) return false;
  event.preventDefault();
  event.clipboardData.setData("text/plain", range().map((cells) => cells.map((cell) => sheet.text(keyAt(...placeOf(cell)))).join("\t")).join("\n"));
  return true;
}
document.addEventListener("copy", copy);
document.addEventListener("cut", (event) => { if (copy(event)) put(range().flat().map((cell) => [keyAt(...placeOf(cell)), ""])); });
document.addEventListener("paste", (event) => {
  if (!isOnGrid()) return;
  event.preventDefault();
  const text = event.clipboardData.getData("text/plain");
  const block = new Block(text, event.clipboardData.getData("text/html"));
  if (block.hasNames(Math.max(...items.map((item) => item.points)))) { checkRows(block); return; }
  const chosen = range();
  const [left, top] = placeOf(chosen[0][0]);
  const cells = block.spread(chosen.length, chosen[0].length);
  const changes = [];
  for (const [dy, line] of cells.entries()) {
    for (const [dx, one] of line.entries()) if (grid[top + dy]?.[left + dx]) changes.push([keyAt(left + dx, top + dy), one]);
  }
  put(changes);
  anchor = chosen[0][0];
  focusCell(grid[Math.min(grid.length, top + cells.length) - 1][Math.min(items.length, left + cells[0].length) - 1], { extend: true });
});
// Rows with names are matched by the server, and seen before they are saved.
function checkRows(block) {
  const form = document.getElementById("paste-form");
  form.elements.text.value = block.all().map((row) => row.join("\t")).join("\n");
  form.requestSubmit();
}
document.getElementById("sheet-undo").addEventListener("click", undo);
document.getElementById("sheet-redo").addEventListener("click", redo);

// ---- Kept in this browser until it is saved: each tab has its own, and a new page takes over what any of them left

const KEPT = `draft:${user}:grid-${table.dataset.place}|`;
const mine = KEPT + crypto.randomUUID();
let adopted = [];
function keep() {
  const cells = sheet.kept();
  try {
    if (Object.keys(cells).length) localStorage.setItem(mine, JSON.stringify({ at: Date.now(), cells }));
    else for (const key of [mine, ...adopted.splice(0)]) localStorage.removeItem(key);
  } catch { /* storage is full or forbidden: the cells stay on the page */ }
}
function restore() {
  try {
    adopted = Object.keys(localStorage).filter((key) => key.startsWith(KEPT));
    const keys = adopted.flatMap((key) => sheet.restore(JSON.parse(localStorage.getItem(key))?.cells ?? {}));
    if (keys.length) { changedNow(keys); say(words.restored); }
  } catch { /* nothing was kept */ }
}

// ---- Sending

let timer = null;
let since = null;
let failures = 0;
let closed = false;
let token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"];

function soon(wait = SOON) {
  keep();
  if (closed || !sheet.waiting()) return;
  since ??= Date.now();
  if (!failures) say(words.saving);
  clearTimeout(timer);
  timer = setTimeout(send, Math.max(0, Math.min(wait, failures ? wait : since + LATEST - Date.now())));
}

class Refused extends Error {}
const bodyOf = (cells) => new URLSearchParams({ cells: JSON.stringify(cells) });

async function send() {
  const cells = sheet.batch();
  if (!cells.length) return;
  since = null;
  try {
    const answer = await fetch(table.dataset.save, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": token },
      body: bodyOf(cells),
    });
    if (answer.redirected || !answer.ok || !answer.headers.get("Content-Type")?.includes("json")) throw new Refused(answer.redirected ? "login" : String(answer.status));
    const { cells: saved, at } = await answer.json();
    failures = 0;
    show(sheet.answered(saved));
    keep();
    if (sheet.waiting()) soon();
    else say(fill(words.saved, { time: at }));
  } catch (error) {
    sheet.lost();
    failures += 1;
    keep();
    const code = error instanceof Refused ? error.message : "";
    if (["400", "404", "413"].includes(code)) { closed = true; say(words.closed, { isBad: true }); return; }
    say(["login", "403"].includes(code) ? words.signedOut : words.offline, { isBad: true });
    if (code) await ask({ again: true }); // a new session has a new token
    soon(Math.min(LONGEST_WAIT, 1000 * 2 ** failures));
  }
}
const sendNow = () => { clearTimeout(timer); if (sheet.waiting() && !closed) send(); };
addEventListener("online", sendNow);
document.addEventListener("visibilitychange", () => { if (!document.hidden && failures) sendNow(); }); // as after signing in again elsewhere
// A page that is left sends what it can; the rest is kept.
addEventListener("pagehide", () => {
  stopEditing(true);
  const cells = sheet.batch();
  if (!cells.length) return;
  keep();
  const body = bodyOf(cells);
  if (String(body).length < 60000 && !closed) fetch(table.dataset.save, { method: "POST", keepalive: true, headers: { "X-CSRFToken": token }, body }).catch(() => {});
  sheet.lost();
});

// ---- What others did

let revision = table.dataset.revision;
async function ask({ again = false } = {}) {
  const turn = sheet.turn;
  try {
    const answer = await fetch(`${table.dataset.state}&since=${again ? "" : encodeURIComponent(revision)}`, { headers: { Accept: "application/json" } });
    if (answer.redirected || answer.status !== 200) return;
    const now = await answer.json();
    if (String(now.user) !== user) { closed = true; say(words.closed, { isBad: true }); return; }
    token = now.token;
    if (String(now.items) !== table.dataset.items) say(words.changed, { isBad: true });
    if (turn !== sheet.turn) return;
    revision = now.revision;
    const changed = sheet.merge(now.cells, turn, editing ? keyAt(...placeOf(editing.cell)) : "");
    if (changed.length) show(changed);
  } catch { /* it asks again */ }
}
setInterval(() => { if (!document.hidden && !closed && !failures) ask(); }, ASK);

// ---- Phones: one student at a time, with large keys

let keyed = { x: 0, y: 0 };
const keypad = document.getElementById("keypad");
const keys = document.getElementById("keypad-keys");

function button(text, type) {
  const one = document.createElement("button");
  one.type = "button";
  one.className = "button button-line key";
  one.textContent = text;
  one.dataset.type = type;
  return one;
}
function drawKeypad() {
  if (!keypad || keypad.hidden || !keypad.offsetParent) return;
  const { x, y } = keyed;
  document.getElementById("keypad-student").textContent = nameOf(y);
  document.getElementById("keypad-place").textContent = fill(words.person, { place: y + 1, all: students.length });
  document.getElementById("keypad-items").replaceChildren(...items.map((item, at) => {
    const one = document.createElement("button");
    const small = document.createElement("small");
    const key = keyAt(at, y);
    one.type = "button";
    small.textContent = item.number;
    one.append(small, sheet.text(key) || "·");
    one.classList.toggle("wrong", Boolean(sheet.cell(key).problem));
    if (at === x) one.setAttribute("aria-current", "true");
    one.addEventListener("click", () => { keyed.x = at; drawKeypad(); });
    return one;
  }));
  const item = items[x];
  document.getElementById("keypad-now").textContent = fill(words.place, { student: nameOf(y), item: item.number });
  if (keys.dataset.item === String(item.number)) return;
  keys.dataset.item = item.number;
  if (item.kind === "choice") { keys.replaceChildren(...[...item.letters].map((letter) => button(letter, letter))); return; }
  const whole = item.points <= 5 ? Array.from({ length: Math.floor(item.points) + 1 }, (_, n) => button(String(n), String(n))) : [];
  const own = document.createElement("input");
  own.inputMode = "decimal";
  own.setAttribute("aria-label", fill(words.place, { student: "", item: item.number }).replace(/^, /, ""));
  own.addEventListener("change", () => { if (own.value) type(own.value); own.value = ""; });
  keys.replaceChildren(...whole, own);
}
function type(text) {
  put([[keyAt(keyed.x, keyed.y), text]]);
  if (text === "x") step(1);
  else if (text && keyed.x < items.length - 1) keyed.x += 1;
  else if (text) step(1);
  drawKeypad();
}
function step(by) {
  const y = keyed.y + by;
  if (y >= 0 && y < students.length) keyed = { x: 0, y };
  drawKeypad();
}
keypad.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-type], [data-step]");
  if (pressed?.dataset.step) step(Number(pressed.dataset.step));
  else if (pressed) type(pressed.dataset.type);
});
matchMedia("(max-width: 820px)").addEventListener("change", drawKeypad);

// ---- Begin

for (const one of document.querySelectorAll("[data-needs-script]")) one.hidden = false;
keypad.hidden = false;
document.body.classList.add("has-keypad");
focusCell(grid[0][0], { quietly: true });
restore();
show([]);
