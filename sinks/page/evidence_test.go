package page_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
	"pamsync/sinks/page"
)

func sampleSession(i int) schemas.SessionRecord {
	users := []string{"alice", "bob", "joão.silva", "maria"}
	day, hour := i%28+1, i/28%24
	start := fmt.Sprintf("2024-%02d-%02d %02d:05:07", i/700%12+1, day, hour)
	s := schemas.SessionRecord{Session: schemas.Session{ID: fmt.Sprint(1000 + i), User: users[i%len(users)], OriginIP: fmt.Sprintf("10.9.%d.%d", i%7, i%250), Credential: "root",
		Device: fmt.Sprintf("srv-%03d.corp.example:22", i%400), Protocol: []string{"ssh", "rdp", "https"}[i%3], Proxy: "Web Proxy", SessionID: fmt.Sprintf("%040x", i*7919),
		Start: start, End: start[:14] + "47:09", Time: "00:42:02", PreventPurge: "No", Request: fmt.Sprint("REQ-", i%50)},
		Host: fmt.Sprintf("srv-%03d.corp.example", i%400), Port: "22", DurationS: "2522", StartUTC: strings.Replace(start, " ", "T", 1) + "Z", EndUTC: strings.Replace(start, " ", "T", 1)[:14] + "47:09Z", Revision: 1, Seconds: 2522}
	if i%37 == 5 {
		s.End, s.Time, s.EndUTC, s.DurationS, s.Seconds, s.Request = "", "", "", "", 0, ""
	}
	return s
}

// sampleEvidence is what the page says of so many sessions; the sums need not be theirs.
func sampleEvidence(n int) page.Evidence {
	tallies := func(names ...string) map[string]schemas.Tally {
		out := map[string]schemas.Tally{}
		for i, name := range names {
			out[name] = schemas.Tally{Sessions: n / (i + 2), Seconds: int64(n/(i+2)) * 2522}
		}
		return out
	}
	border := sampleSession(3)
	border.ID = "77"
	return page.Evidence{Manifest: "manifest.json", Beside: []string{"sessions.csv"}, Boundary: []schemas.SessionRecord{border}, BoundaryMore: 2,
		Certificate: schemas.Certificate{Version: 1, Tool: "pamsync test", Made: "2026-11-02T15:04:05Z", Begun: "2026-11-02T15:04:00Z", By: "ana", Host: "desk-1", Vault: "https://vault.example:443", Client: "7f1c",
			What: "sessions", Zone: "America/Sao_Paulo", From: "2024-01-01", To: "2024-12-31", Period: "start", Match: []string{"device~^srv"}, Read: n + 5, Limit: schemas.LimitSuspected, Written: n, LeftOut: 5,
			Reasons: map[string]int{"match": 3, "period": 2}, IDs: schemas.CertifiedIDs{First: "1000", Last: fmt.Sprint(999 + n), Gaps: 1, Missing: 3, GapRanges: []string{"1200-1202"}}, Open: n / 37,
			Findings: map[string]int{"unfinished": n / 37, "no_ticket": n / 37}, Answer: schemas.CertifiedFile{Bytes: 12345, SHA256: strings.Repeat("ab", 32)},
			Totals: &schemas.Totals{Months: tallies("2024-01", "2024-02", "2024-03", "2024-04", "2024-05", "2024-06"), Protocols: tallies("ssh", "rdp", "https"), Users: tallies("alice", "bob", "joão.silva", "maria")}}}
}

func evidenceText(t testing.TB, lang words.Lang, n int, change func(i int, s *schemas.SessionRecord)) string {
	t.Helper()
	var b bytes.Buffer
	writeEvidence(t, &b, lang, n, change, sampleEvidence(n))
	return b.String()
}

