package pipeline_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pamsync/pipeline"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// renamedWorld is a vault of devices a, b and so on with three credentials each, and the decisions and
// rows by which the last of them, or all in a chain, get the next name.
func renamedWorld(t *testing.T, chain int) (*world, *pipeline.Inventory) {
	sim := &vaultsim.Vault{}
	w := newWorld(t, sim)
	w.policy.Credentials.Missing = schemas.MissingReport
	names := []string{"a", "b", "c", "d", "e"}
	n := max(chain, 2)
	var devices, accounts []schemas.Values
	for i, name := range names[:n] {
		ip := fmt.Sprintf("10.0.0.%d", i+1)
		sim.AddDevice(vaultsim.Device{Hostname: name, IP: ip, Site: "LAX", Model: "CentOS 7", Vendor: "CentOS", Type: "Server"})
		for _, user := range []string{"root", "app", "svc"} {
			sim.AddCredential(vaultsim.Credential{Hostname: name, Username: user, Type: "Local User", Identifier: name + "-" + user})
		}
		if next := names[i+1]; n-i <= chain {
			w.decisions = append(w.decisions, pipeline.Decision{Kind: schemas.KindDevice, Key: name, Decision: "rename", Target: next})
			name = next
		}
		devices, accounts = append(devices, device(name, ip, "LAX")), append(accounts, account("root", name, "Domain User"))
	}
	return w, w.inventory(devices, accounts)
}

// machines tells which credentials stand at which address, and the names of both: what must
// never mix.
func (w *world) machines() []string {
	at := map[string]string{}
	for _, d := range w.sim.Devices() {
		if !d.Inactive {
			at[d.Hostname] = d.IP
		}
	}
	var all []string
	for _, c := range w.sim.Credentials() {
		if !c.Inactive {
			all = append(all, fmt.Sprintf("%s at %s of %s", c.Identifier, at[c.Hostname], c.Hostname))
		}
	}
	slices.Sort(all)
	return all
}

// TestARenameCutOffAnywhereGoesOn kills a rename, and a chain of two, at every record of the journal.
// Nobody resumes it: the nights that follow bring it to where it would have ended, and on no way
// there does a credential stand at the other machine's address, or go down.
func TestARenameCutOffAnywhereGoesOn(t *testing.T) {
	for _, c := range []struct {
		name  string
		chain int
		whole int // nights before the one that is killed
	}{{"one rename", 1, 0}, {"a chain, its first night", 2, 0}, {"a chain, its second night", 2, 1}, {"a chain of three, its second night", 3, 1}} {
		t.Run(c.name, func(t *testing.T) {
			w, inv := renamedWorld(t, c.chain)
			nights(t, w, inv)
			want := w.machines()
			if len(want) != 3*max(c.chain, 2) {
				t.Fatalf("%v: a credential is lost", want)
			}
			n := 0
			for ; killedNight(t, c.chain, c.whole, n, want); n++ {
			}
			if n < 10 {
				t.Errorf("the night had %d records, wanted ten or more", n)
			}
		})
	}
}

// killedNight kills a night after so many records of its journal and lets others follow; false where
// the journal was shorter.
func killedNight(t *testing.T, chain, whole, n int, want []string) bool {
	w, inv := renamedWorld(t, chain)
	for range whole {
		w.night(inv)
	}
	plan := w.plan(inv)
	journal := &tape{left: n}
	if err := w.apply(plan, journal); err == nil {
		return false
	}
	w.remember(plan, journal)
	w.unmixed(t, n)
	nights(t, w, inv)
	if got := w.machines(); !slices.Equal(got, want) {
		t.Errorf("killed after record %d: %v, wanted %v", n, got, want)
	}
	return true
}

// nights runs until nothing is left to do.
func nights(t *testing.T, w *world, inv *pipeline.Inventory) {
	t.Helper()
	for range 5 {
		plan, results := w.night(inv)
		w.unmixed(t, -1)
		for _, r := range results {
			if r.Status == schemas.StatusFailed || r.Status == schemas.StatusUnknown {
				t.Errorf("%s %s: %s %s", r.Action, r.Key, r.Status, r.Message)
			}
		}
		if len(plan.Changes) == 0 {
			if len(plan.Holds) > 0 || len(plan.Warnings) > 0 {
				t.Errorf("left at the end: %v %v", plan.Holds, plan.Warnings)
			}
			return
		}
	}
	t.Errorf("five nights did not end it")
}

// unmixed: what was a's is at a's address, what was b's at b's, and so on.
func (w *world) unmixed(t *testing.T, n int) {
	t.Helper()
	for _, line := range w.machines() {
		if machine := line[0] - 'a' + 1; !strings.Contains(line, fmt.Sprintf(" 10.0.0.%d ", machine)) {
			t.Errorf("after record %d: %s", n, line)
		}
	}
}
