package pipeline

import (
	"cmp"
	"strings"

	"pamsync/schemas"
)

// accountCase is what the inventory asks of one credential, and the record that it means.
type accountCase struct {
	request
	host     host
	records  []int32 // listed records that the row may mean
	record   int32   // index of the one that it means, -1 for none
	inactive *schemas.Remembered
	hidden   *schemas.Remembered
}

const (
	hostAbsent hostState = iota // neither listed nor in this plan
	hostReady
	hostHeld
	hostOutside // of the scope
	hostIgnored // by decision
)

// leftWith is why a credential row is left out with its device, by what became of that.
var leftWith = map[hostState]string{hostOutside: "out_of_scope", hostIgnored: "device_ignored"}

func (p *planner) planAccounts() {
	if !p.Inventory.Credentials.Configured {
		p.carryAccounts()
		return
	}
	p.accountsByKey = p.groupAccounts()
	for _, c := range p.accounts {
		p.locateAccount(c)
	}
	for _, c := range p.accounts {
		p.findAccount(c)
	}
	p.findLost(schemas.KindCredential)
	for _, c := range p.accounts {
		if c.state == undecided {
			p.decideAccount(c)
		}
	}
	p.carryAccounts()
	p.missingAccounts()
}

func (p *planner) groupAccounts() map[string]*accountCase {
	byKey := map[string]*accountCase{}
	set := &p.Inventory.Credentials
	for i := range int32(set.rows.len()) {
		key := p.accountKey(set.rows.get(i, schemas.FieldUsername), set.rows.get(i, schemas.FieldHostname))
		if id := p.rowID(set, i); id != "" {
			key += "\x00" + id
		}
		c := byKey[key]
		if c == nil {
			c = &accountCase{request: request{set: set, key: key}, record: -1}
			byKey[key] = c
			p.accounts = append(p.accounts, c)
		}
		c.entries = append(c.entries, i)
	}
	for _, c := range p.accounts {
		p.merge(&c.request)
	}
	return byKey
}

// accountKey is a credential's key as it is compared.
func (p *planner) accountKey(username, hostname string) string {
	return fold(username) + "@" + hostKey(&p.Policy.Devices.Normalize, hostname)
}

// decideAccount plans what a row asks of its credential. A row that asks for nothing is
// unchanged whatever is the matter with its device.
func (p *planner) decideAccount(c *accountCase) {
	key := CredentialKey(c.get(schemas.FieldUsername), cmp.Or(c.host.hostname, c.get(schemas.FieldHostname)))
	change, bad := p.accountChange(c)
	if code := leftWith[c.host.state]; code != "" {
		p.settle(schemas.KindCredential, &c.request, left)
		p.leave(schemas.Left{Kind: schemas.KindCredential, Key: key, Code: code, Rows: p.refs(&c.request)})
		return
	}
	if c.host.state == hostHeld && c.record < 0 && len(bad) == 0 { // whose identifier it has is told when its device is
		p.holdWithDevice(c, key)
		return
	}
	if code, pairs := p.doubt(c); code != "" {
		p.holdAccount(c, key, code, pairs...)
		return
	}
	if len(bad) > 0 {
		p.reject(schemas.KindCredential, &c.request, key, bad)
		return
	}
	if change == nil && !c.host.moves {
		p.settle(schemas.KindCredential, &c.request, unchanged)
		return
	}
	if change != nil && p.holdUnsure(c, key, change) {
		return
	}
	switch c.host.state {
	case hostAbsent:
		p.holdAccount(c, key, "device_absent", "hostname", c.get(schemas.FieldHostname))
		return
	case hostHeld:
		p.holdWithDevice(c, key)
		return
	}
	if c.inactive != nil && p.Policy.Credentials.Reactivate == schemas.ReactivateNever {
		p.holdAccount(c, key, "inactive_record")
		return
	}
	if code, pairs := p.predict(c, change); code != "" {
		p.holdAccount(c, key, code, pairs...)
		return
	}
	if p.accountListedBefore(c, key, change) {
		return
	}
	p.settle(schemas.KindCredential, &c.request, changed)
	change.Match = p.accountMatch(c)
	p.change(*change)
}

// holdUnsure holds a change of a listed credential that the vault could take for another one's: it
// is not at its device's address, or another has its name there and no identifier tells them apart.
func (p *planner) holdUnsure(c *accountCase, key string, change *schemas.Change) bool {
	if c.record < 0 {
		return false
	}
	a := p.Snapshot.AccountAt(c.record)
	if a.device >= 0 && p.otherAddress(&a) || a.device < 0 && c.host.record >= 0 {
		p.holdAccount(c, key, "other_address", "ip", a.IP, "device_ip", p.Snapshot.devices.get(max(a.device, c.host.record), schemas.FieldIP))
		return true
	}
	namesakes := p.Snapshot.accountsHomeless(a.Hostname)
	if a.device >= 0 {
		namesakes = p.Snapshot.byDevice[a.device]
	}
	if records := p.Snapshot.named(namesakes, a.Username); len(records) > 1 && (a.Identifier == "" || !same(schemas.FieldIdentifier, a.Identifier, change.Send.Get(schemas.FieldIdentifier))) {
		p.hold(&c.request, schemas.Hold{Kind: schemas.KindCredential, Key: key, VaultID: a.ID, Code: "ambiguous", Candidates: p.Snapshot.accountItems(records),
			Args: schemas.Pairs("candidates", itemsText(p.Snapshot.accountItems(records)))})
		return true
	}
	return false
}

