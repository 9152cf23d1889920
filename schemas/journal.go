package schemas

// Intent announces a call, before it is made. Step counts the calls of one change from 1.
type Intent struct {
	Change string `json:"change"`
	Step   int    `json:"step"`
	Verb   Verb   `json:"verb"`
	Kind   Kind   `json:"kind"`
	ID     string `json:"id,omitempty"`
	At     string `json:"at"`
}

// Outcome says what is known of a change after a call, or why no call was made.
// Final is set where nothing more will be done for the change in this run.
type Outcome struct {
	Change  string `json:"change"`
	Step    int    `json:"step,omitempty"`
	Effect  Effect `json:"effect,omitempty"`
	Status  Status `json:"status,omitempty"` // set with Final
	Final   bool   `json:"final,omitempty"`
	Code    string `json:"code,omitempty"`
	Args    Args   `json:"args,omitempty"`
	VaultID string `json:"vault_id,omitempty"`
	// Refusal is the vault's code of a refusal that the list must settle, 0 for a lost answer.
	Refusal  int    `json:"refusal,omitempty"`
	HTTP     int    `json:"http,omitempty"`
	Attempts int    `json:"attempts,omitempty"`
	At       string `json:"at"`
}

// Finding is what the read-back saw of a change that is done: a code (not_kept, not_visible)
// and, for not_kept, the field with both values.
type Finding struct {
	Change string `json:"change"`
	Code   string `json:"code"`
	Field  string `json:"field,omitempty"`
	Sent   string `json:"sent,omitempty"`
	Kept   string `json:"kept,omitempty"`
}

// Standing remembers what is active on a device right before it is inactivated: what a later undo
// brings back.
type Standing struct {
	Change string `json:"change"`
	Items  []Item `json:"items"`
}

// Listed remembers what the list read at the start of a run showed: the highest id per kind
// (0 where ids are no numbers), so that an answered id can be told old or new after a restart.
type Listed struct {
	MaxDevice     uint64 `json:"max_device"`
	MaxCredential uint64 `json:"max_credential"`
}

// Finish ends a journal: nothing is left to do for this run. A journal without one can be
// resumed. Stop names why a run ended early.
type Finish struct {
	Exit int      `json:"exit"`
	Stop *Problem `json:"stop,omitempty"`
	At   string   `json:"at"`
}

// BudgetSpent is the code of a stop that leaves the rest of a plan to another night.
const BudgetSpent = "budget_spent"

// Result is how one change, hold or rejected row ended, as result files say it.
type Result struct {
	Change   string `json:"change,omitempty" csv:"-"`
	Kind     Kind   `json:"kind" csv:"kind"`
	Action   Action `json:"action" csv:"action"`
	Key      string `json:"key" csv:"key"`
	Status   Status `json:"status" csv:"status"`
	VaultID  string `json:"vault_id" csv:"vault_id"`
	Source   string `json:"source" csv:"source"`
	Row      string `json:"row" csv:"row"`
	Code     string `json:"code" csv:"code"`
	Message  string `json:"message" csv:"message"`
	Attempts int    `json:"attempts" csv:"attempts"`
	// Problems are what Message says in English, for a reader of another language.
	Problems []Problem `json:"-" csv:"-"`
}

// Total is the last record of a result file: what --json prints.
type Total struct {
	Run     string       `json:"run"`
	Exit    int          `json:"exit"`
	Rows    RowCounts    `json:"rows"`
	Changes ChangeCounts `json:"changes"`
}

// Remembered is one line of the state folder: what an earlier run learned about a record.
// It holds no secret and no value of a write-only field, only keyed fingerprints of them.
type Remembered struct {
	What   string `json:"what"`
	Kind   Kind   `json:"kind"`
	ID     string `json:"id,omitempty"`
	Key    string `json:"key"`
	Device string `json:"device,omitempty"`
	// DeviceID is the vault's id of the device on which it hung, "" from an earlier build.
	DeviceID string `json:"device_id,omitempty"`
	Values   Values `json:"values,omitzero"`
	Dragged  []Item `json:"dragged,omitempty"`
	Listed   bool   `json:"still_listed,omitempty"`
	Field    string `json:"field,omitempty"`
	Sent     string `json:"sent,omitempty"`
	Kept     string `json:"kept,omitempty"`
	Print    string `json:"print,omitempty"`
	Run      string `json:"run,omitempty"`
	// Old is the id of the device whose new record this is, and Device its hostname.
	Old string `json:"old,omitempty"`
	At  string `json:"at,omitempty"` // of an address: when it was taken, RFC 3339, UTC
}

// What can be remembered.
const (
	RememberInactive   = "inactivated" // by our own run; Listed where the vault lists it all the same
	RememberNotVisible = "not_visible" // written, but the vault does not list it to us
	RememberNotKept    = "not_kept"    // the vault keeps another value than the one sent
	RememberPrint      = "fingerprint" // of a write-only field that we sent
	RememberRenaming   = "renaming"    // our own run made the new record, and the old one is there still
	RememberFormer     = "former"      // the address that a device had (kept) before our own change
	RememberDoubt      = "doubt"       // a change (sent) of protected information of which nobody knows what became
	// RememberNotInstalled are the devices (kept) that a key was not installed on when it was sent last.
	RememberNotInstalled = "not_installed"
)
