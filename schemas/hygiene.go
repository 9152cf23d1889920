package schemas

// Hygiene is what `hygiene --json` prints: how many records were looked at, and what was found.
type Hygiene struct {
	Devices     int      `json:"devices"`
	Credentials int      `json:"credentials"` // and keys
	Found       []Untidy `json:"found"`
}

// Untidy is something in the vault's own lists that makes it unsure who is who, or that grows into
// it: records that look like one another, and what hangs on nothing. Nothing is changed for it.
type Untidy struct {
	Code  string       `json:"code"`
	Field string       `json:"field,omitempty"` // of values that look alike
	Key   string       `json:"key"`             // what they have in common
	Items []UntidyItem `json:"items,omitempty"`
	// Values are texts that look like one, each with the number of devices that have it.
	Values []ValueCount `json:"values,omitempty"`
}

// UntidyItem is a record of a finding: IP is a device's, Type and Identifier are a credential's.
type UntidyItem struct {
	Kind       Kind   `json:"kind"`
	ID         string `json:"id"`
	Key        string `json:"key"`
	IP         string `json:"ip,omitempty"`
	Type       string `json:"type,omitempty"`
	Identifier string `json:"identifier,omitempty"`
}

// ValueCount is one value of a field and how many listed devices have it.
type ValueCount struct {
	Value string `json:"value"`
	N     int    `json:"n"`
}