func writeEvidence(t testing.TB, w io.Writer, lang words.Lang, n int, change func(i int, s *schemas.SessionRecord), whole page.Evidence) {
	t.Helper()
	e := page.NewEvidence(w, lang, "sessions", func() page.Evidence { return whole }, t.TempDir())
	for i := range n {
		s := sampleSession(i)
		if change != nil {
			change(i, &s)
		}
		if err := e.Session(&s); err != nil {
			t.Fatal(err)
		}
		if s.End == "" {
			for _, f := range []schemas.SessionFinding{{ID: s.ID, Rule: "no_ticket", Evidence: "request and ITSM are empty"}, {ID: s.ID, Rule: "unfinished", Evidence: "no end"}} {
				if err := e.(sinks.FindingSink).Finding(&f); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

// jsonParts are the elements of JSON in a page, which must be valid.
func jsonParts(t *testing.T, text string) []string {
	t.Helper()
	var out []string
	for _, m := range regexp.MustCompile(`(?s)<script type="application/json"[^>]*>(.*?)</script>`).FindAllStringSubmatch(text, -1) {
		if !json.Valid([]byte(m[1])) {
			t.Fatalf("broken JSON: %.200s", m[1])
		}
		out = append(out, m[1])
	}
	return out
}

// readRow gives the cells of a row of the page, and what stands behind them.
func readRow(t *testing.T, own []bool, texts []string, row []any) (cells []string, found any) {
	t.Helper()
	mine, more := []string{}, row[1:]
	switch first := row[0].(type) {
	case string:
		mine = strings.Split(first, "\t")
	case []any:
		for _, text := range first {
			mine = append(mine, text.(string))
		}
	}
	for _, here := range own {
		if here {
			cells, mine = append(cells, mine[0]), mine[1:]
		} else {
			cells, more = append(cells, texts[int(more[0].(float64))]), more[1:]
		}
	}
	if len(mine) > 0 || len(more) > 1 {
		t.Fatalf("%v has more than its cells and findings", row)
	}
	if len(more) == 1 {
		found = more[0]
	}
	return cells, found
}

// TestEvidenceHoldsEveryCell: what a reader of the page's JSON gets are the cells that were given, letter by
// letter, and the findings of each session.
func TestEvidenceHoldsEveryCell(t *testing.T) {
	const n = 5000
	odd := "</script><!--\u2028\u202e\x00\t\"\\'é\U0001f511"
	text := evidenceText(t, words.English, n, func(i int, s *schemas.SessionRecord) {
		if i == 17 {
			s.Device, s.Host, s.Port, s.SessionID = odd, odd, "", odd
		}
	})
	i, findings := 0, 0
	parts := jsonParts(t, text)
	var head struct{ Own []bool }
	if err := json.Unmarshal([]byte(parts[0]), &head); err != nil {
		t.Fatal(err)
	}
	for _, part := range parts[1:] {
		var block struct {
			Texts []string
			Rows  [][]any
		}
		if err := json.Unmarshal([]byte(part), &block); err != nil {
			t.Fatal(err)
		}
		for _, row := range block.Rows {
			s := sampleSession(i)
			if i == 17 {
				s.Device, s.Host, s.Port, s.SessionID = odd, odd, "", odd
			}
			cells, found := readRow(t, head.Own, block.Texts, row)
			if want := sinks.SessionCells(&s); !slices.Equal(cells, want[:]) {
				t.Fatalf("row %d has %q, wanted %q", i, cells, want)
			}
			if found != nil {
				findings++
				if got := fmt.Sprint(found); got != "[no_ticket request and ITSM are empty unfinished no end]" {
					t.Fatal(got)
				}
			}
			i++
		}
	}
	if i != n || findings != 135 {
		t.Errorf("%d rows, %d of them with findings", i, findings)
	}
}

// TestEvidenceKeepsItsPolicy: nothing but its one script and its one style may run, and nothing of the data
// ends an element.
func TestEvidenceKeepsItsPolicy(t *testing.T) {
	text := evidenceText(t, words.Portuguese, 300, func(i int, s *schemas.SessionRecord) {
		s.Device, s.User, s.Request = hostile, hostile+"\u2028", "<!--"+hostile
	})
	hash := func(tag string) string {
		found := regexp.MustCompile(`(?s)<`+tag+`>(.*?)</`+tag+`>`).FindAllStringSubmatch(text, -1)
		if len(found) != 1 {
			t.Fatalf("%d elements <%s>", len(found), tag)
		}
		sum := sha256.Sum256([]byte(found[0][1]))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	policy := html.UnescapeString(regexp.MustCompile(`Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(text)[1])
	if want := "default-src 'none'; style-src " + hash("style") + "; script-src " + hash("script") + "; base-uri 'none'; form-action 'none'"; policy != want {
		t.Errorf("the policy is %q, want %q", policy, want)
	}
	for _, bad := range []string{"<img", "<link", "unsafe", " style=", "javascript:", "http-equiv=\"refresh", "url("} {
		if strings.Contains(text, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	if strings.Count(text, "</script>") != strings.Count(text, "<script") {
		t.Error("an element ends within the data")
	}
	jsonParts(t, text)
}

// TestEvidenceWithoutScript: the sums, the first rows, and where all rows are.
func TestEvidenceWithoutScript(t *testing.T) {
	for lang, want := range map[words.Lang][]string{
		words.English:    {"the first 500 of 1,200 rows", "sessions.csv", "By month", "outside the period", "unfinished", "joão.silva"},
		words.Portuguese: {"500 linhas de 1.200", "sessions.csv", "Por mês", "fora do período"},
	} {
		bare := html.UnescapeString(regexp.MustCompile(`(?s)<noscript>(.*)</noscript>`).FindStringSubmatch(evidenceText(t, lang, 1200, nil))[1])
		for _, text := range want {
			if !strings.Contains(bare, text) {
				t.Errorf("%s: no %q", lang, text)
			}
		}
		if n := strings.Count(bare, "<td>srv-"); n != 1000 { // device and host
			t.Errorf("%d cells", n)
		}
	}
}

// TestEvidenceTwiceTheSame: a page is made of its rows and sums alone.
func TestEvidenceTwiceTheSame(t *testing.T) {
	once, again := evidenceText(t, words.English, 3000, nil), evidenceText(t, words.English, 3000, nil)
	if once != again {
		t.Error("two pages of the same sessions differ")
	}
}

// TestEvidenceOfOtherLists: devices and credentials have the columns of the vault's lists.
func TestEvidenceOfOtherLists(t *testing.T) {
	var b bytes.Buffer
	e := page.NewEvidence(&b, words.English, "devices", func() page.Evidence {
		return page.Evidence{Certificate: schemas.Certificate{What: "devices", Read: 1, Written: 1}}
	}, t.TempDir())
	if err := errors.Join(e.Device(&schemas.Device{ID: "1", Hostname: "srv-01"}), e.Close()); err != nil {
		t.Fatal(err)
	}
	if parts := jsonParts(t, b.String()); len(parts) != 2 || !strings.Contains(parts[1], `["1\tsrv-01\t",0,0,0,0,0]`) {
		t.Errorf("%.300q", parts)
	}
}

// TestEvidenceTellsAFailedWrite wherever it happens.
func TestEvidenceTellsAFailedWrite(t *testing.T) {
	size := len(evidenceText(t, words.English, 5000, nil))
	for room := 0; room < size*9/10; room += size / 20 { // these have no findings, and are shorter
		tmp := t.TempDir()
		e := page.NewEvidence(&fullDisk{room}, words.English, "sessions", func() page.Evidence { return sampleEvidence(5000) }, tmp)
		var err error
		for i := 0; i < 5000 && err == nil; i++ {
			s := sampleSession(i)
			err = e.Session(&s)
		}
		err = errors.Join(err, e.Close())
		if !errors.Is(err, errFull) {
			t.Errorf("with room for %d bytes: %v", room, err)
		}
		if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
			t.Errorf("%v is left behind: %v", left, err)
		}
	}
}

func BenchmarkEvidence100k(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		writeEvidence(b, io.Discard, words.English, 100_000, nil, sampleEvidence(100_000))
	}
}
