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

// findByAddress finds the record of a row whose hostname no record has: the one that lacks a row
// and has the row's address, where both alone have it. It is one of the rules that a
// configuration may add.
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
	}
	p.lacking = slices.DeleteFunc(p.lacking, func(i int32) bool { return p.deviceOfRecord[i] != nil })
}
