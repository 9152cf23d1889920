package pipeline

import (
	"slices"
	"strings"

	"pamsync/schemas"
)

func (p *planner) createDevice(c *deviceCase) {
	hostname := rootless(c.get(schemas.FieldHostname)) // the dot is how it is written, and no part of the name
	send, missing := p.complete(c, nil)
	send[schemas.FieldHostname] = hostname
	c.after = asDevice("", &send)
	if len(missing) == 0 && !p.scoped(&c.after) {
		p.leaveOut(c, hostname, "")
		return
	}
	if p.refused(c, hostname, missing) || p.spelledOtherwise(c, hostname) || p.deviceListedBefore(c, hostname) {
		return
	}
	p.makeDevice(c, &send, schemas.Reason{Rule: schemas.RuleNew, Value: hostname}, "")
}

// renameDevice plans the new record of a device and the end of the old one; what is carried over
// is planned with the credentials.
func (p *planner) renameDevice(c *deviceCase) {
	hostname, old := rootless(c.get(schemas.FieldHostname)), p.Snapshot.DeviceAt(c.renames[0].record)
	send, missing := p.complete(c, p.formerValues(c))
	send[schemas.FieldHostname] = hostname
	c.after = asDevice("", &send)
	if p.refused(c, hostname, missing) || !p.inScope(c, old) || p.spelledOtherwise(c, hostname) || p.deviceListedBefore(c, hostname) {
		return
	}
	p.makeDevice(c, &send, schemas.Reason{Rule: schemas.RuleRenamed, Value: old.Hostname}, old.ID)
	p.carryOver(&renaming{old: c.renames[0].record, next: -1, after: c.after})
}

// complete is what a device is sent with that is made or brought back: its row's values, then what
// it was before (nil for nothing), then the sources' defaults; what the configuration does not
// manage stays as it was. missing are the fields that it needs and nothing gives.
func (p *planner) complete(c *deviceCase, was *schemas.Values) (send schemas.Values, missing []schemas.Field) {
	missing = p.fill(&c.request, required(), was, &send)
	for _, f := range required() {
		if was != nil && f != schemas.FieldHostname && !p.Policy.Devices.Manages(f) && was[f] != "" {
			send[f] = was[f]
		}
	}
	return send, missing
}

// formerValues are those of the record that a request is a new name of.
func (p *planner) formerValues(c *deviceCase) *schemas.Values {
	was := p.Snapshot.devices.values(c.renames[0].record)
	was[schemas.FieldHostname] = ""
	return &was
}

// refused rejects a request that cannot be sent.
func (p *planner) refused(c *deviceCase, key string, missing []schemas.Field) bool {
	bad := p.unsendable(&c.request, func(schemas.Field) bool { return true })
	bad = append(bad, p.nothingThere(&c.request)...)
	if bad = append(bad, p.needs(&c.request, missing)...); len(bad) > 0 {
		p.reject(schemas.KindDevice, &c.request, key, bad)
		return true
	}
	return false
}

// makeDevice plans a new record; old is the id of the one that it replaces, "" for none.
func (p *planner) makeDevice(c *deviceCase, send *schemas.Values, reason schemas.Reason, old string) {
	hostname := send[schemas.FieldHostname]
	p.fill(&c.request, []schemas.Field{schemas.FieldDeviceDomain, schemas.FieldDeviceTags, schemas.FieldConnectivities, schemas.FieldSessionRemoteConfig}, nil, send)
	p.settle(schemas.KindDevice, &c.request, changed)
	reason.Cell = p.cell(&c.request, schemas.FieldHostname)
	p.change(schemas.Change{Kind: schemas.KindDevice, Action: schemas.ActionCreate, Key: hostname, Device: hostname, Old: old, Reason: reason,
		Fields: created(send, schemas.FieldHostname), Send: schemas.Send(*send), Rows: p.refs(&c.request)})
}

// spelledOtherwise holds a new device whose name the vault's credentials spell in another way: their
// device is one that is not listed to us, and the vault would make another beside it.
func (p *planner) spelledOtherwise(c *deviceCase, hostname string) bool {
	homeless := p.Snapshot.accountsHomeless(hostname)
	if !slices.ContainsFunc(homeless, func(i int32) bool {
		return !strings.EqualFold(p.Snapshot.accounts.get(i, schemas.FieldHostname), hostname) // a blank too may make another of it
	}) {
		return false
	}
	p.hold(&c.request, schemas.Hold{Kind: schemas.KindDevice, Key: hostname, Code: "ambiguous", Candidates: p.Snapshot.accountItems(homeless),
		Args: schemas.Pairs("candidates", itemsText(p.Snapshot.accountItems(homeless)))})
	return true
}

// created lists the values of a new record, its key left aside.
func created(send *schemas.Values, keys ...schemas.Field) []schemas.FieldChange {
	n := 0
	for _, value := range send {
		if value != "" {
			n++
		}
	}
	fields := make([]schemas.FieldChange, 0, n)
	for f := range schemas.NumFields {
		isKey := false
		for _, k := range keys {
			isKey = isKey || k == f
		}
		if send[f] != "" && !isKey {
			fields = append(fields, schemas.FieldChange{Field: f, After: send[f]})
		}
	}
	return fields
}

// reactivateDevice plans to activate a device that our own run inactivated, to bring its fields up
// to date, and to activate what went down with it; or what a record of another name gives it.
func (p *planner) reactivateDevice(c *deviceCase) {
	have := deviceOf(c.inactive)
	if p.Policy.Devices.Reactivate == schemas.ReactivateNever {
		p.hold(&c.request, schemas.Hold{Kind: schemas.KindDevice, Key: have.Hostname, VaultID: have.ID, Code: "inactive_record"})
		return
	}
	was, from := &c.inactive.Values, have
	reason, old := schemas.Reason{Rule: schemas.RuleInactive, Value: c.inactive.Run}, ""
	if c.carries {
		was, from = p.formerValues(c), p.Snapshot.DeviceAt(c.renames[0].record)
		reason, old = schemas.Reason{Rule: schemas.RuleRenamed, Value: from.Hostname}, from.ID
	}
	send, missing := p.complete(c, was)
	send[schemas.FieldHostname] = have.Hostname
	c.after = asDevice(have.ID, &send)
	if p.refused(c, have.Hostname, missing) || !p.inScope(c, from) {
		return
	}
	for _, f := range p.Policy.Devices.Manage {
		if !f.Listed() {
			send[f] = c.get(f)
		}
	}
	var fields []schemas.FieldChange
	for _, f := range required() {
		if before := c.inactive.Values[f]; f != schemas.FieldHostname && !p.same(f, before, send[f]) {
			fields = append(fields, schemas.FieldChange{Field: f, Before: before, After: send[f], Cell: p.cell(&c.request, f)})
		}
	}
	if len(fields) == 0 && !p.sendsAlong(&c.request, &p.Policy.Devices) {
		send = schemas.Values{} // activating it is all
	}
	p.settle(schemas.KindDevice, &c.request, changed)
	reason.Cell = p.cell(&c.request, schemas.FieldHostname)
	p.change(schemas.Change{Kind: schemas.KindDevice, Action: schemas.ActionReactivate, Key: have.Hostname, VaultID: have.ID, Device: have.Hostname, DeviceID: have.ID, Match: p.deviceMatch(c),
		Old: old, Reason: reason, Fields: fields, Send: schemas.Send(send), Rows: p.refs(&c.request)})
	if c.carries {
		p.carryOver(&renaming{old: c.renames[0].record, next: -1, after: c.after})
	}
}
