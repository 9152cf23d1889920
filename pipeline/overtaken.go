package pipeline

import (
	"slices"

	"pamsync/schemas"
)

// An absence is proven by the inventory of one day. A plan that is applied after another one was
// made and applied, whose inventory names the record again, or which held it back, has no proof
// any more: what it would take away is left as it is.

// unnamedRecord notes a listed record that the inventory does not name.
func (p *planner) unnamedRecord(kind schemas.Kind, id string) {
	if p.unnamed == nil {
		p.unnamed = map[schemas.Kind][]string{}
	}
	p.unnamed[kind] = append(p.unnamed[kind], id)
}

// tellUnnamed writes into the plan which listed records an older plan may still take: those that
// the inventory does not name, less those that were held, protected or decided about.
func (p *planner) tellUnnamed() {
	for _, kind := range []schemas.Kind{schemas.KindDevice, schemas.KindCredential, schemas.KindKey, schemas.KindInfo} {
		if !p.Inventory.Set(kind).Configured || kind.Account() && !p.Snapshot.HasAccounts {
			continue
		}
		var kept []string
		for i := range p.plan.Holds {
			if h := &p.plan.Holds[i]; h.Kind == kind {
				kept = append(kept, namedBy(kind, h.VaultID, h.Key))
			}
		}
		for i := range p.plan.Left {
			if l := &p.plan.Left[i]; l.Kind == kind && (l.Code == "protected" || l.Code == "decided_ignore") {
				kept = append(kept, namedBy(kind, l.VaultID, l.Key))
			}
		}
		ids := schemas.NewIDs(p.unnamed[kind])
		if len(kept) > 0 {
			ids = ids.Minus(schemas.NewIDs(kept))
		}
		p.plan.Summary.Unnamed = append(p.plan.Summary.Unnamed, schemas.Unnamed{Kind: kind, IDs: ids})
	}
}

// namedBy is what tells a record of a kind from others here: its id, but of protected information, whose id the
// vault need not tell, the identifier as it is compared.
func namedBy(kind schemas.Kind, id, key string) string {
	if kind == schemas.KindInfo {
		return fold(key)
	}
	return id
}

// Name takes in which records the inventory of a plan named that is being applied, however that
// ends: the inventory is what it is.
func (g *LastGood) Name(plan *schemas.Plan) {
	for _, u := range plan.Summary.Unnamed {
		g.named[u.Kind] = withNamed(g.named[u.Kind], &schemas.Named{Kind: u.Kind, Plan: plan.Start.Run, Last: true, IDs: u.IDs})
	}
}

// withNamed puts a plan among those before it, the latest first. No record stands in two: of
// each, only the latest plan that named it is of use.
func withNamed(list []*schemas.Named, n *schemas.Named) []*schemas.Named {
	if slices.ContainsFunc(list, func(o *schemas.Named) bool { return o.Plan == n.Plan }) {
		return list // applied once more
	}
	if len(list) == 0 {
		return []*schemas.Named{n}
	}
	last := list[0]
	if n.Plan > last.Plan {
		next := []*schemas.Named{n}
		last.Last, last.IDs = false, n.IDs.Minus(last.IDs) // it named them, and the new one does not
		for i, o := range list {
			if i > 0 {
				o.IDs = o.IDs.Minus(o.IDs.Minus(n.IDs))
			}
			if o.IDs.Len() > 0 {
				next = append(next, o)
			}
		}
		return next
	}
	n.Last, n.IDs = false, last.IDs.Minus(n.IDs)
	for _, o := range list[1:] {
		if o.Plan > n.Plan {
			n.IDs = n.IDs.Minus(o.IDs)
		} else {
			o.IDs = o.IDs.Minus(n.IDs)
		}
	}
	list = slices.DeleteFunc(append(list, n), func(o *schemas.Named) bool { return !o.Last && o.IDs.Len() == 0 })
	slices.SortFunc(list, func(a, b *schemas.Named) int {
		if a.Plan > b.Plan {
			return -1
		}
		return 1
	})
	return list
}

// namedSince is the plan made after another one that named a record, "" for none.
func (g *LastGood) namedSince(kind schemas.Kind, id, plan string) string {
	for _, n := range g.named[kind] {
		if n.Plan <= plan {
			break
		}
		if n.Last != n.IDs.Has(id) {
			return n.Plan
		}
	}
	return ""
}

// Overtaken is the plan, made after the one that a change is of and applied before it, that named
// the record which the change would take away; "" for none. A rename stands and falls with the
// device that it takes away.
func (g *LastGood) Overtaken(c *schemas.Change, plan string) string {
	switch {
	case g == nil || len(g.named) == 0:
		return ""
	case c.Old != "":
		return g.namedSince(schemas.KindDevice, c.Old, plan)
	case c.Action != schemas.ActionInactivate:
		return ""
	}
	if later := g.namedSince(c.Kind, namedBy(c.Kind, c.VaultID, c.Key), plan); later != "" {
		return later
	}
	for _, item := range c.Cascade {
		if later := g.namedSince(item.Kind, item.ID, plan); later != "" {
			return later
		}
	}
	return ""
}
