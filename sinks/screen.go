package sinks

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

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

func (s *Screen) n(n int) string { return Number(s.Lang, n) }

// sign is an action's symbol, coloured where that is wanted.
func (s *Screen) sign(a schemas.Action) string {
	symbol, colour := "?", ""
	switch a {
	case schemas.ActionCreate:
		symbol, colour = "+", "32"
	case schemas.ActionUpdate:
		symbol, colour = "~", "33"
	case schemas.ActionReactivate:
		symbol, colour = "^", "36"
	case schemas.ActionInactivate:
		symbol, colour = "-", "31"
	case schemas.ActionHold:
		symbol, colour = "!", "35"
	case schemas.ActionReject:
		symbol, colour = "x", "31"
	}
	if !s.Colour {
		return symbol
	}
	return "\x1b[" + colour + "m" + symbol + "\x1b[0m"
}

// Plan shows a plan: what stops it, the changes by kind, what is held and rejected with the
// way on, and the sums. rps estimates the time, 0 for none.
func (s *Screen) Plan(p *schemas.Plan, path string, rps float64) {
	s.stops(p)
	if len(p.Changes) > 0 {
		s.line("%s", s.say("symbols"))
	}
	for _, kind := range []schemas.Kind{schemas.KindDevice, schemas.KindCredential, schemas.KindKey} {
		s.changes(p, kind)
	}
	s.holds(p)
	s.rejects(p)
	s.planWarnings(p)
	s.sums(p, rps)
	if path != "" {
		s.line("%s", s.say("digest_line", "path", path, "digest", p.Digest))
	}
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
	}
	return "devices"
}

func (s *Screen) changes(p *schemas.Plan, kind schemas.Kind) {
	headed := false
	s.width = s.keyWidth(p, kind)
	for _, action := range []schemas.Action{schemas.ActionReactivate, schemas.ActionCreate, schemas.ActionUpdate, schemas.ActionInactivate} {
		count := 0
		for i := range p.Changes {
			c := &p.Changes[i]
			if c.Kind != kind || c.Action != action {
				continue
			}
			if !headed {
				s.line("\n%s", s.say(kindHead(kind)))
				headed = true
			}
			if count++; s.All || count <= shown {
				s.change(c)
			}
		}
		if !s.All && count > shown {
			s.line("  %s %s", s.sign(action), s.say("more", "n", s.n(count-shown)))
		}
	}
}

// keyWidth is the width of the longest key of a kind that is shown, up to a sensible one.
func (s *Screen) keyWidth(p *schemas.Plan, kind schemas.Kind) int {
	width, count := 0, map[schemas.Action]int{}
	for i := range p.Changes {
		c := &p.Changes[i]
		if count[c.Action]++; c.Kind == kind && (s.All || count[c.Action] <= shown) {
			width = max(width, len([]rune(c.Key)))
		}
	}
	return min(width, 40)
}

func (s *Screen) change(c *schemas.Change) {
	id := ""
	if c.VaultID != "" {
		id = "  (id " + words.Plain(c.VaultID) + ")"
	}
	s.line("%s", strings.TrimRight(fmt.Sprintf("  %s %-*s%s%s", s.sign(c.Action), s.width, words.Plain(c.Key), s.brief(c), id), " "))
	if c.Action == schemas.ActionUpdate || c.Action == schemas.ActionReactivate && c.Reason.Rule == schemas.RuleInactive {
		width := 0
		for _, f := range c.Fields {
			width = max(width, len(f.Name))
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
			names = append(names, words.Plain(item.Key)+" ("+string(item.Kind)+" "+words.Plain(item.ID)+")")
		}
		s.line("      %s", s.say("takes", "n", s.n(len(c.Cascade)), "names", strings.Join(names, ", ")))
	}
}

func (s *Screen) field(f schemas.FieldChange, width int) {
	cell := ""
	if f.Cell != "" {
		cell = "   (" + words.Plain(f.Cell) + ")"
	}
	if f.Secret != "" {
		s.line("      %-*s  %s%s", width, f.Name, s.say("secret_set"), cell)
		return
	}
	s.line("      %-*s  %q -> %q%s", width, f.Name, words.Plain(f.Before), words.Plain(f.After), cell)
}

