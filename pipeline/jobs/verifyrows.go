package jobs

import (
	"bytes"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"pamsync/pipeline/evidence"
	"pamsync/schemas"
	"pamsync/sinks"
	"pamsync/sinks/book"
	"pamsync/sources"
)

// readRows reads the hashes of the rows; nil where the certificate has none.
func (v *verification) readRows(c *certified) ([]evidence.Row, error) {
	if c.Rows == nil {
		return nil, nil
	}
	path := filepath.Join(c.folder, c.Rows.Name)
	data, err := os.ReadFile(path)
	if err != nil {
		v.bad("export_file_missing", path, 0, "cause", rootCause(err).Error())
		return nil, nil
	}
	if sum, err := sinks.HashFile(path); err != nil || sum != c.Rows.SHA256 {
		v.bad("export_file_changed", path, 0, "sums", c.path)
	}
	var rows []evidence.Row
	line := 0
	for text := range strings.Lines(string(data)) {
		line++
		text = strings.TrimSuffix(text, "\n")
		id, hash, ok := schemas.ReadRowLine(text)
		if !ok {
			v.bad("rows_line", path, line, "text", text)
		}
		rows = append(rows, evidence.Row{ID: id, Hash: hash, Line: line})
	}
	return rows, nil
}

// checkFile checks a file of an export: its bytes, its rows and what they sum up to.
func (v *verification) checkFile(c *certified, f schemas.CertifiedFile, rows []evidence.Row) error {
	path := filepath.Join(c.folder, f.Name)
	sum, err := sinks.HashFile(path)
	if err != nil {
		v.bad("export_file_missing", path, 0, "cause", rootCause(err).Error())
		return nil
	}
	before := len(v.problems)
	look := &fileLook{c: c, ledger: evidence.NewLedger(), known: hashesOf(rows)}
	if err := look.read(path, f); err != nil {
		v.bad("export_damaged", path, len(look.rows)+1, "cause", rootCause(err).Error(), "n", strconv.Itoa(len(look.rows)))
		return nil
	}
	if rows != nil {
		found := evidence.Compare(rows, look.rows)
		if sum == f.SHA256 && f.Format == "xlsx" {
			found = nil // a cell takes fewer signs than a text may have
		}
		if sum == f.SHA256 { // then it is the hashes that are not as they were
			v.falseHashes(filepath.Join(c.folder, c.Rows.Name), found)
			found = nil
		}
		v.differences(path, found)
	}
	for _, line := range look.strange {
		v.bad("export_line_changed", path, line)
	}
	if len(v.problems) == before && sum != f.SHA256 {
		code := "export_bytes_changed"
		if rows == nil {
			code = "export_file_changed"
		}
		v.bad(code, path, 0, "sums", filepath.Base(c.path), "bytes", strconv.FormatInt(look.bytes, 10), "want", strconv.FormatInt(f.Bytes, 10))
	}
	v.checkTotals(c, f, look.ledger)
	if len(v.problems) == before {
		v.good("verify_file", "n", sinks.Number(v.e.Lang, len(look.rows)), "name", f.Name)
	}
	return nil
}

// hasRows tells the files whose rows are read back and held against their hashes; of findings and pages the sum
// says whether they are as certified.
func hasRows(f schemas.CertifiedFile) bool { return f.Format != findingsFormat && f.Format != "html" }

// checkSum checks a file of which no row is read back.
func (v *verification) checkSum(c *certified, f schemas.CertifiedFile) {
	path := filepath.Join(c.folder, f.Name)
	switch sum, err := sinks.HashFile(path); {
	case err != nil:
		v.bad("export_file_missing", path, 0, "cause", rootCause(err).Error())
	case sum != f.SHA256:
		v.bad("export_file_changed", path, 0, "sums", filepath.Base(c.path))
	case f.Format == findingsFormat:
		v.checkFindings(c, f, path)
	case f.Format == "html":
		v.good("verify_sum", "name", f.Name)
	}
}

func hashesOf(rows []evidence.Row) map[[16]byte]bool {
	known := make(map[[16]byte]bool, len(rows))
	for _, r := range rows {
		known[r.Hash] = true
	}
	return known
}

// differences tells what became of the rows of a file.
func (v *verification) differences(path string, found []evidence.Difference) {
	for _, d := range found {
		switch d.Kind {
		case evidence.Gone:
			v.bad("row_gone", path, 0, "id", d.Want.ID, "n", strconv.Itoa(d.Want.Line))
		case evidence.Added:
			v.bad("row_added", path, d.Have.Line, "id", d.Have.ID)
		case evidence.Moved:
			v.bad("row_moved", path, d.Have.Line, "id", d.Have.ID, "want", d.Want.ID)
		case evidence.Changed:
			v.bad("row_changed", path, d.Have.Line, "id", d.Want.ID)
		}
	}
}

// falseHashes tells the hashes that are not those of the rows of a file that is as certified.
func (v *verification) falseHashes(path string, found []evidence.Difference) {
	for _, d := range found {
		if d.Want.Line > 0 {
			v.bad("rows_line", path, d.Want.Line, "text", d.Want.ID)
		}
	}
}

// fileLook is a reading of one file of an export.
type fileLook struct {
	c       *certified
	rows    []evidence.Row
	ledger  *evidence.Ledger
	known   map[[16]byte]bool
	room    []byte
	strange []int // lines that are no rows, and not as they are written
	steady  *rowStream
	bytes   int64
	head    bool
}

