package jobs_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"pamsync/pipeline/jobs"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
	"pamsync/sinks"
)

// asList is a row of a page whose own texts stand in a list, as they do where one of them has a tab.
func asList(row string) string {
	own, rest, _ := strings.Cut(strings.TrimPrefix(row, `["`), `"`)
	return `[["` + strings.ReplaceAll(own, `\t`, `","`) + `"]` + rest
}

// TestWhatIsBesideTheRowsIsNamed: findings, the lines of a file that are no rows, bytes that leave all cells as
// they are, the parts of a page and the sheets of a workbook.
func TestWhatIsBesideTheRowsIsNamed(t *testing.T) {
	folder := t.TempDir()
	e := foundAt(t, 1000, folder)
	at := func(name string) string { return filepath.Join(folder, name) }
	lines := func(name string) []string { return strings.SplitAfter(load(t, at(name)), "\n") }
	findings, csv, records, page := lines("findings.csv"), lines("sessions.csv"), lines("sessions.jsonl"), lines("sessions.html")
	with := func(all []string, i int, line ...string) string {
		return strings.Join(all[:i], "") + strings.Join(line, "") + strings.Join(all[i+1:], "")
	}
	row := 0 // of the page, in its second block
	for i, line := range page {
		if strings.HasPrefix(line, `["500\t`) {
			row = i
		}
	}
	texts := row
	for !strings.HasPrefix(page[texts], "<script") {
		texts--
	}
	line := func(name string, i int) string { return name + ":" + strconv.Itoa(i+1) }
	seal := len(records) - 2
	for _, c := range []struct {
		rule, file, text string
		code, place      string
	}{
		{"a finding edited", "findings.csv", with(findings, 40, strings.Replace(findings[40], "empty", "empty?", 1)), "row_changed", line("findings.csv", 40)},
		{"a finding removed", "findings.csv", with(findings, 40), "row_gone", "findings.csv"},
		{"a finding twice", "findings.csv", with(findings, 40, findings[40], findings[40]), "row_added", line("findings.csv", 41)},
		{"findings exchanged", "findings.csv", with(findings, 40, findings[41], findings[40]) + "", "row_moved", line("findings.csv", 40)},
		{"a finding in quotes", "findings.csv", with(findings, 40, strings.Replace(findings[40], "no_ticket", `"no_ticket"`, 1)), "row_otherwise", line("findings.csv", 40)},
		{"the header of the findings", "findings.csv", with(findings, 0, strings.ToUpper(findings[0])), "export_line_changed", "findings.csv:1"},
		{"quotes that change no cell", "sessions.csv", with(csv, 600, `"`+strings.Replace(csv[600], ",", `",`, 1)), "row_otherwise", line("sessions.csv", 600)},
		{"a carriage return", "sessions.csv", with(csv, 600, strings.Replace(csv[600], "\n", "\r\n", 1)), "row_otherwise", line("sessions.csv", 600)},
		{"the last line end", "sessions.csv", strings.TrimSuffix(strings.Join(csv, ""), "\n"), "row_otherwise", line("sessions.csv", 1000)},
		{"a mark at the beginning", "sessions.csv", "\ufeff" + strings.Join(csv, ""), "export_line_changed", "sessions.csv:1"},
		{"the header's line end", "sessions.csv", with(csv, 0, strings.Replace(csv[0], "\n", "\r\n", 1)), "export_line_changed", "sessions.csv:1"},
		{"an empty line", "sessions.csv", with(csv, 600, "\n", csv[600]), "row_added", line("sessions.csv", 600)},
		{"a blank in a record", "sessions.jsonl", with(records, 600, strings.Replace(records[600], ":", ": ", 1)), "row_otherwise", line("sessions.jsonl", 600)},
		{"a member that is there twice", "sessions.jsonl", with(records, 600, strings.Replace(records[600], `"user":`, `"user":"x","user":`, 1)), "row_otherwise", line("sessions.jsonl", 600)},
		{"something behind a record", "sessions.jsonl", with(records, 600, strings.Replace(records[600], "\n", " {}\n", 1)), "row_otherwise", line("sessions.jsonl", 600)},
		{"a sign written as its code", "sessions.jsonl", with(records, 600, strings.Replace(records[600], `"user":"u`, `"user":"\u0075`, 1)), "row_otherwise", line("sessions.jsonl", 600)},
		{"the first line of records", "sessions.jsonl", with(records, 0, strings.Replace(records[0], "pamsync", "pamsink", 1)), "export_line_changed", "sessions.jsonl:1"},
		{"the first line of records, and records cut off", "sessions.jsonl", strings.Replace(strings.Join(records, ""), `"client":"client"`, `"client":"another"`, 1)[:len(strings.Join(records[:400], ""))], "export_line_changed", "sessions.jsonl:1"},
		{"the time in the first line of records", "sessions.jsonl", with(records, 0, strings.Replace(records[0], "2026-11-02", "2026-10-02", 1)), "export_line_changed", "sessions.jsonl:1"},
		{"the first line of records in another form", "sessions.jsonl", with(records, 0, " "+records[0]), "export_line_changed", "sessions.jsonl:1"},
		{"the first line removed", "sessions.jsonl", with(records, 0), "export_line_changed", "sessions.jsonl:1"},
		{"the first line twice", "sessions.jsonl", with(records, 600, records[0], records[600]), "row_added", line("sessions.jsonl", 600)},
		{"the seal edited", "sessions.jsonl", with(records, seal, strings.Replace(records[seal], "1001", "1002", 1)), "export_end_changed", line("sessions.jsonl", seal)},
		{"the seal removed", "sessions.jsonl", with(records, seal), "export_end_changed", line("sessions.jsonl", seal)},
		{"a seal between", "sessions.jsonl", with(records, 600, records[seal], records[600]), "row_added", line("sessions.jsonl", 600)},
		{"a row of the page edited", "sessions.html", with(page, row, strings.Replace(page[row], `"500\t`, `"501\t`, 1)), "row_changed", line("sessions.html", row)},
		{"a row of the page removed", "sessions.html", with(page, row), "row_gone", "sessions.html"},
		{"rows of the page exchanged", "sessions.html", with(page, row, page[row+1], page[row]), "row_moved", line("sessions.html", row)},
		{"a row of the page written otherwise", "sessions.html", with(page, row, strings.Replace(page[row], "[", "[ ", 1)), "export_line_otherwise", line("sessions.html", row)},
		{"own texts of the page as a list", "sessions.html", with(page, row, asList(page[row])), "export_line_otherwise", line("sessions.html", row)},
		{"a tab of the page too many", "sessions.html", with(page, row, strings.Replace(page[row], `\t`, `\t\t`, 1)), "row_changed", line("sessions.html", row)},
		{"a finding of the page edited", "sessions.html", with(page, row, strings.Replace(page[row], "empty", "empty?", 1)), "finding_changed", line("sessions.html", row)},
		{"a text that many rows show", "sessions.html", with(page, texts, strings.Replace(page[texts], `"user1"`, `"nobody"`, 1)), "page_text_changed", line("sessions.html", texts)},
		{"a text that always comes with another", "sessions.html", with(page, texts, strings.Replace(page[texts], `"Web Proxy"`, `"Web Prozy"`, 1)), "page_text_changed|Web Prozy", line("sessions.html", texts)},
		{"texts that nobody can read", "sessions.html", with(page, texts, strings.Replace(page[texts], `"user1"`, `"user1`, 1)), "page_texts_changed", line("sessions.html", texts)},
		{"the totals of the page", "sessions.html", strings.Replace(strings.Join(page, ""), `"written":1000,`, `"written":1001,`, 1), "part_changed|page's totals", "sessions.html:"},
		{"the script of the page", "sessions.html", strings.Replace(strings.Join(page, ""), `"use strict"`, `"use sloppy"`, 1), "part_changed|page's script", "sessions.html:"},
		{"the style of the page", "sessions.html", strings.Replace(strings.Join(page, ""), "<style>", "<style> ", 1), "part_changed|page's style", "sessions.html:"},
		{"what a page shows without script", "sessions.html", strings.Replace(strings.Join(page, ""), "<noscript>", "<noscript> ", 1), "part_changed|without script", "sessions.html:"},
		{"something behind the page", "sessions.html", strings.Join(page, "") + "<p>", "part_changed|page's end", "sessions.html:"},
		{"half of the page", "sessions.html", strings.Join(page[:row], ""), "row_gone", "sessions.html"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			whole := load(t, at(c.file))
			defer save(t, at(c.file), whole)
			if c.rule == "findings exchanged" {
				c.text = strings.Join(findings[:40], "") + findings[41] + findings[40] + strings.Join(findings[42:], "")
			}
			if c.rule == "rows of the page exchanged" {
				c.text = strings.Join(page[:row], "") + page[row+1] + page[row] + strings.Join(page[row+2:], "")
			}
			if whole == c.text {
				t.Fatal("nothing is changed")
			}
			save(t, at(c.file), c.text)
			exit, found := verify(t, e, at("manifest.json"))
			code, says, _ := strings.Cut(c.code, "|")
			for _, p := range found {
				if exit == 65 && p.Code == code && strings.HasPrefix(p.Place, at(c.place)) && strings.Contains(p.Message, says) {
					if len(found) > 8 && code != "row_gone" && found[0].Code != "row_gone" {
						t.Errorf("one change is told %d times: %v", len(found), found)
					}
					return
				}
			}
			t.Errorf("exit %d, %v", exit, found[:min(len(found), 5)])
		})
	}
}

