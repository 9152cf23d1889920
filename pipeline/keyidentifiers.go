package pipeline

import (
	"pamsync/schemas"
)

// asker is one that asks for an identifier, and where it does.
type asker struct {
	request *request // nil for a credential's
	owner   string
	at      string
}

// noteKeyIdentifiers notes the identifiers that new keys ask for, and those that the plan gives to credentials: the
// vault looks for an identifier first (vault-api a.3, a.4), so that of two records the second would be written over
// the first.
func (p *planner) noteKeyIdentifiers() {
	p.keyIdentifiers = map[string][]asker{}
	put := func(identifier string, a asker) {
		if identifier != "" {
			p.keyIdentifiers[fold(identifier)] = append(p.keyIdentifiers[fold(identifier)], a)
		}
	}
	for _, c := range p.keys {
		if c.record < 0 && c.inactive == nil && c.hidden == nil {
			put(c.get(schemas.FieldIdentifier), asker{&c.request, p.keyName(c), p.cell(&c.request, schemas.FieldIdentifier)})
		}
	}
	for i := range p.plan.Changes {
		c := &p.plan.Changes[i]
		if c.Kind != schemas.KindCredential {
			continue
		}
		for _, fc := range c.Fields {
			if fc.Field == schemas.FieldIdentifier {
				put(fc.After, asker{nil, c.Key, fc.Cell})
			}
		}
	}
}

// keyIdentifierAsked holds a new key whose identifier another row asks for too.
func (p *planner) keyIdentifierAsked(c *keyCase, change *schemas.Change, key string) bool {
	identifier := change.Send.Get(schemas.FieldIdentifier)
	if change.Action != schemas.ActionCreate || identifier == "" {
		return false
	}
	for _, a := range p.keyIdentifiers[fold(identifier)] {
		if a.request != &c.request {
			p.holdKey(c, "identifier_taken", "why", "row", "identifier", identifier, "at", a.at, "owner", a.owner)
			return true
		}
	}
	return false
}
