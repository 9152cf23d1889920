package sources

import (
	"regexp"
	"slices"
	"strings"

	"pamsync/schemas"
)

// A stray quote makes one cell of the cells and rows up to the next one. Where two of them pair, no reader can
// tell that from a note of several lines; what such a cell may have swallowed is looked for here.

// withhold takes out of a row what a stray quote may have swallowed, and the password that would be another
// row's: in a file with a column of secrets each cell of several lines with a delimiter in it, in any other
// one that holds as many delimiters as the rows would that it swallowed. Protected information itself is a text
// of any lines, and is judged by these rows and their identifiers.
func (c *csvReader) withhold() {
	secrets := slices.ContainsFunc(c.s.Shape.Columns, func(column Column) bool { return column.Secret || column.Password })
	for i, cell := range c.record {
		if i >= c.width || !strings.ContainsAny(cell, "\r\n") || !strings.ContainsRune(cell, c.s.Shape.Delimiter) {
			continue
		}
		switch {
		case c.row.Kind == schemas.KindInfo && c.s.isInformation(i):
			if !c.holdsInfos(i) {
				continue
			}
		case c.s.isContent(i), !secrets && !c.holdsRows(i):
			continue
		}
		c.row.Secret = schemas.Secret{}
		name := c.s.columnNames()[i]
		for _, f := range c.fedBy(i) {
			c.row.Values[f] = ""
			name = c.s.fieldName(f)
		}
		place := schemas.Place{Source: c.s.Config.Name, Row: c.row.Number, Col: i + 1, Column: c.s.columnNames()[i]}
		c.row.Problems = append(c.row.Problems, schemas.Problem{Code: "swallowed_cells", Place: place, Args: schemas.Pairs("field", name)})
	}
}

// isContent says whether a column is the password alone: one with a line break is rejected as such.
func (s *Source) isContent(i int) bool {
	return slices.ContainsFunc(s.Shape.Columns, func(c Column) bool {
		return c.Index == i && c.Mapped && c.Field.Secret() && c.expr == nil
	})
}

// isInformation says whether a column is what protected information protects, read or not.
func (s *Source) isInformation(i int) bool {
	return slices.ContainsFunc(s.Shape.Columns, func(c Column) bool {
		return c.Index == i && c.expr == nil && (c.Secret || c.Password || c.Mapped && c.Field.Secret())
	})
}

// fedBy are the fields, the password aside, that a column becomes or has a part in.
func (c *csvReader) fedBy(i int) []schemas.Field {
	var fields []schemas.Field
	for _, f := range c.fields {
		if f.index == i && !f.field.Secret() {
			fields = append(fields, f.field)
		}
	}
	for _, d := range c.derived {
		for _, at := range d.index {
			if at == i && !d.field.Secret() {
				fields = append(fields, d.field)
				break
			}
		}
	}
	return fields
}

// holdsRows tells a cell whose lines have as many delimiters as the end of its own row, whole rows, and the
// beginning of another would: the cells behind it are those of that other row. Behind the last cell there
// are none.
func (c *csvReader) holdsRows(i int) bool {
	return i < c.width-1 && c.countsAsRows(i, linesOf(c.record[i]))
}

// holdsInfos tells a content whose lines read as rows of protected information: behind its own, each has as many
// delimiters as a row, and an identifier where a row has one.
func (c *csvReader) holdsInfos(i int) bool {
	lines := linesOf(strings.TrimRight(c.record[i], "\r\n"))
	if len(lines) < 2 || !c.countsAsRows(i, lines) {
		return false
	}
	at := slices.IndexFunc(c.fields, func(f cellField) bool { return f.field == schemas.FieldIdentifier })
	if at < 0 {
		return true
	}
	for _, line := range lines[1:] {
		cells := strings.Split(line, string(c.s.Shape.Delimiter))
		if k := c.fields[at].index; k < len(cells) && !identifierLike.MatchString(strings.Trim(clean(cells[k]), `"`)) {
			return false
		}
	}
	return true
}

// identifierLike is what an identifier may be (vault-api a.3).
var identifierLike = regexp.MustCompile(`^[0-9A-Za-z._-]+$`)

func linesOf(cell string) []string {
	return strings.Split(strings.ReplaceAll(cell, "\r\n", "\n"), "\n")
}

// countsAsRows says whether lines have the delimiters of the rest of a row, of whole rows, and of the beginning of
// one up to the cell.
func (c *csvReader) countsAsRows(i int, lines []string) bool {
	for n, line := range lines {
		want := c.width - 1
		switch n {
		case 0:
			want = c.width - 1 - i
		case len(lines) - 1:
			want = i
		}
		if strings.Count(line, string(c.s.Shape.Delimiter)) != want {
			return false
		}
	}
	return true
}

// swallowed are the pieces of cells that hold a line break: two stray quotes that happen to
// pair swallow the rows between them, and what those name must not be taken for missing. It is not whole
// where there are too many of them.
func (c *csvReader) swallowed(pieces []string) (all []string, whole bool) {
	const most = 10_000
	for _, cell := range c.record {
		if !strings.Contains(cell, "\n") {
			continue
		}
		for _, piece := range strings.FieldsFunc(cell, func(r rune) bool { return r == '\n' || r == '\r' || r == c.s.Shape.Delimiter }) {
			piece = strings.Trim(clean(piece), `"`)
			switch {
			case piece == "" || len(piece) > 255:
			case len(pieces) == most:
				return pieces, false
			default:
				pieces = append(pieces, piece)
			}
		}
	}
	return pieces, true
}
