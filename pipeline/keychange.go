package pipeline

import (
	"strconv"
	"strings"

	"pamsync/schemas"
)

// keyMark parts a key's name from the identifier that tells it from others of its user and device.
const keyMark = " #"

// keyBase is the user@host of the name of a key with an identifier: users and hosts may hold the mark themselves.
func keyBase(key, identifier string) string {
	if base := len(key) - len(keyMark) - len(identifier); identifier != "" && base > 0 && strings.EqualFold(key[base:], keyMark+identifier) {
		return key[:base]
	}
	return key
}

// writtenBase is keyBase of a name of whose identifier nothing else is known.
func writtenBase(key string) string {
	if i := strings.LastIndex(key, keyMark); i >= 0 && strings.Contains(key[:i], "@") && validIdentifier(key[i+len(keyMark):]) {
		return key[:i]
	}
	return key
}

// keyChange compares a row with its key; nil where there is nothing to do. hold is the code of what a person
// must decide.
func (p *planner) keyChange(c *keyCase) (change *schemas.Change, bad []schemas.Problem, hold string) {
	switch {
	case c.record >= 0:
		a := p.Snapshot.AccountAt(c.record)
		return p.diffKey(c, schemas.Remembered{ID: a.ID, Key: p.keyName(c), Values: a.values()})
	case c.hidden != nil:
		return p.diffKey(c, *c.hidden)
	case c.inactive != nil:
		return p.reactivateKey(c)
	}
	change, bad = p.newKey(c)
	return change, bad, ""
}

// diffKey compares with a key that is there. The two halves of a key go together: the public one is sent with
// the private one alone.
func (p *planner) diffKey(c *keyCase, have schemas.Remembered) (change *schemas.Change, bad []schemas.Problem, hold string) {
	policy := &p.Policy.Keys
	if bad = p.unsendable(&c.request, func(f schemas.Field) bool { return policy.Manages(f) }); len(bad) > 0 {
		return nil, bad, ""
	}
	var send schemas.Values
	send[schemas.FieldHostname], send[schemas.FieldIP] = orText(c.host.hostname, have.Values[schemas.FieldHostname]), orText(c.host.ip, have.Values[schemas.FieldIP])
	send[schemas.FieldUsername], send[schemas.FieldIdentifier] = have.Values[schemas.FieldUsername], have.Values[schemas.FieldIdentifier]
	pair := policy.Manages(schemas.FieldPublicKey) && p.keyPairDiffers(c, have.ID, have.Key)
	if pair && (!policy.Secrets.Replaces() || c.print() == "") {
		return nil, nil, "key_changed"
	}
	var fields []schemas.FieldChange
	var again []string // devices for which it is sent once more
	for _, f := range policy.Manage {
		want := c.get(f)
		switch {
		case want == "" || f == schemas.FieldPublicKey:
		case !f.Listed():
			differs := p.writeOnly(&c.request, schemas.KindKey, have.ID, have.Key, f, &send)
			if f == schemas.FieldDevices && len(differs) == 0 {
				if again = p.notInstalled(c, &have); len(again) > 0 {
					differs = []schemas.FieldChange{{Field: f, After: want, Cell: p.cell(&c.request, f)}}
				}
			}
			fields = append(fields, differs...)
		case same(f, want, have.Values[f]) || p.Memory.keeps(schemas.KindKey, have.ID, f, want, have.Values[f]):
		default:
			send[f] = want
			fields = append(fields, schemas.FieldChange{Field: f, Before: have.Values[f], After: want, Cell: p.cell(&c.request, f)})
		}
	}
	if pair {
		send[schemas.FieldPublicKey] = c.get(schemas.FieldPublicKey)
		fields = append(fields, schemas.FieldChange{Field: schemas.FieldPublicKey, After: send[schemas.FieldPublicKey], Cell: p.cell(&c.request, schemas.FieldPublicKey)},
			schemas.FieldChange{Field: schemas.FieldContent, Secret: true})
	}
	p.warnIdentifier(c, &have)
	if len(fields) == 0 {
		if policy.Secrets.Replaces() && p.keyUnknown(c, have.ID, have.Key) {
			p.leaveUncompared(schemas.KindKey, have.Key)
		}
		return nil, nil, ""
	}
	if send[schemas.FieldIdentifier] == "" {
		return nil, nil, "key_no_identifier"
	}
	reason := fields[0].After
	if fields[0].Field == schemas.FieldDevices && len(again) > 0 {
		reason = strings.Join(again, ",")
	}
	return &schemas.Change{Kind: schemas.KindKey, Action: schemas.ActionUpdate, Key: have.Key, VaultID: have.ID, Device: c.host.hostname, DeviceID: c.host.id,
		Reason: schemas.Reason{Rule: schemas.RuleDiffers, Cell: fields[0].Cell, Value: shortened(reason)},
		Fields: fields, Send: schemas.Send(send), Secret: pair, Rows: p.refs(&c.request), Branch: BranchIdentifier}, nil, ""
}

