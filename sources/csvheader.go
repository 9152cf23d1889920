package sources

import (
	"bufio"
	"io"
	"slices"
	"strconv"
	"strings"

	"pamsync/schemas"
)

// top is the beginning of a CSV as one delimiter reads it.
type top struct {
	delimiter rune
	header    []string
	line      int // of the header
	above     int // lines above it that hold something
	rows      [][]string
	fit       *table
}

// findHeader finds the delimiter and the line of the header among the first lines: where the names are
// that are known, and else the first line. Above it stand titles.
func (s *Source) findHeader(text string) (*top, error) {
	delimiters := []rune(",;\t|")
	if s.Shape.Delimiter != 0 {
		delimiters = []rune{s.Shape.Delimiter}
	}
	var best *top
	var first error
	for _, d := range delimiters {
		t, err := s.headerBy(text, d)
		switch {
		case err != nil:
			if first == nil {
				first = err
			}
		case best == nil || t.beats(best):
			best = t
		}
	}
	if best == nil {
		return nil, first
	}
	r := newCSV(strings.NewReader(afterLines(text, best.line-1)), best.delimiter)
	if _, err := r.Read(); err == nil {
		best.rows = sampleOf(r)
	}
	return best, nil
}

// beats says whether a delimiter finds more names that are known, or else more columns.
func (t *top) beats(other *top) bool {
	if t.fit.keys != other.fit.keys && (t.fit.sure() || other.fit.sure()) {
		return t.fit.keys
	}
	if t.fit.known != other.fit.known {
		return t.fit.known > other.fit.known
	}
	return len(t.header) > len(other.header)
}

// headerBy looks for the header with one delimiter. A line that a CSV reader cannot read is a title, as
// long as it is not the first that holds anything with nothing better below.
func (s *Source) headerBy(text string, delimiter rune) (*top, error) {
	names, accounts := s.namer(), newNamer(schemas.KindCredential)
	var best *top
	var first error
	above, line := 0, 1
	for seen := 0; seen < headerRows && text != ""; line++ {
		r := newCSV(strings.NewReader(text), delimiter)
		one, rest, _ := strings.Cut(text, "\n")
		text = rest
		if clean(one) == "" {
			continue
		}
		seen++
		header, err := r.Read()
		if err != nil {
			if first == nil && seen == 1 {
				first = err
			}
			above++
			continue
		}
		t := &top{delimiter: delimiter, header: slices.Clone(header), line: line, above: above, fit: s.judge(names, accounts, header)}
		if best == nil && first == nil || t.fit.sure() && (best == nil || !best.fit.keys) {
			best = t
		}
		if best != nil && best.fit.keys {
			break
		}
		above++
	}
	switch {
	case best != nil:
		return best, nil
	case first == nil:
		first = io.EOF
	}
	return nil, first
}

// afterLines is a text without its first n lines.
func afterLines(text string, n int) string {
	for ; n > 0; n-- {
		_, text, _ = strings.Cut(text, "\n")
	}
	return text
}

// skipLines passes over lines of what is read, size bytes at a time.
func skipLines(in io.Reader, size, n int) io.Reader {
	lines := bufio.NewReaderSize(in, size)
	for ; n > 0; n-- {
		for {
			_, err := lines.ReadSlice('\n')
			if err != bufio.ErrBufferFull {
				break
			}
		}
	}
	return lines
}

// withoutHeader says whether the first line is a record already: the configuration names all columns by
// their numbers, or the product writes no header.
func (s *Source) withoutHeader(header []string) bool {
	if s.profile != nil {
		if len(s.profile.Order) == 0 || s.judge(s.namer(), newNamer(schemas.KindCredential), header).sure() {
			return false
		}
		s.loose = true
		return true
	}
	for _, text := range s.Config.Columns {
		e, err := parseColumn(s, schemas.FieldID, text)
		if err != nil || slices.ContainsFunc(e.Paths(), func(path string) bool { return !isNumber(path) }) {
			return false
		}
	}
	return len(s.Config.Columns) > 0
}

func isNumber(column string) bool {
	n, err := strconv.Atoi(strings.TrimPrefix(column, "#"))
	return err == nil && n > 0
}

// positions are the names of the columns of a table without a header.
func (s *Source) positions(first []string) []string {
	var names []string
	for i := range first {
		names = append(names, "#"+strconv.Itoa(i+1))
	}
	if s.profile == nil {
		return names
	}
	names = slices.Clone(s.profile.Order)
	for _, text := range s.profile.Columns {
		e, err := parseColumn(s, schemas.FieldID, text)
		if err != nil {
			continue
		}
		for _, path := range e.Paths() {
			s.needed = max(s.needed, 1+slices.IndexFunc(names, func(name string) bool { return fold(name) == fold(path) }))
		}
	}
	return names
}

// noteLines keeps lines that look like notes below a table until it is known whether they are.
type noteLines struct{ held []noteLine }

type noteLine struct {
	record []string
	line   int
}

// maxNotes is how many of them may end a table.
const maxNotes = 20

// is says whether a record looks like a note, and keeps it.
func (n *noteLines) is(record []string, line int) bool {
	if len(record) > 1 && clean(record[1]) != "" || len(n.held) >= maxNotes || !isNote(record) {
		return false
	}
	kept := make([]string, len(record))
	for i, cell := range record {
		kept[i] = strings.Clone(cell)
	}
	n.held = append(n.held, noteLine{kept, line})
	return true
}

// isNote tells a record of one cell, the first, that is a sentence and no name.
func isNote(record []string) bool {
	if len(record) == 0 || !isPhrase(clean(record[0])) {
		return false
	}
	return blank(record[1:])
}

func (n *noteLines) take() []noteLine {
	held := n.held
	n.held = nil
	return held
}

func (n *noteLines) lines() []int {
	var lines []int
	for _, note := range n.held {
		lines = append(lines, note.line)
	}
	return lines
}
