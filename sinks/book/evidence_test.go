package book

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
)

// someSessions are sessions whose every text is one that a workbook might take for something else.
func someSessions() (all []schemas.SessionRecord) {
	for i, text := range payloads() {
		all = append(all, schemas.SessionRecord{Session: schemas.Session{ID: strconv.Itoa(100 + i), User: text, OriginIP: "172.16.0.9", Credential: text, Device: "srv-01:22", Protocol: "ssh", SessionID: "365d1592",
			Start: "2026-11-01 10:00:00", End: "2026-11-01 11:00:00", Time: "01:00:00", PreventPurge: "No", Request: text, ITSM: text},
			Host: "srv-01", Port: "22", DurationS: "3600", StartUTC: "2026-11-01T13:00:00Z", EndUTC: "2026-11-01T14:00:00Z", Revision: 1, Seconds: 3600})
	}
	return all
}

func someCertificate(n int) schemas.Certificate {
	months := map[string]schemas.Tally{}
	for i := range 12 {
		months[fmt.Sprintf("2026-%02d", i+1)] = schemas.Tally{Sessions: i + 1, Seconds: int64(i) * 5400}
	}
	users := map[string]schemas.Tally{}
	for i := range 40 {
		users[fmt.Sprintf("user%02d", i)] = schemas.Tally{Sessions: i + 1}
	}
	return schemas.Certificate{Tool: "pamsync test", Made: "2026-11-30T12:00:00Z", Vault: "https://vault.example", What: "sessions", From: "2026-01-01", Period: "start", Match: []string{"user~a"},
		Read: n + 7, Written: n, LeftOut: 7, Reasons: map[string]int{"period": 7}, IDs: schemas.CertifiedIDs{First: "100", Last: "118", Gaps: 2, Missing: 9, GapRanges: []string{"5-9", "20-23"}}, Open: 3,
		Findings: map[string]int{"no_ticket": 2, "too_long": 5}, Answer: schemas.CertifiedFile{Bytes: 77, SHA256: strings.Repeat("ab", 32)},
		Totals: &schemas.Totals{Months: months, Protocols: map[string]schemas.Tally{"ssh": {Sessions: 5, Seconds: 3600}, "rdp": {Sessions: 9}, "": {Sessions: 1}}, Users: users}}
}

