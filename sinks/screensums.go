package sinks

import (
	"strconv"
	"strings"
	"time"

	"pamsync/schemas"
	"pamsync/schemas/words"
)

func (s *Screen) sums(p *schemas.Plan, rps float64) {
	var total schemas.KindCounts
	for _, k := range p.Summary.Kinds {
		total.Create += k.Create
		total.Update += k.Update
		total.Reactivate += k.Reactivate
		total.Inactivate += k.Inactivate
	}
	rows := p.Summary.Rows
	s.line("")
	if len(p.Changes) == 0 && len(p.Holds) == 0 && len(p.Rejects) == 0 && p.Start.Bulk == "" {
		s.line("%s", s.say("no_changes"))
	}
	if bulk := p.Start.Bulk; bulk != "" {
		s.line("%s", s.say("bulk_line_"+string(bulk), "n", s.n(len(p.Changes)), "hold", s.n(len(p.Holds)), "reject", s.n(len(p.Rejects))))
	} else {
		s.planLine(p, total)
	}
	if text := CascadeLine(s.Lang, p); text != "" {
		s.line("%s", text)
	}
	s.line("%s", s.say("rows_line", "in", s.n(rows.In), "changed", s.n(rows.Changed), "unchanged", s.n(rows.Unchanged),
		"held", s.n(rows.Held), "rejected", s.n(rows.Rejected), "left", s.n(rows.LeftOut)))
	s.leftLines(p)
	s.limits(p)
	if len(p.Changes) > 0 && rps > 0 {
		d := time.Duration(float64(len(p.Changes)) / rps * float64(time.Second))
		s.line("%s", s.say("time_line", "calls", s.n(len(p.Changes)), "rps", Decimal(s.Lang, rps, -1), "time", d.Round(time.Second).String()))
	}
}

func (s *Screen) planLine(p *schemas.Plan, total schemas.KindCounts) {
	s.line("%s", s.say("plan_line", "create", s.n(total.Create), "update", s.n(total.Update), "reactivate", s.n(total.Reactivate),
		"inactivate", s.n(total.Inactivate), "hold", s.n(len(p.Holds)), "reject", s.n(len(p.Rejects)), "same", s.n(p.Summary.Rows.Unchanged)))
}

// CascadeLine says how many devices go, what goes along with them, and what goes by itself; ""
// where nothing goes.
func CascadeLine(lang words.Lang, p *schemas.Plan) string {
	dragged, devices, own := 0, 0, 0
	for _, k := range p.Summary.Kinds {
		dragged += k.Dragged
		switch k.Kind {
		case schemas.KindDevice:
			devices = k.Inactivate
		case schemas.KindCredential, schemas.KindKey:
			own += k.Inactivate
		}
	}
	if devices+own == 0 {
		return ""
	}
	return words.Text(lang, "cascade_line", "devices", Number(lang, devices), "dragged", Number(lang, dragged), "own", Number(lang, own))
}

// Counted is why words are asked for, where they follow a number of records left as they are.
const Counted = "counted"

func (s *Screen) leftLines(p *schemas.Plan) {
	missing := map[schemas.Kind]int{}
	other := map[string]int{}
	var order []string
	for i := range p.Left {
		l := &p.Left[i]
		if l.Code == "missing_reported" {
			missing[l.Kind]++
			continue
		}
		if other[l.Code] == 0 {
			order = append(order, l.Code)
		}
		other[l.Code]++
	}
	where := p.Summary.Rows.LeftOut
	for i := range p.Left {
		where -= len(p.Left[i].Rows)
	}
	if len(missing) > 0 {
		some := func(kind schemas.Kind) string {
			if missing[kind] == 0 {
				return ""
			}
			return s.n(missing[kind])
		}
		s.line("%s", s.say("missing_line", "devices", s.n(missing[schemas.KindDevice]), "credentials", s.n(missing[schemas.KindCredential]),
			"keys", some(schemas.KindKey), "infos", some(schemas.KindInfo)))
	}
	if len(order) > 0 || where > 0 {
		var parts []string
		if where > 0 {
			parts = append(parts, s.say("by_where", "n", s.n(where)))
		}
		for _, code := range order {
			parts = append(parts, s.n(other[code])+" "+words.Problem(s.Lang, code, schemas.Pairs("n", strconv.Itoa(other[code]), "why", Counted)))
		}
		s.line("%s", s.say("left_line", "parts", strings.Join(parts, "; ")))
	}
}

