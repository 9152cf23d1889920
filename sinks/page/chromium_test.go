package page_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// findBrowser names a Chromium, or skips: PAMSYNC_BROWSER=required makes its absence a failure.
func findBrowser(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("PAMSYNC_BROWSER") == "required" {
		t.Fatal("no chromium, chromium-browser or google-chrome on the PATH, and PAMSYNC_BROWSER=required")
	}
	t.Skip("no chromium, chromium-browser or google-chrome on the PATH: what a page does in a browser is not tested")
	return ""
}

// startBrowser starts a headless Chromium of its own, without a profile.
func startBrowser(t testing.TB) context.Context {
	t.Helper()
	if testing.Short() {
		t.Skip("the browser shares no memory with the test: once is enough, without -race")
	}
	path := findBrowser(t)
	ctx, stop := chromedp.NewExecAllocator(context.Background(), chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.WindowSize(1280, 1000))
	t.Cleanup(stop)
	ctx, leave := chromedp.NewContext(ctx)
	t.Cleanup(leave)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// tab is a page in a browser without network, with all that it must not do written down.
type tab struct {
	t   testing.TB
	ctx context.Context
	mu  sync.Mutex
	bad []string
}

// openPage opens a page from a file and waits until it has read all of its rows.
func openPage(t testing.TB, browser context.Context, text string) *tab {
	t.Helper()
	b := newTab(t, browser)
	b.visit(writePage(t, text))
	b.wait(`document.documentElement.dataset.ready === "yes"`)
	return b
}

func writePage(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func newTab(t testing.TB, browser context.Context) *tab {
	t.Helper()
	ctx, closeTab := chromedp.NewContext(browser)
	t.Cleanup(closeTab)
	b := &tab{t: t, ctx: ctx}
	if err := chromedp.Do(ctx); err != nil { // opens it: its life must not end with a timeout
		t.Fatal(err)
	}
	if err := chromedp.Listen(ctx, b.heard); err != nil {
		t.Fatal(err)
	}
	offline := network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{{Offline: true, DownloadThroughput: -1, UploadThroughput: -1}}}
	send(b, network.Enable, network.EnableParams{})
	send(b, network.EmulateNetworkConditionsByRule, offline)
	send(b, cdplog.Enable, cdp.Empty{})
	return b
}

func send[P, R any](b *tab, command cdp.Command[P, R], params P) {
	b.t.Helper()
	err := chromedp.Do(b.ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, command, params)
		return err
	}))
	if err != nil {
		b.t.Fatal(err)
	}
}

// heard writes down requests that leave the file, complaints of the console, the policy's
// reports, exceptions and dialogs.
func (b *tab) heard(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(e.Request.URL, "file://") {
			b.bad = append(b.bad, "request for "+e.Request.URL)
		}
	case *cdplog.EventEntryAdded:
		b.bad = append(b.bad, "log: "+e.Entry.Text)
	case *runtime.EventConsoleAPICalled:
		b.bad = append(b.bad, "console")
	case *runtime.EventExceptionThrown:
		b.bad = append(b.bad, "exception: "+e.ExceptionDetails.Text)
	case *cdppage.EventJavascriptDialogOpening:
		b.bad = append(b.bad, "dialog: "+e.Message)
	}
}

// run makes a part of a test one of its own.
func (b *tab) run(t *testing.T, name string, part func()) {
	t.Run(name, func(inner *testing.T) {
		b.t = inner
		defer func() { b.t = t }()
		part()
	})
}

// quiet fails where the page did anything that it must not.
func (b *tab) quiet() {
	b.t.Helper()
	if n := value[int](b, `document.images.length`); n != 0 {
		b.t.Errorf("%d images", n)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, what := range b.bad {
		b.t.Error(what)
	}
}

const patience = 20 * time.Second

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *tab) visit(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate("file://" + path))
}

// value is that of an expression in the page.
func value[T any](b *tab, expression string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// wait waits until an expression holds.
func (b *tab) wait(expression string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(patience))); err != nil {
		b.t.Fatalf("%s never came true: %v; the list is %v", expression, err, value[[]string](b, keysOfList))
	}
}

const keysOfList = `[...document.querySelectorAll("#list tbody tr")].map((r) => r.querySelector("th").textContent)`

// keys wants these records in the list, in this order, as soon as the list has settled.
func (b *tab) keys(want ...string) {
	b.t.Helper()
	b.settled()
	list, err := json.Marshal(append([]string{}, want...))
	if err != nil {
		b.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	same := "JSON.stringify(" + keysOfList + ") === JSON.stringify(" + string(list) + ")"
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](same, chromedp.WithPollingTimeout(patience))); err != nil {
		b.t.Errorf("the list shows %q, want %q", value[[]string](b, keysOfList), want)
	}
}

// settled waits until the list shows what was asked for.
func (b *tab) settled() {
	b.t.Helper()
	b.wait(`document.querySelector("#list").getAttribute("aria-busy") === "false"`)
}

func (b *tab) click(selector string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS(selector)))
}

func (b *tab) press(keys string) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(keys))
}

// slash presses / as a keyboard does: what the page stops on the way down types nothing. press
// would type it all the same.
func (b *tab) slash() {
	b.t.Helper()
	key := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: "/", Code: "Slash", Text: "/"}
	send(b, input.DispatchKeyEvent, key)
	key.Type, key.Text = input.DispatchKeyEventTypeKeyUp, ""
	send(b, input.DispatchKeyEvent, key)
}

// is wants an expression of the page to have a value.
func is[T comparable](b *tab, expression string, want T) {
	b.t.Helper()
	if got := value[T](b, expression); got != want {
		b.t.Errorf("%s is %v, want %v", expression, got, want)
	}
}

func (b *tab) dark(yes bool) {
	scheme := "light"
	if yes {
		scheme = "dark"
	}
	send(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
}
