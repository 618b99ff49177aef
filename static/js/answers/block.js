// A block from the clipboard, as rows of cells. No DOM.
//
// Spreadsheets give text with tabs; a gradebook's page may give only a table of HTML, and a file's lines have commas.

const CELL = /<t[dh]\b[^>]*>([\s\S]*?)<\/t[dh]>/gi;
const NAMES = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: " ", apos: "'" };
const plain = (html) => html.replace(/<br\b[^>]*>/gi, " ").replace(/<[^>]*>/g, "")
  .replace(/&(#x?)?(\w+);/g, (whole, code, name) => (code ? String.fromCodePoint(Math.min(0x10ffff, parseInt(name, code === "#" ? 10 : 16) || 32)) : NAMES[name] ?? whole))
  .replace(/\s+/g, " ").trim();

export class Block {
  constructor(text, html = "") {
    const lines = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "");
    const table = /<tr\b/i.test(html) && !lines.includes("\t");
    this.rows = table ? fromHtml(html) : fromText(lines);
  }

  all() { return this.rows; }
  isSingle() { return this.rows.length === 1 && this.rows[0].length === 1; }

  // Whether the first column, or a header, names students: then the rows are matched before anything is entered.
  hasNames(most) {
    const first = this.rows.map((row) => row[0] ?? "").filter(Boolean);
    if (!first.length || this.rows.every((row) => row.length < 2)) return false;
    const names = first.filter((cell) => /\p{L}.*\p{L}.*\p{L}/u.test(cell) && !/^(abs\.?|absent|aus\.?|ausente)$/i.test(cell) || /@/.test(cell) || (/^\d+$/.test(cell) && Number(cell) > most));
    return names.length * 2 >= first.length;
  }

  // The block in the shape of a chosen range: one cell fills it, a row or a column is repeated.
  spread(height, width) {
    const tall = this.rows.length;
    const wide = Math.max(...this.rows.map((row) => row.length));
    const down = height % tall === 0 ? height : tall;
    const right = width % wide === 0 ? width : wide;
    return Array.from({ length: down }, (_, y) => Array.from({ length: right }, (_, x) => this.rows[y % tall][x % wide] ?? ""));
  }
}

function fromHtml(html) {
  return html.split(/<tr\b[^>]*>/i).slice(1).map((row) => [...row.split(/<\/tr>/i)[0].matchAll(CELL)].map((cell) => plain(cell[1])));
}

function fromText(lines) {
  const mark = markOf(lines);
  if (!mark) return lines.split("\n").map((line) => [line.trim()]);
  const rows = [[]];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < lines.length; at += 1) {
    const one = lines[at];
    if (quoted && one === '"' && lines[at + 1] === '"') { cell += '"'; at += 1; }
    else if (quoted) { if (one === '"') quoted = false; else cell += one; }
    else if (one === '"' && !cell) quoted = true;
    else if (one === mark || one === "\n") {
      rows.at(-1).push(cell.trim());
      cell = "";
      if (one === "\n") rows.push([]);
    } else cell += one;
  }
  rows.at(-1).push(cell.trim());
  return rows;
}

// A comma alone may be that of a decimal number: "1,5".
function markOf(lines) {
  if (lines.includes("\t")) return "\t";
  if (lines.includes(";")) return ";";
  const rows = lines.split("\n").filter(Boolean);
  return rows.some((row) => row.includes(",")) && !rows.every((row) => /^-?\d*,?\d*$/.test(row)) ? "," : "";
}
