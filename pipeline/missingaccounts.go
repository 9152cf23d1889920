package pipeline

import (
	"slices"
	"strconv"
	"strings"

	"pamsync/schemas"
)

// missingAccounts decides about the listed credentials that the inventory lacks. One on a
// device that is itself lacking, held or rejected follows its device.
func (p *planner) missingAccounts() {
	p.mentionByKeys()
	for i := range p.Snapshot.NumAccounts() {
		if p.accountClaims[i] > 0 || p.mentioned[i] {
			continue
		}
		a := p.Snapshot.AccountAt(i)
		if a.IsKey() || a.device < 0 || p.rejectedNames(&a) {
			continue
		}
		p.unnamedRecord(schemas.KindCredential, a.ID)
		if p.Policy.Credentials.Missing == schemas.MissingKeep && !p.askedToGo(&a) {
			continue
		}
		if d := p.Snapshot.DeviceAt(a.device); p.scoped(&d) && p.deviceStays(a.device) && !p.moves(d.Hostname) {
			p.missingAccount(&a)
		}
	}
}

// rejectedNames says whether a rejected row may mean an account: by its key, id or identifier.
func (p *planner) rejectedNames(a *Account) bool {
	return p.Inventory.Credentials.named[p.accountKey(a.Username, a.Hostname)] || p.Inventory.rejectedNamesItem(a)
}

// rejectedNamesItem says whether a rejected row of credentials or keys has the id or identifier of an account, which
// are those of no other, of whatever kind.
func (inv *Inventory) rejectedNamesItem(a *Account) bool {
	return slices.ContainsFunc([]*Set{&inv.Credentials, &inv.Keys}, func(set *Set) bool {
		return set.namedIDs[a.ID] || a.Identifier != "" && set.identifiers[fold(a.Identifier)]
	})
}

// mentionByKeys notes the listed credentials whose id or identifier a row of a key has: the row is held, and they are
// not missing.
func (p *planner) mentionByKeys() {
	set := &p.Inventory.Keys
	for i := range int32(set.rows.len()) {
		p.mentionItem(set, i)
	}
}

// mentionItem notes the listed account of a row's id, and those of its identifier.
func (p *planner) mentionItem(set *Set, row int32) {
	if id := set.rows.get(row, schemas.FieldID); id != "" {
		if i := p.Snapshot.accountNumber(id); i >= 0 {
			p.mentioned[i] = true
		}
	}
	if identifier := set.rows.get(row, schemas.FieldIdentifier); identifier != "" {
		for _, i := range p.Snapshot.accountsIdentified(identifier) {
			p.mentioned[i] = true
		}
	}
}

// deviceStays tells a device that the inventory names and that nothing is in doubt about.
func (p *planner) deviceStays(device int32) bool {
	if !p.Inventory.Devices.Configured {
		return true
	}
	if p.settledBy(device) >= 0 {
		return true
	}
	c := p.deviceOfRecord[device]
	return c != nil && len(c.records) == 1 && (c.state == changed || c.state == unchanged)
}

// askedToGo says whether a row asks for an account to be inactivated.
func (p *planner) askedToGo(a *Account) bool {
	goes := p.Inventory.Credentials.goes
	return len(goes) > 0 && goes[p.accountKey(a.Username, a.Hostname)]
}

func (p *planner) missingAccount(a *Account) {
	key := CredentialKey(a.Username, a.Hostname)
	leave := func(code string) {
		p.leave(schemas.Left{Kind: schemas.KindCredential, Key: key, VaultID: a.ID, Code: code})
	}
	if p.Policy.Credentials.Missing == schemas.MissingReport && !p.askedToGo(a) {
		leave("missing_reported")
		return
	}
	d := p.Snapshot.DeviceAt(a.device)
	if p.protectedAccount(a) || p.isVault(&d) {
		leave("protected")
		return
	}
	if decided := p.decision(schemas.KindCredential, key, ""); decided != nil && decided.Decision == "ignore" {
		leave("decided_ignore")
		return
	}
	p.countGone(schemas.KindCredential)
	if n := p.Inventory.Credentials.Unreadable; p.tooUnreadable(n) || p.Inventory.Credentials.guarded[hostKey(&p.Policy.Devices.Normalize, a.Hostname)] {
		p.holdRecord(schemas.Hold{Kind: schemas.KindCredential, Key: key, VaultID: a.ID, Code: "unreadable_rows",
			Args: schemas.Pairs("rows", strconv.Itoa(max(n, 1)))})
		return
	}
	if p.Inventory.Credentials.maybe[hostKey(&p.Policy.Devices.Normalize, a.Hostname)] {
		p.holdRecord(schemas.Hold{Kind: schemas.KindCredential, Key: key, VaultID: a.ID, Code: "maybe_swallowed"})
		return
	}
	if p.otherAddress(a) {
		p.holdRecord(schemas.Hold{Kind: schemas.KindCredential, Key: key, VaultID: a.ID, Code: "other_address", Args: schemas.Pairs("ip", a.IP, "device_ip", d.IP)})
		return
	}
	if p.putOff(schemas.KindCredential, a.ID, key, func(u *Usage) (Use, bool) { return u.account(a.Username, d.Hostname, p.addresses(a.device)) }) {
		return
	}
	p.change(schemas.Change{Kind: schemas.KindCredential, Action: schemas.ActionInactivate, Key: key, VaultID: a.ID, Device: d.Hostname, DeviceID: d.ID,
		Reason: schemas.Reason{Rule: schemas.RuleMissing}, Fields: lastAccountValues(a)})
}

