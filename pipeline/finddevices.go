package pipeline

import (
	"cmp"
	"slices"
	"strings"

	"pamsync/schemas"
)

// locateDevice finds the records that a row means: by hostname, and where the row has a vault
// id, the one of that id. A row whose id and hostname name no one record strays: it may mean
// either, and has no claim against a row that is sure.
func (p *planner) locateDevice(c *deviceCase) {
	switch {
	case c.at == matchesSeveral:
		c.records = p.Snapshot.FindDevices(c.get(schemas.FieldHostname))
	case c.at <= differsFrom:
		c.records = []int32{differsFrom - c.at}
	}
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
		p.hold(&c.request, schemas.Hold{Kind: schemas.KindDevice, Key: hostname, Code: "ambiguous", Candidates: p.Snapshot.deviceItems(c.records),
			Args: schemas.Pairs("candidates", itemsText(p.Snapshot.deviceItems(c.records)))})
		return
	}
	if len(c.records) == 0 {
		c.inactive = p.rememberedDevice(schemas.RememberInactive, hostname)
		if c.inactive == nil {
			c.hidden = p.rememberedDevice(schemas.RememberNotVisible, hostname)
		}
	}
	if pairs := p.quarrel(schemas.KindDevice, &c.request, &p.Policy.Devices, c.isNew()); pairs != nil {
		p.hold(&c.request, schemas.Hold{Kind: schemas.KindDevice, Key: p.deviceKey(c), VaultID: p.deviceID(c), Code: "rows_differ", Args: schemas.Pairs(pairs...)})
		return
	}
	p.warnEqual(&c.request, hostname)
}

func (p *planner) claimDevice(c *deviceCase, record int32) {
	if p.deviceOfRecord[record] == nil {
		p.deviceOfRecord[record] = c
	}
}

// quarrel tells in which fields that would be sent the rows of a request disagree, as the arguments of rows_differ;
// none where they agree.
func (p *planner) quarrel(kind schemas.Kind, r *request, policy *schemas.KindConfig, create bool) []string {
	var fields []schemas.Field
	for _, f := range r.differ {
		if create || policy.Manages(f) || f == schemas.FieldID || f == schemas.FieldIdentifier {
			fields = append(fields, f)
		}
	}
	return differing(kind, fields, r.secret)
}

// differing are the arguments of rows_differ for rows of a kind that disagree about fields, or about the secret.
func differing(kind schemas.Kind, fields []schemas.Field, secret bool) []string {
	names, why := fieldNames(fields), ""
	if secret {
		name := schemas.FieldContent.String()
		if kind == schemas.KindCredential { // as a person calls it
			name = "password"
		}
		names = strings.TrimPrefix(names+", "+name, ", ")
	}
	switch {
	case names == "":
		return nil
	case kind == schemas.KindKey || kind == schemas.KindInfo: // they know no precedence
		why = "one"
	case len(fields) == 0:
		why = "password"
	}
	if why == "" {
		return []string{"fields", names}
	}
	return []string{"fields", names, "why", why}
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