// TestASheetOfAWorkbookIsNamed: a part that was packed anew with other contents, one that was added, a workbook
// that another program has saved, one that is cut.
func TestASheetOfAWorkbookIsNamed(t *testing.T) {
	folder := t.TempDir()
	e := foundAt(t, 100, folder)
	path := filepath.Join(folder, "sessions.xlsx")
	whole := load(t, path)
	for sheet, text := range map[string]string{"Summary": "By month", "Sessions": "Web Proxy", "Exceptions": "request and ITSM", "Metadata": "answer_sha256"} {
		save(t, path, repacked(t, whole, text, "X"+text[1:], ""))
		exit, found := verify(t, e, path)
		if exit != 65 || !mentions(found, path+"!"+sheet) {
			t.Errorf("%s: exit %d, %v", sheet, exit, found[:min(len(found), 4)])
		}
	}
	for _, c := range []struct{ rule, text, says string }{
		{"a part that was added", repacked(t, whole, "", "", "xl/worksheets/sheet9.xml"), "sheet9.xml was not certified"},
		{"a chart", repacked(t, whole, "barChart", "areaChart", ""), "xl/charts/chart"},
		{"the title", repacked(t, whole, "<dc:title>", "<dc:title>X", ""), "docProps/core.xml"},
		{"packed anew, with nothing changed", repacked(t, whole, "", "", ""), "bytes"},
		{"cut", whole[:len(whole)/2], "cannot be read behind row 0: the workbook is damaged: "},
		{"no workbook", "PK\x03\x04", "cannot be read behind row 0: the workbook is damaged: "},
		{"empty", "", "cannot be read behind row 0: the workbook is damaged: "},
	} {
		save(t, path, c.text)
		exit, found := verify(t, e, path)
		told := false
		for _, p := range found {
			told = told || strings.HasPrefix(p.Place, path) && strings.Contains(p.Message, c.says)
		}
		if exit != 65 || !told {
			t.Errorf("%s: exit %d, %v", c.rule, exit, found)
		}
	}
	save(t, path, whole)
	book, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := book.SetCellValue("Exceptions", "C5", "nothing"); err != nil {
		t.Fatal(err)
	}
	if err := book.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	if exit, found := verify(t, e, path); exit != 65 || !mentions(found, path+"!Exceptions!5") || mentions(found, path+"!Sessions!") {
		t.Errorf("saved by another program: exit %d, %v", exit, found)
	}
}

