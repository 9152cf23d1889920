package jobs

import (
	"cmp"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"pamsync/pipeline/evidence"
	"pamsync/schemas"
	"pamsync/sinks"
)

// hashes is the file of the hashes of a file's rows, nil for none.
func (c *certified) hashes(f schemas.CertifiedFile) *schemas.CertifiedFile {
	if f.Format == findingsFormat {
		return c.FindingRows
	}
	return c.Rows
}

// columns are the names of a file's cells.
func (c *certified) columns(f schemas.CertifiedFile) []string {
	if f.Format == findingsFormat {
		return schemas.FindingColumns()
	}
	return schemas.ExportColumns(c.What)
}

// readRows reads a file of hashes of rows; nil where the certificate has none.
func (v *verification) readRows(c *certified, file *schemas.CertifiedFile) []evidence.Row {
	if file == nil {
		return nil
	}
	path := filepath.Join(c.folder, file.Name)
	data, err := os.ReadFile(path)
	if err != nil {
		v.bad("export_file_missing", path, 0, "cause", rootCause(err).Error())
		return nil
	}
	if sum, err := sinks.HashFile(path); err != nil || sum != file.SHA256 {
		v.bad("export_file_changed", path, 0, "sums", c.path)
	}
	rows := []evidence.Row{}
	line := 0
	for text := range strings.Lines(string(data)) {
		line++
		text = strings.TrimSuffix(text, "\n")
		id, hash, ok := schemas.ReadRowLine(text)
		if !ok || string(schemas.AppendRowLine(nil, []byte(id), hash)) != text+"\n" {
			v.falseHash(path, line, text)
		}
		rows = append(rows, evidence.Row{ID: id, Hash: hash, Line: line})
	}
	return rows
}

// certifiedRows are the hashes of the rows of an export, and of its findings; nil where there are none.
type certifiedRows struct{ records, findings []evidence.Row }

func (r certifiedRows) of(f schemas.CertifiedFile) []evidence.Row {
	if f.Format == findingsFormat {
		return r.findings
	}
	return r.records
}

// checkFile checks a file of an export that is not as certified, or whose hashes are not: its rows, its bytes
// and what they sum up to.
func (v *verification) checkFile(c *certified, f schemas.CertifiedFile, hashes certifiedRows) {
	path := filepath.Join(c.folder, f.Name)
	sum, err := sinks.HashFile(path)
	if err != nil {
		v.bad("export_file_missing", path, 0, "cause", rootCause(err).Error())
		return
	}
	before, rows := len(v.problems), hashes.of(f)
	look := newFileLook(c, f, rows)
	look.changed = sum != f.SHA256
	if err := look.read(path); err != nil {
		v.damaged(path, look, err)
		v.changedParts(path, f, before)
		return
	}
	if rows != nil {
		v.checkRows(c, path, look, rows)
	}
	if look.changed {
		v.checkLines(path, look)
	}
	if look.changed {
		v.checkPageFindings(path, look, hashes.findings)
		v.checkBookFindings(path, f, hashes.findings)
		v.checkEnds(path, look, before)
		v.changedParts(path, f, before)
	}
	if look.changed && len(v.problems) == before {
		code := "export_bytes_changed"
		if rows == nil {
			code = "export_file_changed"
		}
		v.bad(code, path, 0, "sums", filepath.Base(c.path), "bytes", strconv.FormatInt(look.bytes, 10), "want", strconv.FormatInt(f.Bytes, 10))
	}
	v.checkTotals(c, look, path)
	if len(v.problems) == before {
		v.good("verify_file", "n", sinks.Number(v.e.Lang, len(look.rows)), "name", f.Name)
	}
}

// checkRows tells what became of which row. Where the file is as certified, it is the hashes that are not.
func (v *verification) checkRows(c *certified, path string, look *fileLook, rows []evidence.Row) {
	found := evidence.Compare(rows, look.rows)
	if !look.changed {
		v.falseHashes(filepath.Join(c.folder, c.hashes(look.f).Name), found)
		v.falseIDs(filepath.Join(c.folder, c.hashes(look.f).Name), rows, look.rows)
		return
	}
	v.differences(path, found, look.textsAt)
}

// checkLines tells the lines that are no rows and not as they were written, and the rows that are written otherwise.
func (v *verification) checkLines(path string, look *fileLook) {
	v.problems = append(v.problems, look.strange...)
	for _, run := range look.otherwise {
		last := ""
		if run.to > run.from {
			last = strconv.Itoa(run.to)
		}
		v.bad("row_otherwise", path, run.from, "id", run.id, "last", last)
	}
}

// damaged tells a file that cannot be read to its end.
func (v *verification) damaged(path string, look *fileLook, err error) {
	n := strconv.Itoa(len(look.rows))
	var fault *schemas.Fault
	if !errors.As(err, &fault) {
		v.bad("export_damaged", path, len(look.rows)+1, "cause", cmp.Or(rootCause(err).Error(), "unknown"), "n", n)
		return
	}
	args := schemas.Args{"fault": fault.Problem.Code, "n": n}
	maps.Copy(args, fault.Problem.Args)
	v.problems = append(v.problems, schemas.Problem{Code: "export_book_damaged", Place: fault.Problem.Place, Args: args})
}

func knownOf(rows []evidence.Row) map[[16]byte]bool {
	known := make(map[[16]byte]bool, len(rows))
	for _, r := range rows {
		known[r.Hash] = true
	}
	return known
}

// differences tells what became of the rows of a file; textsAt is where texts of a row stand, by its line.
func (v *verification) differences(path string, found []evidence.Difference, textsAt map[int]string) {
	for _, d := range found {
		switch have := d.Have; d.Kind {
		case evidence.Gone:
			v.bad("row_gone", path, 0, "id", d.Want.ID, "n", strconv.Itoa(d.Want.Line))
		case evidence.Added:
			v.badAt("row_added", path, have, "id", have.ID)
		case evidence.Moved:
			v.badAt("row_moved", path, have, "id", have.ID, "want", d.Want.ID)
		case evidence.Changed:
			v.badAt("row_changed", path, have, "id", d.Want.ID, "texts", textsAt[have.Line])
		}
	}
}

// badAt is a problem of a row.
func (v *verification) badAt(code, path string, row evidence.Row, pairs ...string) {
	v.problems = append(v.problems, schemas.Problem{Code: code, Place: schemas.Place{Source: path, Sheet: row.Sheet, Row: row.Line}, Args: schemas.Pairs(pairs...)})
}

// falseHashes tells the hashes that are not those of the rows of a file that is as certified.
func (v *verification) falseHashes(path string, found []evidence.Difference) {
	for _, d := range found {
		if d.Want.Line > 0 {
			v.falseHash(path, d.Want.Line, d.Want.ID)
		}
	}
}

// falseIDs tells the hashes that stand beside the id of another row.
func (v *verification) falseIDs(path string, want, have []evidence.Row) {
	for i := range min(len(want), len(have)) {
		if want[i].Hash == have[i].Hash && want[i].ID != have[i].ID {
			v.falseHash(path, want[i].Line, want[i].ID)
		}
	}
}

// falseHash tells a line of a file of hashes, once.
func (v *verification) falseHash(path string, line int, text string) {
	if place := (schemas.Place{Source: path, Row: line}); !v.falseLines[place] {
		v.falseLines[place] = true
		v.bad("rows_line", path, line, "text", text)
	}
}

// dialect is that of the CSVs of the export.
func (c *certified) dialect() sinks.Dialect { return sinks.Dialect(c.CSVFor) }
