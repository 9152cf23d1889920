package secrets

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"unicode/utf8"

	"pamsync/pipeline/vault"
	"pamsync/schemas"
	"pamsync/schemas/scan"
)

// Read asks for one record with its secrets, by its id; protected information by its identifier too. Of a
// credential it takes custody (vault-api c.2). problem is set where the vault answered with success and the
// record is of no use: another one, or secrets that cannot be opened; and where the vault is not asked, because
// it could not tell an identifier from an id. A lost answer may be asked for again.
func (c *Caller) Read(ctx context.Context, kind schemas.Kind, ref schemas.Ref, key *Key) (record schemas.SecretRecord, answer schemas.Answer, problem *schemas.Problem) {
	if !ref.Names(kind) {
		return schemas.SecretRecord{}, schemas.Answer{Effect: schemas.EffectRefused}, &schemas.Problem{Code: "reading_bad_identifier", Args: schemas.Pairs("value", ref.Text())}
	}
	payload := string(kind)
	answer, body, _ := c.lent.Call(ctx, vault.LentCall{Method: http.MethodGet, Path: "/pam/" + payload + "/" + ref.Text(), Payload: payload, Known: []string{ref.Text()}})
	if answer.Effect != schemas.EffectDone {
		return schemas.SecretRecord{}, answer, nil
	}
	record, whole := parse(kind, payload, body)
	answer.Message = "" // a message of a success has nothing to tell, and nobody vouches for it
	switch {
	case !whole:
		return schemas.SecretRecord{}, answer, &schemas.Problem{Code: "secret_absent", Args: schemas.Pairs("member", payload)}
	case ref.ID != "" && record.ID != ref.ID, ref.ID == "" && !strings.EqualFold(record.Identifier, ref.Identifier):
		return schemas.SecretRecord{}, answer, &schemas.Problem{Code: "other_record", Args: schemas.Pairs("id", record.ID)}
	}
	if problem := key.open(&record); problem != nil {
		return schemas.SecretRecord{}, answer, problem
	}
	for _, secret := range []schemas.Secret{record.Secret, record.Second} {
		if strings.ContainsRune(secret.Reveal(), utf8.RuneError) { // JSON could not carry it, or does not hold it whole
			return schemas.SecretRecord{}, answer, &schemas.Problem{Code: "secret_not_text"}
		}
	}
	return record, answer, nil
}

// parse takes the record out of an answer; false where there is none, or it says nothing of its secret.
func parse(kind schemas.Kind, payload string, body []byte) (schemas.SecretRecord, bool) {
	r := schemas.SecretRecord{Kind: kind}
	in := scan.NewReader(bytes.NewReader(body), scan.Options{})
	if in.EnterObject() != nil {
		return r, false
	}
	for {
		name, ok, err := in.NextKey()
		if err != nil || !ok {
			return r, false
		}
		found := string(name) == payload
		raw, err := in.Raw()
		if err != nil {
			return r, false
		}
		if !found {
			continue
		}
		told := false
		for member, value := range scan.Members(raw) {
			told = take(&r, string(member), value) || told
		}
		return r, told && r.ID != ""
	}
}

// take reads one member of a record, and says whether it is the one with the secret.
func take(r *schemas.SecretRecord, name string, raw []byte) bool {
	value := ""
	if scalar, ok := scan.Scalar(raw); ok {
		value = string(scalar) // a copy
	}
	if field := plain(r, name); field != nil {
		*field = value
		return false
	}
	switch {
	case name == "tags":
		r.Tags = tags(raw, value)
	case name == "devices":
		r.Devices = installed(raw)
	case r.Kind == schemas.KindKey && name == "password":
		r.Second = schemas.NewSecret(value)
	case r.Kind == schemas.KindKey && name == "private_key",
		r.Kind == schemas.KindInfo && name == "content":
		r.Secret = schemas.NewSecret(value)
		return true
	case r.Kind == schemas.KindCredential && (name == "password" || name == "content"): // the same (vault-api a.3)
		if r.Secret.Empty() || name == "password" && value != "" {
			r.Secret = schemas.NewSecret(value)
		}
		return true
	}
	return false
}

// plain is the field of a member that is no secret, nil for any other (vault-api a.3 to a.5).
func plain(r *schemas.SecretRecord, name string) *string {
	switch name {
	case "id":
		return &r.ID
	case "identifier", "tag":
		return &r.Identifier
	case "username":
		return &r.Username
	case "key_name", "name":
		return &r.Name
	case "type":
		return &r.Type
	case "hostname":
		return &r.Hostname
	case "ip":
		return &r.IP
	case "port":
		return &r.Port
	case "domain":
		return &r.Domain
	case "additional":
		return &r.Additional
	case "parent_credential":
		return &r.Parent
	case "parent_credential_cod":
		return &r.ParentID
	case "expiration_time":
		return &r.Expiration
	case "public_key":
		return &r.PublicKey
	case "model":
		return &r.Device.Model
	}
	return nil
}

func tags(raw []byte, text string) []string {
	var all []string
	for one := range scan.Elements(raw) {
		if value, ok := scan.Scalar(one); ok {
			all = append(all, string(value))
		}
	}
	if text != "" {
		all = strings.Split(text, ",")
	}
	return all
}

func installed(raw []byte) []schemas.Installed {
	var all []schemas.Installed
	for one := range scan.Elements(raw) {
		var d schemas.Installed
		for name, value := range scan.Members(one) {
			text, _ := scan.Scalar(value)
			switch string(name) {
			case "hostname":
				d.Hostname = string(text)
			case "ip":
				d.IP = string(text)
			}
		}
		all = append(all, d)
	}
	return all
}
