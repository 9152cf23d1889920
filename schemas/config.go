package schemas

import (
	"fmt"
	"net/netip"
	"time"
)

// Config is pamsync.yaml, with its defaults filled in and its paths made usable.
type Config struct {
	Vault       VaultConfig
	Devices     KindConfig
	Credentials KindConfig
	Keys        KindConfig
	Infos       InfosConfig
	Limits      Limits
	Apply       ApplyConfig
	Approval    ApprovalConfig
	Findings    FindingsConfig
	Export      ExportConfig
	Operator    string // the person at work, "" for the name that the system knows
	State       string // folder
	Decisions   string // file, "" for none
	Reports     string // folder
}

// FindingsConfig says what an export of sessions looks for; the zero value looks for nothing.
type FindingsConfig struct {
	Configured  bool
	NoTicket    bool           // neither a request nor an ITSM code
	Hours       []Window       // begun outside of all of them
	LongerThan  time.Duration  // 0 for any length
	Networks    []netip.Prefix // from an address outside of all of them
	Unfinished  bool           // no end
	Reversed    bool           // the end before the start
	Inventory   bool           // target or credential is not in the sources
	PurgeAfter  time.Duration  // the vault's retention, 0 for none
	PurgeWithin time.Duration  // before that, with prevent_purge off
}

// ExportConfig says how exports are made.
type ExportConfig struct {
	AnonymiseKeyFile string // of the pseudonyms; "" for a key of this installation
}

// VaultConfig says where the vault is and who we are.
type VaultConfig struct {
	URL          string
	ClientID     string
	ClientSecret Secret
	API          string // auto, iso or api
	Timezone     string
	RPS          float64
	Burst        int
	Workers      int
	Timeout      time.Duration // for an answer to begin and between two pieces of it; 0 chooses
	CAFile       string
	Fingerprint  string // SHA-256 of the server's certificate, hex
	Access
	// DecryptionKeyFile is the private key of an authorisation that encrypts what it answers, "" for none.
	DecryptionKeyFile string
}

// KindConfig says how one kind of record is reconciled.
type KindConfig struct {
	Sources    []SourceConfig
	Manage     []Field
	Missing    Missing
	Reactivate Reactivate
	Scope      map[Field][]string
	Protect    string
	Secrets    Secrets
	Identify   []Rule
	Normalize  Normalize
	Grace      Grace
	// Precedence names per field the sources that may write it, the first that has a value first;
	// a field that is not in it is written by any, and two that differ are held.
	Precedence map[Field][]string
}

// InfosConfig says how protected information is kept: the vault has no list of it, so that what was
// sent is known from our own runs alone.
type InfosConfig struct {
	Sources []SourceConfig
	Secrets Secrets
	Changed Changed
	Missing Missing
}

// Changed says what to do with protected information whose content is another than what was sent.
type Changed string

// The policies for changed information. The vault documents no update (vault-api a.5): ChangedSend posts
// it under its identifier again, which may make a second record of it.
const (
	ChangedHold Changed = "hold"
	ChangedSend Changed = "send"
)

// Of is the configuration of a kind that the vault lists.
func (c *Config) Of(kind Kind) *KindConfig {
	switch kind {
	case KindCredential:
		return &c.Credentials
	case KindKey:
		return &c.Keys
	}
	return &c.Devices
}

// SourcesOf are the sources of a kind.
func (c *Config) SourcesOf(kind Kind) []SourceConfig {
	if kind == KindInfo {
		return c.Infos.Sources
	}
	return c.Of(kind).Sources
}

// SecretsOf says when the secrets of a kind are read.
func (c *Config) SecretsOf(kind Kind) Secrets {
	switch kind {
	case KindInfo:
		return c.Infos.Secrets
	case KindCredential, KindKey:
		return c.Of(kind).Secrets
	}
	return SecretsNever
}

// Grace is how long a record may be lacking before it goes: in what would be its Runs-th
// absence in a row, and no earlier than Days after the first.
type Grace struct {
	Runs int `json:"runs"`
	Days int `json:"days"`
}

