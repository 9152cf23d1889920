package pipeline

import (
	"strconv"
	"strings"
	"unicode"

	"pamsync/schemas"
)

// Entry is one readable row of an inventory, kept compactly.
type Entry struct {
	values packed
	source int32
	row    int32
	print  string // keyed fingerprint of the password, where passwords are read
	bad    []schemas.Problem
}

// Set is what the sources of one kind said.
type Set struct {
	Configured bool
	Entries    []Entry
	Rejects    []schemas.Reject
	Unreadable int // rejected rows whose key cannot be read
	In         int // rows, those left out by `where` included
	LeftOut    int // by `where`, or hidden in a workbook
	// Hidden are the rows that a workbook does not show.
	Hidden []schemas.Left
	// named are the keys that rejected rows name: those records are not missing.
	named map[string]bool
	// hosts are the devices that rows of a credentials source name, readable or not.
	hosts map[string]bool
	// guarded are the devices of credential rows whose username cannot be read.
	guarded map[string]bool
	// namedIDs and addresses are what rejected rows say beside their key.
	namedIDs, addresses, identifiers map[string]bool
	// maybe are pieces of cells with a line break in them: keys of rows that may be swallowed.
	maybe map[string]bool
}

// Inventory is what all sources of a run said.
type Inventory struct {
	Devices     Set
	Credentials Set
	Sources     []SourceInfo
	printKey    []byte
	shared      map[string]string
}

// SourceInfo is one source: its name as configured, where its fields stand, and what its
// defaults are. NextPage is set where the file itself says that there is more of it.
type SourceInfo struct {
	Kind     schemas.Kind
	Name     string
	Locate   func(row int, f schemas.Field) schemas.Place
	Defaults *schemas.Values
	NextPage string
	Trouble  string // what the file itself says went wrong
	// Unread are sheets of the file that nobody read, nor decided not to; Suspects may hold records.
	Unread, Suspects []string

	rows, leftOut int
}

// NewInventory makes an empty inventory; printKey keys the fingerprints of passwords.
func NewInventory(printKey []byte) *Inventory {
	return &Inventory{printKey: printKey, shared: map[string]string{}}
}

// AddSource announces a source and returns its index, which its rows carry.
func (inv *Inventory) AddSource(info SourceInfo) int {
	inv.Sources = append(inv.Sources, info)
	inv.set(info.Kind).Configured = true
	return len(inv.Sources) - 1
}

func (inv *Inventory) set(kind schemas.Kind) *Set {
	if kind == schemas.KindCredential {
		return &inv.Credentials
	}
	return &inv.Devices
}

// Load takes one row. The row may be reused afterwards.
func (inv *Inventory) Load(row *schemas.Row) {
	set := inv.set(row.Kind)
	if set.named == nil {
		set.named, set.hosts, set.guarded, set.maybe = map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
		set.namedIDs, set.addresses, set.identifiers = map[string]bool{}, map[string]bool{}, map[string]bool{}
	}
	set.In++
	inv.Sources[row.Source].rows++
	for _, piece := range row.MayName {
		key := fold(strings.Clone(piece))
		set.maybe[key] = true
	}
	if row.LeftOut {
		inv.Sources[row.Source].leftOut++
		set.LeftOut++
		return
	}
	for f, value := range row.Values {
		if value != "" {
			row.Values[f] = strings.TrimSpace(value)
		}
	}
	hostname := row.Values[schemas.FieldHostname]
	if hostname == "" && row.Defaults != nil {
		hostname = row.Defaults[schemas.FieldHostname]
		row.Values[schemas.FieldHostname] = hostname
	}
	if row.Kind == schemas.KindCredential && row.Values[schemas.FieldUsername] == "" && row.Defaults != nil {
		row.Values[schemas.FieldUsername] = row.Defaults[schemas.FieldUsername]
	}
	fatal, keyProblems := judgeKey(row)
	if row.Hidden {
		inv.hide(set, row, fatal)
		return
	}
	problems := append(append([]schemas.Problem(nil), row.Problems...), keyProblems...)
	if len(problems) > 0 {
		inv.reject(set, row, problems, fatal)
		return
	}
	entry := Entry{values: pack(&row.Values, inv.shared), source: int32(row.Source), row: int32(row.Number), bad: judgeValues(row)}
	if !row.Secret.Empty() {
		entry.print = row.Secret.Print(inv.printKey)
	}
	if row.Kind == schemas.KindCredential {
		note(set.hosts, fold(hostname))
	}
	set.Entries = append(set.Entries, entry)
}

// note adds a text of a row to a set, as a copy of its own.
func note(set map[string]bool, text string) {
	if !set[text] {
		set[strings.Clone(text)] = true
	}
}

