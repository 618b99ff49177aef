// Typing into a grid: one field that moves from cell to cell, and the keys of a spreadsheet.

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const LONGEST = 200; // characters: the letters of a whole row
const PAGE = 10; // rows

export class Keys {
  constructor(board, selection, sending) {
    Object.assign(this, { board, selection, sending, sheet: board.sheet });
    this.editing = null; // { cell, isQuick }; quick is typing over, without a cursor
    this.isLeaving = false; // after Escape, Tab leaves the grid
    this.field = this.makeField();
    this.advanceButton = this.watchAdvance();
    board.table.addEventListener("keydown", (event) => this.press(event));
    board.table.tBodies[0].addEventListener("dblclick", (event) => {
      const cell = event.target.closest("td:not(.sheet-total)");
      if (cell && event.target !== this.field) this.edit(cell);
    });
    document.getElementById("sheet-undo").addEventListener("click", () => this.undo());
    document.getElementById("sheet-redo").addEventListener("click", () => this.redo());
  }

  put(changes) {
    const keys = this.sheet.put(changes);
    if (keys.length) this.sending.changed(keys);
    return keys;
  }
  undo() { this.travel(this.sheet.undo(), this.board.words.undone); }
  redo() { this.travel(this.sheet.redo(), this.board.words.redone); }
  travel(keys, text) {
    if (!keys.length) return;
    this.sending.changed(keys);
    this.selection.focus(this.board.cellOf(keys[0]));
    this.board.say(text);
  }
  clear() { this.put(this.selection.range().flat().map((cell) => [this.board.keyOf(cell), ""])); }

  // ---- Editing

  makeField() {
    const field = document.createElement("input");
    field.type = "text";
    field.maxLength = LONGEST;
    field.autocomplete = "off";
    field.spellcheck = false;
    field.addEventListener("blur", () => this.stopEditing(true));
    field.addEventListener("input", () => { if (this.editing?.isQuick) this.advance(); });
    return field;
  }

  edit(cell, start) {
    const before = this.board.textOf(cell);
    this.editing = { cell, isQuick: start !== undefined };
    this.board.edited = cell;
    this.field.value = start ?? before;
    this.field.setAttribute("aria-label", this.board.placeWords(...this.board.placeOf(cell)));
    cell.textContent = "";
    cell.append(this.field);
    this.field.focus();
    if (start === undefined) this.field.select();
  }

  // The letters of several items fill the row from this cell on; the last of them has the focus then.
  stopEditing(keep) {
    if (!this.editing) return;
    const { cell } = this.editing;
    this.editing = null;
    this.board.edited = null;
    const key = this.board.keyOf(cell);
    const text = this.field.value;
    this.field.remove();
    const along = keep ? this.sheet.along(key, text) : null;
    if (!keep || !this.put(along ?? [[key, text]]).length) this.board.show([key]);
    if (!along) return;
    this.selection.startedAt ??= this.board.placeOf(cell)[0];
    this.selection.focus(this.board.cellOf(along.at(-1)[0]), { quietly: true, across: true });
  }

