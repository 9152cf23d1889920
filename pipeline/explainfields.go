package pipeline

import (
	"slices"
	"strings"

	"pamsync/schemas"
)

// The notes on what was done to a cell to get its value.
const (
	noteTrimmed = "trimmed"
	noteCase    = "case"      // compared without case
	noteDomain  = "domain"    // the configured domain is left off
	noteRewrote = "rewritten" // another form of the same: an address without its network
	noteFile    = "file"      // what stands in the file that the cell names
)

// normalise fills in what each cell of a row became.
func (s *Story) normalise(r *InputRow) {
	for i := range r.Cells {
		c := &r.Cells[i]
		f, ok := schemas.ParseField(c.Field)
		if !ok || c.Withheld != "" {
			continue
		}
		c.Value, c.Notes = r.Values[f], nil
		switch {
		case c.Value == c.Text:
		case c.Value == strings.TrimSpace(c.Text):
			c.Notes = append(c.Notes, noteTrimmed)
		case f == schemas.FieldPublicKey && !strings.Contains(strings.TrimSpace(c.Text), " "):
			c.Notes = append(c.Notes, noteFile)
		default:
			c.Notes = append(c.Notes, noteRewrote)
		}
		s.compared(f, c)
	}
}

// compared shows a name as it is compared.
func (s *Story) compared(f schemas.Field, c *schemas.ExplainedCell) {
	key := fold(c.Value)
	switch f {
	case schemas.FieldHostname:
		if host := hostKey(s.normalized(), c.Value); host != key {
			key = host
			c.Notes = append(c.Notes, noteDomain)
		}
	case schemas.FieldUsername, schemas.FieldIdentifier:
	default:
		return
	}
	if fold(c.Value) != c.Value {
		c.Notes = append(c.Notes, noteCase)
	}
	c.Value = key
}

// wanted is what the rows of a record ask for a field, the first of them that has a value.
func wanted(rows []InputRow, f schemas.Field) string {
	for _, r := range rows {
		if r.Values[f] != "" {
			return r.Values[f]
		}
	}
	return ""
}

// says tells whether some row has a value.
func says(rows []InputRow, f schemas.Field, value string) bool {
	return slices.ContainsFunc(rows, func(r InputRow) bool { return same(f, r.Values[f], value) })
}

// fieldsOfChange tells of each field of a change what became of it: of those that differ, and,
// where the rows were read, of all others that a column stands for.
func (s *Story) fieldsOfChange(c *schemas.Change, rows []InputRow) []schemas.ExplainedField {
	var fields []schemas.ExplainedField
	for _, fc := range c.Fields {
		fields = append(fields, fieldOfChange(c, fc, rows))
	}
	if c.Action == schemas.ActionCreate || c.Action == schemas.ActionInactivate {
		return fields
	}
	for _, f := range mapped(c.Kind, rows) {
		if !slices.ContainsFunc(c.Fields, func(fc schemas.FieldChange) bool { return fc.Field == f }) {
			fields = append(fields, s.otherField(c, f, wanted(rows, f)))
		}
	}
	return fields
}

func fieldOfChange(c *schemas.Change, fc schemas.FieldChange, rows []InputRow) schemas.ExplainedField {
	x := schemas.ExplainedField{Name: fc.Name(), Status: schemas.FieldDiffers, Before: fc.Before, After: fc.After}
	switch {
	case bool(fc.Secret):
		x.Status = schemas.FieldSecret
	case c.Action == schemas.ActionInactivate:
		x.Status = schemas.FieldLast
	case c.Action == schemas.ActionCreate:
		x.Status = schemas.FieldNew
		if fc.Field == schemas.FieldPublicKey && len(rows) > 0 && !says(rows, fc.Field, fc.After) {
			x.Status = schemas.FieldMade
		} else if f := fc.Field; len(rows) > 0 && !says(rows, f, fc.After) && (c.Kind == schemas.KindDevice || f != schemas.FieldIP) {
			x.Status = schemas.FieldDefault
		}
	}
	return x
}

// otherField is a field of an update that does not differ, or is not sent.
func (s *Story) otherField(c *schemas.Change, f schemas.Field, want string) schemas.ExplainedField {
	x := schemas.ExplainedField{Name: f.String(), Before: c.Send.Get(f)}
	switch manages := s.policy(c.Kind).Manages(f); {
	case want == "":
		x.Status = schemas.FieldEmpty
	case !f.Listed() && manages:
		x.Status, x.Before = schemas.FieldAlong, ""
	case !manages:
		x.Status = schemas.FieldUnmanaged
	case same(f, want, c.Send.Get(f)) || f == schemas.FieldIP && sameIP(s.normalized(), want, c.Send.Get(f)), c.Send.Get(f) == "":
		x.Status = schemas.FieldSame
	default:
		x.Status, x.After = schemas.FieldNotSent, want
	}
	return x
}

// fieldsAsTheyAre tells of the fields of a row that asks for nothing.
func (s *Story) fieldsAsTheyAre(r *InputRow, warned []schemas.Said) []schemas.ExplainedField {
	var fields []schemas.ExplainedField
	for _, f := range mapped(r.Kind, []InputRow{*r}) {
		x := schemas.ExplainedField{Name: f.String(), Before: r.Values[f], Status: schemas.FieldSame}
		switch {
		case r.Values[f] == "":
			x.Status = schemas.FieldEmpty
		case r.Kind.Account() && f == schemas.FieldIP: // it only confirms
		case !s.policy(r.Kind).Manages(f):
			x.Status, x.Before = schemas.FieldUnmanaged, ""
		case s.overruled(r, f, warned):
			x.Status, x.Before, x.After = schemas.FieldNotSent, "", r.Values[f]
		case r.Kind == schemas.KindInfo: // what was sent is all that is known of it
			x.Status = schemas.FieldUnseen
		case !f.Listed():
			x.Status, x.Before = schemas.FieldSilent, ""
		}
		fields = append(fields, x)
	}
	return fields
}

// overruled says whether a row's value of a field gives way to another source's.
func (s *Story) overruled(r *InputRow, f schemas.Field, warned []schemas.Said) bool {
	if order := s.policy(r.Kind).Precedence[f]; order != nil && !slices.Contains(order, r.Ref.Source) {
		return true
	}
	return slices.ContainsFunc(warned, func(w schemas.Said) bool {
		return w.Code == "source_overruled" && w.Args["field"] == f.String()
	})
}

// withheld takes out the values that hold a line break: a stray quote may have swallowed another
// row, and that row's password.
func withheld(fields []schemas.ExplainedField) []schemas.ExplainedField {
	for i := range fields {
		if f := &fields[i]; strings.ContainsAny(f.Before+f.After, "\r\n") {
			*f = schemas.ExplainedField{Name: f.Name, Status: schemas.FieldWithheld}
		}
	}
	return fields
}

// mapped are the fields that a column of some row stands for, without the keys and the password.
func mapped(kind schemas.Kind, rows []InputRow) []schemas.Field {
	var fields []schemas.Field
	for f := range schemas.NumFields {
		switch f {
		case schemas.FieldID, schemas.FieldHostname, schemas.FieldContent, schemas.FieldAsset:
			continue
		case schemas.FieldUsername:
			if kind != schemas.KindDevice {
				continue
			}
		}
		if slices.ContainsFunc(rows, func(r InputRow) bool {
			return slices.ContainsFunc(r.Cells, func(c schemas.ExplainedCell) bool { return c.Field == f.String() })
		}) {
			fields = append(fields, f)
		}
	}
	return fields
}
