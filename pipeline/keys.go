package pipeline

import (
	"slices"

	"pamsync/schemas"
)

// keyCase is what the inventory asks of one SSH key, and the record that it means. The vault shows its keys in
// the list of credentials, by name and identifier alone (vault-api a.3, a.4); a user may have several on a
// device, which only their identifiers tell apart.
type keyCase struct {
	request
	host     host
	records  []int32 // listed keys that a row may mean
	code     string  // of what holds it, "" for nothing
	pairs    []string
	record   int32 // index of the listed key that it means, -1 for none
	inactive *schemas.Remembered
	hidden   *schemas.Remembered
	several  bool // others of its user and device are listed or asked for
}

func (p *planner) planKeys() {
	if !p.Inventory.Keys.Configured {
		return
	}
	p.groupKeys()
	for _, c := range p.keys {
		c.host = p.findHost(c.get(schemas.FieldHostname))
		c.records, c.code, c.pairs = p.keyRecords(c)
		p.guardUser(&c.request, len(c.records))
		for _, i := range c.records {
			p.keyClaims[i]++
			p.keyMeant[i]++
		}
	}
	for _, c := range p.keys {
		p.findKey(c)
	}
	p.noteKeyIdentifiers()
	if p.lost[schemas.KindCredential] == nil {
		p.findLost(schemas.KindCredential) // the list that keys stand in
	}
	for _, c := range p.keys {
		if c.state == undecided {
			p.decideKey(c)
		}
	}
	for _, c := range p.keys {
		p.mentionKey(c)
	}
	p.missingKeys()
}

// mentionKey notes the listed keys that a row may mean, so that none of them is missing: those of its id and of
// its identifier, and where it came to nothing, for whatever reason, all of its user on a device of that name, or
// where no device has the name, of its address.
func (p *planner) mentionKey(c *keyCase) {
	note := func(keys []int32) {
		for _, i := range keys {
			p.mentioned[i] = true
		}
	}
	for _, e := range c.entries { // each by itself: rows of one key may disagree
		p.mentionItem(c.set, e)
	}
	if c.record >= 0 || c.state == changed || c.state == unchanged {
		return
	}
	username, hostname := c.get(schemas.FieldUsername), c.get(schemas.FieldHostname)
	note(p.Snapshot.keysNamed(p.Snapshot.accountsHomeless(hostname), username))
	devices := p.Snapshot.FindDevices(hostname)
	if ip := c.get(schemas.FieldIP); c.host.state == hostAbsent && len(devices) == 0 && ip != "" {
		devices = p.devicesBy(ip)
	}
	for _, d := range devices {
		note(p.Snapshot.keysNamed(p.Snapshot.byDevice[d], username))
	}
}

// groupKeys brings together the rows of one key: of one id, else one identifier, else one user and device.
func (p *planner) groupKeys() {
	byKey := map[string]*keyCase{}
	p.keysOf = map[string][]*keyCase{}
	set := &p.Inventory.Keys
	for i := range int32(set.rows.len()) {
		user := p.accountKey(set.rows.get(i, schemas.FieldUsername), set.rows.get(i, schemas.FieldHostname))
		key := user
		if id := p.rowID(set, i); id != "" {
			key += "\x00id " + id
		} else if identifier := set.rows.get(i, schemas.FieldIdentifier); identifier != "" {
			key += "\x00" + fold(identifier)
		}
		c := byKey[key]
		if c == nil {
			c = &keyCase{request: request{set: set, key: user}, record: -1}
			byKey[key] = c
			p.keys = append(p.keys, c)
			p.keysOf[user] = append(p.keysOf[user], c)
		}
		c.entries = append(c.entries, i)
	}
	for _, c := range p.keys {
		p.merge(&c.request)
		c.several = len(p.keysOf[c.key]) > 1
	}
}

// keyName is how a key is named to people: user@host, and where that could be several its identifier.
func (p *planner) keyName(c *keyCase) string {
	name, identifier := CredentialKey(c.get(schemas.FieldUsername), orText(c.host.hostname, c.get(schemas.FieldHostname))), c.get(schemas.FieldIdentifier)
	if c.record >= 0 {
		a := p.Snapshot.AccountAt(c.record)
		name, identifier = CredentialKey(a.Username, a.Hostname), a.Identifier
	}
	if c.several && identifier != "" {
		return name + keyMark + identifier
	}
	return name
}

