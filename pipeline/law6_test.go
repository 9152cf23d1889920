package pipeline_test

import (
	"errors"
	"fmt"
	"testing"

	"pamsync/pipeline"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// fortyChanges is a vault and an inventory that differ in forty ways: creates, updates,
// inactivations with their cascade, reactivations, on devices and credentials.
func fortyChanges(t *testing.T) (*world, *pipeline.Inventory) {
	sim := &vaultsim.Vault{}
	for i := range 24 {
		name := fmt.Sprintf("srv-%02d", i)
		sim.AddDevice(vaultsim.Device{Hostname: name, IP: fmt.Sprintf("10.0.0.%d", i), Site: "LAX", Model: "CentOS 7", Vendor: "CentOS", Type: "Server"})
		sim.AddCredential(vaultsim.Credential{Hostname: name, Username: "root", Type: "Local User"})
		sim.AddCredential(vaultsim.Credential{Hostname: name, Username: "backup", Type: "Local User"})
	}
	w := newWorld(t, sim)
	// A first night inactivates three devices, with two credentials each, so that the second
	// one brings them back.
	var devices, accounts []schemas.Values
	for i := 3; i < 24; i++ {
		name := fmt.Sprintf("srv-%02d", i)
		devices = append(devices, device(name, fmt.Sprintf("10.0.0.%d", i), "LAX"))
		accounts = append(accounts, account("root", name, "Local User"), account("backup", name, "Local User"))
	}
	if plan, _ := w.night(w.inventory(devices, accounts)); len(plan.Changes) != 3 {
		t.Fatalf("%d changes in the first night, wanted 3", len(plan.Changes))
	}
	devices, accounts = nil, nil
	for i := range 30 {
		if i >= 18 && i < 22 {
			continue // these go
		}
		name, site := fmt.Sprintf("srv-%02d", i), "LAX"
		if i%3 == 0 {
			site = "AWS"
		}
		devices = append(devices, device(name, fmt.Sprintf("10.0.0.%d", i), site))
		accounts = append(accounts, account("root", name, "Local User"))
		if i%2 == 0 {
			accounts = append(accounts, account("backup", name, "Domain User"))
		}
	}
	return w, w.inventory(devices, accounts)
}

// TestLaw6KilledAtAnyJournalRecord kills an apply at every record of its journal and resumes
// it: nothing is lost, nothing is done twice, every change ends once, and the vault ends in
// the state of a run that was never killed.
func TestLaw6KilledAtAnyJournalRecord(t *testing.T) {
	w, inv := fortyChanges(t)
	plan := w.plan(inv)
	if len(plan.Changes) < 40 {
		t.Fatalf("%d changes, wanted at least 40", len(plan.Changes))
	}
	whole := &tape{left: -1}
	if err := w.apply(plan, whole); err != nil {
		t.Fatal(err)
	}
	want := w.active()
	for n := range len(whole.records) {
		t.Run(fmt.Sprintf("after record %d", n), func(t *testing.T) {
			t.Parallel()
			killedAndResumed(t, n, want)
		})
	}
}

func killedAndResumed(t *testing.T, n int, want map[string]string) {
	w, inv := fortyChanges(t)
	plan := w.plan(inv)
	journal := &tape{left: n}
	err := w.apply(plan, journal)
	var fault *schemas.Fault
	if !errors.As(err, &fault) || fault.Class != schemas.ClassDisk || !errors.Is(err, errKilled) {
		t.Fatalf("the dead journal gave %v", err)
	}
	sameAccount(t, plan, journal.past())
	journal.left = -1
	if err := w.apply(plan, journal); err != nil {
		t.Fatal(err)
	}
	for _, r := range pipeline.Replay(plan, journal.past()) {
		if r.Status != schemas.StatusDone {
			t.Errorf("%s %s %s: %s %s", r.Action, r.Kind, r.Key, r.Status, r.Code)
		}
	}
	got := w.active()
	for key, value := range want {
		if got[key] != value {
			t.Errorf("%s: %q, wanted %q", key, got[key], value)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d records, wanted %d", len(got), len(want))
	}
	w.remember(plan, journal)
	if again := w.plan(inv); len(again.Changes) != 0 {
		t.Errorf("%d changes are left, the first: %+v", len(again.Changes), again.Changes[0])
	}
}

// sameAccount holds the counts of a journal alone, wherever it ends, and of the plan's summary
// against those of every result.
func sameAccount(t *testing.T, plan *schemas.Plan, past *pipeline.Past) {
	t.Helper()
	planned := plan.Summary.Planned()
	want := pipeline.Tally("", plan, pipeline.Replay(plan, past)).Changes
	if got := past.Counts(planned.Changes()); got != want {
		t.Errorf("the journal alone counts %+v, the results %+v", got, want)
	}
}

// active is what the vault holds by name, without ids, which depend on the order of creation.
func (w *world) active() map[string]string {
	all := map[string]string{}
	for _, d := range w.sim.Devices() {
		all["device "+d.Hostname+fmt.Sprint(d.Inactive)] += fmt.Sprintf("[%s %s %s %s %s]", d.IP, d.Site, d.Model, d.Vendor, d.Type)
	}
	for _, c := range w.sim.Credentials() {
		all["credential "+c.Username+"@"+c.Hostname+fmt.Sprint(c.Inactive)] += fmt.Sprintf("[%s]", c.Type)
	}
	return all
}
