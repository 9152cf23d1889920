package pipeline

import (
	"slices"

	"pamsync/schemas"
)

// deviceCase is what the inventory asks of one device, and the record that it means.
type deviceCase struct {
	request
	at       int32               // what a look at its first row told
	strays   bool                // their id and hostname name no one record
	carries  bool                // what hangs on the first of renames is carried over
	strange  bool                // some reference value may be new to the vault
	records  []int32             // listed records that the rows name
	inactive *schemas.Remembered // known to be inactive
	hidden   *schemas.Remembered // known to us, not listed to us
	renames  []rename            // listed records that may be this one under another name, the likeliest first
	doubted  *schemas.Hold       // what keeps a change of its record from being planned, nil for nothing
	after    schemas.Device      // as the device will be; what its credentials are sent with
}

func (c *deviceCase) isNew() bool {
	return len(c.records) == 0 && c.inactive == nil && c.hidden == nil
}

// unlisted says whether the rows name a device that the vault does not have, or has switched off: it
// may be a listed one under another name.
func (c *deviceCase) unlisted() bool {
	return c.isNew() || c.inactive != nil
}

func (p *planner) planDevices() {
	p.matchDevices()
	for _, c := range p.devices {
		p.locateDevice(c)
	}
	for _, c := range p.devices {
		p.findDevice(c)
	}
	p.findLacking()
	p.findByAddress()
	p.findChains()
	p.findRenames()
	p.room(len(p.devices) + len(p.lacking))
	p.findNewValues()
	p.findLost(schemas.KindDevice)
	p.inOrder(len(p.devices), func(q *planner, i int) {
		if c := p.devices[i]; c.state == undecided && !q.holdNewValue(c) {
			q.decideDevice(c)
		}
	})
	p.warnNewValues()
	p.nameRenamings()
	p.finishRenames()
	p.nameRenamings()
	p.missingDevices()
}

// required are the fields that every device POST needs (vault-api a.2).
func required() []schemas.Field {
	return []schemas.Field{schemas.FieldHostname, schemas.FieldIP, schemas.FieldSite, schemas.FieldModel, schemas.FieldVendor, schemas.FieldType}
}

func (p *planner) decideDevice(c *deviceCase) {
	switch {
	case len(c.records) == 1:
		p.diffDevice(c, p.Snapshot.DeviceAt(c.records[0]), schemas.ActionUpdate)
	case c.hidden != nil:
		p.diffDevice(c, deviceOf(c.hidden), schemas.ActionUpdate)
	case c.inactive != nil:
		p.reactivateDevice(c)
	case c.carries:
		p.renameDevice(c)
	default:
		p.createDevice(c)
	}
}

// keepAsIs tells a device's credentials that it will be as it is.
func (p *planner) keepAsIs(c *deviceCase) {
	switch {
	case len(c.records) == 1:
		c.after = p.Snapshot.DeviceAt(c.records[0])
	case c.hidden != nil:
		c.after = deviceOf(c.hidden)
	}
}

// diffDevice compares a request with the record that it means.
func (p *planner) diffDevice(c *deviceCase, have schemas.Device, action schemas.Action) {
	policy := &p.Policy.Devices
	if bad := p.unsendable(&c.request, func(f schemas.Field) bool { return policy.Manages(f) && !p.same(f, c.get(f), have.Value(f)) }); len(bad) > 0 {
		c.after = have
		p.reject(schemas.KindDevice, &c.request, have.Hostname, bad)
		return
	}
	var send schemas.Values
	var fields []schemas.FieldChange
	for _, f := range required() {
		send[f] = have.Value(f)
	}
	for _, f := range policy.Manage {
		want := c.get(f)
		if want == "" || f == schemas.FieldHostname || f == schemas.FieldID {
			continue
		}
		if !f.Listed() {
			fields = append(fields, p.writeOnly(&c.request, schemas.KindDevice, have.ID, have.Hostname, f, &send)...)
			continue
		}
		if p.same(f, want, have.Value(f)) || p.Memory.keeps(schemas.KindDevice, have.ID, f, want, have.Value(f)) {
			continue
		}
		send[f] = want
		fields = append(fields, schemas.FieldChange{Field: f, Before: have.Value(f), After: want, Cell: p.cell(&c.request, f)})
	}
	c.after = asDevice(have.ID, &send)
	if !p.inScope(c, have) {
		return
	}
	if len(fields) == 0 {
		p.settle(schemas.KindDevice, &c.request, unchanged)
		return
	}
	if c.doubted != nil {
		c.after = have
		p.hold(&c.request, *c.doubted)
		return
	}
	if p.namesakes(c) || p.movesToNamesake(c, &have, send[schemas.FieldIP]) {
		c.after = have
		return
	}
	p.settle(schemas.KindDevice, &c.request, changed)
	p.change(schemas.Change{Kind: schemas.KindDevice, Action: action, Key: have.Hostname, VaultID: have.ID, Device: have.Hostname, DeviceID: have.ID, Match: p.deviceMatch(c),
		Reason: schemas.Reason{Rule: schemas.RuleDiffers, Cell: fields[0].Cell, Value: fields[0].After},
		Fields: fields, Send: schemas.Send(send), Rows: p.refs(&c.request)})
}

