package pipeline

import (
	"cmp"
	"slices"

	"pamsync/schemas"
)

// Of two decided renames one may take the name that the other gives up: a → b and b → c. The
// inventory has a row of b then, which means the device that was a, and the vault a record of b,
// which is the one that becomes c: nothing may be written from the one to the other. b → c goes
// first, and row b waits; when c is there and b is inactive, a later run brings record b back as
// the new one of a. Names that go round in a ring are never free; they are held.

// findChains makes those records lacking whose rows mean another device, and holds what cannot be
// told.
func (p *planner) findChains() {
	p.findBegun()
	for i := range p.Decisions {
		d := &p.Decisions[i]
		if !d.renames() || p.waits[p.deviceName(d.Key)] != nil {
			continue
		}
		if found := p.Snapshot.FindDevices(d.Key); len(found) == 1 && p.hasRow(found[0]) {
			p.orderRename(d, found[0])
		}
	}
	p.holdBoth()
	slices.Sort(p.lacking)
}

// holdBoth holds a device whose rename an earlier run began, where the inventory has both names: of
// its credentials some hang on the one and some on the other.
func (p *planner) holdBoth() {
	for i := range p.Memory.list {
		r := &p.Memory.list[i]
		if r.What != schemas.RememberRenaming || p.begun[r.Old] == nil {
			continue
		}
		old, to := p.Snapshot.deviceNumber(r.Old), p.Snapshot.FindDevices(r.Key)
		if len(to) != 1 || !p.ours(to[0], old) || !p.hasRow(old) || !p.hasRow(to[0]) {
			continue
		}
		name := p.Snapshot.devices.get(old, schemas.FieldHostname)
		if d := p.decision(schemas.KindDevice, name, r.Key); d != nil && !d.renames() {
			continue
		}
		p.unsettled[p.deviceName(name)], p.unsettled[p.deviceName(r.Key)] = true, true
		if c := p.caseOf(old); c != nil && c.state == undecided {
			p.hold(&c.request, schemas.Hold{Kind: schemas.KindDevice, Key: name, VaultID: r.Old, Code: "rename_both",
				Args: schemas.Pairs("why", "begun", "old", name, "new", r.Key, "line", DecisionLine(schemas.KindDevice, name, "new", r.Key))})
		}
	}
}

// hasRow says whether the inventory names a listed device, whatever is the matter with the row.
func (p *planner) hasRow(record int32) bool {
	return p.settled[record] > 0 || p.deviceOfRecord[record] != nil || p.Inventory.Devices.named[p.deviceName(p.Snapshot.devices.get(record, schemas.FieldHostname))]
}

// orderRename decides about a rename whose old name has a row of its own.
func (p *planner) orderRename(d *Decision, record int32) {
	next := p.deviceByKey[p.deviceName(d.Target)]
	fresh := next != nil && next.state == undecided && len(next.records) == 0 && next.hidden == nil
	to := p.Snapshot.FindDevices(d.Target)
	taker, ring := p.takerOf(d.Key)
	pairs := []string{"old", d.Key, "new", d.Target}
	switch {
	case ring:
		p.doubtRow(record, "rename_ring", pairs)
	case taker != nil && (fresh || len(to) == 1 && p.ours(to[0], record)) && p.rowWaits(record, d, taker):
		delete(p.deviceOfRecord, record)
		p.lacking = append(p.lacking, record)
	case taker != nil && len(to) == 1 && p.givesUp(d.Target) && p.rowWaits(record, d, taker): // its own turn comes later
	case taker != nil || fresh:
		p.doubtRow(record, "rename_both", pairs)
		if fresh {
			old := p.Snapshot.DeviceAt(record)
			p.hold(&next.request, schemas.Hold{Kind: schemas.KindDevice, Key: next.get(schemas.FieldHostname), Code: "rename_both",
				Args: schemas.Pairs(pairs...), Candidates: []schemas.Item{{Kind: schemas.KindDevice, ID: old.ID, Key: old.Hostname}}})
		}
	}
}

// takerOf is the decided rename that takes a name, where it waits for it: at the head of its own
// chain stands a device that the inventory lacks. ring tells names that go round.
func (p *planner) takerOf(name string) (taker *Decision, ring bool) {
	seen := map[string]bool{}
	for at := p.deviceName(name); ; {
		if seen[at] {
			return nil, at == p.deviceName(name)
		}
		seen[at] = true
		var before *Decision
		for _, d := range p.decided.to[at] {
			if len(p.Snapshot.FindDevices(d.Key)) == 1 {
				if before != nil {
					return nil, false // who takes it, nobody can say
				}
				before = d
			}
		}
		if before == nil {
			return nil, false
		}
		record := p.Snapshot.FindDevices(before.Key)[0]
		if to := p.Snapshot.FindDevices(before.Target); len(to) == 1 && p.ours(to[0], record) {
			return nil, false // it is under way, and has the name already
		}
		taker = cmp.Or(taker, before)
		if !p.hasRow(record) {
			return taker, false
		}
		at = p.deviceName(before.Key)
	}
}

// givesUp says whether a name is itself decided to be given up.
func (p *planner) givesUp(name string) bool {
	d := p.decision(schemas.KindDevice, name, "")
	return d != nil && d.renames()
}

// rowWaits holds the row of a name that is given up first: it means the device that takes it. It is
// false where the row is held for another reason.
func (p *planner) rowWaits(record int32, d, taker *Decision) bool {
	c := p.caseOf(record)
	have := p.Snapshot.DeviceAt(record)
	if c == nil || c.state != undecided || !p.scoped(&have) {
		return false
	}
	p.hold(&c.request, schemas.Hold{Kind: schemas.KindDevice, Key: c.get(schemas.FieldHostname), Code: "rename_waits",
		Args: schemas.Pairs("old", taker.Key, "new", d.Key, "next", d.Target)})
	p.unsettled[p.deviceName(d.Key)] = true
	p.waits[p.deviceName(d.Key)] = d
	return true
}

// doubtRow keeps the row of a listed device from changing it.
func (p *planner) doubtRow(record int32, code string, pairs []string) {
	if c := p.deviceOfRecord[record]; c != nil {
		have := p.Snapshot.DeviceAt(record)
		c.doubted = &schemas.Hold{Kind: schemas.KindDevice, Key: have.Hostname, VaultID: have.ID, Code: code, Args: schemas.Pairs(pairs...)}
	}
}

// caseOf is the case of a listed device, made anew where its row agrees with it, nil for none.
func (p *planner) caseOf(record int32) *deviceCase {
	row := p.settledBy(record)
	if row < 0 {
		return p.deviceOfRecord[record]
	}
	p.settled[record] = hasCase
	p.rows[schemas.KindDevice].Unchanged--
	p.deviceRow(p.sight(row, differsFrom-record))
	c := p.devices[len(p.devices)-1]
	slices.SortFunc(p.devices, func(a, b *deviceCase) int { return cmp.Compare(a.entries[0], b.entries[0]) })
	p.merge(&c.request)
	p.locateDevice(c)
	p.findDevice(c)
	return c
}
