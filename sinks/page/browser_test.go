package page_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"pamsync/schemas"
	"pamsync/schemas/words"
)

func pressed(selector string) string {
	return `document.querySelector('` + selector + `').getAttribute("aria-pressed")`
}

// TestPlanInABrowser uses the page of a plan as an approver does, by mouse.
func TestPlanInABrowser(t *testing.T) {
	b := openPage(t, startBrowser(t), planText(t, words.English, samplePlan(t)))
	all := []string{"twin", "bad-ip", "old-01", "old-02", "app@srv-9", "srv-9", "srv-2", "srv-10", hostile, "svc@srv-10"}
	b.keys(all...)
	is(b, `document.documentElement.lang`, "en")
	is(b, `document.querySelector("h1").textContent`, "Can be applied; part of it waits for a person")

	b.run(t, "counters and kinds", func() {
		b.click(`[data-filter=update]`)
		b.keys("srv-9", "srv-2")
		is(b, pressed(`[data-filter=update]`), "true")
		b.click(`[data-filter=inactivate]`)
		b.keys("old-01", "old-02", "srv-9", "srv-2")
		b.click(`[data-filter=update]`)
		b.click(`[data-filter=inactivate]`)
		b.keys(all...)
		is(b, pressed(`[data-filter=update]`), "false")
		b.click(`[data-filter=dragged]`)
		b.keys("old-01")
		b.click(`[data-filter=dragged]`)
		b.click(`[data-filter=kind-c]`)
		b.keys("app@srv-9", "svc@srv-10")
		b.click(`[data-filter=kind-c]`)
		b.click(`[data-filter=left]`)
		b.keys("lab-1", "dc-1")
		b.click(`[data-code=protected]`)
		b.keys("dc-1")
		b.click(`[data-code=protected]`)
		b.keys(all...)
	})
	b.run(t, "search", func() {
		for query, want := range map[string][]string{
			"10.0.0.9": {"srv-9"}, "sao paulo": {"srv-10"}, "902": {"old-01"}, "accounts.csv:4": {"svc@srv-10"}, "SRV r740": {"srv-9"},
			"onerror": {hostile}, "lab-1": {"lab-1"}, "nothing like it": {},
		} {
			value[bool](b, `(document.querySelector("#search").value = "") === ""`)
			b.do(chromedp.SendKeys(chromedp.ID("search"), query))
			b.keys(want...)
		}
		b.click(`.extra .plain:last-child`)
		b.keys(all...)
	})
	b.run(t, "sort", func() {
		sorted := `document.querySelector("#list th:nth-child(3)").getAttribute("aria-sort")`
		is(b, sorted, "none")
		b.click(`#list th:nth-child(3) button`)
		b.keys(hostile, "app@srv-9", "bad-ip", "old-01", "old-02", "srv-2", "srv-9", "srv-10", "svc@srv-10", "twin")
		is(b, sorted, "ascending")
		b.click(`#list th:nth-child(3) button`)
		b.settled()
		is(b, sorted, "descending")
		is(b, keysOfList+`[0]`, "twin")
		b.click(`#list th:nth-child(3) button`)
		b.keys(all...)
		is(b, sorted, "none")
	})
	b.run(t, "cascade", func() {
		items := `document.querySelectorAll("#list tbody .unfold + .items li").length`
		is(b, items, 0)
		b.click(`.unfold`)
		is(b, `document.querySelector(".unfold").getAttribute("aria-expanded")`, "true")
		is(b, `document.querySelector(".unfold + .items").innerText.includes("deploy@old-01 id 902")`, true)
		b.click(`.unfold`)
		is(b, items, 0)
		b.click(`#unfold-all`)
		is(b, items, 2)
		b.click(`#unfold-all`)
		is(b, items, 0)
	})
	b.run(t, "language", func() {
		b.click(`[data-filter=update]`)
		b.click(`[data-lang=pt]`)
		b.keys("srv-9", "srv-2")
		is(b, `document.documentElement.lang`, "pt-BR")
		is(b, `document.querySelector("h1").textContent`, "Pode ser aplicado; uma parte espera por uma pessoa")
		is(b, `document.querySelector("#list tbody .action").innerText.trim().endsWith("alterar")`, true)
		is(b, pressed(`[data-lang=pt]`), "true")
		b.click(`[data-filter=update]`)
		b.keys(all...)
		is(b, `document.querySelector("#list tbody .what").innerText.includes("o cofre tem vários registros com este nome")`, true)
	})
	b.quiet()
}

