package pipeline

import (
	"cmp"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"pamsync/schemas"
)

// Set is what the sources of one kind said. Its readable rows are kept packed and are named by
// their number, in the order in which they came.
type Set struct {
	Configured bool
	Rejects    []schemas.Reject
	Unreadable int // rejected rows whose key cannot be read
	In         int // rows, those left out by `where` included
	LeftOut    int // by `where`, or hidden in a workbook
	// Hidden are the rows that a workbook does not show.
	Hidden []schemas.Left

	rows pack // of a row with a password, the field content holds its keyed fingerprint
	runs []sourceRun
	bad  map[int32][]schemas.Problem // values that must not be sent

	// goes are the keys of records that rows ask to inactivate.
	goes map[string]bool
	// updates are the rows that ask for no new record.
	updates map[int32]bool
	// named are the keys that rejected rows name: those records are not missing.
	named map[string]bool
	// hosts are the devices that rows of a credentials source name, readable or not.
	hosts names
	// guarded are the devices of credential rows whose username cannot be read.
	guarded map[string]bool
	// namedIDs and addresses are what rejected rows say beside their key.
	namedIDs, addresses, identifiers map[string]bool
	// maybe are pieces of cells with a line break in them: keys of rows that may be swallowed.
	maybe map[string]bool
}

// sourceRun says that the rows from first on are of one source, and follow one another in it.
type sourceRun struct {
	first, number int32 // of the first one in the set, and in its source
	source        int
}

// run is the one that a row is in.
func (s *Set) run(row int32) *sourceRun {
	i, found := slices.BinarySearchFunc(s.runs, row, func(r sourceRun, row int32) int { return cmp.Compare(r.first, row) })
	if !found {
		i--
	}
	return &s.runs[i]
}

// source is that of a row.
func (s *Set) source(row int32) int { return s.run(row).source }

// number is that of a row in its source.
func (s *Set) number(row int32) int {
	r := s.run(row)
	return int(r.number + row - r.first)
}

// place notes where the next row stands.
func (s *Set) place(row int32, source, number int) {
	if last := len(s.runs) - 1; last < 0 || s.runs[last].source != source || int(s.runs[last].number+row-s.runs[last].first) != number {
		s.runs = append(s.runs, sourceRun{row, int32(number), source})
	}
}

// password is the keyed fingerprint of a row's password, "" where it has none or none is read.
func (s *Set) password(row int32) string { return s.rows.get(row, schemas.FieldContent) }

// values are those of a row, without its password's fingerprint.
func (s *Set) values(row int32) schemas.Values {
	v := s.rows.values(row)
	v[schemas.FieldContent] = ""
	return v
}

// sets are those of all kinds.
func (inv *Inventory) sets() []*Set {
	return []*Set{&inv.Devices, &inv.Credentials, &inv.Keys, &inv.Infos}
}

// Rows are all rows of all sources, and LeftOut those of them that are left out.
func (inv *Inventory) Rows() (n int) {
	for _, set := range inv.sets() {
		n += set.In
	}
	return n
}

// LeftOut is part of Rows.
func (inv *Inventory) LeftOut() (n int) {
	for _, set := range inv.sets() {
		n += set.LeftOut
	}
	return n
}

// namesHost says whether a row of a user's record names a device, readable or not.
func (inv *Inventory) namesHost(host string) bool {
	return inv.Credentials.hosts.has(host) || inv.Keys.hosts.has(host)
}

// Inventory is what all sources of a run said.
type Inventory struct {
	Devices     Set
	Credentials Set
	Keys        Set
	Infos       Set
	Sources     []SourceInfo
	notes       []schemas.Problem // of good rows
	noted       map[string]int    // how many there are of each code and source
	zeros       map[zeroColumn]*numberColumn
	printKey    []byte
	norm        schemas.Normalize
}

