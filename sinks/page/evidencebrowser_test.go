package page_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"

	"pamsync/schemas"
	"pamsync/schemas/words"
)

const (
	listed    = `document.querySelectorAll("#list .grid-part tbody tr").length`
	listIDs   = `[...document.querySelectorAll("#list .grid-part tbody th")].map((h) => h.firstChild.textContent).join(" ")`
	listSays  = `document.querySelector("#list .status").textContent`
	listIdle  = `document.querySelector("#list .grid-part").getAttribute("aria-busy") === "false"`
	pageReady = `document.documentElement.dataset.ready === "yes"`
)

func (b *tab) typeSearch(text string) {
	b.t.Helper()
	value[bool](b, `(document.querySelector("#search").value = "") === ""`)
	b.do(chromedp.SendKeys(chromedp.ID("search"), text))
	b.wait(listIdle)
}

// TestEvidenceInABrowser uses the page of an export as an auditor does.
func TestEvidenceInABrowser(t *testing.T) {
	odd := "srv\u202egnp.exe</script><img src=x onerror=alert(1)>"
	text := evidenceText(t, words.English, 3000, func(i int, s *schemas.SessionRecord) {
		if i == 1234 {
			s.Device, s.Host, s.Port = odd, odd, ""
		}
	})
	b := openPage(t, startBrowser(t), text)
	is(b, `document.querySelector("h1").textContent`, "3,000 sessions")
	is(b, `document.querySelector("#account").parentElement.querySelector(".account").innerText.replace(/\s+/g, " ")`, "3,005 received = 3,000 written + 3 left out: by --match + 2 left out: outside the period")
	is(b, `document.querySelector(".verdict .problems").innerText.includes("exactly 3,005 records")`, true)
	is(b, listSays, "1 to 100 of 3,000")
	is(b, listed, 100)

	b.run(t, "charts and their tables", func() {
		for id, bars := range map[string]int{"by-month": 6, "by-protocol": 3, "by-user": 4, "by-finding": 2} {
			at := `document.querySelector("#` + id + `")`
			is(b, at+`.querySelectorAll("svg[role=img] rect.bar").length`, bars)
			is(b, `[...`+at+`.querySelectorAll("rect.bar")].every((r) => r.getBBox().width > 1 && r.getBBox().height > 1)`, true)
			is(b, at+`.querySelectorAll("table tbody tr").length`, bars)
			is(b, at+`.querySelector("svg").getAttribute("aria-labelledby").split(" ").every((id) => document.getElementById(id).textContent !== "")`, true)
		}
		is(b, `document.querySelector("#by-user tbody tr").innerText.replace(/\s+/g, " ").trim() || document.querySelector("#by-user tbody tr").textContent`, "alice1,5001,050.83")
	})
	b.run(t, "pages of rows", func() {
		b.click(`#list [data-step=last]`)
		is(b, listSays, "2,901 to 3,000 of 3,000")
		is(b, `document.querySelector("#list [data-step=next]").disabled`, true)
		b.click(`#list [data-step=before]`)
		is(b, listSays, "2,801 to 2,900 of 3,000")
		b.click(`#list [data-step=first]`)
		is(b, listSays, "1 to 100 of 3,000")
	})
	b.run(t, "search", func() {
		for query, want := range map[string]string{"joao 1002": "1002", "REQ-7 srv-007.corp 1007": "1007", "onerror": "2234", "nothing like it": ""} {
			b.typeSearch(query)
			is(b, listIDs, want)
		}
		b.typeSearch("bob")
		is(b, listSays, "1 to 100 of 750")
		b.click(`#clear`)
		b.wait(listIdle)
		is(b, listSays, "1 to 100 of 3,000")
	})
	b.run(t, "odd signs are seen, and run nothing", func() {
		b.typeSearch("onerror")
		is(b, `document.querySelector("#list td.c-device").innerText.includes("srv⟨U+202E⟩gnp.exe</script><img")`, true)
		b.click(`#clear`)
		b.wait(listIdle)
	})
	b.run(t, "filters and sort", func() {
		b.click(`[data-rule=unfinished]`)
		b.wait(listIdle)
		is(b, listSays, "1 to 81 of 81")
		b.click(`[data-protocol=rdp]`)
		b.wait(listIdle)
		is(b, `[...document.querySelectorAll("#list td.c-protocol")].every((c) => c.textContent.startsWith("rdp"))`, true)
		b.click(`#clear`)
		b.wait(listIdle)
		b.click(`#list th:nth-child(2) button`)
		b.wait(listIdle)
		is(b, `document.querySelector("#list td.c-user").firstChild.textContent`, "alice")
		b.click(`#list th:nth-child(2) button`)
		b.wait(listIdle)
		is(b, `document.querySelector("#list td.c-user").firstChild.textContent`, "maria")
		is(b, `document.querySelector("#list th:nth-child(2)").getAttribute("aria-sort")`, "descending")
		b.click(`#clear`)
		b.wait(listIdle)
	})
	b.run(t, "exceptions, boundary and derived values", func() {
		is(b, `document.querySelector("#exceptions-part .status").textContent`, "1 to 20 of 162")
		is(b, `document.querySelector("#exceptions-part tbody").innerText.includes("request and ITSM are empty")`, true)
		is(b, `document.querySelector("#boundary-part tbody th").firstChild.textContent`, "77")
		is(b, `document.querySelector("#boundary-part").innerText.includes("2 more touch it and are not listed here.")`, true)
		is(b, `document.querySelector("#list td.c-device").innerText.replace(/\n+/g, " / ")`, "srv-000.corp.example:22 / srv-000.corp.example · 22")
		is(b, `document.querySelector("#list td.c-start").innerText.replace(/\n+/g, " / ")`, "2024-01-01 00:05:07 / 2024-01-01T00:05:07Z")
	})
	b.run(t, "language", func() {
		b.typeSearch("bob")
		b.click(`[data-lang=pt]`)
		is(b, `document.documentElement.lang`, "pt-BR")
		is(b, `document.querySelector("h1").textContent`, "3.000 sessões")
		is(b, listSays, "1 a 100 de 750")
	})
	b.run(t, "paper", func() {
		value[bool](b, `dispatchEvent(new Event("beforeprint"))`)
		is(b, `[...document.querySelectorAll("#paper h2")].map((h) => h.textContent).join(", ")`, "Exceções (162), Fronteira (3), Sessões (3.000)")
		is(b, `document.querySelectorAll("#paper section:last-child tbody tr").length`, 500)
		is(b, `document.querySelector("#paper section:last-child").innerText.includes("Mais 2.500 linhas")`, true)
		value[bool](b, `dispatchEvent(new Event("afterprint"))`)
	})
	b.quiet()
}