// limits shows the limits that something would be taken of.
func (s *Screen) limits(p *schemas.Plan) {
	headed := false
	for _, u := range p.Summary.Limits {
		if u.N == 0 {
			continue
		}
		if !headed {
			s.line("%s", s.say("limits"))
			headed = true
		}
		mark := ""
		if u.Stopped {
			mark = "  " + s.say("limit_stopped")
		}
		s.line("  %s%s", s.say("limit_line", "name", u.Name, "kind", string(u.Kind), "share", u.Share, "n", strconv.Itoa(u.N), "total", strconv.Itoa(u.Total), "limit", u.Limit.String()), mark)
	}
}

// Results shows how a run ended: the sums, and what went wrong, by code.
func (s *Screen) Results(results []schemas.Result, total schemas.Total, folder string) {
	if n := total.Changes; n.Done+n.Failed+n.Skipped+n.Unknown > 0 {
		s.line("%s", s.say("result_line", "done", s.n(total.Changes.Done), "failed", s.n(total.Changes.Failed),
			"skipped", s.n(total.Changes.Skipped), "unknown", s.n(total.Changes.Unknown)))
	}
	held, rejected := 0, 0
	for i := range results {
		switch results[i].Status {
		case schemas.StatusHeld:
			held++
		case schemas.StatusRejected:
			rejected++
		}
	}
	if held+rejected > 0 {
		s.line("%s", s.say("waiting_line", "held", s.n(held), "rejected", s.n(rejected)))
	}
	count := map[string]int{}
	var order []string
	first := map[string]*schemas.Result{}
	for i := range results {
		r := &results[i]
		if r.Code == "" || r.Status == schemas.StatusHeld || r.Status == schemas.StatusRejected {
			continue
		}
		if count[r.Code]++; count[r.Code] == 1 {
			order = append(order, r.Code)
			first[r.Code] = r
		}
	}
	for _, code := range order {
		r := first[code]
		what := words.Term(s.Lang, string(r.Kind)) + " " + words.Plain(r.Key) + ": " + Outcome(s.Lang, r)
		s.line("  %s", s.say("result_code", "n", s.n(count[code]), "code", code, "what", what))
		if hint := words.Hint(s.Lang, code, argsOf(r)); hint != "" {
			s.line("      %s: %s", s.say("hint"), hint)
		}
	}
	if folder != "" {
		s.line("%s", s.say("reports_line", "path", folder))
	}
}

// argsOf are the arguments of an outcome: the way on is that of the record that the line names.
func argsOf(r *schemas.Result) schemas.Args {
	if len(r.Problems) == 0 {
		return nil
	}
	return r.Problems[0].Args
}

// Outcome says how a change, hold or rejected row ended, in a language; files have it in English.
func Outcome(lang words.Lang, r *schemas.Result) string {
	if lang == words.English || len(r.Problems) == 0 {
		return words.Plain(r.Message)
	}
	var said []string
	for _, p := range r.Problems {
		said = append(said, words.Problem(lang, p.Code, p.Args))
	}
	return strings.Join(said, "; ")
}

// Remedy is the way on from an outcome, "" where there is none to say.
func Remedy(lang words.Lang, r *schemas.Result) string {
	var said []string
	for _, p := range r.Problems {
		if hint := words.Hint(lang, p.Code, p.Args); hint != "" {
			said = append(said, hint)
		}
	}
	return strings.Join(said, "; ")
}
