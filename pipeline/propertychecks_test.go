package pipeline_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"pamsync/pipeline"
	"pamsync/schemas"
)

func sortStrings(s []string) { slices.Sort(s) }

// classes tells in which place of the account each row stands, "" for unchanged.
func (c *trial) classes(plan *schemas.Plan) (map[schemas.RowRef]string, error) {
	class := map[schemas.RowRef]string{}
	var err error
	put := func(what string, refs ...schemas.RowRef) {
		for _, ref := range refs {
			if old := class[ref]; old != "" {
				err = errors.Join(err, fmt.Errorf("%v is %s and %s", ref, old, what))
			}
			class[ref] = what
		}
	}
	for _, r := range c.rows {
		if r.leftOut {
			put("left", schemas.RowRef{Source: c.sources[r.source].name, Row: r.number})
		}
	}
	for i := range plan.Changes {
		put("changed", plan.Changes[i].Rows...)
	}
	for i := range plan.Holds {
		put("held", plan.Holds[i].Rows...)
	}
	for i := range plan.Rejects {
		put("rejected", plan.Rejects[i].Row)
	}
	for i := range plan.Left {
		put("left", plan.Left[i].Rows...)
	}
	return class, err
}

// checkRows: every row stands in one place, in all and for each kind.
func (c *trial) checkRows(plan *schemas.Plan) error {
	class, err := c.classes(plan)
	if err != nil {
		return err
	}
	n := map[string]int{}
	unchanged := map[schemas.Kind]int{}
	for _, r := range c.rows {
		s := c.sources[r.source]
		what := class[schemas.RowRef{Source: s.name, Row: r.number}]
		n[what]++
		if what == "" {
			unchanged[s.kind]++
		}
	}
	if got, want := plan.Summary.Rows, (schemas.RowCounts{In: len(c.rows), Changed: n["changed"], Unchanged: n[""], Held: n["held"], Rejected: n["rejected"], LeftOut: n["left"]}); got != want {
		return fmt.Errorf("the account says %+v, the rows %+v", got, want)
	}
	for _, k := range plan.Summary.Kinds {
		if k.Unchanged != unchanged[k.Kind] {
			return fmt.Errorf("%d %ss are unchanged, the account says %d", unchanged[k.Kind], k.Kind, k.Unchanged)
		}
	}
	return nil
}

// inScope says whether a device lies within the scope.
func (c *trial) inScope(d *mDevice) bool {
	allowed, any := c.policy.Devices.Scope[schemas.FieldSite]
	return !any || slices.ContainsFunc(allowed, func(s string) bool { return low(s) == low(d.site) })
}

// active says whether the planner takes a listed device for active: not one that the vault lists
// although an earlier run inactivated it.
func (c *trial) active(d *mDevice) bool {
	return c.vault.listsDevice(d) && !c.rememberedGone(schemas.KindDevice, d.id)
}

func (c *trial) activeAccount(a *mAccount) bool {
	kind := schemas.KindCredential
	if a.key {
		kind = schemas.KindKey
	}
	return c.vault.listsAccount(a) && !c.rememberedGone(kind, a.id)
}

func (c *trial) rememberedGone(kind schemas.Kind, id string) bool {
	return slices.ContainsFunc(c.memory, func(r schemas.Remembered) bool {
		return r.What == schemas.RememberInactive && r.Kind == kind && r.ID == id && r.Listed
	})
}

