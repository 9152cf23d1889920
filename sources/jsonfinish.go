package sources

import (
	"slices"

	"pamsync/schemas"
)

// checkPassword refuses a file whose passwords were asked for, where members look like passwords and none of
// them is known to be.
func (m *jsonMapping) checkPassword() error {
	if !m.s.Options.Secrets || m.s.Options.Kind == schemas.KindDevice || m.seen[schemas.FieldContent] {
		return nil
	}
	var alike []string
	for name := range m.known {
		if looksPassword(name) {
			alike = append(alike, name)
		}
	}
	for _, c := range m.s.Shape.Columns {
		if c.Mapped && c.Field.Secret() {
			return nil // it is known where they would stand, and no record has one
		}
	}
	if len(alike) == 0 {
		return nil
	}
	slices.Sort(alike)
	return m.s.fault(schemas.ClassInput, "password_unmapped", "columns", shownKeys(alike))
}

// finish checks, after the last record, that the mapping fitted the file at all.
func (m *jsonMapping) finish(records int) error {
	m.s.Shape.Columns = slices.DeleteFunc(m.s.Shape.Columns, m.unused)
	for i := range m.s.Shape.Columns {
		m.s.Shape.Columns[i].Index = i
	}
	if records == 0 {
		return nil
	}
	for _, field := range m.s.fields() {
		for _, name := range m.named[field] {
			found := Column{Name: name, Index: len(m.s.Shape.Columns), Field: field, Mapped: true}
			if found.Secret = field.Secret(); found.Secret && !m.s.Options.Secrets {
				found.Mapped, found.Password = false, true
			}
			m.s.Shape.Columns = append(m.s.Shape.Columns, found)
		}
		m.named[field] = nil
	}
	if m.s.Options.Draft {
		return nil
	}
	if err := m.checkPassword(); err != nil {
		return err
	}
	for _, name := range m.s.where.Fields() {
		if !m.foundBy[name] && records > 0 {
			return m.s.fault(schemas.ClassConfig, "filter_column", "key", "where", "column", name, "has", "")
		}
	}
	for field, path := range m.s.Config.Columns {
		if !m.seen[field] && !field.Secret() {
			return m.s.fault(schemas.ClassConfig, "column_missing", "column", path, "has", "")
		}
	}
	if q := m.s.Options.Requests; q != nil {
		for name := range m.known {
			if _, ok := m.names.find(name); !ok && slices.Contains(q.Others, fold(name)) {
				return m.s.fault(schemas.ClassInput, "requests_other", "column", name)
			}
		}
		if !m.s.namesKey(func(f schemas.Field) bool { return m.seen[f] }) {
			return m.s.fault(schemas.ClassInput, "no_request_columns", "want", q.wanted(), "has", "")
		}
		return nil
	}
	for _, field := range keyOf(m.s.Options.Kind) {
		if !m.seen[field] && m.s.Config.Defaults[field] == "" {
			return m.s.fault(schemas.ClassInput, "no_key_column", "field", field.String(), "kind", string(m.s.Options.Kind), "has", "")
		}
	}
	return nil
}
