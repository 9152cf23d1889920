package pipeline

import (
	"pamsync/schemas"
)

// Validate lists what is wrong with the rows of an inventory by themselves, without the vault:
// rows that are rejected, values that could not be sent, and rows of one key that disagree.
func Validate(inv *Inventory) []schemas.Problem {
	var problems []schemas.Problem
	for _, set := range []*Set{&inv.Devices, &inv.Credentials} {
		for _, r := range set.Rejects {
			problems = append(problems, r.Problems...)
		}
		for _, e := range set.Entries {
			problems = append(problems, e.bad...)
		}
	}
	return append(problems, quarrels(inv)...)
}

// Rejected counts the rows that a plan would reject if all their values were sent.
func Rejected(inv *Inventory) int {
	n := 0
	for _, set := range []*Set{&inv.Devices, &inv.Credentials} {
		n += len(set.Rejects)
		for _, e := range set.Entries {
			if len(e.bad) > 0 {
				n++
			}
		}
	}
	return n
}

// quarrels finds rows of one key that ask for different values.
func quarrels(inv *Inventory) []schemas.Problem {
	p := &planner{Input: Input{Inventory: inv, Memory: NewMemory(nil), Snapshot: &Snapshot{}}, plan: &schemas.Plan{}, deviceByKey: map[string]*deviceCase{}}
	p.groupDevices()
	p.groupAccounts()
	var problems []schemas.Problem
	report := func(r *request, key string) {
		if len(r.differ) == 0 && !r.secret {
			return
		}
		last := r.entries[len(r.entries)-1]
		problems = append(problems, schemas.Problem{Code: "rows_differ", Place: inv.Sources[last.source].Locate(int(last.row), schemas.FieldHostname),
			Args: schemas.Pairs("fields", fieldNames(r.differ), "key", key)})
	}
	for _, c := range p.devices {
		report(&c.request, c.key)
	}
	for _, c := range p.accounts {
		report(&c.request, c.key)
	}
	return problems
}
