package page

import (
	"bytes"
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
	sizes    []int // of the blocks in others
	rows     int
	findings int
	few      [][]string
	block    recordBlock
}

// NewEvidence begins the page of an export of devices, credentials or sessions; tmp is a folder that only we
// can read.
func NewEvidence(w io.Writer, lang words.Lang, what string, whole func() Evidence, tmp string) sinks.Export {
	return &evidencePage{put: &texts{w: w}, lang: lang, what: what, whole: whole, others: sinks.NewScratch(tmp), block: recordBlock{own: OwnColumns(what)}}
}

// OwnColumns tells of each column of an export whether its texts seldom come twice: then they stand in the rows of
// a page, and not once for all of a block.
func OwnColumns(what string) []bool {
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
	block := e.block.take()
	e.sizes = append(e.sizes, len(block))
	_, err := e.others.Write(block)
	return err
}

// blockParts writes the blocks that waited, each as a part.
type blockParts struct {
	page *evidencePage
	left int // of the block under way
}

func (b *blockParts) Write(p []byte) (int, error) {
	written := 0
	for len(p) > 0 && b.page.put.err == nil {
		if b.left == 0 {
			b.left, b.page.sizes = b.page.sizes[0], b.page.sizes[1:]
			b.page.part("page-rows")
		}
		n := min(b.left, len(p))
		b.page.put.bytes(p[:n])
		written, b.left, p = written+n, b.left-n, p[n:]
	}
	return written, b.page.put.err
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

// recordBlock are records on their way into one element of JSON: {"texts": […], "rows": [[own, place, …], …]}. own
// are the cells of a record's own columns with tabs between them, as one text, since a browser reads one long text
// faster than many short ones; they are a list of texts where one of them has a tab. The cells of the other columns
// are places in texts. Behind them stand the findings, if any, as one list of rule and evidence in turn.
type recordBlock struct {
	own   []bool
	n     int
	found int // of the record that is open
	rows  []byte
	texts []byte
	index map[string]int
	line  []byte // of own cells
}

func (b *recordBlock) add(cells []string) {
	if b.n > 0 {
		b.shut()
		b.rows = append(b.rows, ",\n"...)
	}
	b.n++
	b.rows = b.appendOwn(append(b.rows, '['), cells)
	for i, cell := range cells {
		if !b.own[i] {
			b.rows = strconv.AppendInt(append(b.rows, ','), int64(b.place(cell)), 10)
		}
	}
}

func (b *recordBlock) appendOwn(out []byte, cells []string) []byte {
	b.line = b.line[:0]
	var own []string
	for i, cell := range cells {
		if b.own[i] {
			b.line = append(append(b.line, cell...), '\t')
			own = append(own, cell)
		}
	}
	line := b.line[:len(b.line)-1]
	if bytes.Count(line, []byte{'\t'}) == len(own)-1 {
		return schemas.AppendInertText(out, string(line))
	}
	return append(appendTexts(append(out, '['), own...), ']')
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

// EvidenceBlock is the element that some records of an export stand in, findings being the rule and evidence of
// each finding of a record in turn.
func EvidenceBlock(what string, records, findings [][]string) []byte {
	b := recordBlock{own: OwnColumns(what)}
	for i, cells := range records {
		b.add(cells)
		for j := 0; j+1 < len(findings[i]); j += 2 {
			b.finding(findings[i][j], findings[i][j+1])
		}
	}
	return b.take()
}