// TestEvidenceContrast: every text of the page can be read, by day and by night.
func TestEvidenceContrast(t *testing.T) {
	b := openPage(t, startBrowser(t), evidenceText(t, words.Portuguese, 300, nil))
	for _, dark := range []bool{false, true} {
		b.dark(dark)
		if got := value[[]string](b, `(document.querySelectorAll(".step:disabled").forEach((s) => { s.hidden = true; }), `+faint+`)`); len(got) > 0 { // what cannot be pressed may be faint
			t.Errorf("dark %v: %q", dark, got)
		}
	}
	b.quiet()
}

// TestEvidenceWithNothing draws a page without a single row.
func TestEvidenceWithNothing(t *testing.T) {
	b := openPage(t, startBrowser(t), evidenceText(t, words.English, 0, nil))
	is(b, listSays, "There are no rows.")
	is(b, `document.querySelector("#exceptions").parentElement.innerText.includes("None were found.")`, true)
	b.quiet()
}

// TestEvidenceThatIsCut: a copy that lost its end says so, and what it has is listed and searched.
func TestEvidenceThatIsCut(t *testing.T) {
	whole := evidenceText(t, words.English, 3000, nil)
	at := strings.Index(whole, `class="rows"`)
	browser := startBrowser(t)
	for _, text := range []string{whole[:at+(len(whole)-at)/2], whole[:strings.LastIndex(whole, `<script type="application/json" class="rows"`)]} {
		b := openPage(t, browser, text)
		b.wait(`document.querySelector(".verdict.is-stop [role=alert]") !== null`)
		is(b, `/The end of this page is missing: it shows [\d,]+ of 3,000 rows/.test(document.querySelector(".verdict").innerText)`, true)
		is(b, `/ of 3,000$/.test(document.querySelector("#list .status").textContent)`, false)
		b.typeSearch("1001")
		b.wait(listIdle)
		is(b, listIDs, "1001")
		b.quiet()
	}
}

// TestEvidenceOfManyRows: 100,000 sessions open, all of them are searched, and the times are printed.
func TestEvidenceOfManyRows(t *testing.T) {
	if testing.Short() {
		t.Skip("20 MB of page")
	}
	browser := startBrowser(t)
	path := filepath.Join(t.TempDir(), "page.html")
	bigEvidence(t, path, 100_000)
	b := newTab(t, browser)
	figures := openedIn(b, path)
	is(b, listSays, "1 to 100 of 100,000")
	b.typeSearch("100777")
	is(b, listIDs, "100777")
	b.quiet()
	t.Logf("100,000 sessions, milliseconds: %v", figures)
}

func bigEvidence(t testing.TB, path string, n int) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	writeEvidence(t, file, words.English, n, nil, sampleEvidence(n))
}

// evidenceWatch notes when the first rows of the list were drawn and on the screen.
const evidenceWatch = `new MutationObserver((changes, observer) => {
	if (!document.querySelector("#list tbody tr")) return;
	observer.disconnect();
	requestAnimationFrame(() => requestAnimationFrame(() => { window.painted = performance.now(); }));
}).observe(document, { childList: true, subtree: true });`

