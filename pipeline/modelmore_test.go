package pipeline_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pamsync/schemas"
)

// mInfo is protected information of a model: no list shows it.
type mInfo struct {
	id, identifier, name, service, content string
	inactive                               bool
}

// postKey serves the POST of a key (vault-api a.4): the one of the identifier, else a new one.
func (m *model) postKey(v *schemas.Values) (id string, code int) {
	at := m.devicesAt(v)
	if len(at) == 0 {
		return "", 1011
	}
	var listed, other []string
	for i := range m.accounts {
		a := &m.accounts[i]
		if identifier := v[schemas.FieldIdentifier]; identifier == "" || !strings.EqualFold(a.identifier, identifier) {
			continue
		}
		if m.listsAccount(a) && !a.inactive {
			listed = append(listed, a.id)
		} else {
			other = append(other, a.id)
		}
	}
	id = m.pick(listed, other)
	a := m.account(id)
	if a == nil {
		id = m.addAccount(mAccount{device: at[0], key: true, kind: "SSH Key", identifier: v[schemas.FieldIdentifier]})
		if a = m.account(id); a.identifier == "" {
			a.identifier = "made-" + id
		}
	}
	m.hit("key", id)
	if !a.key {
		return "", 1016
	}
	if !slices.Contains(at, a.device) {
		m.wrong = append(m.wrong, fmt.Sprintf("key %s is carried from device %s to %s", id, a.device, at[0]))
	}
	a.username = v[schemas.FieldUsername]
	if v[schemas.FieldKeyName] != "" {
		a.name = v[schemas.FieldKeyName]
	}
	if v[schemas.FieldPublicKey] != "" {
		a.public = v[schemas.FieldPublicKey]
	}
	return id, 0
}

// sendInfo serves a call for information: a POST makes another record each time, unless the vault updates, and the
// path of a DELETE is an id, else an identifier (vault-api a.5).
func (m *model) sendInfo(c schemas.Call, done func(string) schemas.Answer, refuse func(int) schemas.Answer) schemas.Answer {
	var found *mInfo
	for i := range m.infos {
		n := &m.infos[i]
		named := c.Verb == schemas.VerbUpsert && m.upserts && strings.EqualFold(n.identifier, c.Values[schemas.FieldIdentifier])
		if c.Verb != schemas.VerbUpsert {
			named = n.id == c.ID || strings.EqualFold(n.identifier, c.ID)
		}
		if named && (found == nil || found.inactive) {
			found = n
		}
	}
	if c.Verb == schemas.VerbInactivate {
		if found == nil || found.inactive {
			return refuse(1024)
		}
		m.hit("info", found.id)
		found.inactive = true
		return done("")
	}
	if found == nil {
		m.infos = append(m.infos, mInfo{id: strconv.Itoa(1000 + len(m.infos)), identifier: c.Values[schemas.FieldIdentifier]})
		found = &m.infos[len(m.infos)-1]
	}
	m.hit("info", found.id)
	found.name, found.service, found.content = c.Values[schemas.FieldName], c.Values[schemas.FieldService], c.Secret.Reveal()
	return done(found.id)
}
