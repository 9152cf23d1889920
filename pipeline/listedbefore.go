package pipeline

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"pamsync/schemas"
)

// namer makes the short prints of names; its key is of the state folder.
type namer struct{ key []byte }

func newNamer(print func(text string) string) *namer {
	return &namer{[]byte(print("the names of listed records"))}
}

// print is the first four bytes of a keyed hash, 0 for an empty text and no other: so few of them tell
// nobody a name, and hit a wrong one once in four thousand million.
func (n *namer) print(text string) uint32 {
	if text == "" {
		return 0
	}
	var room [160]byte
	sum := sha256.Sum256(append(append(room[:0], n.key...), text...))
	return max(binary.LittleEndian.Uint32(sum[:]), 1)
}

func (n *namer) devices(s *Snapshot, ids schemas.IDs) schemas.Prints {
	return n.pack(schemas.KindDevice, &s.devices, ids, func(i int32) schemas.Print {
		return schemas.Print{Name: n.print(hostKey(&s.norm, s.devices.get(i, schemas.FieldHostname)))}
	})
}

func (n *namer) accounts(s *Snapshot, ids schemas.IDs) schemas.Prints {
	return n.pack(schemas.KindCredential, &s.accounts, ids, func(i int32) schemas.Print {
		identifier := n.print(fold(s.accounts.get(i, schemas.FieldIdentifier)))
		if IsKeyType(s.accounts.get(i, schemas.FieldCredentialType)) {
			return schemas.Print{Name: n.sshKey(&s.norm, s.accounts.get(i, schemas.FieldUsername), s.accounts.get(i, schemas.FieldHostname)), Identifier: identifier}
		}
		return schemas.Print{Name: n.account(&s.norm, s.accounts.get(i, schemas.FieldUsername), s.accounts.get(i, schemas.FieldHostname)), Identifier: identifier}
	})
}

func (n *namer) account(norm *schemas.Normalize, username, hostname string) uint32 {
	return n.print(fold(username) + "@" + hostKey(norm, hostname))
}

// sshKey is the print of a key's name, which is no credential's.
func (n *namer) sshKey(norm *schemas.Normalize, username, hostname string) uint32 {
	return n.print("key " + fold(username) + "@" + hostKey(norm, hostname))
}

// pack makes the prints of all records of a list, in the order of their ids.
func (n *namer) pack(kind schemas.Kind, list *pack, ids schemas.IDs, print func(i int32) schemas.Print) schemas.Prints {
	place, prints := ids.Places(), make([]schemas.Print, ids.Len())
	inParts(list.len(), func(begin, end int) {
		for i := int32(begin); i < int32(end); i++ {
			prints[place(list.get(i, schemas.FieldID))] = print(i)
		}
	})
	next := 0
	return schemas.NewPrints(kind, ids, func(string) schemas.Print {
		next++
		return prints[next-1]
	})
}

// loseSight keeps the prints of what a list showed once and does not show now. They stay until it does:
// a record that was taken out of our sight, or out of use by hand, is still written to by its name.
func loseSight(now *schemas.ViewSeen, old *schemas.ViewSeen) {
	before, earlier := old.Prints.Of(old.Kind, old.IDs), old.LostPrints.Of(old.Kind, old.Lost)
	printOf := func(id string) schemas.Print {
		if p := before(id); p != (schemas.Print{}) {
			return p
		}
		return earlier(id)
	}
	var known []string
	for id := range old.IDs.Union(old.Lost).Minus(now.IDs).All {
		if printOf(id) != (schemas.Print{}) {
			known = append(known, id)
		}
	}
	now.Lost = schemas.NewIDs(known)
	now.LostPrints = schemas.NewPrints(now.Kind, now.Lost, printOf)
}

// lost are the records of a list that a good run was shown and this one is not, and that no run of
// ours took away: by the prints of their names and identifiers, their ids.
type lost struct {
	namer             *namer
	names, identified map[uint32]string
}

