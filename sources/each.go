package sources

import (
	"strings"

	"pamsync/schemas"
)

// eachOf gives a row once for each name in the cell that the configuration says holds several. Where the
// cell of the address holds as many, each name has the one at its place.
func (s *Source) eachOf(row *schemas.Row, give func(*schemas.Row) error) error {
	field, ok := schemas.ParseField(s.Config.Each)
	names := several(row.Values[field])
	if ok && len(names) == 1 {
		row.Values[field] = names[0]
	}
	if !ok || len(names) < 2 {
		return give(row)
	}
	whole, notes := row.Values, row.Notes
	addresses := several(s.address)
	for i, name := range names {
		row.Values, row.Notes = whole, notes
		row.Values[field] = name
		if field == schemas.FieldHostname && len(addresses) == len(names) {
			row.Values[schemas.FieldIP], row.Notes = addresses[i], nil
		}
		if err := give(row); err != nil {
			return err
		}
	}
	return nil
}

// several are the names in a cell.
func several(text string) []string {
	var names []string
	for _, name := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(";,|\n\r", r) }) {
		if name = clean(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}
