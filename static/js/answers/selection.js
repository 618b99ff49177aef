// Which cell of a grid has the focus, and which range is chosen: by mouse, arrows and what moves on after an answer.

export class Selection {
  constructor(board) {
    this.board = board;
    this.anchor = null;
    this.current = null;
    this.startedAt = null; // the column where typing along a row began
    this.isAcross = false; // whether the last step was to the right
    this.focused = []; // called with the column and row that have the focus now
    this.watchMouse();
  }

  focus(cell, { extend = false, quietly = false, across = false } = {}) {
    if (!cell) return;
    this.current?.setAttribute("tabindex", "-1");
    this.current = cell;
    this.isAcross = across;
    cell.tabIndex = 0;
    if (!extend || !this.anchor) this.anchor = cell;
    this.mark();
    if (!quietly) cell.focus();
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    for (const call of this.focused) call(...this.board.placeOf(cell));
  }

  get place() { return this.board.placeOf(this.current); }

  // The chosen cells, row by row.
  range() {
    const [[ax, ay], [bx, by]] = [this.board.placeOf(this.anchor), this.place];
    const out = [];
    for (let y = Math.min(ay, by); y <= Math.max(ay, by); y += 1) out.push(this.board.cells[y].slice(Math.min(ax, bx), Math.max(ax, bx) + 1));
    return out;
  }

  mark() {
    for (const cell of this.board.table.querySelectorAll(".chosen")) { cell.classList.remove("chosen"); cell.removeAttribute("aria-selected"); }
    if (this.anchor !== this.current) for (const cell of this.range().flat()) { cell.classList.add("chosen"); cell.setAttribute("aria-selected", "true"); }
  }

  collapse() {
    this.anchor = this.current;
    this.mark();
  }

  // Returns whether there is a cell; `wrap` goes on in the next row.
  move(right, down, { extend = false, wrap = false } = {}) {
    let [x, y] = this.place;
    x += right;
    y += down;
    if (wrap && x >= this.board.items.length) { x = 0; y += 1; }
    if (wrap && x < 0) { x = this.board.items.length - 1; y -= 1; }
    const target = this.board.at(x, y);
    if (target) this.focus(target, { extend, across: right > 0 });
    return Boolean(target);
  }

  // After Enter: below, back to the column where typing along the row began; at a row's end to the start of the next.
  nextRow(down) {
    const [x, y] = this.place;
    const isAtEnd = down > 0 && this.isAcross && x === this.board.items.length - 1;
    const column = this.startedAt ?? (isAtEnd ? 0 : x);
    this.startedAt = null;
    this.focus(this.board.at(column, y + down) ?? this.current);
  }

  // As far as the cells are filled like this one, as in a spreadsheet.
  jump(right, down, extend) {
    const { board } = this;
    let [x, y] = this.place;
    const isFilled = (a, b) => board.at(a, b) && board.sheet.text(board.keyAt(a, b)) !== "";
    const wanted = isFilled(x + right, y + down);
    do { x += right; y += down; } while (board.at(x + right, y + down) && isFilled(x + right, y + down) === wanted && (wanted || !isFilled(x, y)));
    this.focus(board.at(x, y) ?? this.current, { extend });
  }

  all() {
    this.anchor = this.board.at(0, 0);
    this.focus(this.board.cells.at(-1).at(-1), { extend: true });
  }

  watchMouse() {
    const body = this.board.table.tBodies[0];
    const cellAt = (event) => event.target.closest("td:not(.sheet-total)");
    let dragging = false;
    body.addEventListener("mousedown", (event) => {
      const cell = cellAt(event);
      if (!cell || event.target.matches("input") || event.button) return;
      event.preventDefault();
      document.activeElement?.blur(); // what is edited is kept
      this.startedAt = null;
      dragging = true;
      this.focus(cell, { extend: event.shiftKey });
    });
    body.addEventListener("mouseover", (event) => {
      const cell = dragging && cellAt(event);
      if (cell) this.focus(cell, { extend: true });
    });
    addEventListener("mouseup", () => { dragging = false; });
    body.addEventListener("focusin", (event) => {
      const cell = cellAt(event);
      if (cell && cell !== this.current && !event.target.matches("input")) this.focus(cell, { quietly: true });
    });
  }
}