// Normalize says what is taken for the same name or address beside the rule that they are
// compared trimmed and without case.
type Normalize struct {
	Domains []string `json:"domains,omitempty"` // a hostname may have one of them behind it or not; folded, without the leading dot
	IDN     bool     `json:"idn,omitempty"`     // müller.example is xn--mller-kva.example
	IPv6    bool     `json:"ipv6,omitempty"`    // 2001:DB8::1 is 2001:db8:0::1
}

// Rule is one way to find the record that a row means. Those that a configuration lists are tried
// in the order of the constants, whatever its own.
type Rule string

// The rules. Devices know id, hostname and ip, credentials id, username and identifier.
const (
	RuleID         Rule = "id"
	RuleHostname   Rule = "hostname"
	RuleIP         Rule = "ip"         // one listed device, and one row, alone have the address
	RuleUsername   Rule = "username"   // on the device that the row's hostname means
	RuleIdentifier Rule = "identifier" // on that device, and only where the username is ours to change
)

// Manages says whether a field is ours to change.
func (k *KindConfig) Manages(f Field) bool {
	for _, m := range k.Manage {
		if m == f {
			return true
		}
	}
	return false
}

// SourceConfig is one inventory file. Name is the path as configured, Path the one to open.
type SourceConfig struct {
	Name     string
	Path     string
	Format   string // auto, csv, xlsx, json, or the product that the file comes from
	Encoding string // of a text, "" to find it out
	Each     string // the field of which a row may hold several: it is a row for each of them
	Sheet    string // of a workbook, by name or number; "" for the one that fits best
	Password Secret // of a protected workbook
	// PasswordFile is where the password stands.
	PasswordFile string
	// Identity is the private key that opens an export of secrets; IdentityFile and IdentityCommand are
	// where it stands, and what prints it.
	Identity        Secret
	IdentityFile    string
	IdentityCommand string

	Records  string // where the records are, for JSON
	Columns  map[Field]string
	Defaults map[Field]string
	Where    string
	// MaxAge is how old the file may be, 0 for any age. Of an older one nothing is missing, and its
	// values give way to any other source's.
	MaxAge time.Duration
}

// ApplyConfig says how a plan is applied.
type ApplyConfig struct {
	Settle      time.Duration // how long after a lost answer the lists are believed
	MaxDuration time.Duration // 0 for none
	Stages      []StageSize   // after each the lists are read and compared; none is one stage
	Windows     []Window      // in which changes may be begun, in the vault's zone; none is always
	Budget      int           // changes of one night, 0 for no limit
	MaxErrors   int           // failed changes that stop the run, 0 for no number
	ErrorStorm  bool          // stop where most of what is sent fails
}

// ApprovalConfig says whether a second person must approve a plan before it is applied.
type ApprovalConfig struct {
	Signers string        // file of who may, in the form of OpenSSH's allowed_signers; "" asks for no approval
	MaxAge  time.Duration // the longest that an approval may hold
}

// Required says whether a plan needs an approval.
func (a ApprovalConfig) Required() bool { return a.Signers != "" }

// DefaultApprovalAge is how long an approval may hold where the configuration does not say it.
const DefaultApprovalAge = 72 * time.Hour

// Limit stops a plan when n > Floor and (n·100 > Percent·total or n > Count). A negative
// Percent or Count is off; Off switches the whole limit off.
type Limit struct {
	Off     bool    `json:"off,omitempty"`
	Percent float64 `json:"percent"`
	Count   int     `json:"count"`
	Floor   int     `json:"floor"`
}

// Stops says whether n of total is too much.
func (l Limit) Stops(n, total int) bool {
	if l.Off || n <= l.Floor {
		return false
	}
	return (l.Percent >= 0 && float64(n)*100 > l.Percent*float64(total)) || (l.Count >= 0 && n > l.Count)
}

// String is the limit in words that need no language: "5% or 50, from 3 on".
func (l Limit) String() string {
	switch {
	case l.Off, l.Percent < 0 && l.Count < 0:
		return "off"
	case l.Percent >= 0 && l.Count >= 0:
		return fmt.Sprintf("%g%%, %d", l.Percent, l.Count)
	case l.Percent >= 0:
		return fmt.Sprintf("%g%%", l.Percent)
	default:
		return fmt.Sprintf("%d", l.Count)
	}
}

