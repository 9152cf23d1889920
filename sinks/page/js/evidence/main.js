// The page: its lists with what they are filtered by, its two languages, and what goes onto paper.
const newState = () => ({ text: "", sort: "", down: false, from: 0 });
const view = { sessions: newState(), exceptions: newState(), boundary: newState(), rules: new Set(), protocols: new Set(), open: false, rule: "" };
const lists = {};

function listPart() {
  const sessions = head.what === "sessions";
  const state = view.sessions;
  const search = el("input", { type: "search", id: "search", autocomplete: "off", spellcheck: "false", placeholder: t("page_ev_search_in"), "aria-keyshortcuts": "/" });
  search.value = state.text;
  search.addEventListener("input", () => {
    state.text = search.value;
    lists.sessions.change();
  });
  const facets = [];
  const chip = (attributes, on, turn, ...content) => {
    const node = button(Object.assign({ class: "chip", "aria-pressed": String(on()) }, attributes), () => {
      turn();
      lists.sessions.change();
    }, ...content);
    facets.push(() => node.setAttribute("aria-pressed", String(on())));
    return node;
  };
  const ofSet = (set, value, attributes, ...content) => chip(attributes, () => set.has(value), () => set.delete(value) || set.add(value), ...content);
  const count = (number) => [" ", el("span", { class: "quiet" }, n(number))];
  const protocols = sessions && cert.totals ? largest(cert.totals.protocols).slice(0, 8) : [];
  const rules = sessions ? Object.entries(cert.findings || {}).filter(([, number]) => number > 0) : [];
  const clear = button({ class: "plain", id: "clear", hidden: true }, () => {
    Object.assign(state, newState());
    view.rules.clear(), view.protocols.clear();
    view.open = false;
    search.value = "";
    search.focus();
    lists.sessions.change();
  }, t("page_clear"));
  const filtered = () => view.rules.size + view.protocols.size > 0 || view.open;
  lists.search = search;
  lists.sessions = grid({ id: sessions ? "sessions" : "records", title: t(whats[head.what]), columns: sessions ? sessionColumns() : plainColumns(), rows: records, all: isCut() ? records.length : head.total, pageful: 100, searcher: searcher, cell: cellAt, state: state,
    filtered: filtered, passes: (i) => {
      if (view.open && cellAt(i, column.end) !== "") return false;
      if (view.protocols.size > 0 && !view.protocols.has(cellAt(i, column.protocol))) return false;
      return view.rules.size === 0 || (findingsAt(i) || []).some((text, at) => at % 2 === 0 && view.rules.has(text));
    },
    told: () => {
      clear.hidden = !filtered() && state.text.trim() === "" && state.sort === "";
      for (const facet of facets) facet();
    } });
  return el("section", { id: "list", "aria-labelledby": "list-head" }, el("h2", { id: "list-head" }, t(whats[head.what])),
    el("div", { class: "tools" }, el("label", { for: "search" }, t("page_search")), search,
      sessions ? el("div", { class: "chips", role: "group", "aria-label": t("page_ev_filters") },
        protocols.length > 1 ? protocols.map(([name, tally]) => ofSet(view.protocols, name, { "data-protocol": name }, name ? plainly(name) : t("page_ev_none"), count(tally.sessions))) : null,
        cert.open > 0 && cert.open < cert.written && (cert.findings || {}).unfinished === undefined ? chip({ "data-filter": "open" }, () => view.open, () => { view.open = !view.open; }, t("page_ev_open"), count(cert.open)) : null,
        rules.map(([rule, number]) => ofSet(view.rules, rule, { "data-rule": rule }, worded(ruleWords, rule), count(number)))) : null,
      el("div", { class: "extra" }, clear)),
    lists.sessions.node);
}

function exceptionsPart() {
  if (head.what !== "sessions") return null;
  if (head.findings === 0) {
    return el("section", { "aria-labelledby": "exceptions" }, el("h2", { id: "exceptions" }, t("page_ev_exceptions")), el("p", { class: "quiet" }, t("page_ev_no_findings")));
  }
  lists.exceptions = grid({ id: "exceptions", title: t("page_ev_exceptions"), columns: exceptionColumns(), rows: exceptions, all: isCut() ? exceptions.length : head.findings, pageful: 20, state: view.exceptions });
  return el("section", { id: "exceptions-part", "aria-labelledby": "exceptions" }, el("h2", { id: "exceptions" }, t("page_ev_exceptions")), el("p", { class: "lead" }, t("page_ev_exceptions_text")), lists.exceptions.node);
}

