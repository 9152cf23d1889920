package pipeline_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pamsync/pipeline"
	"pamsync/schemas"
)

var (
	oneSeed  = flag.Uint64("seed", 0, "run this one case of the property test")
	caseFlag = flag.Int("cases", 0, "how many cases the property tests run")
)

// numCases is 20,000, or a million where the torture is asked for.
func numCases() int {
	switch {
	case *caseFlag > 0:
		return *caseFlag
	case os.Getenv("PAMSYNC_TORTURE") != "":
		return 1_000_000
	case testing.Short():
		return 2_000
	}
	return 20_000
}

// figures are what the cases of one test came to.
type figures struct {
	cases, applied, stopped, changes, gone, holds, rejects, rows atomic.Int64
	mu                                                           sync.Mutex
	codes                                                        map[string]int
}

func (f *figures) count(plan *schemas.Plan) {
	f.cases.Add(1)
	f.holds.Add(int64(len(plan.Holds)))
	f.rejects.Add(int64(len(plan.Rejects)))
	f.rows.Add(int64(plan.Summary.Rows.In))
	if !plan.Applicable() {
		f.stopped.Add(1)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range plan.Holds {
		f.codes[plan.Holds[i].Code]++
	}
	for i := range plan.Summary.Stop {
		f.codes["stop "+plan.Summary.Stop[i].Code]++
	}
	for i := range plan.Left {
		f.codes["left "+plan.Left[i].Code]++
	}
	if !plan.Applicable() {
		return
	}
	for i := range plan.Changes {
		c := &plan.Changes[i]
		f.codes[string(c.Action)+" "+string(c.Kind)]++
		f.codes[c.Reason.Rule+" "+string(c.Kind)]++
	}
}

// TestNoPlanDoesHarm: whatever the inventory, the vault and the policy, a plan keeps to its
// limits, touches nothing that is not its own, hits no record but the one meant, accounts for
// every row, brings about what its rows say, and leaves nothing for a second run.
func TestNoPlanDoesHarm(t *testing.T) {
	f := &figures{codes: map[string]int{}}
	if *oneSeed != 0 {
		c := newTrial(*oneSeed)
		c.log(t)
		if err := checkTrial(c, f); err != nil {
			t.Fatalf("seed %d: %v", *oneSeed, err)
		}
		return
	}
	begun := time.Now()
	var next atomic.Uint64
	var failed atomic.Int64
	var all sync.WaitGroup
	n := uint64(numCases())
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for seed := next.Add(1); seed <= n && failed.Load() < 10; seed = next.Add(1) {
				if err := checkTrial(newTrial(seed), f); err != nil {
					failed.Add(1)
					t.Errorf("seed %d (again: go test ./pipeline -run TestNoPlanDoesHarm -seed %d): %v", seed, seed, err)
				}
			}
		})
	}
	all.Wait()
	took := time.Since(begun)
	t.Logf("%d cases in %v, %.0f a second: %d rows, %d plans applied with %d changes, %d stopped, %d held, %d rejected, %d records inactivated",
		f.cases.Load(), took.Round(time.Millisecond), float64(f.cases.Load())/took.Seconds(), f.rows.Load(), f.applied.Load(), f.changes.Load(),
		f.stopped.Load(), f.holds.Load(), f.rejects.Load(), f.gone.Load())
	for _, code := range []string{"rows_differ", "ambiguous", "id_mismatch", "identifier_taken", "looks_renamed", "ip_mismatch", "device_held", "two_rows_one_record",
		"unreadable_rows", "value_near", "scope_move", "inactive_record", "left in_use", "use_unknown", "left grace", "left protected", "left out_of_scope", "left is_ssh_key",
		"stop limit_inactivate", "stop limit_cascade", "stop limit_update", "stop view_shrunk", "stop empty_source", "stop source_stale", "named_by_credential",
		"address_in_doubt", "cascade_unknown", "create device", "update device", "reactivate device", "inactivate device", "create credential", "update credential",
		"reactivate credential", "inactivate credential", "reactivate key", "device_ambiguous", "device_absent", "protected_credential",
		"decided_rename device", "decided_rename credential", "rename_stuck", "rename_unfinished", "rename_unreadable", "rename_protected", "rename_in_use", "rename_use_unknown",
		"rename_several", "rename_taken", "rename_inactive", "rename_waits", "rename_ring", "rename_both",
		"create key", "update key", "inactivate key", "create info", "update info", "inactivate info", "key_needs_identifier", "key_changed", "device_absent",
		"info_in_doubt", "info_inactive", "info_changed"} {
		if numCases() >= 20_000 && f.codes[code] == 0 {
			t.Errorf("no case had %q: the cases do not try it", code)
		}
	}
	if testing.Verbose() {
		t.Log(f.codes)
	}
}

