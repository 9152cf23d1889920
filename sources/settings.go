package sources

import (
	"errors"
	"strings"

	"pamsync/schemas"
)

// isTable says whether the file is a table, and no JSON.
func (s *Source) isTable() bool { return s.Shape.Format == "csv" || s.Shape.Format == "xlsx" }

// settle makes what the vault takes of a row's settings; a row with one that nobody can send is
// rejected.
func (s *Source) settle(row *schemas.Row) {
	for f := schemas.FieldExecutionSettings; f <= schemas.FieldDeviceSettings; f++ {
		if row.Values[f] == "" {
			continue
		}
		object, err := schemas.SettingsJSON(f, row.Values[f])
		var bad *schemas.SettingError
		if errors.As(err, &bad) {
			row.Values[f] = ""
			row.Problems = append(row.Problems, schemas.Problem{Code: "bad_setting", Place: s.settingPlace(row, f, bad.Name), Args: schemas.Pairs("field", f.String(), "setting", bad.Name, "value", bad.Value)})
			continue
		}
		row.Values[f] = object
	}
	if row.Second.Judge(func(text string) string { return strings.Trim(text, "{}") }) != "" {
		row.Secret = schemas.Joined(row.Secret, row.Second)
	}
	row.Second = schemas.Secret{}
}

// noteSemicolon tells a password that programs which part by ; have cut, or will: the vault's own import
// does. It is sent as it stands.
func (s *Source) noteSemicolon(row *schemas.Row) {
	if s.isTable() && row.Secret.Contains(";") {
		row.Notes = append(row.Notes, schemas.Problem{Code: "secret_semicolon", Place: row.Place(schemas.FieldContent)})
	}
}

// settingPlace is where a setting of a row stands.
func (s *Source) settingPlace(row *schemas.Row, f schemas.Field, name string) schemas.Place {
	place := row.Place(f)
	for _, c := range s.Shape.Columns {
		for _, m := range c.Members {
			if c.Field != f || f.String()+"."+m.Name != name {
				continue
			}
			if !s.isTable() {
				place.Pointer, place.Column = row.Place(schemas.FieldID).Pointer+"/"+strings.ReplaceAll(m.Path, ".", "/"), ""
			} else if i, err := s.columnNamed(m.Path); err == nil {
				place.Col, place.Column = i+1, s.Shape.Columns[i].Name
			}
		}
	}
	return place
}
