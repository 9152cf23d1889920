package book

import (
	"io"
	"strconv"

	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
)

// Result writes how a run ended as a workbook: a summary, and a sheet for each kind with one row
// for each change, hold and rejected row, as result.csv has them.
func Result(w io.Writer, lang words.Lang, p *schemas.Plan, start schemas.Start, results []schemas.Result, total schemas.Total, tmp string) error {
	b, err := newBook(lang, tmp)
	if err != nil {
		return err
	}
	defer b.close()
	if err := b.resultSummary(p, start, results, total); err != nil {
		return err
	}
	if err := b.results(p, results); err != nil {
		return err
	}
	start.Sources, start.Policy = p.Start.Sources, p.Start.Policy
	c := total.Changes
	err = b.metadata(start, p.Digest, [][2]string{{"exit", strconv.Itoa(total.Exit)}, {"done", strconv.Itoa(c.Done)}, {"failed", strconv.Itoa(c.Failed)},
		{"skipped", strconv.Itoa(c.Skipped)}, {"unknown", strconv.Itoa(c.Unknown)}, {"results", strconv.Itoa(len(results))}})
	if err != nil {
		return err
	}
	return b.finish(w, b.say("book_result_title"), start.Made)
}

func (b *book) resultSummary(p *schemas.Plan, start schemas.Start, results []schemas.Result, total schemas.Total) error {
	l, err := b.addList("book_summary", 30, 16, 16, 16, 16, 16, 16, 14)
	if err != nil {
		return err
	}
	lines := [][]cell{{{b.say("book_result_title"), heading}}, {{b.say("verdict_" + strconv.Itoa(total.Exit)), label}, {"exit " + strconv.Itoa(total.Exit), plain}}, nil}
	lines = append(lines, b.identity(start, p.Digest)...)
	lines = append(lines, nil, b.statusHead())
	for _, k := range kinds() {
		line := []cell{b.kind(k.kind)}
		sum := 0
		for _, s := range statuses() {
			n := 0
			for i := range results {
				if results[i].Kind == k.kind && results[i].Status == s {
					n++
				}
			}
			sum += n
			line = append(line, cell{n, plain})
		}
		if sum > 0 {
			lines = append(lines, line)
		}
	}
	lines = append(lines, nil)
	lines = append(lines, b.rowSums(total.Rows)...)
	for _, line := range lines {
		if err := l.line(line...); err != nil {
			return err
		}
	}
	return l.done()
}

func statuses() []schemas.Status {
	return []schemas.Status{schemas.StatusDone, schemas.StatusFailed, schemas.StatusSkipped, schemas.StatusUnknown, schemas.StatusHeld, schemas.StatusRejected}
}

func (b *book) statusHead() []cell {
	line := []cell{{b.say("book_kind"), label}}
	for _, s := range statuses() {
		line = append(line, cell{b.say("status_" + string(s)), style(s).right()})
	}
	return line
}

func (b *book) status(s schemas.Status) cell { return cell{b.say("status_" + string(s)), style(s)} }

func (b *book) results(p *schemas.Plan, results []schemas.Result) error {
	changes := make(map[string]*schemas.Change, len(p.Changes))
	for i := range p.Changes {
		changes[p.Changes[i].ID] = &p.Changes[i]
	}
	for _, k := range kinds() {
		t := b.addTable(k.title, k.table, column{"book_status", 15}, column{"book_action", 14}, column{"book_key", 34}, column{"book_id", 10}, column{"book_what", 64},
			column{"book_source", 26}, column{"book_row", 12}, column{"book_code", 20}, column{"book_message", 64}, column{"book_remedy", 50}, column{"book_attempts", 10})
		for i := range results {
			r := &results[i]
			if r.Kind != k.kind {
				continue
			}
			what := ""
			if c := changes[r.Change]; c != nil {
				what = sinks.What(b.lang, c)
			}
			err := t.add(b.status(r.Status), b.action(r.Action), cell{r.Key, plain}, cell{r.VaultID, plain}, cell{what, wrapped},
				cell{r.Source, plain}, cell{r.Row, plain}, cell{r.Code, plain}, cell{sinks.Outcome(b.lang, r), wrapped}, cell{sinks.Remedy(b.lang, r), wrapped}, cell{r.Attempts, plain})
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
