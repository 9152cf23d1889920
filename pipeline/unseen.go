package pipeline

import (
	"cmp"
	"slices"

	"pamsync/schemas"
)

// warnUnlisted is the code of a record that an earlier run wrote and the vault does not list.
const warnUnlisted = "still_not_visible" // as warnUnseen gives it

// warnUnseen names, in every plan, the records that an earlier run wrote and the vault does not list
// to us: they stand for what was sent then, and nobody can say what they are now. It ends when one is
// listed, or a person decides to ignore it. Of one that is changed the result says it.
func (p *planner) warnUnseen() {
	var unseen []*schemas.Remembered
	for i := range p.Memory.list {
		if r := &p.Memory.list[i]; r.What == schemas.RememberNotVisible && (r.Kind == schemas.KindDevice || p.Snapshot.HasAccounts) {
			unseen = append(unseen, r)
		}
	}
	if len(unseen) == 0 {
		return
	}
	slices.SortFunc(unseen, func(a, b *schemas.Remembered) int {
		return cmp.Or(cmp.Compare(b.Kind, a.Kind), cmp.Compare(fold(a.Key), fold(b.Key)), cmp.Compare(a.ID, b.ID))
	})
	asking := map[*schemas.Remembered]*request{}
	for _, c := range p.devices {
		if c.hidden != nil {
			asking[c.hidden] = &c.request
		}
	}
	for _, c := range p.accounts {
		if c.hidden != nil {
			asking[c.hidden] = &c.request
		}
	}
	for _, r := range unseen {
		asks := asking[r]
		if d := p.decision(r.Kind, r.Key, ""); d != nil && d.Decision == "ignore" || asks != nil && asks.state == changed {
			continue
		}
		place := schemas.Place{}
		if asks != nil {
			place = p.place(asks.set, asks.entries[0], schemas.FieldHostname)
		}
		p.warn("still_not_visible", place, "kind", string(r.Kind), "key", r.Key, "id", r.ID, "run", r.Run)
	}
}

// unlisted makes an entry of each record that a plan warns of because the vault does not list it, and
// that no row asks for: it can be asked for by its name.
func unlisted(p *schemas.Plan) []entry {
	var all []entry
	for _, w := range p.Warnings {
		if w.Code == warnUnlisted && w.Place == (schemas.Place{}) {
			l := &schemas.Left{Kind: schemas.Kind(w.Args["kind"]), Key: w.Args["key"], VaultID: w.Args["id"], Code: w.Code, Args: w.Args}
			all = append(all, entry{kind: l.Kind, key: l.Key, id: l.VaultID, left: l})
		}
	}
	return all
}

// asUnseen says of a row without a change that its record is one which the vault does not list, where
// the plan warns of it: what stands in the vault nobody knows.
func asUnseen(x *schemas.Explanation) {
	i := slices.IndexFunc(x.Warned, func(w schemas.Said) bool { return w.Code == warnUnlisted })
	if i < 0 {
		return
	}
	id := x.Warned[i].Args["id"]
	x.VaultID, x.Match = id, &schemas.ExplainedMatch{Rule: "hidden", Key: x.Key, VaultID: id}
	x.Plan.Action, x.Result.Code = schemas.PlannedUnseen, warnUnlisted
	for i := range x.Fields {
		if x.Fields[i].Status == schemas.FieldSame {
			x.Fields[i].Status = schemas.FieldUnseen
		}
	}
}
