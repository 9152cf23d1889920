package pipeline_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pamsync/pipeline"
	"pamsync/schemas"
)

// shown are the records that a vault lists as active, by kind and id.
func (m *model) shown() map[string]string {
	all := map[string]string{}
	for i := range m.devices {
		if d := &m.devices[i]; m.listsDevice(d) && !d.inactive {
			all["device "+d.id] = fmt.Sprint(low(d.hostname), d.ip, low(d.site), low(d.model), low(d.vendor), low(d.kind))
		}
	}
	for i := range m.accounts {
		if a := &m.accounts[i]; m.listsAccount(a) && !a.inactive {
			all["account "+a.id] = fmt.Sprint(a.device, low(a.username), a.identifier, low(a.kind))
		}
	}
	for i := range m.infos {
		if n := &m.infos[i]; !n.inactive {
			all["info "+n.id] = fmt.Sprint(n.identifier, n.name, n.service, n.content)
		}
	}
	return all
}

// TestUndoTakesBackWhatARunDid: whatever a run did, its undo brings back the list of active records of
// before, but for what it says that it does not.
func TestUndoTakesBackWhatARunDid(t *testing.T) {
	n, undone, changes := 5_000, 0, 0
	if testing.Short() {
		n = 500
	}
	for seed := uint64(1); seed <= uint64(n); seed++ {
		c := newTrial(seed)
		c.vault.showInactive = false
		memory := pipeline.NewMemory(c.memory)
		plan := c.built(c.vault, memory, c.nightBefore(), c.rows)
		if !plan.Applicable() || len(plan.Changes) == 0 {
			continue
		}
		after := c.vault.clone()
		after.secret = c.secretOf
		past, results, _, err := after.carry(plan, memory, c.policy)
		if err != nil || len(after.wrong) > 0 {
			continue // what it did is tried by another test
		}
		pipeline.Remember(memory, plan, past, "r1", c.print, c.secretPrint)
		policy := c.policy
		policy.Limits = schemas.DefaultLimits()
		for _, l := range []*schemas.Limit{&policy.Limits.Inactivate, &policy.Limits.Cascade, &policy.Limits.Update} {
			l.Off = true
		}
		back := pipeline.Undo(pipeline.UndoInput{Run: "r1", Plan: plan, Past: past, Snapshot: memory.Settle(after.snapshot(policy.Devices.Normalize), nil),
			Memory: memory, Policy: policy, VaultURL: c.vaultURL})
		if !back.Applicable() {
			t.Fatalf("seed %d: undo is stopped: %v", seed, back.Summary.Stop)
		}
		restored := after.clone()
		_, ended, _, err := restored.carry(back, memory, policy)
		if err != nil || len(restored.wrong) > 0 {
			t.Fatalf("seed %d: %v, %v", seed, err, restored.wrong)
		}
		for _, r := range ended {
			if r.Change != "" && r.Status != schemas.StatusDone {
				t.Fatalf("seed %d: %s %s %s of the undo ended %s %s\nthe run:\n%s\nits undo:\n%s", seed, r.Action, r.Kind, r.Key, r.Status, r.Code, whole(plan), whole(back))
			}
		}
		if diff := c.notBack(plan, results, back, restored); diff != "" {
			t.Fatalf("seed %d: %s\nthe run:\n%s\nits undo:\n%s", seed, diff, whole(plan), whole(back))
		}
		for _, w := range back.Warnings {
			if w.Code == "undo_empty" && slices.ContainsFunc(back.Left, func(l schemas.Left) bool { return l.Code == "undo_nothing" && l.Key == w.Args["key"] }) {
				t.Fatalf("seed %d: %s is called as it was, and its %s stays", seed, w.Args["key"], w.Args["field"])
			}
		}
		undone++
		changes += len(back.Changes)
	}
	t.Logf("%d runs undone by %d changes", undone, changes)
	if undone < n/4 {
		t.Errorf("only %d of %d runs had anything to undo", undone, n)
	}
}

// notBack names a record that is not as it was, and of which the undo does not say so.
func (c *trial) notBack(plan *schemas.Plan, results []schemas.Result, back *schemas.Plan, after *model) string {
	said := map[string]bool{}
	say := func(kind schemas.Kind, id string) {
		if kind == schemas.KindDevice {
			said["device "+id] = true
			for _, a := range c.vault.accounts { // and what hangs on it
				if a.device == id {
					said["account "+a.id] = true
				}
			}
			return
		}
		if kind == schemas.KindInfo {
			said["info "+id] = true
			return
		}
		said["account "+id] = true
	}
	for _, h := range back.Holds {
		say(h.Kind, h.VaultID)
	}
	for _, l := range back.Left {
		if l.Code == "protected" {
			say(l.Kind, l.VaultID)
		}
	}
	for i, r := range results {
		if r.Change == "" {
			continue
		}
		ch := &plan.Changes[i]
		renamed := ch.Reason.Rule == schemas.RuleRenamed
		for _, w := range back.Warnings {
			if w.Args["key"] == ch.Key {
				say(r.Kind, r.VaultID)
			}
		}
		if renamed {
			say(r.Kind, r.VaultID)
			say(schemas.KindDevice, ch.Old)
			say(schemas.KindDevice, ch.DeviceID)
			for _, a := range after.accounts {
				if a.device == r.VaultID || a.device == ch.Old {
					said["account "+a.id] = true
				}
			}
		}
	}
	was, is := c.vault.shown(), after.shown()
	for _, key := range slices.Sorted(maps.Keys(was)) {
		if is[key] != was[key] && !said[key] {
			return fmt.Sprintf("%s is %q, and was %q", key, is[key], was[key])
		}
	}
	for _, key := range slices.Sorted(maps.Keys(is)) {
		if was[key] == "" && !said[key] {
			return fmt.Sprintf("%s is active, and was not: %q", key, is[key])
		}
	}
	return ""
}
