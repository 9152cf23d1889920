function languageSwitch() {
  const choice = (code, label) => button({ class: "chip", lang: code === "pt" ? "pt-BR" : "en", "aria-pressed": String(lang === code), "data-lang": code }, () => {
    lang = code;
    build();
    if (!whole) first();
    whenWhole(draw);
    document.querySelector("[data-lang=" + code + "]").focus();
  }, label);
  return el("div", { class: "languages", role: "group", "aria-label": t("page_language") }, choice("pt", "Português"), choice("en", "English"));
}

// parts in the order of a reader's questions: may it, what is it made of, and then each change;
// of a result, how each change ended comes before all that the plan's page told already.
function parts() {
  if (head.page === "plan") return [verdictPart(), factsPart(), guardsPart(), accountPart(), chartsPart(), originPart(), warningsPart(), listPart()];
  return [verdictPart(), factsPart(), accountPart(), listPart(), chartsPart(), originPart()];
}

// build draws the whole page in the language of the moment.
function build() {
  const kind = head.page === "plan" ? t("page_kind_plan") : t("page_kind_result");
  document.documentElement.lang = locale();
  document.title = head.page === "plan" ? t("page_title_plan", { run: head.facts.run }) : t("page_title_result", { run: head.facts.run });
  document.getElementById("app").replaceChildren(
    el("a", { class: "skip", href: "#list" }, t("page_skip")),
    el("header", {}, el("span", { class: "brand" }, "pamsync", el("span", { class: "quiet" }, " · " + kind)), languageSwitch()),
    el("main", {}, parts().filter(Boolean)),
    el("footer", {}, t("page_footer")));
}

function keys(event) {
  const typing = event.target instanceof Element && event.target.closest("input, textarea");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    list.search.focus();
  }
}

readFirst();
build();
first();
document.addEventListener("keydown", keys);
addEventListener("beforeprint", toPaper);
addEventListener("afterprint", fromPaper);
whenWhole(() => readAhead(0));
readWhenLoaded();
