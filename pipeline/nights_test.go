package pipeline_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"pamsync/pipeline"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// estate is what there really is, as a good inventory would say it, night after night.
type estate struct {
	*rand.Rand
	devices []schemas.Values
	users   map[string][]string // by hostname
	next    int
	models  int
}

var (
	estateModels = []string{"CentOS 7", "Windows Server 2019", "Catalyst 2960", "Oracle Linux 8", "PowerEdge R740", "ProLiant DL380"}
	modelWords   = []string{"Falcon", "Juniper", "Quantum", "Nimbus", "Obsidian", "Vertex", "Zephyr", "Granite", "Maple", "Topaz", "Harbor", "Saffron"}
)

func newEstate(seed uint64, n int, accounts bool) *estate {
	e := &estate{Rand: rand.New(rand.NewPCG(seed, 77))}
	if accounts {
		e.users = map[string][]string{}
	}
	for range n {
		e.add()
	}
	return e
}

func (e *estate) add() {
	i := e.next
	e.next++
	d := device(fmt.Sprintf("host-%06d.corp.example", i), fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255), []string{"LAX", "AWS", "RIO", "BHZ"}[e.IntN(4)])
	d[schemas.FieldModel] = estateModels[e.IntN(len(estateModels))]
	e.devices = append(e.devices, d)
	if e.users != nil {
		e.users[d[schemas.FieldHostname]] = []string{"root", "svc", "app"}[:2+e.IntN(2)]
	}
}

// share is how many of n a share in thousandths comes to tonight: what is left over by chance.
func (e *estate) share(n, thousandths int) int {
	k := n * thousandths / 1000
	if e.IntN(1000) < n*thousandths%1000 {
		k++
	}
	return k
}

// drift is a day: 1 % change, 0.3 % come, 0.2 % go, one has a model that nobody had.
func (e *estate) drift() {
	n := len(e.devices)
	for range e.share(n, 10) {
		d := &e.devices[e.IntN(n)]
		switch e.IntN(3) {
		case 0:
			d[schemas.FieldSite] = []string{"LAX", "AWS", "RIO", "BHZ"}[e.IntN(4)]
		case 1:
			d[schemas.FieldModel] = estateModels[e.IntN(len(estateModels))]
		case 2:
			e.next++
			d[schemas.FieldIP] = fmt.Sprintf("10.%d.%d.%d", 128+e.next>>16, e.next>>8&255, e.next&255)
		}
	}
	for range e.share(n, 2) {
		i, last := e.IntN(len(e.devices)), len(e.devices)-1
		e.devices[i] = e.devices[last]
		e.devices = e.devices[:last]
	}
	for range e.share(n, 3) {
		e.add()
	}
	e.models++
	e.devices[e.IntN(len(e.devices))][schemas.FieldModel] = modelWords[e.models%12] + " " + modelWords[e.models/12%12] + " " + strconv.Itoa(100+e.models)
}

// written is the inventory of tonight: 3 % of its device rows have a bad value, and on one night
// in a hundred one of them has no key that can be read. bad are the numbers of those rows.
func (e *estate) written() (devices, accounts []schemas.Values, bad map[int]bool) {
	bad = map[int]bool{}
	devices = slices.Clone(e.devices)
	for range e.share(len(devices), 30) {
		i := e.IntN(len(devices))
		bad[i+2] = true
		f := []schemas.Field{schemas.FieldIP, schemas.FieldSite, schemas.FieldModel, schemas.FieldVendor, schemas.FieldType}[e.IntN(5)]
		devices[i][f] = []string{"", "a\x07b", "10.0.0.300", "#N/A\x01", ""}[e.IntN(5)]
		if f != schemas.FieldIP && devices[i][f] == "10.0.0.300" {
			devices[i][f] = "\x1b[0m"
		}
	}
	if e.IntN(100) == 0 {
		i := e.IntN(len(devices))
		bad[i+2] = true
		devices[i][schemas.FieldHostname] = []string{"", "a\x00b"}[e.IntN(2)]
	}
	for _, d := range e.devices {
		for _, user := range e.users[d[schemas.FieldHostname]] {
			accounts = append(accounts, account(user, d[schemas.FieldHostname], "Local User"))
		}
	}
	return devices, accounts, bad
}

// honest is what two hundred honest nights came to.
type honest struct {
	nights, stopped, changes, goodRows, goodHeld, records int
	why                                                   map[string]int
}

