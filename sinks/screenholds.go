package sinks

import (
	"strconv"
	"strings"

	"pamsync/schemas"
	"pamsync/schemas/words"
)

func (s *Screen) holds(p *schemas.Plan) {
	if len(p.Holds) == 0 {
		return
	}
	s.line("\n%s", s.say("held"))
	byCode := map[string]int{}
	for i := range p.Holds {
		h := &p.Holds[i]
		if byCode[h.Code]++; !s.All && byCode[h.Code] > shown {
			continue
		}
		rows := ""
		for _, ref := range h.Rows {
			rows += "  " + s.rowText(p, h.Kind, ref)
		}
		s.line("  %s %s %s%s", s.sign(schemas.ActionHold), words.Term(s.Lang, string(h.Kind)), words.Short(h.Key), rows)
		s.problem("      ", schemas.Problem{Code: h.Code, Args: h.Args})
		for _, item := range h.Candidates {
			s.line("      · %s (id %s)", words.Short(item.Key), words.Plain(item.ID))
		}
	}
	for i := range p.Holds {
		if code := p.Holds[i].Code; !s.All && byCode[code] > shown {
			s.line("  %s %s: %s", s.sign(schemas.ActionHold), words.Plain(code), s.say("more", "n", s.n(byCode[code]-shown)))
			byCode[code] = 0
		}
	}
}

// rowText names an input row: a line of a table, a row of a sheet, or a record of a JSON.
func (s *Screen) rowText(p *schemas.Plan, kind schemas.Kind, ref schemas.RowRef) string {
	for _, source := range p.Start.Sources {
		if source.Path == ref.Source && source.Format != "csv" && source.Sheet == "" {
			return words.Plain(ref.Source) + " " + s.say("record") + " " + strconv.Itoa(ref.Row)
		}
	}
	return words.Plain(schemas.PlaceOf(p.Start.Sources, kind, ref).String())
}

func (s *Screen) rejects(p *schemas.Plan) {
	if len(p.Rejects) == 0 {
		return
	}
	s.line("\n%s", s.say("rejected"))
	for i := range p.Rejects {
		if !s.All && i == shown {
			s.line("  %s %s", s.sign(schemas.ActionReject), s.say("more", "n", s.n(len(p.Rejects)-shown)))
			return
		}
		for _, problem := range p.Rejects[i].Problems {
			s.line("  %s %s", s.sign(schemas.ActionReject), Message(s.Lang, "error", problem))
		}
	}
}

// Message is a problem on one line: file:line:column: error: what (field); hint: what to do.
func Message(lang words.Lang, severity string, p schemas.Problem) string {
	var b strings.Builder
	if at := p.Place.String(); at != "" {
		b.WriteString(words.Plain(at) + ": ")
	}
	b.WriteString(words.Text(lang, severity) + ": " + words.Problem(lang, p.Code, p.Args))
	if p.Place.Column != "" {
		b.WriteString(" (" + words.Plain(p.Place.Column) + ")")
	}
	if hint := words.Hint(lang, p.Code, p.Args); hint != "" {
		b.WriteString("; " + words.Text(lang, "hint") + ": " + hint)
	}
	return b.String()
}

// Line is a Message as it stands by itself on stderr: it begins with its place, or with the
// program's name where there is none.
func Line(lang words.Lang, severity string, p schemas.Problem) string {
	if p.Place.String() == "" {
		return "pamsync: " + Message(lang, severity, p)
	}
	return Message(lang, severity, p)
}
