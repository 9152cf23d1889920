package page

import (
	"slices"

	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
)

// row is one line of the page's list: a change, a hold, a rejected row, or what is left as it
// is. Its names are short because a page holds 100,000 of them.
type row struct {
	Sign     string     `json:"a"`           // of the action: + ~ ^ - ! x, and . for what is left as it is
	Kind     string     `json:"k"`           // d, c, k
	Key      string     `json:"n,omitempty"` // hostname, or user@hostname
	ID       string     `json:"i,omitempty"` // the vault's
	Rule     string     `json:"r,omitempty"`
	Cell     string     `json:"c,omitempty"`
	Run      string     `json:"v,omitempty"` // that inactivated what is reactivated
	Fields   [][]string `json:"f,omitempty"` // name, before, after, cell; only a name where a secret will be set
	Rows     [][2]any   `json:"s,omitempty"` // source, row
	Taken    [][]string `json:"d,omitempty"` // dragged along: kind, key, id, type, identifier; or a hold's candidates
	Notes    [][3]any   `json:"m,omitempty"` // note of the block, place, column
	Status   string     `json:"t,omitempty"`
	Attempts int        `json:"p,omitempty"`

	notes []placed
}

// letter is short for a kind; another build's kind stays as it is.
func letter(k schemas.Kind) string {
	switch k {
	case schemas.KindDevice:
		return "d"
	case schemas.KindCredential:
		return "c"
	case schemas.KindKey:
		return "k"
	}
	return words.Plain(string(k))
}

// planRows gives the rows in the order of a reader's worry: what waits for a person, what goes,
// what changes, what is new, and last what is left as it is.
func planRows(b *blocks, p *schemas.Plan) error {
	for i := range p.Holds {
		if err := b.add(holdRow(p, &p.Holds[i])); err != nil {
			return err
		}
	}
	for i := range p.Rejects {
		if err := b.add(rejectRow(p, &p.Rejects[i])); err != nil {
			return err
		}
	}
	if err := changeRows(b, p); err != nil {
		return err
	}
	for i := range p.Left {
		l := &p.Left[i]
		r := &row{Sign: ".", Kind: letter(l.Kind), Key: words.Plain(l.Key), ID: words.Plain(l.VaultID), Rows: rowRefs(p, l.Kind, l.Rows),
			notes: []placed{{note: leftNote(l)}}}
		if err := b.add(r); err != nil {
			return err
		}
	}
	return nil
}

// changeRows takes every change, those of a kind or action that it has no words for last.
func changeRows(b *blocks, p *schemas.Plan) error {
	rank := func(i int) int {
		action := slices.Index([]schemas.Action{schemas.ActionInactivate, schemas.ActionReactivate, schemas.ActionUpdate, schemas.ActionCreate}, p.Changes[i].Action)
		kind := slices.Index(kinds(), p.Changes[i].Kind)
		if action < 0 || kind < 0 {
			return len(kinds()) * 4
		}
		return action*len(kinds()) + kind
	}
	order := make([]int, len(p.Changes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return rank(i) - rank(j) })
	for _, i := range order {
		if err := b.add(changeRow(p, &p.Changes[i])); err != nil {
			return err
		}
	}
	return nil
}

func kinds() []schemas.Kind {
	return []schemas.Kind{schemas.KindDevice, schemas.KindCredential, schemas.KindKey}
}

func changeRow(p *schemas.Plan, c *schemas.Change) *row {
	r := &row{Sign: sinks.Symbol(c.Action), Kind: letter(c.Kind), Key: words.Plain(c.Key), ID: words.Plain(c.VaultID),
		Rule: words.Plain(c.Reason.Rule), Cell: words.Plain(c.Reason.Cell), Rows: rowRefs(p, c.Kind, c.Rows), Taken: itemTexts(c.Cascade)}
	if c.Action == schemas.ActionReactivate {
		r.Run = words.Plain(c.Reason.Value)
	}
	secret := false
	for i := range c.Fields {
		secret = secret || c.Fields[i].Secret != ""
		r.Fields = append(r.Fields, fieldTexts(&c.Fields[i]))
	}
	if c.Secret && !secret {
		r.Fields = append(r.Fields, []string{schemas.FieldContent.String()})
	}
	return r
}

// fieldTexts drops the empty texts at the end. A secret is its name alone: whatever else its
// record holds stays out of the page.
func fieldTexts(f *schemas.FieldChange) []string {
	if f.Secret != "" {
		return []string{words.Plain(f.Name)}
	}
	if f.Cell == "" {
		return []string{words.Plain(f.Name), words.Plain(f.Before), words.Plain(f.After)}
	}
	return []string{words.Plain(f.Name), words.Plain(f.Before), words.Plain(f.After), words.Plain(f.Cell)}
}

func itemTexts(items []schemas.Item) [][]string {
	var out [][]string
	for _, item := range items {
		out = append(out, []string{letter(item.Kind), words.Plain(item.Key), words.Plain(item.ID), words.Plain(item.Type), words.Plain(item.Identifier)})
	}
	return out
}

// rowRefs are input rows: the file, with its sheet behind a ! where it has one, and the row.
func rowRefs(p *schemas.Plan, kind schemas.Kind, refs []schemas.RowRef) [][2]any {
	var out [][2]any
	for _, ref := range refs {
		place := schemas.PlaceOf(p.Start.Sources, kind, ref)
		if place.Sheet != "" {
			place.Source += "!" + place.Sheet
		}
		out = append(out, [2]any{words.Plain(place.Source), ref.Row})
	}
	return out
}

func holdRow(p *schemas.Plan, h *schemas.Hold) *row {
	return &row{Sign: "!", Kind: letter(h.Kind), Key: words.Plain(h.Key), ID: words.Plain(h.VaultID), Rows: rowRefs(p, h.Kind, h.Rows),
		Taken: itemTexts(h.Candidates), notes: []placed{{note: noteOf(h.Code, h.Args)}}}
}

func rejectRow(p *schemas.Plan, r *schemas.Reject) *row {
	out := &row{Sign: "x", Kind: letter(r.Kind), Key: words.Plain(r.Key), Rows: rowRefs(p, r.Kind, []schemas.RowRef{r.Row})}
	for _, p := range r.Problems {
		out.notes = append(out.notes, problemOf(p))
	}
	return out
}