// findKey settles on the listed key that a row means, or holds the row.
func (p *planner) findKey(c *keyCase) {
	records := c.records
	switch {
	case c.code != "":
		p.holdKey(c, c.code, c.pairs...)
		return
	case len(records) > 1:
		p.hold(&c.request, schemas.Hold{Kind: schemas.KindKey, Key: p.keyName(c), Code: "ambiguous", Candidates: p.Snapshot.accountItems(records),
			Args: schemas.Pairs("candidates", itemsText(p.Snapshot.accountItems(records)))})
		return
	case len(records) == 1 && p.keyMeant[records[0]] > 1:
		p.holdKey(c, "two_rows_one_record")
		return
	case len(records) == 1:
		c.record = records[0]
		p.keyOwner[c.record] = c
	default:
		if p.findUnlistedKey(c) {
			p.holdKey(c, "key_needs_identifier", "key", p.keyName(c))
			return
		}
	}
	if pairs := p.quarrel(schemas.KindKey, &c.request, &p.Policy.Keys, c.record < 0); pairs != nil {
		p.holdKey(c, "rows_differ", pairs...)
		return
	}
	p.warnEqual(&c.request, p.keyName(c))
}

// findUnlistedKey finds the key that a row means among those that no list shows; true where it may mean several.
func (p *planner) findUnlistedKey(c *keyCase) (several bool) {
	user, identifier := CredentialKey(c.get(schemas.FieldUsername), orText(c.host.hostname, c.get(schemas.FieldHostname))), c.get(schemas.FieldIdentifier)
	gone, some := p.Memory.unlistedKey(schemas.RememberInactive, user, identifier, c.several)
	hidden, more := p.Memory.unlistedKey(schemas.RememberNotVisible, user, identifier, c.several)
	switch {
	case gone != nil && p.ofNamesake(&c.host, gone):
	case gone != nil:
		c.inactive = gone
	default:
		c.hidden = hidden
	}
	return some || more
}

// keyRecords are the listed keys that a row may mean: by id, by identifier, else by user and device.
func (p *planner) keyRecords(c *keyCase) (records []int32, code string, pairs []string) {
	user := c.key
	if id := p.id(&c.request); id != "" {
		i := p.Snapshot.accountNumber(id)
		if i < 0 {
			return nil, "id_mismatch", []string{"id", id, "hostname", p.keyName(c)}
		}
		if a := p.Snapshot.AccountAt(i); !a.IsKey() || p.accountKey(a.Username, a.Hostname) != user {
			return nil, "id_mismatch", []string{"id", id, "hostname", p.keyName(c)}
		}
		return []int32{i}, "", nil
	}
	var named []int32
	if c.host.record >= 0 {
		named = p.Snapshot.keysNamed(p.Snapshot.byDevice[c.host.record], c.get(schemas.FieldUsername))
	} else if c.host.state == hostReady {
		named = p.Snapshot.keysNamed(p.Snapshot.accountsHomeless(c.host.hostname), c.get(schemas.FieldUsername))
	}
	c.several = c.several || len(named) > 1
	identifier := c.get(schemas.FieldIdentifier)
	if identifier == "" {
		if c.several {
			for _, i := range named {
				p.keyClaims[i]++
			}
			return nil, "key_needs_identifier", []string{"key", p.keyName(c)}
		}
		return named, "", nil
	}
	owners := p.Snapshot.accountsIdentified(identifier)
	for _, i := range owners {
		if a := p.Snapshot.AccountAt(i); !slices.Contains(named, i) && !(p.Policy.Keys.Manages(schemas.FieldUsername) && a.IsKey() && a.device >= 0 && a.device == c.host.record) {
			return nil, "identifier_taken", []string{"identifier", identifier, "owner", CredentialKey(a.Username, a.Hostname), "id", a.ID}
		}
	}
	if owner := p.Memory.identifierOwner(identifier); len(owners) == 0 && owner != nil && (owner.Kind != schemas.KindKey || p.ofNamesake(&c.host, owner) || fold(rememberedBase(owner)) != fold(CredentialKey(c.get(schemas.FieldUsername), c.host.hostname))) {
		return nil, "identifier_taken", []string{"identifier", identifier, "owner", owner.Key, "id", owner.ID}
	}
	switch {
	case len(owners) > 0:
		return owners, "", nil
	case len(named) == 1 && !c.several && !p.Memory.ownsKey(CredentialKey(c.get(schemas.FieldUsername), c.host.hostname), identifier):
		return named, "", nil // under the identifier that the vault gave it
	}
	return nil, "", nil
}

