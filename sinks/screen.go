package sinks

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"pamsync/schemas"
	"pamsync/schemas/words"
)

// Screen is what a person sees: its language, whether signs may be coloured, and where the
// answer goes. Colour never carries meaning alone.
type Screen struct {
	Out    io.Writer
	Lang   words.Lang
	Colour bool
	// All shows every change; otherwise long kinds are cut after the first twenty.
	All bool

	width int // of the keys of the kind under way
}

// shown is how many of one kind and action a screen shows before it says how many more.
const shown = 20

func (s *Screen) say(key string, pairs ...string) string { return words.Text(s.Lang, key, pairs...) }

func (s *Screen) line(format string, args ...any) { fmt.Fprintf(s.Out, format+"\n", args...) }

// Number is a count as the language groups it.
func Number(lang words.Lang, n int) string {
	text := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, text = "-", text[1:]
	}
	separator := ","
	if lang == words.Portuguese {
		separator = "."
	}
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + separator + text[i:]
	}
	return sign + text
}

// Decimal is a number with so many places, -1 for as many as it has, as the language writes it.
func Decimal(lang words.Lang, f float64, places int) string {
	text := strconv.FormatFloat(f, 'f', places, 64)
	if lang == words.Portuguese {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text
}

func (s *Screen) n(n int) string { return Number(s.Lang, n) }

// Symbol is an action's sign; a word always stands beside it, or in the legend.
func Symbol(a schemas.Action) string {
	switch a {
	case schemas.ActionCreate:
		return "+"
	case schemas.ActionUpdate:
		return "~"
	case schemas.ActionReactivate:
		return "^"
	case schemas.ActionInactivate:
		return "-"
	case schemas.ActionOpen:
		return ">"
	case schemas.ActionDrop:
		return "%"
	case schemas.ActionRelease:
		return "<"
	case schemas.ActionHold:
		return "!"
	case schemas.ActionReject:
		return "x"
	case schemas.ActionRead:
		return "@"
	}
	return "?"
}

// sign is an action's symbol, coloured where that is wanted.
func (s *Screen) sign(a schemas.Action) string {
	colour := map[schemas.Action]string{schemas.ActionCreate: "32", schemas.ActionUpdate: "33", schemas.ActionReactivate: "36",
		schemas.ActionInactivate: "31", schemas.ActionOpen: "32", schemas.ActionDrop: "31", schemas.ActionRelease: "36", schemas.ActionHold: "35", schemas.ActionReject: "31"}[a]
	if !s.Colour || colour == "" {
		return Symbol(a)
	}
	return "\x1b[" + colour + "m" + Symbol(a) + "\x1b[0m"
}

// Plan shows a plan: what stops it, the changes by kind, what is held and rejected with the
// way on, and the sums. rps estimates the time, 0 for none.
func (s *Screen) Plan(p *schemas.Plan, path string, rps float64) {
	s.stops(p)
	if len(p.Changes) > 0 && p.Start.Bulk == "" {
		s.line("%s", s.say("symbols"))
	}
	all := s.deeds(p)
	for _, kind := range append(schemas.RowKinds(), schemas.KindSession) {
		s.changes(all, kind)
	}
	s.holds(p)
	s.rejects(p)
	s.left(p)
	s.planWarnings(p)
	s.sums(p, rps)
	if path != "" {
		s.line("%s", s.say("digest_line", "path", path, "digest", p.Digest))
	}
}

// Headline shows of a plan what stops it, the sums and the digest.
func (s *Screen) Headline(p *schemas.Plan, path string) {
	s.stops(p)
	s.sums(p, 0)
	s.line("%s", s.say("digest_line", "path", path, "digest", p.Digest))
}

func (s *Screen) stops(p *schemas.Plan) {
	if p.Applicable() {
		return
	}
	s.line("%s", s.say("stopped_head"))
	for _, stop := range p.Summary.Stop {
		s.problem("  ", stop)
	}
	s.line("")
}

// problem shows a problem and, on the next line, the way on.
func (s *Screen) problem(indent string, p schemas.Problem) {
	place := ""
	if at := p.Place.String(); at != "" {
		place = words.Plain(at) + ": "
	}
	s.line("%s%s%s", indent, place, words.Problem(s.Lang, p.Code, p.Args))
	if hint := words.Hint(s.Lang, p.Code, p.Args); hint != "" {
		s.line("%s  %s: %s", indent, s.say("hint"), hint)
	}
}

func kindHead(kind schemas.Kind) string {
	switch kind {
	case schemas.KindCredential:
		return "credentials"
	case schemas.KindKey:
		return "keys"
	case schemas.KindInfo:
		return "infos"
	case schemas.KindSession:
		return "sessions"
	}
	return "devices"
}

// bulkHead is the head over what a bulk verb does, and kindHead's over any other change.
func bulkHead(action schemas.Action, kind schemas.Kind) string {
	switch action {
	case schemas.ActionOpen, schemas.ActionDrop, schemas.ActionRelease:
		return "bulk_" + string(action)
	}
	return kindHead(kind)
}

// deed is what a screen groups changes by.
type deed struct {
	kind   schemas.Kind
	action schemas.Action
}

// listed are the changes of one deed: how many there are, and those that are shown.
type listed struct {
	n     int
	shown []*schemas.Change
}

func (s *Screen) deeds(p *schemas.Plan) map[deed]*listed {
	all := map[deed]*listed{}
	for i := range p.Changes {
		c := &p.Changes[i]
		group := all[deed{c.Kind, c.Action}]
		if group == nil {
			group = &listed{}
			all[deed{c.Kind, c.Action}] = group
		}
		if group.n++; s.All || group.n <= shown {
			group.shown = append(group.shown, c)
		}
	}
	return all
}

func (s *Screen) changes(all map[deed]*listed, kind schemas.Kind) {
	s.width = keyWidth(all, kind)
	headed := false
	for _, action := range []schemas.Action{schemas.ActionReactivate, schemas.ActionCreate, schemas.ActionUpdate, schemas.ActionInactivate,
		schemas.ActionOpen, schemas.ActionDrop, schemas.ActionRelease} {
		group := all[deed{kind, action}]
		if group == nil {
			continue
		}
		if !headed {
			s.line("\n%s", s.say(bulkHead(action, kind)))
			headed = true
		}
		for _, c := range group.shown {
			s.change(c)
		}
		if more := group.n - len(group.shown); more > 0 {
			s.line("  %s %s", s.sign(action), s.say("more", "n", s.n(more)))
		}
	}
}

// keyWidth is the width of the longest key of a kind that is shown, up to a sensible one.
func keyWidth(all map[deed]*listed, kind schemas.Kind) int {
	width := 0
	for of, group := range all {
		if of.kind != kind {
			continue
		}
		for _, c := range group.shown {
			width = max(width, utf8.RuneCountInString(c.Key))
		}
	}
	return min(width, 40)
}

func (s *Screen) change(c *schemas.Change) {
	id := ""
	if c.VaultID != "" {
		id = "  (id " + words.Plain(c.VaultID) + ")"
	}
	s.line("%s", strings.TrimRight(fmt.Sprintf("  %s %-*s%s%s", s.sign(c.Action), s.width, words.Short(c.Key), s.brief(c), id), " "))
	if c.Action == schemas.ActionUpdate || c.Action == schemas.ActionReactivate && c.Reason.Rule != schemas.RuleDragged {
		width := 0
		for _, f := range c.Fields {
			width = max(width, len(f.Name()))
		}
		for _, f := range c.Fields {
			s.field(f, width)
		}
	}
	if len(c.Cascade) > 0 {
		var names []string
		for i, item := range c.Cascade {
			if i == 8 && !s.All {
				names = append(names, "…")
				break
			}
			names = append(names, words.Short(item.Key)+" ("+words.Term(s.Lang, string(item.Kind))+" "+words.Plain(item.ID)+")")
		}
		s.line("      %s", s.say("takes", "n", s.n(len(c.Cascade)), "names", strings.Join(names, ", ")))
	}
}

func (s *Screen) field(f schemas.FieldChange, width int) {
	cell := ""
	if f.Cell != "" {
		cell = "   (" + words.Plain(f.Cell) + ")"
	}
	if f.Secret {
		s.line("      %-*s  %s%s", width, words.Plain(f.Name()), s.say("secret_set"), cell)
		return
	}
	s.line("      %-*s  %q -> %q%s", width, words.Plain(f.Name()), words.Short(f.Before), words.Short(f.After), cell)
}

// brief is the rest of a new record's line: its values, and the row that asks for it.
func (s *Screen) brief(c *schemas.Change) string {
	if c.Action == schemas.ActionDrop {
		return "   " + words.Short(c.Reason.Value)
	}
	if c.Action != schemas.ActionCreate {
		return ""
	}
	v := c.Send.Values()
	var parts []string
	add := func(fields ...schemas.Field) {
		var texts []string
		for _, f := range fields {
			if v[f] != "" {
				texts = append(texts, words.Short(v[f]))
			}
		}
		if len(texts) > 0 {
			parts = append(parts, strings.Join(texts, " / "))
		}
	}
	secret := "password_set"
	switch c.Kind {
	case schemas.KindDevice:
		add(schemas.FieldIP)
		add(schemas.FieldType, schemas.FieldVendor, schemas.FieldModel)
		add(schemas.FieldSite)
	case schemas.KindKey:
		add(schemas.FieldKeyName)
		add(schemas.FieldIdentifier)
		secret = "key_set"
	case schemas.KindInfo:
		add(schemas.FieldName, schemas.FieldType)
		add(schemas.FieldService)
		secret = "content_set"
	default:
		add(schemas.FieldCredentialType)
		add(schemas.FieldIdentifier)
	}
	if c.Secret {
		parts = append(parts, s.say(secret))
	}
	if c.Reason.Cell != "" {
		parts = append(parts, "("+words.Plain(c.Reason.Cell)+")")
	}
	return "   " + strings.Join(parts, "   ")
}
