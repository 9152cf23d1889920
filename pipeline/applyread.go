package pipeline

import (
	"context"
	"strconv"

	"pamsync/schemas"
)

// read takes a snapshot; records that are listed although we inactivated them are left out.
func (r *Run) read(ctx context.Context) error {
	s, err := TakeSnapshot(ctx, r.Vault, Want{Accounts: r.needsAccounts(), Norm: r.Policy.Devices.Normalize})
	if err != nil {
		return err
	}
	if err := r.whole(s); err != nil {
		return err
	}
	r.raw, r.latest = s, s
	r.behind.Store(false)
	if r.Memory != nil {
		r.latest = r.Memory.Settle(s, r.awake)
	}
	return nil
}

// whole refuses a list whose count is not the announced one: nothing is decided by it. Before
// the first write that is a guard; after it the run stops and can be resumed.
func (r *Run) whole(s *Snapshot) error {
	if !r.Policy.Limits.Announced {
		return nil
	}
	class := schemas.ClassGuard
	if r.started("") {
		class = schemas.ClassStopped
	}
	fault := func(list string, l schemas.Listing) error {
		if l.Announced < 0 || l.Announced == l.Read {
			return nil
		}
		return schemas.NewFault(class, "announced_differs", "list", list, "announced", strconv.Itoa(l.Announced), "read", strconv.Itoa(l.Read))
	}
	if err := fault("devices", s.DeviceListing); err != nil || !s.HasAccounts {
		return err
	}
	return fault("credentials", s.AccountListing)
}

// awake tells the records that this run has activated.
func (r *Run) awake(kind schemas.Kind, id string) bool {
	for _, t := range r.tasks {
		if t.change.Action == schemas.ActionReactivate && t.change.Kind == kind && t.id == id {
			return t.step > 0
		}
	}
	return false
}

func (r *Run) needsAccounts() bool {
	for _, t := range r.tasks {
		if t.change.Kind != schemas.KindDevice || t.change.Action == schemas.ActionInactivate {
			return true
		}
	}
	return false
}

// lookBefore looks at what is about to be taken away: by a list that no call of ours is behind, and
// by the sessions.
func (r *Run) lookBefore(ctx context.Context, s stage) error {
	if !r.pending(s) {
		return nil
	}
	if r.behind.Load() {
		if err := r.readBack(ctx); err != nil {
			return err
		}
		for _, t := range r.tasks {
			if t.stage == s && t.wave <= r.wave && t.doubt == nil {
				if err := r.checkTask(t); err != nil {
					return err
				}
			}
		}
	}
	return r.spareUsed(ctx)
}