// otherAddress tells an account that is not listed at the address of the device that it seems to
// belong to: it may be another's of that name, which is not listed.
func (p *planner) otherAddress(a *Account) bool {
	return apart(a.IP, p.Snapshot.devices.get(a.device, schemas.FieldIP))
}

// apart tells two addresses that are known and not the same.
func apart(a, b string) bool { return a != "" && b != "" && a != b && addressKey(a) != addressKey(b) }

func lastAccountValues(a *Account) []schemas.FieldChange {
	var fields []schemas.FieldChange
	for _, f := range []schemas.Field{schemas.FieldIdentifier, schemas.FieldCredentialType} {
		v := a.values()
		if v[f] != "" {
			fields = append(fields, schemas.FieldChange{Field: f, Before: v[f]})
		}
	}
	return fields
}

func (p *planner) protectedAccount(a *Account) bool {
	f := p.Policy.ProtectCredentials
	return f != nil && f.Match(func(name string) string {
		field, _ := schemas.ParseField(name)
		v := a.values()
		return v[field]
	})
}

// itemKey is the key of a remembered credential as rows' keys are compared; a username may hold
// an @ of its own.
func (p *planner) itemKey(item schemas.Item) string {
	i := strings.LastIndex(item.Key, "@")
	if i < 0 {
		return fold(item.Key)
	}
	return p.accountKey(item.Key[:i], item.Key[i+1:])
}

// hasRequest says whether a row asks for a remembered credential or key by itself.
func (p *planner) hasRequest(item schemas.Item) bool {
	if item.Kind != schemas.KindKey {
		return p.accountsByKey[p.itemKey(item)] != nil
	}
	key := p.itemKey(schemas.Item{Key: keyBase(item.Key, item.Identifier)})
	return slices.ContainsFunc(p.keysOf[key], func(c *keyCase) bool {
		asked := c.get(schemas.FieldIdentifier)
		return asked == "" || item.Identifier == "" || same(schemas.FieldIdentifier, asked, item.Identifier)
	})
}

// reactivateDragged plans to activate again what our own inactivation of a device dragged
// down, where that device comes back. A credential with a row of its own is planned by its
// row; one that the inventory would have inactivated stays as it is.
func (p *planner) reactivateDragged() {
	for _, c := range p.devices {
		if c.inactive == nil || c.carries || c.state != changed {
			continue
		}
		for _, item := range c.inactive.Dragged {
			if p.hasRequest(item) {
				continue
			}
			rule := item.Kind
			if rule == schemas.KindKey && !p.Inventory.Keys.Configured { // then keys are a part of the list of credentials
				rule = schemas.KindCredential
			}
			if p.Policy.reactivates(rule) == schemas.ReactivateNever {
				continue
			}
			if item.Kind == schemas.KindCredential && p.Inventory.Credentials.Configured && p.Policy.Credentials.Missing == schemas.MissingInactivate ||
				item.Kind == schemas.KindKey && p.Inventory.Keys.Configured && p.Policy.Keys.Missing == schemas.MissingInactivate {
				continue
			}
			p.change(schemas.Change{Kind: item.Kind, Action: schemas.ActionReactivate, Key: item.Key, VaultID: item.ID,
				Device: c.after.Hostname, DeviceID: c.after.ID, Reason: schemas.Reason{Rule: schemas.RuleDragged, Value: c.inactive.Run}})
		}
	}
}