// namesakes holds a request whose record is known by its id while others have the same name: the
// vault's upsert knows no id, and would write to any of them.
func (p *planner) namesakes(c *deviceCase) bool {
	if len(c.records) != 1 || c.at == differsFrom-c.records[0] { // that alone has the name
		return false
	}
	name := p.deviceKey(c)
	var same []int32
	for _, i := range p.Snapshot.FindDevices(name) {
		if fold(p.Snapshot.devices.get(i, schemas.FieldHostname)) == fold(name) {
			same = append(same, i)
		}
	}
	if len(same) < 2 {
		return false
	}
	p.hold(&c.request, schemas.Hold{Kind: schemas.KindDevice, Key: name, VaultID: p.deviceID(c), Code: "ambiguous", Candidates: p.Snapshot.deviceItems(same),
		Args: schemas.Pairs("candidates", itemsText(p.Snapshot.deviceItems(same)))})
	return true
}

// movesToNamesake holds a row that would give a listed device the address of another one of its name,
// which is not listed to us but whose credentials are: the row may mean that one, and once both have one
// address nobody can tell whose those credentials are.
func (p *planner) movesToNamesake(c *deviceCase, have *schemas.Device, ip string) bool {
	if !apart(ip, have.IP) {
		return false
	}
	theirs := slices.DeleteFunc(slices.Clone(p.Snapshot.accountsHomeless(have.Hostname)), func(i int32) bool {
		return apart(p.Snapshot.accounts.get(i, schemas.FieldIP), ip)
	})
	if len(theirs) == 0 {
		return false
	}
	items := append([]schemas.Item{{Kind: schemas.KindDevice, ID: have.ID, Key: have.Hostname}}, p.Snapshot.accountItems(theirs)...)
	p.hold(&c.request, schemas.Hold{Kind: schemas.KindDevice, Key: have.Hostname, VaultID: have.ID, Code: "ambiguous", Candidates: items,
		Args: schemas.Pairs("candidates", itemsText(items))})
	return true
}

// writeOnly puts a field that no list shows into what is sent. It is a difference by itself
// only where the fingerprint of what we sent last is remembered, and is another one.
func (p *planner) writeOnly(r *request, kind schemas.Kind, id, key string, f schemas.Field, send *schemas.Values) []schemas.FieldChange {
	want := r.get(f)
	send[f] = want
	known := p.Memory.print(kind, key, f)
	if kind == schemas.KindKey {
		known = p.Memory.keyPrint(id, key, f)
	}
	if known == "" || known == schemas.Fingerprint(p.Inventory.printKey, want) {
		return nil
	}
	return []schemas.FieldChange{{Field: f, After: want, Cell: p.cell(r, f)}}
}

// unsendable are the values of a request that must not be sent and would be: not one that gives
// way to another source's.
func (p *planner) unsendable(r *request, sent func(schemas.Field) bool) []schemas.Problem {
	var bad []schemas.Problem
	for _, e := range r.entries {
		for _, problem := range r.set.bad[e] {
			f, _ := schemas.ParseField(problem.Args["field"])
			if f == schemas.FieldID || sent(f) && p.same(f, r.set.rows.get(e, f), r.get(f)) {
				bad = append(bad, problem)
			}
		}
	}
	return bad
}

func asDevice(id string, v *schemas.Values) schemas.Device {
	return schemas.Device{ID: id, Hostname: v[schemas.FieldHostname], IP: v[schemas.FieldIP], Site: v[schemas.FieldSite],
		Model: v[schemas.FieldModel], Vendor: v[schemas.FieldVendor], Type: v[schemas.FieldType]}
}

// inScope checks a record and what it would become against the scope. Outside, the rows are
// left out; a row that would carry the record over the border is held.
func (p *planner) inScope(c *deviceCase, have schemas.Device) bool {
	before, after := p.scoped(&have), p.scoped(&c.after)
	switch {
	case before && after:
		return true
	case before != after:
		p.hold(&c.request, schemas.Hold{Kind: schemas.KindDevice, Key: have.Hostname, VaultID: have.ID, Code: "scope_move"})
		c.after = have
		return false
	}
	p.leaveOut(c, have.Hostname, have.ID)
	return false
}

func (p *planner) leaveOut(c *deviceCase, key, id string) {
	p.settle(schemas.KindDevice, &c.request, left)
	p.leave(schemas.Left{Kind: schemas.KindDevice, Key: key, VaultID: id, Code: "out_of_scope", Rows: p.refs(&c.request)})
}

// scoped says whether a device lies within the configured scope.
func (p *planner) scoped(d *schemas.Device) bool {
	for f, allowed := range p.Policy.Devices.Scope {
		ok := false
		for _, value := range allowed {
			ok = ok || same(f, value, d.Value(f))
		}
		if !ok {
			return false
		}
	}
	return true
}

// scopedAt is scoped of a listed device.
func (p *planner) scopedAt(record int32) bool {
	if len(p.Policy.Devices.Scope) == 0 {
		return true
	}
	d := p.Snapshot.DeviceAt(record)
	return p.scoped(&d)
}

// fill completes what a create or reactivation sends: the row's values, else what the record was
// before (nil for nothing), else the source's defaults. What a source may not write it does not fill either.
func (p *planner) fill(r *request, fields []schemas.Field, was *schemas.Values, send *schemas.Values) (missing []schemas.Field) {
	for _, f := range fields {
		send[f] = r.get(f)
		if send[f] == "" && was != nil {
			send[f] = was[f]
		}
		if send[f] == "" {
			send[f] = p.fallback(r, f)
		}
		if send[f] == "" {
			missing = append(missing, f)
		}
	}
	return missing
}

func (p *planner) change(c schemas.Change) { p.plan.Changes = append(p.plan.Changes, c) }