// checkLimits: what would go, with all that hangs on it, is within the limits of a plan that may
// be applied.
func (c *trial) checkLimits(plan *schemas.Plan) error {
	if !plan.Applicable() {
		return nil
	}
	devices, accounts, keys := 0, 0, 0
	for i := range c.vault.devices {
		if d := &c.vault.devices[i]; c.active(d) && c.inScope(d) {
			devices++
		}
	}
	goes := map[string]bool{}
	n := map[string]int{}
	for i := range plan.Changes {
		ch := &plan.Changes[i]
		n[string(ch.Action)+" "+string(ch.Kind)]++
		if ch.Action == schemas.ActionInactivate && ch.Kind == schemas.KindDevice && ch.Reason.Rule != schemas.RuleRenamed { // else nothing hangs on it then
			goes[ch.VaultID] = true
		}
	}
	dragged := 0
	for i := range c.vault.accounts {
		a := &c.vault.accounts[i]
		d := c.vault.device(a.device)
		if !c.activeAccount(a) {
			continue
		}
		if goes[a.device] {
			dragged++
		}
		switch {
		case !c.active(d) || !c.inScope(d):
		case a.key:
			keys++
		default:
			accounts++
		}
	}
	l := c.policy.Limits
	for _, u := range []struct {
		what     string
		n, total int
		limit    schemas.Limit
	}{
		{"devices that go", n["inactivate device"], devices, l.Inactivate},
		{"credentials that go", n["inactivate credential"], accounts, l.Inactivate},
		{"keys that go", n["inactivate key"], keys, l.Inactivate},
		{"keys updated", n["update key"], keys, l.Update},
		{"information that goes", n["inactivate info"], c.sentInfos(), l.Inactivate},
		{"information updated", n["update info"], c.sentInfos(), l.Update},
		{"all that goes", n["inactivate credential"] + n["inactivate key"] + dragged, accounts + keys, l.Cascade},
		{"devices updated", n["update device"], devices, l.Update},
		{"credentials updated", n["update credential"], accounts, l.Update},
	} {
		over := u.n > u.limit.Floor && (u.limit.Percent >= 0 && float64(u.n)*100 > u.limit.Percent*float64(u.total) || u.limit.Count >= 0 && u.n > u.limit.Count)
		if over && !u.limit.Off {
			return fmt.Errorf("%s: %d of %d, over the limit %v, and nothing stops", u.what, u.n, u.total, u.limit)
		}
	}
	return nil
}

// checkScope: nothing outside the scope, protected, or the vault's own host is planned.
func (c *trial) checkScope(plan *schemas.Plan) error {
	for i := range plan.Changes {
		ch := &plan.Changes[i]
		id := ch.VaultID
		if ch.Kind != schemas.KindDevice {
			id = ch.DeviceID
		}
		d := c.vault.device(id)
		if d != nil && c.vault.listsDevice(d) && !c.inScope(d) {
			return fmt.Errorf("%s %s: its device is outside the scope", ch.Action, ch.Key)
		}
		if ch.Kind == schemas.KindDevice && ch.Action != schemas.ActionInactivate && ch.Send.Get(schemas.FieldSite) != "" && !c.inScope(&mDevice{site: ch.Send.Get(schemas.FieldSite)}) {
			return fmt.Errorf("%s %s leaves the scope", ch.Action, ch.Key)
		}
		if ch.Kind == schemas.KindInfo {
			if err := c.mayInfoGo(ch); err != nil {
				return err
			}
			continue
		}
		if ch.Kind == schemas.KindKey && !c.keys && ch.Action != schemas.ActionReactivate {
			return fmt.Errorf("%s of the key %s", ch.Action, ch.Key)
		}
		if a := c.vault.account(ch.VaultID); ch.Kind.Account() && a != nil {
			if a.key != (ch.Kind == schemas.KindKey) {
				return fmt.Errorf("%s of %s %s, which is none", ch.Action, ch.Kind, ch.Key)
			}
			other, meant := c.vault.device(a.device), c.vault.device(ch.DeviceID)
			if ch.DeviceID != "" && a.device != ch.DeviceID && (ch.Reason.Rule != schemas.RuleRenamed || a.device != ch.Old) && (low(other.hostname) != low(meant.hostname) || other.ip != meant.ip) {
				return fmt.Errorf("%s of %s (id %s): it is of device %s, not %s", ch.Action, ch.Key, a.id, a.device, ch.DeviceID)
			}
		}
		if ch.Action == schemas.ActionInactivate {
			if err := c.mayGo(ch, d); err != nil {
				return err
			}
		}
	}
	return nil
}

