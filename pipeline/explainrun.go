package pipeline

import (
	"cmp"

	"pamsync/schemas"
)

// Trail is what a journal says of each change, call by call; Past is where that has led to.
type Trail struct {
	Run   string
	Past  Past
	calls map[string][]schemas.ExplainedCall
	// Applied tells a journal from a plan that was made in a run and never applied.
	Applied bool
}

// Take reads one record of the journal, in order.
func (t *Trail) Take(rec schemas.Record) {
	t.Past.Take(rec)
	t.Applied = true
	if t.calls == nil {
		t.calls = map[string][]schemas.ExplainedCall{}
	}
	switch {
	case rec.Intent != nil:
		i := rec.Intent
		t.calls[i.Change] = append(t.calls[i.Change], schemas.ExplainedCall{Step: i.Step, Verb: i.Verb, Kind: i.Kind, ID: i.ID, At: i.At})
	case rec.Outcome != nil:
		t.answer(rec.Outcome)
	}
}

// answer adds to a call what is known after it; how the list settled it later is the result.
func (t *Trail) answer(o *schemas.Outcome) {
	calls := t.calls[o.Change]
	if len(calls) == 0 {
		return
	}
	last := &calls[len(calls)-1]
	if last.Effect != "" || last.Step != o.Step || o.Effect == "" {
		return
	}
	last.Effect, last.HTTP, last.Attempts = o.Effect, o.HTTP, o.Attempts
	if o.Code != "" {
		words := said(schemas.Problem{Code: o.Code, Args: o.Args})
		last.Said = &words
	}
}

// explainRun adds how a change ended: its calls, what the read-back saw, and its status.
func (s *Story) explainRun(x *schemas.Explanation, c *schemas.Change) {
	if s.Trail != nil {
		x.Run = s.Trail.Run
	}
	if s.Trail == nil || !s.Trail.Applied {
		x.Result.Status = "planned"
		if !s.Plan.Applicable() {
			x.Result.Status = "stopped"
		}
		return
	}
	x.Calls = s.Trail.calls[c.ID]
	res := resultOf(c, &s.Trail.Past)
	x.Result = schemas.ExplainedResult{Status: string(res.Status), Code: res.Code}
	for _, p := range res.Problems {
		x.Result.Said = append(x.Result.Said, said(p))
	}
	x.VaultID = cmp.Or(x.VaultID, res.VaultID)
	if res.Status == schemas.StatusDone && s.Trail.Past.Finish != nil {
		x.Back = s.readBack(c)
	}
}

// readBack is what the lists showed of a change after it was done.
func (s *Story) readBack(c *schemas.Change) []schemas.ExplainedField {
	var back []schemas.ExplainedField
	kept := map[string]bool{}
	for _, f := range s.Trail.Past.findings[c.ID] {
		if f.Code != findingNotKept {
			return nil // the result says it
		}
		kept[f.Field] = true
		back = append(back, schemas.ExplainedField{Name: f.Field, Status: schemas.FieldKept, Before: f.Sent, After: f.Kept})
	}
	if c.Action == schemas.ActionInactivate || c.Kind == schemas.KindInfo { // no list shows them
		return nil
	}
	for _, fc := range c.Fields {
		f := fc.Field
		if f.Listed() && !kept[fc.Name()] && fc.After != "" && (c.Kind == schemas.KindDevice || f != schemas.FieldIP) {
			back = append(back, schemas.ExplainedField{Name: fc.Name(), Status: schemas.FieldReadBack, After: fc.After})
		}
	}
	return back
}
