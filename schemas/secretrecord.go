package schemas

// SecretRecord is a record of the vault with what it keeps secret, as reading one of it gives it
// (vault-api a.3 to a.5). Texts are the vault's own, null is "". What a list says beside it is there too,
// where the record was found on a list.
type SecretRecord struct {
	Kind       Kind // credential, key or info
	ID         string
	Identifier string
	Username   string
	Name       string // of a key, or of protected information
	Type       string // of a credential as listed, or of protected information
	Hostname   string
	IP         string
	Port       string
	Domain     string
	Additional string
	Parent     string // the parent credential's username
	ParentID   string // its id in this vault
	Expiration string
	PublicKey  string
	Tags       []string
	Devices    []Installed // those that a key is installed on
	Device     Device      // what the lists say of the record's device
	Secret     Secret      // the password, the private key, or the protected content
	Second     Secret      // the passphrase of a private key
}

// Installed is a device that a key is installed on.
type Installed struct {
	Hostname string `json:"hostname"`
	IP       string `json:"ip"`
}

// Reading is what a plan of reading secrets asks for beside its changes, each of which reads one record.
type Reading struct {
	Kind       Kind     `json:"kind"`
	Out        string   `json:"out"` // the full path of the file, "-" for stdout
	Recipients []string `json:"recipients"`
	Release    bool     `json:"release,omitempty"` // custody is given back after each
	By         ChosenBy `json:"by,omitempty"`      // "" in plans of earlier builds
}

// ChosenBy is how the records of an export of secrets were chosen.
type ChosenBy string

// Only of the first can be said that a record which is not there does not exist.
const (
	ChosenAll   ChosenBy = "all"   // all of the kind that the vault lists
	ChosenMatch ChosenBy = "match" // those that fit a filter
	ChosenRows  ChosenBy = "rows"  // those that rows of a file name
)

// Custody is what a reading did to the custody of a credential.
type Custody string

// Reading a credential takes its custody (vault-api c.2); of keys and protected information nothing is known.
const (
	CustodyNone     Custody = ""
	CustodyTaken    Custody = "taken"
	CustodyReleased Custody = "released"
	CustodyKept     Custody = "kept" // its release was asked for, and did not succeed
	CustodyUnknown  Custody = "unknown"
)

// Audit is one line of the record of what was read: who read what, when, and how it ended. It never says
// anything of a secret.
type Audit struct {
	At       string  `json:"at"` // RFC 3339, UTC
	Run      string  `json:"run"`
	Operator string  `json:"operator"`
	Client   string  `json:"client"`
	Vault    string  `json:"vault"`
	Verb     Verb    `json:"verb"`
	Kind     Kind    `json:"kind"`
	VaultID  string  `json:"vault_id"`
	Key      string  `json:"key"`
	Outcome  Status  `json:"outcome"`
	Code     string  `json:"code"`
	HTTP     int     `json:"http"`
	Custody  Custody `json:"custody"`
}
