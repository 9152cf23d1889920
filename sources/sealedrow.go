package sources

import (
	"strings"

	"pamsync/schemas"
)

// record makes a row of a record, where it is one of the source's kind.
func (r *sealedReader) record(rec *schemas.SecretRecord, yield func(*schemas.Row) error) error {
	r.row.Number = r.number
	r.row.Reset()
	switch kind := r.s.Options.Kind; {
	case kind == schemas.KindDevice && rec.Kind != schemas.KindInfo:
		if host := fold(rec.Hostname); r.seen[host] {
			return nil
		} else if host != "" {
			r.seen[host] = true
		}
	case kind != rec.Kind:
		r.s.Others++
		return nil
	case r.s.Options.Secrets:
		r.row.Secret = rec.Secret
		if kind == schemas.KindKey {
			r.row.Second = rec.Second
		}
	}
	for _, f := range sealedFields(r.s.Options.Kind) {
		if !f.Secret() {
			r.row.Values[f] = sealedValue(rec, sealedName(r.s.Options.Kind, f))
		}
	}
	r.row.LeftOut = r.s.where != nil && !r.s.where.Match(func(name string) string { return sealedValue(rec, name) })
	return yield(&r.row)
}

// sealedFields are those that a record of a kind fills. A credential's parent is none of them: its id is
// another vault's.
func sealedFields(kind schemas.Kind) []schemas.Field {
	switch kind {
	case schemas.KindDevice:
		return []schemas.Field{schemas.FieldHostname, schemas.FieldIP, schemas.FieldSite, schemas.FieldModel, schemas.FieldVendor, schemas.FieldType, schemas.FieldDeviceTags}
	case schemas.KindKey:
		return []schemas.Field{schemas.FieldHostname, schemas.FieldIP, schemas.FieldIdentifier, schemas.FieldUsername, schemas.FieldKeyName, schemas.FieldTags,
			schemas.FieldDevices, schemas.FieldPublicKey, schemas.FieldContent, schemas.FieldPassphrase}
	case schemas.KindInfo:
		return []schemas.Field{schemas.FieldIdentifier, schemas.FieldName, schemas.FieldType, schemas.FieldContent}
	}
	return []schemas.Field{schemas.FieldHostname, schemas.FieldIP, schemas.FieldIdentifier, schemas.FieldUsername, schemas.FieldCredentialType,
		schemas.FieldDomain, schemas.FieldAdditional, schemas.FieldContent}
}

// sealedName is what a field is called in the file.
func sealedName(kind schemas.Kind, f schemas.Field) string {
	switch {
	case f == schemas.FieldType && kind == schemas.KindDevice:
		return "device_type"
	case f == schemas.FieldContent && kind == schemas.KindKey:
		return "private_key"
	case f == schemas.FieldContent && kind == schemas.KindCredential:
		return "password"
	}
	return f.String()
}

// sealedNames are what `where` can see.
func sealedNames() []string {
	return []string{"kind", "id", "identifier", "username", "hostname", "ip", "credential_type", "domain", "additional", "key_name", "tags", "devices", "name", "type",
		"site", "model", "vendor", "device_type", "device_tags"}
}

// sealedValue is what a record says under a name of the file that is no secret, "" where it has none such.
func sealedValue(r *schemas.SecretRecord, name string) string {
	switch name {
	case "kind":
		return string(r.Kind)
	case "id":
		return r.ID
	case "identifier":
		return r.Identifier
	case "username":
		return r.Username
	case "hostname":
		return r.Hostname
	case "ip":
		return r.IP
	case "credential_type", "type":
		if (r.Kind == schemas.KindInfo) == (name == "type") {
			return r.Type
		}
	case "key_name", "name":
		if (r.Kind == schemas.KindInfo) == (name == "name") {
			return r.Name
		}
	case "domain":
		return r.Domain
	case "additional":
		return r.Additional
	case "tags":
		return strings.Join(r.Tags, ",")
	case "devices":
		return strings.Join(installedOn(r), ",")
	case "public_key":
		return r.PublicKey
	case "site":
		return r.Device.Site
	case "model":
		return r.Device.Model
	case "vendor":
		return r.Device.Vendor
	case "device_type":
		return r.Device.Type
	case "device_tags":
		return r.Device.Tags
	}
	return ""
}

// installedOn are the devices beside its own that a key is installed on.
func installedOn(r *schemas.SecretRecord) []string {
	var names []string
	for _, d := range r.Devices {
		if fold(d.Hostname) != fold(r.Hostname) {
			names = append(names, d.Hostname)
		}
	}
	return names
}
