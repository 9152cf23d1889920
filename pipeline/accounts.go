package pipeline

import (
	"cmp"
	"slices"
	"strings"

	"pamsync/schemas"
)

// accountCase is what the inventory asks of one credential, and the record that it means.
type accountCase struct {
	request
	host     host
	record   int32 // index of the listed record, -1 for none
	inactive *schemas.Remembered
	hidden   *schemas.Remembered
}

// host is the device of a credential row, as it is and as it will be.
type host struct {
	state    hostState
	record   int32 // index of the listed device, -1 where it is not listed
	id       string
	hostname string   // the vault's spelling once matched
	ip       string   // as it will be: what is sent
	ips      []string // what a row's own ip may say
	device   schemas.Device
	several  []schemas.Item // listed devices of one name
}

type hostState int

const (
	hostAbsent hostState = iota // neither listed nor in this plan
	hostReady
	hostHeld
	hostOutside // of the scope
)

func (p *planner) planAccounts() {
	if !p.Inventory.Credentials.Configured {
		p.reactivateDragged(nil)
		return
	}
	byKey := p.groupAccounts()
	for _, c := range p.accounts {
		p.findAccount(c)
	}
	for _, c := range p.accounts {
		if c.state == undecided {
			p.decideAccount(c)
		}
	}
	p.missingAccounts()
	p.reactivateDragged(byKey)
}

func (p *planner) groupAccounts() map[string]*accountCase {
	byKey := map[string]*accountCase{}
	for i := range p.Inventory.Credentials.Entries {
		e := &p.Inventory.Credentials.Entries[i]
		key := fold(CredentialKey(e.values.get(schemas.FieldUsername), e.values.get(schemas.FieldHostname)))
		if id := e.values.get(schemas.FieldID); id != "" {
			key += "\x00" + id
		}
		c := byKey[key]
		if c == nil {
			c = &accountCase{record: -1}
			c.key = key
			byKey[key] = c
			p.accounts = append(p.accounts, c)
		}
		c.entries = append(c.entries, e)
	}
	for _, c := range p.accounts {
		p.merge(&c.request)
	}
	return byKey
}

// findHost finds the device of a credential row: in this plan, else in the vault.
func (p *planner) findHost(hostname string) host {
	key := fold(hostname)
	if c := p.deviceByKey[key]; c != nil {
		return p.hostOfCase(c)
	}
	records := p.Snapshot.FindDevices(hostname)
	if len(records) == 1 {
		if c := p.deviceOfRecord[records[0]]; c != nil {
			h := p.hostOfCase(c)
			h.record = records[0]
			return h
		}
		d := p.Snapshot.Devices[records[0]]
		h := host{state: hostReady, record: records[0], id: d.ID, hostname: d.Hostname, ip: d.IP, ips: []string{d.IP}, device: d}
		if !p.scoped(&d) {
			h.state = hostOutside
		}
		return h
	}
	if len(records) > 1 {
		return host{state: hostHeld, record: -1, hostname: hostname, several: p.deviceItems(records)}
	}
	if hidden := p.Memory.hidden(schemas.KindDevice, hostname); hidden != nil {
		d := deviceOf(hidden)
		return host{state: hostReady, record: -1, id: d.ID, hostname: d.Hostname, ip: d.IP, ips: []string{d.IP}, device: d}
	}
	return host{record: -1, hostname: hostname}
}

func (p *planner) hostOfCase(c *deviceCase) host {
	h := host{record: -1, id: p.deviceID(c), hostname: cmp.Or(c.after.Hostname, c.get(schemas.FieldHostname)), ip: c.after.IP, device: c.after}
	h.ips = append(h.ips, c.after.IP, c.get(schemas.FieldIP))
	if len(c.records) == 1 {
		d := &p.Snapshot.Devices[c.records[0]]
		h.record = c.records[0]
		h.ips = append(h.ips, d.IP)
	}
	switch {
	case c.state == changed || c.state == unchanged || c.state == rejected && len(c.records) == 1:
		h.state = hostReady
	case c.state == held:
		h.state = hostHeld
	case c.state == left:
		h.state = hostOutside
	}
	return h
}

