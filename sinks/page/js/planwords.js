// What a plan and a result are told in.
const actionWords = {
  "+": ["page_create", "create"], "~": ["page_update", "update"], "^": ["page_reactivate", "reactivate"], "-": ["page_inactivate", "inactivate"],
  "!": ["page_held", "held"], "x": ["page_rejected", "rejected"], ".": ["page_left", "left"], "?": ["page_other", "left"],
  ">": ["page_open", "create"], "%": ["page_drop", "inactivate"], "<": ["page_release", "reactivate"], "@": ["page_read", "left"], // of the bulk verbs, and of exports of secrets
};
const bulkSigns = [">", "%", "<", "@"].filter((sign) => head.actions[sign] > 0);
const actionOrder = (bulkSigns.length > 0 ? bulkSigns : ["+", "~", "^", "-"]).concat(["!", "x", "."]);
const kindWords = { d: "page_device", c: "page_credential", k: "page_key", i: "page_info", s: "page_session" };
const kindsWords = { d: "page_devices", c: "page_credentials", k: "page_keys", i: "page_infos", s: "page_sessions" };
const statusWords = {
  done: ["page_done", "✓"], failed: ["page_failed", "×"], skipped: ["page_skipped", "»"], unknown: ["page_unknown", "?"],
  held: ["page_held", "!"], rejected: ["page_rejected", "×"],
};
const statusOrder = ["failed", "unknown", "held", "rejected", "skipped", "done"];
const ruleWords = {
  not_in_vault: "page_rule_new", fields_differ: "page_rule_differs", known_inactive: "page_rule_inactive",
  dragged_down: "page_rule_dragged", not_in_inventory: "page_rule_missing", decided_rename: "page_rule_renamed", asked: "page_rule_asked", matched: "page_rule_matched",
};
const limitWords = { inactivate: "page_limit_inactivate", cascade: "page_limit_cascade", update: "page_limit_update", create: "page_limit_create", reactivate: "page_limit_reactivate", drop: "page_limit_drop" };
const fieldWords = {
  hostname: "page_field_hostname", ip: "page_field_ip", site: "page_field_site", model: "page_field_model", vendor: "page_field_vendor", type: "page_field_type",
  device_domain: "page_field_device_domain", device_tags: "page_field_device_tags", connectivities: "page_field_connectivities",
  session_remote_config: "page_field_session", identifier: "page_field_identifier", username: "page_field_username",
  credential_type: "page_field_credential_type", domain: "page_field_domain", additional: "page_field_additional", tags: "page_field_tags",
  parent: "page_field_parent", content: "page_field_content",
};
const policyWords = {
  keep: "page_policy_keep", report: "page_policy_report", inactivate: "page_policy_inactivate",
  ours: "page_policy_ours", any: "page_policy_any", never: "page_policy_never",
  on_create: "page_policy_on_create", always: "page_policy_always", overwrite: "page_policy_overwrite",
};

function actionWord(sign) {
  return t(actionWords[sign][0]);
}

function statusWord(status) {
  return Object.hasOwn(statusWords, status) ? t(statusWords[status][0]) : status;
}

function actionMark(sign, count) {
  return el("span", { class: "mark is-" + actionWords[sign][1] },
    el("span", { class: "sign", "aria-hidden": "true" }, sign === "." ? "·" : sign === "-" ? "−" : sign === "x" ? "×" : sign), " ", count || actionWord(sign));
}

function statusMark(status) {
  const known = Object.hasOwn(statusWords, status);
  return el("span", { class: "mark is-" + (known ? status : "left") },
    el("span", { class: "sign", "aria-hidden": "true" }, known ? statusWords[status][1] : "·"), " ", statusWord(status));
}
