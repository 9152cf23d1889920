package pipeline

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"pamsync/schemas"
	"pamsync/schemas/filter"
)

// Policy is what the configuration says about a plan.
type Policy struct {
	Devices, Credentials, Keys                      schemas.KindConfig
	Infos                                           schemas.InfosConfig
	Limits                                          schemas.Limits
	ProtectDevices, ProtectCredentials, ProtectKeys *filter.Filter
}

// reactivates is what the configuration says of inactive records of a kind that the vault lists.
func (p *Policy) reactivates(kind schemas.Kind) schemas.Reactivate {
	switch kind {
	case schemas.KindDevice:
		return p.Devices.Reactivate
	case schemas.KindKey:
		return p.Keys.Reactivate
	}
	return p.Credentials.Reactivate
}

// Decision is what a person decided about a hold.
type Decision struct {
	Kind     schemas.Kind
	Key      string
	Decision string // new, ignore or rename
	Target   string
}

// Input is all that a plan is made of.
type Input struct {
	Inventory *Inventory
	Snapshot  *Snapshot // already settled with Memory
	Memory    *Memory
	Decisions []Decision
	Policy    Policy
	LastGood  *LastGood // nil where nothing is known of earlier runs
	// Now is the vault's clock where it told its time, else ours.
	Now              time.Time
	VaultURL, Client string
	// Usage reads what the sessions of the last days say. It is asked at most once, and only
	// where something would go; nil where that does not matter.
	Usage func() *Usage
	// Allow are new values of fields that a person has allowed.
	Allow map[schemas.Field][]string
	// Asset is told the asset id that a row gives to a listed device; nil where nobody listens.
	Asset func(id, asset string)
	// Print is the keyed fingerprint of a text.
	Print func(text string) string
}

// Build makes the plan: the same input, and the same answer of Usage, gives the same plan, record
// for record. Beside Usage and Asset it does nothing but decide, and complete the Use of each source.
// Start is left to the caller.
func Build(in Input) *schemas.Plan {
	p := newPlanner(in)
	p.indexDecisions()
	p.startRows(schemas.KindDevice, &in.Inventory.Devices)
	p.startRows(schemas.KindCredential, &in.Inventory.Credentials)
	p.startRows(schemas.KindKey, &in.Inventory.Keys)
	p.startRows(schemas.KindInfo, &in.Inventory.Infos)
	p.readFormer()
	p.planDevices()
	p.planAccounts()
	p.planKeys()
	p.planInfos()
	p.reactivateDragged()
	p.tellAssets()
	p.plan.Warnings = append(p.plan.Warnings, p.Inventory.Told()...)
	p.warnDecisions()
	p.warnUnseen()
	p.warnUncompared()
	p.sortChanges()
	p.countUnusable()
	p.guard()
	p.summarise()
	p.tellUnnamed()
	return p.plan
}

func newPlanner(in Input) *planner {
	p := &planner{Input: in, plan: &schemas.Plan{}, deviceByKey: map[string]*deviceCase{},
		deviceOfRecord: map[int32]*deviceCase{}, deviceClaims: map[int32]int{}, accountOwner: map[int32]*accountCase{}, accountClaims: map[int32]int{}, mentioned: map[int32]bool{}, keyOwner: map[int32]*keyCase{}, keyClaims: map[int32]int{}, keyMeant: map[int32]int{},
		counts: map[schemas.Kind]*schemas.KindCounts{}, rows: map[schemas.Kind]*schemas.RowCounts{}, wouldGo: map[schemas.Kind]int{}, used: &asked{}}
	p.vaultHost = hostOf(in.VaultURL)
	for _, kind := range schemas.RowKinds() {
		p.counts[kind] = &schemas.KindCounts{Kind: kind}
		p.rows[kind] = &schemas.RowCounts{}
	}
	return p
}

