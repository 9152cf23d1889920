package pipeline

import (
	"slices"
	"strconv"

	"pamsync/schemas"
)

// A device has no other name for the vault than its hostname (vault-api a.2): renaming one is to
// create it anew, to carry its credentials over, and to inactivate the old record last. A
// credential is carried over by its identifier, by which the vault finds it wherever it hangs
// (vault-api a.3); without one, and for an SSH key, that cannot be done.

// renaming is a decided rename that this plan carries out.
type renaming struct {
	old   int32          // the listed record that goes
	next  int32          // the listed record of the new name, -1 where this plan makes it or brings it back
	after schemas.Device // of the new name, as it will be; without an id where this plan makes it
}

// carryOver plans the end of a record whose credentials are carried over, which is planned with
// the credentials. Rows that go by the old name are held.
func (p *planner) carryOver(r *renaming) {
	old := p.Snapshot.DeviceAt(r.old)
	p.renamings = append(p.renamings, r)
	p.countGone(schemas.KindDevice)
	p.change(schemas.Change{Kind: schemas.KindDevice, Action: schemas.ActionInactivate, Key: old.Hostname, VaultID: old.ID, Device: old.Hostname, DeviceID: old.ID,
		Reason: schemas.Reason{Rule: schemas.RuleRenamed, Value: r.after.Hostname}, Fields: lastValues(&old)})
}

// nameRenamings makes the renames that are carried out known by both names, once they are planned.
func (p *planner) nameRenamings() {
	for _, r := range p.renamings {
		p.renamed[p.deviceName(r.after.Hostname)] = r
		p.unsettled[p.deviceName(p.Snapshot.devices.get(r.old, schemas.FieldHostname))] = true
	}
}

// cannotRename is what keeps a decided rename from being carried out.
func (p *planner) cannotRename(c *deviceCase) (code string, pairs []string) {
	if len(c.renames) > 1 {
		return "rename_several", []string{"candidates", itemsText(p.Snapshot.deviceItems([]int32{c.renames[0].record, c.renames[1].record})),
			"target", csvCell(c.get(schemas.FieldHostname))}
	}
	if c.inactive != nil {
		switch {
		case p.Policy.Devices.Reactivate == schemas.ReactivateNever:
			return "rename_inactive", []string{"why", "never"}
		case len(c.inactive.Dragged) > 0: // they would hang on it beside those that are carried over
			return "rename_inactive", []string{"items", itemsText(c.inactive.Dragged)}
		}
	}
	return p.cannotCarry(c.renames[0].record)
}

// cannotCarry is what keeps the credentials of a record from being carried over, or the record
// from going then.
func (p *planner) cannotCarry(record int32) (code string, pairs []string) {
	old := p.Snapshot.DeviceAt(record)
	if !p.Snapshot.HasAccounts {
		return "rename_blind", []string{"cause", p.accountsCause()}
	}
	if len(p.Snapshot.accountsHomeless(old.Hostname)) > 0 {
		return "rename_blind", []string{"cause", "several devices of this name"}
	}
	var stuck, twins []int32
	for _, i := range p.Snapshot.byDevice[record] {
		a := p.Snapshot.AccountAt(i)
		switch {
		case !p.carriable(&a):
			stuck = append(stuck, i)
		case len(p.Snapshot.accountsNamed(record, a.Username)) > 1: // the second would be refused, behind the first
			twins = append(twins, i)
		}
	}
	switch {
	case len(stuck) > 0:
		return "rename_stuck", []string{"items", itemsText(p.Snapshot.accountItems(stuck))}
	case len(twins) > 0:
		return "rename_stuck", []string{"why", "twins", "items", itemsText(p.Snapshot.accountItems(twins))}
	}
	if p.isVault(&old) || p.protected(&old) || p.dragsProtected(record) != "" {
		return "rename_protected", nil
	}
	if code, pairs := p.maybeNamed(&old); code != "" {
		return code, pairs
	}
	if used := p.usage(); used != nil && used.Fault == nil {
		if use, found := used.device(old.Hostname, p.addresses(record)); found {
			return "rename_in_use", use.pairs()
		}
	} else if used != nil {
		return "rename_use_unknown", []string{"cause", used.Fault.Problem.Code}
	}
	return "", nil
}

// maybeNamed tells a record that a row may still name which cannot be read: no record goes then.
func (p *planner) maybeNamed(d *schemas.Device) (code string, pairs []string) {
	if rows, tooMany := p.unreadableHosts(); tooMany {
		return "rename_unreadable", []string{"rows", strconv.Itoa(rows)}
	}
	if host := p.deviceName(d.Hostname); slices.ContainsFunc(p.Inventory.sets(), func(set *Set) bool { return set.maybe[host] }) {
		return "rename_unreadable", []string{"why", "swallowed"}
	}
	return "", nil
}

// carriable says whether the vault finds a credential, and no other one, by its identifier.
func (p *planner) carriable(a *Account) bool {
	if a.IsKey() || a.Identifier == "" {
		return false
	}
	send := schemas.Values{schemas.FieldIdentifier: a.Identifier, schemas.FieldUsername: a.Username}
	branch, id := Predict(&send, -1, p.Snapshot, p.Memory)
	return branch == BranchIdentifier && id == a.ID
}

// carryAccounts plans to carry over the credentials of renamed devices that no row changes, as they
// are.
func (p *planner) carryAccounts() {
	for _, r := range p.renamings {
		for _, i := range p.Snapshot.byDevice[r.old] {
			if p.accountOwner[i] != nil && p.accountOwner[i].state == changed {
				continue // its row carries it
			}
			a := p.Snapshot.AccountAt(i)
			have := schemas.Remembered{ID: a.ID, Key: CredentialKey(a.Username, a.Hostname), Values: a.values()}
			p.change(p.carried(r, have, nil))
		}
	}
}

// carried is the change that carries a credential over to the new record of its device.
func (p *planner) carried(r *renaming, have schemas.Remembered, fields []schemas.FieldChange) schemas.Change {
	send := have.Values
	send[schemas.FieldID] = ""
	send[schemas.FieldHostname], send[schemas.FieldIP] = r.after.Hostname, r.after.IP
	old := p.Snapshot.DeviceAt(r.old)
	moved := schemas.FieldChange{Field: schemas.FieldHostname, Before: have.Values[schemas.FieldHostname], After: r.after.Hostname}
	return schemas.Change{Kind: schemas.KindCredential, Action: schemas.ActionUpdate, Key: have.Key, VaultID: have.ID, Device: r.after.Hostname, DeviceID: r.after.ID,
		Old: old.ID, Branch: BranchIdentifier, Reason: schemas.Reason{Rule: schemas.RuleRenamed, Value: old.Hostname},
		Fields: append([]schemas.FieldChange{moved}, fields...), Send: schemas.Send(send)}
}

// takenNames are the credentials of a record whose usernames another one has already: the vault has
// no two of one name on a device.
func (p *planner) takenNames(record, next int32) []schemas.Item {
	var taken []int32
	for _, i := range p.Snapshot.byDevice[record] {
		if len(p.Snapshot.accountsNamed(next, p.Snapshot.accounts.get(i, schemas.FieldUsername))) > 0 {
			taken = append(taken, i)
		}
	}
	return p.Snapshot.accountItems(taken)
}
