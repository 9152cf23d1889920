package pipeline_test

import (
	"context"
	"math/rand/v2"
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

// TestAYearOfNights: the inventory drifts for a year, and one request in twenty fails, before or
// after it is applied. A night that breaks off is resumed; the plan after each that ended well is
// empty, and the vault holds what the inventory says.
func TestAYearOfNights(t *testing.T) {
	e := newEstate(365, 60, true)
	x := &trouble{Rand: rand.New(rand.NewPCG(365, 1))}
	sim := &vaultsim.Vault{Fault: x.fault}
	n := newNightly(newWorld(t, sim))
	good, resumed, changes, failed, stopped, unread := 0, 0, 0, 0, 0, 0
	for n.run = range 366 {
		n.at = n.at.AddDate(0, 0, 1)
		e.drift()
		inv := func() *pipeline.Inventory {
			var accounts []schemas.Values
			for _, d := range e.devices {
				for _, user := range e.users[d[schemas.FieldHostname]] {
					accounts = append(accounts, account(user, d[schemas.FieldHostname], "Local User"))
				}
			}
			return withUse(n.w.inventory(e.devices, accounts))
		}
		x.set(n.run < 365) // the last night is a quiet one: what was refused the night before is asked again
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
	if good < 330 { // a refusal that nobody can tell from a loss is not sent again
		t.Errorf("only %d nights of 365 ended well", good)
	}
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
	t.Logf("365 nights: %d good, %d changes, %d requests spoilt, %d applies resumed, %d changes refused to the end, %d plans stopped and let pass, %d nights without a list",
		good, changes, x.hit, resumed, failed, stopped, unread)
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
