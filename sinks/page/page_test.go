package page_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"regexp"
	"strings"
	"testing"

	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks/page"
)

// TestPolicyFitsThePage: the hashes are those of the one style and the one script, and the
// policy allows nothing besides them.
func TestPolicyFitsThePage(t *testing.T) {
	text := planText(t, words.English, samplePlan(t))
	policy := html.UnescapeString(regexp.MustCompile(`Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(text)[1])
	hash := func(tag string) string {
		found := regexp.MustCompile(`(?s)<`+tag+`>(.*?)</`+tag+`>`).FindAllStringSubmatch(text, -1)
		if len(found) != 1 {
			t.Fatalf("%d elements <%s>", len(found), tag)
		}
		sum := sha256.Sum256([]byte(found[0][1]))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	want := "default-src 'none'; style-src " + hash("style") + "; script-src " + hash("script") + "; base-uri 'none'; form-action 'none'"
	if policy != want {
		t.Errorf("the policy is %q, want %q", policy, want)
	}
	for _, bad := range []string{"unsafe", " style=", "javascript:", "<img", "<link", "src="} {
		if strings.Contains(strings.ReplaceAll(text, `src=x onerror`, ""), bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
}

// TestHostileTextStaysText: nothing of the data ends an element, and all of it is read back.
func TestHostileTextStaysText(t *testing.T) {
	p := samplePlan(t)
	p.Changes[2].Fields[0].After = "a\x1b[31m\u202eb\u2028" + hostile
	p.Start.Vault = hostile
	seal(t, p)
	for name, text := range map[string]string{"plan": planText(t, words.English, p), "result": resultText(t, words.Portuguese, p)} {
		if strings.Contains(text, "<img") || strings.ContainsAny(text, "\x1b\u202e") {
			t.Errorf("%s: the text got out", name)
		}
		if strings.Count(text, "</script>") != strings.Count(text, "<script") {
			t.Errorf("%s: an element ends within the data", name)
		}
		for _, m := range regexp.MustCompile(`(?s)<script type="application/json"[^>]*>(.*?)</script>`).FindAllStringSubmatch(text, -1) {
			if !json.Valid([]byte(m[1])) {
				t.Errorf("%s: broken JSON: %.200s", name, m[1])
			}
		}
	}
}

// TestNoSecretReachesAPage, even where a plan's record holds more of it than it may.
func TestNoSecretReachesAPage(t *testing.T) {
	p := samplePlan(t)
	for i := range p.Changes {
		if p.Changes[i].Secret {
			p.Changes[i].Fields[1].Before, p.Changes[i].Fields[1].After = "Canary-before", "Canary-after"
			p.Changes[i].Send = schemas.Send(schemas.Values{schemas.FieldUsername: "svc", schemas.FieldContent: "Canary-sent"})
		}
	}
	for name, text := range map[string]string{"plan": planText(t, words.English, p), "result": resultText(t, words.English, p)} {
		if strings.Contains(text, "Canary") {
			t.Errorf("%s: a secret is in the page", name)
		}
		if !strings.Contains(text, "will be set") {
			t.Errorf("%s: the page does not say that it will be set", name)
		}
	}
}

// TestWithoutScript: what a reader without JavaScript sees, in the language asked for.
func TestWithoutScript(t *testing.T) {
	bare := func(text string) string {
		return regexp.MustCompile(`(?s)<noscript>(.*)</noscript>`).FindStringSubmatch(text)[1]
	}
	p := samplePlan(t)
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"plan", bare(planText(t, words.Portuguese, p)), []string{"Pode ser aplicado", "~ alterar", "retido", "twin", "old-01", "deploy@old-01", "será definido", p.Digest, "Sem JavaScript"}},
		{"result", bare(resultText(t, words.English, p)), []string{"some outcomes are unknown", "failed", "Unique key error", "10.0.0.1 → 10.0.0.9"}},
		{"stopped", bare(planText(t, words.English, stopped(t))), []string{"Stopped by a guard"}},
	} {
		for _, want := range c.want {
			if !strings.Contains(html.UnescapeString(c.text), want) {
				t.Errorf("%s: no %q", c.name, want)
			}
		}
	}
	if n := strings.Count(bare(planText(t, words.English, bigPlan(t, 1200))), "<tr>"); n < 500 || n > 505 {
		t.Errorf("%d rows for readers without JavaScript", n)
	}
}

// TestHead: the sums that a page shows are those of its plan.
func TestHead(t *testing.T) {
	type bar struct {
		Name  string
		Parts map[string]int
		Total int
	}
	head := func(p *schemas.Plan) (h struct {
		Actions   map[string]int
		Kinds     map[string]int
		Dragged   int
		Limits    []struct{ Share float64 }
		ByKind    []bar `json:"by_kind"`
		BySite    []bar `json:"by_site"`
		MoreSites int   `json:"more_sites"`
	}) {
		text := regexp.MustCompile(`(?s)id="head">(.*?)</script>`).FindStringSubmatch(planText(t, words.English, p))[1]
		if err := json.Unmarshal([]byte(text), &h); err != nil {
			t.Fatal(err)
		}
		return h
	}
	small := head(samplePlan(t))
	if got := fmt.Sprint(small.Actions, small.Kinds, small.Dragged); got != "map[!:1 +:3 -:2 .:2 ^:1 x:1 ~:2] map[c:2 d:8] 2" {
		t.Error(got)
	}
	if got := fmt.Sprint(small.ByKind, small.BySite, small.MoreSites); got != "[{d map[+:2 -:2 ~:2] 6} {c map[+:1 ^:1] 2}] [{LAX map[+:1 -:2 ~:2] 5} {São Paulo map[+:1] 1}] 0" {
		t.Error(got)
	}
	big := head(bigPlan(t, 3700))
	if len(big.BySite) != 10 || big.MoreSites != 27 || big.BySite[0].Total != 100 {
		t.Errorf("%v and %d more", big.BySite, big.MoreSites)
	}
	p := samplePlan(t)
	p.Summary.Limits = []schemas.LimitUse{
		{N: 3, Total: 58, Limit: schemas.Limit{Percent: 5, Count: 50, Floor: 3}},    // the floor is the room
		{N: 30, Total: 1000, Limit: schemas.Limit{Percent: 5, Count: 60, Floor: 3}}, // the percent is
		{N: 30, Total: 5000, Limit: schemas.Limit{Percent: 5, Count: 60, Floor: 3}}, // the count is
		{N: 9, Total: 0, Limit: schemas.Limit{Percent: -1, Count: 0}},               // there is none
		{N: 9, Total: 10, Limit: schemas.Limit{Off: true}},
		{N: 0, Total: 10, Limit: schemas.Limit{Percent: 0, Count: 0}},
	}
	if got := fmt.Sprint(head(p).Limits); got != "[{1} {0.6} {0.5} {1} {0} {0}]" {
		t.Error(got)
	}
}

// TestTheSamePageTwice: a page is made of its plan alone.
func TestTheSamePageTwice(t *testing.T) {
	once, again := planText(t, words.English, samplePlan(t)), planText(t, words.English, samplePlan(t))
	if once != again {
		t.Error("two pages of one plan differ")
	}
}

type fullDisk struct{ room int }

var errFull = errors.New("no room")

func (d *fullDisk) Write(p []byte) (int, error) {
	if d.room -= len(p); d.room < 0 {
		return 0, errFull
	}
	return len(p), nil
}

// TestAFailedWriteIsSaid wherever it happens.
func TestAFailedWriteIsSaid(t *testing.T) {
	p := bigPlan(t, 5000)
	size := len(planText(t, words.English, p))
	for room := 0; room < size; room += size / 40 {
		if err := page.Plan(&fullDisk{room}, words.English, p, page.Options{RPS: 5}); !errors.Is(err, errFull) {
			t.Errorf("with room for %d bytes: %v", room, err)
		}
	}
}

func TestAnEmptyPlan(t *testing.T) {
	p := &schemas.Plan{Start: schemas.Start{Format: schemas.FormatPlan, Version: 1}}
	if text := planText(t, words.English, p); !strings.Contains(text, "Nothing to do") {
		t.Error("no verdict")
	}
	if err := page.Result(io.Discard, words.English, p, p.Start, nil, schemas.Total{}, page.Options{}); err != nil {
		t.Error(err)
	}
}

func BenchmarkWrite100k(b *testing.B) {
	p := bigPlan(b, 100_000)
	b.ReportAllocs()
	for b.Loop() {
		if err := page.Plan(io.Discard, words.English, p, page.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
