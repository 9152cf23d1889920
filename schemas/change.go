package schemas

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
)

// RowRef names an input row: the source as configured, and the row in it.
type RowRef struct {
	Source string `json:"source"`
	Row    int    `json:"row"`
}

// Item names a record of the vault.
type Item struct {
	Kind       Kind   `json:"kind"`
	ID         string `json:"id"`
	Key        string `json:"key"`
	Type       string `json:"type,omitempty"`
	Identifier string `json:"identifier,omitempty"`
}

// FieldChange is one field's difference. Cell is where the wanted value stands. A write-only
// field has no Before; a secret one shows neither value, only that it will be set.
type FieldChange struct {
	Field  Field   `json:"name"`
	Secret WillSet `json:"secret,omitempty"`
	Before string  `json:"before,omitempty"`
	After  string  `json:"after,omitempty"`
	Cell   string  `json:"cell,omitempty"`
}

// Name is the field's name in files.
func (f *FieldChange) Name() string { return f.Field.String() }

// WillSet tells a secret field, of which a plan says no more than WillBeSet.
type WillSet bool

// WillBeSet is all that a plan says of a secret.
const WillBeSet = "will be set"

// String is WillBeSet, or "".
func (w WillSet) String() string {
	if w {
		return WillBeSet
	}
	return ""
}

// MarshalText writes WillBeSet, or "".
func (w WillSet) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalText reads what MarshalText writes and refuses anything else.
func (w *WillSet) UnmarshalText(text []byte) error {
	*w = len(text) > 0
	if *w && string(text) != WillBeSet {
		return errors.New("a secret that shows more than it may")
	}
	return nil
}

// Reason is why a change is planned: the rule, and the cell or value that led to it.
type Reason struct {
	Rule  string `json:"rule"`
	Cell  string `json:"cell,omitempty"`
	Value string `json:"value,omitempty"`
}

// The rules that lead to a change.
const (
	RuleNew      = "not_in_vault"     // the row matches no record
	RuleDiffers  = "fields_differ"    // the row matches a record, and managed fields differ
	RuleInactive = "known_inactive"   // the row matches a record that is known to be inactive
	RuleDragged  = "dragged_down"     // our own inactivation of the device took this record along
	RuleMissing  = "not_in_inventory" // the inventory lacks the record
	RuleUndo     = "undo"             // a run is taken back
	RuleRenamed  = "decided_rename"   // a person decided that the record has a new name
	RuleAsked    = "asked"            // a row of a bulk verb, or a row, filter or --all of an export of secrets, asks for it; Value is the reason that it gives
	RuleMatched  = "matched"          // --match of a bulk verb takes it; Value is the reason that is given
)

// Change is one independent item of a plan.
type Change struct {
	ID       string        `json:"id"`
	Kind     Kind          `json:"kind"`
	Action   Action        `json:"action"`
	Key      string        `json:"key"`
	VaultID  string        `json:"vault_id,omitempty"`
	Device   string        `json:"device"`              // hostname of the device, in the vault's spelling once matched
	DeviceID string        `json:"device_id,omitempty"` // of a credential's device, where it exists already
	Match    string        `json:"match,omitempty"`     // the rule that found the record, "" for a new one
	Reason   Reason        `json:"reason"`
	Fields   []FieldChange `json:"fields,omitempty"`
	Send     Sent          `json:"send,omitzero"` // all that the upsert sends; a secret is read from the source again
	Secret   bool          `json:"secret,omitempty"`
	Rows     []RowRef      `json:"rows,omitempty"`
	Cascade  []Item        `json:"cascade,omitempty"` // what an inactivated device drags down
	// Branch is which of its own rules the vault will follow for a credential's upsert
	// (vault-api a.3): it finds the record by the identifier, by its key, or creates one.
	Branch string `json:"branch,omitempty"`
	// Old is the id of the device that a new one replaces, or of the credential that is carried over.
	Old string `json:"old,omitempty"`
}

// Identify sets the content id: a hash of what the change does, not of who asked for it, so
// that the same change has the same id in any run.
func (c *Change) Identify() {
	var room [1024]byte
	b := ended(room[:0], string(c.Kind))
	b = ended(b, string(c.Action))
	b = ended(b, c.Key)
	b = ended(b, c.VaultID)
	b = ended(b, c.Device)
	for i := range c.Fields {
		f := &c.Fields[i]
		b = ended(b, f.Name())
		b = ended(b, f.Before)
		b = ended(b, f.After)
		b = ended(b, f.Secret.String())
	}
	for f, value := range c.Send.All { // by name, so that a field more leaves the ids as they are
		b = ended(ended(b, f.String()), value)
	}
	b = ended(b, c.Old)
	for i := range c.Cascade {
		b = ended(b, string(c.Cascade[i].Kind))
		b = ended(b, c.Cascade[i].ID)
	}
	sum := sha256.Sum256(b)
	c.ID = hex.EncodeToString(sum[:8])
}

