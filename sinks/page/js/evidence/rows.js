// The records of the export. A row of the page is [own, place, …, findings]: own are the cells that head.own names, with
// tabs between them or as a list, the places are those of the other cells in the texts of the row's block, and findings,
// if any, are rule and evidence in turn. Blocks are read while the browser still reads those behind them; the cells of a
// record are made when somebody looks at it, for nobody looks at all of them.
const column = Object.fromEntries(head.columns.map((name, i) => [name, i]));
const width = head.columns.length;
const rows = [];
const blocks = []; // of each row
const exceptions = []; // [place of the record, rule, evidence]
let whole = false;
const waiting = [];

// Where the cell of a column stands: among the own cells, or in the row.
const ownPlace = head.own.map((own, i) => head.own.slice(0, i).filter(Boolean).length);
const rowPlace = head.own.map((own, i) => 1 + i - ownPlace[i]);
const foundPlace = 1 + head.own.filter((own) => !own).length;

const ownCells = (row) => typeof row[0] === "string" ? row[0].split("\t") : row[0];
const ownText = (row) => typeof row[0] === "string" ? row[0] : row[0].join("\t");

// cellAt is the cell of the i-th record in a column.
function cellAt(i, column) {
  return head.own[column] ? ownCells(rows[i])[ownPlace[column]] : blocks[i].texts[rows[i][rowPlace[column]]];
}

function findingsAt(i) {
  return rows[i][foundPlace];
}

// records are seen from outside as lists of cells in the order of head.columns, with the findings behind them.
const records = {
  get length() {
    return rows.length;
  },
  at(i) {
    const own = ownCells(rows[i]), texts = blocks[i].texts;
    const cells = head.columns.map((name, c) => head.own[c] ? own[ownPlace[c]] : texts[rows[i][rowPlace[c]]]);
    cells[width] = findingsAt(i);
    return cells;
  },
};

// blockOf is what a text of rows holds, without a row where the page ends within it.
function blockOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return { texts: [], rows: [] };
  }
}

// isCut says that rows are missing: a copy of the page lost its end.
const isCut = () => whole && rows.length !== head.total;

function readBlock(node) {
  const block = blockOf(node.textContent);
  node.remove();
  for (const row of block.rows) {
    const found = row[foundPlace];
    if (found) for (let i = 0; i < found.length; i += 2) exceptions.push([rows.length, found[i], found[i + 1]]);
    rows.push(row);
    blocks.push(block);
  }
}

const portion = 12; // milliseconds that a turn may take

// inTurns gives a function that begins to call work, again and again between what else the page does, until work says that
// nothing is left.
function inTurns(work) {
  const channel = new MessageChannel();
  let on = false;
  const turn = () => channel.port2.postMessage(0);
  channel.port1.onmessage = () => (on = work()) && turn();
  return () => {
    if (!on) on = true, turn();
  };
}

// readSome reads the blocks that have come, and says whether there are more of them; what stands behind a block tells
// that it has come to its end.
function readSome(budget) {
  const start = performance.now(), parsed = document.readyState !== "loading";
  for (let node = document.querySelector("script.rows"); node && (parsed || node.nextSibling); node = document.querySelector("script.rows")) {
    if (performance.now() - start > budget) return true;
    readBlock(node);
  }
  if (parsed && !whole) {
    whole = true;
    Object.assign(document.documentElement.dataset, { ready: "yes", readyAt: performance.now() });
    waiting.splice(0).forEach((call) => call());
  }
  return false;
}

// readAll reads all blocks, each soon after it has come.
function readAll() {
  const read = inTurns(() => readSome(portion));
  const comings = new MutationObserver(read);
  document.addEventListener("DOMContentLoaded", () => {
    comings.disconnect();
    read();
  });
  if (document.readyState === "loading") comings.observe(document.body, { childList: true });
  read();
}

// whenWhole calls back when every record is there.
function whenWhole(call) {
  if (whole) call();
  else waiting.push(call);
}

// searcher gives a function that says whether the i-th record has each of the terms, which are folded, in a cell or in its
// findings. It is asked for the records in their order.
function searcher(terms) {
  const seekers = terms.map((term) => {
    const plain = new RegExp(term.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"), "i");
    // Most texts are ASCII, and those need no copy.
    const within = (text) => plain.test(text) || !ascii.test(text) && fold(text).includes(term);
    let block, texts;
    return (i) => {
      if (blocks[i] !== block) {
        block = blocks[i];
        texts = block.texts.map(within);
      }
      const row = rows[i];
      for (let at = 1; at < foundPlace; at++) if (texts[row[at]]) return true;
      return within(ownText(row)) || row.length > foundPlace && within(row[foundPlace].join("\t"));
    };
  });
  return (i) => seekers.every((has) => has(i));
}
