package pipeline

import (
	"slices"
	"strconv"

	"pamsync/schemas"
)

// findLacking lists the devices in scope that no row names, readable, held or rejected.
func (p *planner) findLacking() {
	if !p.Inventory.Devices.Configured {
		return
	}
	for i := range p.Snapshot.NumDevices() {
		if p.settled[i] > 0 || p.deviceOfRecord[i] != nil {
			continue
		}
		id := p.Snapshot.devices.get(i, schemas.FieldID)
		if len(p.Inventory.Devices.named) > 0 && p.Inventory.Devices.named[hostKey(&p.Policy.Devices.Normalize, p.Snapshot.devices.get(i, schemas.FieldHostname))] || p.Inventory.Devices.namedIDs[id] {
			continue
		}
		p.unnamedRecord(schemas.KindDevice, id)
		if p.scopedAt(i) {
			p.lacking = append(p.lacking, i)
		}
	}
}

// missingDevices decides about the devices that the inventory lacks.
func (p *planner) missingDevices() {
	p.noteDoubt()
	p.inOrder(len(p.lacking), func(q *planner, i int) { q.missingDevice(p.lacking[i]) })
	p.takeInPortions()
}

func (p *planner) missingDevice(i int32) {
	d := p.Snapshot.DeviceAt(i)
	host := hostKey(&p.Policy.Devices.Normalize, d.Hostname)
	leave := func(code string) {
		p.leave(schemas.Left{Kind: schemas.KindDevice, Key: d.Hostname, VaultID: d.ID, Code: code})
	}
	hold := func(code string, pairs ...string) {
		p.holdRecord(schemas.Hold{Kind: schemas.KindDevice, Key: d.Hostname, VaultID: d.ID, Code: code, Args: schemas.Pairs(pairs...)})
	}
	switch asked := p.Inventory.Devices.goes[host]; {
	case asked: // a row says so, whatever becomes of what the inventory lacks
	case p.Policy.Devices.Missing == schemas.MissingKeep:
		return
	case p.Policy.Devices.Missing == schemas.MissingReport:
		leave("missing_reported")
		return
	}
	if p.protected(&d) || p.isVault(&d) {
		leave("protected")
		return
	}
	if decided := p.decision(schemas.KindDevice, d.Hostname, ""); decided != nil && decided.Decision == "ignore" {
		leave("decided_ignore")
		return
	}
	p.countGone(schemas.KindDevice)
	inv := p.Inventory
	rows, unreadable := p.unreadableHosts()
	dragged := p.dragsProtected(i)
	switch {
	case unreadable:
		hold("unreadable_rows", "rows", strconv.Itoa(rows))
	case slices.ContainsFunc(inv.sets(), func(set *Set) bool { return set.maybe[host] }):
		hold("maybe_swallowed")
	case p.named(fold(d.IP)) || inv.Devices.named[fold(d.IP)]:
		hold("named_by_address", "ip", d.IP)
	case inv.namesHost(host):
		hold("named_by_credential")
	case slices.ContainsFunc(p.addresses(i), p.addressInDoubt):
		hold("address_in_doubt", "ip", d.IP)
	case dragged == schemas.KindKey:
		hold("protected_credential", "why", "key")
	case dragged != "":
		hold("protected_credential")
	case len(p.Snapshot.accountsHomeless(d.Hostname)) > 0:
		hold("cascade_unknown", "cause", "several devices of this name")
	case !p.Snapshot.HasAccounts:
		hold("cascade_unknown", "cause", p.accountsCause())
	case p.putOff(schemas.KindDevice, d.ID, d.Hostname, func(u *Usage) (Use, bool) { return u.device(d.Hostname, p.addresses(i)) }):
	default:
		p.change(schemas.Change{Kind: schemas.KindDevice, Action: schemas.ActionInactivate, Key: d.Hostname, VaultID: d.ID, Device: d.Hostname, DeviceID: d.ID,
			Reason: schemas.Reason{Rule: schemas.RuleMissing}, Fields: lastValues(&d), Cascade: p.Snapshot.Cascade(i)})
	}
}

