package schemas_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"pamsync/schemas"
)

func TestSettings(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range schemas.Settings() {
		if seen[s.String()] || !s.Field.HasSettings() && !s.Field.Secret() || s.Field.Listed() {
			t.Errorf("%s: twice, or no object of settings", s)
		}
		seen[s.String()] = true
		for _, spelled := range []string{s.String(), strings.ToUpper(s.String()), strings.ReplaceAll(s.String(), " ", "_")} {
			if found, ok := schemas.ParseSetting(spelled); !ok || found != s {
				t.Errorf("%q is read as %v, %v", spelled, found, ok)
			}
		}
	}
	for _, c := range []struct {
		field        schemas.Field
		texts, wants string // "" for refused
		refused      string
	}{
		{schemas.FieldExecutionSettings, `{"automatic_change":"Sim","status":"Inactive","change_plugin":"ssh"}`, `{"automatic_change":true,"change_plugin":"ssh","status":false}`, ""},
		{schemas.FieldExecutionSettings, `{"automatic_change":true}`, `{"automatic_change":true}`, ""},
		{schemas.FieldSessionSettings, `{"sql server":"no","macros.remote_app":"a, b","macros.connectivity":"RDP"}`,
			`{"SQL Server":false,"macros":[{"connectivity":"RDP","remote_app":"a"},{"remote_app":"b"}]}`, ""},
		{schemas.FieldSessionSettings, `{"macros":[{"remote_app":"a"}]}`, `{"macros":[{"remote_app":"a"}]}`, ""},
		{schemas.FieldAdditionalSettings, `{"criticality":"Alta","notes":"<a> & b"}`, `{"criticality":"High","notes":"<a> & b"}`, ""},
		{schemas.FieldJITSettings, `{"jit":"perhaps"}`, "", "jit_settings.jit"},
		{schemas.FieldJITSettings, `{"SSH":"yes"}`, "", "jit_settings.SSH"},
		{schemas.FieldAdditionalSettings, `{"secret_key":"x"}`, "", "additional_settings.secret_key"},
		{schemas.FieldJITSettings, `on`, "", "jit_settings"},
	} {
		got, err := schemas.SettingsJSON(c.field, c.texts)
		var bad *schemas.SettingError
		if errors.As(err, &bad) != (c.refused != "") || bad != nil && bad.Name != c.refused {
			t.Errorf("%s: %v, want %q refused", c.texts, err, c.refused)
		}
		if c.refused == "" && !sameJSON(t, got, c.wants) {
			t.Errorf("%s: %s, want %s", c.texts, got, c.wants)
		}
	}
}

func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	var one, other any
	if json.Unmarshal([]byte(a), &one) != nil || json.Unmarshal([]byte(b), &other) != nil {
		return false
	}
	x, _ := json.Marshal(one)
	y, _ := json.Marshal(other)
	return string(x) == string(y)
}
