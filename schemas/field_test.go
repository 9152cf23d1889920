package schemas_test

import (
	"encoding/json"
	"testing"

	"pamsync/schemas"
)

func TestFieldNames(t *testing.T) {
	for f := range schemas.NumFields {
		if got, ok := schemas.ParseField(f.String()); !ok || got != f {
			t.Errorf("%s reads as %v, %v", f, got, ok)
		}
	}
	for _, name := range []string{"", "Hostname", "password", "field(99)"} {
		if f, ok := schemas.ParseField(name); ok {
			t.Errorf("%q reads as %v", name, f)
		}
	}
	if got := schemas.Field(99).String(); got != "field(99)" {
		t.Error(got)
	}
}

func TestListedFieldsAreTheListsOwn(t *testing.T) {
	listed := map[schemas.Field]bool{schemas.FieldID: true, schemas.FieldHostname: true, schemas.FieldIP: true, schemas.FieldSite: true,
		schemas.FieldModel: true, schemas.FieldVendor: true, schemas.FieldType: true, schemas.FieldIdentifier: true, schemas.FieldUsername: true,
		schemas.FieldCredentialType: true}
	for f := range schemas.NumFields {
		if f.Listed() != listed[f] {
			t.Errorf("%s listed: %v", f, f.Listed())
		}
	}
}

func TestValuesJSON(t *testing.T) {
	var v schemas.Values
	v[schemas.FieldTags], v[schemas.FieldHostname], v[schemas.FieldContent] = "a,<b>&", "srv-ção", "never written"
	data, err := v.MarshalJSON()
	if err != nil || string(data) != `{"hostname":"srv-ção","tags":"a,<b>&"}` {
		t.Errorf("%s, %v: wanted the order of the fields, nothing empty, no secret", data, err)
	}
	all := allValues()
	data, _ = json.Marshal(all)
	var got schemas.Values
	if err := json.Unmarshal(data, &got); err != nil || got != all {
		t.Errorf("%v, %v", got, err)
	}
	if err := json.Unmarshal([]byte(`{}`), &got); err != nil || got != (schemas.Values{}) {
		t.Errorf("what was there before stays: %v, %v", got, err)
	}
	for _, text := range []string{`{"colour":"red"}`, `{"Hostname":"x"}`, `{"content":"x"}`, `{"hostname":1}`, `[]`, `"x"`} {
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s reads as %v", text, got)
		}
	}
}
