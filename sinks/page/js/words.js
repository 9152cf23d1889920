// The page's texts, in the language of the moment.
const head = JSON.parse(document.getElementById("head").textContent);
let lang = head.lang;

// say picks from a pair of texts, English and Portuguese.
function say(pair) {
  return pair[lang === "pt" ? 1 : 0];
}

function locale() {
  return lang === "pt" ? "pt-BR" : "en";
}

const formats = { en: new Intl.NumberFormat("en"), pt: new Intl.NumberFormat("pt-BR") };

function n(number) {
  return formats[lang].format(number);
}

// t is a text of the page; {name} is an argument, {name|one|many} the form that its number asks for.
function t(key, args) {
  return head.texts[lang][key].replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (whole, name, one, many) => {
    const value = args[name];
    if (many !== undefined) return value === 1 ? one : many;
    return typeof value === "number" ? n(value) : value;
  });
}

function worded(table, name) {
  return Object.hasOwn(table, name) ? t(table[name]) : name;
}

function moment(text) {
  const at = new Date(text);
  if (!text || isNaN(at)) return text || "";
  const shown = new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23", timeZone: "UTC" }).format(at);
  return el("time", { datetime: text }, shown + " UTC");
}

const ascii = /^[\x00-\x7f]*$/;

// fold makes texts comparable: no case, no accents.
function fold(text) {
  const low = text.toLowerCase();
  return ascii.test(low) ? low : low.normalize("NFD").replace(/[\u0300-\u036f]/g, "");
}

// natural makes numbers in a text compare as numbers: srv-9 before srv-10.
function natural(text) {
  return fold(text || "").replace(/\d+/g, (digits) => digits.replace(/^0+(?=\d)/, "").padStart(12, "0"));
}
