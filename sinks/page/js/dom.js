// Elements are built of text nodes and attributes; no text is ever read as HTML.
const svgSpace = "http://www.w3.org/2000/svg";

function dress(node, attributes, children) {
  for (const name in attributes) {
    const value = attributes[name];
    if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== undefined && value !== null) node.setAttribute(name, value);
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) node.append(child);
  }
  return node;
}

function el(name, attributes, ...children) {
  return dress(document.createElement(name), attributes, children);
}

function svg(name, attributes, ...children) {
  return dress(document.createElementNS(svgSpace, name), attributes, children);
}

function button(attributes, onclick, ...children) {
  const node = el("button", Object.assign({ type: "button" }, attributes), ...children);
  node.addEventListener("click", onclick);
  return node;
}

// twin is a table: the words of a chart, or any small set of rows.
function twin(heads, rows) {
  const cell = (text, i) => i === 0 ? el("th", { scope: "row" }, text) : el("td", { class: typeof text === "number" ? "number" : null }, typeof text === "number" ? n(text) : text);
  return el("table", { class: "small" },
    el("thead", {}, el("tr", {}, heads.map((h) => el("th", { scope: "col" }, h)))),
    el("tbody", {}, rows.map((r) => el("tr", {}, r.map(cell)))));
}

function fact(name, ...value) {
  return el("div", { class: "fact" }, el("dt", {}, name), el("dd", {}, ...value));
}