// mayGo: what is protected does not go, nor does what may be in use or still waits.
func (c *trial) mayGo(ch *schemas.Change, d *mDevice) error {
	if c.policy.ProtectDevices != nil && ch.Kind == schemas.KindDevice && (strings.Contains(c.policy.Devices.Protect, "AWS") && d.site == "AWS" || strings.Contains(c.policy.Devices.Protect, "0$") && strings.HasSuffix(d.hostname, "0")) {
		return fmt.Errorf("%s is protected and goes", ch.Key)
	}
	if low(d.hostname) == "vault" {
		return fmt.Errorf("%s goes, from the vault itself", ch.Key)
	}
	renamed := ch.Reason.Rule == schemas.RuleRenamed
	for i := range c.vault.accounts {
		a := &c.vault.accounts[i]
		goes := ch.Kind == schemas.KindDevice && a.device == d.id || ch.Kind.Account() && a.id == ch.VaultID
		if protect := c.protects(a); goes && protect && a.username == "svc" && c.activeAccount(a) {
			return fmt.Errorf("%s@%s is protected and goes", a.username, d.hostname)
		}
	}
	config := c.configOf(ch.Kind)
	switch grace := config.Grace; {
	case renamed: // somebody decided that it goes
	case config.Missing != schemas.MissingInactivate:
		return fmt.Errorf("%s goes, and missing is %s", ch.Key, config.Missing)
	case !c.good && (grace.Runs > 1 || grace.Days > 0), c.good && (grace.Runs > 2 || c.goodAge.Hours() < float64(grace.Days)*24):
		return fmt.Errorf("%s goes in its grace %+v", ch.Key, grace)
	}
	if c.policy.Limits.InUse < 0 {
		return nil
	}
	if c.noUsage {
		return fmt.Errorf("%s goes, and nobody knows whether it is used", ch.Key)
	}
	for _, target := range c.used {
		target = strings.TrimSuffix(target, ":22")
		named := target == d.ip || target == c.normal(d.hostname)
		if named && (ch.Kind == schemas.KindDevice || strings.HasPrefix(ch.Key, "root@")) {
			return fmt.Errorf("%s goes while it is used", ch.Key)
		}
	}
	return nil
}

// checkAbsence: nothing goes that any row names, readable or not, and nothing at all where rows
// cannot be read.
func (c *trial) checkAbsence(plan *schemas.Plan) error {
	for i := range plan.Changes {
		ch := &plan.Changes[i]
		if ch.Action != schemas.ActionInactivate || ch.Kind == schemas.KindInfo { // see mayInfoGo
			continue
		}
		unreadable := map[schemas.Kind]int{}
		for _, r := range c.rows {
			if r.leftOut {
				continue
			}
			kind := c.sources[r.source].kind
			if kind == schemas.KindInfo {
				continue
			}
			if c.unreadable(&r) && (kind == ch.Kind || ch.Kind == schemas.KindDevice) {
				unreadable[kind]++
				continue
			}
			if ch.Reason.Rule != schemas.RuleRenamed && c.names(&r, kind, ch) {
				return fmt.Errorf("%s %s (id %s) goes, and row %d of %s names it", ch.Kind, ch.Key, ch.VaultID, r.number, c.sources[r.source].name)
			}
		}
		if limit := c.policy.Limits.Unreadable; limit >= 0 && max(unreadable[schemas.KindDevice], unreadable[schemas.KindCredential], unreadable[schemas.KindKey]) > limit {
			return fmt.Errorf("%s %s goes, and %v rows cannot be read", ch.Kind, ch.Key, unreadable)
		}
	}
	return nil
}

func (c *trial) unreadable(r *trialRow) bool {
	h := strings.TrimSpace(r.values[schemas.FieldHostname])
	return r.broken || h == "" || strings.ContainsAny(h, "\x00\x01\x02")
}

