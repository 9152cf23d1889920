package sources

import (
	"bytes"
	"net/netip"
	"slices"
	"strings"

	"pamsync/schemas"
	"pamsync/schemas/scan"
	"pamsync/sources/expr"
)

// jsonMapping turns a JSON record's values into fields.
type jsonMapping struct {
	s      *Source
	format string
	// paths are the candidates of each field, the first that has a value wins; a path of the
	// configuration stands alone.
	paths   [schemas.NumFields][]string
	derived [schemas.NumFields]*expr.Expr // what is more than such paths
	names   namer                         // for records whose keys are not known beforehand
	used    map[string]bool
	seen    [schemas.NumFields]bool
	known   map[string]*knownMember // remembered
	layout  []*knownMember          // of the record before
	foundBy map[string]bool         // paths of `where` that some record had

	columns []Column        // of the mapping, before those that names find
	gave    map[string]bool // paths that had a value in some record
	fields  []schemas.Field // that are looked for
	routes  [schemas.NumFields][]route
	slotOf  map[string]int // members that paths begin with
	slots   [][]byte       // their values in the current record
	buffer  []byte         // the texts of the current record, one behind the other
	ends    [schemas.NumFields][2]int
	named   [schemas.NumFields][]string // members that were taken by their names
	opaque  [schemas.NumFields]string   // names of members that are no text
}

func newJSONMapping(s *Source, format string) (*jsonMapping, error) {
	m := &jsonMapping{s: s, format: format, used: map[string]bool{},
		known: map[string]*knownMember{}, foundBy: map[string]bool{}, gave: map[string]bool{}}
	if s.profile == nil {
		m.names = s.namer()
	} else {
		for field, text := range s.profile.Columns {
			if err := m.give(field, text); err != nil {
				return nil, err
			}
		}
	}
	if s.keyed {
		m.derived[schemas.FieldHostname] = expr.Column(keyPath)
	}
	for field, text := range s.Config.Columns {
		if err := m.give(field, text); err != nil {
			return nil, err
		}
		m.used[text] = true
	}
	for _, field := range s.fields() {
		secret := field.Secret()
		names := m.paths[field]
		if e := m.derived[field]; e != nil {
			names = []string{e.String()}
		}
		for _, name := range names {
			column := Column{Name: name, Index: len(s.Shape.Columns), Field: field, Mapped: true, Secret: secret}
			if e := m.derived[field]; e != nil {
				column.Members = e.Members()
			}
			if secret && !s.Options.Secrets {
				column.Mapped, column.Password = false, true
			}
			s.Shape.Columns = append(s.Shape.Columns, column)
		}
	}
	m.columns = slices.Clone(s.Shape.Columns)
	m.prepare()
	return m, nil
}

// give says what a field becomes: the first of some paths that has a value, or an expression.
func (m *jsonMapping) give(field schemas.Field, text string) error {
	e, err := parseColumn(m.s, field, text)
	if err != nil {
		return err
	}
	m.paths[field], m.derived[field] = nil, nil
	paths, ok := e.Alternatives()
	if ok && !slices.ContainsFunc(paths, isWide) {
		m.paths[field] = paths
	} else {
		m.derived[field] = e
	}
	return nil
}

// fill sets the row's values from the current record. The record's members are gone through
// once; the texts of all fields lie in one buffer, which the next record overwrites.
func (m *jsonMapping) fill(j *jsonReader) {
	m.buffer = m.buffer[:0]
	m.ends = [schemas.NumFields][2]int{}
	m.gather(j)
	for _, field := range m.fields {
		for i := range m.routes[field] {
			if m.take(j, field, &m.routes[field][i]) {
				break
			}
		}
		if e := m.derived[field]; e != nil {
			m.derive(j, field, e)
		}
	}
	text := scan.View(m.buffer)
	for f, at := range m.ends {
		if at[1] > at[0] {
			j.row.Values[f] = text[at[0]:at[1]]
			m.seen[f] = true
		}
	}
}

// gather finds the members that paths begin with, and maps the others by their names, the best
// name of a field first.
func (m *jsonMapping) gather(j *jsonReader) {
	clear(m.slots)
	var rank [schemas.NumFields]int
	for i := range j.members {
		name, raw := j.members[i].Name, j.members[i].Value
		known := m.memberAt(i, name)
		if slot := known.slot; slot >= 0 {
			if m.slots[slot] != nil {
				m.twice(j, name)
			}
			m.slots[slot] = raw
		}
		r := known.ranked
		if m.names == nil || r.rank < 0 || scan.IsNull(raw) {
			continue
		}
		if r.field.Secret() {
			if !slices.Contains(m.named[r.field], name) {
				m.named[r.field] = append(m.named[r.field], name)
			}
			if slices.ContainsFunc(j.members[:i], func(before scan.Member) bool { return before.Name == name }) {
				m.twice(j, name)
			}
			if !taken(&j.row, r.field) || r.rank < rank[r.field] {
				if m.secret(j, r.field, raw) {
					rank[r.field] = r.rank
				}
			}
			continue
		}
		if at := m.ends[r.field]; at[1] > at[0] && rank[r.field] <= r.rank {
			if other := j.places[r.field]; other == name || rank[r.field] == r.rank && fold(other) == fold(name) {
				m.twice(j, name)
			}
			continue
		}
		value, opaque := m.text(raw)
		if opaque && r.field.Listed() && m.ends[r.field][1] == 0 {
			m.opaque[r.field] = name
		}
		if value = cleanBytes(value); !opaque && len(value) > 0 {
			m.put(r.field, value)
			rank[r.field], j.places[r.field] = r.rank, name
			if !slices.Contains(m.named[r.field], name) {
				m.named[r.field] = append(m.named[r.field], name)
			}
		} else if j.places[r.field] == "" {
			j.places[r.field] = name // where the empty value stands
		}
	}
	m.judge(j)
}

