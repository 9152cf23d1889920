package sources

import (
	"bytes"
	"io"
	"slices"
	"strings"

	"pamsync/schemas"
)

// Form is how the bytes of a CSV are laid out, for who writes one like it.
type Form struct {
	Header    []string // as the file has it
	Encoding  string
	Delimiter rune
	LineEnd   string
	SepLine   bool // it begins with Excel's line that names the delimiter
}

// Form tells how a CSV is laid out; false for any other file.
func (s *Source) Form() (Form, bool) {
	if s.Shape.Format != "csv" {
		return Form{}, false
	}
	f := Form{Encoding: s.Shape.Encoding, Delimiter: s.Shape.Delimiter, LineEnd: "\n"}
	for _, column := range s.Shape.Columns {
		if column.Index == len(f.Header) { // one that became two fields is there twice
			f.Header = append(f.Header, column.Name)
		}
	}
	file, err := s.open()
	if err != nil {
		return f, true
	}
	defer file.Close()
	head := make([]byte, min(maxHead, s.piece))
	n, _ := io.ReadFull(file, head)
	head = head[:n]
	if d := decoder(s.Shape.Encoding); d != nil {
		head, _ = d.NewDecoder().Bytes(head[:len(head)&^1])
	}
	switch {
	case s.Shape.LoneCR:
		f.LineEnd = "\r"
	case bytes.Contains(head, []byte("\r\n")):
		f.LineEnd = "\r\n"
	}
	_, _, f.SepLine = sepLine(strings.TrimPrefix(string(head), "\ufeff"))
	return f, true
}

// Record gives the cells of the row under way as the file has them, one for each column of the header,
// for use within the function that Read is given. Cells that hold a secret, or may hold one, are
// empty: those of columns of secrets, and those that nobody mapped, or that are notes, and that repeat one of them. So is
// a row that does not fit the header: nobody can tell its cells apart.
func (s *Source) Record() []string {
	if s.record == nil {
		return nil
	}
	record, fits := s.record()
	cells := make([]string, len(s.columnNames()))
	if !fits {
		return cells
	}
	secrets := s.secretsIn(record)
	for _, column := range s.Shape.Columns {
		if column.Index >= len(record) || column.holdsSecret() || schemas.HoldsPrivateKey(record[column.Index]) || s.hasSecrets() && strings.ContainsAny(record[column.Index], "\r\n") {
			continue
		}
		if cell := record[column.Index]; column.Mapped && !isNotes(column.Field) || !repeats(cell, secrets) {
			cells[column.Index] = cell
		}
	}
	return cells
}

func (s *Source) secretsIn(record []string) []string {
	var secrets []string
	for _, column := range s.Shape.Columns {
		if column.Index < len(record) && column.holdsSecret() && record[column.Index] != "" {
			secrets = append(secrets, record[column.Index])
		}
	}
	return secrets
}

// repeats says whether a text is one of the secrets, or holds one that is too long to be there by chance.
func repeats(text string, secrets []string) bool {
	const byChance = 4
	return slices.ContainsFunc(secrets, func(secret string) bool {
		return text == secret || len(secret) >= byChance && strings.Contains(text, secret)
	})
}