// timedList does something that changes the list, and gives the milliseconds until its rows are on the screen.
const timedList = `(action) => new Promise((done) => {
	const part = document.querySelector("#list .grid-part"), start = performance.now();
	const after = (call) => { const c = new MessageChannel(); c.port1.onmessage = call; c.port2.postMessage(0); };
	action();
	const look = () => part.getAttribute("aria-busy") === "false" ? requestAnimationFrame(() => after(() => done(performance.now() - start))) : requestAnimationFrame(look);
	look();
})`

// busy is how many milliseconds the page's main thread has been at work: on a machine that does nothing else, the
// time that passes.
func (b *tab) busy() float64 {
	b.t.Helper()
	var ms float64
	err := chromedp.Do(b.ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		got, err := cdp.Call(ctx, target, performance.GetMetrics, cdp.Empty{})
		if err != nil {
			return err
		}
		for _, m := range got.Metrics {
			if m.Name == "TaskDuration" {
				ms = m.Value * 1000
			}
		}
		return nil
	}))
	if err != nil {
		b.t.Fatal(err)
	}
	return ms
}

// openedIn opens a page and gives, in milliseconds since the navigation, when its first rows were painted, when
// all were read and could be searched; how long the page was at work for that ("-busy"); and how long a search, taking it back, a filter and a sort take.
func openedIn(b *tab, path string) map[string]float64 {
	b.t.Helper()
	send(b, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: evidenceWatch})
	send(b, performance.Enable, performance.EnableParams{TimeDomain: "threadTicks"})
	b.visit(path)
	b.wait(`window.painted > 0`)
	out := map[string]float64{"paint": value[float64](b, `window.painted`)}
	b.wait(pageReady)
	out["searchable-busy"] = b.busy()
	out["searchable"] = value[float64](b, `Number(document.documentElement.dataset.readyAt)`)
	out["loaded"] = value[float64](b, `performance.getEntriesByType("navigation")[0].domContentLoadedEventStart`)
	measure := func(name, action string) {
		b.t.Helper()
		ms, err := chromedp.Run(b.ctx, chromedp.Evaluate[float64]("("+timedList+")(() => {"+action+"})", chromedp.EvalAwaitPromise))
		if err != nil {
			b.t.Fatal(err)
		}
		out[name] = ms
	}
	search := func(text string) string {
		return `const s = document.querySelector("#search"); s.value = "` + text + `"; s.dispatchEvent(new Event("input"))`
	}
	before := b.busy()
	measure("search", search("srv-099 bob"))
	out["search-busy"] = b.busy() - before
	measure("search-clear", search(""))
	measure("filter", `document.querySelector("[data-rule=unfinished]").click()`)
	measure("filter-clear", `document.querySelector("#clear").click()`)
	measure("sort", `document.querySelector("#list th:nth-child(4) button").click()`)
	measure("sort-clear", `document.querySelector("#clear").click()`)
	return out
}

// foundAtOnce opens a page, asks for a record of its end as soon as its first rows are painted, and gives the
// milliseconds from the navigation until that record is on the screen.
func foundAtOnce(b *tab, path string) float64 {
	b.t.Helper()
	send(b, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: evidenceWatch + evidenceAsk})
	b.visit(path)
	b.wait(`window.found > 0`)
	return value[float64](b, `window.found`)
}

// evidenceAsk types a search once the first rows are painted, and notes when its answer is: two frames after the
// list has it.
const evidenceAsk = `(() => {
	const look = () => {
		if (!window.painted) return requestAnimationFrame(look);
		const search = document.querySelector("#search"), list = document.querySelector("#list .grid-part");
		search.value = "100777";
		search.dispatchEvent(new Event("input"));
		const answered = () => list.getAttribute("aria-busy") === "true" ? requestAnimationFrame(answered)
			: requestAnimationFrame(() => requestAnimationFrame(() => { window.found = performance.now(); }));
		answered();
	};
	look();
})();`

// BenchmarkEvidenceOpens opens a page of 100,000 sessions in Chromium and reports the slowest of all rounds. Requests
// are not recorded meanwhile, as that takes the browser time of its own.
func BenchmarkEvidenceOpens(b *testing.B) {
	browser := startBrowser(b)
	path := filepath.Join(b.TempDir(), "page.html")
	bigEvidence(b, path, 100_000)
	slowest := map[string]float64{}
	for b.Loop() {
		quick := func() *tab {
			tab := newTab(b, browser)
			send(tab, network.Disable, cdp.Empty{})
			return tab
		}
		for name, ms := range openedIn(quick(), path) {
			slowest[name+"-ms"] = max(slowest[name+"-ms"], ms)
		}
		slowest["found-ms"] = max(slowest["found-ms"], foundAtOnce(quick(), path))
	}
	for name, ms := range slowest {
		b.ReportMetric(ms, name)
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(info.Size())/1e6, "MB")
}
