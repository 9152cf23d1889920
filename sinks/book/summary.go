package book

import (
	"strconv"

	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
)

// planSummary is the first sheet: the verdict, the sums, the limits, and what stops the plan.
func (b *book) planSummary(p *schemas.Plan) error {
	l, err := b.addList("book_summary", 30, 16, 16, 16, 16, 16, 16, 14, 14, 14)
	if err != nil {
		return err
	}
	verdict := "book_applicable"
	switch {
	case !p.Applicable():
		verdict = "book_stopped"
	case len(p.Changes) == 0:
		verdict = "no_changes"
	}
	lines := [][]cell{
		{{b.say("book_plan_title"), heading}},
		{{b.say(verdict), label}}, nil,
	}
	for _, stop := range p.Summary.Stop {
		lines = append(lines, []cell{{words.Problem(b.lang, stop.Code, stop.Args), plain}}, []cell{{b.say("book_remedy") + ": " + words.Hint(b.lang, stop.Code, stop.Args), plain}}, nil)
	}
	lines = append(lines, b.identity(p.Start, p.Digest)...)
	lines = append(lines, nil)
	lines = append(lines, b.kindSums(p)...)
	if text := sinks.CascadeLine(b.lang, p); text != "" {
		lines = append(lines, []cell{{text, plain}})
	}
	lines = append(lines, nil)
	lines = append(lines, b.rowSums(p.Summary.Rows)...)
	lines = append(lines, nil)
	lines = append(lines, b.limitUses(p)...)
	for _, line := range lines {
		if err := l.line(line...); err != nil {
			return err
		}
	}
	return l.done()
}

// identity says which plan or run this is, and of which vault.
func (b *book) identity(start schemas.Start, digest string) [][]cell {
	var lines [][]cell
	for _, pair := range [][2]string{{"book_vault", start.Vault}, {"book_client", start.Client}, {"book_run", start.Run}, {"book_made", start.Made}, {"book_digest", digest}} {
		lines = append(lines, []cell{{b.say(pair[0]), label}, {pair[1], plain}})
	}
	return lines
}

func (b *book) kindSums(p *schemas.Plan) [][]cell {
	if p.Start.Bulk != "" {
		return b.bulkSums(p)
	}
	head := []cell{{b.say("book_kind"), label}}
	actions := []schemas.Action{schemas.ActionCreate, schemas.ActionUpdate, schemas.ActionReactivate, schemas.ActionInactivate, schemas.ActionHold, schemas.ActionReject}
	for _, a := range actions {
		c := b.action(a)
		head = append(head, cell{c.value, c.style.right()})
	}
	head = append(head, cell{b.say("book_dragged"), label.right()}, cell{b.say("book_unchanged"), label.right()}, cell{b.say("book_listed"), label.right()})
	lines := [][]cell{head}
	for _, k := range p.Summary.Kinds {
		line := []cell{b.kind(k.Kind)}
		for _, n := range []int{k.Create, k.Update, k.Reactivate, k.Inactivate, k.Hold, k.Reject, k.Dragged, k.Unchanged, k.Listed} {
			line = append(line, cell{n, plain})
		}
		lines = append(lines, line)
	}
	return lines
}

// bulkSums are the sums of a bulk verb, which does one thing.
func (b *book) bulkSums(p *schemas.Plan) [][]cell {
	does, held, rejected := b.action(p.Start.Bulk), b.action(schemas.ActionHold), b.action(schemas.ActionReject)
	lines := [][]cell{{{b.say("book_kind"), label}, {does.value, does.style.right()}, {held.value, held.style.right()}, {rejected.value, rejected.style.right()}, {b.say("book_listed"), label.right()}}}
	for _, k := range p.Summary.Kinds {
		lines = append(lines, []cell{b.kind(k.Kind), {k.Open + k.Drop + k.Release, plain}, {k.Hold, plain}, {k.Reject, plain}, {k.Listed, plain}})
	}
	return lines
}

func (b *book) rowSums(r schemas.RowCounts) [][]cell {
	return [][]cell{
		{{b.say("book_rows"), label}, {b.say("book_rows_in"), label.right()}, {b.say("book_changed"), label.right()}, {b.say("book_unchanged"), label.right()}, {b.say("book_held"), label.right()}, {b.say("book_rejected"), label.right()}, {b.say("book_left_out"), label.right()}},
		{{"", plain}, {r.In, plain}, {r.Changed, plain}, {r.Unchanged, plain}, {r.Held, plain}, {r.Rejected, plain}, {r.LeftOut, plain}},
	}
}

func (b *book) limitUses(p *schemas.Plan) [][]cell {
	if len(p.Summary.Limits) == 0 {
		return nil
	}
	lines := [][]cell{{{b.say("limits"), label}, {b.say("book_kind"), label}, {b.say("book_used"), label.right()}, {b.say("book_of"), label.right()}, {b.say("book_limit"), label.right()}, {"", label}}}
	for _, u := range p.Summary.Limits {
		stops := cell{"", plain}
		if u.Stopped {
			stops = cell{b.say("limit_stopped"), style(schemas.ActionInactivate)}
		}
		lines = append(lines, []cell{{sinks.LimitName(u), plain}, b.kind(u.Kind), {u.N, plain}, {u.Total, plain}, {u.Limit.String(), plain.right()}, stops})
	}
	return lines
}

// planMetadata is the last sheet: all that binds the workbook to its plan.
func (b *book) planMetadata(p *schemas.Plan) error {
	return b.metadata(p.Start, p.Digest, [][2]string{
		{"changes", strconv.Itoa(len(p.Changes))}, {"holds", strconv.Itoa(len(p.Holds))}, {"rejects", strconv.Itoa(len(p.Rejects))},
		{"left", strconv.Itoa(len(p.Left))}, {"warnings", strconv.Itoa(len(p.Warnings))}})
}

// metadata writes names and values, in English whatever the language: they are for comparing.
func (b *book) metadata(start schemas.Start, digest string, more [][2]string) error {
	l, err := b.addList("book_metadata", 26, 90)
	if err != nil {
		return err
	}
	pairs := [][2]string{{"format", start.Format}, {"version", strconv.Itoa(start.Version)}, {"tool", start.Tool}, {"run", start.Run}, {"made", start.Made},
		{"vault", start.Vault}, {"client", start.Client}, {"plan_digest", digest}}
	for _, s := range start.Sources {
		pairs = append(pairs, [2]string{"source", s.Path}, [2]string{"source_kind", string(s.Kind)}, [2]string{"source_format", s.Format},
			[2]string{"source_sheet", s.Sheet}, [2]string{"source_rows", strconv.Itoa(s.Rows)}, [2]string{"source_sha256", s.SHA256})
	}
	if policy := start.Policy; policy != nil {
		pairs = append(pairs, [2]string{"devices_missing", string(policy.Devices)}, [2]string{"credentials_missing", string(policy.Credentials)},
			[2]string{"reactivate", string(policy.Reactivate)}, [2]string{"secrets", string(policy.Secrets)})
	}
	pairs = append(append(pairs, more...), [2]string{"cells_cut", strconv.Itoa(b.cut)}, [2]string{"language", string(b.lang)})
	for _, pair := range pairs {
		if err := l.line(cell{pair[0], label}, cell{pair[1], plain}); err != nil {
			return err
		}
	}
	return l.done()
}
