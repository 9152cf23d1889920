// One line of the list, drawn when it comes into view.
const open = new Set(); // rows whose cascade is unfolded
let allOpen = false;

function fieldItem(row, f) {
  const field = el("span", { class: "field" }, worded(fieldWords, f[0]));
  if (f.length === 1) return el("li", {}, field, " ", el("em", {}, t("page_secret")));
  const cell = f[3] && f[3] !== row.c ? el("span", { class: "cell" }, f[3]) : null;
  if (row.a === "+") return el("li", {}, field, " ", el("ins", {}, f[2]), cell);
  if (row.a === "-") return el("li", {}, field, " ", el("span", { class: "was" }, f[1]));
  const before = f[1] ? el("del", {}, f[1]) : el("span", { class: "quiet" }, head.write_only.includes(f[0]) ? t("page_not_shown") : t("page_empty"));
  return el("li", {}, field, " ", before, el("span", { class: "to" }, " → "), f[2] ? el("ins", {}, f[2]) : el("span", { class: "quiet" }, t("page_empty")), cell);
}

function noteItem(m) {
  const hint = say(m.note.hint);
  return el("div", { class: "message" }, m.place ? el("span", { class: "place" }, m.place + " ") : null, say(m.note.say), m.column ? " (" + m.column + ")" : null,
    hint ? el("span", { class: "hint" }, t("page_hint"), " ", hint) : null);
}

function itemText(d) {
  return el("li", {}, el("span", { class: "kind" }, worded(kindWords, d[0])), " ", el("b", {}, d[1]), " ", el("span", { class: "id" }, "id " + d[2]),
    d[3] ? el("span", { class: "quiet" }, " " + d[3] + (d[4] ? ", " + d[4] : "")) : null);
}

// cascade is the button that unfolds what a device takes along, and the list below it.
function cascade(row, unfolded) {
  const list = el("ul", { class: "items" });
  const show = (yes) => {
    list.hidden = !yes;
    list.replaceChildren(...(yes ? row.d.map(itemText) : []));
  };
  const fold = button({ class: "unfold", "aria-expanded": String(unfolded) }, () => {
    const now = fold.getAttribute("aria-expanded") !== "true";
    fold.setAttribute("aria-expanded", String(now));
    if (now) open.add(row);
    else open.delete(row);
    show(now);
  }, t("page_takes", { n: row.d.length }));
  show(unfolded);
  return [fold, list];
}

function whatCell(row, unfolded) {
  const parts = row.notes.map(noteItem);
  if (row.f) {
    if (row.a === "-") parts.push(el("span", { class: "quiet" }, t("page_was")));
    parts.push(el("ul", { class: row.a === "+" || row.a === "-" ? "fields flow" : "fields" }, row.f.map((f) => fieldItem(row, f))));
  }
  if (row.d) {
    if (row.a === "-") parts.push(...cascade(row, unfolded));
    else parts.push(el("span", { class: "quiet" }, t("page_candidates")), el("ul", { class: "items" }, row.d.map(itemText)));
  }
  if (row.p > 1) parts.push(el("span", { class: "quiet" }, t("page_attempts", { n: row.p })));
  return parts;
}

function sourceCell(row) {
  const reason = row.r && el("div", {}, worded(ruleWords, row.r), row.v ? " (" + t("page_run").toLowerCase() + " " + row.v + ")" : null);
  const places = row.c ? [row.c] : [];
  if (!row.c || row.s && row.s.length > 1) for (const s of row.s || []) if (rowPlace(s) !== row.c) places.push(rowPlace(s));
  const known = row.notes.map((m) => m.place);
  return [reason, places.filter((p) => !known.some((k) => k === p || k.startsWith(p + ":"))).map((p) => el("div", { class: "place" }, p))];
}

function line(row, unfolded) {
  const cell = (label, className, ...content) => el("td", { class: className, "data-label": label }, ...content);
  return el("tr", {},
    row.t ? cell(t("page_col_status"), "status", statusMark(row.t)) : null,
    cell(t("page_col_action"), "action", row.t === "held" || row.t === "rejected" ? null : actionMark(row.a)),
    cell(t("page_col_kind"), "kind", worded(kindWords, row.k)),
    el("th", { scope: "row", "data-label": t("page_col_key") }, row.n || ""),
    cell(t("page_col_id"), "id", row.i || ""),
    cell(t("page_col_what"), "what", whatCell(row, unfolded)),
    cell(t("page_col_source"), "source", sourceCell(row)));
}
