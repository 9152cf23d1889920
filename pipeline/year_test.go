package pipeline_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"pamsync/pipeline"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// trouble spoils one request in twenty, tokens left aside, while it is on.
type trouble struct {
	mu sync.Mutex
	*rand.Rand
	on  bool
	hit int
}

func (x *trouble) fault(r vaultsim.Request) vaultsim.Fault {
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.on || strings.Contains(r.Path, "oauth2") || x.IntN(20) > 0 {
		return vaultsim.NoFault
	}
	x.hit++
	faults := []vaultsim.Fault{vaultsim.ResetBefore, vaultsim.ResetAfter, vaultsim.Status503, vaultsim.Status503Bare, vaultsim.Status429, vaultsim.Status500After,
		vaultsim.Status502, vaultsim.TruncateBody, vaultsim.HTMLPage, vaultsim.Unauthorized401, vaultsim.LateApply}
	return faults[x.IntN(len(faults))]
}

// yearsMore is what a year brings of keys and information: a third of the devices has a key, and information comes and
// goes.
type yearsMore struct {
	*rand.Rand
	names map[string]string // of keys, by device
	infos map[string]string // names, by identifier
	next  int
}

func newYearsMore(w *world, seed uint64) *yearsMore {
	p := &w.policy
	p.Keys, p.Infos = schemas.DefaultConfig().Keys, schemas.DefaultConfig().Infos
	p.Keys.Secrets, p.Infos.Secrets = schemas.SecretsOnCreate, schemas.SecretsOnCreate
	p.Keys.Missing, p.Infos.Missing = schemas.MissingInactivate, schemas.MissingInactivate
	return &yearsMore{Rand: rand.New(rand.NewPCG(seed, 2)), names: map[string]string{}, infos: map[string]string{}}
}

func (m *yearsMore) drift(devices []schemas.Values) (rows []schemas.Row) {
	for _, d := range devices {
		host := d[schemas.FieldHostname]
		if host[len("host-00000")]%3 > 0 {
			continue
		}
		if m.names[host] == "" || m.IntN(200) == 0 {
			m.names[host] = modelWords[m.IntN(len(modelWords))]
		}
		rows = append(rows, keyRow("deploy", host, m.names[host]))
	}
	for _, identifier := range slices.Sorted(maps.Keys(m.infos)) {
		if m.IntN(50) == 0 {
			delete(m.infos, identifier)
		}
	}
	for m.IntN(5) == 0 || len(m.infos) < 5 {
		m.next++
		m.infos[fmt.Sprintf("INFO-%03d", m.next)] = "of this year"
	}
	for _, identifier := range slices.Sorted(maps.Keys(m.infos)) {
		rows = append(rows, infoRow(identifier, m.infos[identifier]))
	}
	return rows
}

// check holds that the vault has each key that the inventory has, and no information twice; what it lacks is in doubt.
func (m *yearsMore) check(t *testing.T, w *world, devices []schemas.Values) {
	t.Helper()
	once(t, w.sim)
	active := map[string]bool{}
	for _, k := range w.sim.Keys() {
		if !k.Inactive {
			active[k.Hostname] = true
		}
	}
	for _, d := range devices {
		if host := d[schemas.FieldHostname]; m.names[host] != "" && !active[host] {
			t.Errorf("%s has no active key", host)
		}
	}
	doubts, infos := map[string]bool{}, map[string]bool{}
	for _, r := range w.memory.All() {
		if r.What == schemas.RememberDoubt {
			doubts[r.Key] = true
		}
	}
	for _, i := range w.sim.Infos() {
		infos[i.Identifier] = !i.Inactive
	}
	for identifier := range m.infos {
		if !infos[identifier] && !doubts[identifier] {
			t.Errorf("%s is not there, and nobody doubts it", identifier)
		}
	}
	for identifier, active := range infos {
		if active && m.infos[identifier] == "" && !doubts[identifier] {
			t.Errorf("%s is active, and the inventory lacks it", identifier)
		}
	}
	t.Logf("%d pieces of information came, %d are in doubt", m.next, len(doubts))
}