func madeEvidence(t *testing.T, lang words.Lang, rows int) []byte {
	t.Helper()
	var out bytes.Buffer
	sessions := someSessions()
	export, err := NewEvidence(&out, lang, "sessions", func() Evidence {
		return Evidence{Certificate: someCertificate(len(sessions)), Boundary: sessions[:2], BoundaryMore: 4}
	}, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if rows > 0 {
		export.(*evidenceBook).rows = rows
	}
	for i := range sessions {
		if err := export.Session(&sessions[i]); err != nil {
			t.Fatal(err)
		}
	}
	finding := schemas.SessionFinding{ID: "101", Rule: "too_long", Evidence: "32400 s", User: "=1+1", Device: "srv-01:22", Credential: "root", Start: "2026-11-01 10:00:00"}
	if err := export.(sinks.FindingSink).Finding(&finding); err != nil {
		t.Fatal(err)
	}
	if err := export.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestAnEvidenceWorkbookHoldsItAll: each session with all its cells, the finding, the border and what the certificate
// says, in both languages, and when the sessions take several sheets.
func TestAnEvidenceWorkbookHoldsItAll(t *testing.T) {
	for _, c := range []struct {
		lang                                           words.Lang
		rows                                           int
		sessions, exceptions, boundary, meta, overview string
	}{
		{words.English, 0, "Sessions", "Exceptions", "Boundary", "Metadata", "Summary"},
		{words.English, 5, "Sessions", "Exceptions", "Boundary", "Metadata", "Summary"},
		{words.Portuguese, 0, "Sessões", "Exceções", "Fronteira", "Metadados", "Resumo"},
	} {
		all := cells(t, madeEvidence(t, c.lang, c.rows))
		var got [][]string
		for i := 1; ; i++ {
			name := c.sessions
			if i > 1 {
				name = fmt.Sprintf("%s (%d)", c.sessions, i)
			}
			if all[name] == nil {
				break
			}
			if !slices.Equal(all[name][0], schemas.SessionColumns()) {
				t.Errorf("the header is %q", all[name][0])
			}
			got = append(got, all[name][1:]...)
		}
		sessions := someSessions()
		if len(got) != len(sessions) {
			t.Fatalf("%s, %d rows a sheet: %d sessions in %v", c.lang, c.rows, len(got), all)
		}
		for i := range sessions {
			want := sinks.SessionCells(&sessions[i])
			for j, text := range want {
				if have := slices.Concat(got[i], make([]string, len(want)))[j]; have != words.Plain(text) {
					t.Errorf("session %d, %s: %q, not %q", i, schemas.SessionColumns()[j], have, text)
				}
			}
		}
		if rows := all[c.exceptions]; len(rows) != 2 || rows[1][1] != "too_long" || rows[1][3] != "=1+1" {
			t.Errorf("%s: %q", c.exceptions, rows)
		}
		if rows := all[c.boundary]; len(rows) != 3 || rows[2][0] != "101" {
			t.Errorf("%s: %q", c.boundary, rows)
		}
		said := map[string]string{}
		for _, row := range all[c.meta] {
			if len(row) > 1 {
				said[row[0]] += row[1] + ";"
			}
		}
		for name, want := range map[string]string{"read": "26;", "written": "19;", "left_out": "7;", "left_out_by_period": "7;", "gap": "5-9;20-23;", "missing_ids": "9;", "answer_sha256": strings.Repeat("ab", 32) + ";",
			"boundary_not_listed": "4;", "match": "user~a;", "cells_cut": "0;"} {
			if said[name] != want {
				t.Errorf("%s of %s is %q, not %q", name, c.meta, said[name], want)
			}
		}
		if all[c.overview] == nil {
			t.Errorf("no sheet %s in %v", c.overview, c.lang)
		}
	}
}

// TestChartsShowTheirTables: four charts, each over the rows of the summary that its title stands above, and bars from zero.
func TestChartsShowTheirTables(t *testing.T) {
	data := madeEvidence(t, words.English, 0)
	summary := cells(t, data)["Summary"]
	references := regexp.MustCompile(`<f>([^<]*)</f>`)
	var shown []string
	for name, text := range parts(t, data) {
		if !strings.HasPrefix(name, "xl/charts/chart") {
			continue
		}
		if strings.Contains(text, "<c:barChart>") || strings.Contains(text, "<barChart>") {
			if axis := regexp.MustCompile(`<valAx>.*?</valAx>`).FindString(text); !strings.Contains(axis, `<min val="0"`) {
				t.Errorf("the bars of %s do not begin at zero: %s", name, axis)
			}
		}
		var head, from, to, begins, ends int
		var spans []string
		for _, m := range references.FindAllStringSubmatch(text, -1) {
			spans = append(spans, html.UnescapeString(m[1]))
		}
		if _, err := fmt.Sscanf(strings.Join(spans, " "), "'Summary'!$B$%d 'Summary'!$A$%d:$A$%d 'Summary'!$B$%d:$B$%d", &head, &from, &to, &begins, &ends); err != nil || begins != from || ends != to || head != from-1 {
			t.Fatalf("%s shows %q: %v", name, spans, err)
		}
		shown = append(shown, fmt.Sprintf("%s: %s %s, %d rows", summary[head-1][0], summary[from-1][0], summary[from-1][1], to-from+1))
	}
	slices.Sort(shown)
	want := []string{"By month: 2026-01 1, 12 rows", "By protocol: rdp 9, 3 rows", "By user: user39 40, 15 rows", "Exceptions by rule: too_long 5, 2 rows"}
	if !slices.Equal(shown, want) {
		t.Errorf("%q, not %q", shown, want)
	}
}

// parts are the files of a workbook.
func parts(t *testing.T, data []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		all[f.Name] = string(text)
	}
	return all
}

// TestAnEvidenceWorkbookOfNothingHasItsSheets: that there are no sessions, findings or ones at the border is said by
// sheets that are there, with their headers.
func TestAnEvidenceWorkbookOfNothingHasItsSheets(t *testing.T) {
	var out bytes.Buffer
	export, err := NewEvidence(&out, words.English, "sessions", func() Evidence { return Evidence{Certificate: someCertificate(0)} }, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := export.Close(); err != nil {
		t.Fatal(err)
	}
	all := cells(t, out.Bytes())
	for name, columns := range map[string][]string{"Sessions": schemas.SessionColumns(), "Boundary": schemas.SessionColumns(), "Exceptions": {"id", "rule", "evidence", "user", "device", "credential", "start"}} {
		if rows := all[name]; len(rows) != 1 || !slices.Equal(rows[0], columns) {
			t.Errorf("%s: %q", name, rows)
		}
	}
	if all["Summary"] == nil || all["Metadata"] == nil {
		t.Errorf("%v", all)
	}
}
