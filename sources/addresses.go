package sources

import (
	"strings"

	"pamsync/schemas"
	"pamsync/sources/expr"
)

// oneAddress takes of a cell with several addresses, or one with a prefix length or a port, the one
// that the device can be reached at. Where several can, that is noted; where none is there, or
// anything else stands beside them, the cell stays as it is and is judged so.
func (s *Source) oneAddress(row *schemas.Row) {
	text := row.Values[schemas.FieldIP]
	s.address = text
	if !notPlain(text) {
		return
	}
	ip, several := expr.FirstIP(text)
	if ip == "" || !expr.OnlyIPs(text) {
		return
	}
	if several {
		row.Notes = append(row.Notes, schemas.Problem{Code: "several_addresses", Place: row.Place(schemas.FieldIP), Args: schemas.Pairs("value", strings.Clone(text), "taken", ip)})
	}
	row.Values[schemas.FieldIP] = ip
}

// notPlain tells a text with a sign that stands in no address, and in no name either.
func notPlain(text string) bool {
	for i := range len(text) {
		switch text[i] {
		case ' ', ',', ';', '|', '/', '\t', '\r', '\n', '(', ')', '[', ']', 0xa0:
			return true
		}
	}
	return false
}
