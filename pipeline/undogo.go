package pipeline

import (
	"strings"

	"pamsync/schemas"
)

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

// undoInfo takes back protected information that the run made, by what is remembered of it: no list shows any. What
// was sent over it, or inactivated, the vault does not give back.
func (u *undoer) undoInfo(c *schemas.Change, r *schemas.Result) {
	switch {
	case c.Action != schemas.ActionCreate:
		u.keep(c, r, "undo_info")
	case u.Memory.inactive(schemas.KindInfo, c.Key) != nil:
		u.already(c.Kind, c.Key, r.VaultID)
	default:
		u.change(schemas.Change{Kind: c.Kind, Action: schemas.ActionInactivate, Key: c.Key, VaultID: r.VaultID, Reason: u.reason()})
	}
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
	case u.protector(a) != "":
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