// TestAWorkbookThatAnotherProgramSaved: all of its parts are others then, and its cells still tell which sheet was
// changed.
func TestAWorkbookThatAnotherProgramSaved(t *testing.T) {
	folder := t.TempDir()
	e := foundAt(t, 100, folder)
	path := filepath.Join(folder, "sessions.xlsx")
	whole := load(t, path)
	for _, c := range []struct{ sheet, cell, value, place string }{
		{"", "", "", ""},
		{"Summary", "B3", "another", "!Summary"},
		{"Metadata", "B3", "another", "!Metadata"},
		{"Metadata", "C9", "beside", "!Metadata"},
		{"Exceptions", "C5", "another", "!Exceptions!5"},
		{"Sessions", "B7", "another", "!Sessions!7"},
	} {
		save(t, path, savedAnew(t, whole, c.sheet, c.cell, c.value))
		exit, found := verify(t, e, path)
		anew, elsewhere := false, 0
		for _, p := range found {
			anew = anew || p.Code == "book_saved_anew"
			if strings.Contains(p.Place, "!") && !strings.HasPrefix(p.Place, path+c.place) || c.place == "" && p.Code != "book_saved_anew" {
				elsewhere++
			}
		}
		if exit != 65 || !anew || elsewhere > 0 || !mentions(found, path+c.place) {
			t.Errorf("%s!%s: exit %d, %v", c.sheet, c.cell, exit, found[:min(len(found), 6)])
		}
	}
}

