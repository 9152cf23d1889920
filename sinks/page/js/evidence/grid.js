// A table of any length, of which a page of rows is drawn at a time. It is searched, filtered and sorted by the
// places of its rows: nothing is copied.

const keyed = {
  natural: natural,
  number: (text) => text === "" ? -1 : Number(text),
  text: (text) => text,
};

// Until all rows are there no more of them are drawn than a screen shows at once.
const screenful = 20;

// grid makes one. o has id, title, columns, rows (with length and at), all (how many there will be) and pageful. searcher, if
// it is there, makes of terms a function that says whether the row of a place has them; passes says whether one is asked for;
// cell gives the text of a place and a column, where that is had for less than the whole row.
function grid(o) {
  const state = o.state, pageful = o.pageful;
  const g = { heads: {}, found: null, rest: 0 };
  g.body = el("tbody", {});
  g.status = el("p", { class: "status", role: "status" });
  const step = (label, to, name) => button({ class: "step", "data-step": name, "aria-label": label }, () => {
    state.from = Math.max(0, Math.min(to(), last()));
    draw();
  }, { first: "⇤", before: "←", next: "→", last: "⇥" }[name]);
  const shown = () => whole ? pageful : Math.min(pageful, screenful);
  const count = () => g.found ? g.found.length : o.rows.length;
  const last = () => Math.max(0, Math.floor((count() - 1) / pageful) * pageful);
  g.steps = [step(t("page_ev_first"), () => 0, "first"), step(t("page_ev_before"), () => state.from - pageful, "before"),
    step(t("page_ev_next"), () => state.from + pageful, "next"), step(t("page_ev_last"), last, "last")];
  g.pager = el("div", { class: "pager", role: "group", "aria-label": t("page_ev_pager") }, g.steps);
  g.table = el("table", { class: "list grid " + o.id },
    el("caption", { class: "hidden" }, o.title), el("colgroup", {}, o.columns.map((c) => el("col", { class: "c-" + c.name }))),
    el("thead", {}, el("tr", {}, o.columns.map(headCell))), g.body);
  g.node = el("div", { class: "grid-part", "aria-busy": "false" }, el("div", { class: "grid-line" }, g.status, g.pager),
    el("div", { class: "sheet wide", tabindex: "0", role: "region", "aria-label": o.title }, g.table));

  function headCell(c) {
    const cell = el("th", { scope: "col", "aria-sort": "none", class: c.kind === "number" ? "number" : null }, button({ class: "sorter" }, () => {
      if (state.sort !== c.name) state.sort = c.name, state.down = false;
      else if (!state.down) state.down = true;
      else state.sort = "", state.down = false;
      g.change();
    }, c.label, el("span", { class: "arrow", "aria-hidden": "true" })));
    g.heads[c.name] = cell;
    return cell;
  }

  // keys are what a column sorts by, once for all rows.
  const sorts = {};
  function keysOf(c) {
    if (!sorts[c.name]) {
      const by = c.by ? (i) => c.by(o.rows.at(i)) : o.cell ? (i) => o.cell(i, column[c.sort]) : (i) => o.rows.at(i)[column[c.sort]];
      const key = keyed[c.kind || "text"], known = new Map();
      sorts[c.name] = Array.from({ length: o.rows.length }, (_, i) => {
        const text = by(i);
        let k = known.get(text);
        if (k === undefined) known.set(text, k = key(text));
        return k;
      });
    }
    return sorts[c.name];
  }

  function find() {
    const terms = o.searcher ? fold(state.text).split(/\s+/).filter(Boolean) : [];
    if (terms.length === 0 && !state.sort && !(o.passes && o.filtered())) {
      g.found = null;
      return;
    }
    const found = [], has = terms.length > 0 && o.searcher(terms);
    for (let i = 0; i < o.rows.length; i++) {
      if ((!o.passes || o.passes(i)) && (!has || has(i))) found.push(i);
    }
    const c = o.columns.find((c) => c.name === state.sort);
    if (c) {
      const keys = keysOf(c), sense = state.down ? -1 : 1;
      found.sort((a, b) => keys[a] < keys[b] ? -sense : keys[a] > keys[b] ? sense : a - b);
    }
    g.found = found;
  }

  function lines(from, to) {
    const out = [];
    for (let i = from; i < Math.min(to, count()); i++) out.push(g.line(o.rows.at(g.found ? g.found[i] : i)));
    return out;
  }

  g.line = (row) => el("tr", {}, o.columns.map((c, i) => el(i === 0 ? "th" : "td", { scope: i === 0 ? "row" : null, class: "c-" + c.name + (c.kind === "number" ? " number" : "") }, c.cell(row))));

  // draw shows the page of the moment; all is how many rows there are, before all of them are read.
  function draw() {
    g.body.replaceChildren(...lines(state.from, state.from + shown()));
    tell(g.found ? g.found.length : o.all);
  }

  function tell(total) {
    g.status.textContent = total === 0 ? t(o.all === 0 ? "page_ev_no_rows" : "page_found_none") : t("page_ev_shown", { from: state.from + 1, to: Math.min(state.from + shown(), total), n: total });
    g.pager.hidden = total <= pageful;
    g.steps[0].disabled = g.steps[1].disabled = state.from === 0;
    g.steps[2].disabled = g.steps[3].disabled = state.from + pageful >= total;
    for (const name in g.heads) g.heads[name].setAttribute("aria-sort", state.sort !== name ? "none" : state.down ? "descending" : "ascending");
    if (o.told) o.told();
  }

  // change finds the rows anew, once for all that asks for it before the next frame.
  let asked = false;
  g.change = () => {
    state.from = 0;
    if (asked) return;
    asked = true;
    g.node.setAttribute("aria-busy", "true");
    whenWhole(() => requestAnimationFrame(() => {
      asked = false;
      find();
      draw();
      g.node.setAttribute("aria-busy", "false");
    }));
  };
  g.draw = () => {
    if (asked) return; // it will be drawn in a moment, and once is enough
    if (whole) find();
    draw();
  };
  return g;
}
