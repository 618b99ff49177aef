// Begins a grid of answers that is used like a spreadsheet and saves as one types. What it knows is in sheet.js, without a
// DOM; board.js draws it; selection.js, keys.js and clipboard.js are its spreadsheet; keypad.js is for phones; sending.js saves.

const part = (name) => import(document.querySelector(`script[data-rules=${name}]`).src);
const [{ Sheet }, { Block }, { Board }, { Selection }, { Sending }, { Keys }, { Clipboard }, { Keypad }] =
  await Promise.all(["sheet", "block", "board", "selection", "sending", "keys", "clipboard", "keypad"].map(part));

const board = new Board(document.querySelector("[data-sheet]"), Sheet);
const selection = new Selection(board);
const sending = new Sending(board);
const keys = new Keys(board, selection, sending);
const keypad = new Keypad(board, (changes) => keys.put(changes));
new Clipboard(board, selection, keys, Block);

board.drawn.push(() => keypad.draw());
board.onGo = (cell) => selection.focus(cell);
board.onSettle = (key) => {
  sending.changed([key]);
  board.cellOf(key).focus();
};
selection.focused.push((x, y) => keypad.go(x, y));
addEventListener("pagehide", () => {
  keys.stopEditing(true);
  sending.leave();
});

for (const one of document.querySelectorAll("[data-needs-script]")) one.hidden = false;
selection.focus(board.at(0, 0), { quietly: true });
sending.restore();
board.show([]);
