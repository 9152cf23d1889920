package pipeline_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pamsync/pipeline"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// bench is a vault with records of one kind that our own first run made, and what a next run's rows of that kind
// say. Records are called by a word; those of accounts stand on the device "home".
type bench struct {
	*nightly
	t    *testing.T
	kind schemas.Kind

	stale     bool            // the source is older than it may be
	announced int             // of each list, beyond what it has
	hidden    map[string]bool // ids that the lists do not show
	spoil     atomic.Int64    // what happens to the next write, a vaultsim.Fault
}

const benchHome = "home"

// newBench makes the records by a first good run; where names is empty there are none yet.
func newBench(t *testing.T, kind schemas.Kind, names ...string) *bench {
	t.Helper()
	sim := &vaultsim.Vault{}
	if kind.Account() {
		sim.AddDevice(vaultsim.Device{Hostname: benchHome, IP: "10.0.0.1", Site: "LAX", Model: "CentOS 7", Vendor: "CentOS", Type: "Server"})
	}
	b := &bench{nightly: newNightly(newWorld(t, sim)), t: t, kind: kind, hidden: map[string]bool{}}
	sim.Fault = func(r vaultsim.Request) vaultsim.Fault {
		if isWrite(r) {
			return vaultsim.Fault(b.spoil.Swap(0))
		}
		return vaultsim.NoFault
	}
	p := &b.w.policy
	p.Keys, p.Infos = schemas.DefaultConfig().Keys, schemas.DefaultConfig().Infos
	p.Keys.Secrets, p.Infos.Secrets = schemas.SecretsOnCreate, schemas.SecretsOnCreate
	for _, l := range []*schemas.Limit{&p.Limits.Inactivate, &p.Limits.Cascade, &p.Limits.Update} {
		l.Off = true
	}
	b.missing(schemas.MissingInactivate)
	if len(names) > 0 {
		b.mustEnd(b.night(b.rows(names...)...), schemas.ActionCreate, len(names))
	}
	return b
}

// missing says what becomes of what the inventory lacks.
func (b *bench) missing(m schemas.Missing) {
	p := &b.w.policy
	switch b.kind {
	case schemas.KindDevice:
		p.Devices.Missing = m
	case schemas.KindCredential:
		p.Credentials.Missing = m
	case schemas.KindKey:
		p.Keys.Missing = m
	default:
		p.Infos.Missing = m
	}
}

// config is the policy of a kind that the vault lists.
func (b *bench) config() *schemas.KindConfig {
	switch b.kind {
	case schemas.KindDevice:
		return &b.w.policy.Devices
	case schemas.KindCredential:
		return &b.w.policy.Credentials
	}
	return &b.w.policy.Keys
}

// word is a field of the kind that a row may leave out, and that is ours to change.
func (b *bench) word() schemas.Field {
	switch b.kind {
	case schemas.KindDevice:
		return schemas.FieldModel
	case schemas.KindCredential:
		return schemas.FieldCredentialType
	case schemas.KindKey:
		return schemas.FieldKeyName
	}
	return schemas.FieldName
}

// secretOf is what a record keeps, and what no plan or journal may show.
func secretOf(name string) schemas.Secret { return schemas.NewSecret("Canary-" + name) }

// row is a good row of a record.
func (b *bench) row(name string) schemas.Row {
	r := schemas.Row{Kind: b.kind}
	v := &r.Values
	switch b.kind {
	case schemas.KindDevice:
		r.Values = device(name, fmt.Sprintf("10.0.1.%d", name[0]), "LAX")
	case schemas.KindCredential:
		r.Values = account(name, benchHome, "Local User")
		v[schemas.FieldIdentifier] = "id-" + name
	case schemas.KindKey:
		r.Values = account(name, benchHome, "")
		v[schemas.FieldIdentifier], v[schemas.FieldPublicKey], v[schemas.FieldKeyName], r.Secret = "id-"+name, "ssh-ed25519 "+name, "of "+name, secretOf(name)
	case schemas.KindInfo:
		v[schemas.FieldIdentifier], v[schemas.FieldName], v[schemas.FieldType], r.Secret = name, "of "+name, "License", secretOf(name)
	}
	return r
}

func (b *bench) rows(names ...string) (rows []schemas.Row) {
	for _, name := range names {
		rows = append(rows, b.row(name))
	}
	return rows
}

// with is a row with another value.
func with(r schemas.Row, f schemas.Field, value string) schemas.Row {
	r.Values[f] = value
	return r
}

