package sources

import (
	"encoding/json"
	"io"
	"strings"

	"pamsync/schemas"
	"pamsync/sources/profile"
)

// The most that an outline holds, and how deep it goes.
const (
	outlinePaths = 4000
	outlineDepth = 8
)

// outline gathers the paths at the beginning of a JSON. It ends where the beginning does, or where the
// document is broken: what is wrong with it is said when it is read.
func (s *Source) outline() (profile.Outline, error) {
	file, err := s.open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	o := profile.Outline{}
	d := json.NewDecoder(io.LimitReader(s.decoded(file), maxHead))
	_ = outlineValue(d, o, nil)
	return o, nil
}

// outlineValue goes through one value. Its error ends the outline.
func outlineValue(d *json.Decoder, o profile.Outline, path []string) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	note := func(path []string) {
		if len(path) > 0 && len(path) <= outlineDepth && len(o) < outlinePaths {
			o[strings.Join(path, ".")] = true
		}
	}
	if _, deep := token.(json.Delim); deep && len(path) > outlineDepth {
		return skipOpened(d)
	}
	switch token {
	case json.Delim('{'):
		if len(path) > 0 {
			note(append(path[:len(path):len(path)], objectMark))
		}
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return err
			}
			name, _ := key.(string)
			name = strings.ReplaceAll(name, ".", dotMark)
			next := append(path[:len(path):len(path)], name)
			note(next)
			if err := outlineValue(d, o, next); err != nil {
				return err
			}
		}
	case json.Delim('['):
		next := append(path[:len(path):len(path)], "[]")
		for d.More() {
			note(next)
			if err := outlineValue(d, o, next); err != nil {
				return err
			}
		}
	default:
		return nil
	}
	_, err = d.Token()
	return err
}

// skipOpened passes over the rest of a list or object that was just entered, however deep it goes.
func skipOpened(d *json.Decoder) error {
	for depth := 1; depth > 0; {
		token, err := d.Token()
		if err != nil {
			return err
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
	}
	return nil
}

// dotMark stands for a dot in the name of a member.
const dotMark = "\x01"

// objectMark stands for a name that no member has, under each value that is an object.
const objectMark = "\x00"

// allObjects says whether the members that a path ending in * stands for are objects, as far as the
// outline goes.
func allObjects(o profile.Outline, place string) bool {
	above := strings.TrimSuffix(strings.TrimSuffix(place, "*"), ".")
	n := 0
	for path := range o {
		name, ok := strings.CutPrefix(path, above)
		if above != "" {
			name, ok = strings.CutPrefix(path, above+".")
		}
		if !ok || name == "" || name == objectMark || strings.Contains(name, ".") {
			continue
		}
		n++
		if !o[path+"."+objectMark] {
			return false
		}
	}
	return n > 0
}

// namesAccounts says whether records of a JSON have both a name of an account and one of a host.
func namesAccounts(o profile.Outline) bool {
	names := newNamer(schemas.KindCredential)
	hosts := map[string]bool{}
	users := map[string]bool{}
	for path := range o {
		at := strings.LastIndexByte(path, '.')
		if at < 0 {
			continue
		}
		switch r, ok := names.find(path[at+1:]); {
		case ok && r.field == schemas.FieldHostname:
			hosts[path[:at]] = true
		case ok && r.field == schemas.FieldUsername:
			users[path[:at]] = true
		}
	}
	for place := range users {
		if hosts[place] {
			return true
		}
	}
	return false
}
