package sinks

import (
	"maps"

	"pamsync/schemas"
	"pamsync/schemas/words"
)

// few is how many are shown of what one cause can give in thousands.
const few = 10

// manyOf tells the warnings that a column, a second source or a narrow view of the vault gives for
// each of its rows.
func manyOf(code string) bool {
	return code == "value_new" || code == "source_overruled" || code == "found_by_address" || code == "still_not_visible"
}

// FewWarnings leaves out the later ones of those warnings that come in thousands, and says how
// many it left out; the plan file has them all.
func FewWarnings(all []schemas.Problem) (shown []schemas.Problem, more int) {
	seen := map[string]int{}
	for _, w := range all {
		if seen[w.Code]++; manyOf(w.Code) && seen[w.Code] > few {
			more++
			continue
		}
		shown = append(shown, w)
	}
	return shown, more
}

func (s *Screen) planWarnings(p *schemas.Plan) {
	if len(p.Warnings) == 0 {
		return
	}
	s.line("\n%s", s.say("warnings"))
	list, more := p.Warnings, 0
	if !s.All {
		if list, more = FewWarnings(list); len(list) > shown {
			list, more = list[:shown], more+len(list)-shown
		}
	}
	for _, w := range list {
		s.line("  %s", Message(s.Lang, "warning", w))
	}
	if more > 0 {
		s.line("  %s", s.say("more", "n", s.n(more)))
	}
}

// waits tells what would go and does not yet; a person may want to know whom it waits for.
func waits(code string) bool { return code == "in_use" || code == "grace" || code == "portion" }

// left names the first of those that would go and wait; with All, everything that stays as it is
// by rule.
func (s *Screen) left(p *schemas.Plan) {
	headed := false
	count := map[string]int{}
	var order []string
	for i := range p.Left {
		l := &p.Left[i]
		if !s.All && !waits(l.Code) {
			continue
		}
		if !headed {
			s.line("\n%s", s.say("left_head"))
			headed = true
		}
		if count[l.Code]++; count[l.Code] == 1 {
			order = append(order, l.Code)
		}
		if s.All || count[l.Code] <= few {
			s.leftItem(p, l)
		}
	}
	for _, code := range order {
		if n := count[code] - few; n > 0 && !s.All {
			s.line("  · %s: %s", words.Plain(code), s.say("more", "n", s.n(n)))
		}
	}
}

func (s *Screen) leftItem(p *schemas.Plan, l *schemas.Left) {
	text := words.Term(s.Lang, string(l.Kind)) + " " + words.Short(l.Key)
	if l.VaultID != "" {
		text += " (id " + words.Plain(l.VaultID) + ")"
	}
	for _, ref := range l.Rows {
		text += "  " + s.rowText(p, l.Kind, ref)
	}
	s.line("  · %s: %s", text, LeftText(s.Lang, l))
}

// LeftText says why one record is left as it is.
func LeftText(lang words.Lang, l *schemas.Left) string {
	return words.Problem(lang, l.Code, one(l.Args))
}

// one are the arguments of words that may be about several records, where they are about one.
func one(args schemas.Args) schemas.Args {
	if args["n"] != "" {
		return args
	}
	single := schemas.Args{"n": "1"}
	maps.Copy(single, args)
	return single
}
