package pipeline

import (
	"strconv"
	"strings"
	"time"

	"pamsync/schemas"
	"pamsync/schemas/filter"
)

// Policy is what the configuration says about a plan.
type Policy struct {
	Devices, Credentials               schemas.KindConfig
	Limits                             schemas.Limits
	ProtectDevices, ProtectCredentials *filter.Filter
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
	p := &planner{Input: in, plan: &schemas.Plan{}, deviceByKey: map[string]*deviceCase{},
		deviceOfRecord: map[int32]*deviceCase{}, deviceClaims: map[int32]int{}, accountOwner: map[int32]*accountCase{}, accountClaims: map[int32]int{}, mentioned: map[int32]bool{},
		counts: map[schemas.Kind]*schemas.KindCounts{}, rows: map[schemas.Kind]*schemas.RowCounts{}}
	p.vaultHost = hostOf(in.VaultURL)
	for _, kind := range []schemas.Kind{schemas.KindDevice, schemas.KindCredential, schemas.KindKey} {
		p.counts[kind] = &schemas.KindCounts{Kind: kind}
		p.rows[kind] = &schemas.RowCounts{}
	}
	p.startRows(schemas.KindDevice, &in.Inventory.Devices)
	p.startRows(schemas.KindCredential, &in.Inventory.Credentials)
	p.planDevices()
	p.planAccounts()
	p.tellAssets()
	p.warnDecisions()
	p.warnUnseen()
	p.sortChanges()
	p.countUnusable()
	p.guard()
	p.summarise()
	return p.plan
}

// planner is the state of one Build.
type planner struct {
	Input
	plan              *schemas.Plan
	devices           []*deviceCase
	deviceByKey       map[string]*deviceCase
	deviceOfRecord    map[int32]*deviceCase
	deviceClaims      map[int32]int // how many requests are sure to mean a listed device
	settled           []int32       // of each listed device: 1 + the row that agrees with it, hasCase, or 0
	accounts          []*accountCase
	accountOwner      map[int32]*accountCase // the request that means a listed account
	accountClaims     map[int32]int          // how many requests may mean a listed account
	doubtfulAddresses map[string]bool        // of rows that are held or rejected
	mentioned         map[int32]bool         // accounts whose identifier some row has
	lacking           []int32                // listed devices that the inventory lacks
	counts            map[schemas.Kind]*schemas.KindCounts
	rows              map[schemas.Kind]*schemas.RowCounts
	wouldGo           map[schemas.Kind]int // inactivations that were planned, held or put off
	used              *Usage
	unfinished        map[string]bool // new names of records that were not carried over, as they are compared
	vaultHost         string
	newValues         map[schemas.Field]map[string]*newValue // by folded text
	distinctNew       int

	former            map[int32][]string                // addresses that listed devices had lately
	formerOf          map[string][]int32                // by address: the devices that had it lately
	rememberedHosts   map[[2]string]*schemas.Remembered // devices, by what is remembered and their name as it is compared
	askedIdentifiers  map[string]*accountCase           // by identifier: the first row that asks for it
	sharedIdentifiers []string                          // asked for by several rows, sorted
}

// state is how far a case is decided.
type state int

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
	state   state
	differ  []schemas.Field // fields in which the rows disagree
	secret  bool            // the rows disagree about the password
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
		refs[i] = schemas.RowRef{Source: p.Inventory.Sources[r.set.source(e)].Name, Row: int(r.set.numbers.get(e))}
	}
	return refs
}

// place is where a field of one row stands.
func (p *planner) place(set *Set, row int32, f schemas.Field) schemas.Place {
	return p.Inventory.Sources[set.source(row)].Locate(int(set.numbers.get(row)), f)
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

// fallback is a value for a field that a create needs and no source may change: what any of
// them says, else a source's default.
func (p *planner) fallback(r *request, f schemas.Field) string {
	for _, e := range r.entries {
		if value := r.set.rows.get(e, f); value != "" {
			return value
		}
	}
	for _, e := range r.entries {
		if d := p.Inventory.Sources[r.set.source(e)].Defaults; d != nil && d[f] != "" {
			return d[f]
		}
	}
	return ""
}

// same compares two values of a field of a device or credential.
func (p *planner) same(f schemas.Field, a, b string) bool {
	return same(f, a, b) || f == schemas.FieldIP && sameIP(&p.Policy.Devices.Normalize, a, b)
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

// reject rejects every row of a request.
func (p *planner) reject(kind schemas.Kind, r *request, key string, problems []schemas.Problem) {
	p.settle(kind, r, rejected)
	for i, ref := range p.refs(r) {
		mine := problems
		if bad := r.set.bad[r.entries[i]]; len(r.entries) > 1 && len(bad) > 0 {
			mine = bad
		}
		p.plan.Rejects = append(p.plan.Rejects, schemas.Reject{Kind: kind, Key: key, Row: ref, Problems: mine})
	}
}

// needs is the problem of a row that lacks what a create needs.
func (p *planner) needs(r *request, missing []schemas.Field) []schemas.Problem {
	var problems []schemas.Problem
	e := r.entries[0]
	for _, f := range missing {
		problems = append(problems, schemas.Problem{Code: "create_needs", Place: p.place(r.set, e, f),
			Args: schemas.Pairs("field", f.String(), "defaults", defaultsHint(f), "key", r.get(schemas.FieldHostname))})
	}
	return problems
}

// defaultsHint offers a default for the fields that many devices share.
func defaultsHint(f schemas.Field) string {
	switch f {
	case schemas.FieldSite, schemas.FieldModel, schemas.FieldVendor, schemas.FieldType:
		return ", defaults: {" + f.String() + ": …}"
	}
	return ""
}

// decision finds what a person decided about a key; target narrows it where both name one.
func (p *planner) decision(kind schemas.Kind, key, target string) *Decision {
	for i := range p.Decisions {
		d := &p.Decisions[i]
		if d.Kind == kind && fold(d.Key) == fold(key) && (target == "" || d.Target == "" || fold(d.Target) == fold(target)) {
			return d
		}
	}
	return nil
}

// warnDecisions names decisions about keys that neither the vault nor the inventory has.
func (p *planner) warnDecisions() {
	if len(p.Decisions) == 0 {
		return
	}
	keys := map[string]bool{}
	for i := range p.Snapshot.NumDevices() {
		keys["device "+fold(p.Snapshot.devices.get(i, schemas.FieldHostname))] = true
	}
	for i := range p.Snapshot.NumAccounts() {
		a := p.Snapshot.AccountAt(i)
		keys["credential "+fold(CredentialKey(a.Username, a.Hostname))] = true
	}
	for _, c := range p.devices {
		keys["device "+fold(c.get(schemas.FieldHostname))] = true
	}
	for _, c := range p.accounts {
		keys["credential "+fold(CredentialKey(c.get(schemas.FieldUsername), c.get(schemas.FieldHostname)))] = true
	}
	for _, d := range p.Decisions {
		if !keys[string(d.Kind)+" "+fold(d.Key)] && p.Memory.hidden(d.Kind, d.Key) == nil {
			p.warn("decision_unused", schemas.Place{}, "key", d.Key)
		}
	}
}

func (p *planner) warn(code string, place schemas.Place, pairs ...string) {
	p.plan.Warnings = append(p.plan.Warnings, schemas.Problem{Code: code, Place: place, Args: schemas.Pairs(pairs...)})
}

// warnEqual names rows that ask for the same thing twice.
func (p *planner) warnEqual(r *request, key string) {
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