// inventory is a source for each kind of which there are rows, and one of the bench's kind in any case.
func (b *bench) inventory(rows []schemas.Row) *pipeline.Inventory {
	inv := pipeline.NewInventory(b.w.key, b.w.policy.Devices.Normalize)
	sources, numbers := map[schemas.Kind]int{}, map[schemas.Kind]int{}
	at := func(kind schemas.Kind, row int, f schemas.Field) schemas.Place {
		return schemas.Place{Source: string(kind) + ".csv", Row: row, Col: int(f)}
	}
	add := func(kind schemas.Kind) {
		if _, known := sources[kind]; !known {
			name := string(kind) + ".csv"
			sources[kind] = inv.AddSource(pipeline.SourceInfo{Kind: kind, Name: name, MaxAge: time.Hour, Use: schemas.SourceUse{Kind: kind, Path: name, Stale: b.stale},
				Locate: func(row int, f schemas.Field) schemas.Place { return at(kind, row, f) }})
		}
	}
	add(b.kind)
	for _, row := range rows {
		add(row.Kind)
		numbers[row.Kind]++
		n := numbers[row.Kind] + 1
		row.Source, row.Number = sources[row.Kind], n
		row.Place = func(f schemas.Field) schemas.Place { return at(row.Kind, n, f) }
		inv.Load(&row)
		inv.Sources[row.Source].Use.Rows++
	}
	return inv
}

// planned makes the plan of a night.
func (b *bench) planned(rows ...schemas.Row) *schemas.Plan {
	b.t.Helper()
	b.run++
	b.at = b.at.AddDate(0, 0, 1)
	plan := b.plan(b.inventory(rows), b.listed())
	plan.Start.Run = b.planRun()
	return plan
}

func (b *bench) planRun() string { return fmt.Sprintf("202601%02dT030000Z-aaaa", b.run) }

func (b *bench) listed() *pipeline.Snapshot {
	b.t.Helper()
	return b.snapshot(benchLists{b})
}

// benchLists are the vault's lists, less what is hidden, and announced as the bench says.
type benchLists struct{ *bench }

func (l benchLists) Devices(ctx context.Context, yield func(*schemas.Device) error) (schemas.Listing, error) {
	hidden := 0
	listing, err := l.w.client.Reader().Devices(ctx, func(d *schemas.Device) error {
		if l.kind == schemas.KindDevice && l.hidden[d.ID] {
			hidden++
			return nil
		}
		return yield(d)
	})
	return l.told(listing, hidden), err
}

func (l benchLists) Credentials(ctx context.Context, yield func(*schemas.Credential) error) (schemas.Listing, error) {
	hidden := 0
	listing, err := l.w.client.Reader().Credentials(ctx, func(c *schemas.Credential) error {
		if l.kind.Account() && l.hidden[c.ID] {
			hidden++
			return nil
		}
		return yield(c)
	})
	return l.told(listing, hidden), err
}

func (l benchLists) told(listing schemas.Listing, hidden int) schemas.Listing {
	listing.Read -= hidden
	listing.Announced += l.announced - hidden
	return listing
}

// carried is a plan that was applied, and how.
type carried struct {
	plan    *schemas.Plan
	journal *tape
	results []schemas.Result
	writes  int
}

// applied applies a plan, and what comes of it is remembered.
func (b *bench) applied(plan *schemas.Plan) carried {
	b.t.Helper()
	return b.appliedOn(plan, &tape{left: -1})
}

// appliedOn goes on with a journal.
func (b *bench) appliedOn(plan *schemas.Plan, journal *tape) carried {
	b.t.Helper()
	c := carried{plan: plan, journal: journal}
	before := b.writes()
	run := &pipeline.Run{Plan: plan, Past: journal.past(), Vault: b.w.client.Reader(), Send: b.w.client.Writer().Do, Journal: c.journal.append,
		Secret: func(c *schemas.Change) (schemas.Secret, error) { return secretOf(recordName(c)), nil },
		Memory: b.w.memory, LastGood: b.good, Policy: b.w.policy, Workers: 4, Now: time.Now,
		Sleep: func(context.Context, time.Duration) error { return nil }}
	if err := run.Apply(context.Background()); err != nil {
		b.t.Fatal(err)
	}
	c.writes = b.writes() - before
	past := c.journal.past()
	c.results = pipeline.Replay(plan, past)
	name := "run" + strconv.Itoa(b.run)
	pipeline.Remember(b.w.memory, plan, past, name, b.print, func(c *schemas.Change) string { return secretOf(recordName(c)).Print(b.w.key) })
	b.good.Name(plan)
	b.good.Remember(pipeline.Night{Run: name, Client: "client", At: b.at, Plan: plan, Results: c.results, Views: []*pipeline.Snapshot{run.Listed()}, Print: b.print})
	return c
}

// night plans and applies.
func (b *bench) night(rows ...schemas.Row) carried {
	b.t.Helper()
	plan := b.planned(rows...)
	if !plan.Applicable() {
		b.t.Fatalf("the plan is stopped: %+v", plan.Summary.Stop)
	}
	return b.applied(plan)
}