// accountChange compares a row with its record; nil where there is nothing to do.
func (p *planner) accountChange(c *accountCase) (*schemas.Change, []schemas.Problem) {
	switch {
	case c.record >= 0:
		a := p.Snapshot.AccountAt(c.record)
		return p.diffAccount(c, schemas.Remembered{ID: a.ID, Key: CredentialKey(a.Username, a.Hostname), Values: a.values()})
	case c.hidden != nil:
		return p.diffAccount(c, *c.hidden)
	case c.inactive != nil:
		return p.reactivateAccount(c)
	}
	return p.newAccount(c)
}

func (a *Account) values() schemas.Values {
	var v schemas.Values
	v[schemas.FieldUsername], v[schemas.FieldIdentifier], v[schemas.FieldCredentialType] = a.Username, a.Identifier, a.Type
	v[schemas.FieldHostname], v[schemas.FieldIP] = a.Hostname, a.IP
	return v
}

func (p *planner) diffAccount(c *accountCase, have schemas.Remembered) (*schemas.Change, []schemas.Problem) {
	policy := &p.Policy.Credentials
	bad := p.unsendable(&c.request, func(f schemas.Field) bool {
		return f != schemas.FieldIP && policy.Manages(f) && !same(f, c.get(f), have.Values[f])
	})
	if len(bad) > 0 {
		return nil, bad
	}
	send := p.keyOf(c, have)
	var fields []schemas.FieldChange
	for _, f := range policy.Manage {
		want := c.get(f)
		switch {
		case want == "" || f == schemas.FieldHostname || f == schemas.FieldIP || f == schemas.FieldID || f == schemas.FieldContent:
		case !f.Listed():
			fields = append(fields, p.writeOnly(&c.request, schemas.KindCredential, have.ID, have.Key, f, &send)...)
		case same(f, want, have.Values[f]) || p.Memory.keeps(schemas.KindCredential, have.ID, f, want, have.Values[f]):
		default:
			send[f] = want
			fields = append(fields, schemas.FieldChange{Field: f, Before: have.Values[f], After: want, Cell: p.cell(&c.request, f)})
		}
	}
	if id := c.get(schemas.FieldIdentifier); id != "" && !same(schemas.FieldIdentifier, id, have.Values[schemas.FieldIdentifier]) && !policy.Manages(schemas.FieldIdentifier) {
		p.warn("identifier_differs", p.place(c.set, c.entries[0], schemas.FieldIdentifier),
			"key", have.Key, "row", id, "vault", have.Values[schemas.FieldIdentifier])
	}
	secret := p.secretDiffers(c, have.Key)
	if secret {
		fields = append(fields, schemas.FieldChange{Field: schemas.FieldContent, Secret: true})
	}
	if r := c.host.renamed; r != nil && c.record >= 0 && p.Snapshot.home[c.record] == r.old {
		change := p.carried(r, have, fields)
		change.Secret, change.Rows = secret || policy.Secrets.Replaces() && c.password() != "", p.refs(&c.request)
		sent := change.Send.Values()
		for f, value := range send {
			if f := schemas.Field(f); value != "" && f != schemas.FieldHostname && f != schemas.FieldIP {
				sent[f] = value
			}
		}
		change.Send = schemas.Send(sent)
		return &change, nil
	}
	if len(fields) == 0 {
		if policy.Secrets.Replaces() && c.password() != "" && p.Memory.print(schemas.KindCredential, have.Key, schemas.FieldContent) == "" {
			p.leaveUncompared(schemas.KindCredential, have.Key)
		}
		return nil, nil
	}
	return &schemas.Change{Kind: schemas.KindCredential, Action: schemas.ActionUpdate, Key: have.Key, VaultID: have.ID,
		Device: c.host.hostname, DeviceID: c.host.id,
		Reason: schemas.Reason{Rule: schemas.RuleDiffers, Cell: fields[0].Cell, Value: fields[0].After},
		Fields: fields, Send: schemas.Send(send), Secret: secret || policy.Secrets.Replaces() && c.password() != "", Rows: p.refs(&c.request)}, nil
}

