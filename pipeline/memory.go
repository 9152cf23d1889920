package pipeline

import (
	"cmp"
	"slices"

	"pamsync/schemas"
)

// Memory is what earlier runs learned about this vault. The zero value remembers nothing.
type Memory struct {
	list []schemas.Remembered
	by   map[memoryKey]int
	// owners are the places in list of credentials that are not listed, by their identifiers.
	owners map[string][]int
	gone   map[recordKey]bool // made when it is asked for, dropped with any change
	// keys are the places in list of SSH keys by their ids: their names change with the company that they keep.
	keys map[memoryKey]int
	// unlistedKeys are the places in list of SSH keys that are not listed, by what is remembered and user@host.
	unlistedKeys map[memoryKey][]int
}

type memoryKey struct {
	what, kind, name, field string
}

// NewMemory indexes what was remembered; of two lines about one thing the later one counts.
func NewMemory(list []schemas.Remembered) *Memory {
	m := &Memory{by: map[memoryKey]int{}}
	for _, r := range list {
		m.Put(r)
	}
	return m
}

// keyOf: inactive and hidden records, and new records of renames, are found by their key, the others
// by their id; an address by itself too.
func keyOf(r *schemas.Remembered) memoryKey {
	switch r.What {
	case schemas.RememberInactive, schemas.RememberNotVisible, schemas.RememberPrint, schemas.RememberRenaming, schemas.RememberDoubt:
		return memoryKey{r.What, string(r.Kind), fold(r.Key), r.Field}
	case schemas.RememberFormer:
		return memoryKey{r.What, string(r.Kind), r.ID, r.Kept}
	}
	return memoryKey{r.What, string(r.Kind), r.ID, r.Field}
}

// Put remembers one thing, in the place of what was known about it.
func (m *Memory) Put(r schemas.Remembered) {
	if m.by == nil {
		m.by = map[memoryKey]int{}
	}
	m.gone = nil
	m.renameKey(&r)
	k := m.place(&r)
	i, known := m.by[k]
	if known {
		m.disown(i)
		m.list[i] = r
	} else {
		i = len(m.list)
		m.by[k] = i
		m.list = append(m.list, r)
	}
	if byID, ok := keyByID(&r); ok {
		if m.keys == nil {
			m.keys = map[memoryKey]int{}
		}
		m.keys[byID] = i
	}
	if id := unlistedIdentifier(&r); id != "" {
		if m.owners == nil {
			m.owners = map[string][]int{}
		}
		m.owners[id] = append(m.owners[id], i)
		slices.Sort(m.owners[id])
	}
	m.ownKey(&r, i)
}

// Forget drops one thing.
func (m *Memory) Forget(r schemas.Remembered) {
	k := m.place(&r)
	i, ok := m.by[k]
	if !ok {
		return
	}
	m.disown(i)
	m.list[i].What, m.gone = "", nil
	delete(m.by, k)
}

// place is keyOf, and beside it where the place is another record's: of two ghosts of one key that
// are inactive, neither is forgotten.
func (m *Memory) place(r *schemas.Remembered) memoryKey {
	k := keyOf(r)
	beside := k
	beside.field = "id " + r.ID
	if _, ok := m.by[beside]; ok && r.What == schemas.RememberInactive && r.ID != "" {
		return beside
	}
	if i, ok := m.by[k]; ok && r.What == schemas.RememberInactive && r.ID != "" && m.list[i].ID != "" && m.list[i].ID != r.ID {
		return beside
	}
	return k
}

// All returns what is remembered, in a stable order.
func (m *Memory) All() []schemas.Remembered {
	return m.those(func(*schemas.Remembered) bool { return true })
}

// those are what is remembered and wanted, in the order of All. It sorts numbers: what is remembered is large.
func (m *Memory) those(wanted func(*schemas.Remembered) bool) []schemas.Remembered {
	var places []int
	for i := range m.list {
		if m.list[i].What != "" && wanted(&m.list[i]) {
			places = append(places, i)
		}
	}
	slices.SortStableFunc(places, func(x, y int) int {
		a, b := &m.list[x], &m.list[y]
		if a.What != b.What || a.Kind != b.Kind {
			return cmp.Or(cmp.Compare(a.What, b.What), cmp.Compare(a.Kind, b.Kind))
		}
		return cmp.Or(cmp.Compare(fold(a.Key), fold(b.Key)), cmp.Compare(a.Field, b.Field))
	})
	if len(places) == 0 {
		return nil
	}
	out := make([]schemas.Remembered, len(places))
	for i, place := range places {
		out[i] = m.list[place]
	}
	return out
}

func (m *Memory) find(what string, kind schemas.Kind, name, field string) *schemas.Remembered {
	if i, ok := m.by[memoryKey{what, string(kind), name, field}]; ok {
		return &m.list[i]
	}
	return nil
}

