package sources

import (
	"net/netip"
	"strings"

	"pamsync/schemas"
	"pamsync/schemas/scan"
)

// jsonMapping turns a JSON record's values into fields.
type jsonMapping struct {
	s      *Source
	format string
	// paths are the candidates of each field, the first that has a value wins; a path of the
	// configuration stands alone.
	paths   map[schemas.Field][]string
	names   namer // for records whose keys are not known beforehand
	used    map[string]bool
	seen    map[schemas.Field]bool
	known   map[string]ranked // folded keys, remembered
	foundBy map[string]bool   // paths of `where` that some record had
	keys    []string          // of the first record, for messages
}

func newJSONMapping(s *Source, format string) *jsonMapping {
	m := &jsonMapping{s: s, format: format, paths: map[schemas.Field][]string{}, used: map[string]bool{},
		seen: map[schemas.Field]bool{}, known: map[string]ranked{}, foundBy: map[string]bool{}}
	if format == "json" {
		m.names = newNamer(s.Options.Kind)
	}
	for field, paths := range profile(format, s.Options.Kind) {
		m.paths[field] = paths
	}
	for field, path := range s.Config.Columns {
		m.paths[field] = []string{path}
		m.used[path] = true
	}
	for _, field := range fieldsOf(s.Options.Kind) {
		for _, path := range m.paths[field] {
			s.Shape.Columns = append(s.Shape.Columns, Column{Name: path, Index: len(s.Shape.Columns), Field: field, Mapped: true, Secret: field == schemas.FieldContent})
		}
	}
	return m
}

// profile are the paths of the CMDBs that are known by name.
func profile(format string, kind schemas.Kind) map[schemas.Field][]string {
	if kind != schemas.KindDevice {
		return nil
	}
	switch format {
	case "servicenow":
		return map[schemas.Field][]string{
			schemas.FieldHostname: {"name", "host_name", "fqdn"},
			schemas.FieldIP:       {"ip_address"},
			schemas.FieldSite:     {"location"},
			schemas.FieldModel:    {"model_id", "model"},
			schemas.FieldVendor:   {"manufacturer", "vendor"},
			schemas.FieldType:     {"type", "device_type", "sys_class_name"},
		}
	case "netbox":
		return map[schemas.Field][]string{
			schemas.FieldHostname: {"name"},
			schemas.FieldIP:       {"primary_ip.address", "primary_ip4.address", "primary_ip6.address"},
			schemas.FieldSite:     {"site.name"},
			schemas.FieldModel:    {"device_type.model"},
			schemas.FieldVendor:   {"device_type.manufacturer.name"},
			schemas.FieldType:     {"role.name", "device_role.name"},
		}
	}
	return nil
}

// fill sets the row's values from the current record.
func (m *jsonMapping) fill(j *jsonReader) {
	for _, field := range fieldsOf(m.s.Options.Kind) {
		if field == schemas.FieldContent && !m.s.Options.Secrets {
			continue
		}
		for _, path := range m.paths[field] {
			if m.take(j, field, path) {
				break
			}
		}
	}
	if m.names != nil {
		m.fillByName(j)
	}
	for field := range j.row.Values {
		if j.row.Values[field] != "" {
			m.seen[schemas.Field(field)] = true
		}
	}
}

// take sets one field from a path, and says whether the path had something.
func (m *jsonMapping) take(j *jsonReader, field schemas.Field, path string) bool {
	raw, ok := resolve(j.raw, path)
	if !ok {
		return false
	}
	j.places[field] = path
	m.seen[field] = true
	if field == schemas.FieldContent {
		text, _ := scan.Text(raw)
		j.row.Secret = schemas.NewSecret(string(text))
		return len(text) > 0
	}
	text, opaque := m.text(raw)
	if opaque {
		j.row.Problems = append(j.row.Problems, schemas.Problem{Code: "not_text", Place: j.place(field),
			Args: schemas.Pairs("field", field.String())})
		return true
	}
	if text = clean(text); text == "" {
		return false
	}
	if field == schemas.FieldIP && m.format == "netbox" {
		if prefix, err := netip.ParsePrefix(text); err == nil {
			text = prefix.Addr().String()
		}
	}
	j.row.Values[field] = text
	return true
}

