// What leaves the page: the list of inactivations as text, and what goes onto paper.
function inactivations() {
  return rows.filter((row) => row.a === "-");
}

// calm keeps a spreadsheet from taking a name for a formula.
function calm(text) {
  return /^[=+\-@\t\r]/.test(text) ? "'" + text : text;
}

function inactivationText() {
  const lines = [];
  for (const row of inactivations()) {
    lines.push([worded(kindWords, row.k), calm(row.n || ""), row.i || "", ""].join("\t"));
    for (const d of row.d || []) lines.push([worded(kindWords, d[0]), calm(d[1]), d[2], t("page_with", { key: row.n })].join("\t"));
  }
  return lines.join("\n") + "\n";
}

function copyButton() {
  const node = button({ class: "plain", id: "copy" }, () => whenWhole(() => {
    const text = inactivationText();
    const done = () => { node.textContent = t("page_copied"); };
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, () => offer(node, text));
    else offer(node, text);
  }), t("page_copy"));
  return node;
}

// offer shows the text to be copied by hand, where the browser does not let a page do it.
function offer(node, text) {
  const old = document.getElementById("copy-text");
  if (old) old.remove();
  const area = el("textarea", { id: "copy-text", readonly: true, rows: "8", "aria-label": t("page_copy_here") });
  area.value = text;
  node.closest(".tools").append(area);
  area.focus();
  area.select();
}

const paperMost = 500; // of what a reader on paper can do without

function paperGroup(title, found, most) {
  if (found.length === 0) return null;
  const some = found.slice(0, most);
  return el("section", {}, el("h2", {}, title + " (" + n(found.length) + ")"),
    el("table", { class: "list" + (head.page === "result" ? " with-status" : "") }, columns(), el("tbody", {}, some.map((row) => line(row, true)))),
    some.length < found.length ? el("p", { class: "quiet" }, t("page_more", { n: found.length - some.length })) : null);
}

// planGroups and resultGroups are a reader's worries in their order: whole, but for the changes
// that only add or correct something.
function planGroups() {
  const by = (sign, most) => paperGroup(actionWord(sign), rows.filter((row) => row.a === sign), most);
  return [by("!", Infinity), by("x", Infinity), by("-", Infinity), ...bulkSigns.map((sign) => by(sign, Infinity)), by("^", paperMost), by("~", paperMost), by("+", paperMost)];
}

function resultGroups() {
  const by = (status) => paperGroup(statusWord(status), rows.filter((row) => row.t === status), Infinity);
  const done = rows.filter((row) => row.t === "done");
  return [by("failed"), by("unknown"), by("held"), by("rejected"), by("skipped"),
    paperGroup(statusWord("done") + ": " + actionWord("-"), done.filter((row) => row.a === "-"), Infinity),
    paperGroup(statusWord("done"), done.filter((row) => row.a !== "-"), paperMost)];
}

function toPaper() {
  if (!whole) readRest(Infinity);
  fromPaper();
  const groups = head.page === "plan" ? planGroups() : resultGroups();
  document.querySelector("footer").before(el("div", { id: "paper" }, groups.filter(Boolean)));
}

function fromPaper() {
  const paper = document.getElementById("paper");
  if (paper) paper.remove();
}