// names says whether a row may mean the record that goes.
func (c *trial) names(r *trialRow, kind schemas.Kind, ch *schemas.Change) bool {
	v := &r.values
	d := c.vault.device(ch.DeviceID)
	switch {
	case kind == schemas.KindDevice && ch.Kind == schemas.KindDevice && c.vault.device(v[schemas.FieldID]) != nil && v[schemas.FieldID] != d.id &&
		c.normal(c.vault.device(v[schemas.FieldID]).hostname) == c.hostOf(v):
		return false // it says which of that name it is
	case ch.Kind == schemas.KindDevice:
		return c.hostOf(v) == c.normal(d.hostname) || kind == schemas.KindDevice && v[schemas.FieldID] == d.id
	case kind == schemas.KindDevice:
		return false
	}
	a := c.vault.account(ch.VaultID)
	switch {
	case kind == schemas.KindKey && ch.Kind == schemas.KindKey:
		return c.namesKey(v, a, d)
	case kind != ch.Kind: // by what tells one record from all others alone
		return kind.Account() && (v[schemas.FieldID] == a.id || a.identifier != "" && low(v[schemas.FieldIdentifier]) == low(a.identifier))
	}
	return c.hostOf(v) == c.normal(d.hostname) && (low(v[schemas.FieldUsername]) == low(a.username) || strings.TrimSpace(v[schemas.FieldUsername]) == "") ||
		v[schemas.FieldID] == a.id || a.identifier != "" && low(v[schemas.FieldIdentifier]) == low(a.identifier)
}

// checkHits: every call hit the record that its change is for, and nothing else was touched.
func (c *trial) checkHits(plan *schemas.Plan, after *model, results []schemas.Result) error {
	if len(after.wrong) > 0 {
		return fmt.Errorf("%s", strings.Join(after.wrong, "; "))
	}
	touched := map[string]bool{}
	put := func(kind schemas.Kind, id string) {
		switch kind {
		case schemas.KindDevice, schemas.KindInfo:
			touched[string(kind)+" "+id] = true
		default:
			touched["account "+id] = true
		}
	}
	for i, r := range results {
		if r.Change == "" {
			continue
		}
		if r.Status != schemas.StatusDone {
			return fmt.Errorf("%s %s %s ended %s %s: %s", r.Action, r.Kind, r.Key, r.Status, r.Code, r.Message)
		}
		put(r.Kind, r.VaultID)
		for _, item := range plan.Changes[i].Cascade {
			put(item.Kind, item.ID)
		}
	}
	for _, key := range differing(c.vault.records(), after.records()) {
		id, isAccount := strings.CutPrefix(key, "account ")
		if !touched[key] && !(isAccount && after.account(id).hidden && after.device(after.account(id).device).inactive) {
			return fmt.Errorf("%s changed, and nobody planned it: %s, now %s", key, c.vault.records()[key], after.records()[key])
		}
	}
	return nil
}

// missed: the new name of a rename was that of a record that the vault does not list, and so nothing
// was carried over, and the old record stayed with all that hangs on it.
func (c *trial) missed(after *model, results []schemas.Result) bool {
	return len(after.wrong) == 0 && slices.ContainsFunc(results, func(r schemas.Result) bool {
		return r.Change != "" && r.Action == schemas.ActionInactivate && r.Kind == schemas.KindDevice && r.Code == "not_carried" && !after.device(r.VaultID).inactive &&
			slices.ContainsFunc(results, func(made schemas.Result) bool {
				return made.Change != "" && made.Action == schemas.ActionCreate && made.Kind == schemas.KindDevice && c.vault.device(made.VaultID) != nil
			})
	})
}

// unseen tells an identifier of a record that the vault does not list and no run remembers: that
// the vault will find it, nobody can know.
func (c *trial) unseen(identifier string) bool {
	return identifier != "" && slices.ContainsFunc(c.vault.accounts, func(a mAccount) bool {
		return low(a.identifier) == low(identifier) && !c.vault.listsAccount(&a)
	})
}

