// Two small charts, each with its table.
const chartSigns = ["+", "~", "^", "-"].filter((sign) => bulkSigns.length === 0 || head.actions[sign] > 0).concat(bulkSigns);

function chart(id, title, bars, name, more) {
  if (bars.length === 0) return null;
  const top = Math.max(...bars.map((b) => b.total));
  const width = 560, left = 150, right = 56, line = 26;
  const scale = (width - left - right) / top;
  const drawing = svg("svg", { class: "chart", viewBox: "0 0 " + width + " " + bars.length * line, role: "img", "aria-label": title });
  bars.forEach((b, i) => {
    const y = i * line;
    const label = name(b);
    drawing.append(svg("text", { x: left - 10, y: y + 17, class: "label", "text-anchor": "end" }, label.length > 20 ? label.slice(0, 19) + "…" : label, svg("title", {}, label)));
    let x = left;
    for (const sign of chartSigns) {
      const count = b.parts[sign] || 0;
      if (count === 0) continue;
      const w = Math.max(count * scale, 1.5);
      drawing.append(svg("rect", { x: x, y: y + 4, width: Math.max(w - 1, 1), height: line - 9, class: "bar is-" + actionWords[sign][1] }, svg("title", {}, label + ": " + n(count) + " " + actionWord(sign))));
      if (w > 16) drawing.append(svg("text", { x: x + w / 2, y: y + 17, class: "inside", "text-anchor": "middle", "aria-hidden": "true" }, sign === "-" ? "−" : sign));
      x += w;
    }
    drawing.append(svg("text", { x: x + 6, y: y + 17, class: "value" }, n(b.total)));
  });
  const table = twin([t("page_chart_of"), ...chartSigns.map((s) => s + " " + actionWord(s)), t("page_total")],
    bars.map((b) => [name(b), ...chartSigns.map((s) => b.parts[s] || 0), b.total]));
  return el("figure", {}, el("figcaption", { id: id }, title), drawing, more ? el("p", { class: "quiet" }, more) : null,
    el("details", {}, el("summary", {}, t("page_as_table")), el("div", { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": id }, table)));
}

function chartsPart() {
  const kinds = chart("by-kind", t("page_by_kind"), head.by_kind || [], (b) => worded(kindsWords, b.name));
  const sites = chart("by-site", t("page_by_site"), head.by_site || [], (b) => b.name, head.more_sites ? t("page_more_sites", { n: head.more_sites }) : null);
  if (!kinds && !sites) return null;
  const legend = el("p", { class: "legend" }, chartSigns.map((s) => [actionMark(s), " "]));
  return el("section", { "aria-labelledby": "charts" }, el("h2", { id: "charts" }, t("page_charts")), legend, el("div", { class: "figures" }, kinds, sites));
}