func (h *honest) take(plan *schemas.Plan, rows int, bad map[int]bool) {
	h.nights++
	h.goodRows += rows - len(bad)
	h.changes += len(plan.Changes)
	if !plan.Applicable() {
		h.stopped++
		h.why["stop "+plan.Summary.Stop[0].Code]++
	}
	for i := range plan.Holds {
		hold := &plan.Holds[i]
		h.why[hold.Code]++
		if len(hold.Rows) == 0 {
			h.records++
		}
		for _, r := range hold.Rows {
			if r.Source != "d.csv" || !bad[r.Row] {
				h.goodHeld++
			}
		}
	}
}

func (h *honest) judge(t *testing.T) {
	t.Helper()
	t.Logf("%d nights, %d stopped, %d changes, %d good rows of which %d were held (%.3f %%), %d records held: %v", h.nights, h.stopped, h.changes, h.goodRows,
		h.goodHeld, float64(h.goodHeld)*100/float64(h.goodRows), h.records, h.why)
	if h.stopped*100 > 2*h.nights {
		t.Errorf("%d of %d honest nights stopped", h.stopped, h.nights)
	}
	if h.goodHeld*100 > h.goodRows {
		t.Errorf("%d of %d good rows were held", h.goodHeld, h.goodRows)
	}
}

// nightly is a vault that is reconciled every night, with what is remembered.
type nightly struct {
	w    *world
	good *pipeline.LastGood
	at   time.Time
	run  int

	decisions []pipeline.Decision
	usage     func() *pipeline.Usage // nil for nothing in use
}

func newNightly(w *world) *nightly {
	w.policy.Limits = schemas.DefaultLimits()
	return &nightly{w: w, good: pipeline.NewLastGood(), at: time.Date(2026, 1, 1, 3, 0, 0, 0, time.UTC)}
}

func (n *nightly) print(text string) string { return schemas.Fingerprint(n.w.key, text) }

// plan makes tonight's plan of an inventory and a list.
func (n *nightly) plan(inv *pipeline.Inventory, s *pipeline.Snapshot) *schemas.Plan {
	usage := n.usage
	if usage == nil {
		usage = func() *pipeline.Usage { return pipeline.NewUsage(n.at, time.UTC, schemas.Normalize{}) }
	}
	plan := pipeline.Build(pipeline.Input{Inventory: inv, Snapshot: n.w.memory.Settle(s, nil), Memory: n.w.memory, Policy: n.w.policy, LastGood: n.good, Now: n.at,
		VaultURL: "https://vault.example", Client: "client", Print: n.print, Decisions: n.decisions, Usage: usage})
	plan.Digest = strconv.Itoa(n.run)
	plan.Start.Policy = &schemas.Policy{Devices: n.w.policy.Devices.Missing, Credentials: n.w.policy.Credentials.Missing, Keys: n.w.policy.Keys.Missing,
		Infos: n.w.policy.Infos.Missing, Limits: n.w.policy.Limits}
	for i := range inv.Sources {
		plan.Start.Sources = append(plan.Start.Sources, inv.Sources[i].Use)
	}
	return plan
}

// remember ends a good night.
func (n *nightly) remember(plan *schemas.Plan, past *pipeline.Past, views ...*pipeline.Snapshot) {
	name := "run" + strconv.Itoa(n.run)
	pipeline.Remember(n.w.memory, plan, past, name, n.print, func(*schemas.Change) string { return "" })
	n.good.Remember(pipeline.Night{Run: name, Client: "client", At: n.at, Plan: plan, Results: pipeline.Replay(plan, past), Views: views, Print: n.print})
}

func (n *nightly) snapshot(lister pipeline.Lister) *pipeline.Snapshot {
	s, err := pipeline.TakeSnapshot(context.Background(), lister, pipeline.Want{Accounts: true, Norm: n.w.policy.Devices.Normalize})
	if err != nil {
		n.w.t.Fatal(err)
	}
	return s
}

