// The charts: each is a picture with its words, and the table that it is drawn from.
const chartMost = 15;

function months(tallies) {
  return Object.keys(tallies).sort().map((name) => [name, tallies[name]]);
}

function largest(tallies) {
  return Object.keys(tallies).sort().map((name) => [name, tallies[name]]).sort((a, b) => b[1].sessions - a[1].sessions);
}

function chartsPart() {
  const totals = head.certificate.totals;
  if (!totals) return null;
  const rules = Object.entries(head.certificate.findings || {}).map(([rule, n]) => [worded(ruleWords, rule), { sessions: n }]).sort((a, b) => b[1].sessions - a[1].sessions);
  return el("section", { "aria-labelledby": "charts" }, el("h2", { id: "charts" }, t("page_ev_charts")), el("div", { class: "figures" },
    figure("by-month", t("page_ev_by_month"), months(totals.months), standing),
    figure("by-protocol", t("page_ev_by_protocol"), largest(totals.protocols), lying),
    figure("by-user", t("page_ev_by_user"), largest(totals.users), lying),
    rules.some((rule) => rule[1].sessions > 0) ? figure("by-finding", t("page_ev_by_finding"), rules, lying) : null));
}

function figure(id, title, all, draw) {
  const shown = draw === standing ? all.slice(-60) : all.slice(0, chartMost);
  const more = all.length - shown.length;
  const named = (name) => name ? plainly(name) : t("page_ev_none");
  const sum = all.reduce((n, a) => n + a[1].sessions, 0);
  const top = all.reduce((a, b) => b[1].sessions > a[1].sessions ? b : a);
  const drawing = draw(shown.map(([name, tally]) => [named(name), tally.sessions]));
  dress(drawing, { role: "img", "aria-labelledby": id + "-title " + id + "-desc" }, []);
  drawing.prepend(svg("title", { id: id + "-title" }, title),
    svg("desc", { id: id + "-desc" }, t("page_ev_chart_desc", { n: all.length, sum: sum, top: named(top[0]), most: top[1].sessions })));
  const hours = all.every((a) => a[1].seconds !== undefined);
  const table = twin([title, t("page_ev_sessions"), ...(hours ? [t("page_ev_hours")] : [])],
    all.slice(0, 1000).map(([name, tally]) => [named(name), tally.sessions, ...(hours ? [Math.floor(tally.seconds / 36) / 100] : [])]));
  return el("figure", { id: id }, el("figcaption", { id: id + "-caption" }, title), drawing,
    more > 0 ? el("p", { class: "quiet" }, t("page_ev_chart_more", { n: more })) : null,
    el("details", {}, el("summary", {}, t("page_as_table")), el("div", { class: "scroll tall", tabindex: "0", role: "region", "aria-labelledby": id + "-caption" }, table),
      all.length > 1000 ? el("p", { class: "quiet" }, t("page_ev_chart_more", { n: all.length - 1000 })) : null));
}

function cut(text, most) {
  return text.length > most ? text.slice(0, most - 1) + "…" : text;
}

// lying are bars from left to right, each with its name before it and its number behind.
function lying(bars) {
  const width = 560, left = 196, right = 70, line = 26;
  const scale = (width - left - right) / Math.max(1, ...bars.map((b) => b[1]));
  const drawing = svg("svg", { class: "chart", viewBox: "0 0 " + width + " " + bars.length * line });
  bars.forEach(([name, count], i) => {
    const y = i * line, w = Math.max(count * scale, 1.5);
    drawing.append(svg("text", { x: left - 10, y: y + 17, class: "label", "text-anchor": "end" }, cut(name, 24), svg("title", {}, name)),
      svg("rect", { x: left, y: y + 4, width: w, height: line - 9, rx: 2, class: "bar" }, svg("title", {}, name + ": " + n(count))),
      svg("text", { x: left + w + 6, y: y + 17, class: "value" }, n(count)));
  });
  return drawing;
}

// standing are columns in the order of time, on a ground line, with as many names below as there is room for.
function standing(bars) {
  const width = 560, height = 236, ground = 200, top = 20;
  const most = Math.max(1, ...bars.map((b) => b[1])), each = Math.min(width / Math.max(bars.length, 1), 90), room = Math.ceil(58 / each);
  const drawing = svg("svg", { class: "chart", viewBox: "0 0 " + width + " " + height });
  bars.forEach(([name, count], i) => {
    const h = Math.max(count * (ground - top) / most, 1.5), x = i * each, middle = x + each / 2;
    drawing.append(svg("rect", { x: x + each * 0.12, y: ground - h, width: each * 0.76, height: h, rx: 2, class: "bar" }, svg("title", {}, name + ": " + n(count))));
    if (each > 40) drawing.append(svg("text", { x: middle, y: ground - h - 5, class: "value", "text-anchor": "middle" }, n(count)));
    if (i % room === 0) drawing.append(svg("text", { x: middle, y: ground + 20, class: "label", "text-anchor": "middle" }, cut(name, 10)));
  });
  drawing.append(svg("line", { x1: 0, x2: width, y1: ground + 0.5, y2: ground + 0.5, class: "ground" }));
  return drawing;
}
