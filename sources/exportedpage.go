package sources

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// ExportedBlock are some rows of a page that an export wrote: an element of JSON whose first line has the texts
// that its rows refer to, and each further line a row.
type ExportedBlock struct {
	Line  int      // where it begins
	Raw   [][]byte // its lines
	Texts []string // nil where they cannot be read: then no row has cells
	Rows  []ExportedRow
	// Uses are the texts that each row refers to, Findings the rule and evidence of each finding in turn.
	Uses     [][]int
	Findings [][]string
}

// What the lines of a block begin and end with.
var (
	blockBegin = []byte(`<script type="application/json" class="rows">`)
	blockRows  = []byte(`,"rows":[`)
	blockEnd   = []byte(`]}</script>`)
)

// ReadExportedPage yields the rows of a page that an export wrote. own tells of each column whether its cells stand
// in the rows themselves, and not in the texts of their block. A damaged line hides no other one.
func ReadExportedPage(in io.Reader, own []bool, yield func(*ExportedBlock) error) error {
	lines := bufio.NewReaderSize(in, recordsSize)
	var b *ExportedBlock
	give := func() error {
		if b == nil {
			return nil
		}
		whole := b
		b = nil
		return yield(whole)
	}
	for line := 1; ; {
		raw, err := exportedLine(lines)
		text := bytes.TrimSuffix(raw, []byte("\n"))
		switch {
		case bytes.HasPrefix(text, blockBegin) || bytes.HasSuffix(text, blockRows):
			if err := give(); err != nil {
				return err
			}
			b = &ExportedBlock{Line: line, Raw: [][]byte{raw}, Texts: blockTexts(text)}
		case b == nil:
		case bytes.HasPrefix(text, []byte("<")):
			if err := give(); err != nil {
				return err
			}
		case bytes.Equal(text, blockEnd):
			b.Raw = append(b.Raw, raw)
			if err := give(); err != nil {
				return err
			}
		case len(raw) > 0:
			b.add(line, raw, own)
		}
		line += bytes.Count(raw, []byte{'\n'})
		if errors.Is(err, io.EOF) {
			return give()
		}
		if err != nil {
			return err
		}
	}
}

// blockTexts reads the texts of a block from its first line, nil where it is not as one was written.
func blockTexts(line []byte) []string {
	line, begins := bytes.CutPrefix(line, blockBegin)
	line, ends := bytes.CutSuffix(line, blockRows)
	if !begins || !ends {
		return nil
	}
	var head struct {
		Texts []string `json:"texts"`
	}
	dec := json.NewDecoder(bytes.NewReader(append(bytes.Clone(line), '}')))
	dec.DisallowUnknownFields()
	if dec.Decode(&head) != nil || head.Texts == nil {
		return nil
	}
	return head.Texts
}

// add takes a line of the block as a row.
func (b *ExportedBlock) add(line int, raw []byte, own []bool) {
	row := ExportedRow{Line: line, Raw: raw}
	cells, uses, findings := b.cells(raw, own)
	row.Cells = cells
	b.Raw, b.Rows = append(b.Raw, raw), append(b.Rows, row)
	b.Uses, b.Findings = append(b.Uses, uses), append(b.Findings, findings)
}

// cells reads a row: the cells of its own columns, places of texts for the others, and behind them its findings.
func (b *ExportedBlock) cells(raw []byte, own []bool) (cells []string, uses []int, findings []string) {
	var parts []json.RawMessage
	text := bytes.TrimSuffix(bytes.TrimSuffix(raw, []byte("\n")), []byte(","))
	if b.Texts == nil || json.Unmarshal(text, &parts) != nil || len(parts) == 0 {
		return nil, nil, nil
	}
	mine, parts := ownCells(parts[0]), parts[1:]
	for _, here := range own {
		if here {
			if len(mine) == 0 {
				return nil, nil, nil
			}
			cells, mine = append(cells, mine[0]), mine[1:]
			continue
		}
		var at int
		if len(parts) == 0 || json.Unmarshal(parts[0], &at) != nil || at < 0 || at >= len(b.Texts) {
			return nil, nil, nil
		}
		cells, uses, parts = append(cells, b.Texts[at]), append(uses, at), parts[1:]
	}
	if len(mine) > 0 || len(parts) > 1 {
		return nil, nil, nil
	}
	if len(parts) == 1 && (json.Unmarshal(parts[0], &findings) != nil || len(findings)%2 == 1) {
		return nil, nil, nil
	}
	return cells, uses, findings
}

// ownCells are the cells that stand in a row: one text with tabs between them, or a list of texts; nil is neither.
func ownCells(part json.RawMessage) (cells []string) {
	var text string
	if json.Unmarshal(part, &text) == nil && part[0] == '"' {
		return strings.Split(text, "\t")
	}
	if json.Unmarshal(part, &cells) != nil {
		return nil
	}
	return cells
}