func (l *fileLook) read(path string, f schemas.CertifiedFile) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	in := &counting{in: file, n: &l.bytes}
	if f.Format == "xlsx" {
		return sources.ReadExportedBook(path, schemas.ExportColumns(l.c.What), l.row)
	}
	if f.Format == "jsonl" {
		return sources.ReadExportedLines(in, l.cellsOf, l.line)
	}
	mark, comma := l.c.dialect()
	want := strings.Join(schemas.ExportColumns(l.c.What), string(comma))
	known := func(cells []string) bool {
		hash, used := schemas.RowHash(l.room, cells)
		l.room = used
		return l.steady != nil && l.steady.now.Hash == hash || l.known[hash]
	}
	return sources.ReadExportedCSV(in, mark, comma, known, func(row sources.ExportedRow) error {
		if !l.head {
			l.head = true
			if strings.TrimRight(string(row.Raw), "\r\n") != want {
				l.strange = append(l.strange, row.Line)
			}
			return nil
		}
		return l.row(row)
	})
}

// dialect is the mark that a CSV of the export begins with, and what parts its cells.
func (c *certified) dialect() (mark string, comma byte) {
	if sinks.Dialect(c.CSVFor) == sinks.ForExcel {
		return "\ufeff", ';'
	}
	return "", ','
}

// line takes a line of JSON Lines: the first and the last are no rows.
func (l *fileLook) line(row sources.ExportedRow) error {
	if row.Cells != nil || !bytes.HasPrefix(row.Raw, []byte(`{"start":`)) && !bytes.HasPrefix(row.Raw, []byte(`{"seal":`)) {
		return l.row(row)
	}
	return nil
}

func (l *fileLook) row(row sources.ExportedRow) error {
	r := evidence.Row{Line: row.Line}
	if row.Cells != nil {
		hash, used := schemas.RowHash(l.room, row.Cells)
		l.room, r.Hash, r.ID = used, hash, strings.Clone(row.Cells[0])
		l.account(row.Cells)
	}
	if l.steady != nil {
		return l.steady.take(r)
	}
	l.rows = append(l.rows, r)
	return nil
}

func (l *fileLook) account(cells []string) {
	if l.c.What != "sessions" || len(cells) != len(schemas.SessionColumns()) {
		l.ledger.Record(cells[0])
		return
	}
	seconds, _ := strconv.ParseInt(cells[16], 10, 64) // "" is none
	l.ledger.Session(&schemas.SessionRecord{Seconds: seconds, Session: schemas.Session{ID: cells[0], User: cells[1], Protocol: cells[5], Start: cells[8], End: cells[9]}, DurationS: cells[16]})
}

// cellsOf are the cells of a record of JSON Lines, nil for one that is no row.
func (l *fileLook) cellsOf(rec schemas.Record) []string {
	switch {
	case rec.Session != nil:
		cells := sinks.SessionCells(rec.Session)
		return cells[:]
	case rec.Device != nil:
		cells := sinks.DeviceCells(rec.Device)
		return cells[:]
	case rec.Credential != nil:
		cells := sinks.CredentialCells(rec.Credential)
		return cells[:]
	}
	return nil
}

type counting struct {
	in io.Reader
	n  *int64
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	*c.n += int64(n)
	return n, err
}

// checkTotals holds what the rows sum up to against what the certificate says. The names of a workbook's sums are
// those that its cells show.
func (v *verification) checkTotals(c *certified, f schemas.CertifiedFile, l *evidence.Ledger) {
	path, shown := filepath.Join(c.folder, f.Name), func(all map[string]schemas.Tally) map[string]schemas.Tally { return all }
	if f.Format == "xlsx" {
		shown = asCells
	}
	var have schemas.Certificate
	l.Into(&have)
	differ := func(what, want, got string) { v.bad("totals_differ", path, 0, "what", what, "want", want, "have", got) }
	number := strconv.Itoa
	if c.Written != have.Written {
		differ("rows", number(c.Written), number(have.Written))
	}
	if c.IDs.First != have.IDs.First {
		differ("first id", c.IDs.First, have.IDs.First)
	}
	if c.IDs.Last != have.IDs.Last {
		differ("last id", c.IDs.Last, have.IDs.Last)
	}
	if c.Open != have.Open {
		differ("open", number(c.Open), number(have.Open))
	}
	if c.LeftOut+c.Written != c.Read {
		v.bad("totals_differ", c.path, 0, "what", "read = written + left_out", "want", number(c.Read), "have", number(c.LeftOut+c.Written))
	}
	if c.Totals == nil || have.Totals == nil {
		return
	}
	for _, t := range []struct {
		what       string
		want, have map[string]schemas.Tally
	}{{"month", c.Totals.Months, have.Totals.Months}, {"protocol", c.Totals.Protocols, have.Totals.Protocols}, {"user", c.Totals.Users, have.Totals.Users}} {
		t.want = shown(t.want)
		for _, key := range slices.Sorted(maps.Keys(merged(t.want, t.have))) {
			if want, have := t.want[key], t.have[key]; want != have {
				differ(t.what+" "+key, tallied(want), tallied(have))
			}
		}
	}
}

// asCells are tallies by their names as the cells of a workbook show them.
func asCells(all map[string]schemas.Tally) map[string]schemas.Tally {
	shown := make(map[string]schemas.Tally, len(all))
	for name, t := range all {
		name = book.CellText(name)
		sum := shown[name]
		shown[name] = schemas.Tally{Sessions: sum.Sessions + t.Sessions, Seconds: sum.Seconds + t.Seconds}
	}
	return shown
}

func merged(a, b map[string]schemas.Tally) map[string]schemas.Tally {
	all := maps.Clone(a)
	if all == nil {
		all = map[string]schemas.Tally{}
	}
	maps.Copy(all, b)
	return all
}

func tallied(t schemas.Tally) string {
	return strconv.Itoa(t.Sessions) + " / " + strconv.FormatInt(t.Seconds, 10) + " s"
}
