package sinks

import (
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Dialect is for whom a CSV is written. It decides the byte order mark, the delimiter and the
// line ends, and nothing else: the cells are the same.
type Dialect string

// The dialects. An Excel whose decimal sign is a comma opens Excel's in columns, and knows by the
// mark that it is UTF-8; both are read again as inventories.
const (
	ForMachine Dialect = "machine"
	ForExcel   Dialect = "excel"
)

// Dialects are all that there are.
func Dialects() []Dialect { return []Dialect{ForMachine, ForExcel} }

// csvForm is a dialect as bytes; the zero Dialect is the machine's.
type csvForm struct {
	mark  string
	comma byte
	end   string
}

func (d Dialect) form() csvForm {
	if d == ForExcel {
		return csvForm{mark: "\ufeff", comma: ';', end: "\r\n"}
	}
	return csvForm{comma: ',', end: "\n"}
}

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

// appendCell appends a guarded cell, quoted as RFC 4180 asks. A line break within a cell stays
// as it is, whatever the dialect's line ends.
func (f csvForm) appendCell(line []byte, cell string) []byte {
	if cell == "" {
		return line
	}
	if strangeFirst[cell[0]] {
		cell = Guard(cell)
	}
	if !f.quotes(cell) && (!strangeFirst[cell[0]] || !blankFirst(cell)) {
		return append(line, cell...)
	}
	line = append(line, '"')
	for i := 0; i < len(cell); i++ {
		if cell[i] == '"' {
			line = append(line, '"')
		}
		line = append(line, cell[i])
	}
	return append(line, '"')
}

// strangeFirst are the bytes with which a cell begins that may want a guard or a quote.
var strangeFirst = func() (strange [256]bool) {
	for _, c := range []byte("'=+-@\t\r \\") {
		strange[c] = true
	}
	for c := utf8.RuneSelf; c < 256; c++ {
		strange[c] = true
	}
	return strange
}()

// quotes says whether a cell holds a sign that only a quoted one may.
func (f csvForm) quotes(cell string) bool {
	for i := 0; i < len(cell); i++ {
		if c := cell[i]; c <= ';' && (c == f.comma || c == '"' || c == '\n' || c == '\r') {
			return true
		}
	}
	return false
}

// blankFirst tells a cell that a reader might trim, and the two signs that end a file for some.
func blankFirst(cell string) bool {
	switch {
	case cell == "":
		return false
	case cell[0] < utf8.RuneSelf:
		return cell[0] == ' ' || cell[0] == '\t' || cell == `\.`
	}
	first, _ := utf8.DecodeRuneInString(cell)
	return unicode.IsSpace(first)
}

// guarded is a CSV writer, as gocsv wants one, that guards every cell. Each row is one write;
// encoding/csv would turn the line breaks within cells into CRLF along with the line ends.
type guarded struct {
	out  io.Writer
	form csvForm
	line []byte
	err  error
}

// newGuarded begins a CSV with the dialect's mark.
func newGuarded(w io.Writer, d Dialect) *guarded {
	g := &guarded{out: w, form: d.form()}
	g.write([]byte(g.form.mark))
	return g
}

func (g *guarded) write(p []byte) {
	if g.err == nil && len(p) > 0 {
		_, g.err = g.out.Write(p)
	}
}

// Write writes one row.
func (g *guarded) Write(row []string) error {
	g.line = g.form.appendRow(g.line[:0], row)
	g.write(g.line)
	return g.err
}

func (f csvForm) appendRow(line []byte, row []string) []byte {
	from := len(line)
	for i, cell := range row {
		if i > 0 {
			line = append(line, f.comma)
		}
		line = f.appendCell(line, cell)
	}
	if len(row) == 1 && len(line) == from {
		line = append(line, `""`...) // an empty line is no row to a reader
	}
	return append(line, f.end...)
}

// AppendCSVRow appends a row as every CSV of a dialect has it.
func AppendCSVRow(line []byte, d Dialect, row []string) []byte { return d.form().appendRow(line, row) }

// Mark is what a CSV of the dialect begins with.
func (d Dialect) Mark() string { return d.form().mark }

// Comma is what parts the cells of a row.
func (d Dialect) Comma() byte { return d.form().comma }

// HeaderCSV writes a header alone, for an inventory to fill in.
func HeaderCSV(w io.Writer, header []string, d Dialect) error { return newGuarded(w, d).Write(header) }

// Flush does nothing: no row waits.
func (g *guarded) Flush() {}

// Error is the first that a write met.
func (g *guarded) Error() error { return g.err }