// TestPlanByKeyboard: a reader without a mouse gets everywhere.
func TestPlanByKeyboard(t *testing.T) {
	b := openPage(t, startBrowser(t), planText(t, words.English, samplePlan(t)))
	b.press(kb.Tab)
	is(b, `document.activeElement.className`, "skip")
	b.slash()
	is(b, `document.activeElement.id`, "search")
	b.press("srv-9/")
	b.keys()
	b.press(kb.Backspace)
	b.keys("app@srv-9", "srv-9")
	for range 5 {
		b.press(kb.Backspace)
	}
	tabTo := func(expression string) {
		t.Helper()
		for range 80 {
			if value[bool](b, expression) {
				return
			}
			b.press(kb.Tab)
		}
		t.Fatalf("the tabulator never reaches %s", expression)
	}
	tabTo(`document.activeElement.matches("#list th:nth-child(3) button")`)
	b.press(kb.Enter)
	b.settled()
	is(b, `document.querySelector("#list th:nth-child(3)").getAttribute("aria-sort")`, "ascending")
	tabTo(`document.activeElement.matches(".unfold")`)
	b.press(" ")
	is(b, `document.activeElement.getAttribute("aria-expanded")`, "true")
	is(b, `getComputedStyle(document.activeElement).outlineStyle`, "solid")
	b.visit(writePage(t, planText(t, words.English, samplePlan(t))))
	b.wait(`document.documentElement.dataset.ready === "yes"`)
	tabTo(`document.activeElement.matches("[data-filter=held]")`)
	b.press(kb.Enter)
	b.keys("twin")
	b.quiet()
}

// TestStoppedPlanInABrowser: what stops it is said in words, at the top and at its limit.
func TestStoppedPlanInABrowser(t *testing.T) {
	b := openPage(t, startBrowser(t), planText(t, words.Portuguese, stopped(t)))
	is(b, `document.querySelector(".verdict").classList.contains("is-stop")`, true)
	is(b, `document.querySelector(".verdict .problems").innerText.includes("seriam inativados")`, true)
	is(b, `document.querySelector(".limit.stopped .stops").textContent`, "BARRA")
	b.quiet()
}

// TestResultInABrowser: what failed comes first, and everything is told in the reader's language.
func TestResultInABrowser(t *testing.T) {
	b := openPage(t, startBrowser(t), resultText(t, words.Portuguese, samplePlan(t)))
	all := []string{hostile, "srv-2", "srv-9", "twin", "bad-ip", "old-02", "svc@srv-10", "srv-10", "old-01", "app@srv-9"}
	b.keys(all...)
	is(b, `document.querySelector("#list tbody .what").innerText.includes("o cofre recusou: Unique key error")`, true)
	is(b, `document.querySelector(".verdict").innerText.includes("o tempo de --max-duration acabou")`, true)
	b.click(`[data-filter=failed]`)
	b.keys(hostile)
	b.click(`[data-filter=failed]`)
	b.click(`[data-filter=skipped]`)
	b.keys("old-02", "svc@srv-10")
	b.click(`[data-filter=create]`)
	b.keys("svc@srv-10")
	b.click(`[data-lang=en]`)
	b.keys("svc@srv-10")
	is(b, `document.querySelector("#list tbody .status").innerText.trim().endsWith("skipped")`, true)
	is(b, `document.querySelector("#list tbody .what").innerText.includes("the run ended before it")`, true)
	b.click(`[data-filter=skipped]`)
	b.click(`[data-filter=create]`)
	b.keys(all...)
	is(b, `document.querySelectorAll("#list tbody tr")[2].innerText.includes("the vault keeps model as")`, true)
	is(b, `document.querySelectorAll("#list tbody tr")[2].querySelectorAll("del")[0].textContent`, "10.0.0.1")
	b.quiet()
}

// TestManyRowsInABrowser: the list grows by 200 rows, and counts what it does not show.
func TestManyRowsInABrowser(t *testing.T) {
	b := openPage(t, startBrowser(t), planText(t, words.English, bigPlan(t, 3000)))
	rows := `document.querySelectorAll("#list tbody tr").length`
	is(b, rows, 200)
	is(b, `document.querySelector("#list .status").textContent`, "200 of 3,002 shown")
	b.click(`.more`)
	b.wait(rows + ` === 400`)
	b.click(`[data-filter=inactivate]`)
	b.settled()
	is(b, rows, 30)
	b.click(`[data-filter=inactivate]`)
	b.do(chromedp.SendKeys(chromedp.ID("search"), "srv-002999"))
	b.keys("srv-002999")
	b.quiet()
}

// TestPaper: printing shows every inactivation with what it takes along, and no controls.
func TestPaper(t *testing.T) {
	b := openPage(t, startBrowser(t), planText(t, words.English, bigPlan(t, 3000)))
	value[bool](b, `dispatchEvent(new Event("beforeprint"))`)
	is(b, `[...document.querySelectorAll("#paper .unfold")].every((u) => u.getAttribute("aria-expanded") === "true")`, true)
	is(b, `document.querySelectorAll("#paper .unfold").length`, 30)
	value[bool](b, `dispatchEvent(new Event("afterprint"))`)
	is(b, `document.querySelector("#paper") === null`, true)
	b.quiet()
}

// TestResultOnPaper: all that did not go as planned, and every inactivation that did.
func TestResultOnPaper(t *testing.T) {
	b := openPage(t, startBrowser(t), resultText(t, words.English, samplePlan(t)))
	value[bool](b, `dispatchEvent(new Event("beforeprint"))`)
	is(b, `[...document.querySelectorAll("#paper h2")].map((h) => h.textContent).join(", ")`,
		"failed (1), unknown (1), held (1), rejected (1), skipped (2), done: inactivate (1), done (3)")
	is(b, `document.querySelector("#paper").innerText.includes("deploy@old-01")`, true)
	b.quiet()
}