// ended appends a text and a byte that ends it.
func ended(b []byte, text string) []byte {
	if text != "" { // most of what is sent
		b = append(b, text...)
	}
	return append(b, 0)
}

// Hold is something a person must decide: it is not written until then. Its words, and the
// remedy, belong to Code.
type Hold struct {
	Kind       Kind     `json:"kind"`
	Key        string   `json:"key"`
	VaultID    string   `json:"vault_id,omitempty"`
	Code       string   `json:"code"`
	Args       Args     `json:"args,omitempty"`
	Rows       []RowRef `json:"rows,omitempty"`
	Candidates []Item   `json:"candidates,omitempty"`
}

// Reject is an input row that no record can be made of.
type Reject struct {
	Kind     Kind      `json:"kind"`
	Key      string    `json:"key,omitempty"`
	Row      RowRef    `json:"row"`
	Problems []Problem `json:"problems"`
}

// Left is something left as it is by rule: it needs nobody.
type Left struct {
	Kind    Kind     `json:"kind"`
	Key     string   `json:"key"`
	VaultID string   `json:"vault_id,omitempty"`
	Code    string   `json:"code"`
	Args    Args     `json:"args,omitempty"`
	Rows    []RowRef `json:"rows,omitempty"`
}

// RowCounts accounts for every input row:
// In = Changed + Unchanged + Held + Rejected + LeftOut.
type RowCounts struct {
	In        int `json:"in"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	Held      int `json:"held"`
	Rejected  int `json:"rejected"`
	LeftOut   int `json:"left_out"`
}

// Add sums two accounts.
func (r RowCounts) Add(o RowCounts) RowCounts {
	return RowCounts{r.In + o.In, r.Changed + o.Changed, r.Unchanged + o.Unchanged,
		r.Held + o.Held, r.Rejected + o.Rejected, r.LeftOut + o.LeftOut}
}

// ChangeCounts says how the changes ended.
type ChangeCounts struct {
	Done    int `json:"done"`
	Failed  int `json:"failed"`
	Skipped int `json:"skipped"`
	Unknown int `json:"unknown"`
}

// Add counts one change that ended so; what is held or rejected is no change.
func (c *ChangeCounts) Add(s Status) {
	switch s {
	case StatusDone:
		c.Done++
	case StatusFailed:
		c.Failed++
	case StatusSkipped:
		c.Skipped++
	case StatusUnknown:
		c.Unknown++
	case StatusHeld, StatusRejected:
	}
}

// KindCounts says what a plan does to the records of one kind.
type KindCounts struct {
	Kind       Kind `json:"kind"`
	Listed     int  `json:"listed"` // records in the vault's list
	Create     int  `json:"create"`
	Update     int  `json:"update"`
	Reactivate int  `json:"reactivate"`
	Inactivate int  `json:"inactivate"`
	Hold       int  `json:"hold"`
	Reject     int  `json:"reject"`
	Unchanged  int  `json:"unchanged"` // rows
	Left       int  `json:"left"`
	Dragged    int  `json:"dragged"` // credentials and keys that go with their device
	// Open, Drop and Release are what a bulk verb does, Read what an export of secrets does.
	Open    int `json:"open,omitempty"`
	Drop    int `json:"drop,omitempty"`
	Release int `json:"release,omitempty"`
	Read    int `json:"read,omitempty"`
}

// LimitUse is one limit beside what the plan would use of it.
type LimitUse struct {
	Name    string `json:"name"`
	Kind    Kind   `json:"kind"`
	N       int    `json:"n"`
	Total   int    `json:"total"`
	Limit   Limit  `json:"limit"`
	Stopped bool   `json:"stopped,omitempty"`
	// Share names the part of the estate that the limit is about, as "site LAX"; "" for all of it.
	Share string `json:"share,omitempty"`
}

// Summary closes a plan: its counts, the limits with their use, and what stops it. A plan
// with anything in Stop is not applicable.
type Summary struct {
	Rows   RowCounts    `json:"rows"`
	Kinds  []KindCounts `json:"kinds"`
	Limits []LimitUse   `json:"limits,omitempty"`
	Stop   []Problem    `json:"stop,omitempty"`
	// Unnamed tells, for each kind that the plan had a source of, which listed records it neither
	// named nor held back: a plan that was made earlier may still take these.
	Unnamed []Unnamed `json:"unnamed,omitempty"`
}

// Unnamed are the listed records of a kind that a plan's inventory does not name.
type Unnamed struct {
	Kind Kind `json:"kind"`
	IDs  IDs  `json:"ids"`
}

// Plan is a plan in memory.
type Plan struct {
	Start    Start
	Changes  []Change
	Holds    []Hold
	Rejects  []Reject
	Left     []Left
	Warnings []Problem
	Summary  Summary
	Digest   string // of the file; set by reading or writing it
}

// Applicable says whether nothing stops the plan.
func (p *Plan) Applicable() bool { return len(p.Summary.Stop) == 0 }

// SourceUse is a source as a run read it. SHA256 is of the file's bytes. Path is as configured;
// of two sheets of one workbook it is followed by ! and the sheet's name.
// Columns tells which column or path each field was read from. File is the absolute path, kept
// only where the plan sends passwords that are read again from it.
type SourceUse struct {
	Kind    Kind              `json:"kind"`
	Path    string            `json:"path"`
	Format  string            `json:"format"`
	SHA256  string            `json:"sha256"`
	Rows    int               `json:"rows"`
	Records string            `json:"records,omitempty"`
	Sheet   string            `json:"sheet,omitempty"`
	Columns map[string]string `json:"columns,omitempty"`
	File    string            `json:"file,omitempty"`
	// LeftOut are the rows that Where leaves out, Modified is when the file was written (RFC 3339,
	// UTC), and Stale tells one that was older than it may be.
	LeftOut  int    `json:"left_out,omitempty"`
	Modified string `json:"modified,omitempty"`
	Where    string `json:"where,omitempty"`
	Stale    bool   `json:"stale,omitempty"`
	// Known is the path by which a source is found again among those of earlier runs, however it is
	// spelled: from the folder that holds the state folder. It is "" where Path is that already.
	Known string `json:"known,omitempty"`
	// Unusable are the rows whose key cannot be read, or that another row of the source says already.
	Unusable int `json:"unusable,omitempty"`
}

// Usable is how many rows of a source name a record of their own.
func (u *SourceUse) Usable() int { return u.Rows - u.LeftOut - u.Unusable }

// PlaceOf is where an input row of a kind stands, as a person finds it: the sheet is named where
// there is one.
func PlaceOf(sources []SourceUse, kind Kind, ref RowRef) Place {
	for i := range sources {
		s := &sources[i]
		if s.Path == ref.Source && s.Kind == kind && s.Sheet != "" {
			return Place{Source: strings.TrimSuffix(s.Path, "!"+s.Sheet), Sheet: s.Sheet, Row: ref.Row}
		}
	}
	return Place{Source: ref.Source, Row: ref.Row}
}

// The formats of record files, and the version of each that this build reads and writes.
const (
	FormatPlan        = "pamsync-plan"
	FormatJournal     = "pamsync-journal"
	FormatResult      = "pamsync-result"
	FormatState       = "pamsync-state"
	FormatDevices     = "pamsync-devices"
	FormatCredentials = "pamsync-credentials"
	FormatSessions    = "pamsync-sessions"
	FormatVersion     = 1
)

// Start is the first record of every file: what the file is, and what it is bound to.
type Start struct {
	Format  string      `json:"format"`
	Version int         `json:"version"`
	Run     string      `json:"run,omitempty"`
	Tool    string      `json:"tool,omitempty"`
	Made    string      `json:"made,omitempty"`  // RFC 3339, UTC
	By      string      `json:"by,omitempty"`    // the person who planned, or applied
	Vault   string      `json:"vault,omitempty"` // scheme://host:port
	Client  string      `json:"client,omitempty"`
	Plan    string      `json:"plan,omitempty"` // digest of the plan that a journal or result belongs to
	Zone    string      `json:"zone,omitempty"`
	Sources []SourceUse `json:"sources,omitempty"`
	Policy  *Policy     `json:"policy,omitempty"`
	// Secrets tells that the plan sends passwords, so that it is bound to its sources.
	Secrets bool `json:"secrets,omitempty"`
	// Undo is the run that the plan takes back, and Retry the one whose failures it tries again.
	Undo  string `json:"undo,omitempty"`
	Retry string `json:"retry,omitempty"`
	// Bulk is the action of a bulk verb, whose plan asks for nothing else; "" for a plan that reconciles.
	Bulk Action `json:"bulk,omitempty"`
	// Reading is set where the plan reads secrets, and changes nothing.
	Reading *Reading `json:"reading,omitempty"`
}

// OfInventory says whether a plan is of the whole inventory, and not of what a former run did, nor of a
// bulk verb, nor of an export of secrets.
func (s *Start) OfInventory() bool {
	return s.Undo == "" && s.Retry == "" && s.Bulk == "" && s.Reading == nil
}

// Policy is what the configuration asked of a plan, for its reader.
type Policy struct {
	Devices     Missing    `json:"devices,omitempty"`
	Credentials Missing    `json:"credentials,omitempty"`
	Keys        Missing    `json:"keys,omitempty"`
	Infos       Missing    `json:"infos,omitempty"`
	Reactivate  Reactivate `json:"reactivate,omitempty"`
	Secrets     Secrets    `json:"secrets,omitempty"`
	Approval    bool       `json:"approval,omitempty"` // a second person must approve the plan
	Limits      Limits     `json:"limits"`
}