// TestAYearOfNights: the inventory drifts for a year, and one request in twenty fails, before or
// after it is applied. A night that breaks off is resumed; the plan after each that ended well is
// empty, and after a quiet night the vault holds what the inventory says.
func TestAYearOfNights(t *testing.T) {
	e := newEstate(365, 60, true)
	x := &trouble{Rand: rand.New(rand.NewPCG(365, 1))}
	sim := &vaultsim.Vault{Fault: x.fault}
	n := newNightly(newWorld(t, sim))
	more := newYearsMore(n.w, 365)
	good, resumed, changes, failed, stopped, unread := 0, 0, 0, 0, 0, 0
	nights := 365
	if testing.Short() {
		nights = 50
	}
	for n.run = range nights + 1 {
		n.at = n.at.AddDate(0, 0, 1)
		e.drift()
		rows := more.drift(e.devices)
		inv := func() *pipeline.Inventory {
			var accounts []schemas.Values
			for _, d := range e.devices {
				for _, user := range e.users[d[schemas.FieldHostname]] {
					accounts = append(accounts, account(user, d[schemas.FieldHostname], "Local User"))
				}
			}
			return withUse(loadMore(n.w.inventory(e.devices, accounts), rows))
		}
		x.set(n.run < nights) // a quiet night brings in what the last faults left out
		listed, ok := n.try(t)
		if !ok {
			unread++
			continue // nothing was written; tomorrow is another night
		}
		plan := n.plan(inv(), listed)
		changes += len(plan.Changes)
		if !plan.Applicable() {
			stopped++
		}
		journal := &tape{left: -1}
		for try := 0; ; try++ {
			if err := n.w.apply(plan, journal); err == nil {
				break
			}
			if resumed++; try > 50 {
				t.Fatalf("night %d did not end", n.run)
			}
		}
		x.set(false)
		past := journal.past()
		n.remember(plan, past, listed, n.snapshot(n.w.client.Reader()))
		if lost := lostChanges(pipeline.Replay(plan, past)); lost > 0 {
			failed += lost // the vault said no to the end: the next night asks again
			continue
		}
		if again := n.plan(inv(), n.snapshot(n.w.client.Reader())); len(again.Changes) > 0 {
			t.Fatalf("night %d left a change behind: %+v", n.run, again.Changes[0])
		}
		good++
	}
	if good*100 < nights*90 { // a refusal that nobody can tell from a loss is not sent again
		t.Errorf("only %d nights of %d ended well", good, nights)
	}
	more.check(t, n.w, e.devices)
	want := map[string]bool{}
	for _, d := range e.devices {
		want[d[schemas.FieldHostname]] = true
	}
	active := 0
	for _, d := range sim.Devices() {
		if !d.Inactive {
			if active++; !want[d.Hostname] {
				t.Errorf("%s is active, and the inventory lacks it", d.Hostname)
			}
		}
	}
	if active != len(want) {
		t.Errorf("%d devices are active, the inventory has %d", active, len(want))
	}
	t.Logf("%d nights: %d good, %d changes, %d requests spoilt, %d applies resumed, %d changes refused to the end, %d plans stopped and let pass, %d nights without a list",
		nights, good, changes, x.hit, resumed, failed, stopped, unread)
}

// lostChanges counts the changes that did not come to be.
func lostChanges(results []schemas.Result) int {
	n := 0
	for _, r := range results {
		if r.Change != "" && r.Status != schemas.StatusDone && r.Code != "already_done" && r.Code != "already_inactive" {
			n++
		}
	}
	return n
}

func (x *trouble) set(on bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.on = on
}

// try reads the lists, up to three times.
func (n *nightly) try(t *testing.T) (*pipeline.Snapshot, bool) {
	t.Helper()
	for range 3 {
		if s, err := pipeline.TakeSnapshot(context.Background(), n.w.client.Reader(), pipeline.Want{Accounts: true}); err == nil {
			return s, true
		}
	}
	return nil, false
}