// checkAgain: a second plan is empty.
func (c *trial) checkAgain(plan *schemas.Plan, after *model, memory *pipeline.Memory, good *pipeline.LastGood, past *pipeline.Past, results []schemas.Result, run *pipeline.Run) error {
	pipeline.Remember(memory, plan, past, "r1", c.print, c.secretPrint)
	if good != nil && c.policy.Devices.Grace.Runs == 1 && c.policy.Credentials.Grace.Runs == 1 {
		plan.Digest = "r1"
		good.Remember(pipeline.Night{Run: "r1", Client: c.client, At: c.now, Plan: plan, Results: results,
			Views: []*pipeline.Snapshot{c.vault.snapshot(c.policy.Devices.Normalize), run.Listed()}, Print: c.print})
	}
	again := c.built(after, memory, good, c.rows)
	again.Changes = slices.DeleteFunc(again.Changes, func(ch schemas.Change) bool { return c.homeFound(plan, results, &ch) || freed(plan, &ch) })
	if len(again.Changes) == 0 || c.surfaced(results) {
		return nil
	}
	return fmt.Errorf("a second plan still has %s %s %s %v, after %d changes; results %+v", again.Changes[0].Action, again.Changes[0].Kind, again.Changes[0].Key,
		again.Changes[0].Fields, len(plan.Changes), results)
}

// homeFound: the plan brought a device back, or made it, and what was listed without a device has one
// now: that the inventory lacks it can be told from then on.
func (c *trial) homeFound(plan *schemas.Plan, results []schemas.Result, again *schemas.Change) bool {
	if again.Action != schemas.ActionInactivate || !again.Kind.Account() {
		return false
	}
	for i, r := range results {
		if r.Change != "" && r.VaultID == again.VaultID && r.Kind == again.Kind && plan.Changes[i].Reason.Rule == schemas.RuleRenamed {
			return true // carried over: it has a device now that the inventory names
		}
	}
	return slices.ContainsFunc(results, func(r schemas.Result) bool {
		if r.Change == "" || r.Kind != schemas.KindDevice || r.VaultID != again.DeviceID {
			return false
		}
		return r.Action == schemas.ActionCreate || r.Action == schemas.ActionReactivate || c.namesakes(r.VaultID) // told apart by a new address
	})
}

// namesakes says whether other devices have a device's name, listed or hidden: what stands by itself
// under that name, at another address than the listed device, agrees with that in all that is listed
// once it has got that address, as the inventory says, and the inventory lacks it there as before.
func (c *trial) namesakes(id string) bool {
	d, n := c.vault.device(id), 0
	for i := range c.vault.devices {
		if o := &c.vault.devices[i]; d != nil && (c.active(o) || o.hidden && !o.inactive) && c.normal(o.hostname) == c.normal(d.hostname) {
			n++
		}
	}
	return n > 1
}

// freed: what was held may be so no longer, where what stood in its way is gone by this very plan.
func freed(plan *schemas.Plan, again *schemas.Change) bool {
	mine := func(rows []schemas.RowRef) bool {
		return slices.ContainsFunc(rows, func(r schemas.RowRef) bool { return slices.Contains(again.Rows, r) })
	}
	// one of two rows for a record that was carried over named it by the name that it has no more
	carried := slices.ContainsFunc(plan.Changes, func(c schemas.Change) bool {
		return c.Kind == again.Kind && c.VaultID == again.VaultID && c.Reason.Rule == schemas.RuleRenamed
	})
	for _, h := range plan.Holds {
		stood := h.Code == "two_rows_one_record" && carried || slices.Contains([]string{"ambiguous", "identifier_taken", "device_held", "address_in_doubt", "id_mismatch", "cascade_unknown", "rename_waits", "rename_unfinished", "would_hit_other", "other_address"}, h.Code)
		if stood && (again.Old != "" && h.VaultID == again.Old || h.Kind == schemas.KindDevice && h.VaultID != "" && h.VaultID == again.DeviceID || h.VaultID != "" && h.VaultID == again.VaultID && h.Kind == again.Kind || mine(h.Rows)) {
			return true
		}
	}
	// a decision to ignore counts while there is a hold to decide about
	return slices.ContainsFunc(plan.Left, func(l schemas.Left) bool {
		return (l.Code == "decided_ignore" || l.Code == "device_ignored") && mine(l.Rows)
	})
}

// surfaced: a create found a device that was not listed, and activated it; what hangs on it is
// seen for the first time.
func (c *trial) surfaced(results []schemas.Result) bool {
	return slices.ContainsFunc(results, func(r schemas.Result) bool {
		return r.Change != "" && r.Kind == schemas.KindDevice && r.Action == schemas.ActionCreate && c.vault.device(r.VaultID) != nil
	})
}
