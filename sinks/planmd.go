package sinks

import (
	"bufio"
	"io"
	"strconv"
	"strings"

	"pamsync/schemas"
	"pamsync/schemas/words"
)

// PlanMarkdown writes a plan as Markdown, for a change ticket or a wiki: the verdict and digest,
// the sums, what stops it, the holds with their remedies, and every change.
func PlanMarkdown(w io.Writer, lang words.Lang, p *schemas.Plan) error {
	m := &markdown{w: bufio.NewWriter(w), lang: lang}
	m.line("# %s %s", m.say("book_plan_title"), p.Start.Run)
	m.verdict(p)
	m.identity(p)
	m.sums(p)
	m.limits(p)
	m.holds(p)
	m.rejects(p)
	m.warnings(p)
	m.changes(p)
	m.left(p)
	return m.w.Flush()
}

type markdown struct {
	w    *bufio.Writer
	lang words.Lang
}

func (m *markdown) say(key string, pairs ...string) string { return words.Text(m.lang, key, pairs...) }

func (m *markdown) line(format string, texts ...string) {
	parts := strings.Split(format, "%s")
	for i, part := range parts {
		m.w.WriteString(part)
		if i < len(texts) {
			m.w.WriteString(mdText(texts[i]))
		}
	}
	m.w.WriteByte('\n')
}

// row is one line of a table.
func (m *markdown) row(texts ...string) {
	for _, text := range texts {
		m.w.WriteString("| " + mdText(text) + " ")
	}
	m.w.WriteString("|\n")
}

func (m *markdown) head(keys ...string) {
	m.w.WriteByte('\n')
	for _, key := range keys {
		m.w.WriteString("| " + mdText(m.say(key)) + " ")
	}
	m.w.WriteString("|\n" + strings.Repeat("|---", len(keys)) + "|\n")
}

