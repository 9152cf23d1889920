package sinks

import (
	"bytes"
	"io"
	"strings"

	"pamsync/schemas"
)

// sessionsCSV writes sessions. Most rows need neither a guard nor a quote: they are their cells with commas
// between them.
type sessionsCSV struct {
	out   io.Writer
	form  csvForm
	lines []byte
}

func newSessionsCSV(w io.Writer, d Dialect) (*sessionsCSV, error) {
	e := &sessionsCSV{out: w, form: d.form()}
	_, err := io.WriteString(w, e.form.mark+strings.Join(schemas.SessionColumns(), string(e.form.comma))+e.form.end)
	return e, err
}

func (e *sessionsCSV) Session(s *schemas.SessionRecord) error {
	cells := SessionCells(s)
	return e.writeCells(oneRow(cells[:]))
}

func (e *sessionsCSV) writeCells(b *cellBatch) error {
	e.lines = e.lines[:0]
	for row := range b.rows {
		if e.form.plain(row) {
			e.lines = e.form.appendPlain(e.lines, row)
			continue
		}
		text, from := string(row.bytes), uint32(0)
		for i, end := range row.ends {
			if i > 0 {
				e.lines = append(e.lines, e.form.comma)
			}
			e.lines = e.form.appendCell(e.lines, text[from:end-row.from])
			from = end - row.from + 1
		}
		e.lines = append(e.lines, e.form.end...)
	}
	_, err := e.out.Write(e.lines)
	return err
}

// Device, Credential: of these it is none.
func (e *sessionsCSV) Device(*schemas.Device) error         { return nil }
func (e *sessionsCSV) Credential(*schemas.Credential) error { return nil }

func (e *sessionsCSV) Close() error { return nil }

// plain says whether all cells of a row may stand as they are.
func (f csvForm) plain(row cellRow) bool {
	if strangeFirst[row.bytes[0]] {
		return false
	}
	for _, end := range row.ends[:len(row.ends)-1] {
		if strangeFirst[row.bytes[end-row.from+1]] { // the first of the next cell, or the zero behind an empty one
			return false
		}
	}
	return !f.special(row.bytes)
}

// special says whether a delimiter, a quote or a line break is among the bytes.
func (f csvForm) special(b []byte) bool {
	for _, c := range [...]byte{f.comma, '"', '\n', '\r'} {
		if bytes.IndexByte(b, c) >= 0 {
			return true
		}
	}
	return false
}

// appendPlain appends a plain row as a line.
func (f csvForm) appendPlain(lines []byte, row cellRow) []byte {
	at := len(lines)
	lines = append(lines, row.bytes...)
	line := lines[at:]
	for _, end := range row.ends {
		line[end-row.from] = f.comma
	}
	return append(lines[:len(lines)-1], f.end...)
}
