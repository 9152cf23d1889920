package pipeline

import (
	"slices"

	"pamsync/schemas"
)

// An SSH key is named user@host while it is its user's only one there, and user@host #identifier beside others
// (see keyMark): what is remembered of it under one name is found under the other too.

// keyByID is the place of what is remembered of a key by its id; false for anything else.
func keyByID(r *schemas.Remembered) (memoryKey, bool) {
	return memoryKey{r.What, string(r.Kind), r.ID, r.Field}, r.Kind == schemas.KindKey && r.ID != ""
}

// renameKey drops what is remembered of a key under another name than the one that it has now.
func (m *Memory) renameKey(r *schemas.Remembered) {
	byID, ok := keyByID(r)
	if !ok {
		return
	}
	if i, known := m.keys[byID]; known && m.list[i].What == r.What && m.list[i].ID == r.ID && fold(m.list[i].Key) != fold(r.Key) {
		m.Forget(m.list[i])
		delete(m.keys, byID)
	}
}

// keyPrint is the remembered fingerprint of a field of a key, by its id where that is known, else by its name.
func (m *Memory) keyPrint(id, key string, f schemas.Field) string {
	if i, ok := m.keys[memoryKey{schemas.RememberPrint, string(schemas.KindKey), id, f.String()}]; ok && id != "" && m.list[i].What == schemas.RememberPrint && m.list[i].ID == id {
		return m.list[i].Print
	}
	return m.print(schemas.KindKey, key, f)
}

// unlistedName is where an inactive or hidden key is found by its user and device, false for anything else.
func unlistedName(r *schemas.Remembered) (memoryKey, bool) {
	return memoryKey{r.What, string(r.Kind), fold(rememberedBase(r)), ""},
		r.Kind == schemas.KindKey && (r.What == schemas.RememberInactive || r.What == schemas.RememberNotVisible)
}

// rememberedBase is the user@host of a remembered credential or key.
func rememberedBase(r *schemas.Remembered) string {
	if r.Kind != schemas.KindKey {
		return r.Key
	}
	return keyBase(r.Key, r.Values[schemas.FieldIdentifier])
}

// ownKey puts a place of the list among the unlisted keys, and disownKey takes it out.
func (m *Memory) ownKey(r *schemas.Remembered, place int) {
	name, ok := unlistedName(r)
	if !ok {
		return
	}
	if m.unlistedKeys == nil {
		m.unlistedKeys = map[memoryKey][]int{}
	}
	m.unlistedKeys[name] = append(m.unlistedKeys[name], place)
}

func (m *Memory) disownKey(place int) {
	if name, ok := unlistedName(&m.list[place]); ok {
		m.unlistedKeys[name] = slices.DeleteFunc(m.unlistedKeys[name], func(p int) bool { return p == place })
	}
}

// unlistedKey finds an inactive or hidden key of a user on a device, by whatever name it is remembered: the one of the
// identifier, else the only one where the row's has no company. several tells that there are more and no identifier
// that says which.
func (m *Memory) unlistedKey(what, user, identifier string, company bool) (found *schemas.Remembered, several bool) {
	places := m.unlistedKeys[memoryKey{what, string(schemas.KindKey), fold(user), ""}]
	for _, i := range places {
		if r := &m.list[i]; identifier != "" && fold(r.Values[schemas.FieldIdentifier]) == fold(identifier) {
			return r, false
		}
	}
	switch {
	case len(places) > 1 && identifier == "":
		return nil, true
	case len(places) != 1:
		return nil, false
	}
	r := &m.list[places[0]]
	if identifier != "" && company && r.Values[schemas.FieldIdentifier] != "" {
		return nil, false // of another identifier
	}
	return r, false
}

// ownsKey says whether an inactive or hidden key of a user on a device has an identifier.
func (m *Memory) ownsKey(key, identifier string) bool {
	owner := m.identifierOwner(identifier)
	return owner != nil && owner.Kind == schemas.KindKey && fold(rememberedBase(owner)) == fold(key)
}
