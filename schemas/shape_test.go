package schemas_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"pamsync/schemas"
)

// keysOf are the keys of some objects.
func keysOf(t *testing.T, objects ...string) schemas.Keys {
	t.Helper()
	var s schemas.Sampler
	for _, text := range objects {
		var members map[string]json.RawMessage
		if err := json.Unmarshal([]byte(text), &members); err != nil {
			t.Fatal(err)
		}
		s.Object()
		for name, value := range members {
			s.Note(name, value)
		}
	}
	return s.Keys()
}

func TestKeysOfObjects(t *testing.T) {
	got := keysOf(t, `{"id":"1","end":null,"tags":["a"],"on":true}`, `{"id":2,"end":"x","tags":[],"on":false,"more":{}}`)
	want := schemas.Keys{"id": "number|string", "end": "null|string", "tags": "array", "on": "boolean", "more": "absent|object"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v, wanted %v", got, want)
	}
	if keys := keysOf(t); keys != nil {
		t.Errorf("no objects have %v", keys)
	}
}

func TestWhatChangedInAShape(t *testing.T) {
	before := []string{`{"id":"1","view":null,"automatic":"0"}`, `{"id":"2","view":"x","automatic":"1","note":"n"}`}
	for _, c := range []struct {
		rule string
		now  []string
		want []schemas.ShapeChange
	}{
		{"the same", before, nil},
		{"other values alone", []string{`{"id":"9","view":null,"automatic":"1"}`}, nil},
		{"no records", nil, nil},
		{"another type", []string{`{"id":"1","view":null,"automatic":true}`}, []schemas.ShapeChange{{"shape_changed", "automatic", "string", "boolean"}}},
		{"another type in one of many", []string{`{"id":"1","view":"x","automatic":"1"}`, `{"id":2,"view":"x","automatic":"1"}`}, []schemas.ShapeChange{{"shape_changed", "id", "string", "number|string"}}},
		{"one gone, one come", []string{`{"id":"1","view":"x","auto":"0"}`}, []schemas.ShapeChange{{"shape_vanished", "automatic", "string", "string"}, {"shape_appeared", "auto", "", "string"}}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			was, is := &schemas.Shape{Record: keysOf(t, before...)}, &schemas.Shape{Record: keysOf(t, c.now...)}
			if got := is.ChangedFrom(was); !reflect.DeepEqual(got, c.want) {
				t.Errorf("%v, wanted %v", got, c.want)
			}
			if got := is.ChangedFrom(is.After(was)); len(got) > 0 {
				t.Errorf("once remembered, it is still told: %v", got)
			}
		})
	}
}

// TestAShapeThatComesAndGoesIsNotForgotten: a night without records, or with nulls alone, does not
// make the next one look new.
func TestAShapeThatComesAndGoesIsNotForgotten(t *testing.T) {
	full := &schemas.Shape{Record: keysOf(t, `{"id":"1","end":"x"}`, `{"id":"1"}`)}
	for _, between := range [][]string{nil, {`{"id":"1","end":null}`}, {`{"id":"1"}`}} {
		kept := (&schemas.Shape{Record: keysOf(t, between...)}).After(full)
		if got := full.ChangedFrom(kept); len(got) > 0 {
			t.Errorf("after %v: %v", between, got)
		}
	}
}
