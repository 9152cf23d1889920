package pipeline

import (
	"strings"

	"pamsync/schemas"
)

// reject rejects every row of a request, each for what is wrong in its own cells; a row in which
// nothing is wrong points to the one that has it.
func (p *planner) reject(kind schemas.Kind, r *request, key string, problems []schemas.Problem) {
	p.settle(kind, r, rejected)
	for i, ref := range p.refs(r) {
		at := p.place(r.set, r.entries[i], schemas.FieldID)
		var mine []schemas.Problem
		for _, problem := range problems {
			if len(r.entries) == 1 || problem.Place.SameRow(at) {
				mine = append(mine, problem)
			}
		}
		if mine == nil {
			mine = []schemas.Problem{{Code: "rejected_with", Place: at, Args: schemas.Pairs("key", key, "at", problems[0].Place.String())}}
		}
		p.plan.Rejects = append(p.plan.Rejects, schemas.Reject{Kind: kind, Key: key, Row: ref, Problems: mine})
	}
}

// nothingThere rejects rows that ask for a record that is there where none is.
func (p *planner) nothingThere(r *request) []schemas.Problem {
	var problems []schemas.Problem
	for _, e := range r.entries {
		if !r.set.updates[e] {
			return nil
		}
		problems = append(problems, schemas.Problem{Code: "update_of_nothing", Place: p.place(r.set, e, schemas.FieldHostname), Args: schemas.Pairs("field", "hostname")})
	}
	return problems
}

// needs are the problems of rows that lack what a create needs.
func (p *planner) needs(r *request, missing []schemas.Field) []schemas.Problem {
	var problems []schemas.Problem
	for _, e := range r.entries {
		for _, f := range missing {
			args := schemas.Pairs("field", f.String(), "defaults", defaultsHint(f), "key", r.get(schemas.FieldHostname))
			if value := r.set.rows.get(e, f); value != "" { // there it is, and its source may not write it
				args = schemas.Pairs("why", "not_its_field", "field", f.String(), "value", value, "key", r.get(schemas.FieldHostname),
					"may", strings.Join(p.policyOf(r.set).Precedence[f], ", "))
			}
			problems = append(problems, schemas.Problem{Code: "create_needs", Place: p.place(r.set, e, f), Args: args})
		}
	}
	return problems
}

// defaultsHint offers a default for the fields that many devices share.
func defaultsHint(f schemas.Field) string {
	switch f {
	case schemas.FieldSite, schemas.FieldModel, schemas.FieldVendor, schemas.FieldType:
		return "defaults: {" + f.String() + ": …}"
	}
	return ""
}
