package pipeline

import (
	"context"
	"strconv"

	"pamsync/schemas"
)

// waitForDoubts waits the settle time where a lost call may still be served by the vault.
func (r *Run) waitForDoubts(ctx context.Context) error {
	n := 0
	for _, t := range r.tasks {
		if t.doubt != nil && t.doubt.refusal == 0 {
			n++
		}
	}
	if n == 0 || r.Settle <= 0 {
		return nil
	}
	if r.Say != nil {
		r.Say("settling", "n", strconv.Itoa(n), "time", r.Settle.String())
	}
	return r.Sleep(ctx, r.Settle)
}

// readBack reads the lists again and settles what is in doubt.
func (r *Run) readBack(ctx context.Context) error {
	if err := r.waitForDoubts(ctx); err != nil {
		return err
	}
	if err := r.read(ctx); err != nil {
		return err
	}
	for _, t := range r.tasks {
		if t.doubt != nil {
			if err := r.settleTask(t); err != nil {
				return err
			}
		}
	}
	return nil
}

// seen is what a list tells about a call in doubt.
type seen int

const (
	seenDone seen = iota
	seenNot
	seenNothing // the list cannot tell
)

// settleTask decides a change in doubt by the list that was just read.
func (r *Run) settleTask(t *task) error {
	d := t.doubt
	what, id := r.look(t)
	if id != "" {
		t.id = id
	}
	switch what {
	case seenDone:
		t.doubt = nil
		if t.stage == stageReactivateDevice || t.stage == stageReactivateAccount {
			if next := secondStage(t.change); next != stageNone {
				t.stage = next
				return r.journal(schemas.Record{Outcome: &schemas.Outcome{Change: t.change.ID, Step: t.step, Effect: schemas.EffectDone, VaultID: t.id, At: r.stamp()}})
			}
		}
		if err := r.doubtDevices(t); err != nil {
			return err
		}
		return r.endWith(t, schemas.Outcome{Status: schemas.StatusDone, Effect: schemas.EffectDone, VaultID: t.id, Code: "settled"})
	case seenNothing:
		cause := orText(d.args["message"], orText(d.args["cause"], d.code))
		if t.change.Kind == schemas.KindInfo {
			return r.end(t, schemas.StatusUnknown, infoUnknown, schemas.Pairs("id", t.change.ID, "cause", cause))
		}
		return r.end(t, schemas.StatusUnknown, "unsettled", schemas.Pairs("cause", cause))
	}
	if d.refusal == 1008 || d.refusal == 1017 && t.change.Action == schemas.ActionInactivate {
		return r.end(t, schemas.StatusSkipped, "already_inactive", nil)
	}
	if d.resend && !t.resent {
		// Announced by a run that died, and not processed: the settle time is over, and the list
		// does not show it.
		t.resent, t.doubt = true, nil
		return nil
	}
	return r.end(t, schemas.StatusFailed, d.code, d.args)
}

// look compares the latest list with what the call in doubt would have done.
func (r *Run) look(t *task) (seen, string) {
	c := t.change
	if c.Kind == schemas.KindInfo {
		return seenNothing, "" // no list shows it
	}
	if t.activate {
		return whether(r.raw.lists(c.Kind, t.id)), ""
	}
	switch t.stage {
	case stageReactivateDevice, stageReactivateAccount:
		if t.doubt.refusal == 0 && r.Memory != nil && r.Memory.listsInactive(c.Kind, c.Key) {
			return seenNothing, "" // this vault lists inactive records too
		}
		return whether(r.raw.lists(c.Kind, t.id)), ""
	case stageInactivateDevice, stageInactivateAccount:
		return whether(!r.latest.lists(c.Kind, t.id)), ""
	case stageDevice:
		return r.lookDevice(t)
	}
	return r.lookAccount(t)
}

func whether(done bool) seen {
	if done {
		return seenDone
	}
	return seenNot
}

func (r *Run) lookDevice(t *task) (seen, string) {
	found := r.latest.FindDevices(t.change.Key)
	if len(found) != 1 {
		if len(found) == 0 && t.change.Action == schemas.ActionUpdate {
			return seenNothing, ""
		}
		return seenNot, ""
	}
	d := r.latest.DeviceAt(found[0])
	if t.change.Action == schemas.ActionCreate {
		return seenDone, d.ID
	}
	return lookFields(t.change, d.Value), d.ID
}

func (r *Run) lookAccount(t *task) (seen, string) {
	c := t.change
	if c.Action != schemas.ActionCreate {
		a := r.latest.Account(t.id)
		if a == nil {
			return seenNothing, ""
		}
		v := a.values()
		return lookFields(c, func(f schemas.Field) string { return v[f] }), a.ID
	}
	devices := r.latest.FindDevices(c.Device)
	if len(devices) != 1 {
		return seenNothing, ""
	}
	found := r.latest.accountsNamed(devices[0], c.Send.Get(schemas.FieldUsername))
	if c.Kind == schemas.KindKey {
		found = r.latest.keysNamed(r.latest.byDevice[devices[0]], c.Send.Get(schemas.FieldUsername))
		if identifier := c.Send.Get(schemas.FieldIdentifier); identifier != "" {
			found = r.latest.accountsIdentified(identifier)
		}
	}
	switch len(found) {
	case 0:
		return seenNot, ""
	case 1:
		return seenDone, r.latest.AccountAt(found[0]).ID
	}
	return seenNothing, ""
}

// lookFields tells by the listed fields of a change whether it happened; a change of fields
// that no list shows cannot be told.
func lookFields(c *schemas.Change, current func(schemas.Field) string) seen {
	shown := 0
	done := true
	for _, fc := range c.Fields {
		f := fc.Field
		if !f.Listed() || same(f, fc.Before, fc.After) {
			continue
		}
		shown++
		done = done && same(f, fc.After, current(f))
	}
	if shown == 0 {
		return seenNothing
	}
	return whether(done)
}
