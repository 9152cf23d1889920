package pipeline

import (
	"slices"
	"strings"

	"pamsync/schemas"
)

// locateAccount finds the device of a credential row and the records that the row may mean.
func (p *planner) locateAccount(c *accountCase) {
	username, hostname := c.get(schemas.FieldUsername), c.get(schemas.FieldHostname)
	c.host = p.findHost(hostname)
	p.mention(c, username, hostname)
	if IsKeyType(c.get(schemas.FieldCredentialType)) {
		return
	}
	c.records = p.accountRecords(c, username)
	p.guardUser(&c.request, len(c.records))
	for _, i := range c.records {
		p.accountClaims[i]++
	}
}

// findAccount settles on the record that a credential row means, or holds the row.
func (p *planner) findAccount(c *accountCase) {
	username, hostname := c.get(schemas.FieldUsername), c.get(schemas.FieldHostname)
	key := CredentialKey(username, hostname)
	if IsKeyType(c.get(schemas.FieldCredentialType)) {
		p.settle(schemas.KindCredential, &c.request, left)
		p.leave(schemas.Left{Kind: schemas.KindCredential, Key: key, Code: "is_ssh_key", Rows: p.refs(&c.request)})
		return
	}
	records := c.records
	if len(records) == 1 && p.accountClaims[records[0]] > 1 {
		p.holdAccount(c, key, "two_rows_one_record")
		return
	}
	switch {
	case len(records) > 1, len(records) == 1 && p.elsewhere(c, records[0]):
		p.hold(&c.request, schemas.Hold{Kind: schemas.KindCredential, Key: key, Code: "ambiguous", Candidates: p.Snapshot.accountItems(records),
			Args: schemas.Pairs("candidates", itemsText(p.Snapshot.accountItems(records)))})
		return
	case len(records) == 1:
		c.record = records[0]
		p.accountOwner[c.record] = c
	case p.id(&c.request) != "":
		p.holdAccount(c, key, "id_mismatch", "id", p.id(&c.request), "hostname", key)
		return
	default:
		known := CredentialKey(username, c.host.hostname)
		if c.inactive = p.Memory.inactive(schemas.KindCredential, known); c.inactive == nil {
			c.hidden = p.Memory.hidden(schemas.KindCredential, known)
		} else if p.ofNamesake(&c.host, c.inactive) {
			c.inactive = nil // and what is sent instead is held, as it could be written to it
		}
	}
	if pairs := p.quarrel(schemas.KindCredential, &c.request, &p.Policy.Credentials, c.record < 0); pairs != nil {
		p.holdAccount(c, key, "rows_differ", pairs...)
		return
	}
	p.warnEqual(&c.request, key)
}

// ofNamesake says whether a credential or key that a run of ours inactivated hung on another device of the
// name than the one that a row means: to activate it would give that other one its account back.
func (p *planner) ofNamesake(h *host, r *schemas.Remembered) bool {
	if h.id == "" {
		return false
	}
	if r.DeviceID != "" {
		return r.DeviceID != h.id
	}
	gone := p.rememberedDevice(schemas.RememberInactive, h.hostname) // a memory of an earlier build tells it by what went along
	return gone != nil && gone.ID != h.id && slices.ContainsFunc(gone.Dragged, func(item schemas.Item) bool { return item.ID == r.ID })
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
		p.mentionItem(c.set, e)
	}
	note(p.Snapshot.named(p.Snapshot.accountsHomeless(hostname), username))
	devices := p.Snapshot.FindDevices(hostname)
	if c.host.state == hostAbsent && len(devices) == 0 && c.get(schemas.FieldIP) != "" {
		devices = p.devicesBy(c.get(schemas.FieldIP))
	}
	for _, d := range devices {
		note(p.Snapshot.accountsNamed(d, username))
	}
}

// guardUser keeps all users of a device from being taken for missing where a row names one that no record has and
// that may be spoilt text: it may be any of them.
func (p *planner) guardUser(r *request, records int) {
	if records > 0 {
		return
	}
	for _, e := range r.entries {
		if slices.ContainsFunc(r.set.bad[e], func(bad schemas.Problem) bool { return bad.Args["field"] == schemas.FieldUsername.String() }) {
			mark(&r.set.guarded, hostKey(&p.Policy.Devices.Normalize, r.set.rows.get(e, schemas.FieldHostname)))
		}
	}
}

// accountRecords are the listed records that a row means: by id where it has one, and then
// the names must agree; else by device and username; else by the identifier alone, where the
// username is ours to change.
func (p *planner) accountRecords(c *accountCase, username string) []int32 {
	if id := p.id(&c.request); id != "" {
		i := p.Snapshot.accountNumber(id)
		if i < 0 {
			return nil
		}
		a := p.Snapshot.AccountAt(i)
		if a.IsKey() || p.accountKey(a.Username, a.Hostname) != p.accountKey(username, c.get(schemas.FieldHostname)) {
			return nil
		}
		return []int32{i}
	}
	if c.host.record < 0 {
		// Its device may be one that the vault does not list to us: known to us, or about to be found
		// by a create. Its accounts may be listed all the same.
		if c.host.state != hostReady {
			return nil
		}
		return p.Snapshot.named(p.Snapshot.accountsHomeless(c.host.hostname), username)
	}
	if records := p.Snapshot.accountsNamed(c.host.record, username); len(records) > 0 {
		return records
	}
	if r := c.host.renamed; r != nil && r.next >= 0 { // what was not carried over yet
		if records := p.Snapshot.accountsNamed(r.old, username); len(records) > 0 {
			return records
		}
	}
	if records := p.Snapshot.named(p.Snapshot.accountsHomeless(c.host.hostname), username); len(records) > 0 {
		return records // at another address than this device's
	}
	identifier := c.get(schemas.FieldIdentifier)
	if identifier == "" || !p.Policy.Credentials.Manages(schemas.FieldUsername) || !p.goesBy(c.set, schemas.RuleIdentifier) {
		return nil
	}
	owners := p.Snapshot.accountsIdentified(identifier)
	if len(owners) != 1 {
		return nil
	}
	if a := p.Snapshot.AccountAt(owners[0]); a.device != c.host.record || a.IsKey() {
		return nil
	}
	return owners
}

