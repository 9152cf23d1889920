package pipeline

import "pamsync/schemas"

// The ways in which a row finds its record beside the rules of a configuration: its hostname by
// what the normalisers take for the same, a record that our own run inactivated, and one that the
// vault does not show us. They stand in plans.
const (
	matchNormalised = "normalised_hostname"
	matchInactive   = "known_inactive"
	matchHidden     = "hidden"
	matchKey        = "key"  // an SSH key, by its identifier or else its username: the plan does not say which
	matchSent       = "sent" // protected information, of which we know what we sent
)

// deviceMatch is the rule that found a request's record, "" where there is none.
func (p *planner) deviceMatch(c *deviceCase) string {
	switch {
	case c.inactive != nil:
		return matchInactive
	case c.hidden != nil:
		return matchHidden
	case len(c.records) != 1:
		return ""
	case p.id(&c.request) != "":
		return string(schemas.RuleID)
	}
	have := p.Snapshot.devices.get(c.records[0], schemas.FieldHostname)
	want, norm := c.get(schemas.FieldHostname), &p.Policy.Devices.Normalize
	switch {
	case fold(have) == fold(want):
		return string(schemas.RuleHostname)
	case hostKey(norm, have) == hostKey(norm, want):
		return matchNormalised
	}
	return string(schemas.RuleIP)
}

// accountMatch is deviceMatch of a credential.
func (p *planner) accountMatch(c *accountCase) string {
	switch {
	case c.inactive != nil:
		return matchInactive
	case c.hidden != nil:
		return matchHidden
	case c.record < 0:
		return ""
	case p.id(&c.request) != "":
		return string(schemas.RuleID)
	case fold(p.Snapshot.AccountAt(c.record).Username) == fold(c.get(schemas.FieldUsername)):
		return string(schemas.RuleUsername)
	}
	return string(schemas.RuleIdentifier)
}