// faint lists the texts of a page that stand out too little from what is behind them: less than
// 4.5 to 1, as WCAG 2 measures it.
const faint = `(() => {
	const channels = (text) => (text.match(/[\d.]+/g) || []).map(Number);
	const light = (c) => [0.2126, 0.7152, 0.0722].reduce((sum, part, i) => {
		const v = c[i] / 255;
		return sum + part * (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
	}, 0);
	const behind = (node) => {
		for (; node; node = node.parentElement) {
			const c = channels(getComputedStyle(node).backgroundColor);
			if (c.length === 3 || c[3] > 0) return c;
		}
		return [255, 255, 255];
	};
	const found = [];
	for (const node of document.querySelectorAll("#app *")) {
		const own = [...node.childNodes].some((c) => c.nodeType === Node.TEXT_NODE && c.data.trim() !== "");
		if (!own || node.closest("svg, [hidden]")) continue;
		const [a, b] = [light(channels(getComputedStyle(node).color)), light(behind(node))].sort((x, y) => y - x);
		if ((a + 0.05) / (b + 0.05) < 4.5) found.push(node.className + ": " + node.textContent);
	}
	return [...new Set(found)];
})()`

// TestContrast: every text can be read, by day and by night, pressed or not.
func TestContrast(t *testing.T) {
	browser := startBrowser(t)
	for name, text := range map[string]string{"plan": planText(t, words.Portuguese, stopped(t)), "result": resultText(t, words.English, samplePlan(t))} {
		b := openPage(t, browser, text)
		for _, dark := range []bool{false, true} {
			b.dark(dark)
			value[bool](b, `document.querySelectorAll(".counter, .chip:not([data-lang])").forEach((c) => c.click()), true`)
			b.settled()
			if got := value[[]string](b, faint); len(got) > 0 {
				t.Errorf("%s, dark %v: %q", name, dark, got)
			}
		}
		b.quiet()
	}
}

// TestCopyByHand: without a clipboard the list of inactivations is offered as text.
func TestCopyByHand(t *testing.T) {
	b := openPage(t, startBrowser(t), planText(t, words.English, samplePlan(t)))
	value[bool](b, `delete Navigator.prototype.clipboard`)
	b.click(`#copy`)
	is(b, `document.activeElement.value`, "device\told-01\t31\t\ncredential\troot@old-01\t901\twith old-01\nSSH key\tdeploy@old-01\t902\twith old-01\ndevice\told-02\t32\t\n")
	b.quiet()
}

// TestTheWatchSees what the other tests must not find: a request, and what the policy stops.
func TestTheWatchSees(t *testing.T) {
	text := planText(t, words.English, samplePlan(t))
	text = strings.Replace(text, `<div id="app">`, `<img src="https://vault.example/x.png" onerror="alert(1)"><div id="app">`, 1)
	b := openPage(t, startBrowser(t), text)
	is(b, `document.images.length`, 1)
	seen := func() int {
		b.mu.Lock()
		defer b.mu.Unlock()
		return len(b.bad)
	}
	for seen() == 0 {
		b.wait(`true`)
	}
}

// TestWordsOfAnotherBuild: what this build has no words for is shown as it is, and breaks nothing.
func TestWordsOfAnotherBuild(t *testing.T) {
	p := samplePlan(t)
	p.Changes[0].Kind, p.Changes[1].Action, p.Changes[2].Reason.Rule = "info", "rotate", "full_moon"
	p.Start.Sources[0].Kind, p.Summary.Limits[0].Name, p.Summary.Limits[1].Kind, p.Start.Policy.Devices = "info", "odd", "info", "odd"
	p.Holds[0].Code = "no_such_code"
	seal(t, p)
	browser := startBrowser(t)
	b := openPage(t, browser, planText(t, words.English, p))
	b.click(`[data-lang=pt]`)
	b.settled()
	is(b, `document.querySelectorAll("#list tbody tr").length`, 10)
	is(b, `document.querySelector("#list").innerText.includes("full_moon")`, true)
	is(b, `document.querySelector("#list").innerText.includes("no_such_code")`, true)
	b.quiet()
	b = openPage(t, browser, resultText(t, words.English, p))
	b.click(`[data-lang=pt]`)
	b.settled()
	is(b, `document.querySelectorAll("#list tbody tr").length`, 10)
	b.quiet()
}

// TestAnEmptyPlanInABrowser draws a page without a single row.
func TestAnEmptyPlanInABrowser(t *testing.T) {
	b := openPage(t, startBrowser(t), planText(t, words.English, &schemas.Plan{}))
	is(b, `document.querySelector("h1").textContent`, "Nothing to do")
	is(b, `document.querySelector("#list .status").textContent`, "Nothing fits these filters.")
	b.quiet()
}
