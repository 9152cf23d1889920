package pipeline

import (
	"slices"
	"strings"

	"pamsync/schemas"
)

func (p *planner) createDevice(c *deviceCase) {
	hostname := rootless(c.get(schemas.FieldHostname)) // the dot is how it is written, and no part of the name
	var send schemas.Values
	missing := p.fill(&c.request, required(), nil, &send)
	send[schemas.FieldHostname] = hostname
	c.after = asDevice("", &send)
	if len(missing) == 0 && !p.scoped(&c.after) {
		p.leaveOut(c, hostname, "")
		return
	}
	bad := p.unsendable(&c.request, func(schemas.Field) bool { return true })
	if bad = append(bad, p.needs(&c.request, missing)...); len(bad) > 0 {
		p.reject(schemas.KindDevice, &c.request, hostname, bad)
		return
	}
	if p.spelledOtherwise(c, hostname) {
		return
	}
	p.fill(&c.request, []schemas.Field{schemas.FieldDeviceDomain, schemas.FieldDeviceTags, schemas.FieldConnectivities, schemas.FieldSessionRemoteConfig}, nil, &send)
	p.settle(schemas.KindDevice, &c.request, changed)
	p.change(schemas.Change{Kind: schemas.KindDevice, Action: schemas.ActionCreate, Key: hostname, Device: hostname,
		Reason: schemas.Reason{Rule: schemas.RuleNew, Cell: p.cell(&c.request, schemas.FieldHostname), Value: hostname},
		Fields: created(&send, schemas.FieldHostname), Send: schemas.Send(send), Rows: p.refs(&c.request)})
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
	p.hold(&c.request, schemas.Hold{Kind: schemas.KindDevice, Key: hostname, Code: "ambiguous", Candidates: p.accountItems(homeless),
		Args: schemas.Pairs("candidates", itemsText(p.accountItems(homeless)))})
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
			fields = append(fields, schemas.FieldChange{Name: f.String(), After: send[f]})
		}
	}
	return fields
}

// reactivateDevice plans to activate a device that our own run inactivated, to bring its
// fields up to date, and to activate what went down with it.
func (p *planner) reactivateDevice(c *deviceCase) {
	old := deviceOf(c.inactive)
	if p.Policy.Devices.Reactivate == schemas.ReactivateNever {
		p.hold(&c.request, schemas.Hold{Kind: schemas.KindDevice, Key: old.Hostname, VaultID: old.ID, Code: "inactive_record"})
		return
	}
	var send schemas.Values
	missing := p.fill(&c.request, required(), c.inactive, &send)
	send[schemas.FieldHostname] = old.Hostname
	for _, f := range required() {
		if f != schemas.FieldHostname && !p.Policy.Devices.Manages(f) && c.inactive.Values[f] != "" {
			send[f] = c.inactive.Values[f]
		}
	}
	c.after = asDevice(old.ID, &send)
	bad := p.unsendable(&c.request, func(schemas.Field) bool { return true })
	if bad = append(bad, p.needs(&c.request, missing)...); len(bad) > 0 {
		p.reject(schemas.KindDevice, &c.request, old.Hostname, bad)
		return
	}
	if !p.inScope(c, old) {
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
			fields = append(fields, schemas.FieldChange{Name: f.String(), Before: before, After: send[f], Cell: p.cell(&c.request, f)})
		}
	}
	if len(fields) == 0 && !p.sendsAlong(&c.request, &p.Policy.Devices) {
		send = schemas.Values{} // activating it is all
	}
	p.settle(schemas.KindDevice, &c.request, changed)
	p.change(schemas.Change{Kind: schemas.KindDevice, Action: schemas.ActionReactivate, Key: old.Hostname, VaultID: old.ID, Device: old.Hostname, DeviceID: old.ID, Match: p.deviceMatch(c),
		Reason: schemas.Reason{Rule: schemas.RuleInactive, Cell: p.cell(&c.request, schemas.FieldHostname), Value: c.inactive.Run},
		Fields: fields, Send: schemas.Send(send), Rows: p.refs(&c.request)})
}
