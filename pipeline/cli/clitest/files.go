package clitest

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"

	"pamsync/pipeline/approval"
	"pamsync/schemas"
)

// makeBook makes a workbook; each cell is a text, as in the CSV.
func makeBook(ts *testscript.TestScript, neg bool, args []string) {
	f := excelize.NewFile()
	defer f.Close()
	for i, arg := range args[1:] {
		name, path, _ := strings.Cut(arg, "=")
		if i == 0 {
			ts.Check(f.SetSheetName("Sheet1", name))
		} else {
			_, err := f.NewSheet(name)
			ts.Check(err)
		}
		rows, err := csv.NewReader(strings.NewReader(ts.ReadFile(path))).ReadAll()
		ts.Check(err)
		for r, row := range rows {
			cell, err := excelize.CoordinatesToCellName(1, r+1)
			ts.Check(err)
			ts.Check(f.SetSheetRow(name, cell, &row))
		}
	}
	ts.Check(f.SaveAs(ts.MkAbs(args[0])))
}

func hideRow(ts *testscript.TestScript, neg bool, args []string) {
	f, err := excelize.OpenFile(ts.MkAbs(args[0]))
	ts.Check(err)
	defer f.Close()
	if row, err := strconv.Atoi(args[2]); err == nil {
		ts.Check(f.SetRowVisible(args[1], row, false))
	} else {
		ts.Check(f.SetColVisible(args[1], args[2], false))
	}
	ts.Check(f.Save())
}

// sumAnew writes a journal again that a script has edited, as if every line had been synced alone.
func sumAnew(ts *testscript.TestScript, neg bool, args []string) {
	var again bytes.Buffer
	w := schemas.NewJournalWriter(&again)
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		var rec schemas.Record
		ts.Check(json.Unmarshal([]byte(line), &rec))
		ts.Check(w.Write(rec))
		w.Batch()
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), again.Bytes(), 0o600))
}

// resign writes other values into an approval, and signs it again.
func resign(ts *testscript.TestScript, neg bool, args []string) {
	key, err := approval.ReadKey([]byte(ts.ReadFile(args[1])), func() (string, error) { return "", nil })
	ts.Check(err)
	text := ts.ReadFile(args[0] + ".approval")
	for _, change := range append(args[2:], "key="+key.Fingerprint()) {
		name, value, _ := strings.Cut(change, "=")
		before, rest, ok := strings.Cut(text, "\n"+name+": ")
		_, after, _ := strings.Cut(rest, "\n")
		if !ok {
			ts.Fatalf("the approval says no %s", name)
		}
		text = before + "\n" + name + ": " + value + "\n" + after
	}
	signature, err := key.Sign([]byte(text))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".approval"), []byte(text), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".approval.sig"), signature, 0o600))
}
