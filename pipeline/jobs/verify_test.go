package jobs_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pamsync/pipeline/jobs"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// evidenceAt exports sessions into folders, one after the other, in every format.
func evidenceAt(t *testing.T, n int, folders ...string) *jobs.Env {
	t.Helper()
	e := envOf(t, &vaultsim.Vault{ManySessions: n})
	for _, folder := range folders {
		if _, err := jobs.Export(context.Background(), e, jobs.ExportOptions{What: "sessions", Out: folder + "/", Format: "csv,jsonl"}); err != nil {
			t.Fatal(err)
		}
	}
	return e
}

// verify gives the exit code, and the problems that were found.
func verify(t *testing.T, e *jobs.Env, path string) (int, []schemas.InspectedProblem) {
	t.Helper()
	was, out := e.JSON, e.Stdout
	e.JSON, e.Stdout = true, io.Discard
	defer func() { e.JSON, e.Stdout = was, out }()
	outcome, err := jobs.Verify(e, path, jobs.VerifyOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var found struct{ Problems []schemas.InspectedProblem }
	text, err := json.Marshal(outcome.JSON)
	if err == nil {
		err = json.Unmarshal(text, &found)
	}
	if err != nil {
		t.Fatal(err)
	}
	return outcome.Exit, found.Problems
}

func mentions(found []schemas.InspectedProblem, place string) bool {
	for _, p := range found {
		if strings.HasPrefix(p.Place, place) {
			return true
		}
	}
	return false
}

// TestRowsThatAreNotThoseThatWereCertifiedAreNamed: removed, exchanged, cut off, appended, edited; files of
// another export, and a certificate that is left out.
func TestRowsThatAreNotThoseThatWereCertifiedAreNamed(t *testing.T) {
	root := t.TempDir()
	at := func(parts ...string) string { return filepath.Join(append([]string{root}, parts...)...) }
	e := evidenceAt(t, 10_000, at("1"), at("2"), at("3"))
	lines := func(name string) []string { return strings.SplitAfter(load(t, at("2", name)), "\n") }
	csv, records := lines("sessions.csv"), lines("sessions.jsonl")
	join := func(lines ...[]string) string {
		var b strings.Builder
		for _, l := range lines {
			b.WriteString(strings.Join(l, ""))
		}
		return b.String()
	}
	edited := strings.Replace(csv[5000], ",user", ",nobody", 1)
	for _, c := range []struct {
		rule, file, text string
		code, place      string
	}{
		{"a row removed", "sessions.csv", join(csv[:5000], csv[5001:]), "row_gone", "sessions.csv"},
		{"the first row removed", "sessions.csv", join(csv[:1], csv[2:]), "row_gone", "sessions.csv"},
		{"two rows exchanged", "sessions.csv", join(csv[:100], csv[200:201], csv[101:200], csv[100:101], csv[201:]), "row_moved", "sessions.csv:101"},
		{"cut off at a line", "sessions.csv", join(csv[:9000]), "row_gone", "sessions.csv"},
		{"cut off within a line", "sessions.csv", join(csv[:9000]) + csv[9000][:20], "row_changed", "sessions.csv:9001"},
		{"a row appended", "sessions.csv", join(csv) + edited, "row_added", "sessions.csv:10002"},
		{"a row twice", "sessions.csv", join(csv[:300], csv[299:]), "row_added", "sessions.csv:301"},
		{"a cell edited", "sessions.csv", join(csv[:5000], []string{edited}, csv[5001:]), "row_changed", "sessions.csv:5001"},
		{"a stray quote", "sessions.csv", join(csv[:5000], []string{strings.Replace(csv[5000], ",", `,"`, 1)}, csv[5001:]), "row_changed", "sessions.csv:5001"},
		{"a header edited", "sessions.csv", join([]string{strings.Replace(csv[0], "user", "usr", 1)}, csv[1:]), "export_line_changed", "sessions.csv:1"},
		{"other line ends", "sessions.csv", strings.ReplaceAll(join(csv), "\n", "\r\n"), "export_line_changed|export_bytes_changed", "sessions.csv"},
		{"empty", "sessions.csv", "", "row_gone", "sessions.csv"},
		{"a record removed", "sessions.jsonl", join(records[:5000], records[5001:]), "row_gone", "sessions.jsonl"},
		{"a record edited", "sessions.jsonl", join(records[:5000], []string{strings.Replace(records[5000], `"user":"user`, `"user":"nobody`, 1)}, records[5001:]), "row_changed", "sessions.jsonl:5001"},
		{"the file of another export", "sessions.csv", strings.Replace(load(t, at("1", "sessions.csv")), "user1,", "user2,", 1), "row_changed", "sessions.csv"},
		{"a certificate with another count", "manifest.json", strings.Replace(load(t, at("2", "manifest.json")), `"written": 10000`, `"written": 9999`, 1), "certificate_changed", "manifest.json"},
		{"a certificate of another export", "manifest.json", load(t, at("1", "manifest.json")), "chain_twice", "manifest.json"},
		{"a sum edited", "SHA256SUMS", strings.Replace(load(t, at("2", "SHA256SUMS")), "a", "b", 1), "sums_differ|certificate_changed|sums_line|sums_lack", ""},
		{"the last line end of the sums", "SHA256SUMS", strings.TrimSuffix(load(t, at("2", "SHA256SUMS")), "\n"), "sums_line", "SHA256SUMS:4"},
		{"other line ends of the sums", "SHA256SUMS", strings.Replace(load(t, at("2", "SHA256SUMS")), "\n", "\r\n", 1), "sums_line", "SHA256SUMS:1"},
		{"a hash of a row edited", "sessions.rows", strings.Replace(load(t, at("2", "sessions.rows")), "1\t", "1\tx", 1), "export_file_changed", "sessions.rows"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			path := at("2", c.file)
			whole := load(t, path)
			defer save(t, path, whole)
			if whole == c.text {
				t.Fatal("nothing is changed")
			}
			save(t, path, c.text)
			exit, found := verify(t, e, root)
			for _, p := range found {
				if exit == 65 && strings.Contains("|"+c.code+"|", "|"+p.Code+"|") && strings.HasPrefix(p.Place, at("2", c.place)) {
					return
				}
			}
			t.Errorf("exit %d, %v", exit, found[:min(len(found), 5)])
		})
	}
	if err := os.Rename(at("2"), filepath.Join(t.TempDir(), "2")); err != nil {
		t.Fatal(err)
	}
	if exit, found := verify(t, e, root); exit != 65 || len(found) != 1 || found[0].Code != "chain_gap" {
		t.Errorf("a certificate left out: %d, %v", exit, found)
	}
	if err := os.RemoveAll(at("3")); err != nil {
		t.Fatal(err)
	}
	if exit, found := verify(t, e, at("1", "sessions.csv")); exit != 0 {
		t.Errorf("one alone: %d, %v", exit, found)
	}
}

