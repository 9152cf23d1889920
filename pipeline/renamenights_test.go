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

// renamedWorld is a vault of two devices with three credentials each, and the decisions and rows by
// which one of them, or both, get another name.
func renamedWorld(t *testing.T, chain bool) (*world, *pipeline.Inventory) {
	sim := &vaultsim.Vault{}
	for i, name := range []string{"a", "b"} {
		sim.AddDevice(vaultsim.Device{Hostname: name, IP: fmt.Sprintf("10.0.0.%d", i+1), Site: "LAX", Model: "CentOS 7", Vendor: "CentOS", Type: "Server"})
		for _, user := range []string{"root", "app", "svc"} {
			sim.AddCredential(vaultsim.Credential{Hostname: name, Username: user, Type: "Local User", Identifier: name + "-" + user})
		}
	}
	w := newWorld(t, sim)
	w.policy.Credentials.Missing = schemas.MissingReport
	w.decisions = []pipeline.Decision{{Kind: schemas.KindDevice, Key: "b", Decision: "rename", Target: "c"}}
	devices := []schemas.Values{device("a", "10.0.0.1", "LAX"), device("c", "10.0.0.2", "LAX")}
	accounts := []schemas.Values{account("root", "a", "Local User"), account("root", "c", "Domain User")}
	if chain {
		w.decisions = append(w.decisions, pipeline.Decision{Kind: schemas.KindDevice, Key: "a", Decision: "rename", Target: "b"})
		devices[0], accounts[0] = device("b", "10.0.0.1", "LAX"), account("root", "b", "Local User")
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
		chain bool
		whole int // nights before the one that is killed
	}{{"one rename", false, 0}, {"a chain, its first night", true, 0}, {"a chain, its second night", true, 1}} {
		t.Run(c.name, func(t *testing.T) {
			w, inv := renamedWorld(t, c.chain)
			nights(t, w, inv)
			want := w.machines()
			if len(want) != 6 {
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
func killedNight(t *testing.T, chain bool, whole, n int, want []string) bool {
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
	for range 4 {
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
	t.Errorf("four nights did not end it")
}

// unmixed: what was a's is at a's address, and what was b's at b's.
func (w *world) unmixed(t *testing.T, n int) {
	t.Helper()
	for _, line := range w.machines() {
		if strings.HasPrefix(line, "a-") != strings.Contains(line, " 10.0.0.1 ") {
			t.Errorf("after record %d: %s", n, line)
		}
	}
}
