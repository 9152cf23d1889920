package pipeline

import (
	"cmp"
	"slices"

	"pamsync/schemas"
)

// merge gathers what the rows of one record say. Of two values the one counts whose source the
// configuration puts first, and a fresh source's before a stale one's; what is overruled is
// listed. Without such a rule the rows disagree, and a person decides.
func (p *planner) merge(r *request) {
	if len(r.entries) == 1 && !p.restricted(r.set, r.entries[0]) {
		return
	}
	r.merged = &schemas.Values{}
	rows := make([]schemas.Values, len(r.entries))
	for i, e := range r.entries {
		rows[i] = r.set.values(e)
	}
	for f := range schemas.NumFields {
		p.mergeField(r, rows, f)
	}
	print := ""
	for _, e := range r.entries {
		other := r.set.password(e)
		r.secret = r.secret || print != "" && other != "" && other != print
		print = cmp.Or(print, other)
	}
}

// mergeField chooses among the values of one field.
func (p *planner) mergeField(r *request, rows []schemas.Values, f schemas.Field) {
	best, bestRank := -1, 0
	for i, e := range r.entries {
		rank, may := p.rank(r.set, e, f)
		if rows[i][f] != "" && may && (best < 0 || rank < bestRank) {
			best, bestRank = i, rank
		}
	}
	if best < 0 {
		return
	}
	value := rows[best][f]
	r.merged[f] = value
	for i, e := range r.entries {
		other := rows[i][f]
		if i == best || other == "" || p.same(f, value, other) {
			continue
		}
		if rank, may := p.rank(r.set, e, f); !may || rank > bestRank {
			p.warn("source_overruled", p.place(r.set, e, f), "field", f.String(), "value", other, "taken", value,
				"from", p.place(r.set, r.entries[best], f).String())
		} else if !slices.Contains(r.differ, f) {
			r.differ = append(r.differ, f)
		}
	}
}

// writer is the row whose value of a field counts: of those that have one and may write it, that
// of the source which comes first.
func (p *planner) writer(r *request, f schemas.Field) (row int32, found bool) {
	best := 0
	for _, e := range r.entries {
		if rank, may := p.rank(r.set, e, f); may && r.set.rows.get(e, f) != "" && (!found || rank < best) {
			row, best, found = e, rank, true
		}
	}
	return row, found
}

// complementary tells rows of sources that were put in an order, one row of each: that several
// ask for one record is what the order is for.
func (p *planner) complementary(r *request) bool {
	if len(p.policyOf(r.set).Precedence) == 0 {
		return false
	}
	seen := map[int]bool{}
	for _, e := range r.entries {
		source := int(r.set.source(e))
		if seen[source] {
			return false
		}
		seen[source] = true
	}
	return true
}

// rank says how a row's source stands among those that may write a field, lower is better, and
// whether it may at all.
func (p *planner) rank(set *Set, row int32, f schemas.Field) (rank int, may bool) {
	source := &p.Inventory.Sources[set.source(row)]
	if source.Use.Stale {
		rank = len(p.Inventory.Sources) // behind every fresh one
	}
	order := p.policyOf(set).Precedence[f]
	if order == nil {
		return rank, true
	}
	i := slices.Index(order, source.Name)
	return rank + i, i >= 0
}

func (p *planner) policyOf(set *Set) *schemas.KindConfig {
	switch set {
	case &p.Inventory.Credentials:
		return &p.Policy.Credentials
	case &p.Inventory.Keys:
		return &p.Policy.Keys
	}
	if set == &p.Inventory.Infos {
		return &schemas.KindConfig{}
	}
	return &p.Policy.Devices
}

// restricted says whether a row has a value that its source may not write.
func (p *planner) restricted(set *Set, row int32) bool {
	for f := range p.policyOf(set).Precedence {
		if _, may := p.rank(set, row, f); !may && set.rows.get(row, f) != "" {
			return true
		}
	}
	return false
}