// twice rejects a record that has a member two times: JSON does not say which one counts.
func (m *jsonMapping) twice(j *jsonReader, name string) {
	place := j.place(schemas.FieldID)
	place.Column = name
	j.row.Problems = append(j.row.Problems, schemas.Problem{Code: "member_twice", Place: place})
}

// judge names the fields that nothing but an object or a list could be found for.
func (m *jsonMapping) judge(j *jsonReader) {
	for f, name := range m.opaque {
		if name == "" {
			continue
		}
		m.opaque[f] = ""
		if field := schemas.Field(f); m.ends[f][1] == 0 {
			j.places[f] = name
			m.seen[f] = true
			j.row.Problems = append(j.row.Problems, schemas.Problem{Code: "not_text", Place: j.place(field), Args: schemas.Pairs("field", m.s.fieldName(field))})
		}
	}
}

func (m *jsonMapping) put(field schemas.Field, value []byte) {
	m.ends[field] = [2]int{len(m.buffer), len(m.buffer) + len(value)}
	m.buffer = append(m.buffer, value...)
}

// secret takes a password: a text, or a number as it is written. Anything else is no password,
// and an account must not be made without one for it.
func (m *jsonMapping) secret(j *jsonReader, f schemas.Field, raw []byte) bool {
	if !m.s.Options.Secrets || scan.IsNull(raw) {
		return false
	}
	text, ok := scan.Scalar(raw)
	if !ok || raw[0] == 't' || raw[0] == 'f' {
		j.row.Problems = append(j.row.Problems, schemas.Problem{Code: "not_text", Place: j.place(f), Args: schemas.Pairs("field", f.String())})
		return true
	}
	if len(text) == 0 {
		return false
	}
	setSecret(&j.row, f, string(text))
	return true
}

// route is a path of the configuration or a profile, prepared: the slot of the member that it
// names whole, and of the one that its first part names.
type route struct {
	path        string
	whole, part int    // slots; part is -1 for a path without dots
	rest        string // behind the first dot
	gave        bool   // some record had a value there
}

func (m *jsonMapping) prepare() {
	m.slotOf = map[string]int{}
	slot := func(name string) int {
		if _, ok := m.slotOf[name]; !ok {
			m.slotOf[name] = len(m.slotOf)
		}
		return m.slotOf[name]
	}
	for _, field := range m.s.fields() {
		if field.Secret() && !m.s.Options.Secrets {
			continue
		}
		m.fields = append(m.fields, field)
		for _, path := range m.paths[field] {
			r := route{path: path, whole: slot(path), part: -1}
			if first, rest, ok := strings.Cut(path, "."); ok {
				r.part, r.rest = slot(first), rest
			}
			m.routes[field] = append(m.routes[field], r)
		}
	}
	m.slots = make([][]byte, len(m.slotOf))
}

func (m *jsonMapping) find(j *jsonReader, r *route) ([]byte, bool) {
	if raw := m.slots[r.whole]; raw != nil {
		return raw, true
	}
	if r.part < 0 {
		return nil, false
	}
	if raw := m.slots[r.part]; raw != nil {
		return resolve(raw, r.rest)
	}
	return resolve(j.raw, r.path) // a member whose own name holds a dot
}

// take sets one field from a path, and says whether the path had something.
func (m *jsonMapping) take(j *jsonReader, field schemas.Field, r *route) bool {
	raw, ok := m.find(j, r)
	if !ok {
		return false
	}
	j.places[field] = r.path
	m.seen[field] = true
	if field.Secret() {
		return m.secret(j, field, raw)
	}
	text, opaque := m.text(raw)
	if opaque {
		j.row.Problems = append(j.row.Problems, schemas.Problem{Code: "not_text", Place: j.place(field),
			Args: schemas.Pairs("field", m.s.fieldName(field))})
		return true
	}
	if text = cleanBytes(text); len(text) == 0 {
		return false
	}
	if field == schemas.FieldIP && m.s.profile != nil && bytes.IndexByte(text, '/') >= 0 {
		if prefix, err := netip.ParsePrefix(string(text)); err == nil {
			text = []byte(prefix.Addr().String())
		}
	}
	if !r.gave {
		r.gave, m.gave[r.path] = true, true
	}
	m.put(field, text)
	return true
}

// unused takes away the alternatives of a field that no record had, where one of them had a value.
func (m *jsonMapping) unused(c Column) bool {
	paths := m.paths[c.Field]
	return len(paths) > 1 && !m.gave[c.Name] && slices.ContainsFunc(paths, func(path string) bool { return m.gave[path] })
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
		return clean(string(text))
	}
}
