// Copying from a grid, and pasting a block into it. Rows with names are matched by the server, and seen before they are saved.

export class Clipboard {
  // `Block` is the class of block.js.
  constructor(board, selection, keys, Block) {
    Object.assign(this, { board, selection, keys, Block });
    document.addEventListener("copy", (event) => this.copy(event));
    document.addEventListener("cut", (event) => { if (this.copy(event)) keys.clear(); });
    document.addEventListener("paste", (event) => this.paste(event));
  }

  isOnGrid() { return this.selection.current && document.activeElement === this.selection.current; }

  copy(event) {
    if (!this.isOnGrid()) return false;
    event.preventDefault();
    const lines = this.selection.range().map((cells) => cells.map((cell) => this.board.textOf(cell)).join("\t"));
    event.clipboardData.setData("text/plain", lines.join("\n"));
    return true;
  }

  paste(event) {
    if (!this.isOnGrid()) return;
    event.preventDefault();
    const block = new this.Block(event.clipboardData.getData("text/plain"), event.clipboardData.getData("text/html"));
    if (block.hasNames(Math.max(...this.board.items.map((item) => item.points)))) this.match(block);
    else this.putBlock(block);
  }

  putBlock(block) {
    const { board, selection } = this;
    const chosen = selection.range();
    const [left, top] = board.placeOf(chosen[0][0]);
    const changes = [];
    for (const [dy, line] of block.spread(chosen.length, chosen[0].length).entries()) {
      const along = line.length === 1 && board.at(left, top + dy) ? board.sheet.along(board.keyAt(left, top + dy), line[0]) : null;
      if (along) changes.push(...along);
      else for (const [dx, one] of line.entries()) if (board.at(left + dx, top + dy)) changes.push([board.keyAt(left + dx, top + dy), one]);
    }
    this.keys.put(changes);
    const places = changes.map(([key]) => board.placeOf(board.cellOf(key)));
    selection.anchor = chosen[0][0];
    selection.focus(board.at(Math.max(...places.map(([x]) => x)), Math.max(...places.map(([, y]) => y))), { extend: true });
  }

  match(block) {
    const form = document.getElementById("paste-form");
    form.elements.text.value = block.all().map((row) => row.join("\t")).join("\n");
    form.requestSubmit();
  }
}
