package pipeline

import (
	"slices"

	"pamsync/schemas"
)

// goesBy says whether the configuration lets records of a set be found by a rule.
func (p *planner) goesBy(set *Set, rule schemas.Rule) bool {
	return slices.Contains(p.policyOf(set).Identify, rule)
}

// rowID is the vault id that a row names, "" where it names none or ids do not count.
func (p *planner) rowID(set *Set, row int32) string {
	if set.rows.fields&(1<<schemas.FieldID) == 0 || !p.goesBy(set, schemas.RuleID) {
		return ""
	}
	return set.rows.get(row, schemas.FieldID)
}

// id is the vault id that a request names.
func (p *planner) id(r *request) string {
	if !p.goesBy(r.set, schemas.RuleID) {
		return ""
	}
	return r.get(schemas.FieldID)
}

// warnByAddress is warned of where a row's name is not its record's: nobody would see it else, as
// a row that asks for nothing stands nowhere in a plan.
const warnByAddress = "found_by_address"

// findByAddress finds the record of a row whose hostname no record has: the one that lacks a row
// and has the row's address, where both alone have it. It is one of the rules that a
// configuration may add. It comes behind the others wherever it is listed: an address moves from
// device to device, and what is sent is found by its hostname in the vault.
func (p *planner) findByAddress() {
	if len(p.lacking) == 0 || !p.goesBy(&p.Inventory.Devices, schemas.RuleIP) {
		return
	}
	lacking := map[string][]int32{}
	for _, i := range p.lacking {
		if ip := addressKey(p.Snapshot.devices.get(i, schemas.FieldIP)); usableAddress(ip) {
			lacking[ip] = append(lacking[ip], i)
		}
	}
	carriers := p.carriers(lacking)
	for _, c := range p.devices {
		ip := addressKey(c.get(schemas.FieldIP))
		if c.state != undecided || !c.isNew() || carriers[ip] != 1 || len(p.Snapshot.devicesAt(ip)) != 1 || len(lacking[ip]) != 1 {
			continue
		}
		c.records = lacking[ip]
		p.deviceOfRecord[c.records[0]] = c
		p.warn(warnByAddress, p.place(c.set, c.entries[0], schemas.FieldHostname), "hostname", c.get(schemas.FieldHostname),
			"key", p.deviceKey(c), "id", p.deviceID(c), "ip", c.get(schemas.FieldIP))
	}
	p.lacking = slices.DeleteFunc(p.lacking, func(i int32) bool { return p.deviceOfRecord[i] != nil })
}
