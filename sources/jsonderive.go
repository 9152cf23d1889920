package sources

import (
	"strings"

	"pamsync/schemas"
	"pamsync/sources/expr"
)

// derive sets a field by an expression.
func (m *jsonMapping) derive(j *jsonReader, field schemas.Field, e *expr.Expr) {
	opaque := ""
	get := func(path string) []string { return m.valuesAt(j, path, &opaque) }
	if field.Secret() {
		if text := e.Text(get); m.s.Options.Secrets && text != "" {
			m.seen[field] = true
			setSecret(&j.row, field, strings.Clone(text))
		}
		return
	}
	text := cleanBytes([]byte(e.Text(get)))
	if len(text) == 0 {
		if opaque != "" {
			j.places[field], m.seen[field] = opaque, true
			j.row.Problems = append(j.row.Problems, schemas.Problem{Code: "not_text", Place: j.place(field), Args: schemas.Pairs("field", field.String())})
		}
		return
	}
	m.seen[field] = true
	if paths := e.Paths(); len(paths) == 1 {
		j.places[field] = paths[0]
	}
	m.put(field, text)
}

// valuesAt are the texts that a path has in the record under way. opaque is the path where it leads to
// something that is no text.
func (m *jsonMapping) valuesAt(j *jsonReader, path string, opaque *string) []string {
	if path == keyPath {
		return []string{j.key}
	}
	var texts []string
	for _, raw := range resolveAll(j.raw, path) {
		text, isOpaque := m.text(raw)
		if isOpaque {
			*opaque = path
		} else if len(text) > 0 {
			texts = append(texts, string(text))
		}
	}
	return texts
}
