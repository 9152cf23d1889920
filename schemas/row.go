package schemas

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"
)

// Row is one record of an inventory, its columns already mapped to fields. A reader reuses one
// Row for all records, and its texts may lie in the reader's own buffer: they are gone when the
// function that it is given to returns. Who keeps one clones it; a secret may be kept.
type Row struct {
	Kind   Kind
	Source int // index of the source among those of the run
	Number int // physical line, sheet's row, or record counted from 1
	Values Values
	Secret Secret // the password, only where the configuration asks for it
	Second Secret // the passphrase of a private key; the reader joins the two
	// Defaults are the configuration's values for empty fields, nil for none; they fill creates only.
	Defaults *Values
	// LeftOut is set for a row that `where` leaves out.
	LeftOut bool
	// Goes is set for a row that asks for its record to be inactivated.
	Goes bool
	// Updates is set for a row that asks for a record that is there, and for no new one.
	Updates bool
	// Exact is set for a row of the vault's own list, exported: its values are what they are.
	Exact bool
	// NoRecord is set for a row of which no record of the vault can be made; Problems say why.
	NoRecord bool
	// Hidden is set for a row that a workbook does not show. It is left out too, but what it names
	// is not missing: nobody said that it is gone.
	Hidden bool
	// Problems of the row itself, found while reading (a cell that cannot be a value); the row
	// is rejected.
	Problems []Problem
	// Notes say what was read otherwise than it stands; the row is good.
	Notes []Problem
	// MayName are pieces of text that could be the key of another record that this one swallowed.
	MayName []string
	// Place tells where a field's cell stands; FieldID for the row as a whole.
	Place func(Field) Place
}

// Reset makes the row ready for the next record.
func (r *Row) Reset() {
	r.Values, r.Secret, r.Second, r.Problems, r.Notes, r.MayName = Values{}, Secret{}, Secret{}, nil, nil, r.MayName[:0]
	r.LeftOut, r.Goes, r.Updates, r.NoRecord = false, false, false, false
}

// Device is one record of the vault's device list, under the list's own names. One that a list
// gives is reused, and its texts lie in the list's buffer: who keeps it takes a Clone.
type Device struct {
	ID       string `json:"id"`
	Hostname string `json:"hostname"`
	IP       string `json:"ip"`
	Model    string `json:"model"`
	Type     string `json:"type"`
	Vendor   string `json:"vendor"`
	Site     string `json:"site"`
	Tags     string `json:"tags"`
}

// Clone is a copy that holds on to nothing of a list's.
func (d *Device) Clone() Device {
	return Device{
		ID: strings.Clone(d.ID), Hostname: strings.Clone(d.Hostname), IP: strings.Clone(d.IP), Model: strings.Clone(d.Model),
		Type: strings.Clone(d.Type), Vendor: strings.Clone(d.Vendor), Site: strings.Clone(d.Site), Tags: strings.Clone(d.Tags),
	}
}

// Value returns a listed field of the device.
func (d *Device) Value(f Field) string {
	switch f {
	case FieldID:
		return d.ID
	case FieldHostname:
		return d.Hostname
	case FieldIP:
		return d.IP
	case FieldSite:
		return d.Site
	case FieldModel:
		return d.Model
	case FieldVendor:
		return d.Vendor
	case FieldType:
		return d.Type
	case FieldDeviceTags:
		return d.Tags
	}
	return ""
}

// Credential is one record of the vault's credential list, under the list's own names:
// everything that the list shows and no secret. Nullable texts are "" when null. One that a list
// gives is reused, as a Device is.
type Credential struct {
	ID               string `json:"id"`
	Identifier       string `json:"identifier"`
	Username         string `json:"username"`
	Expiration       string `json:"expiration"`
	Change           string `json:"change"`
	View             string `json:"view"`
	Hostname         string `json:"hostname"`
	ManagementIP     string `json:"management_ip"`
	Type             string `json:"type"`
	TypeCode         string `json:"type_code"`
	DeviceModel      string `json:"device_model"`
	DeviceType       string `json:"device_type"`
	DeviceVendor     string `json:"device_vendor"`
	AutomaticChange  string `json:"automatic_change"`
	Connectivity     string `json:"connectivity"`
	ConnectivityCode string `json:"connectivity_code"`
}

// Clone is a copy that holds on to nothing of a list's.
func (c *Credential) Clone() Credential {
	return Credential{
		ID: strings.Clone(c.ID), Identifier: strings.Clone(c.Identifier), Username: strings.Clone(c.Username),
		Expiration: strings.Clone(c.Expiration), Change: strings.Clone(c.Change), View: strings.Clone(c.View),
		Hostname: strings.Clone(c.Hostname), ManagementIP: strings.Clone(c.ManagementIP),
		Type: strings.Clone(c.Type), TypeCode: strings.Clone(c.TypeCode),
		DeviceModel: strings.Clone(c.DeviceModel), DeviceType: strings.Clone(c.DeviceType), DeviceVendor: strings.Clone(c.DeviceVendor),
		AutomaticChange: strings.Clone(c.AutomaticChange),
		Connectivity:    strings.Clone(c.Connectivity), ConnectivityCode: strings.Clone(c.ConnectivityCode),
	}
}

