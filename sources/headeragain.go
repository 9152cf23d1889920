package sources

import (
	"slices"
	"strconv"
	"strings"

	"pamsync/schemas"
)

// headerWatch looks at every row below the header for one that is a header itself.
type headerWatch struct {
	s         *Source
	names     namer // of both kinds
	hosts     []int // columns of the hostname
	watched   []int // those in which the word for a password has no business
	passwords passwords
}

func newHeaderWatch(s *Source) *headerWatch {
	w := &headerWatch{s: s, names: anyNamer(), passwords: passwords{}}
	if s.Options.Requests != nil {
		return w // its header has other names, and no row of it takes anything away by not being there
	}
	for _, c := range s.Shape.Columns {
		if !c.Mapped {
			continue
		}
		if c.Field == schemas.FieldHostname {
			w.hosts = append(w.hosts, c.Index)
		}
		if c.Secret {
			continue
		}
		switch c.Field {
		case schemas.FieldContent, schemas.FieldPassphrase, schemas.FieldAdditional, schemas.FieldTags, schemas.FieldDeviceTags, schemas.FieldCredentialType:
			// where the word may stand as a value
		default:
			w.watched = append(w.watched, c.Index)
		}
	}
	return w
}

// again tells a row below the header that is one itself: its cell of the hostname names a
// field, and so does another one, and half of all. The same header once more is a row that is
// rejected; behind another one stands another table, whose columns would be misread, and the file
// is refused.
func (w *headerWatch) again(record []string, row int) (*schemas.Problem, error) {
	password := w.namesPassword(record)
	if !password && !w.looksLikeHeader(record) {
		return nil, nil
	}
	s := w.s
	f := s.fault(schemas.ClassInput, "header_again", "row", strconv.Itoa(row), "first", strconv.Itoa(s.Shape.HeaderLine))
	f.Problem.Place = schemas.Place{Source: s.Config.Name, Sheet: s.Shape.Sheet, Row: row}
	names, same := s.columnNames(), true
	for i, text := range record {
		same = same && (i < len(names) && fold(text) == fold(names[i]) || i >= len(names) && clean(text) == "")
	}
	if !same {
		f.Problem.Code = "other_table"
		return nil, f
	}
	return &f.Problem, nil
}

// namesPassword tells a row with the word for a password in a column of something else: what
// follows would be passwords, and they would be taken for addresses, sites or usernames.
func (w *headerWatch) namesPassword(record []string) bool {
	for _, i := range w.watched {
		if i < len(record) && w.passwords.named(record[i]) && (!strings.Contains(clean(record[i]), " ") || w.namesAnother(record, i)) {
			return true
		}
	}
	return false
}

// namesAnother says whether a record without a digit has the name of a field in another cell too, or nothing in
// any other: Grants Pass is a place.
func (w *headerWatch) namesAnother(record []string, but int) bool {
	if blank(slices.Concat(record[:but], record[but+1:])) {
		return true
	}
	return !hasDigit(record) && slices.ContainsFunc(record, func(text string) bool {
		_, ok := w.names.find(text)
		return ok && text != record[but]
	})
}

func (w *headerWatch) looksLikeHeader(record []string) bool {
	for _, i := range w.hosts {
		if i >= len(record) {
			continue
		}
		cell := record[i]
		if cell == "" || len(cell) > maxHeaderCell || hasDigit(record) {
			return false // an address, a number: a record
		}
		return w.namesFields(record, cell)
	}
	return false
}

func (w *headerWatch) namesFields(record []string, host string) bool {
	if _, ok := w.names.find(host); !ok {
		return false
	}
	known, texts := 0, 0
	for _, text := range record {
		if clean(text) == "" {
			continue
		}
		texts++
		if _, ok := w.names.find(text); ok {
			known++
		}
	}
	return known >= 2 && 2*known >= texts
}

// hasDigit tells a record with a digit in it: mostly one that begins or ends a cell.
func hasDigit(record []string) bool {
	for _, text := range record {
		if n := len(text); n > 0 && (isDigit(text[0]) || isDigit(text[n-1])) {
			return true
		}
	}
	for _, text := range record {
		for i := range len(text) {
			if isDigit(text[i]) {
				return true
			}
		}
	}
	return false
}

func isDigit(c byte) bool { return c-'0' <= 9 }
