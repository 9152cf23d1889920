package pipeline

import (
	"slices"

	"pamsync/schemas"
)

// Failed are the input rows and the records of a run's changes that failed, or of which nobody knows:
// what a retry is about.
type Failed struct {
	rows    map[InputRef]bool
	records map[aboutKey]bool // of changes that no row asked for
	secrets bool
}

// FailedOf tells what of a run a retry is about.
func FailedOf(plan *schemas.Plan, past *Past) *Failed {
	f := &Failed{rows: map[InputRef]bool{}, records: map[aboutKey]bool{}}
	for i, r := range Replay(plan, past)[:len(plan.Changes)] {
		if r.Status != schemas.StatusFailed && r.Status != schemas.StatusUnknown {
			continue
		}
		c := &plan.Changes[i]
		f.secrets = f.secrets || c.Secret
		for _, ref := range c.Rows {
			f.rows[InputRef{c.Kind, ref}] = true
		}
		if len(c.Rows) == 0 {
			f.records[aboutKey{c.Kind, fold(c.Key)}] = true
		}
	}
	return f
}

// Empty says whether there is nothing to try again.
func (f *Failed) Empty() bool { return len(f.rows)+len(f.records) == 0 }

// Secrets says whether any of it was to send a password.
func (f *Failed) Secrets() bool { return f.secrets }

// From says whether a source has rows that are tried again.
func (f *Failed) From(s *schemas.SourceUse) bool {
	for key := range f.rows {
		if key.Ref.Source == s.Path && key.Kind == s.Kind {
			return true
		}
	}
	return false
}

// warned says whether a warning is about the whole, or about rows and values that are tried again.
func (f *Failed) warned(again *schemas.Plan, w *schemas.Problem) bool {
	if w.Code == "value_new" {
		return slices.ContainsFunc(again.Changes, func(c schemas.Change) bool {
			field, ok := schemas.ParseField(w.Args["field"])
			return ok && c.Send.Get(field) == w.Args["value"]
		})
	}
	if w.Place.Row == 0 {
		return true
	}
	source := w.Place.Source
	if w.Place.Sheet != "" {
		source += "!" + w.Place.Sheet
	}
	ref := schemas.RowRef{Source: source, Row: w.Place.Row}
	return slices.ContainsFunc(schemas.RowKinds(), func(kind schemas.Kind) bool { return f.rows[InputRef{kind, ref}] })
}

func (f *Failed) has(kind schemas.Kind, key string, rows []schemas.RowRef) bool {
	if len(rows) == 0 {
		return f.records[aboutKey{kind, fold(key)}]
	}
	return slices.ContainsFunc(rows, func(ref schemas.RowRef) bool { return f.rows[InputRef{kind, ref}] })
}

// Again leaves of a plan of the whole inventory what is about the failures of a former run. The
// limits count what is left; a doubt about the whole stops it only where something would still go.
func Again(plan *schemas.Plan, f *Failed, in Input) *schemas.Plan {
	p := newPlanner(in)
	p.plan = &schemas.Plan{Start: plan.Start}
	placed := p.rows
	count := func(kind schemas.Kind, rows []schemas.RowRef, add func(*schemas.RowCounts)) {
		for range rows {
			add(placed[kind])
		}
	}
	goes := false
	for i := range plan.Changes {
		if c := &plan.Changes[i]; f.has(c.Kind, c.Key, c.Rows) {
			p.plan.Changes = append(p.plan.Changes, *c)
			goes = goes || c.Action == schemas.ActionInactivate
			count(c.Kind, c.Rows, func(n *schemas.RowCounts) { n.Changed++ })
		}
	}
	for _, h := range plan.Holds {
		if f.has(h.Kind, h.Key, h.Rows) {
			p.plan.Holds = append(p.plan.Holds, h)
			count(h.Kind, h.Rows, func(n *schemas.RowCounts) { n.Held++ })
		}
	}
	for _, r := range plan.Rejects {
		if rows := []schemas.RowRef{r.Row}; f.has(r.Kind, r.Key, rows) {
			p.plan.Rejects = append(p.plan.Rejects, r)
			count(r.Kind, rows, func(n *schemas.RowCounts) { n.Rejected++ })
		}
	}
	for _, l := range plan.Left {
		if f.has(l.Kind, l.Key, l.Rows) {
			p.plan.Left = append(p.plan.Left, l)
			count(l.Kind, l.Rows, func(n *schemas.RowCounts) { n.LeftOut++ })
		}
	}
	for i := range plan.Warnings {
		if f.warned(p.plan, &plan.Warnings[i]) {
			p.plan.Warnings = append(p.plan.Warnings, plan.Warnings[i])
		}
	}
	f.countRest(plan, placed)
	for _, stop := range plan.Summary.Stop {
		if goes && !isLimit(plan, &stop) {
			p.plan.Summary.Stop = append(p.plan.Summary.Stop, stop)
		}
	}
	p.checkLimits()
	p.summarise()
	return p.plan
}

// countRest accounts for the rows of which the new plan says nothing: they ask for nothing any more.
func (f *Failed) countRest(plan *schemas.Plan, placed map[schemas.Kind]*schemas.RowCounts) {
	said := map[InputRef]bool{}
	note := func(kind schemas.Kind, rows []schemas.RowRef) {
		for _, ref := range rows {
			said[InputRef{kind, ref}] = true
		}
	}
	for i := range plan.Changes {
		note(plan.Changes[i].Kind, plan.Changes[i].Rows)
	}
	for i := range plan.Holds {
		note(plan.Holds[i].Kind, plan.Holds[i].Rows)
	}
	for i := range plan.Rejects {
		note(plan.Rejects[i].Kind, []schemas.RowRef{plan.Rejects[i].Row})
	}
	for i := range plan.Left {
		note(plan.Left[i].Kind, plan.Left[i].Rows)
	}
	for key := range f.rows {
		if !said[key] {
			placed[key.Kind].Unchanged++
		}
	}
	for _, n := range placed {
		n.In = n.Changed + n.Unchanged + n.Held + n.Rejected + n.LeftOut
	}
}

// isLimit tells the stops of limits, which are counted anew, from those of guards.
func isLimit(plan *schemas.Plan, stop *schemas.Problem) bool {
	return slices.ContainsFunc(plan.Summary.Limits, func(u schemas.LimitUse) bool {
		return u.Stopped && (stop.Code == "limit_"+u.Name || stop.Code == "share_"+u.Name)
	})
}