// keyOf is what an update of a credential sends whatever it changes: the vault's own key, with
// the device's name and address as they will be, and the listed fields as they are.
func (p *planner) keyOf(c *accountCase, have schemas.Remembered) (send schemas.Values) {
	send[schemas.FieldHostname], send[schemas.FieldIP] = cmp.Or(c.host.hostname, have.Values[schemas.FieldHostname]), cmp.Or(c.host.ip, have.Values[schemas.FieldIP])
	for _, f := range []schemas.Field{schemas.FieldUsername, schemas.FieldIdentifier, schemas.FieldCredentialType} {
		send[f] = have.Values[f]
	}
	return send
}

// alongside is keyOf with the managed values that no list shows.
func (p *planner) alongside(c *accountCase, have schemas.Remembered) schemas.Values {
	send := p.keyOf(c, have)
	for _, f := range p.Policy.Credentials.Manage {
		if !f.Listed() {
			send[f] = c.get(f)
		}
	}
	return send
}

// password is the keyed fingerprint of a row's password, "" where it has none or none is read.
func (c *accountCase) password() string {
	for _, e := range c.entries {
		if print := c.set.password(e); print != "" {
			return print
		}
	}
	return ""
}

// secretDiffers tells a password that is known to differ from what we sent last. Where nothing
// is remembered, a password is a difference only if the policy says so.
func (p *planner) secretDiffers(c *accountCase, key string) bool {
	policy := p.Policy.Credentials.Secrets
	if !policy.Replaces() || c.password() == "" {
		return false
	}
	known := p.Memory.print(schemas.KindCredential, key, schemas.FieldContent)
	return known != c.password() && (known != "" || policy == schemas.SecretsOverwrite)
}

// reactivateAccount plans to activate a credential that our own run inactivated, and to bring
// it up to date where that takes something.
func (p *planner) reactivateAccount(c *accountCase) (*schemas.Change, []schemas.Problem) {
	have := *c.inactive
	if i := strings.LastIndex(have.Key, "@"); i >= 0 { // a username may hold an @ of its own
		have.Values[schemas.FieldUsername] = have.Key[:i]
	}
	change, bad := p.diffAccount(c, have)
	if len(bad) > 0 {
		return nil, bad
	}
	if change == nil {
		change = &schemas.Change{Kind: schemas.KindCredential, Key: have.Key, VaultID: have.ID, Device: c.host.hostname, DeviceID: c.host.id, Rows: p.refs(&c.request)}
		if p.sendsAlong(&c.request, &p.Policy.Credentials) {
			change.Send = schemas.Send(p.alongside(c, have))
		}
	}
	change.Action = schemas.ActionReactivate
	change.Reason = schemas.Reason{Rule: schemas.RuleInactive, Cell: p.cell(&c.request, schemas.FieldUsername), Value: have.Run}
	return change, nil
}

// sendsAlong says whether a row has managed values that no list shows, which go along with any
// other change.
func (p *planner) sendsAlong(r *request, policy *schemas.KindConfig) bool {
	for _, f := range policy.Manage {
		if !f.Listed() && r.get(f) != "" {
			return true
		}
	}
	return false
}

// newAccount plans to create a credential.
func (p *planner) newAccount(c *accountCase) (*schemas.Change, []schemas.Problem) {
	bad := p.unsendable(&c.request, func(f schemas.Field) bool { return f != schemas.FieldIP })
	if bad = append(bad, p.nothingThere(&c.request)...); len(bad) > 0 {
		return nil, bad
	}
	var send schemas.Values
	p.fill(&c.request, []schemas.Field{schemas.FieldIdentifier, schemas.FieldUsername, schemas.FieldCredentialType, schemas.FieldDomain,
		schemas.FieldAdditional, schemas.FieldTags, schemas.FieldParent, schemas.FieldExecutionSettings, schemas.FieldSessionSettings,
		schemas.FieldAdditionalSettings, schemas.FieldJITSettings, schemas.FieldDeviceSettings}, nil, &send)
	send[schemas.FieldHostname], send[schemas.FieldIP] = c.host.hostname, c.host.ip
	change := schemas.Change{Kind: schemas.KindCredential, Action: schemas.ActionCreate,
		Key: CredentialKey(send[schemas.FieldUsername], c.host.hostname), Device: c.host.hostname, DeviceID: c.host.id,
		Reason: schemas.Reason{Rule: schemas.RuleNew, Cell: p.cell(&c.request, schemas.FieldUsername), Value: send[schemas.FieldUsername]},
		Rows:   p.refs(&c.request)}
	change.Secret = p.Policy.Credentials.Secrets != schemas.SecretsNever && c.password() != ""
	change.Send = schemas.Send(send)
	change.Fields = created(&send, schemas.FieldUsername, schemas.FieldHostname)
	if change.Secret {
		change.Fields = append(change.Fields, schemas.FieldChange{Field: schemas.FieldContent, Secret: true})
	}
	return &change, nil
}