// findAccount finds the record that a credential row means, or holds the row.
func (p *planner) findAccount(c *accountCase) {
	username, hostname := c.get(schemas.FieldUsername), c.get(schemas.FieldHostname)
	key := CredentialKey(username, hostname)
	c.host = p.findHost(hostname)
	p.mention(c, username, hostname)
	if isKeyType(c.get(schemas.FieldCredentialType)) {
		p.settle(schemas.KindCredential, &c.request, left)
		p.leave(schemas.Left{Kind: schemas.KindCredential, Key: key, Code: "is_ssh_key", Rows: p.refs(&c.request)})
		return
	}
	records := p.accountRecords(c, username)
	for _, i := range records {
		if p.accountOwner[i] == nil {
			p.accountOwner[i] = c
		} else if other := p.accountOwner[i]; len(records) == 1 && other != c {
			if other.state == undecided {
				p.holdAccount(other, CredentialKey(other.get(schemas.FieldUsername), other.get(schemas.FieldHostname)), "two_rows_one_record")
			}
			p.holdAccount(c, key, "two_rows_one_record")
			return
		}
	}
	switch {
	case len(records) > 1:
		p.hold(&c.request, schemas.Hold{Kind: schemas.KindCredential, Key: key, Code: "ambiguous", Candidates: p.accountItems(records),
			Args: schemas.Pairs("candidates", itemsText(p.accountItems(records)))})
		return
	case len(records) == 1:
		c.record = records[0]
	case c.get(schemas.FieldID) != "":
		p.holdAccount(c, key, "id_mismatch", "id", c.get(schemas.FieldID), "hostname", key)
		return
	default:
		known := CredentialKey(username, c.host.hostname)
		if c.inactive = p.Memory.inactive(schemas.KindCredential, known); c.inactive == nil {
			c.hidden = p.Memory.hidden(schemas.KindCredential, known)
		}
	}
	if fields := p.quarrel(&c.request, &p.Policy.Credentials, c.record < 0); fields != "" {
		p.holdAccount(c, key, "rows_differ", "fields", fields)
		return
	}
	p.warnEqual(&c.request, key)
}

// mention notes every listed record that a row may mean, whatever becomes of the row: by its
// id, by user and host on each device of that name, by its identifier, and for a host that is
// not there by user and address. None of them is missing.
func (p *planner) mention(c *accountCase, username, hostname string) {
	note := func(accounts []int32) {
		for _, i := range accounts {
			p.mentioned[i] = true
		}
	}
	for _, e := range c.entries { // each by itself: rows of one key may disagree
		if i, ok := p.Snapshot.byAccountID[e.values.get(schemas.FieldID)]; ok {
			p.mentioned[i] = true
		}
		if identifier := e.values.get(schemas.FieldIdentifier); identifier != "" {
			note(p.Snapshot.byIdentifier[fold(identifier)])
		}
	}
	note(p.Snapshot.named(p.Snapshot.homeless[fold(hostname)], username))
	devices := p.Snapshot.FindDevices(hostname)
	if c.host.state == hostAbsent && len(devices) == 0 && c.get(schemas.FieldIP) != "" {
		devices = p.Snapshot.byAddress[addressKey(c.get(schemas.FieldIP))]
	}
	for _, d := range devices {
		note(p.Snapshot.accountsNamed(d, username))
	}
}

// accountRecords are the listed records that a row means: by id where it has one, and then
// the names must agree; else by device and username; else by the identifier alone, where the
// username is ours to change.
func (p *planner) accountRecords(c *accountCase, username string) []int32 {
	if id := c.get(schemas.FieldID); id != "" {
		i, ok := p.Snapshot.byAccountID[id]
		if !ok {
			return nil
		}
		a := &p.Snapshot.Accounts[i]
		if a.IsKey() || fold(a.Username) != fold(username) || fold(a.Hostname) != fold(c.get(schemas.FieldHostname)) {
			return nil
		}
		return []int32{i}
	}
	if c.host.record < 0 {
		// Its device may be one that we know of and the vault does not list to us.
		if c.host.state != hostReady || c.host.id == "" {
			return nil
		}
		return p.Snapshot.named(p.Snapshot.homeless[fold(c.host.hostname)], username)
	}
	if records := p.Snapshot.accountsNamed(c.host.record, username); len(records) > 0 {
		return records
	}
	identifier := c.get(schemas.FieldIdentifier)
	if identifier == "" || !p.Policy.Credentials.Manages(schemas.FieldUsername) {
		return nil
	}
	if owners := p.Snapshot.byIdentifier[fold(identifier)]; len(owners) == 1 && p.Snapshot.Accounts[owners[0]].device == c.host.record && !p.Snapshot.Accounts[owners[0]].IsKey() {
		return owners
	}
	return nil
}