// SourceInfo is one source: its name as configured, where its fields stand, and what its
// defaults are. NextPage is set where the file itself says that there is more of it.
type SourceInfo struct {
	Kind     schemas.Kind
	Name     string
	Locate   func(row int, f schemas.Field) schemas.Place
	Defaults *schemas.Values
	NextPage string
	CutAt    int    // the last row, where it is the last that a program writes
	Trouble  string // what the file itself says went wrong
	// Part tells why the file proves no absence, nil where it does.
	Part schemas.Args
	// Use is what is known of the file; its hash and rows are set when it is read, and Unusable by
	// Build.
	Use schemas.SourceUse
	// Unread are sheets of the file that nobody read, nor decided not to; Suspects may hold records.
	Unread, Suspects []string
	MaxAge           time.Duration
	// Repeats tells that a record stands in several rows of it by rule.
	Repeats bool

	rows, leftOut int
	unreadable    int // rows without a readable key
}

// NewInventory makes an empty inventory; printKey keys the fingerprints of passwords, and norm
// says how names are compared.
func NewInventory(printKey []byte, norm schemas.Normalize) *Inventory {
	return &Inventory{printKey: printKey, norm: norm}
}

// AddSource announces a source and returns its index, which its rows carry.
func (inv *Inventory) AddSource(info SourceInfo) int {
	inv.Sources = append(inv.Sources, info)
	inv.Set(info.Kind).Configured = true
	return len(inv.Sources) - 1
}

// Set are the rows of a kind.
func (inv *Inventory) Set(kind schemas.Kind) *Set {
	switch kind {
	case schemas.KindCredential:
		return &inv.Credentials
	case schemas.KindKey:
		return &inv.Keys
	case schemas.KindInfo:
		return &inv.Infos
	}
	return &inv.Devices
}

// Load takes one row. The row, and the texts in it, may be reused afterwards.
func (inv *Inventory) Load(row *schemas.Row) {
	set := inv.Set(row.Kind)
	set.In++
	inv.Sources[row.Source].rows++
	for _, piece := range row.MayName {
		mark(&set.maybe, hostKey(&inv.norm, piece))
	}
	if row.LeftOut {
		inv.Sources[row.Source].leftOut++
		set.LeftOut++
		return
	}
	given := trim(&row.Values)
	if row.Defaults != nil {
		row.TakeKeyDefaults()
		given = filled(&row.Values)
	}
	if !row.Exact {
		given = inv.empty(row, given)
	}
	fatal, problems := judgeKey(row)
	if row.Hidden {
		inv.hide(set, row, fatal)
		return
	}
	if row.Goes && !fatal && len(row.Problems)+len(problems) == 0 {
		inv.letGo(set, row)
		return
	}
	if len(row.Problems)+len(problems) > 0 {
		inv.reject(set, row, append(append([]schemas.Problem(nil), row.Problems...), problems...), fatal)
		return
	}
	inv.note(row)
	inv.watchZeros(row)
	inv.accept(set, row, given)
}

// mostNotes is how many notes of a code a source has; what is more is counted.
const mostNotes = 1000

// note takes over what is said of a good row.
func (inv *Inventory) note(row *schemas.Row) {
	for _, p := range row.Notes {
		if inv.noted == nil {
			inv.noted = map[string]int{}
		}
		key := strconv.Itoa(row.Source) + " " + p.Code
		if inv.noted[key]++; inv.noted[key] <= mostNotes {
			inv.notes = append(inv.notes, p)
		}
	}
}

// accept keeps a readable row; given has the bits of the fields that it has.
func (inv *Inventory) accept(set *Set, row *schemas.Row, given uint64) {
	if row.Kind.Account() {
		set.hosts.add(hostKey(&inv.norm, row.Values[schemas.FieldHostname]))
	}
	given &^= 1 << schemas.FieldContent
	if !row.Secret.Empty() {
		row.Values[schemas.FieldContent] = row.Secret.Print(inv.printKey)
		given |= 1 << schemas.FieldContent
	}
	n, unsure := set.rows.put(&row.Values, given)
	row.Values[schemas.FieldContent] = ""
	unsure |= given & (1 << schemas.FieldParent) // a word need be no number
	if !row.Exact {
		unsure |= maybeDamaged(row, given)
	}
	if bad := judgeValues(row, unsure&^(1<<schemas.FieldContent|1<<schemas.FieldHostname)); len(bad) > 0 {
		if set.bad == nil {
			set.bad = map[int32][]schemas.Problem{}
		}
		set.bad[n] = bad
	}
	if row.Updates {
		if set.updates == nil {
			set.updates = map[int32]bool{}
		}
		set.updates[n] = true
	}
	set.place(n, row.Source, row.Number)
}