// savedAnew is a workbook as another program writes it, with another value in one cell.
func savedAnew(t *testing.T, whole, sheet, cell, value string) string {
	t.Helper()
	from, err := excelize.OpenReader(strings.NewReader(whole))
	if err != nil {
		t.Fatal(err)
	}
	to := excelize.NewFile()
	for i, name := range from.GetSheetList() {
		if i == 0 {
			err = to.SetSheetName("Sheet1", name)
		} else {
			_, err = to.NewSheet(name)
		}
		if err != nil {
			t.Fatal(err)
		}
		rows, err := from.GetRows(name, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for r, row := range rows {
			for c, text := range row {
				at, _ := excelize.CoordinatesToCellName(c+1, r+1) // small numbers
				var v any = text
				if kind, _ := from.GetCellType(name, at); kind == excelize.CellTypeUnset || kind == excelize.CellTypeNumber {
					if n, err := strconv.ParseFloat(text, 64); err == nil {
						v = n
					}
				}
				if text == "" {
					continue
				}
				if err := to.SetCellValue(name, at, v); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if sheet != "" {
		if err := to.SetCellValue(sheet, cell, value); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := to.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestALineOfAListWithoutHashes: a list of devices has no hashes of its rows beside it, and a line that nobody
// writes so is told all the same.
func TestALineOfAListWithoutHashes(t *testing.T) {
	sim := &vaultsim.Vault{}
	for i := range 20 {
		sim.AddDevice(vaultsim.Device{ID: strconv.Itoa(i + 1), Hostname: "srv-" + strconv.Itoa(i), IP: "10.0.0.1", Site: "LAX", Model: "m", Vendor: "v", Type: "t"})
	}
	e := envOf(t, sim)
	for _, format := range []string{"csv", "jsonl", "html"} {
		path := filepath.Join(t.TempDir(), "d."+format)
		if _, err := jobs.Export(context.Background(), e, jobs.ExportOptions{What: "devices", Out: path}); err != nil {
			t.Fatal(err)
		}
		if exit, found := verify(t, e, path); exit != 0 {
			t.Fatalf("%s: exit %d, %v", format, exit, found)
		}
		whole := load(t, path)
		lines := strings.SplitAfter(whole, "\n")
		lines[12] = strings.Replace(lines[12], "\n", map[string]string{"csv": "\r\n", "jsonl": " \n", "html": " \n"}[format], 1)
		save(t, path, strings.Join(lines, ""))
		exit, found := verify(t, e, path)
		if exit != 65 || len(found) != 1 || format != "html" && !mentions(found, path+":13") || format == "html" && found[0].Code != "part_changed" {
			t.Errorf("%s: exit %d, %v", format, exit, found)
		}
	}
}

// TestAnExportOfAnEarlierVersion: its certificate has neither parts nor hashes of findings. It is as certified, and
// what was changed is named as far as its rows tell.
func TestAnExportOfAnEarlierVersion(t *testing.T) {
	folder := t.TempDir()
	e := foundAt(t, 100, folder)
	at := func(name string) string { return filepath.Join(folder, name) }
	var c schemas.Certificate
	if err := json.Unmarshal([]byte(load(t, at("manifest.json"))), &c); err != nil {
		t.Fatal(err)
	}
	c.FindingRows = nil
	for i := range c.Files {
		c.Files[i].Parts = nil
	}
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	save(t, at("manifest.json"), string(text))
	sums := fmt.Sprintf("%x  manifest.json\n%s  sessions.rows\n", sha256.Sum256(text), c.Rows.SHA256)
	for _, f := range c.Files {
		sums += f.SHA256 + "  " + f.Name + "\n"
	}
	save(t, at("SHA256SUMS"), sums)
	if err := os.Remove(at("findings.rows")); err != nil {
		t.Fatal(err)
	}
	if exit, found := verify(t, e, at("manifest.json")); exit != 0 {
		t.Fatalf("exit %d, %v", exit, found)
	}
	for _, one := range []struct{ name, from, to, code string }{
		{"findings.csv", "request and", "request or", "export_file_changed"},
		{"sessions.html", `["50\t`, `["51\t`, "row_changed"},
		{"sessions.html", "<style>", "<style> ", "export_bytes_changed"},
		{"sessions.csv", "user1", "user2", "row_changed"},
		{"sessions.xlsx", "", "", "export_bytes_changed"},
	} {
		whole := load(t, at(one.name))
		changed := strings.Replace(whole, one.from, one.to, 1)
		if one.name == "sessions.xlsx" {
			changed = repacked(t, whole, "By month", "By mouth", "")
		}
		if changed == whole {
			t.Fatal(one.name, "is not changed")
		}
		save(t, at(one.name), changed)
		exit, found := verify(t, e, at("manifest.json"))
		if exit != 65 || !slices.ContainsFunc(found, func(p schemas.InspectedProblem) bool { return p.Code == one.code }) {
			t.Errorf("%s: exit %d, %v", one.name, exit, found)
		}
		save(t, at(one.name), whole)
	}
}

// repacked is a workbook packed anew: with another text in the place of one in its parts, and an empty part besides.
func repacked(t *testing.T, whole, from, to, added string) string {
	t.Helper()
	in, err := zip.NewReader(strings.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	changed := from == ""
	for _, part := range in.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if from != "" && !changed && bytes.Contains(data, []byte(from)) {
			data, changed = bytes.Replace(data, []byte(from), []byte(to), 1), true
		}
		w, err := out.Create(part.Name)
		if err == nil {
			_, err = w.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if added != "" {
		if _, err := out.Create(added); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil || !changed {
		t.Fatal(err, "nothing is changed")
	}
	return b.String()
}

// TestFindingsForExcelAreAsCertified: the findings beside a file that is no CSV are in the dialect that was asked for.
func TestFindingsForExcelAreAsCertified(t *testing.T) {
	folder := t.TempDir()
	e := envOf(t, &vaultsim.Vault{ManySessions: 10})
	e.CSVFor = "excel"
	e.Config.Findings = foundRules()
	if _, err := jobs.Export(context.Background(), e, jobs.ExportOptions{What: "sessions", Out: filepath.Join(folder, "sessions.jsonl")}); err != nil {
		t.Fatal(err)
	}
	if exit, found := verify(t, e, filepath.Join(folder, "sessions.jsonl")); exit != 0 {
		t.Errorf("exit %d, %v", exit, found)
	}
	path := filepath.Join(folder, "sessions.jsonl.findings.csv")
	text := load(t, path)
	save(t, path, strings.TrimPrefix(text, "\ufeff"))
	if exit, found := verify(t, e, path); exit != 65 || !mentions(found, path+":1") {
		t.Errorf("without its mark: exit %d, %v", exit, found)
	}
	if _, err := os.Stat(filepath.Join(folder, "sessions.jsonl.findings.rows")); err != nil {
		t.Error(err)
	}
}

// TestALineEndInAListWithoutHashes: a cell of a list of devices that holds a line end is one row all the same.
func TestALineEndInAListWithoutHashes(t *testing.T) {
	sim := &vaultsim.Vault{}
	for i, site := range []string{"LAX\nsecond floor", "LAX", "\"quoted\"\r\n,", "=LAX\n\n"} {
		sim.AddDevice(vaultsim.Device{ID: strconv.Itoa(i + 1), Hostname: "srv-" + strconv.Itoa(i), IP: "10.0.0.1", Site: site, Model: "m", Vendor: "v", Type: "t"})
	}
	e := envOf(t, sim)
	for _, dialect := range sinks.Dialects() {
		e.CSVFor = dialect
		path := filepath.Join(t.TempDir(), "d.csv")
		if _, err := jobs.Export(context.Background(), e, jobs.ExportOptions{What: "devices", Out: path}); err != nil {
			t.Fatal(err)
		}
		if exit, found := verify(t, e, path); exit != 0 {
			t.Errorf("%s: exit %d, %v", dialect, exit, found)
		}
		save(t, path, strings.Replace(load(t, path), "srv-1", `"srv-1"`, 1))
		if exit, found := verify(t, e, path); exit != 65 || len(found) != 1 || !mentions(found, path+":4") {
			t.Errorf("%s: exit %d, %v", dialect, exit, found)
		}
	}
}

// TestACertificateThatSomebodyElseWrote: lengths that no part has are told in a moment, and a file that does not lie
// beside the certificate is not read.
func TestACertificateThatSomebodyElseWrote(t *testing.T) {
	folder := t.TempDir()
	e := foundAt(t, 100, folder)
	at, page := filepath.Join(folder, "manifest.json"), filepath.Join(folder, "sessions.html")
	whole := load(t, at)
	save(t, page, load(t, page)+" ")
	var c schemas.Certificate
	for _, first := range []int64{-1, 0, 1 << 62, -1 << 63} {
		if err := json.Unmarshal([]byte(whole), &c); err != nil {
			t.Fatal(err)
		}
		for i := range c.Files {
			parts := c.Files[i].Parts
			for j := range parts {
				parts[j].Bytes += first
			}
			for range 10_000 * min(len(parts), 1) { // each back to where it began
				parts = append(parts, schemas.CertifiedPart{Name: "x", Bytes: 1 << 40}, schemas.CertifiedPart{Name: "x", Bytes: -1 << 40})
			}
			c.Files[i].Parts = parts
		}
		text, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		save(t, at, string(text))
		if exit, found := verify(t, e, at); exit != 65 || len(found) > 8 || !mentions(found, page) {
			t.Errorf("%d bytes more: exit %d, %v", first, exit, found)
		}
	}
	for _, name := range []string{"../../../../../../../../dev/zero", "..", "", "/dev/zero", "a/b"} {
		for _, file := range []string{"sessions.csv", "sessions.rows", "findings.rows"} {
			save(t, at, strings.Replace(whole, `"name": "`+file+`"`, `"name": "`+name+`"`, 1))
			if exit, found := verify(t, e, at); exit != 65 || len(found) != 1 || found[0].Code != "certificate_unreadable" {
				t.Errorf("%s for %s: exit %d, %v", name, file, exit, found)
			}
		}
	}
}

// TestEachChangedPartOfAPageIsNamedByItsLines: several parts of one page, each of the length that it had.
func TestEachChangedPartOfAPageIsNamedByItsLines(t *testing.T) {
	folder := t.TempDir()
	e := foundAt(t, 3000, folder)
	path := filepath.Join(folder, "sessions.html")
	whole := load(t, path)
	changed := whole
	var places []string
	for _, one := range []struct{ from, to, begins string }{
		{"<style>", "<stylo>", "<style>"}, {`"written":3000,`, `"written":3001,`, `<script type="application/json" id="head">`}, {`"use strict"`, `"use strjct"`, "<script>(function"}, {"</html>", "</htmi>", "</body>"},
	} {
		at := strings.LastIndex(whole, one.begins)
		places = append(places, path+":"+strconv.Itoa(1+strings.Count(whole[:at], "\n")))
		changed = strings.Replace(changed, one.from, one.to, 1)
	}
	save(t, path, changed)
	exit, found := verify(t, e, path)
	for i, place := range places {
		if exit != 65 || len(found) != len(places) || found[i].Place != place {
			t.Errorf("exit %d, %v, want %v", exit, found, places)
		}
	}
}
