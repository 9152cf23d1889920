package pipeline

import (
	"slices"

	"pamsync/schemas"
)

// explainSilent explains a row of which the plan says nothing: where leaves it out, or the record
// that it means has its values.
func (s *Story) explainSilent(r *InputRow) schemas.Explanation {
	x := schemas.Explanation{Kind: r.Kind, Key: RowName(r.Kind, &r.Values), Cells: r.Cells}
	s.place(&x, r.Kind, []schemas.RowRef{r.Ref}, []InputRow{*r})
	if r.LeftOut {
		x.Plan = schemas.ExplainedPlan{Action: schemas.PlannedLeft, Said: []schemas.Said{said(schemas.Problem{Code: "explain_where", Args: schemas.Pairs("where", r.Where)})}}
		x.Result = schemas.ExplainedResult{Status: schemas.PlannedLeft, Code: "explain_where"}
		return x
	}
	x.Warned = s.warnings(&x)
	x.Match = s.matchSilent(&x, r)
	x.Key, x.VaultID = x.Match.Key, x.Match.VaultID
	x.Fields = withheld(s.fieldsAsTheyAre(r, x.Warned))
	x.Plan.Action = schemas.PlannedNothing
	x.Result.Status = schemas.PlannedNothing
	asUnseen(&x)
	return x
}

// matchSilent is the record of a row that asks for nothing: what it was found by stands in the plan
// only where that is not its name.
func (s *Story) matchSilent(x *schemas.Explanation, r *InputRow) *schemas.ExplainedMatch {
	m := &schemas.ExplainedMatch{Rule: string(schemas.RuleHostname), Key: x.Key}
	switch {
	case r.Kind == schemas.KindInfo:
		m.Rule = matchSent
	case r.Kind == schemas.KindKey && r.Values[schemas.FieldIdentifier] != "":
		m.Rule = matchKey
	case r.Kind.Account():
		m.Rule = string(schemas.RuleUsername)
	}
	if id := r.Values[schemas.FieldID]; id != "" && slices.Contains(s.policy(r.Kind).Identify, schemas.RuleID) {
		m.Rule, m.VaultID = string(schemas.RuleID), id
	}
	for _, w := range x.Warned {
		if w.Code == warnByAddress {
			m.Rule, m.Key, m.VaultID = string(schemas.RuleIP), w.Args["key"], w.Args["id"]
		}
	}
	return m
}

// Silent explains a row of a plan that says nothing of it, where its source cannot be read again.
func (s *Story) Silent(kind schemas.Kind, ref schemas.RowRef) schemas.Explanation {
	x := schemas.Explanation{Kind: kind}
	s.place(&x, kind, []schemas.RowRef{ref}, nil)
	x.Plan.Action, x.Result.Status = schemas.PlannedUnknown, schemas.PlannedUnknown
	return x
}