// hide leaves a hidden row out, and keeps what it names from being taken for missing, as a
// rejected row's is; where its key cannot be read, nothing is.
func (inv *Inventory) hide(set *Set, row *schemas.Row, fatal bool) {
	l := schemas.Left{Kind: row.Kind, Code: "hidden_row", Rows: []schemas.RowRef{{Source: inv.Sources[row.Source].Name, Row: row.Number}}}
	l.Key = set.protect(row, fatal)
	set.Hidden = append(set.Hidden, l)
	set.LeftOut++
	inv.Sources[row.Source].leftOut++
}

// protect notes all that a row says of a record, so that the record is not missing, and returns
// the row's key as far as it can be read. Fatal tells that not even the device can be told: then
// nothing of the kind is missing.
func (s *Set) protect(row *schemas.Row, fatal bool) (key string) {
	hostname, username := row.Values[schemas.FieldHostname], row.Values[schemas.FieldUsername]
	s.namedIDs[strings.Clone(row.Values[schemas.FieldID])] = true
	if identifier := row.Values[schemas.FieldIdentifier]; identifier != "" {
		note(s.identifiers, fold(identifier))
	}
	if ip := row.Values[schemas.FieldIP]; ip != "" {
		note(s.addresses, addressKey(ip))
	}
	switch {
	case fatal:
		s.Unreadable++
		return ""
	case row.Kind == schemas.KindDevice:
		note(s.named, fold(hostname))
		return strings.Clone(hostname)
	}
	note(s.hosts, fold(hostname))
	if username == "" {
		note(s.guarded, fold(hostname))
		return "@" + strings.Clone(hostname)
	}
	key = strings.Clone(CredentialKey(username, hostname))
	s.named[fold(key)] = true
	return key
}

func (inv *Inventory) reject(set *Set, row *schemas.Row, problems []schemas.Problem, fatal bool) {
	r := schemas.Reject{Kind: row.Kind, Row: schemas.RowRef{Source: inv.Sources[row.Source].Name, Row: row.Number}, Problems: problems}
	r.Key = set.protect(row, fatal)
	set.Rejects = append(set.Rejects, r)
}

// judgeKey finds what makes a row's key unreadable. Fatal is set where not even the device can
// be told, so that nothing of the kind may be taken for missing.
func judgeKey(row *schemas.Row) (fatal bool, problems []schemas.Problem) {
	bad := func(f schemas.Field, code string) {
		problems = append(problems, schemas.Problem{Code: code, Place: row.Place(f)})
	}
	for _, p := range row.Problems {
		if p.Code == "ragged" || p.Code == "record_no_object" || p.Code == "member_twice" {
			return true, nil
		}
	}
	hostname := row.Values[schemas.FieldHostname]
	switch {
	case hostname == "" || badField(row, schemas.FieldHostname):
		fatal = true
		if !badField(row, schemas.FieldHostname) {
			bad(schemas.FieldHostname, "no_hostname")
		}
	case hasControl(hostname) || len(hostname) > 255:
		fatal = true
		bad(schemas.FieldHostname, "bad_hostname")
	}
	if row.Kind != schemas.KindCredential {
		return fatal, problems
	}
	username := row.Values[schemas.FieldUsername]
	if username == "" && !badField(row, schemas.FieldUsername) {
		bad(schemas.FieldUsername, "no_username")
	} else if hasControl(username) {
		row.Values[schemas.FieldUsername] = ""
		bad(schemas.FieldUsername, "bad_username")
	}
	return fatal, problems
}

// badField tells that the reader already found the field to be no text.
func badField(row *schemas.Row, f schemas.Field) bool {
	for _, p := range row.Problems {
		if p.Args["field"] == f.String() {
			return true
		}
	}
	return false
}

// judgeValues finds values that must not be sent. They are held against the row only where
// they would be: what the vault already has is not rejected.
func judgeValues(row *schemas.Row) []schemas.Problem {
	var bad []schemas.Problem
	add := func(f schemas.Field, code string) {
		bad = append(bad, schemas.Problem{Code: code, Place: row.Place(f), Args: schemas.Pairs("field", f.String(), "value", strings.Clone(row.Values[f]))})
	}
	for i, value := range row.Values {
		f := schemas.Field(i)
		switch {
		case value == "":
		case f == schemas.FieldIP && problemIP(value) != "":
			add(f, problemIP(value))
		case f == schemas.FieldIdentifier && !validIdentifier(value):
			add(f, "bad_identifier")
		case f == schemas.FieldID && !digits(value):
			add(f, "bad_id")
		case f == schemas.FieldParent && !digits(value):
			add(f, "bad_parent")
		case f == schemas.FieldAdditional && !hasControl(strings.NewReplacer("\n", "", "\r", "", "\t", "").Replace(value)):
			// a note may have several lines
		case hasControl(value):
			add(f, "control_character")
		}
	}
	return bad
}

// validIdentifier is the charset that the vault accepts (vault-api a.3).
func validIdentifier(s string) bool {
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r == '.':
		default:
			return false
		}
	}
	return true
}

func digits(s string) bool {
	_, err := strconv.ParseUint(s, 10, 64)
	return err == nil
}

func hasControl(s string) bool {
	return strings.ContainsFunc(s, unicode.IsControl)
}