// findLost is called before rows of a kind are decided that would create. Who says that the records are
// gone for good (view_shrink), or that the last good run does not count (baseline), has it his way.
func (p *planner) findLost(kind schemas.Kind) {
	if p.LastGood == nil || p.Print == nil || !p.Policy.Limits.Baseline || p.Policy.Limits.ViewShrink.Off || kind == schemas.KindCredential && !p.Snapshot.HasAccounts {
		return
	}
	old := p.LastGood.views[kind]
	if old == nil || len(old.Prints) == 0 && len(old.LostPrints) == 0 || !p.createsAny(kind) {
		return
	}
	now := schemas.ViewSeen{Kind: kind, IDs: p.Snapshot.deviceIDs()}
	if kind == schemas.KindCredential {
		now.IDs = p.Snapshot.accountIDs()
	}
	loseSight(&now, old)
	l := &lost{namer: newNamer(p.Print), names: map[uint32]string{}, identified: map[uint32]string{}}
	printOf := now.LostPrints.Of(kind, now.Lost)
	for id := range now.Lost.All {
		if p.Memory.tookAway(kind, id) {
			continue
		}
		if print := printOf(id); print.Name != 0 {
			l.names[print.Name] = id
		}
		if print := printOf(id); print.Identifier != 0 {
			l.identified[print.Identifier] = id
		}
	}
	if p.lost == nil {
		p.lost = map[schemas.Kind]*lost{}
	}
	p.lost[kind] = l
}

// createsAny says whether some row of a kind has no record, or may get an identifier.
func (p *planner) createsAny(kind schemas.Kind) bool {
	if kind == schemas.KindDevice {
		return slices.ContainsFunc(p.devices, (*deviceCase).isNew)
	}
	return p.Policy.Credentials.Manages(schemas.FieldIdentifier) || slices.ContainsFunc(p.keys, func(c *keyCase) bool { return c.record < 0 }) || slices.ContainsFunc(p.accounts, func(c *accountCase) bool { return c.record < 0 })
}

// deviceListedBefore holds a new device of a name under which the vault listed one, unless a person
// decided that it is new, or that the guard is off.
func (p *planner) deviceListedBefore(c *deviceCase, hostname string) bool {
	l := p.lost[schemas.KindDevice]
	if l == nil || !c.isNew() {
		return false
	}
	id := l.names[l.namer.print(hostKey(&p.Policy.Devices.Normalize, hostname))]
	if id == "" {
		return false
	}
	if d := p.decision(schemas.KindDevice, hostname, ""); d != nil && d.Decision == "new" {
		return false
	}
	p.hold(&c.request, schemas.Hold{Kind: schemas.KindDevice, Key: hostname, VaultID: id, Code: "listed_before",
		Args: schemas.Pairs("id", id, "line", DecisionLine(schemas.KindDevice, hostname, "new", ""))})
	return true
}

// accountListedBefore is deviceListedBefore of a credential, which the vault finds by its identifier
// too; and by that alone it may find another than the one that is changed.
func (p *planner) accountListedBefore(c *accountCase, key string, change *schemas.Change) bool {
	l := p.lost[schemas.KindCredential]
	if l == nil {
		return false
	}
	id, why := "", "credential"
	if c.record < 0 && c.inactive == nil && c.hidden == nil {
		id = l.names[l.namer.account(&p.Policy.Devices.Normalize, change.Send.Get(schemas.FieldUsername), c.host.hostname)]
	}
	if identifier := change.Send.Get(schemas.FieldIdentifier); id == "" && identifier != "" {
		if id, why = l.identified[l.namer.print(fold(identifier))], "identifier"; id == change.VaultID {
			id = "" // its own
		}
	}
	if id == "" {
		return false
	}
	p.hold(&c.request, schemas.Hold{Kind: schemas.KindCredential, Key: key, VaultID: id, Code: "listed_before",
		Args: schemas.Pairs("why", why, "id", id, "identifier", change.Send.Get(schemas.FieldIdentifier))})
	return true
}

// keyListedBefore is accountListedBefore of a new key, which the vault finds by its identifier, and of old by its name
// (vault-api a.4).
func (p *planner) keyListedBefore(c *keyCase, key string) bool {
	l, identifier := p.lost[schemas.KindCredential], c.get(schemas.FieldIdentifier)
	if l == nil || c.record >= 0 || c.inactive != nil || c.hidden != nil {
		return false
	}
	id, why := l.names[l.namer.sshKey(&p.Policy.Devices.Normalize, c.get(schemas.FieldUsername), c.host.hostname)], "key"
	if found := l.identified[l.namer.print(fold(identifier))]; found != "" {
		id, why = found, "identifier"
	}
	if id == "" {
		return false
	}
	p.hold(&c.request, schemas.Hold{Kind: schemas.KindKey, Key: key, VaultID: id, Code: "listed_before", Args: schemas.Pairs("why", why, "id", id, "identifier", identifier)})
	return true
}
