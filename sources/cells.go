package sources

import (
	"strconv"
	"strings"

	"pamsync/schemas"
	"pamsync/schemas/scan"
)

// Why a cell is not shown.
const (
	WithheldSecret    = "secret"     // its column is, or may be, one of secrets
	WithheldLineBreak = "line_break" // it may hold another row, and that row's password
	WithheldRagged    = "ragged"     // the row does not fit the header: a password may stand anywhere
	WithheldUnmapped  = "unmapped"   // nobody said what the column holds
)

// Cell is one cell, or one member of a record, as the file holds it: what a person is told who
// asks where a value comes from. Text is empty where it is withheld.
type Cell struct {
	Place    schemas.Place
	Text     string
	Field    schemas.Field
	Mapped   bool
	Withheld string
}

// Cells are those of the row under way, for use within the function that Read is given. Nothing
// in them may be kept but by a clone.
func (s *Source) Cells() []Cell {
	if s.cells == nil {
		return nil
	}
	return s.cells()
}

// tableCells are the cells of a row of a table. Columns without a name are left aside.
func (s *Source) tableCells(record []string, row int, fits bool) []Cell {
	whole := schemas.Place{Source: s.Config.Name, Sheet: s.Shape.Sheet, Row: row}
	if !fits {
		return []Cell{{Place: whole, Withheld: WithheldRagged}}
	}
	var cells []Cell
	for _, column := range s.Shape.Columns {
		if column.Index >= len(record) || column.Name == "" && !column.Mapped {
			continue
		}
		c := Cell{Place: whole, Field: column.Field, Mapped: column.Mapped}
		c.Place.Col, c.Place.Column = column.Index+1, column.Name
		c.withhold(s, column, record[column.Index])
		cells = append(cells, c)
	}
	return cells
}

// withhold shows a cell's text, unless it is or may hold a secret.
func (c *Cell) withhold(s *Source, column Column, text string) {
	switch {
	case column.holdsSecret() || schemas.HoldsPrivateKey(text):
		c.Withheld = WithheldSecret
	case !column.Mapped:
		c.Withheld = WithheldUnmapped
	case strings.ContainsAny(text, "\r\n") && s.hasSecrets():
		c.Withheld = WithheldLineBreak
	default:
		c.Text = text
	}
}

// holdsSecret says whether the cells of a column are, or may be, secrets.
func (c *Column) holdsSecret() bool {
	return c.Secret || c.Password || looksPassword(c.Name) || c.Mapped && c.Field.Secret()
}

func (s *Source) hasSecrets() bool {
	for _, column := range s.Shape.Columns {
		if column.holdsSecret() {
			return true
		}
	}
	return false
}

// cells are the members of the record under way: those that became a field, in the order of the
// fields, and then the others by their names.
func (j *jsonReader) cells() []Cell {
	if len(j.raw) == 0 || j.raw[0] != '{' {
		return nil
	}
	var cells []Cell
	used := map[string]bool{}
	for _, f := range j.s.fields() {
		path := j.places[f]
		if path == "" {
			continue
		}
		first, _, _ := strings.Cut(path, ".")
		used[path], used[first] = true, true
		c := Cell{Place: j.place(f), Field: f, Mapped: true}
		c.withhold(j.s, Column{Name: path, Field: f, Mapped: true, Secret: looksSecret(path)}, j.shown(path))
		cells = append(cells, c)
	}
	for i := range j.members {
		name := j.members[i].Name
		if used[name] {
			continue
		}
		c := Cell{Place: schemas.Place{Source: j.s.Config.Name, Row: j.number, Column: name,
			Pointer: j.s.Shape.Records + "/" + strconv.Itoa(j.number-1) + pointer([]string{name})}}
		c.withhold(j.s, Column{Name: name, Secret: looksSecret(name) || j.s.Config.Columns[schemas.FieldContent] == name}, "")
		cells = append(cells, c)
	}
	return cells
}

// shown is what stands at a path: a text, the name of a reference, or a sign for anything else.
func (j *jsonReader) shown(path string) string {
	raw, ok := resolve(j.raw, path)
	switch {
	case !ok || scan.IsNull(raw):
		return ""
	case raw[0] == '[':
		return "[…]"
	}
	text, opaque := j.mapping.text(raw)
	if opaque {
		return "{…}"
	}
	return string(text)
}
