package schemas

import (
	"encoding/json"
	"fmt"
)

// Field is one property of a device or credential, in pamsync's own words: what the vault
// calls it on the way in and out (ip and management_ip, type and credential_type) is known to
// pipeline/vault alone.
type Field uint8

// The fields, in the order in which they are shown and written.
const (
	FieldID Field = iota
	FieldHostname
	FieldIP
	FieldSite
	FieldModel
	FieldVendor
	FieldType
	FieldDeviceDomain
	FieldDeviceTags
	FieldConnectivities
	FieldSessionRemoteConfig
	FieldIdentifier
	FieldUsername
	FieldCredentialType
	FieldDomain
	FieldAdditional
	FieldTags
	FieldParent
	FieldExecutionSettings // this and the next four are objects of settings: see Settings
	FieldSessionSettings
	FieldAdditionalSettings
	FieldJITSettings
	FieldDeviceSettings // the attributes of its device, in the upsert of a credential
	FieldKeyName
	FieldPublicKey
	FieldDevices // other hostnames that a key is installed on, parted by commas
	FieldName    // of protected information, and this and the next two
	FieldService
	FieldURL
	FieldUsersAllowed
	FieldAsset      // serial number or asset id: evidence of who a device is; the vault has no field for it
	FieldContent    // the password, the private key or the protected content: a secret
	FieldPassphrase // a second secret: the passphrase of a private key, or the secrets of additional settings
	NumFields
)

// fieldNames are the names in files, in the order of the constants.
func fieldNames() [NumFields]string {
	return [NumFields]string{
		"id", "hostname", "ip", "site", "model", "vendor", "type", "device_domain", "device_tags",
		"connectivities", "session_remote_config", "identifier", "username", "credential_type",
		"domain", "additional", "tags", "parent", "execution_settings", "session_settings",
		"additional_settings", "jit_settings", "device_settings", "key_name", "public_key", "devices", "name", "service", "url", "users_allowed", "asset",
		"content", "passphrase",
	}
}

// String is the field's name in files.
func (f Field) String() string {
	if f >= NumFields {
		return fmt.Sprintf("field(%d)", uint8(f))
	}
	return fieldNames()[f]
}

// MarshalText writes the field's name in files.
func (f Field) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads what MarshalText writes and refuses an unknown field.
func (f *Field) UnmarshalText(text []byte) error {
	known, ok := ParseField(string(text))
	if !ok {
		return fmt.Errorf("unknown field %q", text)
	}
	*f = known
	return nil
}

// ParseField finds a field by its name in files.
func ParseField(name string) (Field, bool) {
	for i, n := range fieldNames() {
		if n == name {
			return Field(i), true
		}
	}
	return 0, false
}

// DeviceFields are the fields that a device row may carry.
func DeviceFields() []Field {
	return []Field{FieldID, FieldHostname, FieldIP, FieldSite, FieldModel, FieldVendor, FieldType,
		FieldDeviceDomain, FieldDeviceTags, FieldConnectivities, FieldSessionRemoteConfig, FieldAsset}
}

// CredentialFields are the fields that a credential row may carry.
func CredentialFields() []Field {
	return []Field{FieldID, FieldHostname, FieldIP, FieldIdentifier, FieldUsername, FieldCredentialType,
		FieldDomain, FieldAdditional, FieldTags, FieldParent,
		FieldExecutionSettings, FieldSessionSettings, FieldAdditionalSettings, FieldJITSettings, FieldDeviceSettings, FieldContent, FieldPassphrase}
}

// KeyFields are the fields that the row of an SSH key may carry.
func KeyFields() []Field {
	return []Field{FieldID, FieldHostname, FieldIP, FieldIdentifier, FieldUsername, FieldKeyName, FieldTags, FieldDevices, FieldPublicKey, FieldContent, FieldPassphrase}
}

// InfoFields are the fields that the row of protected information may carry.
func InfoFields() []Field {
	return []Field{FieldIdentifier, FieldName, FieldType, FieldService, FieldURL, FieldUsersAllowed, FieldContent}
}

// FieldsOf are the fields that the row of a kind may carry.
func FieldsOf(kind Kind) []Field {
	switch kind {
	case KindCredential:
		return CredentialFields()
	case KindKey:
		return KeyFields()
	case KindInfo:
		return InfoFields()
	}
	return DeviceFields()
}

// Secret tells the fields that no plan, report or memory holds.
func (f Field) Secret() bool { return f == FieldContent || f == FieldPassphrase }

// Listed says whether the vault's lists show the field, so that it can be compared; the
// others are write-only (vault-api a.2, a.3).
func (f Field) Listed() bool {
	switch f {
	case FieldDeviceDomain, FieldDeviceTags, FieldConnectivities, FieldSessionRemoteConfig,
		FieldDomain, FieldAdditional, FieldTags, FieldParent, FieldAsset, FieldContent,
		FieldExecutionSettings, FieldSessionSettings, FieldAdditionalSettings, FieldJITSettings, FieldDeviceSettings,
		FieldKeyName, FieldPublicKey, FieldDevices, FieldName, FieldService, FieldURL, FieldUsersAllowed, FieldPassphrase:
		return false
	}
	return true
}

// Values holds text per field; "" is "not given". It is written as a JSON object in the
// order of the fields, without the empty ones, and never holds a secret.
type Values [NumFields]string

// MarshalJSON writes the fields that are not empty, in their order.
func (v Values) MarshalJSON() ([]byte, error) { return appendValues(nil, &v), nil }

// UnmarshalJSON reads what MarshalJSON writes and refuses an unknown field.
func (v *Values) UnmarshalJSON(data []byte) error {
	var m map[string]string
	if err := json.Unmarshal(data, &m); err != nil {
		return err
	}
	*v = Values{}
	for name, text := range m {
		f, ok := ParseField(name)
		if !ok || f.Secret() {
			return fmt.Errorf("unknown field %q", name)
		}
		v[f] = text
	}
	return nil
}
