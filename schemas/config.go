package schemas

import (
	"fmt"
	"time"
)

// Config is pamsync.yaml, with its defaults filled in and its paths made usable.
type Config struct {
	Vault       VaultConfig
	Devices     KindConfig
	Credentials KindConfig
	Limits      Limits
	Apply       ApplyConfig
	Approval    ApprovalConfig
	Operator    string // the person at work, "" for the name that the system knows
	State       string // folder
	Decisions   string // file, "" for none
	Reports     string // folder
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
}

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
	Format   string // auto, csv, xlsx, json, servicenow, netbox
	Sheet    string // of a workbook, by name or number; "" for the one that fits best
	Password Secret // of a protected workbook
	// PasswordFile is where the password stands.
	PasswordFile string
	Records      string // where the records are, for JSON
	Columns      map[Field]string
	Defaults     map[Field]string
	Where        string
}

// ApplyConfig says how a plan is applied.
type ApplyConfig struct {
	Settle      time.Duration // how long after a lost answer the lists are believed
	MaxDuration time.Duration // 0 for none
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
	case l.Off:
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
}

// DefaultLimits are the limits of a configuration that says nothing.
func DefaultLimits() Limits {
	return Limits{
		Inactivate: Limit{Percent: 5, Count: 50, Floor: 3},
		Cascade:    Limit{Percent: 5, Count: 250, Floor: 50},
		Update:     Limit{Percent: 30, Count: -1, Floor: 3},
		Announced:  true,
	}
}

// DefaultConfig is a configuration that says nothing.
func DefaultConfig() Config {
	return Config{
		Vault: VaultConfig{API: "auto", Timezone: "America/Sao_Paulo", RPS: 5, Burst: 1, Workers: 4},
		Devices: KindConfig{
			Manage:  []Field{FieldIP, FieldSite, FieldModel, FieldVendor, FieldType},
			Missing: MissingReport, Reactivate: ReactivateOurs,
		},
		Credentials: KindConfig{
			Manage:  []Field{FieldCredentialType, FieldDomain, FieldTags, FieldAdditional, FieldParent},
			Missing: MissingReport, Reactivate: ReactivateOurs, Secrets: SecretsNever,
		},
		Limits: DefaultLimits(),
		Apply:  ApplyConfig{Settle: time.Minute},
		State:  ".pamsync", Reports: "reports",
	}
}
