package pipeline

import (
	"strings"

	"pamsync/schemas"
)

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
	if u.ambiguous(c, r) {
		return
	}
	if a.IsKey() {
		u.restoreKey(c, r, a)
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

// restoreKey gives a key the user that it had; it is found by its identifier, and nothing of the key itself is sent.
func (u *undoer) restoreKey(c *schemas.Change, r *schemas.Result, a *Account) {
	now := a.values()
	send := now
	send[schemas.FieldCredentialType] = "" // what tells a key in the list is no value of it
	fields := u.restored(c, r, &send, func(f schemas.Field) string { return now[f] })
	if len(fields) == 0 {
		return
	}
	if a.Identifier == "" {
		u.keep(c, r, "key_no_identifier", "key", c.Key)
		return
	}
	change := schemas.Change{Kind: schemas.KindKey, Action: schemas.ActionUpdate, Key: CredentialKey(a.Username, a.Hostname), VaultID: a.ID, Device: a.Hostname,
		Reason: u.reason(), Fields: fields, Send: schemas.Send(send), Branch: BranchIdentifier}
	if d := u.Snapshot.homeOf(a.ID); d != nil {
		change.Device, change.DeviceID = d.Hostname, d.ID
	}
	u.change(change)
}

// restored gives the listed fields of a change the values that they had, in send, where they have
// those that the run left. Where it gives none it says why: a change that cannot be taken back is held.
func (u *undoer) restored(c *schemas.Change, r *schemas.Result, send *schemas.Values, now func(schemas.Field) string) []schemas.FieldChange {
	var fields []schemas.FieldChange
	var stay [][]string // the fields that were empty: the vault takes no empty value
	for _, fc := range c.Fields {
		f := fc.Field
		switch {
		case !f.Listed() || u.same(f, fc.Before, now(f)):
			continue
		case !u.same(f, fc.After, now(f)) && !u.same(f, u.Past.kept(c.ID, f), now(f)):
			u.keep(c, r, "undo_moved", "field", f.String(), "now", now(f), "sent", fc.After)
			return nil
		case fc.Before == "":
			stay = append(stay, []string{"key", c.Key, "field", f.String(), "value", now(f)})
			continue
		}
		send[f] = fc.Before
		fields = append(fields, schemas.FieldChange{Field: f, Before: now(f), After: fc.Before})
	}
	if len(fields) == 0 && len(stay) > 0 { // it is not as it was
		u.keep(c, r, "undo_empty", stay[0]...)
		stay = stay[1:]
	} else if len(fields) == 0 {
		u.untouched(c, r)
	}
	for _, pairs := range stay {
		u.warn("undo_empty", schemas.Place{}, pairs...)
	}
	return fields
}

// untouched tells of a change of which the list shows nothing: it is as it was, or nobody can see whether it is.
func (u *undoer) untouched(c *schemas.Change, r *schemas.Result) {
	if unseen := unseenFields(c); unseen != "" {
		u.keep(c, r, "undo_unseen", "fields", unseen)
		return
	}
	u.already(c.Kind, c.Key, c.VaultID)
}

// unseenFields names the fields that a change set and no list shows.
func unseenFields(c *schemas.Change) string {
	var names []string
	for _, fc := range c.Fields {
		if bool(fc.Secret) || !fc.Field.Listed() {
			names = append(names, fc.Name())
		}
	}
	return strings.Join(names, ", ")
}

// ambiguous holds what hangs on a device of whose name there are several: the vault finds it by that name.
func (u *undoer) ambiguous(c *schemas.Change, r *schemas.Result) bool {
	named := u.Snapshot.FindDevices(c.Device)
	if len(named) > 1 {
		u.keep(c, r, "device_ambiguous", "candidates", itemsText(u.Snapshot.deviceItems(named)))
	}
	return len(named) > 1
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
