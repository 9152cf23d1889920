package schemas

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Setting is one member of the objects of settings that a credential's upsert takes (vault-api a.3,
// D33): execution_settings, session_settings, additional_settings and jit_settings; and of what it takes
// beside them of the credential's device, where `type` is the device's type (vault-api c.3). The secrets
// among the additional settings go by a field of their own, FieldPassphrase.
type Setting struct {
	Field Field
	Name  string // the vault's own
	kind  settingKind
}

// String is the name by which a column is mapped to it: execution_settings.change_plugin.
func (s Setting) String() string {
	if s.Field == FieldPassphrase {
		return FieldAdditionalSettings.String() + "." + s.Name
	}
	return s.Field.String() + "." + s.Name
}

// AuthenticationField begins the name of a field of additional_authentication_fields, whose own name follows.
const AuthenticationField = "additional_authentication_fields."

type settingKind int

const (
	settingText settingKind = iota
	settingBool
	settingLevel // Low, Medium, High
	settingMacro // one member of each object of the list macros
)

// settingNames are the members of each object, those that are true or false first.
func settingNames() []struct {
	field  Field
	bools  []string
	others []string
} {
	connects := []string{"authentication_credential", "authentication_hostname", "authentication_ip"}
	return []struct {
		field         Field
		bools, others []string
	}{
		{FieldExecutionSettings, []string{"automatic_change", "agent_based_password_change", "use_own_credential_to_connect", "status"},
			append([]string{"parent_credential", "parent_hostname", "parent_ip", "change_plugin", "change_template",
				"reconciliation_credential", "reconciliation_hostname", "reconciliation_ip", "reconciliation_plugin", "reconciliation_template"}, connects...)},
		{FieldSessionSettings, []string{"SSH", "Telnet", "MySQL", "SQL Server", "HTTP", "HTTPS", "RDP", "X11 Forward", "VNC",
			"restrict_access_to_remote_application", "use_own_credential_to_connect"},
			append([]string{"macros.remote_app", "macros.connectivity"}, connects...)},
		{FieldAdditionalSettings, nil, []string{"user_credential_owner", "server_path", "criticality", "notes"}},
		{FieldDeviceSettings, nil, []string{"type", "vendor", "model", "site", "device_domain", "device_tags", "connectivities", "session_remote_config"}},
		{FieldPassphrase, nil, []string{"secret_key"}},
		{FieldJITSettings, []string{"jit", "credential_creation_and_deletion", "enable_disable_credential", "use_own_credential_to_connect"},
			append([]string{"credential_creation_plugin", "credential_creation_template", "credential_deletion_plugin", "credential_deletion_template",
				"credential_enable_plugin", "credential_enable_template", "credential_disable_plugin", "credential_disable_template"}, connects...)},
	}
}

// Settings are all that can be mapped.
func Settings() []Setting {
	var all []Setting
	for _, o := range settingNames() {
		for _, name := range o.bools {
			all = append(all, Setting{o.field, name, settingBool})
		}
		for _, name := range o.others {
			all = append(all, Setting{o.field, name, kindOfSetting(name)})
		}
	}
	return all
}

func kindOfSetting(name string) settingKind {
	switch {
	case name == "criticality":
		return settingLevel
	case strings.HasPrefix(name, "macros."):
		return settingMacro
	}
	return settingText
}

// ParseSetting finds a setting by the name that columns are mapped with; case and the sign between
// words do not matter.
func ParseSetting(name string) (Setting, bool) {
	plain := func(s string) string { return strings.ToLower(strings.ReplaceAll(s, " ", "_")) }
	for _, s := range Settings() {
		if plain(s.String()) == plain(name) {
			return s, true
		}
	}
	if own, ok := strings.CutPrefix(name, FieldAdditionalSettings.String()+"."+AuthenticationField); ok && own != "" {
		return Setting{FieldPassphrase, AuthenticationField + own, settingText}, true
	}
	return Setting{}, false
}

// HasSettings says whether the field's value is an object of settings.
func (f Field) HasSettings() bool { return f >= FieldExecutionSettings && f <= FieldDeviceSettings }

// SettingError is a member of an object of settings that cannot be sent.
type SettingError struct{ Name, Value string }

func (e *SettingError) Error() string { return fmt.Sprintf("%s: %q", e.Name, e.Value) }

// SettingsJSON makes the object that the vault takes of the texts of its members, given as a JSON
// object of texts, or as the vault itself has it. The error is a *SettingError for a member that is unknown or no value of its kind.
func SettingsJSON(f Field, text string) (string, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &members); err != nil {
		return "", &SettingError{f.String(), strings.Clone(text)}
	}
	object := map[string]any{}
	macros := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if raw := members[name]; name == "macros" && raw[0] == '[' {
			object[name] = raw
			continue
		}
		value, given, ok := memberText(members[name])
		s, known := ParseSetting(f.String() + "." + name)
		if known && s.Field.Secret() || strings.HasPrefix(AuthenticationField, name) {
			return "", &SettingError{f.String() + "." + name, "***"} // a secret is mapped by itself, and shown nowhere
		}
		switch _, twice := object[s.Name]; {
		case !known || !ok || twice:
			return "", &SettingError{f.String() + "." + name, value}
		case !given:
			continue
		}
		switch s.kind {
		case settingMacro:
			macros[strings.TrimPrefix(s.Name, "macros.")] = value
		case settingText:
			object[s.Name] = value
		default:
			v, ok := settingValue(s.kind, value)
			if !ok {
				return "", &SettingError{s.String(), value}
			}
			object[s.Name] = v
		}
	}
	if len(macros) > 0 {
		object["macros"] = macroList(macros)
	}
	b, err := json.Marshal(object)
	return string(b), err
}

// memberText is the text of a member: a text, a number, true or false; null is not given.
func memberText(raw json.RawMessage) (text string, given, ok bool) {
	if raw[0] == '"' {
		err := json.Unmarshal(raw, &text)
		return text, true, err == nil
	}
	text = string(raw)
	return text, text != "null", raw[0] != '{' && raw[0] != '['
}

// settingValue reads what people and other products write for a value.
func settingValue(kind settingKind, text string) (value any, ok bool) {
	words := []struct {
		value any
		words []string
	}{
		{true, []string{"true", "yes", "y", "1", "on", "active", "enabled", "sim", "s", "ativo", "verdadeiro", "habilitado"}},
		{false, []string{"false", "no", "n", "0", "off", "inactive", "disabled", "não", "nao", "inativo", "falso", "desabilitado"}},
	}
	if kind == settingLevel {
		words = words[:0]
		for _, level := range [][]string{{"Low", "low", "baixa", "baixo"}, {"Medium", "medium", "média", "media", "médio", "medio"}, {"High", "high", "alta", "alto"}} {
			words = append(words, struct {
				value any
				words []string
			}{level[0], level[1:]})
		}
	}
	text = strings.ToLower(strings.TrimSpace(text))
	for _, w := range words {
		if slices.Contains(w.words, text) {
			return w.value, true
		}
	}
	return nil, false
}

// macroList pairs the names of macros with their connectivities, both given as comma lists.
func macroList(texts map[string]string) []map[string]string {
	var list []map[string]string
	for member, text := range texts {
		for i, piece := range strings.Split(text, ",") {
			if i == len(list) {
				list = append(list, map[string]string{})
			}
			list[i][member] = strings.TrimSpace(piece)
		}
	}
	return list
}