// writes counts the writes that the vault received.
func (b *bench) writes() int {
	n := 0
	for _, r := range b.w.sim.Log() {
		if isWrite(r) {
			n++
		}
	}
	return n
}

func isWrite(r vaultsim.Request) bool {
	return r.Method != http.MethodGet && !strings.HasSuffix(r.Path, "/token")
}

// undo is the plan that takes back what was done.
func (b *bench) undo(c carried) *schemas.Plan {
	b.run++
	plan := pipeline.Undo(pipeline.UndoInput{Run: "run", Plan: c.plan, Past: c.journal.past(), Snapshot: b.w.memory.Settle(b.listed(), nil), Memory: b.w.memory,
		Policy: b.w.policy, VaultURL: "https://vault.example"})
	plan.Start.Run = b.planRun()
	return plan
}

// other does something to a record as somebody else would.
func (b *bench) other(verb schemas.Verb, name string) {
	b.t.Helper()
	if answer := b.w.client.Writer().Do(context.Background(), schemas.Call{Verb: verb, Kind: b.kind, ID: b.idOf(name)}); answer.Effect != schemas.EffectDone {
		b.t.Fatalf("%s %s: %+v", verb, name, answer)
	}
}

// recordName is the word by which a change's record is called.
func recordName(c *schemas.Change) string {
	name, _, _ := strings.Cut(c.Key, "@")
	return name
}

// standing are the records of the bench's kind that the vault has, by their words: "active" or "inactive", once
// for each that there is.
func (b *bench) standing() map[string]string {
	all := map[string]string{}
	put := func(name string, inactive bool) {
		state := "active"
		if inactive {
			state = "inactive"
		}
		all[name] = strings.TrimPrefix(all[name]+" "+state, " ")
	}
	switch b.kind {
	case schemas.KindDevice:
		for _, d := range b.w.sim.Devices() {
			put(d.Hostname, d.Inactive)
		}
	case schemas.KindCredential:
		for _, c := range b.w.sim.Credentials() {
			put(c.Username, c.Inactive)
		}
	case schemas.KindKey:
		for _, k := range b.w.sim.Keys() {
			put(k.Username, k.Inactive)
		}
	case schemas.KindInfo:
		for _, i := range b.w.sim.Infos() {
			put(i.Identifier, i.Inactive)
		}
	}
	return all
}

// mustEnd holds that so many changes of an action, or of any where it is "", ended well, and no other.
func (b *bench) mustEnd(c carried, action schemas.Action, n int) {
	b.t.Helper()
	for _, r := range c.results {
		if r.Change != "" && (action != "" && r.Action != action || r.Status != schemas.StatusDone) {
			b.t.Fatalf("%s %s ended %s %s %s", r.Action, r.Key, r.Status, r.Code, r.Message)
		}
	}
	if len(c.plan.Changes) != n {
		b.t.Fatalf("%d changes, wanted %d to %s; held %+v, rejected %+v, left %+v", len(c.plan.Changes), n, action, c.plan.Holds, c.plan.Rejects, c.plan.Left)
	}
}

// goes are the words of the records that a plan inactivates.
func goes(plan *schemas.Plan) []string {
	var names []string
	for i := range plan.Changes {
		if c := &plan.Changes[i]; c.Action == schemas.ActionInactivate {
			names = append(names, recordName(c))
		}
	}
	slices.Sort(names)
	return names
}

// mustGo holds which records a plan inactivates.
func (b *bench) mustGo(plan *schemas.Plan, names ...string) {
	b.t.Helper()
	if got := goes(plan); !slices.Equal(got, names) {
		b.t.Errorf("%v go, wanted %v; held %s, left %s", got, names, codesOf(plan), leftOf(plan))
	}
}

// mustSay holds that a hold, a reject or what is left has a code.
func (b *bench) mustSay(plan *schemas.Plan, codes ...string) {
	b.t.Helper()
	said := codesOf(plan) + leftOf(plan)
	for _, s := range plan.Summary.Stop {
		said += " " + s.Code
	}
	for _, code := range codes {
		if !strings.Contains(said+" ", " "+code+" ") {
			b.t.Errorf("%q is not said: %s", code, said)
		}
	}
}

func codesOf(plan *schemas.Plan) (said string) {
	for i := range plan.Holds {
		said += " " + plan.Holds[i].Code + " (" + plan.Holds[i].Key + ")"
	}
	for i := range plan.Rejects {
		for _, p := range plan.Rejects[i].Problems {
			said += " " + p.Code
		}
	}
	return said
}

func leftOf(plan *schemas.Plan) (said string) {
	for i := range plan.Left {
		said += " " + plan.Left[i].Code + " (" + plan.Left[i].Key + ")"
	}
	return said
}
