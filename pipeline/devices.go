package pipeline

import (
	"cmp"
	"slices"
	"strings"

	"pamsync/schemas"
)

// deviceCase is what the inventory asks of one device, and the record that it means.
type deviceCase struct {
	request
	records  []int32             // listed records that the rows name
	strays   bool                // their id and hostname name no one record
	inactive *schemas.Remembered // known to be inactive
	hidden   *schemas.Remembered // known to us, not listed to us
	renames  []rename            // listed records that may be this one under another name, the likeliest first
	carries  bool                // what hangs on the first of them is carried over
	after    schemas.Device      // as the device will be; what its credentials are sent with
}

func (c *deviceCase) isNew() bool {
	return len(c.records) == 0 && c.inactive == nil && c.hidden == nil
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
	p.findRenames()
	p.plan.Changes = slices.Grow(p.plan.Changes, len(p.devices)+len(p.lacking))
	p.findNewValues()
	for _, c := range p.devices {
		if c.state == undecided && !p.holdNewValue(c) {
			p.decideDevice(c)
		}
	}
	p.warnNewValues()
	p.missingDevices()
}

// locateDevice finds the records that a row means: by hostname, and where the row has a vault
// id, the one of that id. A row whose id and hostname name no one record strays: it may mean
// either, and has no claim against a row that is sure.
func (p *planner) locateDevice(c *deviceCase) {
	c.records = p.Snapshot.FindDevices(c.get(schemas.FieldHostname))
	if id := p.id(&c.request); id != "" {
		i := p.Snapshot.deviceNumber(id)
		if i < 0 || !slices.Contains(c.records, i) {
			c.strays = true
			return
		}
		c.records = []int32{i}
	}
	for _, r := range c.records {
		p.deviceClaims[r]++
		p.claimDevice(c, r)
	}
}

// findDevice holds a row that does not mean one record for sure.
func (p *planner) findDevice(c *deviceCase) {
	hostname, id := c.get(schemas.FieldHostname), p.id(&c.request)
	if c.strays {
		if i := p.Snapshot.deviceNumber(id); i >= 0 {
			p.claimDevice(c, i)
		}
		for _, r := range c.records {
			p.claimDevice(c, r)
		}
		p.hold(&c.request, schemas.Hold{Kind: schemas.KindDevice, Key: hostname, VaultID: id, Code: "id_mismatch",
			Args: schemas.Pairs("id", id, "hostname", hostname)})
		return
	}
	if len(c.records) == 1 && p.deviceClaims[c.records[0]] > 1 { // with and without an id
		p.hold(&c.request, schemas.Hold{Kind: schemas.KindDevice, Key: p.deviceKey(c), Code: "two_rows_one_record"})
		return
	}
	if len(c.records) > 1 {
		p.hold(&c.request, schemas.Hold{Kind: schemas.KindDevice, Key: hostname, Code: "ambiguous", Candidates: p.deviceItems(c.records),
			Args: schemas.Pairs("candidates", itemsText(p.deviceItems(c.records)))})
		return
	}
	if len(c.records) == 0 {
		c.inactive = p.rememberedDevice(schemas.RememberInactive, hostname)
		if c.inactive == nil {
			c.hidden = p.rememberedDevice(schemas.RememberNotVisible, hostname)
		}
	}
	if fields := p.quarrel(&c.request, &p.Policy.Devices, c.isNew()); fields != "" {
		p.hold(&c.request, schemas.Hold{Kind: schemas.KindDevice, Key: p.deviceKey(c), VaultID: p.deviceID(c), Code: "rows_differ", Args: schemas.Pairs("fields", fields)})
		return
	}
	p.warnEqual(&c.request, hostname)
}

func (p *planner) claimDevice(c *deviceCase, record int32) {
	if p.deviceOfRecord[record] == nil {
		p.deviceOfRecord[record] = c
	}
}

// quarrel names the fields in which the rows of a request disagree and that would be sent.
func (p *planner) quarrel(r *request, policy *schemas.KindConfig, create bool) string {
	var fields []schemas.Field
	for _, f := range r.differ {
		if create || policy.Manages(f) || f == schemas.FieldID || f == schemas.FieldIdentifier {
			fields = append(fields, f)
		}
	}
	if r.secret {
		fields = append(fields, schemas.FieldContent)
	}
	return fieldNames(fields)
}