// TestAChainIsWholeFromItsBeginning: a certificate left out at the beginning, at the end or between is told, how
// many ever are left; the folder that one export made is that export, and is as certified.
func TestAChainIsWholeFromItsBeginning(t *testing.T) {
	for _, c := range []struct {
		gone  string
		codes string
	}{{"", ""}, {"1", "chain_gap"}, {"2", "chain_gap"}, {"3", "chain_end"}, {"12", "chain_gap"}, {"23", "chain_end"}, {"13", "chain_gap chain_end"}} {
		root := t.TempDir()
		e := evidenceAt(t, 10, filepath.Join(root, "1"), filepath.Join(root, "2"), filepath.Join(root, "3"))
		for _, name := range c.gone {
			if err := os.RemoveAll(filepath.Join(root, string(name))); err != nil {
				t.Fatal(err)
			}
		}
		exit, found := verify(t, e, root)
		var codes []string
		for _, p := range found {
			codes = append(codes, p.Code)
		}
		if strings.Join(codes, " ") != c.codes || (exit == 65) != (c.codes != "") {
			t.Errorf("without %q: exit %d, %v", c.gone, exit, found)
		}
		for _, name := range "123" {
			if folder := filepath.Join(root, string(name)); !strings.ContainsRune(c.gone, name) {
				if exit, found := verify(t, e, folder); exit != 0 {
					t.Errorf("%c alone: exit %d, %v", name, exit, found)
				}
			}
		}
	}
}

