package pipeline

import (
	"cmp"
	"slices"
	"strings"

	"pamsync/schemas"
)

// explainEntry explains one thing that the plan says, with those of its rows that were read.
func (s *Story) explainEntry(e *entry, rows []InputRow) schemas.Explanation {
	x := schemas.Explanation{Kind: e.kind, Key: e.key, VaultID: e.id}
	s.place(&x, e.kind, e.rows, rows)
	for _, r := range rows {
		x.Cells = append(x.Cells, r.Cells...)
	}
	x.Warned = s.warnings(&x)
	switch {
	case e.item != nil:
		s.explainItem(&x, e)
	case e.change != nil:
		s.explainChange(&x, e.change, rows)
	case e.hold != nil:
		s.explainHold(&x, e.hold, rows)
	case e.reject != nil:
		s.explainReject(&x, e.reject)
	default:
		s.explainLeft(&x, e.left)
	}
	return x
}

// warnings are those of the plan that are about the rows of an explanation.
func (s *Story) warnings(x *schemas.Explanation) []schemas.Said {
	rows := x.Rows
	if len(rows) == 0 && x.Row != nil {
		rows = []schemas.Place{*x.Row}
	}
	var warned []schemas.Said
	for _, w := range s.Plan.Warnings {
		if slices.ContainsFunc(rows, w.Place.SameRow) {
			warned = append(warned, said(w))
		}
	}
	return warned
}

func (s *Story) explainChange(x *schemas.Explanation, c *schemas.Change, rows []InputRow) {
	switch {
	case c.VaultID != "" && c.Reason.Rule != schemas.RuleMissing:
		x.Match = &schemas.ExplainedMatch{Rule: c.Match, Key: c.Key, VaultID: c.VaultID}
	case c.Action == schemas.ActionCreate:
		x.Match = &schemas.ExplainedMatch{Rule: "none"}
	}
	x.Fields = withheld(s.fieldsOfChange(c, rows))
	x.Guards = append(s.limitsOf(c), s.stops()...)
	x.Plan = schemas.ExplainedPlan{Action: string(c.Action), Change: c.ID, Rule: c.Reason.Rule, Branch: c.Branch, Cascade: c.Cascade, Secret: c.Secret}
	if c.Reason.Rule == schemas.RuleMissing {
		x.Plan.Policy = s.missing(c.Kind)
	}
	s.explainRun(x, c)
}

// missing is what the plan was told to do with a record of a kind that the inventory lacks.
func (s *Story) missing(kind schemas.Kind) string {
	p := s.Plan.Start.Policy
	switch {
	case p == nil:
		return ""
	case kind == schemas.KindDevice:
		return string(p.Devices)
	case kind == schemas.KindKey:
		return string(p.Keys)
	case kind == schemas.KindInfo:
		return string(p.Infos)
	}
	return string(p.Credentials)
}

// explainItem explains a record that goes because its device does.
func (s *Story) explainItem(x *schemas.Explanation, e *entry) {
	c := e.change
	x.Plan = schemas.ExplainedPlan{Action: schemas.PlannedGoes, Change: c.ID, Rule: c.Reason.Rule, Device: c.Key}
	if c.Reason.Rule == schemas.RuleMissing {
		x.Plan.Policy = s.missing(c.Kind)
	}
	x.Guards = append(s.limitsOf(c), s.stops()...)
	s.explainRun(x, c)
}

func (s *Story) explainHold(x *schemas.Explanation, h *schemas.Hold, rows []InputRow) {
	if h.VaultID != "" && h.Code != "id_mismatch" || len(h.Candidates) > 0 {
		x.Match = &schemas.ExplainedMatch{Key: h.Key, VaultID: h.VaultID, Candidates: h.Candidates}
	}
	x.Guards = s.stops()
	p := schemas.Problem{Code: h.Code, Args: h.Args}
	x.Plan = schemas.ExplainedPlan{Action: string(schemas.ActionHold), Said: []schemas.Said{said(p)}, Decide: decides(h)}
	x.Result = schemas.ExplainedResult{Status: string(schemas.StatusHeld), Code: h.Code}
}

// decides are the lines of the decisions' file that would decide a hold.
func decides(h *schemas.Hold) []string {
	renamed, old := h.Args["new"], h.Key
	if h.Code == "name_taken_over" {
		old = h.Args["old"]
	}
	if renamed == "" || h.Code != "looks_renamed" && h.Code != "rename_back" && h.Code != "name_taken_over" {
		return []string{DecisionLine(h.Kind, h.Key, "ignore", "")}
	}
	var lines []string
	for _, decision := range []string{"rename", "new", "ignore"} {
		lines = append(lines, DecisionLine(h.Kind, old, decision, renamed))
	}
	return lines
}

func (s *Story) explainReject(x *schemas.Explanation, r *schemas.Reject) {
	x.Guards = s.stops()
	x.Plan.Action = string(schemas.ActionReject)
	x.Result.Status = string(schemas.StatusRejected)
	for _, p := range r.Problems {
		x.Plan.Said = append(x.Plan.Said, said(p))
		x.Result.Code = cmp.Or(x.Result.Code, p.Code)
	}
}

func (s *Story) explainLeft(x *schemas.Explanation, l *schemas.Left) {
	x.Guards = s.stops()
	x.Plan = schemas.ExplainedPlan{Action: schemas.PlannedLeft, Said: []schemas.Said{said(schemas.Problem{Code: l.Code, Args: l.Args})}}
	if len(l.Rows) == 0 && l.Code != "out_of_scope" {
		x.Plan.Policy = s.missing(l.Kind)
	}
	x.Result = schemas.ExplainedResult{Status: schemas.PlannedLeft, Code: l.Code}
}

// limitsOf are the limits that a change counts into, with their use by the whole plan.
func (s *Story) limitsOf(c *schemas.Change) []schemas.ExplainedGuard {
	var guards []schemas.ExplainedGuard
	for i := range s.Plan.Summary.Limits {
		u := &s.Plan.Summary.Limits[i]
		counts := u.Name == string(c.Action) && u.Kind == c.Kind
		if u.Name == "cascade" && c.Action == schemas.ActionInactivate {
			counts = c.Kind.Account() || len(c.Cascade) > 0
		}
		if counts && shareHas(u.Share, c) {
			guards = append(guards, schemas.ExplainedGuard{Limit: u})
		}
	}
	return guards
}

// shareHas says whether a change is one of the part of the estate that a limit is about.
func shareHas(share string, c *schemas.Change) bool {
	name, value, ok := strings.Cut(share, " ")
	if !ok {
		return true
	}
	f, ok := schemas.ParseField(name)
	if ok && same(f, c.Send.Get(f), value) {
		return true
	}
	return slices.ContainsFunc(c.Fields, func(fc schemas.FieldChange) bool {
		return fc.Name() == name && (same(f, fc.Before, value) || same(f, fc.After, value))
	})
}

// stops are what stops the plan, and with it everything in it.
func (s *Story) stops() []schemas.ExplainedGuard {
	var guards []schemas.ExplainedGuard
	for _, p := range s.Plan.Summary.Stop {
		stop := said(p)
		guards = append(guards, schemas.ExplainedGuard{Stop: &stop})
	}
	return guards
}