// planner is the state of one Build.
type planner struct {
	Input
	plan              *schemas.Plan
	cases             []deviceCase // what devices points to
	devices           []*deviceCase
	deviceByKey       map[string]*deviceCase
	deviceOfRecord    map[int32]*deviceCase
	deviceClaims      map[int32]int // how many requests are sure to mean a listed device
	settled           []int32       // of each listed device: 1 + the row that agrees with it, hasCase, or 0
	accounts          []*accountCase
	accountOwner      map[int32]*accountCase // the request that means a listed account
	accountClaims     map[int32]int          // how many requests may mean a listed account
	accountsByKey     map[string]*accountCase
	keys              []*keyCase
	infos             []*request
	keysOf            map[string][]*keyCase // by user and device
	keyOwner          map[int32]*keyCase    // the request that means a listed key
	keyClaims         map[int32]int         // how many requests may mean a listed key
	keyMeant          map[int32]int         // how many of them mean no other, or one of several alike
	keyIdentifiers    map[string][]asker    // by identifier: who asks that a new key or a credential gets it
	doubtfulAddresses map[string]bool       // of rows that are held or rejected
	mentioned         map[int32]bool        // accounts whose identifier some row has
	lacking           []int32               // listed devices that the inventory lacks
	counts            map[schemas.Kind]*schemas.KindCounts
	rows              map[schemas.Kind]*schemas.RowCounts
	wouldGo           map[schemas.Kind]int // inactivations that were planned, held or put off
	used              *asked
	unsettled         map[string]bool // names, as they are compared, whose credentials nobody can tell while a rename is under way
	renamings         []*renaming
	renamed           map[string]*renaming           // by the new name, as it is compared
	begun             map[string]*schemas.Remembered // renames that an earlier run began, by the id of the record that goes
	waits             map[string]*Decision           // by a name that is given up before it is taken
	decided           decided
	unnamed           map[schemas.Kind][]string // ids of listed records that the inventory does not name
	uncompared        map[schemas.Kind][]string // keys of records whose secret nobody can compare
	vaultHost         string
	newValues         map[schemas.Field]map[string]*newValue // by folded text
	distinctNew       int

	lost              map[schemas.Kind]*lost            // what a good run listed under which name, and now no list does
	former            map[int32][]string                // addresses that listed devices had lately
	formerOf          map[string][]int32                // by address: the devices that had it lately
	rememberedHosts   map[[2]string]*schemas.Remembered // devices, by what is remembered and their name as it is compared
	askedIdentifiers  map[string]*accountCase           // by identifier: the first row that asks for it
	sharedIdentifiers map[string]*accountCase           // the second one
}

// state is how far a case is decided.
type state uint8

const (
	undecided state = iota
	unchanged
	changed
	held
	rejected
	left
)

// request is what one or several equal rows ask for one record.
type request struct {
	set     *Set
	key     string // as it is compared
	entries []int32
	merged  *schemas.Values // of several rows
	differ  []schemas.Field // fields in which the rows disagree
	state   state
	secret  bool // the rows disagree about the password
	ignored bool // a person decided to leave it alone
}

func (r *request) get(f schemas.Field) string {
	if r.merged != nil {
		return r.merged[f]
	}
	return r.set.rows.get(r.entries[0], f)
}

// refs are the input rows of a request.
func (p *planner) refs(r *request) []schemas.RowRef {
	refs := make([]schemas.RowRef, len(r.entries))
	for i, e := range r.entries {
		refs[i] = schemas.RowRef{Source: p.Inventory.Sources[r.set.source(e)].Name, Row: r.set.number(e)}
	}
	return refs
}

// place is where a field of one row stands.
func (p *planner) place(set *Set, row int32, f schemas.Field) schemas.Place {
	return p.Inventory.Sources[set.source(row)].Locate(set.number(row), f)
}

// cell is where the value of a field that counts stands, as a person finds it.
func (p *planner) cell(r *request, f schemas.Field) string {
	if e, ok := p.writer(r, f); ok {
		return p.place(r.set, e, f).String()
	}
	for _, e := range r.entries {
		if r.set.rows.get(e, f) != "" {
			return p.place(r.set, e, f).String()
		}
	}
	return ""
}