// brief is the rest of a new record's line: its values, and the row that asks for it.
func (s *Screen) brief(c *schemas.Change) string {
	if c.Action != schemas.ActionCreate {
		return ""
	}
	v := &c.Send
	var parts []string
	add := func(fields ...schemas.Field) {
		var texts []string
		for _, f := range fields {
			if v[f] != "" {
				texts = append(texts, words.Plain(v[f]))
			}
		}
		if len(texts) > 0 {
			parts = append(parts, strings.Join(texts, " / "))
		}
	}
	if c.Kind == schemas.KindDevice {
		add(schemas.FieldIP)
		add(schemas.FieldType, schemas.FieldVendor, schemas.FieldModel)
		add(schemas.FieldSite)
	} else {
		add(schemas.FieldCredentialType)
		add(schemas.FieldIdentifier)
		if c.Secret {
			parts = append(parts, s.say("password_set"))
		}
	}
	if c.Reason.Cell != "" {
		parts = append(parts, "("+words.Plain(c.Reason.Cell)+")")
	}
	return "   " + strings.Join(parts, "   ")
}

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
			rows += "  " + s.rowText(p, ref)
		}
		s.line("  %s %s %s%s", s.sign(schemas.ActionHold), h.Kind, words.Plain(h.Key), rows)
		s.problem("      ", schemas.Problem{Code: h.Code, Args: h.Args})
		for _, item := range h.Candidates {
			s.line("      · %s (id %s)", words.Plain(item.Key), words.Plain(item.ID))
		}
	}
	for i := range p.Holds {
		if code := p.Holds[i].Code; !s.All && byCode[code] > shown {
			s.line("  %s %s: %s", s.sign(schemas.ActionHold), code, s.say("more", "n", s.n(byCode[code]-shown)))
			byCode[code] = 0
		}
	}
}

// rowText names an input row: a line of a table, or a record of a JSON.
func (s *Screen) rowText(p *schemas.Plan, ref schemas.RowRef) string {
	for _, source := range p.Start.Sources {
		if source.Path == ref.Source && source.Format != "csv" {
			return words.Plain(ref.Source) + " " + s.say("record") + " " + strconv.Itoa(ref.Row)
		}
	}
	return words.Plain(ref.Source) + ":" + strconv.Itoa(ref.Row)
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

func (s *Screen) planWarnings(p *schemas.Plan) {
	if len(p.Warnings) == 0 {
		return
	}
	s.line("\n%s", s.say("warnings"))
	for i, w := range p.Warnings {
		if !s.All && i == shown {
			s.line("  %s", s.say("more", "n", s.n(len(p.Warnings)-shown)))
			return
		}
		s.line("  %s", Message(s.Lang, "warning", w))
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

func (s *Screen) sums(p *schemas.Plan, rps float64) {
	var total schemas.KindCounts
	dragged, devicesGone, ownGone := 0, 0, 0
	for _, k := range p.Summary.Kinds {
		total.Create += k.Create
		total.Update += k.Update
		total.Reactivate += k.Reactivate
		total.Inactivate += k.Inactivate
		dragged += k.Dragged
		switch k.Kind {
		case schemas.KindDevice:
			devicesGone = k.Inactivate
		case schemas.KindCredential:
			ownGone = k.Inactivate
		}
	}
	rows := p.Summary.Rows
	s.line("")
	if len(p.Changes) == 0 && len(p.Holds) == 0 && len(p.Rejects) == 0 {
		s.line("%s", s.say("no_changes"))
	}
	s.line("%s", s.say("plan_line", "create", s.n(total.Create), "update", s.n(total.Update), "reactivate", s.n(total.Reactivate),
		"inactivate", s.n(total.Inactivate), "hold", s.n(len(p.Holds)), "reject", s.n(len(p.Rejects)), "same", s.n(rows.Unchanged)))
	if devicesGone+ownGone > 0 {
		s.line("%s", s.say("cascade_line", "devices", s.n(devicesGone), "dragged", s.n(dragged), "own", s.n(ownGone)))
	}
	s.line("%s", s.say("rows_line", "in", s.n(rows.In), "changed", s.n(rows.Changed), "unchanged", s.n(rows.Unchanged),
		"held", s.n(rows.Held), "rejected", s.n(rows.Rejected), "left", s.n(rows.LeftOut)))
	s.leftLines(p)
	s.limits(p)
	if len(p.Changes) > 0 && rps > 0 {
		d := time.Duration(float64(len(p.Changes)) / rps * float64(time.Second))
		s.line("%s", s.say("time_line", "calls", s.n(len(p.Changes)), "rps", strconv.FormatFloat(rps, 'g', -1, 64), "time", d.Round(time.Second).String()))
	}
}

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
	if missing[schemas.KindDevice]+missing[schemas.KindCredential] > 0 {
		s.line("%s", s.say("missing_line", "devices", s.n(missing[schemas.KindDevice]), "credentials", s.n(missing[schemas.KindCredential])))
	}
	if len(order) > 0 || where > 0 {
		var parts []string
		if where > 0 {
			parts = append(parts, s.say("by_where", "n", s.n(where)))
		}
		for _, code := range order {
			parts = append(parts, s.n(other[code])+" "+words.Problem(s.Lang, code, nil))
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
		s.line("  %s%s", s.say("limit_line", "name", u.Name, "kind", string(u.Kind), "n", strconv.Itoa(u.N), "total", strconv.Itoa(u.Total), "limit", u.Limit.String()), mark)
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
		what := string(r.Kind) + " " + words.Plain(r.Key) + ": " + words.Plain(r.Message)
		s.line("  %s", s.say("result_code", "n", s.n(count[code]), "code", code, "what", what))
		if hint := words.Hint(s.Lang, code, nil); hint != "" && !strings.Contains(hint, "{") {
			s.line("      %s: %s", s.say("hint"), hint)
		}
	}
	if folder != "" {
		s.line("%s", s.say("reports_line", "path", folder))
	}
}
