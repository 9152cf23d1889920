package pipeline

import (
	"slices"

	"pamsync/schemas"
)

// Validate lists what is wrong with the rows of an inventory by themselves, without the vault:
// rows that are rejected, values that could not be sent, and rows of one key that disagree where the
// policy puts no source before the other.
func Validate(inv *Inventory, policy Policy) []schemas.Problem {
	var problems []schemas.Problem
	for _, set := range inv.sets() {
		for _, r := range set.Rejects {
			problems = append(problems, r.Problems...)
		}
		for i := range int32(set.rows.len()) {
			problems = append(problems, set.bad[i]...)
		}
	}
	return append(problems, quarrels(inv, policy)...)
}

// Rejected counts the rows that a plan would reject if all their values were sent.
func Rejected(inv *Inventory) int {
	n := 0
	for _, set := range inv.sets() {
		n += len(set.Rejects) + len(set.bad)
	}
	return n
}

// Complete counts the readable rows of a kind that have all that a new record needs, and for each field
// the rows that lack it.
func Complete(inv *Inventory, kind schemas.Kind) (complete int, lacking map[schemas.Field]int) {
	needs := required()
	switch kind {
	case schemas.KindCredential:
		needs = []schemas.Field{schemas.FieldHostname, schemas.FieldUsername, schemas.FieldCredentialType}
	case schemas.KindKey: // and its private half, which is not read
		needs = []schemas.Field{schemas.FieldHostname, schemas.FieldUsername}
	case schemas.KindInfo: // and its content
		needs = []schemas.Field{schemas.FieldIdentifier, schemas.FieldName, schemas.FieldType}
	case schemas.KindDevice, schemas.KindSession:
	}
	set, lacking := inv.Set(kind), map[schemas.Field]int{}
	for row := range int32(set.rows.len()) {
		if set.bad[row] != nil {
			continue
		}
		whole := true
		for _, f := range needs {
			defaults := inv.Sources[set.source(row)].Defaults
			if set.rows.get(row, f) == "" && (defaults == nil || defaults[f] == "") {
				lacking[f]++
				whole = false
			}
		}
		if whole {
			complete++
		}
	}
	return complete, lacking
}

// quarrels finds rows of one key that ask for different values.
func quarrels(inv *Inventory, policy Policy) []schemas.Problem {
	p := &planner{Input: Input{Inventory: inv, Policy: policy}, plan: &schemas.Plan{}} // what gives way is no error
	p.Policy.Devices.Normalize = inv.norm
	var problems []schemas.Problem
	for _, kind := range schemas.RowKinds() {
		set, named := inv.Set(kind), schemas.FieldHostname
		if kind == schemas.KindInfo {
			named = schemas.FieldIdentifier
		}
		for _, r := range p.twins(set) {
			p.merge(r)
			if pairs := differing(kind, r.differ, r.secret); pairs != nil {
				problems = append(problems, schemas.Problem{Code: "rows_differ", Place: p.place(set, last(r.entries), named),
					Args: schemas.Pairs(append(pairs, "key", r.key)...)})
			}
		}
	}
	return problems
}

// twins gathers the rows that share a key, in the order of their first ones.
func (p *planner) twins(set *Set) []*request {
	keyOf := func(row int32) string {
		if set == &p.Inventory.Infos {
			return fold(set.rows.get(row, schemas.FieldIdentifier))
		}
		host := set.rows.get(row, schemas.FieldHostname)
		key := hostKey(&p.Policy.Devices.Normalize, host)
		if set != &p.Inventory.Devices {
			key = p.accountKey(set.rows.get(row, schemas.FieldUsername), host)
		}
		if set == &p.Inventory.Keys && set.rows.get(row, schemas.FieldIdentifier) != "" { // a user may have several
			key += "\x00" + fold(set.rows.get(row, schemas.FieldIdentifier))
		}
		if id := set.rows.get(row, schemas.FieldID); id != "" { // without a configuration, ids count
			key += "\x00" + id
		}
		return key
	}
	hashes, h := make([]uint64, set.rows.len()), newHasher()
	for row := range hashes {
		hashes[row] = h.text(keyOf(int32(row)))
	}
	alike := repeated(hashes)
	rows := map[string][]int32{}
	var order []string
	for row, hash := range hashes {
		if !alike[hash] {
			continue
		}
		key := keyOf(int32(row))
		if len(rows[key]) == 0 {
			order = append(order, key)
		}
		rows[key] = append(rows[key], int32(row))
	}
	var found []*request
	for _, key := range order {
		if len(rows[key]) > 1 {
			found = append(found, &request{set: set, key: key, entries: rows[key]})
		}
	}
	return found
}

// repeated are the hashes that stand there more than once.
func repeated(hashes []uint64) map[uint64]bool {
	sorted := slices.Clone(hashes)
	slices.Sort(sorted)
	several := map[uint64]bool{}
	for i := 1; i < len(sorted); i++ {
		if sorted[i] == sorted[i-1] {
			several[sorted[i]] = true
		}
	}
	return several
}