// putOff leaves a record that would go as it is: one whose grace is not over, and one that is in
// use. Where nobody can say whether it is, it is held.
func (p *planner) putOff(kind schemas.Kind, id, key string, find func(*Usage) (Use, bool)) bool {
	if pairs, waits := p.graceLeft(kind, id); waits {
		p.leave(schemas.Left{Kind: kind, Key: key, VaultID: id, Code: "grace", Args: schemas.Pairs(pairs...)})
		return true
	}
	used := p.usage()
	if used == nil {
		return false
	}
	if used.Fault != nil {
		p.holdRecord(schemas.Hold{Kind: kind, Key: key, VaultID: id, Code: "use_unknown", Args: schemas.Pairs("cause", used.Fault.Problem.Code)})
		return true
	}
	use, found := find(used)
	if found {
		p.leave(schemas.Left{Kind: kind, Key: key, VaultID: id, Code: "in_use", Args: schemas.Pairs(append(use.pairs(), "days", strconv.Itoa(p.Policy.Limits.InUse))...)})
	}
	return found
}

// addressInDoubt says whether a row that was held or rejected carries an address: the device
// may be the one that the row means.
func (p *planner) addressInDoubt(ip string) bool {
	if !usableAddress(ip) {
		return false
	}
	key := addressKey(ip)
	return p.doubtfulAddresses[key] || p.Inventory.Devices.addresses[key]
}

// noteDoubt gathers the addresses of rows that are held or rejected, or would be held if a person had
// not decided to leave them alone, once devices are decided.
func (p *planner) noteDoubt() {
	p.doubtfulAddresses = map[string]bool{}
	for _, c := range p.devices {
		if c.state == held || c.state == rejected || c.ignored {
			p.doubtfulAddresses[addressKey(c.get(schemas.FieldIP))] = true
		}
	}
}

// dragsProtected is the kind whose configuration protects something that would go with a device, "" for none.
func (p *planner) dragsProtected(device int32) schemas.Kind {
	for _, i := range p.Snapshot.byDevice[device] {
		a := p.Snapshot.AccountAt(i)
		if kind := p.protector(&a); kind != "" {
			return kind
		}
	}
	return ""
}

// protector is the kind whose configuration protects a credential or key, "" for none: what protects credentials
// protects keys too, as it always did.
func (p *planner) protector(a *Account) schemas.Kind {
	switch {
	case p.protectedAccount(a):
		return schemas.KindCredential
	case a.IsKey() && p.protectedKey(a):
		return schemas.KindKey
	}
	return ""
}

// lastValues are what the vault showed of a device that goes; they are what a later
// reactivation starts from.
func lastValues(d *schemas.Device) []schemas.FieldChange {
	fields := make([]schemas.FieldChange, 0, len(required())-1)
	for _, f := range required() {
		if f != schemas.FieldHostname && d.Value(f) != "" {
			fields = append(fields, schemas.FieldChange{Field: f, Before: d.Value(f)})
		}
	}
	return fields
}

func (p *planner) accountsCause() string {
	if f := p.Snapshot.AccountsFault; f != nil {
		return f.Problem.Code
	}
	return "not_read"
}

func (p *planner) countGone(kind schemas.Kind) { p.wouldGo[kind]++ }

// tooUnreadable says whether so many rows without a readable key forbid all inactivations.
func (p *planner) tooUnreadable(rows int) bool {
	return p.Policy.Limits.Unreadable >= 0 && rows > p.Policy.Limits.Unreadable
}

// unreadableHosts are the rows that may name any device, and whether they forbid all inactivations of devices.
func (p *planner) unreadableHosts() (rows int, tooMany bool) {
	for _, set := range []*Set{&p.Inventory.Devices, &p.Inventory.Credentials, &p.Inventory.Keys} {
		rows += set.Unreadable
		tooMany = tooMany || p.tooUnreadable(set.Unreadable)
	}
	return rows, tooMany
}

func (p *planner) protected(d *schemas.Device) bool {
	f := p.Policy.ProtectDevices
	return f != nil && f.Match(func(name string) string {
		field, _ := schemas.ParseField(name)
		return d.Value(field)
	})
}