// TestAnIDMayHoldWhatPartsLines: an export whose ids hold tabs, line ends and backslashes is as certified, and a
// row of it that was changed is named.
func TestAnIDMayHoldWhatPartsLines(t *testing.T) {
	sim, ids := &vaultsim.Vault{}, []string{`"101"`, `"1\t2"`, `"102"`, `"3\n4"`, `"103"`, `"5\r"`, `"104"`, `"6\\t7"`, `"105"`, `"8\\"`}
	for i := range len(ids) / 2 {
		sim.AddSession(vaultsim.Session{ID: strings.Trim(ids[2*i], `"`), User: "ana", Device: "srv-01:22", Protocol: "ssh", Start: "2024-05-06 16:05:07"})
	}
	odd := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // the simulator itself gives no such ids
		answer := httptest.NewRecorder()
		sim.ServeHTTP(answer, r)
		w.Header().Set("Content-Type", answer.Header().Get("Content-Type"))
		w.WriteHeader(answer.Code)
		_, _ = strings.NewReplacer(ids...).WriteString(w, answer.Body.String()) // a lost answer fails the export
	}))
	defer odd.Close()
	e, folder := envOf(t, sim), t.TempDir()
	e.Config.Vault.URL = odd.URL
	if _, err := jobs.Export(context.Background(), e, jobs.ExportOptions{What: "sessions", Out: folder + "/", Format: "csv,jsonl,xlsx,html"}); err != nil {
		t.Fatal(err)
	}
	if exit, found := verify(t, e, folder); exit != 0 {
		t.Errorf("exit %d, %v", exit, found)
	}
	if rows := load(t, filepath.Join(folder, "sessions.rows")); !strings.HasPrefix(rows, `1\t2`+"\t") || strings.Count(rows, "\n") != len(ids)/2 {
		t.Errorf("%q", rows)
	}
	path := filepath.Join(folder, "sessions.jsonl")
	save(t, path, strings.Replace(load(t, path), "ana", "bob", 1))
	if exit, found := verify(t, e, folder); exit != 65 || len(found) == 0 || found[0].Code != "row_changed" {
		t.Errorf("exit %d, %v", exit, found)
	}
}

// TestAWorkbookShowsSomeSignsOtherwise: names that a cell cannot hold as they are make no untouched export tampered.
func TestAWorkbookShowsSomeSignsOtherwise(t *testing.T) {
	sim := &vaultsim.Vault{}
	for i, user := range []string{"ana", "a\nb", "a\tb", "\x07", "a\x07b", strings.Repeat("long ", 7000), "\ufffe"} {
		sim.AddSession(vaultsim.Session{ID: strconv.Itoa(i + 1), User: user, Device: "srv-01:22", Protocol: user, Start: "2024-05-06 16:05:07", End: "2024-05-06 16:15:07", Time: "00:10:00"})
	}
	e, folder := envOf(t, sim), t.TempDir()
	if _, err := jobs.Export(context.Background(), e, jobs.ExportOptions{What: "sessions", Out: folder + "/", Format: "csv,jsonl,xlsx"}); err != nil {
		t.Fatal(err)
	}
	if exit, found := verify(t, e, folder); exit != 0 {
		t.Errorf("exit %d, %v", exit, found)
	}
}