func (p *planner) accountItems(records []int32) []schemas.Item {
	var items []schemas.Item
	for _, i := range records {
		a := &p.Snapshot.Accounts[i]
		items = append(items, schemas.Item{Kind: a.Kind(), ID: a.ID, Key: CredentialKey(a.Username, a.Hostname)})
	}
	return items
}

func (p *planner) holdAccount(c *accountCase, key, code string, pairs ...string) {
	h := schemas.Hold{Kind: schemas.KindCredential, Key: key, Code: code, Args: schemas.Pairs(pairs...)}
	if c.record >= 0 {
		a := &p.Snapshot.Accounts[c.record]
		h.VaultID, h.Key = a.ID, CredentialKey(a.Username, a.Hostname) // the vault's spelling, once matched
	}
	p.hold(&c.request, h)
}

// decideAccount plans what a row asks of its credential. A row that asks for nothing is
// unchanged whatever is the matter with its device.
func (p *planner) decideAccount(c *accountCase) {
	key := CredentialKey(c.get(schemas.FieldUsername), cmp.Or(c.host.hostname, c.get(schemas.FieldHostname)))
	change, bad := p.accountChange(c)
	if c.host.state == hostOutside {
		p.settle(schemas.KindCredential, &c.request, left)
		p.leave(schemas.Left{Kind: schemas.KindCredential, Key: key, Code: "out_of_scope", Rows: p.refs(&c.request)})
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
	if change == nil {
		p.settle(schemas.KindCredential, &c.request, unchanged)
		return
	}
	switch c.host.state {
	case hostAbsent:
		p.holdAccount(c, key, "device_absent", "hostname", c.get(schemas.FieldHostname))
		return
	case hostHeld:
		if len(c.host.several) > 0 {
			p.hold(&c.request, schemas.Hold{Kind: schemas.KindCredential, Key: key, Code: "device_ambiguous", Candidates: c.host.several,
				Args: schemas.Pairs("candidates", itemsText(c.host.several))})
			return
		}
		p.holdAccount(c, key, "device_held", "hostname", c.get(schemas.FieldHostname))
		return
	}
	if c.inactive != nil && p.Policy.Credentials.Reactivate == schemas.ReactivateNever {
		p.holdAccount(c, key, "inactive_record")
		return
	}
	p.settle(schemas.KindCredential, &c.request, changed)
	p.change(*change)
}

// doubt finds what makes it unsure that a row means this record and no other: an identifier
// that is somebody else's, or an address that is not the device's.
func (p *planner) doubt(c *accountCase) (code string, pairs []string) {
	if ip := c.get(schemas.FieldIP); ip != "" && c.record < 0 || ip != "" && c.host.state == hostReady {
		if c.host.state == hostReady && !slices.ContainsFunc(c.host.ips, func(known string) bool { return same(schemas.FieldIP, known, ip) }) {
			return "ip_mismatch", []string{"ip", ip, "device_ip", c.host.ip}
		}
	}
	identifier := c.get(schemas.FieldIdentifier)
	if identifier == "" {
		return "", nil
	}
	for _, i := range p.Snapshot.byIdentifier[fold(identifier)] {
		if i != c.record {
			a := &p.Snapshot.Accounts[i]
			return "identifier_taken", []string{"identifier", identifier, "owner", CredentialKey(a.Username, a.Hostname), "id", a.ID}
		}
	}
	if owner := p.Memory.identifierOwner(identifier); owner != nil && owner != c.inactive && owner != c.hidden {
		return "identifier_taken", []string{"identifier", identifier, "owner", owner.Key, "id", owner.ID}
	}
	if owner := p.identifierAsked(c, identifier); owner != "" {
		return "identifier_taken", []string{"identifier", identifier, "owner", owner, "id", ""}
	}
	return "", nil
}

// identifierAsked finds another row that asks for the same identifier.
func (p *planner) identifierAsked(c *accountCase, identifier string) string {
	if p.askedIdentifiers == nil {
		p.askedIdentifiers = map[string]*accountCase{}
		for _, other := range p.accounts {
			if id := other.get(schemas.FieldIdentifier); id != "" && !isKeyType(other.get(schemas.FieldCredentialType)) {
				if p.askedIdentifiers[fold(id)] == nil {
					p.askedIdentifiers[fold(id)] = other
				} else {
					p.sharedIdentifiers = append(p.sharedIdentifiers, fold(id))
				}
			}
		}
		slices.Sort(p.sharedIdentifiers)
	}
	if _, found := slices.BinarySearch(p.sharedIdentifiers, fold(identifier)); !found || c.record >= 0 && !p.Policy.Credentials.Manages(schemas.FieldIdentifier) {
		return ""
	}
	other := p.askedIdentifiers[fold(identifier)]
	if other == c {
		return "another row"
	}
	return CredentialKey(other.get(schemas.FieldUsername), other.get(schemas.FieldHostname))
}

// accountChange compares a row with its record; nil where there is nothing to do.
func (p *planner) accountChange(c *accountCase) (*schemas.Change, []schemas.Problem) {
	switch {
	case c.record >= 0:
		a := &p.Snapshot.Accounts[c.record]
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
			fields = append(fields, p.writeOnly(&c.request, schemas.KindCredential, have.Key, f, &send)...)
		case same(f, want, have.Values[f]) || p.Memory.keeps(schemas.KindCredential, have.ID, f, want, have.Values[f]):
		default:
			send[f] = want
			fields = append(fields, schemas.FieldChange{Name: f.String(), Before: have.Values[f], After: want, Cell: p.cell(&c.request, f)})
		}
	}
	if id := c.get(schemas.FieldIdentifier); id != "" && !same(schemas.FieldIdentifier, id, have.Values[schemas.FieldIdentifier]) && !policy.Manages(schemas.FieldIdentifier) {
		p.warn("identifier_differs", p.Inventory.Sources[c.entries[0].source].Locate(int(c.entries[0].row), schemas.FieldIdentifier),
			"key", have.Key, "row", id, "vault", have.Values[schemas.FieldIdentifier])
	}
	secret := p.secretDiffers(c, have.Key)
	if secret {
		fields = append(fields, schemas.FieldChange{Name: schemas.FieldContent.String(), Secret: schemas.WillBeSet})
	}
	if len(fields) == 0 {
		return nil, nil
	}
	return &schemas.Change{Kind: schemas.KindCredential, Action: schemas.ActionUpdate, Key: have.Key, VaultID: have.ID,
		Device: c.host.hostname, DeviceID: c.host.id,
		Reason: schemas.Reason{Rule: schemas.RuleDiffers, Cell: fields[0].Cell, Value: fields[0].After},
		Fields: fields, Send: send, Secret: secret || policy.Secrets == schemas.SecretsAlways && c.password() != "", Rows: p.refs(&c.request)}, nil
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
		if e.print != "" {
			return e.print
		}
	}
	return ""
}

