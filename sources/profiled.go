package sources

import (
	"slices"

	"pamsync/schemas"
	"pamsync/schemas/filter"
	"pamsync/sources/expr"
	"pamsync/sources/profile"
)

// parseColumn reads what a configuration or a profile gives to a field.
func parseColumn(s *Source, field schemas.Field, text string) (*expr.Expr, error) {
	e, err := expr.Parse(text)
	if err != nil {
		return nil, s.fault(schemas.ClassConfig, "bad_expression", "key", "columns."+field.String(), "value", text).Because(err)
	}
	return e, nil
}

// Repeats says whether a record stands in several rows of the file by rule.
func (s *Source) Repeats() bool { return s.profile != nil && s.profile.Repeats }

// exclusion is a kind of records of which the vault has none.
type exclusion struct {
	where  *filter.Filter
	code   string
	leaves bool // the row is about something else, and left out
	goes   bool // the row asks for its record to be inactivated
	update bool // the row asks for no new record
}

// excludesOf reads what a product's rows say of themselves, where the file has the fields for it.
func excludesOf(p *profile.Profile, has func(field string) bool) ([]exclusion, error) {
	if p == nil {
		return nil, nil
	}
	var all []exclusion
	add := func(text string, e exclusion) error {
		where, err := filter.Parse(text)
		if err != nil {
			return schemas.NewFault(schemas.ClassBug, "bug").Because(err)
		}
		if e.where = where; !slices.ContainsFunc(where.Fields(), func(field string) bool { return !has(field) }) {
			all = append(all, e)
		}
		return nil
	}
	for _, e := range p.Excludes {
		if err := add(e.Where, exclusion{code: e.Code}); err != nil {
			return nil, err
		}
	}
	for _, where := range p.Leaves {
		if err := add(where, exclusion{leaves: true}); err != nil {
			return nil, err
		}
	}
	for _, where := range p.Goes {
		if err := add(where, exclusion{goes: true}); err != nil {
			return nil, err
		}
	}
	for _, where := range p.Updates {
		if err := add(where, exclusion{update: true}); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// exclude rejects a row of which no record of the vault can be made, and says why; it leaves out what is
// about something else, and notes what asks to be inactivated.
func (s *Source) exclude(row *schemas.Row, get func(string) string) {
	for _, e := range s.excludes {
		switch {
		case !e.where.Match(get):
			continue
		case e.leaves:
			row.LeftOut = true
		case e.goes:
			row.Goes = true
		case e.update:
			row.Updates = true
		default:
			row.NoRecord, row.Problems = true, []schemas.Problem{{Code: e.code, Place: row.Place(schemas.FieldID)}}
		}
		return
	}
}
