package sinks

import (
	"encoding/csv"
	"io"
	"strings"

	"github.com/gocarina/gocsv"

	"pamsync/schemas"
)

// Guard puts an apostrophe before a cell that a spreadsheet would take for a formula; plain
// numbers stay. Our readers take it off once.
func Guard(cell string) string {
	if cell == "" || strings.IndexByte("'=+-@\t\r", cell[0]) < 0 || plainNumber(cell) {
		return cell
	}
	return "'" + cell
}

// plainNumber tells -12, +3.5 and the like.
func plainNumber(s string) bool {
	rest := strings.TrimLeft(s, "+-")
	if len(s)-len(rest) > 1 || rest == "" || rest[0] == '.' {
		return false
	}
	return strings.Trim(rest, "0123456789.") == "" && strings.Count(rest, ".") <= 1
}

// guarded is a CSV writer that guards every cell.
type guarded struct {
	*csv.Writer
	row []string
}

func newGuarded(w io.Writer) *guarded { return &guarded{Writer: csv.NewWriter(w)} }

func (g *guarded) Write(row []string) error {
	g.row = g.row[:0]
	for _, cell := range row {
		g.row = append(g.row, Guard(cell))
	}
	return g.Writer.Write(g.row)
}

// ResultCSV writes results as CSV: one row per change, hold and rejected row.
func ResultCSV(w io.Writer, results []schemas.Result) error {
	out := newGuarded(w)
	if len(results) == 0 {
		// gocsv writes no header for an empty list.
		if err := out.Write(strings.Split("kind,action,key,status,vault_id,source,row,code,message,attempts", ",")); err != nil {
			return err
		}
		out.Flush()
		return out.Error()
	}
	return gocsv.MarshalCSV(results, out)
}

// ResultJSONL writes results as records: a start, the results, the total, and the seal.
func ResultJSONL(w io.Writer, start schemas.Start, results []schemas.Result, total schemas.Total) error {
	start.Format, start.Version = schemas.FormatResult, schemas.FormatVersion
	out := schemas.NewWriter(w)
	if err := out.Write(schemas.Record{Start: &start}); err != nil {
		return err
	}
	for i := range results {
		if err := out.Write(schemas.Record{Result: &results[i]}); err != nil {
			return err
		}
	}
	if err := out.Write(schemas.Record{Total: &total}); err != nil {
		return err
	}
	_, err := out.Seal()
	return err
}

// StateJSONL writes what is remembered.
func StateJSONL(w io.Writer, start schemas.Start, remembered []schemas.Remembered) error {
	start.Format, start.Version = schemas.FormatState, schemas.FormatVersion
	out := schemas.NewWriter(w)
	if err := out.Write(schemas.Record{Start: &start}); err != nil {
		return err
	}
	for i := range remembered {
		if err := out.Write(schemas.Record{Remembered: &remembered[i]}); err != nil {
			return err
		}
	}
	_, err := out.Seal()
	return err
}