// trim takes blanks away from the ends of values, and gives the bits of the fields that have one.
func trim(v *schemas.Values) uint64 {
	given := filled(v)
	for m := given; m != 0; m &= m - 1 {
		f := bits.TrailingZeros64(m)
		s := v[f]
		if s[0] <= ' ' || s[0] >= utf8.RuneSelf || s[len(s)-1] <= ' ' || s[len(s)-1] >= utf8.RuneSelf {
			if v[f] = strings.TrimSpace(s); v[f] == "" {
				given &^= 1 << f
			}
		}
	}
	return given
}

// mark adds a text to a set that may not be there yet; the text may be reused afterwards.
func mark(set *map[string]bool, text string) {
	if *set == nil {
		*set = map[string]bool{}
	}
	if !(*set)[text] {
		(*set)[strings.Clone(text)] = true
	}
}

// letGo leaves a row out that asks for its record to be inactivated, and notes the record.
func (inv *Inventory) letGo(set *Set, row *schemas.Row) {
	host := hostKey(&inv.norm, row.Values[schemas.FieldHostname])
	switch {
	case row.Kind == schemas.KindInfo:
		mark(&set.goes, fold(row.Values[schemas.FieldIdentifier]))
	case row.Kind.Account():
		mark(&set.goes, fold(row.Values[schemas.FieldUsername])+"@"+host)
	default:
		mark(&set.goes, host)
	}
	set.LeftOut++
}

// hide leaves a hidden row out, and keeps what it names from being taken for missing, as a
// rejected row's is; where its key cannot be read, nothing is.
func (inv *Inventory) hide(set *Set, row *schemas.Row, fatal bool) {
	l := schemas.Left{Kind: row.Kind, Code: "hidden_row", Rows: []schemas.RowRef{{Source: inv.Sources[row.Source].Name, Row: row.Number}}}
	l.Key = inv.protect(set, row, fatal)
	set.Hidden = append(set.Hidden, l)
	set.LeftOut++
	inv.Sources[row.Source].leftOut++
}

// protect notes all that a row says of a record, so that the record is not missing, and returns
// the row's key as far as it can be read. Fatal tells that not even the device can be told: then
// nothing of the kind is missing.
func (inv *Inventory) protect(set *Set, row *schemas.Row, fatal bool) (key string) {
	hostname, username := row.Values[schemas.FieldHostname], row.Values[schemas.FieldUsername]
	mark(&set.namedIDs, row.Values[schemas.FieldID])
	if identifier := row.Values[schemas.FieldIdentifier]; identifier != "" {
		mark(&set.identifiers, fold(identifier))
	}
	if ip := row.Values[schemas.FieldIP]; ip != "" {
		mark(&set.addresses, addressKey(ip))
	}
	host := hostKey(&inv.norm, hostname)
	switch {
	case fatal:
		set.Unreadable++
		return ""
	case row.Kind == schemas.KindInfo:
		mark(&set.named, fold(row.Values[schemas.FieldIdentifier]))
		return strings.Clone(row.Values[schemas.FieldIdentifier])
	case row.Kind == schemas.KindDevice:
		mark(&set.named, host)
		return strings.Clone(hostname)
	}
	set.hosts.add(host)
	if username == "" || schemas.Damage(username) != "" { // it may be any user's
		mark(&set.guarded, host)
	}
	if username == "" {
		return "@" + hostname
	}
	mark(&set.named, fold(CredentialKey(username, host)))
	return CredentialKey(username, hostname)
}

func (inv *Inventory) reject(set *Set, row *schemas.Row, problems []schemas.Problem, fatal bool) {
	r := schemas.Reject{Kind: row.Kind, Row: schemas.RowRef{Source: inv.Sources[row.Source].Name, Row: row.Number}, Problems: problems}
	r.Key = inv.protect(set, row, fatal)
	if fatal {
		inv.Sources[row.Source].unreadable++
	}
	set.Rejects = append(set.Rejects, r)
}
