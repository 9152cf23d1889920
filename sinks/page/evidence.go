package page

import (
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
)

// Evidence is what the page of an export says of it as a whole; it is asked for when all records are
// written.
type Evidence struct {
	Certificate schemas.Certificate
	// Boundary are sessions that are left out and that touch the period, BoundaryMore how many more there
	// are than these.
	Boundary     []schemas.SessionRecord
	BoundaryMore int
	// Manifest is the name of the certificate's file, Beside are those of the files with the same records.
	Manifest string
	Beside   []string
}

// evidencePage is the page of an export on its way. Records come before what the page says of all of them, and
// stand behind it: they wait in a file, in blocks of JSON, so that memory does not grow with them. The first
// records are kept besides, for readers without script.
type evidencePage struct {
	put      *texts
	lang     words.Lang
	what     string
	whole    func() Evidence
	first    []byte // the first block, which the page draws at once
	others   *sinks.Scratch
	rows     int
	findings int
	few      [][]string
	block    recordBlock
}

// NewEvidence begins the page of an export of devices, credentials or sessions; tmp is a folder that only we
// can read.
func NewEvidence(w io.Writer, lang words.Lang, what string, whole func() Evidence, tmp string) sinks.Export {
	return &evidencePage{put: &texts{w: w}, lang: lang, what: what, whole: whole, others: sinks.NewScratch(tmp), block: recordBlock{seldom: seldomTwice(what)}}
}

// seldomTwice are the columns whose texts seldom come twice: they stand in their rows, and not once for all.
func seldomTwice(what string) []bool {
	columns := schemas.ExportColumns(what)
	out := make([]bool, len(columns))
	for i, name := range columns {
		switch name {
		case "id", "session_id", "start", "end", "time", "duration_s", "start_utc", "end_utc", "supersedes", "identifier", "ip":
			out[i] = true
		case "hostname":
			out[i] = what == "devices"
		}
	}
	return out
}

func (e *evidencePage) Device(d *schemas.Device) error {
	cells := sinks.DeviceCells(d)
	return e.record(cells[:])
}

func (e *evidencePage) Credential(c *schemas.Credential) error {
	cells := sinks.CredentialCells(c)
	return e.record(cells[:])
}

func (e *evidencePage) Session(s *schemas.SessionRecord) error {
	cells := sinks.SessionCells(s)
	return e.record(cells[:])
}

// Finding is one of the session before it.
func (e *evidencePage) Finding(f *schemas.SessionFinding) error {
	e.findings++
	e.block.finding(f.Rule, f.Evidence)
	return nil
}

func (e *evidencePage) record(cells []string) error {
	if e.block.n >= otherBlock || e.rows == firstBlock {
		if err := e.endBlock(); err != nil {
			return err
		}
	}
	e.rows++
	e.block.add(cells)
	if len(e.few) < sampled {
		kept := make([]string, len(cells))
		for i, cell := range cells {
			kept[i] = strings.Clone(cell)
		}
		e.few = append(e.few, kept)
	}
	return nil
}

func (e *evidencePage) endBlock() error {
	switch {
	case e.block.n == 0:
		return nil
	case e.first == nil:
		e.first = e.block.take()
		return nil
	}
	_, err := e.others.Write(e.block.take())
	return err
}

// Close writes the page.
func (e *evidencePage) Close() error {
	err := e.endBlock()
	if err == nil {
		whole := e.whole()
		err = e.write(&whole)
	}
	return errors.Join(err, e.others.Close())
}

// Abandon writes no page, and takes away what waited for it.
func (e *evidencePage) Abandon() { _ = e.others.Close() } // there is a failure to tell already

// recordBlock are records on their way into one element of JSON: {"texts": […], "rows": [[…], …]}. A cell is a
// text, or the place of one in texts; behind the cells of the columns stand the findings, if any, as one list of
// rule and evidence in turn.
type recordBlock struct {
	seldom []bool
	n      int
	found  int // of the record that is open
	rows   []byte
	texts  []byte
	index  map[string]int
}

func (b *recordBlock) add(cells []string) {
	if b.n > 0 {
		b.shut()
		b.rows = append(b.rows, ",\n"...)
	}
	b.n++
	b.rows = append(b.rows, '[')
	for i, cell := range cells {
		if i > 0 {
			b.rows = append(b.rows, ',')
		}
		if b.seldom[i] && cell != "" {
			b.rows = schemas.AppendInertText(b.rows, cell)
			continue
		}
		b.rows = strconv.AppendInt(b.rows, int64(b.place(cell)), 10)
	}
}

// finding adds one to the record that came last.
func (b *recordBlock) finding(rule, evidence string) {
	b.rows = append(b.rows, ',')
	if b.found++; b.found == 1 {
		b.rows = append(b.rows, '[')
	}
	b.rows = appendTexts(b.rows, rule, evidence)
}

// shut ends the record that came last.
func (b *recordBlock) shut() {
	if b.found > 0 {
		b.rows = append(b.rows, ']')
	}
	b.found = 0
	b.rows = append(b.rows, ']')
}

// place is where a text stands in the block's texts.
func (b *recordBlock) place(text string) int {
	if at, ok := b.index[text]; ok {
		return at
	}
	if b.index == nil {
		b.index = map[string]int{}
	}
	at := len(b.index)
	b.index[strings.Clone(text)] = at
	if at > 0 {
		b.texts = append(b.texts, ',')
	}
	b.texts = schemas.AppendInertText(b.texts, text)
	return at
}

// take gives the block as an element, and empties it.
func (b *recordBlock) take() []byte {
	b.shut()
	out := slices.Concat([]byte(`<script type="application/json" class="rows">{"texts":[`), b.texts, []byte("],\"rows\":[\n"), b.rows, []byte("\n]}</script>\n"))
	b.n, b.rows, b.texts = 0, b.rows[:0], b.texts[:0]
	clear(b.index)
	return out
}
