package jobs

import (
	"bytes"
	"strconv"
	"strings"

	"pamsync/pipeline/evidence"
	"pamsync/schemas"
	"pamsync/sinks/page"
	"pamsync/sources"
)

// block takes rows of a page. A text that several rows refer to, and that was changed, is told once, and so is a
// line of texts that nobody can read: the rows themselves are taken for those that were certified there.
func (l *fileLook) block(b *sources.ExportedBlock) error {
	strange := make([]bool, len(b.Rows))
	whole, first := b.Texts != nil, len(l.rows)
	for i, row := range b.Rows {
		if row.Cells == nil {
			strange[i], whole = true, false
			continue
		}
		hash := l.hash(row.Cells)
		strange[i] = !l.known[hash] && l.want != nil
		whole = whole && first+i < len(l.want) && l.want[first+i].Hash == hash
	}
	if b.Texts == nil {
		l.lost, l.guessed = true, true
		l.odd("page_texts_changed", b.Line)
	} else if shared := sharedTexts(b, strange); len(shared) > 0 && l.changed {
		l.guessed = true
		l.odd("page_text_changed", b.Line, "text", shared[0], "or", eachQuoted(shared[1:]))
	} else {
		for i := range strange { // each row is told by itself, and where its texts stand
			if strange[i] {
				l.textsAt[b.Rows[i].Line] = strconv.Itoa(b.Line)
			}
		}
		clear(strange)
	}
	for i, row := range b.Rows {
		l.findingsOf(row, b.Findings[i])
		if strange[i] && len(l.rows) < len(l.want) {
			r := l.want[len(l.rows)]
			r.Line = row.Line
			l.rows = append(l.rows, r)
			if row.Cells != nil {
				l.account(row.Cells)
			}
			continue
		}
		if err := l.row(row); err != nil {
			return err
		}
	}
	if l.changed && whole {
		l.writtenAgain(b)
	}
	return nil
}

func (l *fileLook) hash(cells []string) [16]byte {
	hash, used := schemas.RowHash(l.room, cells)
	l.room = used
	return hash
}

// sharedTexts are the texts that all strange rows of a block, and no others, refer to: one of them was changed, and
// which one nobody can tell. There are none where there are not several such rows.
func sharedTexts(b *sources.ExportedBlock, strange []bool) (shared []string) {
	n := 0
	uses, others := make([]int, len(b.Texts)), make([]bool, len(b.Texts))
	for i, places := range b.Uses {
		if strange[i] {
			n++
		}
		seen := map[int]bool{}
		for _, at := range places {
			others[at] = others[at] || !strange[i]
			if strange[i] && !seen[at] {
				uses[at]++
			}
			seen[at] = true
		}
	}
	for at := range uses {
		if n > 1 && uses[at] == n && !others[at] {
			shared = append(shared, b.Texts[at])
		}
	}
	return shared
}

func eachQuoted(texts []string) string {
	var b strings.Builder
	for i, text := range texts {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(strconv.Quote(text))
	}
	return b.String()
}

// findingsOf takes the findings behind a row.
func (l *fileLook) findingsOf(row sources.ExportedRow, pairs []string) {
	if row.Cells == nil || l.c.What != "sessions" {
		return
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		f := schemas.SessionFinding{ID: row.Cells[0], Rule: pairs[i], User: row.Cells[1], Device: row.Cells[4], Credential: row.Cells[3], Start: row.Cells[8], Evidence: pairs[i+1]}
		l.findings = append(l.findings, evidence.Row{ID: f.ID, Hash: l.hash(f.Cells()), Line: row.Line})
	}
}

// writtenAgain tells the lines of a block that hold what they held, and not as it was written.
func (l *fileLook) writtenAgain(b *sources.ExportedBlock) {
	records := make([][]string, len(b.Rows))
	for i, row := range b.Rows {
		records[i] = row.Cells
	}
	if len(records) == 0 {
		l.odd("export_line_otherwise", b.Line)
		return
	}
	want := bytes.SplitAfter(page.EvidenceBlock(l.c.What, records, b.Findings), []byte{'\n'})
	for i, line := range b.Raw {
		if i >= len(want) || !bytes.Equal(line, want[i]) {
			l.odd("export_line_otherwise", b.Line+i)
		}
	}
}
