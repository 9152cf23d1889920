package page

import (
	"slices"

	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
)

// planRows gives the rows of a plan in the order of a reader's worry: what waits for a person, what
// goes, what changes, what is new, and last what is left as it is.
func planRows(p *schemas.Plan) func(r *row, i int) {
	order := worry(p.Changes)
	return func(r *row, i int) {
		rejects := len(p.Holds)
		changes := rejects + len(p.Rejects)
		left := changes + len(order)
		switch {
		case i < rejects:
			r.hold(p, &p.Holds[i])
		case i < changes:
			r.reject(p, &p.Rejects[i-rejects])
		case i < left:
			r.change(p, &p.Changes[order[i-changes]])
		default:
			r.left(p, &p.Left[i-left])
		}
	}
}

// worry orders the changes: those that go, come back, change and are new, each by kind, and those
// of a kind or action that it has no words for last.
func worry(changes []schemas.Change) []int32 {
	actions := []schemas.Action{schemas.ActionInactivate, schemas.ActionReactivate, schemas.ActionUpdate, schemas.ActionCreate, schemas.ActionDrop, schemas.ActionRelease, schemas.ActionOpen}
	last := len(actions) * len(kinds())
	byRank := make([][]int32, last+1)
	for i := range changes {
		action, kind := slices.Index(actions, changes[i].Action), slices.Index(kinds(), changes[i].Kind)
		rank := last
		if action >= 0 && kind >= 0 {
			rank = action*len(kinds()) + kind
		}
		byRank[rank] = append(byRank[rank], int32(i))
	}
	return slices.Concat(byRank...)
}

func kinds() []schemas.Kind { return append(schemas.RowKinds(), schemas.KindSession) }

// letter is short for a kind; another build's kind stays as it is.
func letter(k schemas.Kind) string {
	switch k {
	case schemas.KindDevice:
		return "d"
	case schemas.KindCredential:
		return "c"
	case schemas.KindKey:
		return "k"
	case schemas.KindInfo:
		return "i"
	case schemas.KindSession:
		return "s"
	}
	return words.Plain(string(k))
}

func (r *row) change(p *schemas.Plan, c *schemas.Change) {
	r.sign, r.kind, r.key, r.id = sinks.Symbol(c.Action), letter(c.Kind), words.Plain(c.Key), words.Plain(c.VaultID)
	r.rule, r.cell = words.Plain(c.Reason.Rule), words.Plain(c.Reason.Cell)
	r.asked(p, c.Kind, c.Rows)
	r.takes(c.Cascade)
	if c.Action == schemas.ActionReactivate {
		r.run = words.Plain(c.Reason.Value)
	}
	if c.Action == schemas.ActionDrop {
		r.notes = append(r.notes, placed{note: noteOf("drop_reason", schemas.Pairs("reason", c.Reason.Value))})
	}
	secret := false
	for i := range c.Fields {
		f := &c.Fields[i]
		if f.Secret { // whatever else its record holds stays out of the page
			secret = true
			r.fields = append(r.fields, fieldText{name: words.Plain(f.Name()), secret: true})
			continue
		}
		r.fields = append(r.fields, fieldText{name: words.Plain(f.Name()), before: words.Plain(f.Before), after: words.Plain(f.After), cell: words.Plain(f.Cell)})
	}
	if c.Secret && !secret {
		r.fields = append(r.fields, fieldText{name: schemas.FieldContent.String(), secret: true})
	}
}

func (r *row) takes(items []schemas.Item) {
	for i := range items {
		item := &items[i]
		r.taken = append(r.taken, itemText{letter(item.Kind), words.Plain(item.Key), words.Plain(item.ID), words.Plain(item.Type), words.Plain(item.Identifier)})
	}
}

// asked takes input rows: the file, with its sheet behind a ! where it has one, and the row.
func (r *row) asked(p *schemas.Plan, kind schemas.Kind, refs []schemas.RowRef) {
	for _, ref := range refs {
		place := schemas.PlaceOf(p.Start.Sources, kind, ref)
		if place.Sheet != "" {
			place.Source += "!" + place.Sheet
		}
		r.rows = append(r.rows, rowText{words.Plain(place.Source), ref.Row})
	}
}

func (r *row) hold(p *schemas.Plan, h *schemas.Hold) {
	r.sign, r.kind, r.key, r.id = "!", letter(h.Kind), words.Plain(h.Key), words.Plain(h.VaultID)
	r.asked(p, h.Kind, h.Rows)
	r.takes(h.Candidates)
	r.notes = append(r.notes, placed{note: noteOf(h.Code, h.Args)})
}

func (r *row) reject(p *schemas.Plan, j *schemas.Reject) {
	r.sign, r.kind, r.key = "x", letter(j.Kind), words.Plain(j.Key)
	r.asked(p, j.Kind, []schemas.RowRef{j.Row})
	for _, problem := range j.Problems {
		r.notes = append(r.notes, problemOf(problem))
	}
}

func (r *row) left(p *schemas.Plan, l *schemas.Left) {
	r.sign, r.kind, r.key, r.id = ".", letter(l.Kind), words.Plain(l.Key), words.Plain(l.VaultID)
	r.asked(p, l.Kind, l.Rows)
	r.notes = append(r.notes, placed{note: leftNote(l)})
}