// fillByName maps the members of a record by their names, the best name of a field first.
func (m *jsonMapping) fillByName(j *jsonReader) {
	var rank [schemas.NumFields]int
	for name, raw := range scan.Members(j.raw) {
		r, ok := m.known[string(name)]
		if !ok {
			if r, ok = m.names.find(string(name)); !ok {
				r.rank = -1
			}
			m.known[string(name)] = r
		}
		if r.rank < 0 || len(m.paths[r.field]) > 0 || m.used[string(name)] || scan.IsNull(raw) {
			continue
		}
		if r.field == schemas.FieldContent {
			if text, ok := scan.Text(raw); ok && m.s.Options.Secrets {
				j.row.Secret = schemas.NewSecret(string(text))
			}
			continue
		}
		value, opaque := m.text(raw)
		value = clean(value)
		if opaque || value == "" || j.row.Values[r.field] != "" && rank[r.field] <= r.rank {
			continue
		}
		j.row.Values[r.field], rank[r.field], j.places[r.field] = value, r.rank, string(name)
	}
}

// text is a value as a person reads it. A reference of a CMDB is its display value; an object
// without one is opaque: an id or a link never becomes a name.
func (m *jsonMapping) text(raw []byte) (text string, opaque bool) {
	if value, ok := scan.Scalar(raw); ok {
		return string(value), false
	}
	for _, name := range []string{"display_value", "display_name", "display", "label", "name"} {
		if member, ok := scan.Get(raw, name); ok {
			if value, ok := scan.Text(member); ok {
				return string(value), false
			}
			if scan.IsNull(member) {
				return "", false
			}
		}
	}
	if m.format == "servicenow" && isReference(raw) {
		return "", false // link and sys_id only: there is no name in it
	}
	return "", true
}

func isReference(raw []byte) bool {
	_, link := scan.Get(raw, "link")
	_, value := scan.Get(raw, "value")
	return link || value
}

// resolve follows a dotted path; a member whose own name holds the dots comes first, as in
// dot-walked exports. A number picks an element of an array.
func resolve(raw []byte, path string) ([]byte, bool) {
	if value, ok := scan.Get(raw, path); ok {
		return value, true
	}
	for at := strings.IndexByte(path, '.'); at > 0; {
		if value, ok := member(raw, path[:at]); ok {
			return resolve(value, path[at+1:])
		}
		next := strings.IndexByte(path[at+1:], '.')
		if next < 0 {
			break
		}
		at += 1 + next
	}
	return member(raw, path)
}

func member(raw []byte, name string) ([]byte, bool) {
	if value, ok := scan.Get(raw, name); ok {
		return value, true
	}
	if len(raw) == 0 || raw[0] != '[' {
		return nil, false
	}
	want := 0
	for _, c := range name {
		if c < '0' || c > '9' {
			return nil, false
		}
		want = want*10 + int(c-'0')
	}
	i := 0
	for element := range scan.Elements(raw) {
		if i == want {
			return element, true
		}
		i++
	}
	return nil, false
}

// lookup gives `where` the fields of a record.
func (m *jsonMapping) lookup(record []byte) func(string) string {
	return func(path string) string {
		raw, ok := resolve(record, path)
		if !ok {
			return ""
		}
		m.foundBy[path] = true
		if value, ok := scan.Get(raw, "value"); ok {
			if text, ok := scan.Scalar(value); ok {
				return string(text)
			}
		}
		text, _ := m.text(raw)
		return clean(text)
	}
}

// finish checks, after the last record, that the mapping fitted the file at all.
func (m *jsonMapping) finish(records int) error {
	if records == 0 {
		return nil
	}
	for _, name := range m.s.where.Fields() {
		if !m.foundBy[name] && records > 0 {
			return m.s.fault(schemas.ClassConfig, "filter_column", "key", "where", "column", name, "has", "")
		}
	}
	for field, path := range m.s.Config.Columns {
		if !m.seen[field] && field != schemas.FieldContent {
			return m.s.fault(schemas.ClassConfig, "column_missing", "column", path, "has", "")
		}
	}
	need := []schemas.Field{schemas.FieldHostname}
	if m.s.Options.Kind == schemas.KindCredential {
		need = append(need, schemas.FieldUsername)
	}
	for _, field := range need {
		if !m.seen[field] && m.s.Config.Defaults[field] == "" {
			return m.s.fault(schemas.ClassInput, "no_key_column", "field", field.String(), "kind", string(m.s.Options.Kind), "has", "")
		}
	}
	return nil
}
