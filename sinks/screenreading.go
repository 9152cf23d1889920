package sinks

import (
	"time"

	"pamsync/schemas"
	"pamsync/schemas/words"
)

// Reading shows a plan that reads secrets: what it reads, what is held, rejected and left out, and the sums.
// rps estimates the time, 0 for none.
func (s *Screen) Reading(p *schemas.Plan, rps float64) {
	s.width = 0
	for i := range p.Changes {
		s.width = max(s.width, min(len([]rune(p.Changes[i].Key)), 40))
	}
	for i := range p.Changes {
		if i == shown && !s.All && len(p.Changes) > shown+1 {
			s.line("  %s %s", s.sign(schemas.ActionRead), s.say("more", "n", s.n(len(p.Changes)-i)))
			break
		}
		s.change(&p.Changes[i])
	}
	s.holds(p)
	s.rejects(p)
	s.left(p)
	s.line("")
	s.line("%s", s.say("reading_line", "n", s.n(len(p.Changes)), "hold", s.n(len(p.Holds)), "reject", s.n(len(p.Rejects))))
	if rows := p.Summary.Rows; rows.In > 0 {
		s.line("%s", s.say("rows_line", "in", s.n(rows.In), "changed", s.n(rows.Changed), "unchanged", s.n(rows.Unchanged),
			"held", s.n(rows.Held), "rejected", s.n(rows.Rejected), "left", s.n(rows.LeftOut)))
	}
	if len(p.Changes) > 0 && rps > 0 {
		d := time.Duration(float64(len(p.Changes)) / rps * float64(time.Second))
		s.line("%s", words.Text(s.Lang, "time_line", "calls", s.n(len(p.Changes)), "rps", Decimal(s.Lang, rps, -1), "time", d.Round(time.Second).String()))
	}
}
