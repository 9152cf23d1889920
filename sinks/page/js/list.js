// The list: counters and kinds filter it, the box searches it, the heads sort it.
const portion = 200, screenful = 40;
const view = { actions: new Set(), statuses: new Set(), kinds: new Set(), code: "", dragged: false, text: "", sort: "", down: false, shown: portion, found: [], rest: 0 };

// passes tells whether a row is asked for. What is left as it is by rule is shown on demand.
function passes(row) {
  if (view.actions.size > 0 || view.dragged) {
    if (!view.actions.has(row.a) && !(view.dragged && row.a === "-" && row.d)) return false;
  } else if (row.a === "." && !view.code && view.text === "") return false;
  if (view.statuses.size > 0 && !view.statuses.has(row.t)) return false;
  if (view.kinds.size > 0 && !view.kinds.has(row.k)) return false;
  return !view.code || row.notes.length > 0 && row.notes[0].note.code === view.code && row.a === ".";
}

const sortKeys = {
  status: (row) => statusOrder.indexOf(row.t),
  action: (row) => actionOrder.indexOf(row.a),
  kind: (row) => "dck".indexOf(row.k),
  key: (row) => row.byKey === undefined ? row.byKey = natural(row.n) : row.byKey,
  id: (row) => row.byID === undefined ? row.byID = natural(row.i) : row.byID,
  source: (row) => row.bySource === undefined ? row.bySource = natural(row.s ? row.s[0][0] + ":" + row.s[0][1] : row.c) : row.bySource,
};

function find() {
  const terms = fold(view.text).split(/\s+/).filter(Boolean);
  const found = rows.filter((row) => passes(row) && terms.every((term) => hay(row).includes(term)));
  if (view.sort) {
    const key = sortKeys[view.sort], sense = view.down ? -1 : 1;
    found.sort((a, b) => {
      const x = key(a), y = key(b);
      return x < y ? -sense : x > y ? sense : a.order - b.order;
    });
  }
  view.found = found;
}

// filtered says whether the list is other than the page shows it first.
function filtered() {
  return view.actions.size + view.statuses.size + view.kinds.size > 0 || view.dragged || view.code !== "" || view.text.trim() !== "" || view.sort !== "";
}

const list = {}; // the elements that change

// change draws the list anew, once for all that asks for it before the next frame.
let asked = false;
function change() {
  view.shown = portion;
  if (asked) return;
  asked = true;
  list.part.setAttribute("aria-busy", "true");
  whenWhole(() => requestAnimationFrame(() => {
    asked = false;
    draw();
  }));
}

function lines(from, to) {
  return view.found.slice(from, to).map((row) => line(row, allOpen || open.has(row)));
}

// draw puts what fills a screen there first, and the rest of the portion into the next frame: a
// browser takes most of its time to lay rows out, and nobody reads the 200th at once.
function draw() {
  const body = list.body;
  find();
  body.replaceChildren(...lines(0, screenful));
  tell(view.found.length);
  list.part.setAttribute("aria-busy", "true");
  cancelAnimationFrame(view.rest);
  view.rest = requestAnimationFrame(() => {
    body.append(...lines(screenful, view.shown));
    list.part.setAttribute("aria-busy", "false");
  });
}

function tell(total) {
  const shown = Math.min(view.shown, total);
  list.status.textContent = total === 0 ? t("page_found_none") : t("page_found", { shown: shown, n: total });
  list.more.hidden = shown >= total;
  list.more.textContent = t("page_show_more", { n: Math.min(portion, total - shown) });
  list.clear.hidden = !filtered();
  for (const name in list.heads) {
    list.heads[name].setAttribute("aria-sort", view.sort !== name ? "none" : view.down ? "descending" : "ascending");
  }
  for (const facet of list.facets) facet();
}

function showMore() {
  const from = view.shown;
  view.shown += portion;
  whenWhole(() => {
    if (list.part.getAttribute("aria-busy") === "true") return draw(); // a portion is still on its way
    if (view.found.length === 0) find();
    const next = lines(from, view.shown);
    list.body.append(...next);
    tell(view.found.length);
    if (list.more.hidden && next.length) list.status.focus();
  });
}

// facet is a button that a set of the view answers to; it keeps what it says in step.
function facet(group, value, attributes, ...content) {
  const node = button(Object.assign({ "aria-pressed": "false" }, attributes), () => {
    if (!view[group].delete(value)) view[group].add(value);
    if (group === "actions") view.code = "";
    change();
  }, ...content);
  list.facets.push(() => node.setAttribute("aria-pressed", String(view[group].has(value))));
  return node;
}

function counter(className, number, mark) {
  return { attributes: { class: "counter is-" + className, "data-count": number }, content: [el("b", {}, n(number)), mark] };
}

function counters() {
  const out = [];
  if (head.page === "result") {
    for (const status of ["done", "failed", "skipped", "unknown", "held", "rejected"]) {
      const c = counter(status, head.statuses[status], statusMark(status));
      out.push(facet("statuses", status, Object.assign(c.attributes, { "data-filter": status }), c.content));
    }
    return out;
  }
  for (const sign of actionOrder) {
    const c = counter(actionWords[sign][1], head.actions[sign], actionMark(sign));
    out.push(facet("actions", sign, Object.assign(c.attributes, { "data-filter": actionWords[sign][1] }), c.content));
    if (sign === "-" && head.dragged > 0) out.push(draggedCounter());
  }
  return out;
}

