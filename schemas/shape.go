package schemas

import (
	"maps"
	"slices"
	"strings"
)

// Keys are the keys of JSON objects, each with the types of its values: array, boolean, null, number,
// object, string, and absent where some of the objects lack it, joined with "|".
type Keys map[string]string

// Shape is how an answer looks, without its values. Record is of the first records, and empty where
// there were none.
type Shape struct {
	Envelope Keys `json:"envelope,omitempty"` // beside the records; response.NAME is of the object in it
	Record   Keys `json:"record,omitempty"`
}

// FormatShapes and ShapesVersion name a file of Shapes.
const (
	FormatShapes  = "pamsync-shapes"
	ShapesVersion = 1
)

// Shapes are those of a vault's lists, by the list's name.
type Shapes struct {
	Format  string            `json:"format"`
	Version int               `json:"version"`
	Vault   string            `json:"vault"`
	Since   string            `json:"since"` // when they were recorded, RFC 3339
	Lists   map[string]*Shape `json:"lists"`
}

// Sampler gathers Keys; its zero value is ready.
type Sampler struct {
	objects int
	seen    map[string]*sampled
}

type sampled struct {
	times int
	types [6]bool // in the order of typeNames
}

func typeNames() [6]string {
	return [6]string{"array", "boolean", "null", "number", "object", "string"}
}

// Object begins the next object.
func (s *Sampler) Object() { s.objects++ }

// Note notes a member of the object, of whose value the first sign tells the type.
func (s *Sampler) Note(name string, value []byte) {
	if len(value) == 0 {
		return
	}
	if s.seen == nil {
		s.seen = map[string]*sampled{}
	}
	one := s.seen[name]
	if one == nil {
		one = &sampled{}
		s.seen[strings.Clone(name)] = one
	}
	one.times++
	one.types[typeOf(value[0])] = true
}

func typeOf(first byte) int {
	switch first {
	case '[':
		return 0
	case 't', 'f':
		return 1
	case 'n':
		return 2
	case '{':
		return 4
	case '"':
		return 5
	}
	return 3
}

// Keys are what was noted, nil for no objects.
func (s *Sampler) Keys() Keys {
	if s.objects == 0 {
		return nil
	}
	keys := Keys{}
	for name, one := range s.seen {
		var types []string
		if one.times < s.objects {
			types = append(types, typeAbsent)
		}
		for i, is := range one.types {
			if is {
				types = append(types, typeNames()[i])
			}
		}
		keys[name] = strings.Join(types, "|")
	}
	return keys
}

const (
	typeAbsent = "absent"
	typeNull   = "null"
)

// solid are the types of a key that say something: null and absent come and go with the values.
func solid(types string) []string {
	return slices.DeleteFunc(strings.Split(types, "|"), func(t string) bool { return t == typeAbsent || t == typeNull || t == "" })
}

// ShapeChange is one key that is no longer as it was. Code is shape_appeared, shape_vanished or
// shape_changed; Types are those now, of a key that vanished those it had.
type ShapeChange struct{ Code, Key, Before, Types string }

// ChangedFrom tells what differs from how an answer looked before, in the order of the keys. No
// records, here or before, say nothing of records; a key that some records always lacked may be
// lacking, and one that is null in all of those looked at is of any type.
func (s *Shape) ChangedFrom(before *Shape) []ShapeChange {
	changes := s.Envelope.changedFrom(before.Envelope)
	return append(changes, s.Record.changedFrom(before.Record)...)
}

func (k Keys) changedFrom(before Keys) []ShapeChange {
	if len(k) == 0 || len(before) == 0 {
		return nil
	}
	var changes []ShapeChange
	for _, name := range slices.Sorted(maps.Keys(before)) {
		was := before[name]
		is, there := k[name]
		switch {
		case !there && !slices.Contains(strings.Split(was, "|"), typeAbsent):
			changes = append(changes, ShapeChange{"shape_vanished", name, was, was})
		case there && len(solid(was)) > 0 && slices.ContainsFunc(solid(is), func(t string) bool { return !slices.Contains(solid(was), t) }):
			changes = append(changes, ShapeChange{"shape_changed", name, was, is})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(k)) {
		if _, known := before[name]; !known {
			changes = append(changes, ShapeChange{"shape_appeared", name, "", k[name]})
		}
	}
	return changes
}

// After is the shape to remember after another: this one, and of the one before what this one cannot
// tell: the records where there are none, keys that some records always lacked, and the types of
// keys that are null.
func (s *Shape) After(before *Shape) *Shape {
	if before == nil {
		return s
	}
	return &Shape{Envelope: s.Envelope.after(before.Envelope), Record: s.Record.after(before.Record)}
}

func (k Keys) after(before Keys) Keys {
	if len(k) == 0 {
		return before
	}
	kept := maps.Clone(k)
	for name, was := range before {
		is, there := k[name]
		switch {
		case !there && slices.Contains(strings.Split(was, "|"), typeAbsent):
			kept[name] = was
		case there && !slices.ContainsFunc(solid(is), func(t string) bool { return !slices.Contains(solid(was), t) }):
			// Nothing new: what was seen before may come again.
			all := append(strings.Split(is, "|"), strings.Split(was, "|")...)
			slices.Sort(all)
			kept[name] = strings.Join(slices.Compact(all), "|")
		}
	}
	return kept
}
