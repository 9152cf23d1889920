// What stands above the list: the verdict, what the page is about, the guards, the account.
function verdictPart() {
  const c = head.actions;
  const bulk = { open: "page_sum_open", drop: "page_sum_drop", release: "page_sum_release" }[head.bulk];
  const counts = head.page === "plan" && bulk ? t(bulk, { n: (c[">"] || 0) + (c["%"] || 0) + (c["<"] || 0) })
    : head.page === "plan" ? t("page_sum_plan", { create: c["+"], update: c["~"], reactivate: c["^"], inactivate: c["-"] })
    : t("page_sum_result", { done: head.statuses.done, failed: head.statuses.failed, skipped: head.statuses.skipped, unknown: head.statuses.unknown });
  const waits = c["!"] + c.x > 0 && t("page_sum_waits", { held: c["!"], rejected: c.x });
  const taken = head.page === "plan" && head.dragged > 0 && t("page_sum_dragged", { n: head.dragged, devices: head.going });
  return el("section", { class: "verdict is-" + head.level, "aria-labelledby": "verdict" },
    el("h1", { id: "verdict" }, say(head.verdict), head.exit === undefined ? null : el("span", { class: "exit" }, t("page_exit", { n: String(head.exit) }))),
    el("p", { class: "sum" }, counts, taken ? " " + taken : null),
    waits ? el("p", {}, waits) : null,
    head.stop.length ? el("ul", { class: "problems" }, head.stop.map(problemItem)) : null,
    head.total > 0 ? el("a", { class: "go", href: "#list" }, head.page === "plan" ? t("page_to_list") : t("page_to_results")) : null);
}

function problemItem(p) {
  return el("li", {}, p.place ? el("span", { class: "place" }, p.place + " ") : null, say(p.say), p.column ? " (" + p.column + ")" : null,
    say(p.hint) ? el("span", { class: "hint" }, t("page_hint"), " ", say(p.hint)) : null);
}

function factsPart() {
  const f = head.facts;
  return el("dl", { class: "facts" },
    fact(t("page_vault"), f.vault), fact(t("page_client"), f.client),
    fact(head.page === "plan" ? t("page_made") : t("page_started"), moment(f.made)),
    f.ended ? fact(t("page_ended"), moment(f.ended)) : null,
    fact(t("page_run"), el("code", {}, f.run)),
    f.planned && f.planned !== f.run ? fact(t("page_planned"), el("code", {}, f.planned)) : null,
    fact(t("page_tool"), f.tool),
    f.time ? fact(t("page_time"), t("page_time_text", { time: f.time, calls: f.calls, rps: f.rps })) : null,
    el("div", { class: "fact wide" }, el("dt", {}, t("page_digest")), el("dd", {}, el("code", {}, f.digest))));
}

function limitText(l) {
  const parts = [];
  if (l.limit.percent >= 0) parts.push(n(l.limit.percent) + " %");
  if (l.limit.count >= 0) parts.push(n(l.limit.count));
  if (l.limit.off || parts.length === 0) return t("page_limit_off", { n: l.n, total: l.total });
  return t("page_limit_use", { n: l.n, total: l.total, limit: parts.join(", "), floor: l.limit.floor });
}

function limitItem(l) {
  const state = l.stopped ? "stop" : l.share > 0.8 ? "near" : "fine";
  const bar = svg("svg", { class: "meter is-" + state, viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect", { class: "room", width: 100, height: 6 }), svg("rect", { class: "use", width: Math.min(100, l.share * 100), height: 6 }));
  return el("li", { class: l.stopped ? "limit stopped" : "limit" },
    el("span", { class: "limit-name" }, worded(limitWords, l.name), ", ", l.name === "cascade" ? t("page_all_kinds") : worded(kindsWords, l.kind), l.part ? ", " + l.part : null),
    bar, el("span", { class: "limit-text" }, limitText(l), " ", l.stopped ? el("strong", { class: "stops" }, t("page_stops")) : el("span", { class: "holds" }, t("page_within"))));
}

function guardsPart() {
  if (head.page !== "plan") return null;
  const free = head.stop.length === 0;
  return el("section", { "aria-labelledby": "guards" }, el("h2", { id: "guards" }, t("page_guards")),
    el("p", { class: "lead" }, free ? t("page_guards_free") : t("page_guards_stop", { n: head.stop.length })),
    head.limits && head.limits.length ? el("ul", { class: "limits" }, head.limits.map(limitItem)) : null);
}

function accountPart() {
  const r = head.rows;
  const term = (number, key, kind) => el("div", { class: "term " + (kind || "") }, el("b", {}, n(number)), el("span", {}, t(key)));
  const sign = (text) => el("span", { class: "operator" }, text);
  return el("section", { "aria-labelledby": "account" }, el("h2", { id: "account" }, t("page_account")),
    el("div", { class: "account" }, term(r.in, "page_rows_in"), sign("="), term(r.changed, "page_rows_changed"), sign("+"), term(r.unchanged, "page_rows_unchanged"),
      sign("+"), term(r.held, "page_rows_held"), sign("+"), term(r.rejected, "page_rows_rejected"), sign("+"), term(r.left_out, "page_rows_left")));
}

function originPart() {
  const p = head.policy;
  const wide = head.sources.length > 0 && el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("page_origin") },
    twin([t("page_source"), t("page_col_kind"), t("page_format"), t("page_rows"), "SHA-256"],
      head.sources.map((s) => [s.path, worded(kindsWords, s.kind), s.format, s.rows, el("code", {}, s.sha256)])));
  const policy = p && el("dl", { class: "facts" },
    p.devices ? fact(t("page_policy_devices"), worded(policyWords, p.devices)) : null,
    p.credentials ? fact(t("page_policy_credentials"), worded(policyWords, p.credentials)) : null,
    p.reactivate ? fact(t("page_policy_reactivate"), worded(policyWords, p.reactivate)) : null,
    p.secrets ? fact(t("page_policy_secrets"), worded(policyWords, p.secrets)) : null);
  if (!wide && !policy) return null;
  return el("section", { "aria-labelledby": "origin" }, el("h2", { id: "origin" }, t("page_origin")), wide, policy);
}

function warningsPart() {
  if (!head.warnings || head.warnings.length === 0) return null;
  const more = (head.more_warnings || 0) + Math.max(0, head.warnings.length - 200);
  return el("section", { "aria-labelledby": "warnings" }, el("h2", { id: "warnings" }, t("page_warnings", { n: head.warnings.length + (head.more_warnings || 0) })),
    el("ul", { class: "problems plain" }, head.warnings.slice(0, 200).map(problemItem)),
    more > 0 ? el("p", { class: "quiet" }, t("page_more", { n: more })) : null);
}
