package pipeline

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"pamsync/schemas"
	"pamsync/schemas/words"
)

// InputRow is an input row as it was read again, with its cells as the file holds them.
type InputRow struct {
	Kind     schemas.Kind
	Ref      schemas.RowRef
	Place    schemas.Place
	Values   schemas.Values
	Cells    []schemas.ExplainedCell // their values and notes are filled in here
	LeftOut  bool
	Where    string // what leaves rows of its source out
	Problems []schemas.Problem
}

// Story is what an explanation is made from: a plan, what the journal of its run says of it
// (nil for a plan alone), and the policies that the configuration has for the kinds.
type Story struct {
	Plan    *schemas.Plan
	Trail   *Trail
	Config  *schemas.Config
	entries []entry
}

// NewStory makes a Story.
func NewStory(plan *schemas.Plan, trail *Trail, config *schemas.Config) *Story {
	return &Story{Plan: plan, Trail: trail, Config: config, entries: entriesOf(plan)}
}

// entry is one thing that a plan says: exactly one of its pointers is set, or item together with
// the change that drags it down.
type entry struct {
	kind    schemas.Kind
	key, id string
	rows    []schemas.RowRef
	change  *schemas.Change
	hold    *schemas.Hold
	reject  *schemas.Reject
	left    *schemas.Left
	item    *schemas.Item
}

func entriesOf(p *schemas.Plan) []entry {
	var all []entry
	for i := range p.Changes {
		c := &p.Changes[i]
		all = append(all, entry{kind: c.Kind, key: c.Key, id: c.VaultID, rows: c.Rows, change: c})
		for j := range c.Cascade {
			item := &c.Cascade[j]
			all = append(all, entry{kind: item.Kind, key: item.Key, id: item.ID, change: c, item: item})
		}
	}
	for i := range p.Holds {
		h := &p.Holds[i]
		all = append(all, entry{kind: h.Kind, key: h.Key, id: h.VaultID, rows: h.Rows, hold: h})
	}
	for i := range p.Rejects {
		r := &p.Rejects[i]
		all = append(all, entry{kind: r.Kind, key: r.Key, rows: []schemas.RowRef{r.Row}, reject: r})
	}
	for i := range p.Left {
		l := &p.Left[i]
		all = append(all, entry{kind: l.Kind, key: l.Key, id: l.VaultID, rows: l.Rows, left: l})
	}
	return append(all, unlisted(p)...)
}

// of says whether an entry, or a row, is of a kind: a key is asked for as a credential is.
func of(kind, asked schemas.Kind) bool {
	return kind == asked || asked == schemas.KindCredential && kind == schemas.KindKey
}

// sameName compares two names of records as the planner does.
func (s *Story) sameName(kind schemas.Kind, a, b string) bool {
	return s.nameKey(kind, a) == s.nameKey(kind, b)
}

func (s *Story) nameKey(kind schemas.Kind, name string) string {
	switch {
	case kind == schemas.KindDevice:
		return hostKey(s.normalized(), name)
	case kind == schemas.KindInfo:
		return fold(name)
	}
	base := writtenBase(name)
	at := strings.LastIndex(base, "@") // a username may hold one of its own
	if at < 0 {
		return fold(name)
	}
	return fold(base[:at]) + "@" + hostKey(s.normalized(), base[at+1:]) + fold(name[len(base):])
}

func (s *Story) normalized() *schemas.Normalize { return &s.Config.Devices.Normalize }

// named says whether a record's name is the one that is asked for: where a user has several keys on a
// device, user@host means all of them.
func (s *Story) named(kind schemas.Kind, key, asked string) bool {
	if s.sameName(kind, key, asked) {
		return true
	}
	return kind == schemas.KindKey && writtenBase(asked) == asked && s.sameName(kind, writtenBase(key), asked)
}

// asks says whether somebody asks for an entry of the plan.
func (s *Story) asks(a *schemas.Asked, e *entry) bool {
	switch {
	case a.Row > 0:
		return slices.ContainsFunc(e.rows, func(r schemas.RowRef) bool { return r.Row == a.Row && (a.Source == "" || r.Source == a.Source) })
	case a.ID != "":
		return e.id == a.ID || e.hold != nil && slices.ContainsFunc(e.hold.Candidates, func(i schemas.Item) bool { return i.ID == a.ID })
	}
	if !of(e.kind, a.Kind) {
		return false
	}
	if s.named(e.kind, e.key, a.Name) {
		return true
	}
	if e.hold == nil {
		return false
	}
	if renamed := e.hold.Args["new"]; renamed != "" && s.sameName(a.Kind, renamed, a.Name) {
		return true
	}
	return slices.ContainsFunc(e.hold.Candidates, func(i schemas.Item) bool { return s.sameName(a.Kind, i.Key, a.Name) })
}

// Wants says whether a row of a source is asked for by itself, whatever the plan says of it.
func (s *Story) Wants(a *schemas.Asked, kind schemas.Kind, ref schemas.RowRef, v *schemas.Values) bool {
	switch {
	case a.Row > 0:
		return ref.Row == a.Row && (a.Source == "" || ref.Source == a.Source)
	case a.ID != "":
		return v[schemas.FieldID] == a.ID
	case !of(kind, a.Kind):
		return false
	}
	name := RowName(kind, v)
	if identifier := v[schemas.FieldIdentifier]; kind == schemas.KindKey && identifier != "" && writtenBase(a.Name) != a.Name {
		name += keyMark + identifier
	}
	return s.sameName(kind, name, a.Name)
}