// decideKey plans what a row asks of its key.
func (p *planner) decideKey(c *keyCase) {
	key := p.keyName(c)
	if code := leftWith[c.host.state]; code != "" {
		p.settle(schemas.KindKey, &c.request, left)
		p.leave(schemas.Left{Kind: schemas.KindKey, Key: key, Code: code, Rows: p.refs(&c.request)})
		return
	}
	if ip := c.get(schemas.FieldIP); ip != "" && c.host.state == hostReady && !slices.ContainsFunc(c.host.ips, func(known string) bool { return addressKey(known) == addressKey(ip) }) {
		p.holdKey(c, "ip_mismatch", "ip", ip, "device_ip", c.host.ip)
		return
	}
	if c.record >= 0 {
		if a := p.Snapshot.AccountAt(c.record); a.device >= 0 && p.otherAddress(&a) {
			p.holdKey(c, "other_address", "ip", a.IP, "device_ip", c.host.ip)
			return
		}
	}
	change, bad, hold := p.keyChange(c)
	switch {
	case hold != "":
		p.holdKey(c, hold, "key", key)
	case len(bad) > 0:
		p.reject(schemas.KindKey, &c.request, key, bad)
	case change == nil && !c.host.moves && c.host.renamed == nil:
		p.settle(schemas.KindKey, &c.request, unchanged)
	case c.host.state == hostAbsent:
		p.holdKey(c, "device_absent", "hostname", c.get(schemas.FieldHostname))
	case len(c.host.several) > 0:
		p.hold(&c.request, schemas.Hold{Kind: schemas.KindKey, Key: key, Code: "device_ambiguous", Candidates: c.host.several, Args: schemas.Pairs("candidates", itemsText(c.host.several))})
	case c.host.state == hostHeld || c.host.renamed != nil || c.host.moves: // a key does not move with its device's name
		p.holdKey(c, "device_held", "hostname", c.get(schemas.FieldHostname))
	case c.inactive != nil && p.Policy.Keys.Reactivate == schemas.ReactivateNever:
		p.holdKey(c, "inactive_record")
	case change != nil && p.keyIdentifierAsked(c, change, key):
	case p.keyListedBefore(c, key):
	default:
		p.settle(schemas.KindKey, &c.request, changed)
		change.Match = p.keyMatch(c)
		p.change(*change)
	}
}

func (p *planner) keyMatch(c *keyCase) string {
	switch {
	case c.inactive != nil:
		return matchInactive
	case c.hidden != nil:
		return matchHidden
	case c.record < 0:
		return ""
	case p.id(&c.request) != "":
		return string(schemas.RuleID)
	case c.get(schemas.FieldIdentifier) != "" && same(schemas.FieldIdentifier, c.get(schemas.FieldIdentifier), p.Snapshot.accounts.get(c.record, schemas.FieldIdentifier)):
		return string(schemas.RuleIdentifier)
	}
	return string(schemas.RuleUsername)
}

func (p *planner) holdKey(c *keyCase, code string, pairs ...string) {
	h := schemas.Hold{Kind: schemas.KindKey, Key: p.keyName(c), Code: code, Args: schemas.Pairs(pairs...)}
	if c.record >= 0 {
		h.VaultID = p.Snapshot.accounts.get(c.record, schemas.FieldID)
	}
	p.hold(&c.request, h)
}
