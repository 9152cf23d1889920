package vault

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"pamsync/schemas"
	"pamsync/schemas/scan"
)

// Sessions calls yield for each remote session, as Devices does. The pages spell the path in
// four ways and the keys in two languages (vault-api a.1 row 20, a.6): all are tried.
func (r *Reader) Sessions(ctx context.Context, yield func(*schemas.Session) error) (schemas.Listing, error) {
	_, prefix, err := r.c.tokens.get(ctx)
	if err != nil {
		return schemas.Listing{}, err
	}
	paths := []string{"//api/session/remotesessions", "//api/pam/session/remotesessions", "//iso/session/remotesessions"}
	if prefix == "/iso" {
		paths = []string{paths[2], paths[0], paths[1]}
	}
	var s schemas.Session
	keys := sessionKeys{had: map[string]bool{}, strange: map[string]bool{}}
	each := func(members []scan.Member) error {
		s = schemas.Session{}
		for i := range members {
			m := &members[i]
			place := keys.place(&s, m)
			if place.field == nil {
				continue
			}
			text := m.View()
			switch {
			case text == "" && nested(m.Value):
				text = scan.View(m.Value) // no text that can be judged, and not nothing
			case !place.had:
				keys.had[place.name], place.had = true, true
			}
			*place.field = text
		}
		if !r.borrow {
			s = s.Clone()
		}
		return yield(&s)
	}
	for i, path := range paths {
		listing, err := r.list(ctx, path, "sessions", []string{"remote_sessions", "remote_session"}, each)
		var missing listFault
		if errors.As(err, &missing) && missing.notFound {
			if i < len(paths)-1 {
				continue
			}
			return listing, missing.Fault
		}
		if err == nil && listing.Read > 0 {
			listing.Lacks, listing.Strange = keys.lacks(), slices.Sorted(maps.Keys(keys.strange))
		}
		return listing, err
	}
	return schemas.Listing{}, nil
}

// sessionKeys are the keys of the records of one list.
type sessionKeys struct {
	places  [64]sessionPlace // by the numbers of their members
	rare    sessionPlace     // of a member without such a number
	had     map[string]bool  // fields that a record had
	strange map[string]bool  // keys that stand for no field
}

// sessionPlace is the field that a member stands for, nil for none, once it is known.
type sessionPlace struct {
	known, had bool
	name       string
	field      *string
}

// place is where a member belongs in s, which is the same session each time.
func (k *sessionKeys) place(s *schemas.Session, m *scan.Member) *sessionPlace {
	if n := m.Number; n < len(k.places) && k.places[n].known {
		return &k.places[n]
	}
	return k.meet(s, m)
}

// mostStrange is how many strange keys are kept: a list of more has no keys, but values in their place.
const mostStrange = 20

// meet is place of a key that was not met yet, or has no number.
func (k *sessionKeys) meet(s *schemas.Session, m *scan.Member) *sessionPlace {
	place := &k.rare
	if n := m.Number; n > 0 && n < len(k.places) {
		place = &k.places[n]
	}
	name := sessionName(m.Name)
	*place = sessionPlace{known: place != &k.rare, name: name, field: sessionField(s, name)}
	if place.field == nil && len(k.strange) < mostStrange {
		k.strange[clip(strings.Clone(m.Name))] = true
	}
	return place
}

// lacks are the fields that no record had, in the order of an export.
func (k *sessionKeys) lacks() []string {
	var s schemas.Session
	return slices.DeleteFunc(schemas.ExportColumns("sessions"), func(name string) bool { return sessionField(&s, name) == nil || k.had[name] })
}

func nested(value []byte) bool {
	return len(value) > 0 && (value[0] == '{' || value[0] == '[')
}

// sessionName is the field that a key stands for, by the field's own name.
func sessionName(key string) string {
	switch key {
	case "usuario":
		return "user"
	case "credencial":
		return "credential"
	case "dispositivo":
		return "device"
	case "itsm":
		return "ITSM"
	}
	return key
}

func sessionField(s *schemas.Session, name string) *string {
	switch name {
	case "id":
		return &s.ID
	case "user":
		return &s.User
	case "origin_ip":
		return &s.OriginIP
	case "credential":
		return &s.Credential
	case "device":
		return &s.Device
	case "protocol":
		return &s.Protocol
	case "proxy":
		return &s.Proxy
	case "session_id":
		return &s.SessionID
	case "start":
		return &s.Start
	case "end":
		return &s.End
	case "time":
		return &s.Time
	case "prevent_purge":
		return &s.PreventPurge
	case "request":
		return &s.Request
	case "ITSM":
		return &s.ITSM
	}
	return nil
}