// Means says whether somebody asks for a record, whatever the plan says of it.
func (s *Story) Means(a *schemas.Asked, item *schemas.Item) bool {
	if a.ID != "" {
		return item.ID == a.ID
	}
	return a.Row == 0 && of(item.Kind, a.Kind) && s.named(item.Kind, item.Key, a.Name)
}

// Lists says whether a record of the vault's list is the SSH key that is explained: by its id, or where the plan
// knows none by its name.
func (s *Story) Lists(x *schemas.Explanation, c *schemas.Credential) bool {
	id, key := x.VaultID, x.Key
	if x.Match != nil {
		id, key = cmp.Or(id, x.Match.VaultID), cmp.Or(key, x.Match.Key)
	}
	switch {
	case !IsKeyType(c.Type):
		return false
	case id != "":
		return c.ID == id
	}
	name := CredentialKey(c.Username, c.Hostname)
	if writtenBase(key) != key {
		name += keyMark + c.Identifier
	}
	return s.sameName(schemas.KindKey, name, key)
}

// Rows are the input rows of the entries that somebody asks for.
func (s *Story) Rows(a *schemas.Asked) []InputRef {
	var refs []InputRef
	for i := range s.entries {
		if e := &s.entries[i]; s.asks(a, e) {
			refs = append(refs, e.refs()...)
		}
	}
	return refs
}

// InputRef names an input row among those of all kinds, whose sources may have one path.
type InputRef struct {
	Kind schemas.Kind
	Ref  schemas.RowRef
}

func (e *entry) refs() []InputRef {
	refs := make([]InputRef, len(e.rows))
	for i, r := range e.rows {
		refs[i] = InputRef{e.kind, r}
	}
	return refs
}

// RowsWith are the input rows of the entries that have one of these rows: those of a record that
// several rows ask for.
func (s *Story) RowsWith(rows []InputRow) []InputRef {
	var refs []InputRef
	for i := range s.entries {
		if e := &s.entries[i]; e.has(rows) {
			refs = append(refs, e.refs()...)
		}
	}
	return refs
}

func (e *entry) has(rows []InputRow) bool {
	return slices.ContainsFunc(rows, func(r InputRow) bool {
		return e.kind == r.Kind && slices.Contains(e.rows, r.Ref)
	})
}

// Names are the records that a plan speaks of, for somebody who asked for none of them.
func (s *Story) Names(kind schemas.Kind) []string {
	var names []string
	for i := range s.entries {
		if e := &s.entries[i]; of(e.kind, kind) && e.key != "" {
			names = append(names, e.key)
		}
	}
	return names
}

// Explain tells the way of all that somebody asks for. Rows are those that were read again: what
// is asked for, and what stands with it in one entry of the plan.
func (s *Story) Explain(a *schemas.Asked, rows []InputRow) []schemas.Explanation {
	for i := range rows {
		s.normalise(&rows[i])
	}
	wanted := slices.DeleteFunc(slices.Clone(rows), func(r InputRow) bool { return !s.Wants(a, r.Kind, r.Ref, &r.Values) })
	var all []schemas.Explanation
	for i := range s.entries {
		e := &s.entries[i]
		if !s.asks(a, e) && !e.has(wanted) {
			continue
		}
		mine := slices.DeleteFunc(slices.Clone(rows), func(r InputRow) bool { return !e.has([]InputRow{r}) })
		all = append(all, s.explainEntry(e, mine))
	}
	for i := range wanted {
		r := &wanted[i]
		if !slices.ContainsFunc(s.entries, func(e entry) bool { return e.has(wanted[i : i+1]) }) {
			all = append(all, s.explainSilent(r))
		}
	}
	return all
}

// policy is that of a kind; of protected information everything that is sent is ours.
func (s *Story) policy(kind schemas.Kind) *schemas.KindConfig {
	if kind == schemas.KindInfo {
		return &schemas.KindConfig{Manage: schemas.InfoFields()}
	}
	return s.Config.Of(kind)
}

// RowName is what a row calls its record.
func RowName(kind schemas.Kind, v *schemas.Values) string {
	switch kind {
	case schemas.KindDevice:
		return v[schemas.FieldHostname]
	case schemas.KindInfo:
		return v[schemas.FieldIdentifier]
	}
	return CredentialKey(v[schemas.FieldUsername], v[schemas.FieldHostname])
}

// place sets where the rows of an explanation stand: as they were read, or else as the plan says.
func (s *Story) place(x *schemas.Explanation, kind schemas.Kind, refs []schemas.RowRef, read []InputRow) {
	for _, ref := range refs {
		at := schemas.PlaceOf(s.Plan.Start.Sources, kind, ref)
		if i := slices.IndexFunc(read, func(r InputRow) bool { return r.Ref == ref }); i >= 0 && (read[i].Place.Pointer != "" || inFolder(read[i].Place)) {
			at = read[i].Place
		}
		x.Rows = append(x.Rows, at)
	}
	if len(x.Rows) > 0 {
		x.Row = &x.Rows[0]
	}
	if len(x.Rows) < 2 {
		x.Rows = nil
	}
}

// inFolder tells the place of a row that is a file of its own.
func inFolder(at schemas.Place) bool { return at.Source != "" && at.Row == 0 }

// said is a problem with its English words. Of its arguments those are left out that hold a line
// break, and so may hold another row.
func said(p schemas.Problem) schemas.Said {
	args := maps.Clone(p.Args)
	maps.DeleteFunc(args, func(_, value string) bool { return strings.ContainsAny(value, "\r\n") })
	p.Args = args
	return schemas.Said{Problem: p, Message: words.Problem(words.English, p.Code, p.Args), Hint: words.Hint(words.English, p.Code, p.Args)}
}
