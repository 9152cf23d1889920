package page_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// demoPages runs the demo as a person would, and gives the paths of its plan's page and of the
// page of its apply.
func demoPages(t *testing.T) (plan, result string) {
	t.Helper()
	folder := t.TempDir()
	program, demo := filepath.Join(folder, "pamsync.exe"), filepath.Join(folder, "demo")
	for _, command := range [][]string{{"go", "build", "-o", program, "pamsync"}, {program, "demo", "-o", demo}} {
		cmd := exec.Command(command[0], command[1:]...)
		cmd.Env = append(os.Environ(), "PAMSYNC_LOCK_FOLDER="+filepath.Join(folder, "locks"), "LANG=C", "LC_ALL=C")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", command, err, out)
		}
	}
	results, err := filepath.Glob(filepath.Join(demo, "reports", "*", "result.html"))
	if err != nil || len(results) != 2 {
		t.Fatalf("%v, %v", results, err)
	}
	return filepath.Join(demo, "plan.html"), results[0]
}

func pageText(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestTheDemosPagesInABrowser uses the pages that the demo leaves: what the samples' README
// tells of the plan is what an approver finds there.
func TestTheDemosPagesInABrowser(t *testing.T) {
	browser := startBrowser(t)
	plan, result := demoPages(t)
	b := openPage(t, browser, pageText(t, plan))
	b.click(`[data-filter=inactivate]`)
	b.keys("srv-fax-01", "srv-ponto-01", "sw-andar-4")
	b.click(`#list tbody tr:nth-child(1) [aria-expanded]`)
	b.wait(`document.querySelector("#list tbody").innerText.includes("administrador@srv-fax-01")`)
	b.click(`[data-filter=inactivate]`)
	b.do(chromedp.SendKeys(chromedp.ID("search"), "10.10.1.40"))
	b.keys("srv-intranet-antigo")
	value[bool](b, `(document.querySelector("#search").value = "") === ""`)
	b.do(chromedp.SendKeys(chromedp.ID("search"), "fw-rio"))
	b.click(`#list th:nth-child(3) button`)
	b.settled()
	is(b, `document.querySelector("#list th:nth-child(3)").getAttribute("aria-sort")`, "ascending")
	b.wait(keysOfList + `[0] === "auditor@fw-rio"`)

	r := openPage(t, browser, pageText(t, result))
	is(r, `document.querySelector("[data-filter=done]").innerText.replace(/\D/g, "")`, "115")
	r.click(`[data-filter=rejected]`)
	r.wait(`document.querySelectorAll("#list tbody th").length === 4`)
	b.quiet()
	r.quiet()
}