// secretDiffers tells a password that is known to differ from what we sent last. Where nothing
// is remembered, a password is no difference by itself.
func (p *planner) secretDiffers(c *accountCase, key string) bool {
	if p.Policy.Credentials.Secrets != schemas.SecretsAlways || c.password() == "" {
		return false
	}
	known := p.Memory.print(schemas.KindCredential, key, schemas.FieldContent)
	return known != "" && known != c.password()
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
			change.Send = p.alongside(c, have)
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
	if bad := p.unsendable(&c.request, func(f schemas.Field) bool { return f != schemas.FieldIP }); len(bad) > 0 {
		return nil, bad
	}
	var send schemas.Values
	p.fill(&c.request, []schemas.Field{schemas.FieldIdentifier, schemas.FieldUsername, schemas.FieldCredentialType, schemas.FieldDomain,
		schemas.FieldAdditional, schemas.FieldTags, schemas.FieldParent}, nil, &send)
	send[schemas.FieldHostname], send[schemas.FieldIP] = c.host.hostname, c.host.ip
	change := schemas.Change{Kind: schemas.KindCredential, Action: schemas.ActionCreate,
		Key: CredentialKey(send[schemas.FieldUsername], c.host.hostname), Device: c.host.hostname, DeviceID: c.host.id,
		Reason: schemas.Reason{Rule: schemas.RuleNew, Cell: p.cell(&c.request, schemas.FieldUsername), Value: send[schemas.FieldUsername]},
		Rows:   p.refs(&c.request)}
	change.Secret = p.Policy.Credentials.Secrets != schemas.SecretsNever && c.password() != ""
	change.Send = send
	change.Fields = created(&send, schemas.FieldUsername, schemas.FieldHostname)
	if change.Secret {
		change.Fields = append(change.Fields, schemas.FieldChange{Name: schemas.FieldContent.String(), Secret: schemas.WillBeSet})
	}
	return &change, nil
}
