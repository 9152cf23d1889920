package pipeline

import (
	"context"
	"strconv"
	"time"

	"pamsync/schemas"
)

// usageAge is how old the list of sessions may be when something is taken away by it: the writes
// before that may take hours.
const usageAge = time.Minute

// TakesAway says whether a plan inactivates anything.
func TakesAway(plan *schemas.Plan) bool {
	for i := range plan.Changes {
		if plan.Changes[i].Action == schemas.ActionInactivate {
			return true
		}
	}
	return false
}

// InUse says by a list of sessions why a record is not taken away now: the code and its arguments
// of one that is in use, or of which nobody can say; "" for none. former are the addresses that runs
// of ours took from devices lately.
func InUse(c *schemas.Change, s *Snapshot, former map[string][]string, u *Usage, days int) (code string, args schemas.Args) {
	if c.Action != schemas.ActionInactivate || c.Kind == schemas.KindInfo {
		return "", nil
	}
	renamed := func(pairs ...string) schemas.Args {
		return schemas.Pairs(append(pairs, "old", c.Key, "new", c.Reason.Value)...)
	}
	if u.Fault != nil {
		if c.Reason.Rule == schemas.RuleRenamed {
			return "rename_use_unknown", renamed("cause", u.Fault.Problem.Code)
		}
		return "use_unknown", schemas.Pairs("cause", u.Fault.Problem.Code)
	}
	use, found := useOf(c, s, former, u)
	switch {
	case !found:
		return "", nil
	case c.Reason.Rule == schemas.RuleRenamed:
		return "rename_in_use", renamed(use.pairs()...)
	}
	return "in_use", schemas.Pairs(append(use.pairs(), "days", strconv.Itoa(days))...)
}

func useOf(c *schemas.Change, s *Snapshot, former map[string][]string, u *Usage) (Use, bool) {
	if c.Kind == schemas.KindDevice {
		if d := s.Device(c.VaultID); d != nil {
			return u.device(d.Hostname, append([]string{d.IP}, former[d.ID]...))
		}
		return Use{}, false
	}
	a := s.Account(c.VaultID)
	if a == nil {
		return Use{}, false
	}
	addresses := []string{a.IP}
	if a.device >= 0 {
		d := s.DeviceAt(a.device)
		addresses = append([]string{d.IP}, former[d.ID]...)
	}
	return u.account(a.Username, a.Hostname, addresses)
}

// spareUsed reads the list of sessions, where something waits to be taken away and what is known
// is too old, and ends the changes that would take away what is in use.
func (r *Run) spareUsed(ctx context.Context) error {
	if r.Usage == nil || r.Policy.Limits.InUse < 0 || !r.pending(stageInactivateAccount) && !r.pending(stageInactivateDevice) ||
		!r.usedAt.IsZero() && r.Now().Sub(r.usedAt) < usageAge {
		return nil
	}
	at := r.raw.DeviceListing.At
	if at.IsZero() {
		at = r.Now()
	}
	used := r.Usage(ctx, at)
	if err := r.stopped(ctx); err != nil {
		return err
	}
	r.usedAt = r.Now()
	former := r.Memory.formerAddresses(at, r.Policy.Limits.InUse)
	for _, t := range r.tasks {
		if t.doubt != nil || t.stage != stageInactivateAccount && t.stage != stageInactivateDevice {
			continue
		}
		code, args := InUse(t.change, r.latest, former, used, r.Policy.Limits.InUse)
		if code == "" {
			continue
		}
		if err := r.end(t, schemas.StatusSkipped, code, args); err != nil {
			return err
		}
		if t.change.Reason.Rule == schemas.RuleRenamed {
			if err := r.spareRename(t, code, args); err != nil {
				return err
			}
		}
	}
	return nil
}

// spareRename ends the rest of a rename, unless it has begun: then what hangs on the old record is
// carried over all the same, for no later run could go on with it.
func (r *Run) spareRename(old *task, code string, args schemas.Args) error {
	next := r.devices[fold(old.change.Reason.Value)]
	if next != nil && (next.status != "" || next.step > 0 || next.doubt != nil) {
		return nil
	}
	for _, t := range r.tasks {
		if t.change.Old == old.id && t.status == "" {
			if err := r.end(t, schemas.StatusSkipped, code, args); err != nil {
				return err
			}
		}
	}
	return nil
}
