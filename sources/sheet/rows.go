package sheet

import (
	"bytes"
	"io"
	"strconv"
)

// The size of a sheet, as the format has it (ECMA-376, and Excel's limits).
const (
	MaxRows    = 1_048_576
	MaxColumns = 16_384
	// maxCell is the longest text of a cell in bytes: 32,767 signs of four bytes.
	maxCell = 4 * 32_767
)

// Type says what a cell holds.
type Type uint8

// The types of cells. A formula has the type of the value that was last calculated for it, and
// is NoValue where the workbook holds none.
const (
	Empty Type = iota
	Text
	Number  // as written, in Go's or XML's notation
	Bool    // 0 or 1
	Date    // a serial number in a cell that is formatted as a date, or a text as 2026-11-21T10:00:00
	Fault   // #N/A, #REF! and the like
	Broken  // it says that it is a number, and is none
	NoValue // a formula that was never calculated
)

// Cell is one cell of a row.
type Cell struct {
	Col     int // counted from 1
	Type    Type
	Formula bool
	Style   int
	// Formatted tells a number that the sheet shows in a way of its own: 123 as 00123, or as 12300%.
	Formatted bool
	at, end   int // of its text in the row's data
}

// Row is one row of a sheet. It is reused: what is to be kept is copied. Rows without a cell, and
// cells without a value, may be left out by the workbook, and are then left out here.
type Row struct {
	Number int // counted from 1
	Hidden bool
	Cells  []Cell

	data []byte
	cols []span // of hidden columns
}

// span is some columns in a row, the last included.
type span struct{ from, to int }

// ColumnHidden says whether the sheet does not show a column, counted from 1.
func (r *Row) ColumnHidden(col int) bool {
	for _, s := range r.cols {
		if s.from <= col && col <= s.to {
			return true
		}
	}
	return false
}

// Raw is a cell's value as the workbook holds it.
func (r *Row) Raw(c *Cell) []byte { return r.data[c.at:c.end] }

// Data is the text of all cells of the row, one behind the other, so that they can be copied at
// once; Bounds tells where a cell's stands in it.
func (r *Row) Data() []byte { return r.data }

// Bounds are the beginning and the end of the cell's text in the row's Data.
func (c *Cell) Bounds() (from, to int) { return c.at, c.end }

// Rows calls yield for each row of a sheet, in their order. An error of yield ends the reading
// and is returned as it is; any other is an *Error.
func (b *Book) Rows(s *Sheet, yield func(*Row) error) error {
	part, err := b.open(s.part)
	if err != nil {
		return err
	}
	defer part.Close()
	pieces, stop := ahead(part)
	defer stop()
	r := &reader{book: b, sheet: s, scan: scanner{in: pieces}, yield: yield}
	return r.place(r.worksheet())
}

// stopped carries an error of yield past the places of faults.
type stopped struct{ err error }

func (s stopped) Error() string { return s.err.Error() }

// reader reads the rows of one sheet.
type reader struct {
	book   *Book
	sheet  *Sheet
	scan   scanner
	yield  func(*Row) error
	row    Row
	cells  int // so far
	text   int // bytes of it so far
	last   int // row number
	col    int // of the cell under way
	prefix string
}

// place adds to a fault where the reader is.
func (r *reader) place(err error) error {
	if s, ok := err.(stopped); ok {
		return s.err
	}
	fault, ok := err.(*Error)
	if !ok {
		return err
	}
	fault.Sheet = r.sheet.Name
	if fault.Part == "" {
		fault.Part = r.sheet.part
	}
	fault.hush()
	if fault.Row == 0 {
		fault.Row, fault.Col = r.last, r.col
	}
	return fault
}

func (r *reader) worksheet() error {
	if err := r.scan.tag(); err != nil {
		return cut(err)
	}
	if r.scan.closing || string(local(r.scan.name)) != "worksheet" {
		return fail(CodeMalformed, "cause", "<"+string(r.scan.name))
	}
	if r.scan.empty {
		return fail(CodeNoRows)
	}
	root := bytes.Clone(r.scan.name)
	r.prefix = string(root[:len(root)-len("worksheet")])
	found := false
	for {
		if err := r.scan.inner(); err != nil {
			return err
		}
		switch name := string(local(r.scan.name)); {
		case r.scan.closing && bytes.Equal(r.scan.name, root):
			return r.finish(found)
		case r.scan.closing:
			return fail(CodeMalformed, "cause", "</"+string(r.scan.name))
		case name == "cols" && !found && !r.scan.empty:
			if err := r.columns(); err != nil {
				return err
			}
		case name == "sheetData" && found:
			return fail(CodeMalformed, "cause", "<sheetData>")
		case name == "sheetData":
			found = true
			if err := r.sheetData(); err != nil {
				return err
			}
		default:
			if err := r.scan.skip(); err != nil {
				return err
			}
		}
	}
}

