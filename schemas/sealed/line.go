package sealed

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"pamsync/schemas"
)

// Line is one line of the text; exactly one of its fields is set.
type Line struct {
	Start  *schemas.Start
	Record *schemas.SecretRecord
	Sealed []byte // an encrypted line of a record
	End    *End
}

// End closes the text. What it says beside the records is not in files of earlier builds: By is "" there.
type End struct {
	Records int              `json:"records"` // that were read: one line of each stands before
	Chosen  int              `json:"chosen"`  // to be read
	Failed  int              `json:"failed"`  // of them, and are not in the text
	By      schemas.ChosenBy `json:"by"`
}

// Whole says whether the text has every record that the vault listed of its kind: only then is a record that
// it lacks one that the vault lacked.
func (e *End) Whole() bool { return e.By == schemas.ChosenAll && e.Failed == 0 }

// Counts says whether the numbers fit each other, and the records that were found.
func (e *End) Counts(records int) bool {
	return e.Records == records && (e.By == "" || e.Records+e.Failed == e.Chosen && e.Failed >= 0)
}

// wire is a line as it stands in the file.
type wire struct {
	Start      *schemas.Start      `json:"start,omitempty"`
	Sealed     []byte              `json:"sealed,omitempty"`
	End        *End                `json:"end,omitempty"`
	Kind       schemas.Kind        `json:"kind,omitempty"`
	ID         string              `json:"id,omitempty"`
	Identifier string              `json:"identifier,omitempty"`
	Username   string              `json:"username,omitempty"`
	Hostname   string              `json:"hostname,omitempty"`
	IP         string              `json:"ip,omitempty"`
	Port       string              `json:"port,omitempty"`
	Password   string              `json:"password,omitempty"` // of a credential
	KeyName    string              `json:"key_name,omitempty"`
	PrivateKey string              `json:"private_key,omitempty"`
	PublicKey  string              `json:"public_key,omitempty"`
	Passphrase string              `json:"passphrase,omitempty"`
	Name       string              `json:"name,omitempty"`
	Type       string              `json:"type,omitempty"` // of protected information
	Content    string              `json:"content,omitempty"`
	Credential string              `json:"credential_type,omitempty"`
	Domain     string              `json:"domain,omitempty"`
	Additional string              `json:"additional,omitempty"`
	Parent     string              `json:"parent_credential,omitempty"`
	ParentID   string              `json:"parent_id,omitempty"`
	Expiration string              `json:"expiration,omitempty"`
	Tags       []string            `json:"tags,omitempty"`
	Devices    []schemas.Installed `json:"devices,omitempty"`
	Site       string              `json:"site,omitempty"`
	Model      string              `json:"model,omitempty"`
	Vendor     string              `json:"vendor,omitempty"`
	DeviceType string              `json:"device_type,omitempty"`
	DeviceTags string              `json:"device_tags,omitempty"`
}

// Append writes a line behind b, its line feed included.
func Append(b []byte, l Line) ([]byte, error) {
	w := wire{Start: l.Start, Sealed: l.Sealed, End: l.End}
	if l.Record != nil {
		w = open(l.Record)
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(&w); err != nil {
		return b, err
	}
	return append(b, out.Bytes()...), nil
}

// open is a record with its secrets in clear.
func open(r *schemas.SecretRecord) wire {
	w := wire{Kind: r.Kind, ID: r.ID, Identifier: r.Identifier, Username: r.Username, Hostname: r.Hostname, IP: r.IP, Port: r.Port,
		Domain: r.Domain, Additional: r.Additional, Parent: r.Parent, ParentID: r.ParentID, Expiration: r.Expiration,
		PublicKey: r.PublicKey, Tags: r.Tags, Devices: r.Devices, Site: r.Device.Site, Model: r.Device.Model, Vendor: r.Device.Vendor,
		DeviceType: r.Device.Type, DeviceTags: r.Device.Tags}
	switch r.Kind {
	case schemas.KindKey:
		w.KeyName, w.PrivateKey, w.Passphrase = r.Name, r.Secret.Reveal(), r.Second.Reveal()
	case schemas.KindInfo:
		w.Name, w.Type, w.Content = r.Name, r.Type, r.Secret.Reveal()
	case schemas.KindCredential, schemas.KindDevice, schemas.KindSession:
		w.Credential, w.Password = r.Type, r.Secret.Reveal()
	}
	return w
}

// Parse reads a line. Its error says nothing of what stands in it.
func Parse(text []byte) (Line, error) {
	var w wire
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&w); err != nil {
		return Line{}, errors.New("it is no line of such an export")
	}
	switch {
	case w.Start != nil:
		if w.Start.Format != Format || w.Start.Version != schemas.FormatVersion {
			return Line{}, fmt.Errorf("%q version %d; this build reads %q version %d", w.Start.Format, w.Start.Version, Format, schemas.FormatVersion)
		}
		return Line{Start: w.Start}, nil
	case w.End != nil:
		return Line{End: w.End}, nil
	case len(w.Sealed) > 0:
		return Line{Sealed: w.Sealed}, nil
	}
	r := schemas.SecretRecord{Kind: w.Kind, ID: w.ID, Identifier: w.Identifier, Username: w.Username, Hostname: w.Hostname, IP: w.IP, Port: w.Port,
		Domain: w.Domain, Additional: w.Additional, Parent: w.Parent, ParentID: w.ParentID, Expiration: w.Expiration,
		PublicKey: w.PublicKey, Tags: w.Tags, Devices: w.Devices,
		Device: schemas.Device{Hostname: w.Hostname, IP: w.IP, Site: w.Site, Model: w.Model, Vendor: w.Vendor, Type: w.DeviceType, Tags: w.DeviceTags}}
	switch w.Kind {
	case schemas.KindCredential:
		r.Type, r.Secret = w.Credential, schemas.NewSecret(w.Password)
	case schemas.KindKey:
		r.Name, r.Secret, r.Second = w.KeyName, schemas.NewSecret(w.PrivateKey), schemas.NewSecret(w.Passphrase)
	case schemas.KindInfo:
		r.Name, r.Type, r.Secret = w.Name, w.Type, schemas.NewSecret(w.Content)
	default:
		return Line{}, errors.New("it is a record of no kind that this build reads")
	}
	return Line{Record: &r}, nil
}