func (p *planner) warnIdentifier(c *keyCase, have *schemas.Remembered) {
	id := c.get(schemas.FieldIdentifier)
	if id != "" && have.Values[schemas.FieldIdentifier] != "" && !same(schemas.FieldIdentifier, id, have.Values[schemas.FieldIdentifier]) {
		p.warn("identifier_differs", p.place(c.set, c.entries[0], schemas.FieldIdentifier), "why", "key", "key", have.Key, "row", id, "vault", have.Values[schemas.FieldIdentifier])
	}
}

// print is the keyed fingerprint of a row's private key, "" where it has none or none is read.
func (c *keyCase) print() string {
	for _, e := range c.entries {
		if print := c.set.password(e); print != "" {
			return print
		}
	}
	return ""
}

// keyUnknown says whether a row has a private key, and nothing is remembered of the one that is there.
func (p *planner) keyUnknown(c *keyCase, id, key string) bool {
	return c.print() != "" && p.Memory.keyPrint(id, key, schemas.FieldPublicKey) == "" && p.Memory.keyPrint(id, key, schemas.FieldContent) == ""
}

// keyPairDiffers tells a key that is known to be another than the one that we sent last, by either half; or where
// the policy says so, one of which nothing is known.
func (p *planner) keyPairDiffers(c *keyCase, id, key string) bool {
	if p.Policy.Keys.Secrets == schemas.SecretsOverwrite && p.keyUnknown(c, id, key) {
		return true
	}
	if known := p.Memory.keyPrint(id, key, schemas.FieldPublicKey); known != "" && c.get(schemas.FieldPublicKey) != "" {
		return known != schemas.Fingerprint(p.Inventory.printKey, c.get(schemas.FieldPublicKey))
	}
	known := p.Memory.keyPrint(id, key, schemas.FieldContent)
	return known != "" && c.print() != "" && known != c.print()
}

// reactivateKey plans to activate a key that our own run inactivated, and to bring it up to date where that
// takes something.
func (p *planner) reactivateKey(c *keyCase) (*schemas.Change, []schemas.Problem, string) {
	have := *c.inactive
	name := keyBase(have.Key, have.Values[schemas.FieldIdentifier])
	if i := strings.LastIndex(name, "@"); i >= 0 {
		have.Values[schemas.FieldUsername] = name[:i]
	}
	change, bad, hold := p.diffKey(c, have)
	if len(bad) > 0 || hold != "" && hold != "key_no_identifier" {
		return nil, bad, hold
	}
	if change == nil {
		change = &schemas.Change{Kind: schemas.KindKey, Key: have.Key, VaultID: have.ID, Device: c.host.hostname, DeviceID: c.host.id, Rows: p.refs(&c.request)}
		if send, any := p.besideKey(c, &have); any {
			change.Send, change.Branch = schemas.Send(send), BranchIdentifier
		}
	}
	change.Action = schemas.ActionReactivate
	change.Reason = schemas.Reason{Rule: schemas.RuleInactive, Cell: p.cell(&c.request, schemas.FieldUsername), Value: have.Run}
	return change, nil, ""
}

// besideKey is what goes along with a key that comes back: the managed values that no list shows and that are not known
// to be there, without a half of the key, which goes with the other alone.
func (p *planner) besideKey(c *keyCase, have *schemas.Remembered) (send schemas.Values, any bool) {
	if have.Values[schemas.FieldIdentifier] == "" {
		return send, false // the vault could take it for another's
	}
	for _, f := range p.Policy.Keys.Manage {
		want := c.get(f)
		if want == "" || f.Listed() || f == schemas.FieldPublicKey || p.Memory.keyPrint(have.ID, have.Key, f) == schemas.Fingerprint(p.Inventory.printKey, want) {
			continue
		}
		send[f], any = want, true
	}
	send[schemas.FieldHostname], send[schemas.FieldIP] = c.host.hostname, c.host.ip
	send[schemas.FieldUsername], send[schemas.FieldIdentifier] = have.Values[schemas.FieldUsername], have.Values[schemas.FieldIdentifier]
	return send, any
}

