package sinks

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"pamsync/schemas"
	"pamsync/schemas/words"
)

// Explain shows explanations, one below the other.
func (s *Screen) Explain(all []schemas.Explanation) {
	for i := range all {
		if i > 0 {
			s.line("")
		}
		x := &explained{Screen: s, x: &all[i], label: s.labels("explain_record", "explain_row", "explain_cells", "explain_matched", "explain_differs", "explain_fields", "explain_warned",
			"explain_guard", "explain_planned", "explain_request", "explain_answer", "explain_back", "explain_live", "explain_result")}
		x.show()
	}
}

// explained is one explanation on its way to the screen.
type explained struct {
	*Screen
	x     *schemas.Explanation
	label func(key string, blank bool) string
}

func (s *explained) show() {
	s.head()
	s.cells()
	s.matched()
	s.fields()
	s.guards()
	s.planned()
	s.calls()
	s.live()
	s.result()
}

// lines are said behind one label.
func (s *explained) lines(key string, lines ...string) {
	for i, line := range lines {
		s.line("%s", strings.TrimRight(s.label(key, i > 0)+line, " "))
	}
}

func (s *explained) head() {
	x := s.x
	if x.Key != "" {
		s.lines("explain_record", s.record(words.Term(s.Lang, string(x.Kind))+" "+words.Short(x.Key), x.VaultID))
	}
	rows := x.Rows
	if len(rows) == 0 && x.Row != nil {
		rows = []schemas.Place{*x.Row}
	}
	var lines []string
	for _, r := range rows {
		lines = append(lines, words.Plain(r.String()))
	}
	s.lines("explain_row", lines...)
}

func (s *explained) record(name, id string) string {
	if id == "" {
		return name
	}
	return name + " (id " + words.Plain(id) + ")"
}

// table lines up its columns, each as wide as its widest text up to a sensible width.
func table(rows [][]string) []string {
	const most = 40
	var width []int
	for _, row := range rows {
		for i, text := range row {
			if i == len(width) {
				width = append(width, 0)
			}
			width[i] = max(width[i], min(utf8.RuneCountInString(text), most))
		}
	}
	lines := make([]string, len(rows))
	for n, row := range rows {
		var b strings.Builder
		for i, text := range row {
			b.WriteString(text)
			if i < len(row)-1 {
				b.WriteString(strings.Repeat(" ", max(width[i]-utf8.RuneCountInString(text), 0)+2))
			}
		}
		lines[n] = strings.TrimRight(b.String(), " ")
	}
	return lines
}

func (s *explained) cells() {
	var rows [][]string
	for i := range s.x.Cells {
		rows = append(rows, s.cell(&s.x.Cells[i]))
	}
	lines := table(rows)
	for _, u := range s.x.Unread {
		lines = append(lines, words.Problem(s.Lang, "explain_unread", schemas.Pairs("why", u.Code)))
	}
	s.lines("explain_cells", lines...)
}

// cell is where a cell stands, its column, what is in it, and what became of it.
func (s *explained) cell(c *schemas.ExplainedCell) []string {
	at, column := words.Plain(c.Place.String()), words.Plain(c.Place.Column)
	if c.Withheld != "" {
		why := s.say("explain_withheld_" + c.Withheld)
		if c.Field != "" {
			why += "  → " + c.Field
		}
		return []string{at, column, why}
	}
	var notes []string
	for _, n := range c.Notes {
		notes = append(notes, s.say("explain_note_"+n))
	}
	row := []string{at, column, quoted(c.Text), "→ " + c.Field, words.Short(c.Value)}
	if len(notes) > 0 {
		row = append(row, "("+strings.Join(notes, "; ")+")")
	}
	return row
}

// quoted shows a text from outside with its ends, "" for none.
func quoted(text string) string {
	if text == "" {
		return ""
	}
	const most = 80
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return `"` + words.Plain(text) + `"`
}

func (s *explained) matched() {
	m := s.x.Match
	if m == nil {
		return
	}
	var lines []string
	switch {
	case m.Rule == "none":
		lines = append(lines, s.say("explain_match_none", "kind", string(s.x.Kind)))
	case m.Rule != "":
		lines = append(lines, s.record(words.Short(m.Key), m.VaultID)+" "+s.say("explain_match_"+m.Rule))
	case m.VaultID != "":
		lines = append(lines, s.record(words.Short(m.Key), m.VaultID))
	}
	for _, item := range m.Candidates {
		lines = append(lines, "· "+s.record(words.Short(item.Key), item.ID))
	}
	s.lines("explain_matched", lines...)
}

func (s *explained) fields() {
	key := "explain_fields"
	var rows [][]string
	for i := range s.x.Fields {
		f := &s.x.Fields[i]
		if f.Status == schemas.FieldDiffers {
			key = "explain_differs"
		}
		rows = append(rows, []string{f.Name, s.field(f)})
	}
	s.lines(key, table(rows)...)
	s.lines("explain_warned", s.problems("", s.x.Warned)...)
}

// field is what became of a field; the words of each status know the value before and after.
func (s *explained) field(f *schemas.ExplainedField) string {
	before, after := words.Short(f.Before), words.Short(f.After)
	if f.Status == schemas.FieldDiffers {
		return strings.TrimLeft(before+" → "+after, " ")
	}
	return s.say("explain_field_"+f.Status, "before", before, "after", after)
}

