// The records of the export: arrays of cells in the order of head.columns. The first block is read at once, the
// others in small portions, so that the page answers meanwhile.
const column = Object.fromEntries(head.columns.map((name, i) => [name, i]));
const width = head.columns.length;
const records = [];
const exceptions = []; // [record, rule, evidence]
const hays = [];
let whole = false;
const waiting = [];

function readBlock(node) {
  const block = JSON.parse(node.textContent);
  node.remove();
  for (const cells of block.rows) {
    for (let i = 0; i < width; i++) if (typeof cells[i] === "number") cells[i] = block.texts[cells[i]];
    const found = cells[width];
    if (found) for (let i = 0; i < found.length; i += 2) exceptions.push([cells, found[i], found[i + 1]]);
    records.push(cells);
  }
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
  if (whole) return;
  whole = true;
  document.documentElement.dataset.wholeAt = performance.now();
  waiting.splice(0).forEach((call) => call());
}

// whenWhole calls back when every record is there.
function whenWhole(call) {
  if (whole) call();
  else waiting.push(call);
}

// hay is all of a record that a search looks into.
function hay(i) {
  if (hays[i] === undefined) hays[i] = fold(records[i].join("\n"));
  return hays[i];
}

// readAhead prepares the search while nobody asks for anything.
function readAhead(from) {
  const start = performance.now();
  let i = from;
  while (i < records.length && performance.now() - start < 12) for (const end = Math.min(i + 500, records.length); i < end; i++) hay(i);
  if (i < records.length) setTimeout(() => readAhead(i), 0);
  else Object.assign(document.documentElement.dataset, { ready: "yes", readyAt: performance.now() });
}