function draggedCounter() {
  const c = counter("dragged", head.dragged, el("span", { class: "mark" }, t("page_dragged")));
  const node = button(Object.assign(c.attributes, { "aria-pressed": "false", "data-filter": "dragged" }), () => {
    view.dragged = !view.dragged;
    change();
  }, c.content);
  list.facets.push(() => node.setAttribute("aria-pressed", String(view.dragged)));
  return node;
}

function kindButtons() {
  return ["d", "c", "k", "i", "s"].filter((k) => head.kinds[k]).map((k) => facet("kinds", k, { class: "chip", "data-filter": "kind-" + k }, t(kindsWords[k]), " ", el("span", { class: "quiet" }, n(head.kinds[k]))));
}

function actionButtons() {
  if (head.page !== "result") return [];
  return ["+", "~", "^", "-"].concat(bulkSigns).filter((s) => head.actions[s] > 0).map((s) => facet("actions", s, { class: "chip", "data-filter": actionWords[s][1] }, actionMark(s)));
}

function headCell(name, label) {
  const cell = el("th", { scope: "col", "aria-sort": "none" }, button({ class: "sorter" }, () => {
    if (view.sort !== name) view.sort = name, view.down = false;
    else if (!view.down) view.down = true;
    else view.sort = "", view.down = false;
    change();
  }, label, el("span", { class: "arrow", "aria-hidden": "true" })));
  list.heads[name] = cell;
  return cell;
}

// columns have fixed widths: a browser need not measure 200 rows to know them.
function columns() {
  const names = ["action", "kind", "key", "id", "what", "source"];
  if (head.page === "result") names.unshift("status");
  return el("colgroup", {}, names.map((name) => el("col", { class: "col-" + name })));
}

function listTable() {
  list.heads = {};
  list.body = el("tbody", {});
  return el("div", { class: "sheet" }, el("table", { class: "list" + (head.page === "result" ? " with-status" : "") },
    el("caption", { class: "hidden" }, t("page_list")), columns(),
    el("thead", {}, el("tr", {},
      head.page === "result" ? headCell("status", t("page_col_status")) : null,
      headCell("action", t("page_col_action")), headCell("kind", t("page_col_kind")), headCell("key", t("page_col_key")), headCell("id", t("page_col_id")),
      el("th", { scope: "col" }, t("page_col_what")), headCell("source", t("page_col_source")))),
    list.body));
}

function tools() {
  list.search = el("input", { type: "search", id: "search", autocomplete: "off", spellcheck: "false", placeholder: t("page_search_in"), "aria-keyshortcuts": "/" });
  list.search.value = view.text;
  list.search.addEventListener("input", () => {
    view.text = list.search.value;
    change();
  });
  list.clear = button({ class: "plain", hidden: true }, () => {
    view.actions.clear(), view.statuses.clear(), view.kinds.clear();
    Object.assign(view, { code: "", dragged: false, text: "", sort: "", down: false });
    list.search.value = "";
    list.search.focus();
    change();
  }, t("page_clear"));
  const unfold = button({ class: "plain", id: "unfold-all", "aria-pressed": String(allOpen) }, () => {
    allOpen = !allOpen;
    open.clear();
    unfold.setAttribute("aria-pressed", String(allOpen));
    whenWhole(draw);
  }, t("page_unfold_all"));
  return el("div", { class: "tools" }, el("label", { for: "search" }, t("page_search")), list.search,
    el("div", { class: "chips", role: "group", "aria-label": t("page_col_kind") }, kindButtons(), actionButtons()),
    el("div", { class: "extra" }, head.dragged > 0 ? unfold : null, head.actions["-"] > 0 ? copyButton() : null, list.clear));
}

function leftPart() {
  if (!head.left || head.left.length === 0) return null;
  const items = head.left.map((l) => {
    const node = button({ class: "chip", "aria-pressed": "false", "data-code": l.code }, () => {
      view.code = view.code === l.code ? "" : l.code;
      view.actions.clear();
      view.dragged = false;
      change();
    }, el("b", {}, n(l.n)), " ", say(l.say));
    list.facets.push(() => node.setAttribute("aria-pressed", String(view.code === l.code)));
    return node;
  });
  return el("div", { class: "left-by", role: "group", "aria-label": t("page_left_by") }, el("span", { class: "quiet" }, t("page_left_by")), " ", items);
}

function listPart() {
  list.facets = [];
  list.status = el("p", { class: "status", role: "status", tabindex: "-1" });
  list.more = button({ class: "more", hidden: true }, showMore);
  list.part = el("section", { id: "list", "aria-labelledby": "list-head", "aria-busy": "false" },
    el("h2", { id: "list-head" }, head.page === "plan" ? t("page_list") : t("page_results")),
    el("div", { class: "counters", role: "group", "aria-label": t("page_counters") }, counters()),
    leftPart(), tools(), list.status, listTable(), list.more);
  return list.part;
}

// first draws what can be drawn before all rows are read: the counts come with the head.
function first() {
  const at = rows.filter(passes).slice(0, portion);
  list.body.replaceChildren(...at.map((row) => line(row, false)));
  view.found = [];
  tell(head.total - (head.page === "plan" ? head.actions["."] : 0));
}