// newKey plans to create a key: both its halves are needed (vault-api a.4).
func (p *planner) newKey(c *keyCase) (*schemas.Change, []schemas.Problem) {
	bad := p.unsendable(&c.request, func(f schemas.Field) bool { return f != schemas.FieldIP })
	if bad = append(bad, p.nothingThere(&c.request)...); len(bad) > 0 {
		return nil, bad
	}
	if p.Policy.Keys.Secrets == schemas.SecretsNever || c.print() == "" {
		code := "key_needs_private"
		if p.Policy.Keys.Secrets == schemas.SecretsNever {
			code = "key_secrets_never"
		}
		for _, e := range c.entries {
			bad = append(bad, schemas.Problem{Code: code, Place: p.place(c.set, e, schemas.FieldContent), Args: schemas.Pairs("field", schemas.FieldContent.String())})
		}
		return nil, bad
	}
	var send schemas.Values
	p.fill(&c.request, []schemas.Field{schemas.FieldIdentifier, schemas.FieldUsername, schemas.FieldKeyName, schemas.FieldTags, schemas.FieldDevices, schemas.FieldPublicKey}, nil, &send)
	send[schemas.FieldHostname], send[schemas.FieldIP] = c.host.hostname, c.host.ip
	change := schemas.Change{Kind: schemas.KindKey, Action: schemas.ActionCreate, Key: p.keyName(c), Device: c.host.hostname, DeviceID: c.host.id,
		Reason: schemas.Reason{Rule: schemas.RuleNew, Cell: p.cell(&c.request, schemas.FieldUsername), Value: send[schemas.FieldUsername]},
		Send:   schemas.Send(send), Secret: true, Rows: p.refs(&c.request), Branch: BranchCreate}
	change.Fields = append(created(&send, schemas.FieldUsername, schemas.FieldHostname), schemas.FieldChange{Field: schemas.FieldContent, Secret: true})
	return &change, nil
}

// shortened is a value as a reason shows it.
func shortened(s string) string {
	if len(s) > 80 {
		return s[:79] + "…"
	}
	return s
}

// missingKeys decides about the listed keys that the inventory lacks, as missingAccounts does of credentials.
func (p *planner) missingKeys() {
	for i := range p.Snapshot.NumAccounts() {
		if p.keyClaims[i] > 0 || p.keyOwner[i] != nil || p.mentioned[i] {
			continue
		}
		a := p.Snapshot.AccountAt(i)
		if !a.IsKey() || a.device < 0 {
			continue
		}
		set := &p.Inventory.Keys
		user := p.accountKey(a.Username, a.Hostname)
		asked := set.goes[user]
		if set.named[user] || p.Inventory.rejectedNamesItem(&a) {
			continue
		}
		p.unnamedRecord(schemas.KindKey, a.ID)
		if p.Policy.Keys.Missing == schemas.MissingKeep && !asked {
			continue
		}
		if d := p.Snapshot.DeviceAt(a.device); p.scoped(&d) && p.deviceStays(a.device) && !p.moves(d.Hostname) {
			p.missingKey(&a, &d, asked)
		}
	}
}

func (p *planner) missingKey(a *Account, d *schemas.Device, asked bool) {
	key := CredentialKey(a.Username, a.Hostname)
	if len(p.Snapshot.keysNamed(p.Snapshot.byDevice[a.device], a.Username)) > 1 && a.Identifier != "" {
		key += keyMark + a.Identifier
	}
	leave := func(code string) {
		p.leave(schemas.Left{Kind: schemas.KindKey, Key: key, VaultID: a.ID, Code: code})
	}
	hold := func(code string, pairs ...string) {
		p.holdRecord(schemas.Hold{Kind: schemas.KindKey, Key: key, VaultID: a.ID, Code: code, Args: schemas.Pairs(pairs...)})
	}
	set := &p.Inventory.Keys
	host := hostKey(&p.Policy.Devices.Normalize, a.Hostname)
	switch {
	case p.Policy.Keys.Missing == schemas.MissingReport && !asked:
		leave("missing_reported")
		return
	case p.protectedKey(a) || p.isVault(d):
		leave("protected")
		return
	}
	if decided := p.decision(schemas.KindKey, key, ""); decided != nil && decided.Decision == "ignore" {
		leave("decided_ignore")
		return
	}
	p.countGone(schemas.KindKey)
	switch n := set.Unreadable; {
	case p.tooUnreadable(n) || set.guarded[host]:
		hold("unreadable_rows", "rows", strconv.Itoa(max(n, 1)))
	case set.maybe[host]:
		hold("maybe_swallowed")
	case p.otherAddress(a):
		hold("other_address", "ip", a.IP, "device_ip", d.IP)
	case p.putOff(schemas.KindKey, a.ID, key, func(u *Usage) (Use, bool) { return u.account(a.Username, d.Hostname, p.addresses(a.device)) }):
	default:
		p.change(schemas.Change{Kind: schemas.KindKey, Action: schemas.ActionInactivate, Key: key, VaultID: a.ID, Device: d.Hostname, DeviceID: d.ID,
			Reason: schemas.Reason{Rule: schemas.RuleMissing}, Fields: lastAccountValues(a)})
	}
}

func (p *planner) protectedKey(a *Account) bool {
	f := p.Policy.ProtectKeys
	return f != nil && f.Match(func(name string) string {
		field, _ := schemas.ParseField(name)
		v := a.values()
		return v[field]
	})
}
