package pipeline

import (
	"strings"

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
	if i, known := m.keys[byID]; known && m.list[i].What == r.What && fold(m.list[i].Key) != fold(r.Key) {
		m.Forget(m.list[i])
		delete(m.keys, byID)
	}
}

// keyPrint is the remembered fingerprint of a field of a key, by its id where that is known, else by its name.
func (m *Memory) keyPrint(id, key string, f schemas.Field) string {
	if i, ok := m.keys[memoryKey{schemas.RememberPrint, string(schemas.KindKey), id, f.String()}]; ok && id != "" && m.list[i].What == schemas.RememberPrint {
		return m.list[i].Print
	}
	return m.print(schemas.KindKey, key, f)
}

// unlistedKey finds an inactive or hidden key by the name that it would have now, or by the other one, under which
// it must be of the same identifier.
func (m *Memory) unlistedKey(what, key, identifier string) *schemas.Remembered {
	if r := m.find(what, schemas.KindKey, fold(key), ""); r != nil {
		return r
	}
	if identifier == "" {
		return nil
	}
	other := keyBase(key)
	if !strings.Contains(key, keyMark) {
		other = key + keyMark + identifier
	}
	r := m.find(what, schemas.KindKey, fold(other), "")
	if r == nil || r.Values[schemas.FieldIdentifier] != "" && fold(r.Values[schemas.FieldIdentifier]) != fold(identifier) {
		return nil
	}
	return r
}
