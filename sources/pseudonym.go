package sources

import (
	"strings"

	"pamsync/schemas"
)

// refusePseudonym refuses a file that was exported under pseudonyms: matched by name, its rows would create
// records that nobody has.
func (s *Source) refusePseudonym(row *schemas.Row) error {
	for _, f := range []schemas.Field{schemas.FieldHostname, schemas.FieldUsername, schemas.FieldIP, schemas.FieldIdentifier} {
		if value := row.Values[f]; schemas.IsPseudonym(value) {
			fault := s.fault(schemas.ClassInput, "source_anonymised", "value", strings.Clone(value))
			fault.Problem.Place.Row = row.Number
			return fault
		}
	}
	return nil
}
