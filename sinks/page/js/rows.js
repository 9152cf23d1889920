// The rows of the list. The first block stands before this script and is read at once; the
// others are read in small portions when the document is there, or all when somebody asks.
const rows = [];
let whole = false;
const waiting = [];

function readBlock(node) {
  const block = JSON.parse(node.textContent);
  for (const row of block.rows) {
    row.notes = row.m ? row.m.map((m) => ({ note: block.notes[m[0]], place: m[1], column: m[2] })) : [];
    row.order = rows.length;
    rows.push(row);
  }
  node.remove();
}

function readFirst() {
  const node = document.querySelector("script.rows");
  if (node) readBlock(node);
}

// readRest reads what is left; budget is how many milliseconds it may take before a pause.
function readRest(budget) {
  const start = performance.now();
  for (let node = document.querySelector("script.rows"); node; node = document.querySelector("script.rows")) {
    readBlock(node);
    if (performance.now() - start > budget) {
      setTimeout(() => readRest(budget), 0);
      return;
    }
  }
  whole = true;
  waiting.splice(0).forEach((call) => call());
}

// whenWhole calls back when every row is there.
function whenWhole(call) {
  if (whole) call();
  else waiting.push(call);
}

function readWhenLoaded() {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => setTimeout(() => readRest(20), 0));
  else setTimeout(() => readRest(20), 0);
}

function rowPlace(ref) {
  if (ref[0].includes("!")) return ref[0] + "!" + ref[1]; // a sheet's row, as elsewhere
  const known = head.sources.find((s) => s.path === ref[0]);
  if (known && known.format === "csv") return ref[0] + ":" + ref[1];
  return ref[0] + " " + t("page_record") + " " + n(ref[1]);
}

// hay is all of a row that a search looks into.
function hay(row) {
  if (row.hay === undefined) {
    const parts = [row.n, row.i, row.c];
    for (const f of row.f || []) parts.push(f[1], f[2], f[3]);
    for (const s of row.s || []) parts.push(s[0] + ":" + s[1]);
    for (const d of row.d || []) parts.push(d[1], d[2], d[4]);
    for (const m of row.notes) parts.push(m.note.code, m.note.say[0], m.note.say[1], m.place, m.column);
    row.hay = fold(parts.filter(Boolean).join("\n"));
  }
  return row.hay;
}

// readAhead prepares the search while nobody asks for anything.
function readAhead(from) {
  const start = performance.now();
  let i = from;
  while (i < rows.length && performance.now() - start < 12) for (const end = Math.min(i + 500, rows.length); i < end; i++) hay(rows[i]);
  if (i < rows.length) setTimeout(() => readAhead(i), 0);
  else document.documentElement.dataset.ready = "yes";
}