// inactive finds the record of a key that our own runs inactivated.
func (m *Memory) inactive(kind schemas.Kind, key string) *schemas.Remembered {
	return m.find(schemas.RememberInactive, kind, fold(key), "")
}

// hidden finds the record of a key that was written but is not listed to us.
func (m *Memory) hidden(kind schemas.Kind, key string) *schemas.Remembered {
	return m.find(schemas.RememberNotVisible, kind, fold(key), "")
}

// tookAway says whether a record that is not listed any more was inactivated by a run of ours;
// a key counts with the credentials, whose list it is in.
func (m *Memory) tookAway(kind schemas.Kind, id string) bool {
	if m.gone == nil {
		m.gone = map[recordKey]bool{}
		for i := range m.list {
			if r := &m.list[i]; r.What == schemas.RememberInactive {
				m.gone[recordKey{listOf(r.Kind), r.ID}] = true
			}
		}
	}
	return m.gone[recordKey{kind, id}]
}

// formerDevices are the devices that our own runs inactivated, or wrote and no list shows.
func (m *Memory) formerDevices() []*schemas.Remembered {
	var list []*schemas.Remembered
	for i := range m.list {
		if r := &m.list[i]; (r.What == schemas.RememberInactive || r.What == schemas.RememberNotVisible) && r.Kind == schemas.KindDevice {
			list = append(list, r)
		}
	}
	return list
}

// listOf is the list that a kind of record stands in.
func listOf(kind schemas.Kind) schemas.Kind {
	if kind == schemas.KindKey {
		return schemas.KindCredential
	}
	return kind
}

// identifierOwner finds a credential that is not listed, inactive or hidden, and has an
// identifier: sending it for another account would change that one.
func (m *Memory) identifierOwner(identifier string) *schemas.Remembered {
	if places := m.owners[fold(identifier)]; len(places) > 0 {
		return &m.list[places[0]]
	}
	return nil
}

// unlistedIdentifier is the identifier of a credential that is not listed, as it is compared, ""
// for anything else that is remembered.
func unlistedIdentifier(r *schemas.Remembered) string {
	if (r.What == schemas.RememberInactive || r.What == schemas.RememberNotVisible) && r.Kind.Account() {
		return fold(r.Values[schemas.FieldIdentifier])
	}
	return ""
}

// disown takes a place of the list out of the owners and the unlisted keys.
func (m *Memory) disown(i int) {
	if id := unlistedIdentifier(&m.list[i]); id != "" {
		m.owners[id] = slices.DeleteFunc(m.owners[id], func(place int) bool { return place == i })
	}
	m.disownKey(i)
}

// keeps tells that the vault is known to keep another value where this one is sent.
func (m *Memory) keeps(kind schemas.Kind, id string, f schemas.Field, sent, kept string) bool {
	r := m.find(schemas.RememberNotKept, kind, id, f.String())
	return r != nil && same(f, r.Sent, sent) && same(f, r.Kept, kept)
}

// listsInactive says whether the vault is known to list a record although it is inactive.
func (m *Memory) listsInactive(kind schemas.Kind, key string) bool {
	r := m.inactive(kind, key)
	return r != nil && r.Listed
}

// print is the remembered fingerprint of a write-only field, "" for none.
func (m *Memory) print(kind schemas.Kind, key string, f schemas.Field) string {
	if r := m.find(schemas.RememberPrint, kind, fold(key), f.String()); r != nil {
		return r.Print
	}
	return ""
}

// Settle compares what is remembered with a fresh list: a record that had vanished after we
// inactivated it and is listed again is active; one that was hidden and is listed is seen.
// It returns the snapshot without the records that are taken as inactive; those that awake
// names are not (nil names none).
func (m *Memory) Settle(s *Snapshot, awake func(kind schemas.Kind, id string) bool) *Snapshot {
	inactive := map[string]bool{}
	for _, r := range m.All() {
		listed := s.lists(r.Kind, r.ID)
		switch {
		case r.What == schemas.RememberInactive && listed && r.Listed:
			inactive[string(r.Kind)+r.ID] = awake == nil || !awake(r.Kind, r.ID)
		case r.What == schemas.RememberInactive && r.Listed && (r.Kind == schemas.KindDevice || s.HasAccounts):
			r.Listed = false // it vanished after all: listed again, it is active
			m.Put(r)
		case r.What == schemas.RememberInactive && listed, r.What == schemas.RememberNotVisible && listed,
			r.What == schemas.RememberRenaming && !s.lists(r.Kind, r.Old): // the old record is gone
			m.Forget(r)
		}
	}
	if len(inactive) == 0 {
		return s
	}
	return s.without(func(kind schemas.Kind, id string) bool { return inactive[string(kind)+id] })
}

func (s *Snapshot) lists(kind schemas.Kind, id string) bool {
	switch kind {
	case schemas.KindDevice:
		return s.Device(id) != nil
	case schemas.KindInfo:
		return false // no list shows it
	}
	return s.Account(id) != nil
}
