package sinks

import (
	"bytes"
	"io"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"pamsync/schemas"
)

// FailedRow is an input row that came to nothing, as its file has it.
type FailedRow struct {
	Cells []string
	// Token finds the row in the unchanged source.
	Token string
	Error string
	Code  string
	Hint  string
}

// FailedForm is how the input was laid out; the zero one is our own CSV.
type FailedForm struct {
	Header    []string
	Encoding  string
	Delimiter rune
	LineEnd   string
	SepLine   bool
}

// failedColumns stand behind the input's own; a second read ignores them.
func failedColumns() []string {
	return []string{"pamsync_row", "pamsync_error", "pamsync_code", "pamsync_hint"}
}

// FailedCSV writes the rows that came to nothing in the form of their input, its own columns first, so
// that they can be corrected and read again. Cells stay as they were: nothing is guarded.
func FailedCSV(w io.Writer, form FailedForm, rows []FailedRow) error {
	var text bytes.Buffer
	end := form.LineEnd
	if end == "" {
		end = "\n"
	}
	if form.SepLine {
		text.WriteString("sep=" + string(form.Delimiter) + end)
	}
	form.line(&text, append(form.Header[:len(form.Header):len(form.Header)], failedColumns()...), end)
	for _, row := range rows {
		form.line(&text, append(row.Cells[:len(row.Cells):len(row.Cells)], row.Token, row.Error, row.Code, row.Hint), end)
	}
	data, err := form.encode(text.Bytes())
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

func (f *FailedForm) line(out *bytes.Buffer, cells []string, end string) {
	delimiter := f.Delimiter
	if delimiter == 0 {
		delimiter = ','
	}
	for i, cell := range cells {
		if i > 0 {
			out.WriteRune(delimiter)
		}
		if strings.ContainsRune(cell, delimiter) || strings.ContainsAny(cell, "\"\r\n") || blankFirst(cell) {
			cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
		}
		out.WriteString(cell)
	}
	out.WriteString(end)
}

// encode turns UTF-8 into the input's encoding; what that has no sign for becomes a question mark.
func (f *FailedForm) encode(text []byte) ([]byte, error) {
	switch f.Encoding {
	case "UTF-8 with BOM":
		return append([]byte("\xef\xbb\xbf"), text...), nil
	case "UTF-16LE":
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes(text)
	case "UTF-16BE":
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().Bytes(text)
	case "Windows-1252":
		return encoding.ReplaceUnsupported(charmap.Windows1252.NewEncoder()).Bytes(text)
	}
	return text, nil
}

// FailedHeader is the header of the rows of a workbook or JSON, in our own CSV.
func FailedHeader(kind schemas.Kind) []string {
	var header []string
	for _, f := range failedFields(kind) {
		name := f.String()
		if f == schemas.FieldID {
			name = "vault_id" // a bare id is anybody's
		}
		header = append(header, name)
	}
	return header
}

// FailedCells are the values of such a row, guarded as every cell of our own CSV is.
func FailedCells(kind schemas.Kind, v *schemas.Values) []string {
	var cells []string
	for _, f := range failedFields(kind) {
		if schemas.HoldsPrivateKey(v[f]) {
			cells = append(cells, "")
			continue
		}
		cells = append(cells, Guard(v[f]))
	}
	return cells
}

func failedFields(kind schemas.Kind) []schemas.Field {
	fields := schemas.FieldsOf(kind)
	out := fields[:0]
	for _, f := range fields {
		if !f.Secret() {
			out = append(out, f)
		}
	}
	return out
}
