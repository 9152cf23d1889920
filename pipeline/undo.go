package pipeline

import (
	"pamsync/schemas"
)

// UndoInput is all that the plan is made of which takes a run back.
type UndoInput struct {
	Run      string
	Plan     *schemas.Plan // that the run applied
	Past     *Past         // its journal
	Snapshot *Snapshot     // as the vault is now, already settled with Memory
	Memory   *Memory
	Policy   Policy
	VaultURL string
}

// Undo plans to take back what a run did: fields get the values that they had, what it made is
// inactivated, and what it inactivated comes back, a device with just those credentials and keys that
// were active when it went. Only what is still as the run left it is touched; the rest is held, and
// what no call can take back is warned of, each with its reason. The limits count it as any plan.
func Undo(in UndoInput) *schemas.Plan {
	u := &undoer{planner: newPlanner(Input{Inventory: &Inventory{}, Snapshot: in.Snapshot, Memory: in.Memory, Policy: in.Policy, VaultURL: in.VaultURL}),
		UndoInput: in, ours: map[string]bool{}, goes: map[string]bool{}, comes: map[string]bool{}}
	results := Replay(in.Plan, in.Past)[:len(in.Plan.Changes)]
	for i := range results {
		if results[i].Kind.Account() && results[i].Status == schemas.StatusDone && in.Plan.Changes[i].Action != schemas.ActionUpdate {
			u.ours[results[i].VaultID] = true
		}
	}
	for _, kind := range []bool{true, false} { // devices first: what hangs on them follows
		for i := range results {
			if (results[i].Kind == schemas.KindDevice) == kind {
				u.takeBack(&in.Plan.Changes[i], &results[i])
			}
		}
	}
	u.warnValues(results)
	u.checkAnnounced("devices", in.Snapshot.DeviceListing)
	if in.Snapshot.HasAccounts {
		u.checkAnnounced("credentials", in.Snapshot.AccountListing)
	}
	u.sortChanges()
	u.checkLimits()
	u.summarise()
	return u.plan
}

// undoer is the state of one Undo.
type undoer struct {
	*planner
	UndoInput
	ours  map[string]bool // credentials and keys that the run made or brought back
	goes  map[string]bool // devices that this plan inactivates, by id
	comes map[string]bool // devices that it brings back
}

func (u *undoer) takeBack(c *schemas.Change, r *schemas.Result) {
	switch {
	case r.Status == schemas.StatusUnknown:
		u.keep(c, r, "undo_unknown")
		return
	case r.Status != schemas.StatusDone:
		return
	case c.Reason.Rule == schemas.RuleRenamed:
		u.keep(c, r, "undo_renamed")
		return
	}
	if c.Kind == schemas.KindInfo {
		u.undoInfo(c, r)
		return
	}
	switch c.Action {
	case schemas.ActionCreate:
		u.takeNew(c, r)
	case schemas.ActionReactivate:
		if c.Kind == schemas.KindDevice {
			u.inactivateDevice(c, r)
		} else {
			u.inactivateAccount(c, r)
		}
		u.warnFields(c, true)
	case schemas.ActionInactivate:
		u.bringBack(c, r)
	case schemas.ActionUpdate:
		if c.Kind == schemas.KindDevice {
			u.restoreDevice(c, r)
		} else {
			u.restoreAccount(c, r)
		}
		u.warnFields(c, false)
	}
}

// keep holds what is not taken back until somebody has looked at it.
func (u *undoer) keep(c *schemas.Change, r *schemas.Result, code string, pairs ...string) {
	u.holdRecord(schemas.Hold{Kind: c.Kind, Key: c.Key, VaultID: r.VaultID, Code: code, Args: schemas.Pairs(append(pairs, "run", u.Run)...)})
}

// already leaves what is as it was before the run.
func (u *undoer) already(kind schemas.Kind, key, id string) {
	u.leave(schemas.Left{Kind: kind, Key: key, VaultID: id, Code: "undo_nothing"})
}

func (u *undoer) reason() schemas.Reason {
	return schemas.Reason{Rule: schemas.RuleUndo, Value: u.Run}
}