// fallback is what a create needs and no row says: the default of a source that may write the
// field, of several that of the one which comes first.
func (p *planner) fallback(r *request, f schemas.Field) (value string) {
	best := 0
	for _, e := range r.entries {
		d := p.Inventory.Sources[r.set.source(e)].Defaults
		if d == nil || d[f] == "" {
			continue
		}
		if rank, may := p.rank(r.set, e, f); may && (value == "" || rank < best) {
			value, best = d[f], rank
		}
	}
	return value
}

// same compares two values of a field of a device or credential.
func (p *planner) same(f schemas.Field, a, b string) bool {
	norm := &p.Policy.Devices.Normalize
	return same(f, a, b) || f == schemas.FieldIP && sameIP(norm, a, b) || f == schemas.FieldHostname && hostKey(norm, a) == hostKey(norm, b)
}

func (p *planner) startRows(kind schemas.Kind, set *Set) {
	p.rows[kind].In, p.rows[kind].LeftOut, p.rows[kind].Rejected = set.In, set.LeftOut, len(set.Rejects)
	p.plan.Rejects = append(p.plan.Rejects, set.Rejects...)
	p.plan.Left = append(p.plan.Left, set.Hidden...)
}

// settle gives the rows of a request their one place in the account.
func (p *planner) settle(kind schemas.Kind, r *request, s state) {
	r.state = s
	n := len(r.entries)
	rows := p.rows[kind]
	switch s {
	case unchanged:
		rows.Unchanged += n
	case changed:
		rows.Changed += n
	case held:
		rows.Held += n
	case rejected:
		rows.Rejected += n
	case left:
		rows.LeftOut += n
	}
}

// hold holds a request, unless a person decided to ignore it.
func (p *planner) hold(r *request, h schemas.Hold) {
	h.Rows = p.refs(r)
	if d := p.decision(h.Kind, h.Key, ""); d != nil && d.Decision == "ignore" {
		r.ignored = true
		p.settle(h.Kind, r, left)
		p.plan.Left = append(p.plan.Left, schemas.Left{Kind: h.Kind, Key: h.Key, VaultID: h.VaultID, Code: "decided_ignore", Rows: h.Rows})
		return
	}
	p.settle(h.Kind, r, held)
	p.plan.Holds = append(p.plan.Holds, h)
}

// holdRecord holds a record of the vault that no row asks for.
func (p *planner) holdRecord(h schemas.Hold) {
	p.plan.Holds = append(p.plan.Holds, h)
}

func (p *planner) leave(l schemas.Left) { p.plan.Left = append(p.plan.Left, l) }

func (p *planner) warn(code string, place schemas.Place, pairs ...string) {
	p.plan.Warnings = append(p.plan.Warnings, schemas.Problem{Code: code, Place: place, Args: schemas.Pairs(pairs...)})
}

// warnEqual names rows that ask for the same thing twice.
func (p *planner) warnEqual(r *request, key string) {
	repeats := func(e int32) bool { return p.Inventory.Sources[r.set.source(e)].Repeats }
	if !slices.ContainsFunc(r.entries, func(e int32) bool { return !repeats(e) }) {
		return
	}
	if len(r.entries) < 2 || len(r.differ) > 0 || r.secret || p.complementary(r) {
		return
	}
	var all []string
	for _, e := range r.entries {
		all = append(all, p.place(r.set, e, schemas.FieldID).String())
	}
	p.warn("rows_equal", p.place(r.set, r.entries[1], schemas.FieldHostname),
		"key", key, "all", strings.Join(all, ", "), "rows", strconv.Itoa(len(r.entries)))
}

func fieldNames(fields []schemas.Field) string {
	names := ""
	for i, f := range fields {
		if i > 0 {
			names += ", "
		}
		names += f.String()
	}
	return names
}