// maxSpans is how many spans of hidden columns are kept of a sheet.
const maxSpans = 1 << 10

// columns notes which columns are hidden.
func (r *reader) columns() error {
	for {
		from := r.scan.at()
		if err := r.scan.inner(); err != nil {
			return err
		}
		if err := r.scan.waste(r.scan.at() - from); err != nil || r.scan.closing {
			return err
		}
		hidden, of := false, span{}
		for attrs := r.scan.attrs; ; {
			name, value, rest, ok, err := attribute(attrs)
			if err != nil {
				return err
			}
			if !ok {
				break
			}
			attrs = rest
			switch string(name) {
			case "hidden":
				hidden = truth(value)
			case "min":
				of.from = decimal(value)
			case "max":
				of.to = decimal(value)
			}
		}
		if hidden && r.is("col") && len(r.row.cols) < maxSpans {
			r.row.cols = append(r.row.cols, of)
		}
		if err := r.scan.skip(); err != nil {
			return err
		}
	}
}

// finish reads the part to its end, where its checksum is compared.
func (r *reader) finish(found bool) error {
	r.last, r.col = 0, 0
	switch err := r.scan.tag(); {
	case err == nil:
		return fail(CodeMalformed, "cause", "<"+string(r.scan.name))
	case err != io.EOF:
		return err
	case !found:
		return fail(CodeNoRows)
	}
	return nil
}

// is tells whether the tag is that of an element of the sheet's own namespace.
func (r *reader) is(name string) bool {
	n := r.scan.name
	return len(n) == len(r.prefix)+len(name) && string(n[len(r.prefix):]) == name && string(n[:len(r.prefix)]) == r.prefix
}

func (r *reader) sheetData() error {
	if r.scan.empty {
		return nil
	}
	for {
		if err := r.next("row", "sheetData"); err != nil {
			return err
		}
		if r.scan.closing {
			return nil
		}
		if err := r.readRow(); err != nil {
			return err
		}
		if len(r.row.Cells) == 0 {
			continue
		}
		if err := r.yield(&r.row); err != nil {
			return stopped{err}
		}
	}
}

// next goes to the next tag inside an element: the start of child, or the end of parent.
func (r *reader) next(child, parent string) error {
	for {
		if err := r.scan.inner(); err != nil {
			return err
		}
		switch {
		case !r.scan.closing && r.is(child), r.scan.closing && r.is(parent):
			return nil
		case !r.scan.closing && r.is("extLst"):
			if err := r.scan.skip(); err != nil {
				return err
			}
		default:
			return r.unknown()
		}
	}
}

func (r *reader) unknown() error {
	sign := "<"
	if r.scan.closing {
		sign = "</"
	}
	return fail(CodeMalformed, "cause", sign+string(r.scan.name)+">")
}

func (r *reader) readRow() error {
	r.col = 0
	r.row.Cells, r.row.data, r.row.Hidden = r.row.Cells[:0], r.row.data[:0], false
	if err := r.rowAttributes(); err != nil {
		return err
	}
	r.row.Number = r.last
	if r.scan.empty {
		return nil
	}
	for {
		if err := r.next("c", "row"); err != nil {
			return err
		}
		if r.scan.closing {
			return nil
		}
		if err := r.readCell(); err != nil {
			return err
		}
	}
}

// rowAttributes reads a row's number, which must be above that of the row before and may be
// left out, and whether it is hidden.
func (r *reader) rowAttributes() error {
	attrs, number := r.scan.attrs, 0
	for {
		name, value, rest, ok, err := attribute(attrs)
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		attrs = rest
		switch string(name) {
		case "r":
			if number != 0 {
				return fail(CodeMalformed, "cause", "r")
			}
			if number = decimal(value); number <= r.last || number > MaxRows {
				return fail(CodeRowNumber, "value", shown(value))
			}
		case "hidden":
			r.row.Hidden = truth(value)
		}
	}
	if number == 0 {
		number = r.last + 1
	}
	if number > MaxRows {
		return fail(CodeRowNumber, "value", strconv.Itoa(number))
	}
	r.last = number
	return nil
}

// decimal is a number of at most seven digits, -1 for anything else.
func decimal(text []byte) int {
	if len(text) == 0 || len(text) > 7 {
		return -1
	}
	n := 0
	for _, c := range text {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}

func truth(text []byte) bool { return string(text) == "1" || string(text) == "true" }

// shown is a text of the workbook as a message shows it.
func shown(text []byte) string { return string(text[:min(len(text), 40)]) }