// elsewhere tells an account that may be of another device of the name: its own is not listed to
// us, or not sure, and the row's is another one, or one that is new and spelled otherwise, or the
// accounts of the name stand at several addresses, as those of two devices do.
func (p *planner) elsewhere(c *accountCase, record int32) bool {
	if c.get(schemas.FieldID) != "" || p.Snapshot.home[record] >= 0 {
		return false
	}
	a := p.Snapshot.AccountAt(record)
	if c.host.record >= 0 || c.host.id == "" && !strings.EqualFold(a.Hostname, c.host.hostname) {
		return true
	}
	return slices.ContainsFunc(p.Snapshot.accountsHomeless(c.host.hostname), func(i int32) bool {
		return addressKey(p.Snapshot.accounts.get(i, schemas.FieldIP)) != addressKey(a.IP)
	})
}

func (p *planner) holdAccount(c *accountCase, key, code string, pairs ...string) {
	h := schemas.Hold{Kind: schemas.KindCredential, Key: key, Code: code, Args: schemas.Pairs(pairs...)}
	if c.record >= 0 {
		a := p.Snapshot.AccountAt(c.record)
		h.VaultID, h.Key = a.ID, CredentialKey(a.Username, a.Hostname) // the vault's spelling, once matched
	}
	p.hold(&c.request, h)
}

// holdWithDevice holds a row because its device is held.
func (p *planner) holdWithDevice(c *accountCase, key string) {
	if len(c.host.several) > 0 {
		p.hold(&c.request, schemas.Hold{Kind: schemas.KindCredential, Key: key, Code: "device_ambiguous", Candidates: c.host.several,
			Args: schemas.Pairs("candidates", itemsText(c.host.several))})
		return
	}
	p.holdAccount(c, key, "device_held", "hostname", c.get(schemas.FieldHostname))
}

// doubt finds what makes it unsure that a row means this record and no other: an identifier
// that is somebody else's, or an address that is not the device's.
func (p *planner) doubt(c *accountCase) (code string, pairs []string) {
	if ip := c.get(schemas.FieldIP); ip != "" && c.record < 0 || ip != "" && c.host.state == hostReady {
		if c.host.state == hostReady && !slices.ContainsFunc(c.host.ips, func(known string) bool { return addressKey(known) == addressKey(ip) }) {
			return "ip_mismatch", []string{"ip", ip, "device_ip", c.host.ip}
		}
	}
	identifier := c.get(schemas.FieldIdentifier)
	if identifier == "" {
		return "", nil
	}
	for _, i := range p.Snapshot.accountsIdentified(identifier) {
		if i != c.record {
			a := p.Snapshot.AccountAt(i)
			return "identifier_taken", []string{"identifier", identifier, "owner", CredentialKey(a.Username, a.Hostname), "id", a.ID}
		}
	}
	if owner := p.Memory.identifierOwner(identifier); owner != nil && owner != c.inactive && owner != c.hidden {
		return "identifier_taken", []string{"identifier", identifier, "owner", owner.Key, "id", owner.ID}
	}
	if other := p.identifierAsked(c, identifier); other != nil {
		return "identifier_taken", []string{"why", "row", "identifier", identifier, "at", p.cell(&other.request, schemas.FieldIdentifier),
			"owner", CredentialKey(other.get(schemas.FieldUsername), other.get(schemas.FieldHostname))}
	}
	return "", nil
}

// identifierAsked finds another row that asks for the same identifier: the first of them, or for
// that one the second.
func (p *planner) identifierAsked(c *accountCase, identifier string) *accountCase {
	if p.askedIdentifiers == nil {
		p.askedIdentifiers = map[string]*accountCase{}
		p.sharedIdentifiers = map[string]*accountCase{}
		for _, other := range p.accounts {
			id := fold(other.get(schemas.FieldIdentifier))
			switch {
			case id == "" || IsKeyType(other.get(schemas.FieldCredentialType)):
			case p.askedIdentifiers[id] == nil:
				p.askedIdentifiers[id] = other
			case p.sharedIdentifiers[id] == nil:
				p.sharedIdentifiers[id] = other
			}
		}
	}
	second := p.sharedIdentifiers[fold(identifier)]
	if second == nil || c.record >= 0 && !p.Policy.Credentials.Manages(schemas.FieldIdentifier) {
		return nil
	}
	if first := p.askedIdentifiers[fold(identifier)]; first != c {
		return first
	}
	return second
}
