package schemas

// Kind is what a record of the vault is.
type Kind string

// The kinds of records. A key (SSH key) appears in the vault's credential list.
const (
	KindDevice     Kind = "device"
	KindCredential Kind = "credential"
	KindKey        Kind = "key"
	KindInfo       Kind = "info" // protected information, of which the vault has no list
	KindSession    Kind = "session"
)

// RowKinds are the kinds that input rows have, in the order in which they are shown.
func RowKinds() []Kind { return []Kind{KindDevice, KindCredential, KindKey, KindInfo} }

// Account says whether a record is a user's on a device: a credential or a key.
func (k Kind) Account() bool { return k == KindCredential || k == KindKey }

// Action is what a plan asks for.
type Action string

// The actions of changes, and the two words that stand in their place in result files.
const (
	ActionCreate     Action = "create"
	ActionUpdate     Action = "update"
	ActionReactivate Action = "reactivate"
	ActionInactivate Action = "inactivate"
	ActionOpen       Action = "open"    // a session, by a bulk verb
	ActionDrop       Action = "drop"    // a session, by a bulk verb
	ActionRelease    Action = "release" // the custody of a credential, by a bulk verb
	ActionRead       Action = "read"    // the secret of a record, for an encrypted export
	ActionHold       Action = "hold"
	ActionReject     Action = "reject"
)

// Status is how a change, a hold or a rejected row ended.
type Status string

// A change ends in exactly one of the first four; a hold is held, a rejected row rejected.
const (
	StatusDone     Status = "done"
	StatusFailed   Status = "failed"
	StatusSkipped  Status = "skipped"
	StatusUnknown  Status = "unknown"
	StatusHeld     Status = "held"
	StatusRejected Status = "rejected"
)

// Missing says what to do with a record that the inventory lacks.
type Missing string

// The policies for a record that the inventory lacks.
const (
	MissingKeep       Missing = "keep"
	MissingReport     Missing = "report"
	MissingInactivate Missing = "inactivate"
)

// Reactivate says which inactive records may be activated again.
type Reactivate string

// The policies for inactive records.
const (
	ReactivateOurs  Reactivate = "ours"
	ReactivateAny   Reactivate = "any"
	ReactivateNever Reactivate = "never"
)

// Secrets says when the password column of an inventory is read and sent.
type Secrets string

// The policies for passwords in an inventory.
const (
	SecretsNever    Secrets = "never"
	SecretsOnCreate Secrets = "on_create"
	SecretsAlways   Secrets = "always" // where they are known to differ from what was sent
	// SecretsOverwrite sends them too where nobody can say whether they differ.
	SecretsOverwrite Secrets = "overwrite"
)

// Replaces says whether the password of a record that is there may be sent.
func (s Secrets) Replaces() bool { return s == SecretsAlways || s == SecretsOverwrite }
