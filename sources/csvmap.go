package sources

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"pamsync/schemas"
)

// mapColumns decides what each column becomes: by the configuration's columns first, then by
// its name. Two columns for one field are refused rather than guessed.
func (s *Source) mapColumns(header []string) error {
	for i, name := range header {
		if _, err := netip.ParseAddr(clean(name)); err == nil {
			return s.fault(schemas.ClassInput, "no_header", "cell", clean(name)).
				At(s.headerPlace(i + 1))
		}
	}
	s.Shape.Columns = make([]Column, len(header))
	for i, name := range header {
		s.Shape.Columns[i] = Column{Name: clean(name), Index: i, Secret: looksSecret(name)}
	}
	if err := s.checkWhere(); err != nil {
		return err
	}
	taken := map[schemas.Field]bool{}
	used := map[int]bool{}
	for _, field := range fieldsOf(s.Options.Kind) {
		name, ok := s.Config.Columns[field]
		if !ok {
			continue
		}
		i, err := s.columnNamed(name)
		if err != nil {
			return err
		}
		taken[field], used[i] = true, true
		if field == schemas.FieldContent && !s.Options.Secrets {
			s.Shape.Columns[i].Password = true
			continue
		}
		if s.Shape.Columns[i].Mapped {
			// One column for two fields: an address that is both name and ip.
			s.Shape.Columns = append(s.Shape.Columns, s.Shape.Columns[i])
			i = len(s.Shape.Columns) - 1
		}
		s.Shape.Columns[i].Field, s.Shape.Columns[i].Mapped = field, true
	}
	if err := s.mapByName(header, taken, used); err != nil {
		return err
	}
	if err := s.checkMapping(); err != nil {
		return err
	}
	return s.checkPassword()
}

// headerPlace is a cell of the header, counted from 1, or its row.
func (s *Source) headerPlace(col int) schemas.Place {
	return schemas.Place{Source: s.Config.Name, Sheet: s.Shape.Sheet, Row: s.Shape.HeaderLine, Col: col}
}

func (s *Source) columnNamed(name string) (int, error) {
	found := -1
	for i, c := range s.Shape.Columns {
		if c.Name == clean(name) {
			return i, nil
		}
		if fold(c.Name) == fold(name) && fold(name) != "" && found < 0 {
			found = i
		}
	}
	if found < 0 {
		return 0, s.fault(schemas.ClassConfig, "column_missing", "column", name, "has", s.shownNames())
	}
	return found, nil
}

// shownNames are the columns' names for a message. Where none of them is known, and they do
// not look like names either, the line may be no header but a record with a password in it:
// then they are not shown.
func (s *Source) shownNames() string {
	names := newNamer(s.Options.Kind)
	alike := true
	for _, name := range s.columnNames() {
		if _, ok := names.find(name); ok {
			return strings.Join(s.columnNames(), ", ")
		}
		alike = alike && strings.IndexFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !strings.ContainsRune(" _./()", r) }) < 0
	}
	if !alike {
		return ""
	}
	return strings.Join(s.columnNames(), ", ")
}

func (s *Source) columnNames() []string {
	var names []string
	for _, c := range s.Shape.Columns {
		if c.Index == len(names) {
			names = append(names, c.Name)
		}
	}
	return names
}

func (s *Source) mapByName(header []string, taken map[schemas.Field]bool, used map[int]bool) error {
	names := newNamer(s.Options.Kind)
	best := map[schemas.Field]ranked{}
	at := map[schemas.Field][]int{}
	for i, name := range header {
		r, ok := names.find(name)
		if s.Shape.Export {
			r.field, ok = exportFields(s.Options.Kind)[name]
			r.rank = 0
		}
		if !ok || used[i] || taken[r.field] {
			continue
		}
		if b, seen := best[r.field]; !seen || r.rank < b.rank {
			best[r.field], at[r.field] = r, []int{i}
		} else if r.rank == b.rank {
			at[r.field] = append(at[r.field], i)
		}
	}
	for _, field := range fieldsOf(s.Options.Kind) {
		where := at[field]
		if len(where) > 1 {
			return s.fault(schemas.ClassInput, "column_twice", "field", field.String(),
				"first", strconv.Itoa(where[0]+1), "second", strconv.Itoa(where[1]+1), "column", header[where[0]]).
				At(s.headerPlace(where[1] + 1))
		}
		if len(where) == 1 && field == schemas.FieldContent {
			s.Shape.Columns[where[0]].Password = true
			if other := s.otherPassword(header, names, where[0]); other >= 0 && s.Options.Secrets {
				return s.fault(schemas.ClassInput, "column_twice", "field", "password", "first", strconv.Itoa(where[0]+1), "second", strconv.Itoa(other+1), "column", header[where[0]]).
					At(s.headerPlace(other + 1))
			}
		}
		if len(where) == 1 && (field != schemas.FieldContent || s.Options.Secrets) {
			s.Shape.Columns[where[0]].Field, s.Shape.Columns[where[0]].Mapped = field, true
		}
	}
	return nil
}

// searched is how many rows of a sheet the header was looked for in, "" for other files.
func (s *Source) searched() string {
	if s.Shape.Sheet == "" {
		return ""
	}
	return strconv.Itoa(headerRows)
}

// otherPassword is a second column that could be the password, -1 for none: here the better name
// does not decide, because the wrong password would be sent.
func (s *Source) otherPassword(header []string, names namer, first int) int {
	for i, name := range header {
		if r, ok := names.find(name); ok && r.field == schemas.FieldContent && i != first && !s.Shape.Export {
			return i
		}
	}
	return -1
}

// checkPassword refuses a file whose passwords were asked for, where columns look like passwords
// and none of them is known to be: an account without its password would be no success.
func (s *Source) checkPassword() error {
	if !s.Options.Secrets || s.Options.Kind != schemas.KindCredential {
		return nil
	}
	var alike []string
	for _, c := range s.Shape.Columns {
		switch {
		case c.Mapped && c.Field == schemas.FieldContent:
			return nil
		case looksPassword(c.Name):
			alike = append(alike, c.Name)
		}
	}
	if len(alike) == 0 {
		return nil
	}
	return s.fault(schemas.ClassInput, "password_unmapped", "columns", strings.Join(alike, ", ")).At(s.headerPlace(0))
}

func fieldsOf(kind schemas.Kind) []schemas.Field {
	if kind == schemas.KindCredential {
		return schemas.CredentialFields()
	}
	return schemas.DeviceFields()
}

// checkMapping refuses a file in which the key of no record can be found: it is no inventory.
func (s *Source) checkMapping() error {
	need := []schemas.Field{schemas.FieldHostname}
	if s.Options.Kind == schemas.KindCredential {
		need = append(need, schemas.FieldUsername)
	}
	for _, field := range need {
		ok := slices.ContainsFunc(s.Shape.Columns, func(c Column) bool { return c.Mapped && c.Field == field })
		if !ok && s.Config.Defaults[field] == "" {
			return s.fault(schemas.ClassInput, "no_key_column", "field", field.String(), "kind", string(s.Options.Kind),
				"has", s.shownNames(), "searched", s.searched()).At(s.headerPlace(0))
		}
	}
	return nil
}

func (s *Source) checkWhere() error {
	for _, name := range s.where.Fields() {
		if _, err := s.columnNamed(name); err != nil {
			return s.fault(schemas.ClassConfig, "filter_column", "key", "where", "column", name, "has", s.shownNames())
		}
	}
	return nil
}
