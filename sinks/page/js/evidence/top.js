// What stands above the lists: what was exported, of what, by which filters, and whether it adds up.
const cert = head.certificate;

function verdictPart() {
  const ids = cert.ids;
  const cut = isCut();
  const notes = [
    cut ? t("page_ev_cut", { n: rows.length, total: head.total }) : null,
    cert.anonymised ? t("page_ev_anonymised", { check: cert.anonymised.key_check }) : null,
    head.findings > 0 ? t("page_ev_has_findings", { n: head.findings }) : null,
    limits[cert.server_limit] ? t(limits[cert.server_limit], { n: cert.read }) : null,
    cert.unreadable_times > 0 ? t("page_ev_unreadable", { n: cert.unreadable_times }) : null,
    ids.gaps > 0 ? t("page_ev_has_gaps", { n: ids.gaps, missing: ids.missing }) : null,
    ids.repeated > 0 ? t("page_ev_has_repeated", { n: ids.repeated }) : null,
    cert.since_last ? t("page_ev_since", { certificate: String(cert.since_last.certificate), ended: cert.since_last.ended, purged: cert.since_last.purged }) : null,
  ].filter(Boolean);
  return el("section", { class: "verdict is-" + (cut ? "stop" : notes.length ? "warn" : "go"), "aria-labelledby": "verdict" },
    el("h1", { id: "verdict" }, t(written[head.what], { n: cert.written })),
    el("p", { class: "sum" }, period()),
    notes.length ? el("ul", { class: "problems plain", role: cut ? "alert" : null }, notes.map((note) => el("li", {}, note))) : null,
    head.total > 0 ? el("a", { class: "go", href: "#list" }, t("page_ev_to_list")) : null);
}

const limits = { reached: "page_ev_limit_reached", suspected: "page_ev_limit_suspected" };
const written = { sessions: "page_ev_n_sessions", devices: "page_ev_n_devices", credentials: "page_ev_n_credentials" };
const whats = { sessions: "page_ev_sessions", devices: "page_ev_devices", credentials: "page_ev_credentials" };
const kinds = { sessions: "page_ev_kind_sessions", devices: "page_ev_kind_devices", credentials: "page_ev_kind_credentials" };
const bys = { start: "page_ev_by_start", end: "page_ev_by_end", overlap: "page_ev_by_overlap" };

function period() {
  if (!cert.from && !cert.to) return t("page_ev_no_period");
  return t("page_ev_period", { from: cert.from || "…", to: cert.to || "…", by: worded(bys, cert.by) });
}

function factsPart() {
  const filters = [...(cert.match || []), ...(cert.networks || []).map((net) => t("page_ev_from_network", { network: net })), cert.only_open ? t("page_ev_only_open") : null].filter(Boolean);
  const f = (key, value) => value ? fact(t(key), value) : null;
  return el("dl", { class: "facts" },
    f("page_vault", cert.vault), f("page_ev_tenant", cert.tenant), f("page_client", cert.client_id), f("page_made", moment(cert.made)),
    f("page_ev_operator", cert.by_operator), f("page_ev_host", cert.host), f("page_tool", cert.tool), f("page_ev_zone", cert.zone),
    fact(t("page_ev_match"), filters.length ? el("ul", {}, filters.map((text) => el("li", {}, el("code", {}, plainly(text))))) : t("page_ev_no_filter")),
    f("page_ev_request_line", cert.request && el("code", {}, cert.request)));
}

const reasons = { match: "page_ev_left_match", period: "page_ev_left_period", exported_before: "page_ev_left_exported_before", network: "page_ev_left_network", no_address: "page_ev_left_no_address", ended: "page_ev_left_ended" };

function accountPart() {
  const term = (number, text) => el("div", { class: "term" }, el("b", {}, n(number)), el("span", {}, text));
  const sign = (text) => el("span", { class: "operator" }, text);
  const left = Object.entries(cert.left_out_by || {}).filter((r) => r[1] > 0);
  return el("section", { "aria-labelledby": "account" }, el("h2", { id: "account" }, t("page_ev_account")),
    el("div", { class: "account" }, term(cert.read, t("page_ev_received")), sign("="), term(cert.written, t("page_ev_written")),
      left.length ? left.map(([reason, count]) => [sign("+"), term(count, t("page_ev_left_by", { reason: worded(reasons, reason) }))]) : [sign("+"), term(cert.left_out, t("page_ev_left"))]),
    cert.announced === undefined ? null : el("p", { class: "quiet" }, t("page_ev_announced", { n: cert.announced })));
}

function idsPart() {
  const ids = cert.ids;
  return el("dl", { class: "facts" },
    ids.first ? fact(t("page_ev_ids"), ids.first + " – " + ids.last) : null,
    fact(t("page_ev_gaps"), n(ids.gaps), ids.gaps ? " (" + t("page_ev_gap_ids", { n: ids.missing }) + ")" : null),
    fact(t("page_ev_repeated"), n(ids.repeated)),
    head.what === "sessions" ? fact(t("page_ev_open"), n(cert.open)) : null,
    ids.gap_ranges ? el("div", { class: "fact wide" }, el("dt", {}, t("page_ev_gap_ranges")), el("dd", {}, el("details", {}, el("summary", {}, t("page_ev_show")), el("code", {}, ids.gap_ranges.join(", "))))) : null);
}

function certificatePart() {
  return el("section", { "aria-labelledby": "certificate" }, el("h2", { id: "certificate" }, t("page_ev_certificate")),
    el("p", { class: "lead" }, t("page_ev_certificate_text", { file: head.manifest })),
    head.beside && head.beside.length ? el("p", { class: "lead" }, t("page_ev_beside", { files: head.beside.join(", ") })) : null,
    idsPart(),
    el("dl", { class: "facts" }, cert.begun ? fact(t("page_ev_begun"), moment(cert.begun)) : null,
      cert.answer ? fact(t("page_ev_answer"), n(cert.answer.bytes) + " bytes") : null,
      cert.anonymised ? fact(t("page_ev_anonymised_fields"), el("code", {}, cert.anonymised.fields.join(", "))) : null,
      cert.answer && cert.answer.sha256 ? el("div", { class: "fact wide" }, el("dt", {}, t("page_ev_answer_sum")), el("dd", {}, el("code", {}, cert.answer.sha256))) : null));
}