function boundaryPart() {
  if (head.boundary.length === 0) return null;
  lists.boundary = grid({ id: "sessions", title: t("page_ev_boundary"), columns: sessionColumns(), rows: head.boundary, all: head.boundary.length, pageful: 20, state: view.boundary });
  return el("section", { id: "boundary-part", "aria-labelledby": "boundary" }, el("h2", { id: "boundary" }, t("page_ev_boundary")), el("p", { class: "lead" }, t("page_ev_boundary_text")),
    head.boundary_more > 0 ? el("p", { class: "lead" }, t("page_ev_boundary_more", { n: head.boundary_more })) : null, lists.boundary.node);
}

function languageSwitch() {
  const choice = (code, label) => button({ class: "chip", lang: code === "pt" ? "pt-BR" : "en", "aria-pressed": String(lang === code), "data-lang": code }, () => {
    lang = code;
    build();
    document.querySelector("[data-lang=" + code + "]").focus();
  }, label);
  return el("div", { class: "languages", role: "group", "aria-label": t("page_language") }, choice("pt", "Português"), choice("en", "English"));
}

// build draws the whole page in the language of the moment.
function build() {
  document.documentElement.lang = locale();
  document.title = t(whats[head.what]) + " · pamsync";
  document.getElementById("app").replaceChildren(
    el("a", { class: "skip", href: "#list" }, t("page_skip")),
    el("header", {}, el("span", { class: "brand" }, "pamsync", el("span", { class: "quiet" }, " · " + t(kinds[head.what]))), languageSwitch()),
    el("main", {}, [verdictPart(), factsPart(), accountPart(), chartsPart(), exceptionsPart(), boundaryPart(), listPart(), certificatePart()].filter(Boolean)),
    el("footer", {}, cert.anonymised ? t("page_ev_footer_anonymised") : t("page_ev_footer")));
  for (const name of ["sessions", "exceptions", "boundary"]) if (lists[name]) lists[name].draw();
}

const paperMost = 500; // of what a reader on paper can do without

// toPaper puts the first rows of each list where they are printed, whatever is filtered on the screen.
function toPaper() {
  readSome(Infinity);
  fromPaper();
  const part = (list, title, rows, total) => list && rows.length > 0 && el("section", {}, el("h2", {}, title + " (" + n(total) + ")"),
    el("table", { class: list.table.className }, list.table.querySelector("colgroup").cloneNode(true),
      el("thead", {}, el("tr", {}, [...list.table.querySelectorAll("thead th")].map((h) => el("th", { scope: "col" }, h.textContent)))),
      el("tbody", {}, Array.from({ length: Math.min(paperMost, rows.length) }, (_, i) => list.line(rows.at(i))))),
    total > paperMost ? el("p", { class: "quiet" }, t("page_ev_paper_more", { n: total - Math.min(paperMost, rows.length) })) : null);
  document.querySelector("footer").before(el("div", { id: "paper" }, [
    part(lists.exceptions, t("page_ev_exceptions"), exceptions, head.findings), part(lists.boundary, t("page_ev_boundary"), head.boundary, head.boundary.length + head.boundary_more),
    part(lists.sessions, t(whats[head.what]), records, head.total)].filter(Boolean)));
}

function fromPaper() {
  const paper = document.getElementById("paper");
  if (paper) paper.remove();
}

function keys(event) {
  const typing = event.target instanceof Element && event.target.closest("input, textarea");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    lists.search.focus();
  }
}

const firstBlock = document.querySelector("script.rows");
if (firstBlock) readBlock(firstBlock);
build();
document.addEventListener("keydown", keys);
addEventListener("beforeprint", toPaper);
addEventListener("afterprint", fromPaper);
whenWhole(() => {
  if (isCut()) return build();
  for (const name of ["sessions", "exceptions"]) if (lists[name]) lists[name].draw();
});
readAll();
