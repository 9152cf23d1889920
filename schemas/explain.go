package schemas

// Asked is what somebody wants explained: a row of a source, or a record by its name or id.
type Asked struct {
	Row    int    `json:"row,omitempty"`
	Source string `json:"source,omitempty"` // "" for every source
	Kind   Kind   `json:"kind,omitempty"`   // of Name
	Name   string `json:"name,omitempty"`
	ID     string `json:"id,omitempty"` // the vault's
}

// Explanation is the way of one row or record through a plan, and of its change through a run:
// what `explain --json` prints.
type Explanation struct {
	Subject *Asked `json:"subject,omitempty"` // of the first
	Run     string `json:"run,omitempty"`
	Kind    Kind   `json:"kind"`
	Key     string `json:"key,omitempty"`
	VaultID string `json:"vault_id,omitempty"`
	// Row is the input row that it is about, or the first of several; nil where none asked.
	Row  *Place  `json:"row,omitempty"`
	Rows []Place `json:"rows,omitempty"` // all of them, where there are several
	// Unread says why a source could not be read again: changed, gone, refused.
	Unread []SourceUnread   `json:"unread,omitempty"`
	Cells  []ExplainedCell  `json:"cells"`
	Match  *ExplainedMatch  `json:"matched,omitempty"`
	Fields []ExplainedField `json:"fields"`
	Warned []Said           `json:"warnings,omitempty"` // about its rows
	Guards []ExplainedGuard `json:"guards"`
	Plan   ExplainedPlan    `json:"planned"`
	Calls  []ExplainedCall  `json:"calls"`
	Back   []ExplainedField `json:"read_back,omitempty"`
	Live   *ExplainedLive   `json:"live,omitempty"` // where it was asked for
	Result ExplainedResult  `json:"result"`
	Also   []Explanation    `json:"also,omitempty"` // what else was found, in the first
}

// SourceUnread is a source that is not, or cannot be told to be, what the plan was made from.
type SourceUnread struct {
	Source string `json:"source"`
	Code   string `json:"code"`
}

// ExplainedCell is one cell: where it stands, what is in it, and what became of it.
type ExplainedCell struct {
	Place    Place    `json:"place"`
	Text     string   `json:"text"`
	Withheld string   `json:"withheld,omitempty"` // why Text is not shown
	Field    string   `json:"field,omitempty"`    // "" for a column that is not mapped
	Value    string   `json:"value,omitempty"`
	Notes    []string `json:"notes,omitempty"` // codes of what was done to it
}

// ExplainedMatch is the record that was found, and the rule that found it.
type ExplainedMatch struct {
	Rule       string `json:"rule"` // none where no record was found, "" where the plan does not say
	Key        string `json:"key,omitempty"`
	VaultID    string `json:"vault_id,omitempty"`
	Candidates []Item `json:"candidates,omitempty"`
}

// What became of a field.
const (
	FieldDiffers   = "differs"
	FieldSame      = "same"      // as in the vault
	FieldUnseen    = "unseen"    // as it was sent; the vault does not list the record
	FieldEmpty     = "empty"     // an empty cell: the vault keeps its value
	FieldUnmanaged = "unmanaged" // not ours to change: the vault keeps its value
	FieldNotSent   = "not_sent"  // ours, and yet not sent: overruled, or kept otherwise by the vault
	FieldNew       = "new"       // of a new record
	FieldDefault   = "default"   // of a new record, from the defaults of its source
	FieldAlong     = "along"     // no list shows it; it is sent together with the others
	FieldSilent    = "silent"    // no list shows it, and nothing else is sent
	FieldMade      = "made"      // of a new key: the public half, made of the private one
	FieldLiveSame  = "live_same" // no list shows it, and API v2 does: the same
	FieldLiveOther = "live_other"
	FieldSecret    = "secret"    // will be set; no value is shown
	FieldWithheld  = "withheld"  // a line break is in it, and so may be another row's password
	FieldLast      = "last"      // of a record that goes
	FieldKept      = "kept"      // read back: the vault keeps another value than the one sent
	FieldReadBack  = "read_back" // read back: as it was sent
)

// ExplainedField is what became of one field.
type ExplainedField struct {
	Name   string `json:"name"`
	Status string `json:"status"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// ExplainedGuard is a limit that the change counts into, or what stops the plan.
type ExplainedGuard struct {
	Limit *LimitUse `json:"limit,omitempty"`
	Stop  *Said     `json:"stop,omitempty"`
}

// Said is a problem with its English words.
type Said struct {
	Problem
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// What is planned for a row or record, beside the actions of changes, hold and reject.
const (
	PlannedNothing = "unchanged"  // the record it means has these values
	PlannedUnseen  = "unseen"     // it was sent with these values, and the vault does not list it
	PlannedLeft    = "left_out"   // left as it is by rule
	PlannedGoes    = "goes_along" // it goes with its device
	PlannedUnknown = "not_in_plan"
)

// ExplainedPlan is what is planned, and why. Device is the device that the record goes with.
type ExplainedPlan struct {
	Action  string `json:"action"`
	Change  string `json:"change,omitempty"`
	Rule    string `json:"rule,omitempty"`
	Policy  string `json:"policy,omitempty"` // missing: of its kind, where the inventory lacks it
	Branch  string `json:"branch,omitempty"`
	Device  string `json:"device,omitempty"`
	Cascade []Item `json:"cascade,omitempty"`
	Said    []Said `json:"said,omitempty"` // of a hold, a reject, or what is left
	// Decide are the lines of the decisions' file that would decide a hold.
	Decide []string `json:"decide,omitempty"`
	Secret bool     `json:"secret,omitempty"` // a password goes with it
}

// ExplainedCall is one request of a run, and the answer to it.
type ExplainedCall struct {
	Step     int    `json:"step"`
	Verb     Verb   `json:"verb"`
	Kind     Kind   `json:"kind"`
	ID       string `json:"id,omitempty"`
	Request  string `json:"request,omitempty"` // method and path
	At       string `json:"at"`
	Attempts int    `json:"attempts,omitempty"`
	HTTP     int    `json:"http,omitempty"`
	Effect   Effect `json:"effect,omitempty"` // "" where no answer is recorded
	Said     *Said  `json:"said,omitempty"`
}

// ExplainedResult is how it ended: the status of a change after a run, else planned, stopped,
// held, rejected, left_out or nothing.
type ExplainedResult struct {
	Status string `json:"status"`
	Code   string `json:"code,omitempty"`
	Said   []Said `json:"said,omitempty"`
}

// ExplainedLive is what the vault says of a record at the time of asking: API v2 of a credential, the list of
// credentials of an SSH key. Known is false where it says nothing of it; Unlisted tells that it has no list of
// the kind.
type ExplainedLive struct {
	Known bool `json:"known"`
	V2Credential
	Listed   []ListedKey `json:"listed,omitempty"` // the key, or those that its name may mean
	Unlisted bool        `json:"no_list,omitempty"`
}

// ListedKey is what the vault's list shows of an SSH key.
type ListedKey struct {
	ID         string `json:"id"`
	Identifier string `json:"identifier"`
	Username   string `json:"username"`
	Hostname   string `json:"hostname"`
	IP         string `json:"management_ip"`
	Type       string `json:"type"`
}
