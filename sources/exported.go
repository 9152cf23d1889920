package sources

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"pamsync/schemas"
)

// ExportedRow is a row of one of our own exports, as it stands in a file. Cells are nil where the row is
// damaged so that nobody can tell them; Raw are its bytes, line end included.
type ExportedRow struct {
	Sheet string // of a workbook
	Line  int
	Cells []string
	Raw   []byte
}

// maxExportedRow is the longest row that an export may have: a longer one is what a damaged quote swallowed.
const maxExportedRow = 4 << 20

// ReadExportedCSV yields the rows of a CSV that an export wrote, its header first, which parts its cells by
// comma and begins with mark. A damaged row does not hide the ones behind it: known says whether a row of
// several lines is one that was written, and where it is not its first line stands alone.
func ReadExportedCSV(in io.Reader, mark string, comma byte, known func(cells []string) bool, yield func(ExportedRow) error) error {
	r := exportedCSV{lines: bufio.NewReaderSize(in, recordsSize), comma: comma}
	if head, err := r.lines.Peek(len(mark)); err == nil && mark != "" && string(head) == mark {
		if _, err := r.lines.Discard(len(mark)); err != nil {
			return err
		}
	}
	for line := 1; ; {
		raw, err := r.record()
		if len(raw) > 0 {
			cells := r.cells(raw)
			if n := bytes.IndexByte(raw, '\n') + 1; n < len(raw) && n > 0 && (cells == nil || !known(cells)) {
				r.back = append(bytes.Clone(raw[n:]), r.back...)
				raw = raw[:n]
				cells = r.cells(raw)
			}
			if err := yield(ExportedRow{Line: line, Cells: cells, Raw: raw}); err != nil {
				return err
			}
			line += bytes.Count(raw, []byte{'\n'})
			continue
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

type exportedCSV struct {
	lines *bufio.Reader
	back  []byte // lines that were read and given back
	comma byte
}

// line is the next physical line.
func (r *exportedCSV) line() ([]byte, error) {
	if len(r.back) > 0 {
		n := bytes.IndexByte(r.back, '\n') + 1
		if n == 0 {
			n = len(r.back)
		}
		line := r.back[:n:n]
		r.back = r.back[n:]
		return line, nil
	}
	return exportedLine(r.lines)
}

// maxExportedLine is the longest line that is looked at as one: what is longer no export has written.
const maxExportedLine = 64 << 20

// exportedLine is the next line, its end included, or what is left of one that is too long.
func exportedLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		piece, err := in.ReadSlice('\n')
		line = append(line, piece...)
		if err != bufio.ErrBufferFull {
			return line, err
		}
		if len(line) >= maxExportedLine {
			return line, nil
		}
	}
}

// record is the next line, and those behind it as long as a quote is open.
func (r *exportedCSV) record() ([]byte, error) {
	raw, err := r.line()
	for err == nil && bytes.Count(raw, []byte{'"'})%2 == 1 && len(raw) < maxExportedRow {
		var more []byte
		more, err = r.line()
		raw = append(raw, more...)
	}
	return raw, err
}

// cells takes a record apart as it was written; nil for one that no export writes.
func (r *exportedCSV) cells(raw []byte) []string {
	text := strings.TrimSuffix(strings.TrimSuffix(string(raw), "\n"), "\r")
	var cells []string
	for {
		var cell string
		if rest, quoted := strings.CutPrefix(text, `"`); quoted {
			var b strings.Builder
			for {
				i := strings.IndexByte(rest, '"')
				if i < 0 {
					return nil
				}
				b.WriteString(rest[:i])
				rest = rest[i+1:]
				if !strings.HasPrefix(rest, `"`) {
					break
				}
				b.WriteByte('"')
				rest = rest[1:]
			}
			cell, text = b.String(), rest
		} else {
			i := strings.IndexByte(text, r.comma)
			if i < 0 {
				i = len(text)
			}
			cell, text = text[:i], text[i:]
		}
		cells = append(cells, unguarded(cell))
		if text == "" {
			return cells
		}
		if text[0] != r.comma {
			return nil
		}
		text = text[1:]
	}
}

// unguarded takes off the apostrophe that an export puts before what a spreadsheet would take for a formula.
func unguarded(cell string) string {
	if len(cell) > 1 && cell[0] == '\'' && strings.IndexByte("'=+-@\t\r", cell[1]) >= 0 {
		return cell[1:]
	}
	return cell
}

// ReadExportedLines yields the records of a JSON Lines export; its first line and its seal have no cells.
func ReadExportedLines(in io.Reader, cells func(schemas.Record) []string, yield func(ExportedRow) error) error {
	lines := bufio.NewReaderSize(in, recordsSize)
	for line := 1; ; {
		raw, err := exportedLine(lines)
		if len(raw) > 0 {
			row := ExportedRow{Line: line, Raw: raw}
			var rec schemas.Record
			dec := json.NewDecoder(bytes.NewReader(raw))
			dec.DisallowUnknownFields()
			if dec.Decode(&rec) == nil {
				row.Cells = cells(rec)
			}
			if err := yield(row); err != nil {
				return err
			}
			line += bytes.Count(raw, []byte{'\n'})
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