// mdText makes a text from outside harmless: nothing in it is markup, a link, HTML or the end of
// a cell.
func mdText(s string) string {
	var b strings.Builder
	for _, r := range words.Plain(s) {
		switch r {
		case '<':
			b.WriteString("&lt;")
		case '>':
			b.WriteString("&gt;")
		case '&':
			b.WriteString("&amp;")
		case '\\', '`', '*', '_', '[', ']', '|', '~', '!', '#':
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return strings.ReplaceAll(b.String(), "://", ":&#47;&#47;")
}

func (m *markdown) verdict(p *schemas.Plan) {
	key := "book_applicable"
	switch {
	case !p.Applicable():
		key = "book_stopped"
	case len(p.Changes) == 0:
		key = "no_changes"
	}
	m.line("\n**%s**\n", m.say(key))
	for _, stop := range p.Summary.Stop {
		m.line("- %s", m.problem(stop))
	}
}

// problem is what happened, where, and the way on.
func (m *markdown) problem(p schemas.Problem) string {
	text := words.Problem(m.lang, p.Code, p.Args)
	if at := p.Place.String(); at != "" {
		text = at + ": " + text
	}
	if hint := words.Hint(m.lang, p.Code, p.Args); hint != "" {
		text += " (" + m.say("hint") + ": " + hint + ")"
	}
	return text
}

func (m *markdown) identity(p *schemas.Plan) {
	for _, pair := range [][2]string{{"book_digest", p.Digest}, {"book_vault", p.Start.Vault}, {"book_client", p.Start.Client}, {"book_made", p.Start.Made}} {
		m.line("- %s: %s", m.say(pair[0]), pair[1])
	}
	for _, s := range p.Start.Sources {
		m.line("- %s: %s, %s, SHA-256 %s", m.say("book_source"), s.Path, m.say("book_rows_in")+" "+Number(m.lang, s.Rows), s.SHA256)
	}
}

func (m *markdown) sums(p *schemas.Plan) {
	if p.Start.Bulk != "" {
		m.head("book_kind", "action_"+string(p.Start.Bulk), "book_held", "book_rejected")
		for _, k := range p.Summary.Kinds {
			m.row(words.Term(m.lang, string(k.Kind)), Number(m.lang, k.Open+k.Drop+k.Release), Number(m.lang, k.Hold), Number(m.lang, k.Reject))
		}
		m.rowSums(p)
		return
	}
	m.head("book_kind", "action_create", "action_update", "action_reactivate", "action_inactivate", "book_dragged", "book_held", "book_rejected", "book_unchanged")
	for _, k := range p.Summary.Kinds {
		texts := []string{words.Term(m.lang, string(k.Kind))}
		for _, n := range []int{k.Create, k.Update, k.Reactivate, k.Inactivate, k.Dragged, k.Hold, k.Reject, k.Unchanged} {
			texts = append(texts, Number(m.lang, n))
		}
		m.row(texts...)
	}
	m.cascade(p)
	m.rowSums(p)
}

func (m *markdown) rowSums(p *schemas.Plan) {
	r := p.Summary.Rows
	m.line("\n%s", m.say("rows_line", "in", Number(m.lang, r.In), "changed", Number(m.lang, r.Changed), "unchanged", Number(m.lang, r.Unchanged),
		"held", Number(m.lang, r.Held), "rejected", Number(m.lang, r.Rejected), "left", Number(m.lang, r.LeftOut)))
}

// cascade says what goes, and what goes along with it.
func (m *markdown) cascade(p *schemas.Plan) {
	if text := CascadeLine(m.lang, p); text != "" {
		m.line("\n%s", text)
	}
}

// LimitName is a limit's name, with the part of the estate that it is about.
func LimitName(u schemas.LimitUse) string {
	if u.Share == "" {
		return u.Name
	}
	return u.Name + ", " + u.Share
}

func (m *markdown) limits(p *schemas.Plan) {
	if len(p.Summary.Limits) == 0 {
		return
	}
	m.head("limits", "book_kind", "book_used", "book_of", "book_limit")
	for _, u := range p.Summary.Limits {
		limit := u.Limit.String()
		if u.Stopped {
			limit += " " + m.say("limit_stopped")
		}
		m.row(LimitName(u), words.Term(m.lang, string(u.Kind)), strconv.Itoa(u.N), strconv.Itoa(u.Total), limit)
	}
}

func (m *markdown) holds(p *schemas.Plan) {
	if len(p.Holds) == 0 {
		return
	}
	m.line("\n## %s", m.say("held"))
	m.head("book_kind", "book_key", "book_problem", "book_remedy", "book_rows")
	for i := range p.Holds {
		h := &p.Holds[i]
		m.row(words.Term(m.lang, string(h.Kind)), h.Key, words.Problem(m.lang, h.Code, h.Args), words.Hint(m.lang, h.Code, h.Args), RowPlaces(p, h.Kind, h.Rows))
	}
}

func (m *markdown) rejects(p *schemas.Plan) {
	if len(p.Rejects) == 0 {
		return
	}
	m.line("\n## %s\n", m.say("rejected"))
	for i := range p.Rejects {
		for _, problem := range p.Rejects[i].Problems {
			m.line("- %s", m.problem(problem))
		}
	}
}

func (m *markdown) warnings(p *schemas.Plan) {
	if len(p.Warnings) == 0 {
		return
	}
	m.line("\n## %s\n", m.say("warnings"))
	list, more := FewWarnings(p.Warnings)
	for _, problem := range list {
		m.line("- %s", m.problem(problem))
	}
	if more > 0 {
		m.line("- %s", m.say("page_more", "n", Number(m.lang, more)))
	}
}

// left names what stays as it is by rule.
func (m *markdown) left(p *schemas.Plan) {
	if len(p.Left) == 0 {
		return
	}
	m.line("\n## %s", m.say("book_left"))
	m.head("book_kind", "book_key", "book_id", "book_why", "book_rows")
	for i := range p.Left {
		l := &p.Left[i]
		m.row(words.Term(m.lang, string(l.Kind)), l.Key, l.VaultID, LeftText(m.lang, l), RowPlaces(p, l.Kind, l.Rows))
	}
}

func (m *markdown) changes(p *schemas.Plan) {
	for _, kind := range append(schemas.RowKinds(), schemas.KindSession) {
		headed := false
		for i := range p.Changes {
			c := &p.Changes[i]
			if c.Kind != kind {
				continue
			}
			if !headed {
				headed = true
				m.line("\n## %s", m.say(kindHead(kind)))
				m.head("book_action", "book_key", "book_id", "book_what", "book_taken", "book_cell")
			}
			m.row(Symbol(c.Action)+" "+m.say("action_"+string(c.Action)), c.Key, c.VaultID, What(m.lang, c), Taken(c), WhereFrom(p, c))
		}
	}
}

// What says what a change does to the fields: before → after, the values of a new record, or
// those that a record has that goes.
func What(lang words.Lang, c *schemas.Change) string {
	if c.Action == schemas.ActionDrop {
		return words.Problem(lang, "drop_reason", schemas.Pairs("reason", c.Reason.Value))
	}
	var parts []string
	for _, f := range c.Fields {
		switch {
		case bool(f.Secret):
			parts = append(parts, f.Name()+": "+words.Text(lang, "secret_set"))
		case c.Action == schemas.ActionCreate:
			parts = append(parts, f.Name()+": "+f.After)
		case c.Action == schemas.ActionInactivate:
			parts = append(parts, f.Name()+": "+f.Before) // as it is now
		default:
			parts = append(parts, f.Name()+": "+strconv.Quote(f.Before)+" → "+strconv.Quote(f.After))
		}
	}
	return strings.Join(parts, "; ")
}

// Taken names what goes with an inactivated device.
func Taken(c *schemas.Change) string {
	var names []string
	for _, item := range c.Cascade {
		names = append(names, item.Key+" ("+string(item.Kind)+" "+item.ID+")")
	}
	return strings.Join(names, "; ")
}

// WhereFrom is the cell that decided a change, else the rows that ask for it.
func WhereFrom(p *schemas.Plan, c *schemas.Change) string {
	if c.Reason.Cell != "" {
		return c.Reason.Cell
	}
	return RowPlaces(p, c.Kind, c.Rows)
}

// RowPlaces are input rows of a kind, as a person finds them.
func RowPlaces(p *schemas.Plan, kind schemas.Kind, rows []schemas.RowRef) string {
	var texts []string
	for _, ref := range rows {
		texts = append(texts, schemas.PlaceOf(p.Start.Sources, kind, ref).String())
	}
	return strings.Join(texts, "; ")
}
