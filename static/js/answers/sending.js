// Saves a grid of answers as one types. What is not saved yet is kept in this browser like every draft (drafts.js), and
// sent again until the server has it.

const SOON = 350; // ms after the last change
const LATEST = 1500; // ms after the first
const ASK = 5000; // ms between two questions what others did
const LONGEST_WAIT = 30000;
const MOST_WHILE_LEAVING = 60000; // bytes that a browser sends for a page that is closed

class Refused extends Error {}
const bodyOf = (cells) => new URLSearchParams({ cells: JSON.stringify(cells) });

export class Sending {
  constructor(board) {
    this.board = board;
    this.sheet = board.sheet;
    this.user = document.body.dataset.user;
    this.token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"];
    this.revision = board.table.dataset.revision;
    this.timer = null;
    this.since = null; // when the first of the changes was made that are still to be sent
    this.savedAt = ""; // when the server last answered, in words
    this.failures = 0;
    this.closed = false;
    this.kept = `draft:${this.user}:grid-${board.table.dataset.place}|`;
    this.mine = this.kept + crypto.randomUUID(); // each tab has its own, and a new page takes over what any of them left
    this.adopted = [];
    const now = () => this.now();
    addEventListener("online", now);
    document.addEventListener("visibilitychange", () => { if (!document.hidden && this.failures) now(); }); // as after signing in again elsewhere
    setInterval(() => { if (!document.hidden && !this.closed && !this.failures) this.ask(); }, ASK);
  }

  changed(keys) {
    this.board.show(keys);
    this.soon();
  }

  // ---- Kept in this browser

  keep() {
    const cells = this.sheet.kept();
    try {
      if (Object.keys(cells).length) localStorage.setItem(this.mine, JSON.stringify({ at: Date.now(), cells }));
      else for (const key of [this.mine, ...this.adopted.splice(0)]) localStorage.removeItem(key);
    } catch { /* storage is full or forbidden: the cells stay on the page */ }
  }

  restore() {
    try {
      this.adopted = Object.keys(localStorage).filter((key) => key.startsWith(this.kept));
      const keys = this.adopted.flatMap((key) => this.sheet.restore(JSON.parse(localStorage.getItem(key))?.cells ?? {}));
      if (keys.length) { this.changed(keys); this.board.say(this.board.words.restored); }
    } catch { /* nothing was kept */ }
  }

  // ---- Sending

  soon(wait = SOON) {
    this.keep();
    if (this.closed) return;
    if (!this.sheet.waiting()) { if (this.savedAt) this.board.saySaved(this.savedAt); return; } // as after deleting what was refused
    this.since ??= Date.now();
    if (!this.failures) this.board.say(this.board.words.saving);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), Math.max(0, Math.min(wait, this.failures ? wait : this.since + LATEST - Date.now())));
  }

  async send() {
    const cells = this.sheet.batch();
    if (!cells.length) return;
    const { board, sheet } = this;
    this.since = null;
    try {
      const answer = await fetch(board.table.dataset.save, {
        method: "POST",
        headers: { Accept: "application/json", "X-CSRFToken": this.token },
        body: bodyOf(cells),
      });
      if (answer.redirected || !answer.ok || !answer.headers.get("Content-Type")?.includes("json")) throw new Refused(answer.redirected ? "login" : String(answer.status));
      const { cells: saved, at } = await answer.json();
      this.failures = 0;
      board.show(sheet.answered(saved));
      this.keep();
      if (sheet.waiting()) this.soon();
      else board.saySaved(at);
      this.savedAt = at;
    } catch (error) {
      await this.failed(error instanceof Refused ? error.message : "");
    }
  }

  async failed(code) {
    const { words } = this.board;
    this.sheet.lost();
    this.failures += 1;
    this.keep();
    if (["400", "404", "413"].includes(code)) { this.closed = true; this.board.say(words.closed, { isBad: true }); return; }
    this.board.say(["login", "403"].includes(code) ? words.signedOut : words.offline, { isBad: true });
    if (code) await this.ask({ again: true }); // a new session has a new token
    this.soon(Math.min(LONGEST_WAIT, 1000 * 2 ** this.failures));
  }

  now() {
    clearTimeout(this.timer);
    if (this.sheet.waiting() && !this.closed) this.send();
  }

  // A page that is left sends what it can; the rest is kept.
  leave() {
    const cells = this.sheet.batch();
    if (!cells.length) return;
    this.keep();
    const body = bodyOf(cells);
    if (String(body).length < MOST_WHILE_LEAVING && !this.closed) {
      fetch(this.board.table.dataset.save, { method: "POST", keepalive: true, headers: { "X-CSRFToken": this.token }, body }).catch(() => {});
    }
    this.sheet.lost();
  }

  // ---- What others did

  async ask({ again = false } = {}) {
    const { board, sheet } = this;
    const { turn } = sheet;
    try {
      const answer = await fetch(`${board.table.dataset.state}&since=${again ? "" : encodeURIComponent(this.revision)}`, { headers: { Accept: "application/json" } });
      if (answer.redirected || answer.status !== 200) return;
      const now = await answer.json();
      if (String(now.user) !== this.user) { this.closed = true; board.say(board.words.closed, { isBad: true }); return; }
      this.token = now.token;
      if (String(now.items) !== board.table.dataset.items) board.say(board.words.changed, { isBad: true });
      if (turn !== sheet.turn) return;
      this.revision = now.revision;
      const changed = sheet.merge(now.cells, turn, board.edited ? board.keyOf(board.edited) : "");
      if (changed.length) board.show(changed);
    } catch { /* it asks again */ }
  }
}