// TestAnExportOfAnyNameIsAsCertified: whatever the file is called that it goes to; a name that neither a certificate
// nor a file of sums can hold is refused.
func TestAnExportOfAnyNameIsAsCertified(t *testing.T) {
	e := envOf(t, &vaultsim.Vault{ManySessions: 3})
	for _, name := range []string{"a b.csv", " a.csv", "a  b.jsonl", "ação.xlsx", "x.rows", "x.findings.csv", "SHA256SUMS"} {
		folder := t.TempDir()
		path := filepath.Join(folder, name)
		if _, err := jobs.Export(context.Background(), e, jobs.ExportOptions{What: "sessions", Out: path, Format: "csv"}); err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		for _, beside := range []string{"", ".manifest.json", ".rows"} {
			if exit, found := verify(t, e, path+beside); exit != 0 {
				t.Errorf("%q by %q: exit %d, %v", name, beside, exit, found)
			}
		}
		_, found := verify(t, e, folder)
		for _, p := range found {
			if p.Code != "chain_gap" { // it stands here without those before it
				t.Errorf("the folder of %q: %v", name, p)
			}
		}
	}
	for _, name := range []string{"a\nb.csv", "caf\xe9.csv", "a\r", "manifest.json", "Manifest.json", "x.csv.manifest.json"} {
		_, err := jobs.Export(context.Background(), e, jobs.ExportOptions{What: "sessions", Out: filepath.Join(t.TempDir(), name), Format: "csv"})
		var fault *schemas.Fault
		if !errors.As(err, &fault) || fault.Problem.Code != "bad_value" {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// TestWhatIsLackingIsToldInOneOrder: twice the same look says the same.
func TestWhatIsLackingIsToldInOneOrder(t *testing.T) {
	folder := t.TempDir()
	e := foundAt(t, 10, folder)
	save(t, filepath.Join(folder, "SHA256SUMS"), "")
	_, first := verify(t, e, folder)
	for range 10 {
		if _, found := verify(t, e, folder); len(found) < 5 || !slices.EqualFunc(found, first, func(a, b schemas.InspectedProblem) bool { return a.Message == b.Message }) {
			t.Fatalf("%v, and before %v", found, first)
		}
	}
}

// TestNothingBesideACertificateTakesItsPlace: neither a file that is called as if a certificate were an export of its
// own, nor one that no certificate names, nor a time that is none, which no line of signers holds for.
func TestNothingBesideACertificateTakesItsPlace(t *testing.T) {
	folder := t.TempDir()
	e := foundAt(t, 10, folder)
	at := func(name string) string { return filepath.Join(folder, name) }
	const decoy = `{"certificate":1,"what":"sessions","vault":"v","serial":1,"made":"2026-11-02T15:04:05Z"}`
	for name, c := range map[string]struct{ file, text, verify, code string }{
		"a decoy":             {"manifest.json.manifest.json", decoy, folder, "row_changed"},
		"an export elsewhere": {"evil.csv", "id,user\n1,eve\n", at("evil.csv"), "export_file_strange"},
		"an answer":           {"answer.json", "[]", at("answer.json"), "export_file_strange"},
	} {
		t.Run(name, func(t *testing.T) {
			whole := load(t, at("sessions.csv"))
			defer save(t, at("sessions.csv"), whole)
			if c.verify == folder {
				save(t, at("sessions.csv"), strings.Replace(whole, "user1", "user2", 1))
			}
			save(t, at(c.file), c.text)
			defer os.Remove(at(c.file))
			exit, found := verify(t, e, c.verify)
			if exit != 65 || !slices.ContainsFunc(found, func(p schemas.InspectedProblem) bool { return p.Code == c.code }) {
				t.Errorf("exit %d, %v", exit, found)
			}
		})
	}
	for _, name := range []string{"sessions.csv", "sessions.rows", "findings.csv", "findings.rows", "SHA256SUMS", "manifest.json"} {
		if exit, found := verify(t, e, at(name)); exit != 0 {
			t.Errorf("by %s: exit %d, %v", name, exit, found)
		}
	}
	edited(t, folder, regexp.MustCompile(`"made": "[^"]+"`), `"made": "yesterday"`)
	if exit, found := verify(t, e, folder); exit != 65 || found[0].Code != "certificate_unreadable" {
		t.Errorf("a time that is none: exit %d, %v", exit, found)
	}
}

// edited puts a text into the certificate of a folder, and its sum into the sums, as somebody does who makes it again.
func edited(t *testing.T, folder string, what *regexp.Regexp, text string) {
	t.Helper()
	path, sums := filepath.Join(folder, "manifest.json"), filepath.Join(folder, "SHA256SUMS")
	was := load(t, path)
	now := what.ReplaceAllString(was, text)
	if now == was {
		t.Fatal("nothing is edited")
	}
	save(t, path, now)
	sumOf := func(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }
	save(t, sums, strings.Replace(load(t, sums), sumOf(was), sumOf(now), 1))
}

// TestACertificateOfFewerThanWereAnnounced: a list that was cut is no evidence of all, however well it is certified.
func TestACertificateOfFewerThanWereAnnounced(t *testing.T) {
	folder := t.TempDir()
	e := foundAt(t, 10, folder)
	edited(t, folder, regexp.MustCompile(`"read": 10`), `"announced": 99, "read": 10`)
	exit, found := verify(t, e, folder)
	if exit != 65 || len(found) != 1 || found[0].Code != "certificate_announced" {
		t.Errorf("exit %d, %v", exit, found)
	}
}
