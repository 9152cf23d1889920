package page_test

import (
	"testing"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"pamsync/schemas/words"
)

// watch notes, in milliseconds since the navigation, when the first rows were drawn and on the
// screen: two frames after they are there.
const watch = `new MutationObserver((changes, observer) => {
	if (!document.querySelector("#list tbody tr")) return;
	observer.disconnect();
	requestAnimationFrame(() => requestAnimationFrame(() => { window.painted = performance.now(); }));
}).observe(document, { childList: true, subtree: true });`

// timed does something that changes the list, and gives the milliseconds until its first rows
// are on the screen, and until all of its 200 are: a task after the frame that shows them.
const timed = `(action) => new Promise((done) => {
	const list = document.querySelector("#list"), start = performance.now();
	const after = (call) => { const c = new MessageChannel(); c.port1.onmessage = call; c.port2.postMessage(0); };
	let first = 0;
	const observer = new MutationObserver(() => after(() => { first = first || performance.now() - start; }));
	observer.observe(list.querySelector("tbody"), { childList: true });
	const look = () => list.getAttribute("aria-busy") === "false" && first > 0
		? after(() => { observer.disconnect(); done([first, performance.now() - start]); }) : requestAnimationFrame(look);
	action();
	look();
})`

// BenchmarkPage100k opens a page of 100,000 changes in Chromium. It reports the milliseconds
// from the navigation until the first rows are painted, until all rows are read and a search is
// prepared, and of a counter, of a search, of taking them back and of a sort, each until its
// first rows are painted and until all 200 are ("-all"): the slowest of all rounds. The "early"
// ones come while the page still reads its rows.
func BenchmarkPage100k(b *testing.B) {
	browser := startBrowser(b)
	text := planText(b, words.English, bigPlan(b, 100_000))
	path := writePage(b, text)
	tab := newTab(b, browser)
	send(tab, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: watch})
	tab.visit(path)
	slowest := map[string]float64{}
	for b.Loop() {
		round(tab, path, slowest)
	}
	for name, ms := range slowest {
		b.ReportMetric(ms, name)
	}
	b.ReportMetric(float64(len(text))/1e6, "MB")
}

func round(tab *tab, path string, slowest map[string]float64) {
	note := func(name string, ms float64) { slowest[name] = max(slowest[name], ms) }
	measure := func(name, action string) {
		ms, err := chromedp.Run(tab.ctx, chromedp.Evaluate[[]float64]("("+timed+")(() => {"+action+"})", chromedp.EvalAwaitPromise))
		if err != nil {
			tab.t.Fatal(err)
		}
		note(name+"-ms", ms[0])
		note(name+"-all-ms", ms[1])
	}
	tab.visit(path)
	tab.wait(`window.painted > 0`)
	note("paint-ms", value[float64](tab, `window.painted`))
	note("fcp-ms", value[float64](tab, `performance.getEntriesByName("first-contentful-paint")[0].startTime`))
	measure("early-filter", `document.querySelector("[data-filter=update]").click()`)
	measure("early-clear", `document.querySelector("[data-filter=update]").click()`)
	tab.wait(`document.documentElement.dataset.ready === "yes"`)
	note("ready-ms", value[float64](tab, `performance.now()`))
	measure("filter", `document.querySelector("[data-filter=inactivate]").click()`)
	measure("clear", `document.querySelector("[data-filter=inactivate]").click()`)
	search := func(text string) string {
		return `const s = document.querySelector("#search"); s.value = "` + text + `"; s.dispatchEvent(new Event("input"))`
	}
	measure("search", search("srv-0999"))
	measure("search-clear", search(""))
	measure("sort", `document.querySelector("#list th:nth-child(3) button").click()`)
	measure("sort-clear", `document.querySelector("#list th:nth-child(3) button").click(); document.querySelector("#list th:nth-child(3) button").click()`)
}