func (p *planner) deviceItems(records []int32) []schemas.Item {
	var items []schemas.Item
	for _, i := range records {
		d := p.Snapshot.DeviceAt(i)
		items = append(items, schemas.Item{Kind: schemas.KindDevice, ID: d.ID, Key: d.Hostname})
	}
	return items
}

// itemsText names records with their ids.
func itemsText(items []schemas.Item) string {
	var names []string
	for _, item := range items {
		names = append(names, item.Key+" (id "+item.ID+")")
	}
	return strings.Join(names, ", ")
}

// deviceKey is a device's name, in the vault's spelling once matched.
func (p *planner) deviceKey(c *deviceCase) string {
	if len(c.records) == 1 {
		return p.Snapshot.devices.get(c.records[0], schemas.FieldHostname)
	}
	return c.get(schemas.FieldHostname)
}

func (p *planner) deviceID(c *deviceCase) string {
	switch {
	case len(c.records) == 1:
		return p.Snapshot.devices.get(c.records[0], schemas.FieldID)
	case c.inactive != nil:
		return c.inactive.ID
	case c.hidden != nil:
		return c.hidden.ID
	}
	return ""
}

// deviceOf makes a device of remembered values.
func deviceOf(r *schemas.Remembered) schemas.Device {
	v := &r.Values
	return schemas.Device{ID: r.ID, Hostname: cmp.Or(v[schemas.FieldHostname], r.Key), IP: v[schemas.FieldIP], Site: v[schemas.FieldSite],
		Model: v[schemas.FieldModel], Vendor: v[schemas.FieldVendor], Type: v[schemas.FieldType]}
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
			fields = append(fields, p.writeOnly(&c.request, schemas.KindDevice, have.Hostname, f, &send)...)
			continue
		}
		if p.same(f, want, have.Value(f)) || p.Memory.keeps(schemas.KindDevice, have.ID, f, want, have.Value(f)) {
			continue
		}
		send[f] = want
		fields = append(fields, schemas.FieldChange{Name: f.String(), Before: have.Value(f), After: want, Cell: p.cell(&c.request, f)})
	}
	c.after = asDevice(have.ID, &send)
	if !p.inScope(c, have) {
		return
	}
	if len(fields) == 0 {
		p.settle(schemas.KindDevice, &c.request, unchanged)
		return
	}
	if p.namesakes(c) {
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
	if len(c.records) != 1 {
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
	p.hold(&c.request, schemas.Hold{Kind: schemas.KindDevice, Key: name, VaultID: p.deviceID(c), Code: "ambiguous", Candidates: p.deviceItems(same),
		Args: schemas.Pairs("candidates", itemsText(p.deviceItems(same)))})
	return true
}

// writeOnly puts a field that no list shows into what is sent. It is a difference by itself
// only where the fingerprint of what we sent last is remembered, and is another one.
func (p *planner) writeOnly(r *request, kind schemas.Kind, key string, f schemas.Field, send *schemas.Values) []schemas.FieldChange {
	want := r.get(f)
	send[f] = want
	known := p.Memory.print(kind, key, f)
	if known == "" || known == schemas.Fingerprint(p.Inventory.printKey, want) {
		return nil
	}
	return []schemas.FieldChange{{Name: f.String(), After: want, Cell: p.cell(r, f)}}
}

// unsendable are the values of a request that must not be sent and would be.
func (p *planner) unsendable(r *request, sent func(schemas.Field) bool) []schemas.Problem {
	var bad []schemas.Problem
	for _, e := range r.entries {
		for _, problem := range r.set.bad[e] {
			f, _ := schemas.ParseField(problem.Args["field"])
			if f == schemas.FieldID || sent(f) {
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

// fill completes what a create or reactivation sends: the row's values, else what is
// remembered, else the source's defaults.
func (p *planner) fill(r *request, fields []schemas.Field, remembered *schemas.Remembered, send *schemas.Values) (missing []schemas.Field) {
	for _, f := range fields {
		old := ""
		if remembered != nil {
			old = remembered.Values[f]
		}
		if send[f] = cmp.Or(r.get(f), old, p.fallback(r, f)); send[f] == "" {
			missing = append(missing, f)
		}
	}
	return missing
}

func (p *planner) createDevice(c *deviceCase) {
	hostname := c.get(schemas.FieldHostname)
	var send schemas.Values
	missing := p.fill(&c.request, required(), nil, &send)
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

func (p *planner) change(c schemas.Change) { p.plan.Changes = append(p.plan.Changes, c) }