// Limits are the guards of a run, as they are recorded in its plan.
type Limits struct {
	Inactivate Limit `json:"inactivate"`
	Cascade    Limit `json:"cascade"`
	Update     Limit `json:"update"`
	Unreadable int   `json:"unreadable"` // rows; negative is off
	Announced  bool  `json:"announced"`
	// Create and Reactivate are off unless the configuration says otherwise.
	Create     Limit `json:"create"`
	Reactivate Limit `json:"reactivate"`
	// Per are limits on the devices of each value of a field by themselves.
	Per          map[string]ShareLimits `json:"per,omitempty"`
	SourceShrink Limit                  `json:"source_shrink"` // rows fewer than in the last good run
	ViewShrink   Limit                  `json:"view_shrink"`   // ids listed in the last good run and gone, not by us
	NewValues    int                    `json:"new_values"`    // distinct; negative is off
	InUse        int                    `json:"in_use"`        // days; negative is off
	RoundCount   bool                   `json:"round_count"`
	Baseline     bool                   `json:"baseline"`
	// Drop is how many of the open sessions `sessions drop` ends at once; in plans of that verb alone.
	Drop Limit `json:"drop,omitzero"`
}

// ShareLimits are limits on the devices of one site, vendor, model or type.
type ShareLimits struct {
	Inactivate Limit `json:"inactivate"`
	Update     Limit `json:"update"`
}

// DefaultLimits are the limits of a configuration that says nothing.
func DefaultLimits() Limits {
	return Limits{
		Inactivate: Limit{Percent: 5, Count: 50, Floor: 3},
		Cascade:    Limit{Percent: 5, Count: 250, Floor: 50},
		Update:     Limit{Percent: 30, Count: -1, Floor: 3},
		Announced:  true,
		Create:     Limit{Off: true, Percent: -1, Count: -1}, Reactivate: Limit{Off: true, Percent: -1, Count: -1},
		SourceShrink: Limit{Percent: 20, Count: -1, Floor: 3},
		ViewShrink:   Limit{Percent: 5, Count: -1, Floor: 3},
		NewValues:    20, InUse: 7, RoundCount: true, Baseline: true,
		Drop: Limit{Percent: 99, Count: 50, Floor: 3}, // all of them, or many
	}
}

// DefaultConfig is a configuration that says nothing.
func DefaultConfig() Config {
	return Config{
		Vault: VaultConfig{API: "auto", Timezone: "America/Sao_Paulo", RPS: 5, Burst: 1, Workers: 4, Access: Access{Auth: AuthOAuth2, APIV2: APIV2Auto}},
		Devices: KindConfig{
			Manage:  []Field{FieldIP, FieldSite, FieldModel, FieldVendor, FieldType},
			Missing: MissingReport, Reactivate: ReactivateOurs, Identify: []Rule{RuleID, RuleHostname}, Grace: Grace{Runs: 1},
		},
		Credentials: KindConfig{
			Manage:  []Field{FieldCredentialType, FieldDomain, FieldTags, FieldAdditional, FieldParent},
			Missing: MissingReport, Reactivate: ReactivateOurs, Secrets: SecretsNever,
			Identify: []Rule{RuleID, RuleUsername, RuleIdentifier}, Grace: Grace{Runs: 1},
		},
		Keys: KindConfig{
			Manage:  []Field{FieldKeyName, FieldTags, FieldDevices, FieldPublicKey},
			Missing: MissingReport, Reactivate: ReactivateOurs, Secrets: SecretsNever,
			Identify: []Rule{RuleID, RuleIdentifier, RuleUsername}, Grace: Grace{Runs: 1},
		},
		Infos:  InfosConfig{Secrets: SecretsNever, Changed: ChangedHold, Missing: MissingReport},
		Limits: DefaultLimits(),
		Apply:  ApplyConfig{Settle: time.Minute, ErrorStorm: true},
		State:  ".pamsync", Reports: "reports",
	}
}