// built makes the plan of a trial for a vault, a memory and a night before, none where nil.
func (c *trial) built(v *model, memory *pipeline.Memory, good *pipeline.LastGood, rows []trialRow) *schemas.Plan {
	in := pipeline.Input{Inventory: c.load(rows), Snapshot: memory.Settle(v.snapshot(c.policy.Devices.Normalize), nil), Memory: memory, Decisions: c.decisions,
		Policy: c.policy, LastGood: good, Now: c.now, VaultURL: c.vaultURL, Client: c.client, Usage: c.usage, Print: c.print}
	plan := pipeline.Build(in)
	for i := range in.Inventory.Sources {
		plan.Start.Sources = append(plan.Start.Sources, in.Inventory.Sources[i].Use)
	}
	return plan
}

func (c *trial) usage() *pipeline.Usage {
	u := pipeline.NewUsage(c.now.AddDate(0, 0, -7), time.UTC, c.policy.Devices.Normalize)
	for _, target := range c.used {
		u.Add(&schemas.Session{User: "ana", Credential: "root", Device: target, Protocol: "ssh", Start: "2026-11-01 10:00:00"})
	}
	if c.noUsage {
		u.Fault = schemas.NewFault(schemas.ClassBusy, "busy")
	}
	return u
}

// nightBefore is what the last good run saw, nil for none.
func (c *trial) nightBefore() *pipeline.LastGood {
	if !c.good {
		return nil
	}
	g, memory := pipeline.NewLastGood(), pipeline.NewMemory(c.memory)
	client, now := c.client, c.now
	c.client, c.now = "client", now.Add(-c.goodAge)
	plan := c.built(c.goodVault, memory, nil, c.rows)
	g.Remember(pipeline.Night{Run: "r0", Client: c.client, At: c.now, Plan: plan, Views: []*pipeline.Snapshot{c.goodVault.snapshot(c.policy.Devices.Normalize)}, Print: c.print})
	c.client, c.now = client, now
	return g
}

// checkTrial builds and applies one case, and says what is wrong with it.
func checkTrial(c *trial, f *figures) error {
	memory, good := pipeline.NewMemory(c.memory), c.nightBefore()
	plan := c.built(c.vault, memory, good, c.rows)
	f.count(plan)
	for _, check := range []func(*schemas.Plan) error{c.checkRows, c.checkLimits, c.checkScope, c.checkAbsence, c.checkSecrets} {
		if err := check(plan); err != nil {
			return err
		}
	}
	if err := c.checkSame(plan, good); err != nil {
		return err
	}
	if !plan.Applicable() || slices.ContainsFunc(plan.Changes, func(ch schemas.Change) bool { return c.unseen(ch.Send.Get(schemas.FieldIdentifier)) }) {
		return nil
	}
	f.applied.Add(1)
	f.changes.Add(int64(len(plan.Changes)))
	after := c.vault.clone()
	after.secret = c.secretOf
	past, results, run, err := after.carry(plan, memory, c.policy)
	if err != nil {
		return fmt.Errorf("the apply stopped: %w", err)
	}
	if c.missed(after, results) {
		return nil
	}
	if err := c.checkHits(plan, after, results); err != nil {
		return err
	}
	gone, err := c.checkWanted(plan, after, results)
	if err != nil {
		return err
	}
	f.gone.Add(int64(gone))
	return c.checkAgain(plan, after, memory, good, past, results, run)
}

