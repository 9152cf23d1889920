package vault

import (
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"pamsync/schemas"
	"pamsync/schemas/scan"
)

// wireNames are the vault's names of the fields of an upsert (vault-api a.2 to a.5, c.3, c.4), and the only
// place where they stand. In a credential `type` is the device's type, which a member of device_settings alone
// becomes.
func wireNames(kind schemas.Kind) map[schemas.Field]string {
	switch kind {
	case schemas.KindDevice:
		return map[schemas.Field]string{
			schemas.FieldHostname: "hostname", schemas.FieldIP: "ip", schemas.FieldSite: "site",
			schemas.FieldModel: "model", schemas.FieldVendor: "vendor", schemas.FieldType: "type",
			schemas.FieldDeviceDomain: "device_domain", schemas.FieldDeviceTags: "device_tags",
			schemas.FieldConnectivities: "connectivities", schemas.FieldSessionRemoteConfig: "session_remote_config",
		}
	case schemas.KindKey:
		return map[schemas.Field]string{
			schemas.FieldHostname: "hostname", schemas.FieldIP: "ip", schemas.FieldIdentifier: "identifier",
			schemas.FieldUsername: "username", schemas.FieldKeyName: "key_name", schemas.FieldPublicKey: "public_key",
			schemas.FieldTags: "tags", schemas.FieldDevices: "devices",
			schemas.FieldContent: "private_key", schemas.FieldPassphrase: "password",
		}
	case schemas.KindInfo:
		return map[schemas.Field]string{
			schemas.FieldIdentifier: "identifier", schemas.FieldName: "name", schemas.FieldType: "type",
			schemas.FieldService: "service", schemas.FieldURL: "url", schemas.FieldUsersAllowed: "users_allowed",
			schemas.FieldContent: "content",
		}
	}
	return map[schemas.Field]string{
		schemas.FieldHostname: "hostname", schemas.FieldIP: "ip", schemas.FieldIdentifier: "identifier",
		schemas.FieldUsername: "username", schemas.FieldCredentialType: "credential_type",
		schemas.FieldDomain: "domain", schemas.FieldAdditional: "additional", schemas.FieldTags: "tags",
		schemas.FieldParent: "parent_password", schemas.FieldExecutionSettings: "execution_settings",
		schemas.FieldSessionSettings: "session_settings", schemas.FieldAdditionalSettings: "additional_settings",
		schemas.FieldJITSettings: "jit_settings", schemas.FieldContent: "content",
		schemas.FieldDeviceSettings: "", schemas.FieldPassphrase: "", // their members have names of their own
	}
}

// upsertBody is the JSON of an upsert, without what is empty: an empty text would clear a field (vault-api
// d.10).
func upsertBody(call schemas.Call) ([]byte, error) {
	body, second := map[string]any{}, ""
	for field, name := range wireNames(call.Kind) {
		value := call.Values[field]
		switch field {
		case schemas.FieldContent:
			value = call.Secret.Reveal()
		case schemas.FieldPassphrase:
			value = call.Second.Reveal()
		}
		switch {
		case value == "":
		case field == schemas.FieldDeviceSettings:
			if err := spread(body, value); err != nil {
				return nil, err
			}
		case field == schemas.FieldPassphrase && call.Kind == schemas.KindCredential:
			second = value
		case field.HasSettings():
			body[name] = json.RawMessage(value)
		case field == schemas.FieldDevices:
			body[name] = hostsOf(value)
		default:
			body[name] = value
		}
	}
	if second != "" {
		if err := addSecrets(body, second); err != nil {
			return nil, err
		}
	}
	return json.Marshal(body)
}

// spread puts the attributes of a credential's device beside its own (vault-api a.3).
func spread(body map[string]any, object string) error {
	var members map[string]string
	if err := json.Unmarshal([]byte(object), &members); err != nil {
		return errors.New("device_settings that are none")
	}
	for name, value := range members {
		body[name] = value
	}
	return nil
}

// addSecrets puts the secrets of additional settings among these: secret_key, and fields of authentication
// under the names that they have in a configuration (vault-api a.3).
func addSecrets(body map[string]any, object string) error {
	var secrets map[string]string
	settings := map[string]any{}
	given, _ := body["additional_settings"].(json.RawMessage)
	if len(given) > 0 && json.Unmarshal(given, &settings) != nil || json.Unmarshal([]byte(object), &secrets) != nil {
		return errors.New("additional settings that are none")
	}
	var fields []map[string]string
	for _, name := range slices.Sorted(maps.Keys(secrets)) {
		if own, ok := strings.CutPrefix(name, schemas.AuthenticationField); ok {
			fields = append(fields, map[string]string{"name": own, "short_name": own, "value": secrets[name]})
		} else {
			settings[name] = secrets[name]
		}
	}
	if len(fields) > 0 {
		settings["additional_authentication_fields"] = fields
	}
	body["additional_settings"] = settings
	return nil
}

// hostsOf are the devices that a key is installed on, as the vault takes them (vault-api a.4).
func hostsOf(list string) []map[string]string {
	hosts := []map[string]string{}
	for host := range strings.SplitSeq(list, ",") {
		if host = strings.TrimSpace(host); host != "" {
			hosts = append(hosts, map[string]string{"hostname": host})
		}
	}
	return hosts
}

// refusedDevices are the devices that a key was not installed on, told inside a success (vault-api a.4,
// d.22: the shape is not documented): the hostnames as far as they can be read, else all that is said. It is ""
// for null, [], {} and "" alone. The text is as the vault said it, whole, and may repeat what was sent.
func refusedDevices(record []byte) string {
	raw, _ := scan.Get(record, "devices_error")
	var hosts []string
	for one := range scan.Elements(raw) {
		host, _ := scan.Get(one, "hostname")
		device, _ := scan.Get(one, "device")
		hosts = append(hosts, cmp.Or(text(host), text(device), plainText(one)))
	}
	told := cmp.Or(strings.Join(hosts, ", "), plainText(raw))
	if told == "" && something(raw) {
		return string(raw) // brackets around nothing
	}
	return told
}

// something tells a value that is neither null nor empty.
func something(raw []byte) bool {
	for range scan.Elements(raw) {
		return true
	}
	for range scan.Members(raw) {
		return true
	}
	_, scalar := scan.Scalar(raw)
	return scalar && text(raw) != ""
}

// plainText is what a JSON value says, without the escapes of JSON: of an object each name and its value.
func plainText(raw []byte) string {
	if _, ok := scan.Scalar(raw); ok {
		return text(raw)
	}
	var parts []string
	for name, value := range scan.Members(raw) {
		parts = append(parts, string(name)+": "+plainText(value))
	}
	for one := range scan.Elements(raw) {
		parts = append(parts, plainText(one))
	}
	return strings.Join(parts, ", ")
}
