package pipeline

import (
	"maps"
	"slices"
	"strings"

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
		if results[i].Kind != schemas.KindDevice && results[i].Status == schemas.StatusDone && in.Plan.Changes[i].Action != schemas.ActionUpdate {
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

// takeNew inactivates what the run made. A record that was there before, and that the run did not
// see, had values that nobody knows.
func (u *undoer) takeNew(c *schemas.Change, r *schemas.Result) {
	highest := u.Past.Listed.MaxCredential
	if c.Kind == schemas.KindDevice {
		highest = u.Past.Listed.MaxDevice
	}
	if n := numeric(r.VaultID); n > 0 && n <= highest {
		if u.Past.changes[c.ID].step < 2 { // it was left as active as it was
			u.keep(c, r, "undo_overwrote")
			return
		}
		u.warnFields(c, true)
	}
	if c.Kind == schemas.KindDevice {
		u.inactivateDevice(c, r)
		return
	}
	u.inactivateAccount(c, r)
}

func (u *undoer) inactivateDevice(c *schemas.Change, r *schemas.Result) {
	record := u.Snapshot.deviceNumber(r.VaultID)
	if record < 0 {
		u.gone(c, r)
		return
	}
	d := u.Snapshot.DeviceAt(record)
	var strangers []schemas.Item
	for _, item := range u.Snapshot.Cascade(record) {
		if !u.ours[item.ID] {
			strangers = append(strangers, item)
		}
	}
	switch {
	case fold(d.Hostname) != fold(c.Key):
		u.keep(c, r, "undo_moved", "field", schemas.FieldHostname.String(), "now", d.Hostname, "sent", c.Key)
	case u.protected(&d) || u.isVault(&d):
		u.leave(schemas.Left{Kind: c.Kind, Key: c.Key, VaultID: r.VaultID, Code: "protected"})
	case !u.Snapshot.HasAccounts:
		u.keep(c, r, "cascade_unknown", "cause", u.accountsCause())
	case len(strangers) > 0:
		u.keep(c, r, "undo_in_the_way", "items", itemsText(strangers))
	default:
		u.goes[d.ID] = true
		u.change(schemas.Change{Kind: schemas.KindDevice, Action: schemas.ActionInactivate, Key: d.Hostname, VaultID: d.ID, Device: d.Hostname, DeviceID: d.ID,
			Reason: u.reason(), Fields: lastValues(&d), Cascade: u.Snapshot.Cascade(record)})
	}
}

// gone tells of a record that the run made and that is not listed: inactive by now, or never shown.
func (u *undoer) gone(c *schemas.Change, r *schemas.Result) {
	if r.Code == findingNotVisible {
		u.keep(c, r, "undo_not_visible")
		return
	}
	u.already(c.Kind, c.Key, r.VaultID)
}

func (u *undoer) inactivateAccount(c *schemas.Change, r *schemas.Result) {
	a := u.Snapshot.Account(r.VaultID)
	if a == nil {
		if !u.goes[c.DeviceID] {
			u.gone(c, r)
		}
		return
	}
	d := u.Snapshot.homeOf(a.ID)
	switch {
	case d != nil && u.goes[d.ID]: // it goes with its device
	case fold(CredentialKey(a.Username, a.Hostname)) != fold(CredentialKey(userOf(c, a), c.Device)):
		u.keep(c, r, "undo_moved", "field", schemas.FieldUsername.String(), "now", CredentialKey(a.Username, a.Hostname), "sent", c.Key)
	case u.protectedAccount(a):
		u.leave(schemas.Left{Kind: c.Kind, Key: c.Key, VaultID: r.VaultID, Code: "protected"})
	default:
		change := schemas.Change{Kind: a.Kind(), Action: schemas.ActionInactivate, Key: CredentialKey(a.Username, a.Hostname), VaultID: a.ID, Device: a.Hostname,
			Reason: u.reason(), Fields: lastAccountValues(a)}
		if d != nil {
			change.Device, change.DeviceID = d.Hostname, d.ID
		}
		u.change(change)
	}
}

// userOf is the username that a change gave to a credential.
func userOf(c *schemas.Change, a *Account) string {
	if sent := c.Send.Get(schemas.FieldUsername); sent != "" {
		return sent
	}
	if user, _, ok := strings.Cut(c.Key, "@"); ok {
		return user
	}
	return a.Username
}

// bringBack reactivates what the run inactivated, and what went down with it.
func (u *undoer) bringBack(c *schemas.Change, r *schemas.Result) {
	items := u.Past.Standing(c)
	if c.Kind != schemas.KindDevice {
		items = []schemas.Item{{Kind: c.Kind, ID: c.VaultID, Key: c.Key}}
	} else if u.Snapshot.deviceNumber(c.VaultID) >= 0 {
		u.already(c.Kind, c.Key, c.VaultID)
	} else {
		if taken := u.Snapshot.FindDevices(c.Key); len(taken) > 0 {
			u.keep(c, r, "undo_name_taken", "id", u.Snapshot.devices.get(taken[0], schemas.FieldID))
			return
		}
		u.comes[c.VaultID] = true
		u.change(schemas.Change{Kind: c.Kind, Action: schemas.ActionReactivate, Key: c.Key, VaultID: c.VaultID, Device: c.Device, DeviceID: c.VaultID, Reason: u.reason()})
	}
	for _, item := range items {
		switch {
		case u.ambiguous(c, r):
			return
		case u.Snapshot.accountNumber(item.ID) >= 0:
			u.already(item.Kind, item.Key, item.ID)
		case !u.comes[c.DeviceID] && u.Snapshot.deviceNumber(c.DeviceID) < 0:
			u.keep(c, r, "undo_device_gone", "device", c.Device)
			return
		default:
			u.change(schemas.Change{Kind: item.Kind, Action: schemas.ActionReactivate, Key: item.Key, VaultID: item.ID, Device: c.Device, DeviceID: c.DeviceID, Reason: u.reason()})
		}
	}
}

func (u *undoer) restoreDevice(c *schemas.Change, r *schemas.Result) {
	d := u.Snapshot.Device(c.VaultID)
	if d == nil {
		u.keep(c, r, "undo_gone")
		return
	}
	var send schemas.Values
	for _, f := range required() {
		send[f] = d.Value(f)
	}
	fields := u.restored(c, r, &send, d.Value)
	if len(fields) == 0 {
		return
	}
	after := asDevice(d.ID, &send)
	if u.scoped(d) != u.scoped(&after) {
		u.keep(c, r, "scope_move")
		return
	}
	u.change(schemas.Change{Kind: c.Kind, Action: schemas.ActionUpdate, Key: d.Hostname, VaultID: d.ID, Device: d.Hostname, DeviceID: d.ID,
		Reason: u.reason(), Fields: fields, Send: schemas.Send(send)})
}

func (u *undoer) restoreAccount(c *schemas.Change, r *schemas.Result) {
	a := u.Snapshot.Account(c.VaultID)
	if a == nil {
		u.keep(c, r, "undo_gone")
		return
	}
	if a.IsKey() || u.ambiguous(c, r) {
		return
	}
	now := a.values()
	send := now
	fields := u.restored(c, r, &send, func(f schemas.Field) string { return now[f] })
	if len(fields) == 0 {
		return
	}
	change := schemas.Change{Kind: c.Kind, Action: schemas.ActionUpdate, Key: CredentialKey(a.Username, a.Hostname), VaultID: a.ID, Device: a.Hostname,
		Reason: u.reason(), Fields: fields, Send: schemas.Send(send)}
	record := int32(-1)
	if d := u.Snapshot.homeOf(a.ID); d != nil {
		change.Device, change.DeviceID, record = d.Hostname, d.ID, u.Snapshot.deviceNumber(d.ID)
	}
	branch, id := Predict(&send, record, u.Snapshot, u.Memory)
	if id != a.ID || branch == BranchUnsure {
		u.keep(c, r, "would_hit_other", "branch", branch, "id", id, "means", a.ID)
		return
	}
	change.Branch = branch
	u.change(change)
}

// ambiguous holds what hangs on a device of whose name there are several: the vault finds it by that name.
func (u *undoer) ambiguous(c *schemas.Change, r *schemas.Result) bool {
	named := u.Snapshot.FindDevices(c.Device)
	if len(named) > 1 {
		u.keep(c, r, "device_ambiguous", "candidates", itemsText(u.Snapshot.deviceItems(named)))
	}
	return len(named) > 1
}

// restored gives the listed fields of a change the values that they had, in send, where they have
// those that the run left.
func (u *undoer) restored(c *schemas.Change, r *schemas.Result, send *schemas.Values, now func(schemas.Field) string) []schemas.FieldChange {
	var fields []schemas.FieldChange
	for _, fc := range c.Fields {
		f := fc.Field
		switch {
		case !f.Listed() || u.same(f, fc.Before, now(f)):
			continue
		case !u.same(f, fc.After, now(f)) && !u.same(f, u.Past.kept(c.ID, f), now(f)):
			u.keep(c, r, "undo_moved", "field", f.String(), "now", now(f), "sent", fc.After)
			return nil
		case fc.Before == "":
			u.warn("undo_empty", schemas.Place{}, "key", c.Key, "field", f.String(), "value", now(f))
			continue
		}
		send[f] = fc.Before
		fields = append(fields, schemas.FieldChange{Field: f, Before: now(f), After: fc.Before})
	}
	if len(fields) == 0 {
		u.already(c.Kind, c.Key, c.VaultID)
	}
	return fields
}

// warnFields names the fields of a change that no call can set back: those that no list shows, or all.
func (u *undoer) warnFields(c *schemas.Change, all bool) {
	var names []string
	for f := range schemas.NumFields {
		changed := slices.ContainsFunc(c.Fields, func(fc schemas.FieldChange) bool { return fc.Field == f })
		if all && changed && f.Listed() || !f.Listed() && (changed || c.Send.Get(f) != "") || f == schemas.FieldContent && c.Secret {
			names = append(names, f.String())
		}
	}
	switch {
	case len(names) == 0:
	case all:
		u.warn("undo_fields", schemas.Place{}, "key", c.Key, "fields", strings.Join(names, ", "))
	default:
		u.warn("undo_write_only", schemas.Place{}, "key", c.Key, "fields", strings.Join(names, ", "))
	}
}

// warnValues names the reference values that nothing had before the run: where they came into the
// vault with it, they stay in its lists.
func (u *undoer) warnValues(results []schemas.Result) {
	given := map[schemas.Field]map[string]string{}
	for _, f := range references() {
		given[f] = map[string]string{}
	}
	changed := map[string]map[schemas.Field]bool{} // by the vault id of what the run made or changed
	for i := range results {
		c := &u.UndoInput.Plan.Changes[i]
		if c.Kind != schemas.KindDevice || results[i].Status != schemas.StatusDone || c.Action == schemas.ActionInactivate {
			continue
		}
		fields := map[schemas.Field]bool{}
		for _, fc := range c.Fields {
			if values := given[fc.Field]; values != nil && fc.After != "" {
				values[fold(fc.After)] = fc.After
			}
			fields[fc.Field] = true
		}
		changed[results[i].VaultID] = fields
	}
	u.forgetKnown(given, changed)
	for _, f := range references() {
		for _, value := range slices.Sorted(maps.Values(given[f])) {
			u.warn("undo_value", schemas.Place{}, "field", f.String(), "value", value)
		}
	}
}

// forgetKnown leaves out the values that a device had before the run: one that it did not touch, or in
// a field that it did not change, or whose former value the plan has.
func (u *undoer) forgetKnown(given map[schemas.Field]map[string]string, changed map[string]map[schemas.Field]bool) {
	s := u.UndoInput.Snapshot
	for i := range s.NumDevices() {
		fields := changed[s.devices.get(i, schemas.FieldID)]
		for f, values := range given {
			if !fields[f] {
				delete(values, fold(s.devices.get(i, f)))
			}
		}
	}
	for i := range u.UndoInput.Plan.Changes {
		for _, fc := range u.UndoInput.Plan.Changes[i].Fields {
			delete(given[fc.Field], fold(fc.Before))
		}
	}
}

func (u *undoer) reason() schemas.Reason {
	return schemas.Reason{Rule: schemas.RuleUndo, Value: u.Run}
}

// homeOf is the listed device on which a listed credential or key hangs, nil for none.
func (s *Snapshot) homeOf(account string) *schemas.Device {
	i := s.accountNumber(account)
	if i < 0 || s.home[i] < 0 {
		return nil
	}
	d := s.DeviceAt(s.home[i])
	return &d
}

// Standing are the credentials and keys that were active when a device was inactivated.
func (p *Past) Standing(c *schemas.Change) []schemas.Item {
	if items, ok := p.standing[c.ID]; ok {
		return items
	}
	return c.Cascade // of a journal of an earlier build
}

// kept is the value of a field that the read-back of a run found instead of the one that was sent.
func (p *Past) kept(change string, f schemas.Field) string {
	for _, found := range p.findings[change] {
		if found.Code == findingNotKept && found.Field == f.String() {
			return found.Kept
		}
	}
	return ""
}
