// What a cell shows: the vault's own text, and beside it what was derived of it.

// plainly shows signs that are not seen, or that turn the text round, as what they are.
function plainly(text) {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (sign) => "⟨U+" + sign.codePointAt(0).toString(16).toUpperCase().padStart(4, "0") + "⟩");
}

function raw(cells, name) {
  return plainly(cells[column[name]]);
}

// over is a raw text with a derived one, or a smaller one, below it.
function over(first, ...below) {
  const lines = below.filter(Boolean);
  return [first ? el("div", {}, first) : null, lines.map((line) => el("div", { class: "below" }, line))];
}

const ruleWords = {
  no_ticket: "page_ev_rule_no_ticket", outside_hours: "page_ev_rule_outside_hours", too_long: "page_ev_rule_too_long", unfinished: "page_ev_rule_unfinished",
  reversed: "page_ev_rule_reversed", other_network: "page_ev_rule_other_network", unknown_target: "page_ev_rule_unknown_target",
  unknown_credential: "page_ev_rule_unknown_credential", purge_near: "page_ev_rule_purge_near",
};

function findingsOf(cells) {
  const found = cells[width];
  if (!found) return null;
  const lines = [];
  for (let i = 0; i < found.length; i += 2) lines.push(el("div", { class: "flag" }, worded(ruleWords, found[i])));
  return lines;
}

// labelled is a text behind the vault's own name for it.
function labelled(name, text) {
  return text && el("span", {}, el("span", { class: "field" }, name), " ", text);
}

function target(cells) {
  const device = raw(cells, "device"), host = raw(cells, "host"), port = raw(cells, "port");
  return over(device, port ? host + " · " + port : host !== device && host);
}

// sessionColumns are those of the list of sessions; sort is the column that its head sorts by.
function sessionColumns() {
  const derived = (name) => (cells) => over(raw(cells, name), raw(cells, name + "_utc"));
  return [
    { name: "id", label: "id", sort: "id", kind: "natural", cell: (c) => [raw(c, "id"), c[column.revision] !== "1" ? el("div", { class: "below" }, t("page_ev_revision", { n: Number(c[column.revision]) })) : null, findingsOf(c)] },
    { name: "user", label: t("page_ev_col_user"), sort: "user", kind: "natural", cell: (c) => over(raw(c, "user"), raw(c, "origin_ip")) },
    { name: "credential", label: t("page_ev_col_credential"), sort: "credential", kind: "natural", cell: (c) => raw(c, "credential") },
    { name: "device", label: t("page_ev_col_device"), sort: "device", kind: "natural", cell: target },
    { name: "protocol", label: t("page_ev_col_protocol"), sort: "protocol", cell: (c) => over(raw(c, "protocol"), raw(c, "proxy")) },
    { name: "start", label: t("page_ev_col_start"), sort: "start", cell: derived("start") },
    { name: "end", label: t("page_ev_col_end"), sort: "end", cell: (c) => c[column.end] ? derived("end")(c) : el("em", {}, t("page_ev_open_one")) },
    { name: "time", label: t("page_ev_col_time"), sort: "duration_s", kind: "number", cell: (c) => over(raw(c, "time"), c[column.duration_s] && raw(c, "duration_s") + " s") },
    { name: "ticket", label: t("page_ev_col_ticket"), sort: "request", kind: "natural", cell: (c) => [labelled("request", raw(c, "request")), " ", labelled("ITSM", raw(c, "ITSM"))] },
    { name: "session", label: "session_id", sort: "session_id", cell: (c) => over(el("code", {}, raw(c, "session_id")), labelled("prevent_purge", raw(c, "prevent_purge")), labelled("supersedes", raw(c, "supersedes"))) },
  ];
}

// plainColumns are those of the vault's lists of devices and credentials, by their own names.
function plainColumns() {
  return head.columns.map((name) => ({ name: name, label: name, sort: name, kind: "natural", cell: (c) => raw(c, name) }));
}

// exceptionColumns are those of the findings, [place of the record, rule, evidence].
function exceptionColumns() {
  const by = (name) => (e) => cellAt(e[0], column[name]);
  const of = (name) => (e) => plainly(cellAt(e[0], column[name]));
  return [
    { name: "rule", label: t("page_ev_col_rule"), by: (e) => e[1], cell: (e) => over(worded(ruleWords, e[1]), el("code", {}, e[1])) },
    { name: "evidence", label: t("page_ev_col_evidence"), by: (e) => e[2], kind: "natural", cell: (e) => plainly(e[2]) },
    { name: "id", label: "id", by: by("id"), kind: "natural", cell: of("id") },
    { name: "user", label: t("page_ev_col_user"), by: by("user"), kind: "natural", cell: (e) => over(of("user")(e), of("origin_ip")(e)) },
    { name: "credential", label: t("page_ev_col_credential"), by: by("credential"), kind: "natural", cell: of("credential") },
    { name: "device", label: t("page_ev_col_device"), by: by("device"), kind: "natural", cell: (e) => target(records.at(e[0])) },
    { name: "start", label: t("page_ev_col_start"), by: by("start"), cell: (e) => over(of("start")(e), of("start_utc")(e)) },
  ];
}