  // A single letter is a whole answer: with this on, the next item follows without another key.
  watchAdvance() {
    const button = document.getElementById("sheet-advance");
    const name = `grid-advance-${document.body.dataset.user}`;
    const isOn = () => button.getAttribute("aria-pressed") === "true";
    try { button.setAttribute("aria-pressed", String(localStorage.getItem(name) === "yes")); } catch { /* it stays off */ }
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(!isOn()));
      try { localStorage.setItem(name, isOn() ? "yes" : "no"); } catch { /* for this page */ }
    });
    return button;
  }
  advance() {
    const item = this.board.items[this.board.placeOf(this.editing.cell)[0]];
    const text = this.field.value;
    const isWhole = item.kind === "choice" && item.key.length < 2 && text.length === 1 && (item.letters.includes(text.toUpperCase()) || text === "-");
    if (this.advanceButton.getAttribute("aria-pressed") !== "true" || !isWhole) return;
    this.stopEditing(true);
    if (!this.selection.move(1, 0, { wrap: true })) this.selection.current.focus();
  }

  // ---- Keys

  // Returns whether Enter or Tab was used up; Tab at the last cell leaves the grid.
  leaveBy(event) {
    const step = event.shiftKey ? -1 : 1;
    if (event.key === "Enter") { this.selection.nextRow(step); return true; }
    this.selection.startedAt ??= this.selection.place[0];
    return this.selection.move(step, 0, { wrap: true });
  }

  press(event) {
    if (event.isComposing) return;
    if (this.editing) { this.pressInField(event); return; }
    const cell = event.target.closest("tbody td");
    if (!cell || cell !== this.selection.current) return;
    if (event.ctrlKey || event.metaKey) { this.command(event); return; }
    if (event.altKey) return;
    if (event.key === "Escape") { this.isLeaving = true; this.selection.collapse(); return; }
    if (event.key === "Tab" && this.isLeaving) { this.isLeaving = false; return; }
    this.isLeaving = false;
    this.pressOnCell(event, cell);
  }

  pressOnCell(event, cell) {
    const { board, selection } = this;
    const [x, y] = selection.place;
    const extend = event.shiftKey;
    const run = (work) => { event.preventDefault(); work(); };
    const arrow = ARROWS[event.key];
    if (arrow) run(() => { selection.startedAt = null; selection.move(...arrow, { extend }); });
    else if (event.key === "Enter" || event.key === "Tab") { if (this.leaveBy(event)) event.preventDefault(); }
    else if (event.key === "Home" || event.key === "End") run(() => selection.focus(board.cells[y].at(event.key === "Home" ? 0 : -1), { extend }));
    else if (event.key === "PageDown" || event.key === "PageUp") {
      run(() => selection.focus(board.at(x, Math.max(0, Math.min(board.cells.length - 1, y + (event.key === "PageDown" ? PAGE : -PAGE)))), { extend }));
    } else if (event.key === "F2") run(() => this.edit(cell));
    else if (event.key === "Delete" || event.key === "Backspace") run(() => this.clear());
    else if ([...event.key].length === 1 && event.key !== " ") run(() => { selection.collapse(); this.edit(cell, event.key); this.advance(); });
  }

  pressInField(event) {
    event.stopPropagation();
    const { cell, isQuick } = this.editing;
    const arrow = ARROWS[event.key];
    if (event.key === "Escape") {
      event.preventDefault();
      this.stopEditing(false);
      cell.focus();
    } else if (event.key === "Enter" || event.key === "Tab") {
      this.stopEditing(true);
      if (this.leaveBy(event)) event.preventDefault();
      else this.selection.current.focus();
    } else if (isQuick && arrow) {
      event.preventDefault();
      this.stopEditing(true);
      if (event.key === "ArrowRight") this.selection.startedAt ??= this.selection.place[0];
      else this.selection.startedAt = null;
      if (!this.selection.move(...arrow)) this.selection.current.focus();
    }
  }

  command(event) {
    const { board, selection } = this;
    const key = event.key.toLowerCase();
    const extend = event.shiftKey;
    const run = (work) => { event.preventDefault(); work(); };
    if (ARROWS[event.key]) run(() => selection.jump(...ARROWS[event.key], extend));
    else if (key === "z") run(() => (extend ? this.redo() : this.undo()));
    else if (key === "y") run(() => this.redo());
    else if (key === "a") run(() => selection.all());
    else if (key === "d") run(() => this.repeat((cells, x) => cells[0][x], 0, -1));
    else if (key === "r") run(() => this.repeat((cells, x, y) => cells[y][0], -1, 0));
    else if (event.key === "Home") run(() => selection.focus(board.at(0, 0), { extend }));
    else if (event.key === "End") run(() => selection.focus(board.cells.at(-1).at(-1), { extend }));
  }

  // Fill a range from its first row or column; a single cell from the one above it, or left of it.
  repeat(source, left, up) {
    const { board, selection } = this;
    const chosen = selection.range();
    const [x, y] = selection.place;
    if (chosen.flat().length === 1) {
      const from = board.at(x + left, y + up);
      if (from) this.put([[board.keyAt(x, y), board.textOf(from)]]);
      return;
    }
    this.put(chosen.flatMap((cells, b) => cells.map((cell, a) => [board.keyOf(cell), board.textOf(source(chosen, a, b))])));
  }
}