// checkSame builds the plan again: from the same rows, and from rows in another order.
func (c *trial) checkSame(plan *schemas.Plan, good *pipeline.LastGood) error {
	if c.seed%4 == 0 {
		if a, b := whole(plan), whole(c.built(c.vault, pipeline.NewMemory(c.memory), good, c.rows)); a != b {
			return fmt.Errorf("two plans of the same input differ: %s", firstDifference(a, b))
		}
	}
	if c.seed%2 == 0 || !c.uniqueKeys() {
		return nil
	}
	shuffled := append([]trialRow(nil), c.rows...)
	c.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	if a, b := unordered(plan), unordered(c.built(c.vault, pipeline.NewMemory(c.memory), good, shuffled)); a != b {
		return fmt.Errorf("the plan hangs on the order of the rows: %s", firstDifference(a, b))
	}
	return nil
}

// whole is a plan as it is written.
func whole(p *schemas.Plan) string {
	var b bytes.Buffer
	copied := *p
	copied.Start = schemas.Start{Format: schemas.FormatPlan, Version: schemas.FormatVersion}
	if err := schemas.WritePlan(&b, &copied); err != nil {
		panic(err)
	}
	return b.String()
}

// unordered is a plan without the order of what it lists for people.
func unordered(p *schemas.Plan) string {
	lines := strings.Split(whole(p), "\n")
	var sorted []string
	for _, line := range lines {
		if !strings.Contains(line, `"digest"`) && !strings.Contains(line, `"sha256"`) {
			sorted = append(sorted, line)
		}
	}
	sortStrings(sorted)
	return strings.Join(sorted, "\n")
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return x[i] + "\n  and " + y[i]
		}
	}
	return "one is longer"
}

// uniqueKeys says whether no two rows name the same thing in any way.
func (c *trial) uniqueKeys() bool {
	seen := map[string]bool{}
	for _, r := range c.rows {
		v := &r.values
		kind := string(c.sources[r.source].kind)
		keys := []string{kind + " key " + low(v[schemas.FieldUsername]) + "@" + c.hostOf(v)}
		switch c.sources[r.source].kind {
		case schemas.KindKey: // a user may have several
			keys[0] += " " + v[schemas.FieldID] + " " + low(v[schemas.FieldIdentifier])
		case schemas.KindInfo: // its identifier, below
			keys = nil
		}
		for _, f := range []schemas.Field{schemas.FieldID, schemas.FieldIdentifier} {
			if v[f] != "" {
				keys = append(keys, kind+f.String()+low(v[f]))
			}
		}
		for _, k := range keys {
			if seen[k] {
				return false
			}
			seen[k] = true
		}
	}
	return true
}

// hostOf is a row's hostname as the policy compares it.
func (c *trial) hostOf(v *schemas.Values) string { return c.normal(v[schemas.FieldHostname]) }

func (c *trial) normal(hostname string) string {
	name := low(hostname)
	for _, domain := range c.policy.Devices.Normalize.Domains {
		if short, ok := strings.CutSuffix(name, "."+domain); ok && short != "" {
			return short
		}
	}
	return name
}

// log shows a case to who looks for its fault.
func (c *trial) log(t *testing.T) {
	for _, d := range c.vault.devices {
		t.Logf("vault: device %+v", d)
	}
	for _, a := range c.vault.accounts {
		t.Logf("vault: account %+v", a)
	}
	for _, r := range c.memory {
		t.Logf("memory: %+v", r)
	}
	for _, r := range c.rows {
		var said []string
		for f, v := range r.values {
			if v != "" {
				said = append(said, fmt.Sprintf("%s=%q", schemas.Field(f), v))
			}
		}
		t.Logf("%s row %d: %s (left out %v, hidden %v, broken %v)", c.sources[r.source].name, r.number, strings.Join(said, " "), r.leftOut, r.hidden, r.broken)
	}
	t.Logf("policy: %+v", c.policy)
	t.Logf("plan:\n%s", whole(c.built(c.vault, pipeline.NewMemory(c.memory), c.nightBefore(), c.rows)))
}