// TestHonestNights: on two hundred nights of an estate that lives, hardly any stops, and hardly a
// good row is held. Who finds a plan stopped looks at it, and lets it pass once.
func TestHonestNights(t *testing.T) {
	nights := 200
	if testing.Short() {
		nights = 20
	}
	for _, size := range []int{20, 500} {
		t.Run(strconv.Itoa(size), func(t *testing.T) {
			t.Parallel()
			e := newEstate(uint64(size), size, true)
			sim := &vaultsim.Vault{}
			for _, d := range e.devices {
				sim.AddDevice(vaultsim.Device{Hostname: d[schemas.FieldHostname], IP: d[schemas.FieldIP], Site: d[schemas.FieldSite], Model: d[schemas.FieldModel],
					Vendor: d[schemas.FieldVendor], Type: d[schemas.FieldType]})
				for _, user := range e.users[d[schemas.FieldHostname]] {
					sim.AddCredential(vaultsim.Credential{Hostname: d[schemas.FieldHostname], IP: d[schemas.FieldIP], Username: user, Type: "Local User"})
				}
			}
			n := newNightly(newWorld(t, sim))
			var more *yearsMore
			if size < 100 { // what no list shows is sorted out by what is remembered of it, which grows
				more = newYearsMore(n.w, uint64(size))
			}
			h := &honest{why: map[string]int{}}
			for n.run = range nights {
				n.at = n.at.AddDate(0, 0, 1)
				e.drift()
				devices, accounts, bad := e.written()
				listed := n.snapshot(n.w.client.Reader())
				inv := n.w.inventory(devices, accounts)
				rows := len(devices) + len(accounts)
				if more != nil {
					others := more.drift(e.devices)
					rows += len(others)
					loadMore(inv, others)
				}
				plan := n.plan(withUse(inv), listed)
				h.take(plan, rows, bad)
				journal := &tape{left: -1}
				if err := n.w.apply(plan, journal); err != nil {
					t.Fatal(err)
				}
				n.remember(plan, journal.past(), listed)
			}
			h.judge(t)
		})
	}
	if testing.Short() {
		return
	}
	t.Run("20000", func(t *testing.T) {
		t.Parallel()
		honestNightsOfMany(t, 20_000)
	})
}

// withUse tells of each source how many rows it had.
func withUse(inv *pipeline.Inventory) *pipeline.Inventory {
	for i := range inv.Sources {
		s := &inv.Sources[i]
		s.Use = schemas.SourceUse{Kind: s.Kind, Path: s.Name, Rows: inv.Devices.In}
		switch s.Kind {
		case schemas.KindCredential:
			s.Use.Rows = inv.Credentials.In
		case schemas.KindKey:
			s.Use.Rows = inv.Keys.In
		case schemas.KindInfo:
			s.Use.Rows = inv.Infos.In
		}
	}
	return inv
}

// honestNightsOfMany applies the plans to the model at once: its records are found by name.
func honestNightsOfMany(t *testing.T, size int) {
	e := newEstate(3, size, false)
	m := &model{}
	byName := map[string]int{}
	put := func(v *schemas.Values) string {
		name := low(v[schemas.FieldHostname])
		i, ok := byName[name]
		if !ok {
			m.addDevice(mDevice{hostname: v[schemas.FieldHostname]})
			i = len(m.devices) - 1
			byName[name] = i
		}
		d := &m.devices[i]
		d.ip, d.site, d.model, d.vendor, d.kind = v[schemas.FieldIP], v[schemas.FieldSite], v[schemas.FieldModel], v[schemas.FieldVendor], v[schemas.FieldType]
		return d.id
	}
	for i := range e.devices {
		put(&e.devices[i])
	}
	config := schemas.DefaultConfig()
	config.Devices.Missing = schemas.MissingInactivate
	w := &world{t: t, memory: pipeline.NewMemory(nil), key: []byte("key"), policy: pipeline.Policy{Devices: config.Devices, Credentials: config.Credentials}}
	n := newNightly(w)
	h := &honest{why: map[string]int{}}
	for n.run = range 200 {
		n.at = n.at.AddDate(0, 0, 1)
		e.drift()
		devices, _, bad := e.written()
		listed := n.snapshot(m)
		plan := n.plan(withUse(w.inventory(devices, nil)), listed)
		h.take(plan, len(devices), bad)
		past := &pipeline.Past{}
		for i := range plan.Changes {
			c := &plan.Changes[i]
			id := c.VaultID
			if c.Action == schemas.ActionInactivate {
				m.devices[byName[low(c.Key)]].inactive = true
			} else {
				v := c.Send.Values()
				id = put(&v)
			}
			past.Take(schemas.Record{Intent: &schemas.Intent{Change: c.ID, Step: 1}})
			past.Take(schemas.Record{Outcome: &schemas.Outcome{Change: c.ID, Step: 1, Effect: schemas.EffectDone, Final: true, Status: schemas.StatusDone, VaultID: id}})
		}
		n.remember(plan, past, listed)
	}
	h.judge(t)
}