// Value returns a listed field of the credential.
func (c *Credential) Value(f Field) string {
	switch f {
	case FieldID:
		return c.ID
	case FieldIdentifier:
		return c.Identifier
	case FieldUsername:
		return c.Username
	case FieldHostname:
		return c.Hostname
	case FieldIP:
		return c.ManagementIP
	case FieldCredentialType:
		return c.Type
	}
	return ""
}

// Session is one record of the vault's list of remote sessions, its texts as the vault gives
// them; null is "". One that a list gives is reused, as a Device is.
type Session struct {
	ID           string `json:"id"`
	User         string `json:"user"`
	OriginIP     string `json:"origin_ip"`
	Credential   string `json:"credential"`
	Device       string `json:"device"`
	Protocol     string `json:"protocol"`
	Proxy        string `json:"proxy"`
	SessionID    string `json:"session_id"`
	Start        string `json:"start"`
	End          string `json:"end"`
	Time         string `json:"time"`
	PreventPurge string `json:"prevent_purge"`
	Request      string `json:"request"`
	ITSM         string `json:"ITSM"`
}

// SessionRecord is a session as an export writes it: the vault's own texts, and beside them
// what is derived from them.
type SessionRecord struct {
	Session
	Host       string `json:"host"`
	Port       string `json:"port"`
	DurationS  string `json:"duration_s"`
	StartUTC   string `json:"start_utc"`
	EndUTC     string `json:"end_utc"`
	Revision   int    `json:"revision"`
	Supersedes string `json:"supersedes"`
	Seconds    int64  `json:"-"` // DurationS as a number
}

// Clone is a copy that holds on to nothing of a list's.
func (s *Session) Clone() Session {
	c := *s
	for _, text := range []*string{&c.ID, &c.User, &c.OriginIP, &c.Credential, &c.Device, &c.Protocol, &c.Proxy, &c.SessionID, &c.Start, &c.End, &c.Time,
		&c.PreventPurge, &c.Request, &c.ITSM} {
		*text = strings.Clone(*text)
	}
	return c
}

// Clone is a copy that holds on to nothing of a list's.
func (r *SessionRecord) Clone() SessionRecord {
	c := *r
	c.Session = r.Session.Clone()
	for _, text := range []*string{&c.Host, &c.Port, &c.DurationS, &c.StartUTC, &c.EndUTC, &c.Supersedes} {
		*text = strings.Clone(*text)
	}
	return c
}

// Listing says how a list of the vault was read: how many records, and how many its message
// announced (-1 where it named no number, which is no evidence).
type Listing struct {
	Read      int
	Announced int
	At        time.Time // the vault's own clock when it answered, zero where it told none
	Request   string    // the verb and path that was answered
	Tenant    string    // that the answer names, "" for none
	// Bytes and SHA256 are of the answer's body, where the list was read by a reader that sums.
	Bytes  int64
	SHA256 string
	Shape  *Shape // of its envelope and first records; nil where nothing was read
	// Lacks are the fields that no record had, and Strange keys that stand for no field; of sessions alone.
	Lacks, Strange []string
}

// Call is one write to the vault.
type Call struct {
	Verb   Verb
	Kind   Kind
	ID     string // of the record, for all but an upsert; of a session its session_id
	Values Values // what an upsert sends
	Secret Secret // the password, the private key, or the protected content
	Second Secret // the passphrase of a private key
}

// Secrets are those that a call sends, each by itself: what a vault repeats of them must not be said again.
func (c *Call) Secrets() []Secret {
	all := []Secret{c.Secret, c.Second}
	var members map[string]string
	if json.Unmarshal([]byte(c.Second.Reveal()), &members) == nil { // of additional settings
		for _, name := range slices.Sorted(maps.Keys(members)) {
			all = append(all, NewSecret(members[name]))
		}
	}
	return all
}

// Verb is what a call does.
type Verb string

// The verbs. An upsert creates or updates, as the vault decides (vault-api a.2, a.3).
const (
	VerbUpsert     Verb = "upsert"
	VerbActivate   Verb = "activate"
	VerbInactivate Verb = "inactivate"
	VerbRelease    Verb = "release" // the custody of a credential
	VerbDrop       Verb = "drop"    // a session
	VerbOpen       Verb = "open"    // a session; the answer is a secret
	VerbRead       Verb = "read"    // the secret of a record
)

// Effect is what is known about a call after it.
type Effect string

// The effects: the vault said yes; it said no; the call was certainly not processed; nobody
// knows; or the vault answered that it refuses us as a whole, and the run must stop.
const (
	EffectDone    Effect = "done"
	EffectRefused Effect = "refused"
	EffectNotSent Effect = "not_sent"
	EffectInDoubt Effect = "in_doubt"
)

// Answer is what became of a call. Code is the vault's own (1011, …), 0 where it gave none;
// Stop is set where the run must not go on: the vault is gone, busy or refuses us.
type Answer struct {
	Effect     Effect
	ID         string
	Identifier string // of the answered record, "" where the answer names none
	Code       int
	HTTP       int
	Message    string
	Partial    string // devices that a key was not installed on, inside a success
	Attempts   int
	Stop       *Fault
}

// TakeKeyDefaults gives a row without a key the one that the source's defaults have.
func (r *Row) TakeKeyDefaults() {
	keys := []Field{FieldHostname, FieldUsername}
	if !r.Kind.Account() {
		keys = keys[:1]
	}
	for _, f := range keys {
		if r.Defaults != nil && strings.TrimSpace(r.Values[f]) == "" {
			r.Values[f] = r.Defaults[f]
		}
	}
}
