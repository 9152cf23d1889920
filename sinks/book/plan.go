package book

import (
	"io"
	"strings"

	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
)

// Plan writes a plan as a workbook: a summary, a sheet for each kind of change, what is held,
// rejected and left as it is, and where it all comes from. tmp is a folder for what does not fit
// into memory.
func Plan(w io.Writer, lang words.Lang, p *schemas.Plan, tmp string) error {
	b, err := newBook(lang, tmp)
	if err != nil {
		return err
	}
	defer b.close()
	return b.plan(w, p)
}

func (b *book) plan(w io.Writer, p *schemas.Plan) error {
	for _, write := range []func(*schemas.Plan) error{b.planSummary, b.changes, b.holds, b.rejects, b.left, b.warnings, b.planMetadata} {
		if err := write(p); err != nil {
			return err
		}
	}
	return b.finish(w, b.say("book_plan_title"), p.Start.Made)
}

// kinds are the sheets of changes, in their order.
func kinds() []struct {
	kind         schemas.Kind
	title, table string
} {
	return []struct {
		kind         schemas.Kind
		title, table string
	}{{schemas.KindDevice, "devices", "Devices"}, {schemas.KindCredential, "credentials", "Credentials"}, {schemas.KindKey, "keys", "Keys"}, {schemas.KindInfo, "infos", "Infos"}, {schemas.KindSession, "book_sessions", "Sessions"}}
}

func (b *book) changes(p *schemas.Plan) error {
	for _, k := range kinds() {
		t := b.addTable(k.title, k.table, column{"book_action", 14}, column{"book_key", 34}, column{"book_id", 10}, column{"book_what", 64},
			column{"book_why", 34}, column{"book_cell", 34}, column{"book_takes", 12}, column{"book_taken", 50}, column{"book_change", 19})
		for i := range p.Changes {
			c := &p.Changes[i]
			if c.Kind != k.kind {
				continue
			}
			err := t.add(b.action(c.Action), cell{c.Key, plain}, cell{c.VaultID, plain}, cell{sinks.What(b.lang, c), wrapped}, cell{b.say("why_" + c.Reason.Rule), plain},
				cell{sinks.WhereFrom(p, c), plain}, takesAlong(c), cell{sinks.Taken(c), plain}, cell{c.ID, plain})
			if err != nil {
				return err
			}
		}
		if err := t.done(); err != nil {
			return err
		}
	}
	return nil
}

// action is an action's symbol and word, in its colour.
func (b *book) action(a schemas.Action) cell {
	return cell{sinks.Symbol(a) + " " + b.say("action_"+string(a)), style(a)}
}

// takesAlong counts what goes with a device; most changes take nothing along, and say nothing.
func takesAlong(c *schemas.Change) cell {
	if len(c.Cascade) == 0 {
		return cell{"", plain}
	}
	return cell{len(c.Cascade), plain}
}

func (b *book) kind(k schemas.Kind) cell { return cell{words.Term(b.lang, string(k)), plain} }

func (b *book) holds(p *schemas.Plan) error {
	t := b.addTable("book_held", "Held", column{"book_kind", 13}, column{"book_key", 34}, column{"book_id", 10}, column{"book_problem", 64},
		column{"book_remedy", 64}, column{"book_rows", 34}, column{"book_candidates", 40}, column{"book_code", 22})
	for i := range p.Holds {
		h := &p.Holds[i]
		var candidates []string
		for _, item := range h.Candidates {
			candidates = append(candidates, item.Key+" (id "+item.ID+")")
		}
		err := t.add(b.kind(h.Kind), cell{h.Key, plain}, cell{h.VaultID, plain}, cell{words.Problem(b.lang, h.Code, h.Args), wrapped},
			cell{words.Hint(b.lang, h.Code, h.Args), wrapped}, cell{sinks.RowPlaces(p, h.Kind, h.Rows), plain},
			cell{strings.Join(candidates, "; "), plain}, cell{h.Code, plain})
		if err != nil {
			return err
		}
	}
	return t.done()
}

func (b *book) rejects(p *schemas.Plan) error {
	t := b.addTable("book_rejected", "Rejected", column{"book_kind", 13}, column{"book_key", 34}, column{"book_place", 40}, column{"book_problem", 64},
		column{"book_remedy", 64}, column{"book_code", 22})
	for i := range p.Rejects {
		r := &p.Rejects[i]
		for _, problem := range r.Problems {
			err := t.add(b.kind(r.Kind), cell{r.Key, plain}, cell{problem.Place.String(), plain}, cell{words.Problem(b.lang, problem.Code, problem.Args), wrapped},
				cell{words.Hint(b.lang, problem.Code, problem.Args), wrapped}, cell{problem.Code, plain})
			if err != nil {
				return err
			}
		}
	}
	return t.done()
}

func (b *book) left(p *schemas.Plan) error {
	t := b.addTable("book_left", "LeftAsItIs", column{"book_kind", 13}, column{"book_key", 34}, column{"book_id", 10}, column{"book_why", 64},
		column{"book_rows", 34}, column{"book_code", 22})
	for i := range p.Left {
		l := &p.Left[i]
		err := t.add(b.kind(l.Kind), cell{l.Key, plain}, cell{l.VaultID, plain}, cell{sinks.LeftText(b.lang, l), wrapped},
			cell{sinks.RowPlaces(p, l.Kind, l.Rows), plain}, cell{l.Code, plain})
		if err != nil {
			return err
		}
	}
	return t.done()
}

func (b *book) warnings(p *schemas.Plan) error {
	t := b.addTable("book_warnings", "Warnings", column{"book_place", 40}, column{"book_problem", 80}, column{"book_remedy", 64}, column{"book_code", 22})
	for _, problem := range p.Warnings {
		err := t.add(cell{problem.Place.String(), plain}, cell{words.Problem(b.lang, problem.Code, problem.Args), wrapped},
			cell{words.Hint(b.lang, problem.Code, problem.Args), wrapped}, cell{problem.Code, plain})
		if err != nil {
			return err
		}
	}
	return t.done()
}
