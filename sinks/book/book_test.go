package book

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sources/sheet"
)

// payloads begin as formulas do, or hold signs that XML, CSV or a terminal take for their own.
func payloads() []string {
	return []string{"=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "=HYPERLINK(\"http://x\")", "\t=1", "'=1", "</t></is><script>", "a;b,c\"d",
		"ção 日本 😀", "_x000D_", "\x1b[31mred", "a\nb", " blank ", "0007", "1E5", "TRUE", "2026-11-21", strings.Repeat("long ", 10)}
}

func somePlan() *schemas.Plan {
	p := &schemas.Plan{Start: schemas.Start{Format: schemas.FormatPlan, Version: 1, Run: "20261102T150405Z-x7kq", Tool: "pamsync 1", Made: "2026-11-02T15:04:05Z",
		Vault: "https://vault.example:443", Client: "7f1c", Sources: []schemas.SourceUse{{Kind: schemas.KindDevice, Path: "d.xlsx", Format: "xlsx", Sheet: "Servidores", Rows: 40, SHA256: "00ff"}}}}
	actions := []schemas.Action{schemas.ActionCreate, schemas.ActionUpdate, schemas.ActionReactivate, schemas.ActionInactivate}
	for i, text := range payloads() {
		c := schemas.Change{ID: fmt.Sprintf("%016x", i), Kind: schemas.KindDevice, Action: actions[i%4], Key: text, VaultID: strconv.Itoa(1000 + i), Device: text,
			Reason: schemas.Reason{Rule: schemas.RuleDiffers}, Fields: []schemas.FieldChange{{Field: schemas.FieldSite, Before: text, After: "x"}},
			Rows: []schemas.RowRef{{Source: "d.xlsx", Row: i + 2}}}
		if c.Action == schemas.ActionInactivate {
			c.Cascade = []schemas.Item{{Kind: schemas.KindCredential, ID: "7", Key: "root@" + text}}
		}
		p.Changes = append(p.Changes, c)
		p.Holds = append(p.Holds, schemas.Hold{Kind: schemas.KindCredential, Key: text, Code: "ambiguous"})
		p.Rejects = append(p.Rejects, schemas.Reject{Kind: schemas.KindDevice, Key: text, Row: schemas.RowRef{Source: "d.xlsx", Row: 9},
			Problems: []schemas.Problem{{Code: "bad_ip", Place: schemas.Place{Source: "d.xlsx", Sheet: "Servidores", Row: 9, Col: 2}, Args: schemas.Pairs("value", text)}}})
	}
	p.Changes = append(p.Changes, schemas.Change{ID: "cred", Kind: schemas.KindCredential, Action: schemas.ActionCreate, Key: "root@srv-01", Secret: true, Reason: schemas.Reason{Rule: schemas.RuleNew, Cell: "c.csv:2:1"}})
	p.Summary = schemas.Summary{Rows: schemas.RowCounts{In: 40, Changed: 20, Held: 20}, Kinds: []schemas.KindCounts{{Kind: schemas.KindDevice, Create: 5}},
		Limits: []schemas.LimitUse{{Name: "inactivate", Kind: schemas.KindDevice, N: 5, Total: 100, Limit: schemas.DefaultLimits().Inactivate}}}
	p.Digest = "sha256:00ff"
	return p
}

func someResults(p *schemas.Plan) ([]schemas.Result, schemas.Total) {
	var results []schemas.Result
	states := []schemas.Status{schemas.StatusDone, schemas.StatusFailed, schemas.StatusSkipped, schemas.StatusUnknown}
	for i := range p.Changes {
		c := &p.Changes[i]
		results = append(results, schemas.Result{Change: c.ID, Kind: c.Kind, Action: c.Action, Key: c.Key, Status: states[i%4], VaultID: c.VaultID, Source: "d.xlsx",
			Row: strconv.Itoa(i + 2), Code: "1011", Message: c.Key, Attempts: 1})
	}
	return results, schemas.Total{Run: "20261102T150405Z-x7kq", Exit: 10, Rows: p.Summary.Rows, Changes: schemas.ChangeCounts{Done: 5, Failed: 5, Skipped: 5, Unknown: 5}}
}

// made are both workbooks in both languages.
func made(t *testing.T) map[string][]byte {
	t.Helper()
	p := somePlan()
	results, total := someResults(p)
	books := map[string][]byte{}
	for _, lang := range []words.Lang{words.English, words.Portuguese} {
		var plan, result bytes.Buffer
		if err := Plan(&plan, lang, p, t.TempDir()); err != nil {
			t.Fatal(err)
		}
		if err := Result(&result, lang, p, p.Start, results, total, t.TempDir()); err != nil {
			t.Fatal(err)
		}
		books["plan-"+string(lang)], books["result-"+string(lang)] = plan.Bytes(), result.Bytes()
	}
	return books
}

// cells reads every sheet with our own reader: by sheet, by row and column.
func cells(t *testing.T, data []byte) map[string][][]string {
	t.Helper()
	b, err := sheet.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	all := map[string][][]string{}
	for i := range b.Sheets {
		var rows [][]string
		err := b.Rows(&b.Sheets[i], func(r *sheet.Row) error {
			for len(rows) < r.Number {
				rows = append(rows, nil)
			}
			var row []string
			for j := range r.Cells {
				c := &r.Cells[j]
				if c.Formula {
					t.Errorf("%s!%s%d is a formula", b.Sheets[i].Name, sheet.ColumnName(c.Col), r.Number)
				}
				for len(row) < c.Col {
					row = append(row, "")
				}
				row[c.Col-1] = string(r.Raw(c))
			}
			rows[r.Number-1] = row
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		all[b.Sheets[i].Name] = rows
	}
	return all
}

// TestWorkbooksHoldEveryRecord: what is written is read back cell for cell, as text.
func TestWorkbooksHoldEveryRecord(t *testing.T) {
	books := made(t)
	for _, c := range []struct {
		book, sheet, action string
		key                 int
	}{{"plan-en", "Devices", "+ create", 1}, {"plan-pt", "Dispositivos", "+ criar", 1}, {"result-en", "Devices", "+ create", 2}, {"result-pt", "Dispositivos", "+ criar", 2}} {
		rows := cells(t, books[c.book])[c.sheet]
		if len(rows) != len(payloads())+1 {
			t.Fatalf("%s: %d rows", c.book, len(rows))
		}
		if rows[1][c.key-1] != c.action {
			t.Errorf("%s: %q", c.book, rows[1])
		}
		for i, want := range payloads() {
			if got := rows[i+1][c.key]; got != words.Plain(want) {
				t.Errorf("%s: %q, want %q", c.book, got, want)
			}
		}
	}
	plan := cells(t, books["plan-en"])
	for _, want := range []string{"Summary", "Devices", "Credentials", "Held", "Rejected", "Metadata"} {
		if plan[want] == nil {
			t.Errorf("no sheet %s", want)
		}
	}
	if got := plan["Rejected"][1][2]; got != "d.xlsx!Servidores!B9" {
		t.Errorf("place %q", got)
	}
	if got := plan["Devices"][1][5]; got != "d.xlsx!Servidores!2" {
		t.Errorf("where from %q", got)
	}
}

// TestTheSameWorkbookIsTheSameBytes: a report that is written again is the same report, byte for byte.
func TestTheSameWorkbookIsTheSameBytes(t *testing.T) {
	p := somePlan()
	results, total := someResults(p)
	var first []byte
	for range 20 {
		var out bytes.Buffer
		if err := Result(&out, words.English, p, p.Start, results, total, t.TempDir()); err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = out.Bytes()
		}
		if !bytes.Equal(out.Bytes(), first) {
			t.Fatal("written again, it is another file")
		}
	}
}

// TestNoFormulaIsWritten: in no part is there a formula, nor a link to elsewhere.
func TestNoFormulaIsWritten(t *testing.T) {
	books := made(t)
	books["evidence"] = madeEvidence(t, words.English, 0)
	for name, data := range books {
		for part, text := range parts(t, data) {
			if strings.HasPrefix(part, "xl/charts/") {
				continue // a chart names the cells that it shows: see TestChartsShowTheirTables
			}
			if strings.Contains(text, "<f>") || strings.Contains(text, "<f ") || strings.Contains(text, `TargetMode="External"`) {
				t.Errorf("%s: %s holds a formula or an outside link", name, part)
			}
		}
	}
}

// TestTables: each sheet of records has a frozen header and a table with filters over all of it.
func TestTables(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(made(t)["plan-en"]))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, name := range []string{"Devices", "Credentials", "Held", "Rejected"} {
		tables, err := f.GetTables(name)
		if err != nil || len(tables) != 1 {
			t.Fatalf("%s: %d tables, %v", name, len(tables), err)
		}
		rows, err := f.GetRows(name)
		if err != nil || !strings.HasSuffix(tables[0].Range, strconv.Itoa(len(rows))) || !strings.HasPrefix(tables[0].Range, "A1:") {
			t.Errorf("%s: the table is %s, there are %d rows, %v", name, tables[0].Range, len(rows), err)
		}
		panes, err := f.GetPanes(name)
		if err != nil || !panes.Freeze || panes.YSplit != 1 {
			t.Errorf("%s: %+v, %v", name, panes, err)
		}
	}
	id, err := f.GetCellStyle("Devices", "A5")
	if err != nil {
		t.Fatal(err)
	}
	if s, err := f.GetStyle(id); err != nil || len(s.Fill.Color) != 1 || s.Fill.Color[0] != "FBE1E0" {
		t.Errorf("an inactivation is not coloured: %+v, %v", s, err)
	}
}

// TestManyRecordsTakeSeveralSheets splits where a sheet is full; nothing is lost in between.
func TestManyRecordsTakeSeveralSheets(t *testing.T) {
	b, err := newBook(words.English, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer b.close()
	b.rows = 10
	table := b.addTable("devices", "Devices", column{"book_key", 10})
	for i := range 25 {
		if err := table.add(cell{strconv.Itoa(i), plain}); err != nil {
			t.Fatal(err)
		}
	}
	if err := table.done(); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := b.finish(&out, "t", "2026-11-02T15:04:05Z"); err != nil {
		t.Fatal(err)
	}
	all := cells(t, out.Bytes())
	var got []string
	for _, name := range []string{"Devices", "Devices (2)", "Devices (3)"} {
		if len(all[name]) == 0 || all[name][0][0] != "Record" {
			t.Fatalf("%s: %v", name, all[name])
		}
		for _, row := range all[name][1:] {
			got = append(got, row[0])
		}
	}
	if len(got) != 25 || got[24] != "24" || got[10] != "10" {
		t.Errorf("%v", got)
	}
}

func TestATextThatIsTooLongIsCutAndSaid(t *testing.T) {
	b := &book{lang: words.English}
	if got := b.text(strings.Repeat("é", 40_000)); len([]rune(got)) != maxText || !strings.HasSuffix(got, " …[40000]") || b.cut != 1 {
		t.Errorf("%d signs, %d cut", len([]rune(got)), b.cut)
	}
}

// TestLibreOfficeReadsTheSame opens the workbooks with LibreOffice, which gives every sheet back
// as CSV, and compares them cell for cell with what our reader sees. PAMSYNC_OFFICE=required
// makes it a fault that there is no LibreOffice.
func TestLibreOfficeReadsTheSame(t *testing.T) {
	if testing.Short() {
		t.Skip("LibreOffice shares no memory with the test: once is enough, without -race")
	}
	office, err := exec.LookPath("soffice")
	if err != nil {
		if os.Getenv("PAMSYNC_OFFICE") == "required" {
			t.Fatal("LibreOffice is required, and not there")
		}
		t.Skip("no LibreOffice here")
	}
	books := made(t)
	books["evidence-en"], books["evidence-pt"] = madeEvidence(t, words.English, 0), madeEvidence(t, words.Portuguese, 5)
	for name, data := range books {
		folder := t.TempDir()
		path := filepath.Join(folder, name+".xlsx")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		// Comma, quotes, UTF-8, from the first line, every cell as text, all sheets.
		const filter = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
		out, err := exec.Command(office, "-env:UserInstallation=file://"+folder+"/profile", "--headless", "--convert-to", filter, "--outdir", folder, path).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		for title, rows := range cells(t, data) {
			compareCSV(t, filepath.Join(folder, name+"-"+title+".csv"), rows)
		}
	}
}

func compareCSV(t *testing.T, path string, want [][]string) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r := csv.NewReader(file)
	r.FieldsPerRecord = -1
	got, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	trim := func(row []string) []string {
		for len(row) > 0 && row[len(row)-1] == "" {
			row = row[:len(row)-1]
		}
		return row
	}
	// encoding/csv passes over blank lines.
	want = slices.DeleteFunc(slices.Clone(want), func(row []string) bool { return len(trim(row)) == 0 })
	got = slices.DeleteFunc(got, func(row []string) bool { return len(trim(row)) == 0 })
	if len(got) != len(want) {
		t.Fatalf("%s: %d rows, want %d", path, len(got), len(want))
	}
	for i := range want {
		if !slices.Equal(trim(got[i]), trim(want[i])) {
			t.Errorf("%s, row %d:\n%q\nwant\n%q", filepath.Base(path), i+1, got[i], want[i])
		}
	}
}