func (s *explained) guards() {
	var lines []string
	for _, g := range s.x.Guards {
		if g.Stop != nil {
			lines = append(lines, s.problems(schemas.ActionHold, []schemas.Said{*g.Stop})...)
			continue
		}
		u := g.Limit
		verdict := s.say("explain_within")
		if u.Stopped {
			verdict = s.say("limit_stopped")
		}
		lines = append(lines, s.say("explain_limit", "name", u.Name, "kind", string(u.Kind), "share", u.Share, "n", s.n(u.N), "total", s.n(u.Total), "limit", u.Limit.String(), "verdict", verdict))
	}
	s.lines("explain_guard", lines...)
}

// problems are what is said of a hold or reject, each with the way on below it.
func (s *explained) problems(sign schemas.Action, all []schemas.Said) []string {
	var lines []string
	for _, p := range all {
		at := ""
		if place := p.Place.String(); place != "" {
			at = words.Plain(place) + ": "
		}
		lead := ""
		if sign != "" {
			lead = s.sign(sign) + " "
		}
		code := ""
		if !strings.HasPrefix(p.Code, "explain_") {
			code = " [" + words.Plain(p.Code) + "]"
		}
		lines = append(lines, lead+at+words.Problem(s.Lang, p.Code, p.Args)+code)
		if hint := words.Hint(s.Lang, p.Code, p.Args); hint != "" {
			lines = append(lines, "  "+s.say("hint")+": "+hint)
		}
	}
	return lines
}

func (s *explained) planned() {
	p := &s.x.Plan
	var lines []string
	switch p.Action {
	case schemas.PlannedNothing, schemas.PlannedUnseen, schemas.PlannedUnknown:
		lines = append(lines, s.say("explain_"+p.Action))
	case schemas.PlannedGoes:
		lines = append(lines, s.sign(schemas.ActionInactivate)+" "+s.say("explain_goes_along", "device", p.Device, "change", p.Change))
	case schemas.PlannedLeft:
		lines = append(lines, append([]string{"= " + s.say("explain_left_out")}, s.problems("", p.Said)...)...)
	case string(schemas.ActionHold), string(schemas.ActionReject):
		lines = append(lines, s.problems(schemas.Action(p.Action), p.Said)...)
	default:
		lines = append(lines, s.sign(schemas.Action(p.Action))+" "+s.say("explain_do_"+p.Action, "key", s.x.Key, "change", p.Change))
	}
	s.lines("explain_planned", append(lines, s.reasons(p)...)...)
}

// reasons are why something is planned, what hangs on it, and what would decide it.
func (s *explained) reasons(p *schemas.ExplainedPlan) []string {
	var lines []string
	if p.Rule != "" {
		why := ""
		if s.x.Row == nil && p.Rule == schemas.RuleAsked {
			why = "chosen"
		}
		lines = append(lines, "  "+s.say("explain_rule_"+p.Rule, "policy", p.Policy, "why", why))
	} else if p.Policy != "" {
		lines = append(lines, "  "+s.say("explain_policy", "policy", p.Policy))
	}
	if p.Branch != "" {
		lines = append(lines, "  "+s.say("explain_branch_"+p.Branch))
	}
	if len(p.Cascade) > 0 {
		lines = append(lines, "  "+s.say("takes", "n", s.n(len(p.Cascade)), "names", s.items(p.Cascade)))
	}
	for i, line := range p.Decide {
		text := s.say("explain_decide", "line", line)
		if i > 0 {
			text = s.say("explain_decide_or", "line", line)
		}
		lines = append(lines, "  "+text)
	}
	return lines
}

func (s *explained) items(all []schemas.Item) string {
	var names []string
	for _, item := range all {
		names = append(names, words.Short(item.Key)+" ("+words.Term(s.Lang, string(item.Kind))+" "+words.Plain(item.ID)+")")
	}
	return strings.Join(names, ", ")
}

func (s *explained) calls() {
	for i := range s.x.Calls {
		c := &s.x.Calls[i]
		s.lines("explain_request", s.say("explain_call", "request", c.Request, "step", strconv.Itoa(c.Step), "at", atUTC(c.At)))
		s.lines("explain_answer", s.answer(c)...)
	}
	var rows [][]string
	for i := range s.x.Back {
		rows = append(rows, []string{s.x.Back[i].Name, s.field(&s.x.Back[i])})
	}
	s.lines("explain_back", table(rows)...)
}

func (s *explained) answer(c *schemas.ExplainedCall) []string {
	if c.Effect == "" {
		return []string{s.say("explain_no_answer")}
	}
	text := s.say("explain_effect_" + string(c.Effect))
	if c.HTTP > 0 {
		text = fmt.Sprintf("%d; %s", c.HTTP, text)
	}
	if c.Attempts > 1 {
		text += "; " + s.say("explain_attempts", "n", s.n(c.Attempts))
	}
	lines := []string{text}
	if c.Said != nil {
		lines = append(lines, s.problems("", []schemas.Said{*c.Said})...)
	}
	return lines
}

// atUTC is a journal's time for a person, to the second.
func atUTC(at string) string {
	t, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return at
	}
	return t.UTC().Format("2006-01-02 15:04:05") + " UTC"
}

func (s *explained) result() {
	r := &s.x.Result
	lines := []string{s.say("explain_result_" + r.Status)}
	s.lines("explain_result", append(lines, s.problems("", r.Said)...)...)
}
