package sheet

import (
	"bytes"
	"io"
	"strconv"
)

// What a table of shared strings may hold: more than any sheet of a person's has, and little
// enough for a machine.
const (
	maxStrings     = 6_400_000
	maxStringBytes = 128 << 20
	stringBlock    = 1 << 20 // more than any text
	firstBlock     = 8 << 10 // which is all that a small workbook needs
	blockShift     = 21
	offsetBlock    = 1 << 14
)

// table holds the shared strings, as far as they were asked for: their texts in blocks, and where
// each ends. Blocks are never copied as the table grows.
type table struct {
	blocks [][]byte
	ends   [][]uint32 // block number << blockShift | end in it
	n      int
	bytes  int

	name   string // of the part
	scan   *scanner
	root   string // of its one element; "" where the part was read to its end
	prefix string
	text   []byte
	stop   func()
	err    error // that ended the reading: what comes behind it has no certain place
	rest   bool  // what is read is no longer kept
}

// add takes over a text.
func (t *table) add(text []byte) {
	last := len(t.blocks) - 1
	if last < 0 || cap(t.blocks[last])-len(t.blocks[last]) < len(text) {
		size := stringBlock
		if last < 0 {
			size = max(firstBlock, len(text))
		}
		t.blocks = append(t.blocks, make([]byte, 0, size))
		last++
	}
	t.blocks[last] = append(t.blocks[last], text...)
	if t.n%offsetBlock == 0 {
		t.ends = append(t.ends, nil)
	}
	block := &t.ends[t.n/offsetBlock]
	*block = append(*block, uint32(last)<<blockShift|uint32(len(t.blocks[last])))
	t.n++
	t.bytes += len(text)
}

func (t *table) get(i int) []byte {
	end := t.ends[i/offsetBlock][i%offsetBlock]
	const mask = 1<<blockShift - 1
	block, from := end>>blockShift, uint32(0)
	if i > 0 {
		if before := t.ends[(i-1)/offsetBlock][(i-1)%offsetBlock]; before>>blockShift == block {
			from = before & mask
		}
	}
	return t.blocks[block][from : end&mask]
}

// appendShared appends the shared string that a cell names. The table is read as far as the
// cells ask for it.
func (b *Book) appendShared(to, index []byte) ([]byte, error) {
	i := -1
	if len(index) <= 7 {
		i = decimal(index)
	}
	if i < 0 {
		return to, fail(CodeStringIndex, "value", string(index[:min(len(index), 40)]), "has", "")
	}
	if b.strings == nil {
		if err := b.openStrings(); err != nil {
			return to, err
		}
	}
	for i >= b.strings.n {
		more, err := b.strings.more()
		if err != nil {
			return to, err
		}
		if !more {
			return to, fail(CodeStringIndex, "value", shown(index), "has", strconv.Itoa(b.strings.n))
		}
	}
	return append(to, b.strings.get(i)...), nil
}

// openStrings begins to read the part of shared strings; a workbook without one has an empty
// table.
func (b *Book) openStrings() error {
	b.strings = &table{name: b.stringsPart, stop: func() {}}
	if b.stringsPart == "" {
		return nil
	}
	part, err := b.open(b.stringsPart)
	if err != nil {
		b.strings = nil
		return err
	}
	pieces, stop := ahead(part)
	t := b.strings
	t.scan, t.stop = &scanner{in: pieces}, func() { stop(); part.Close() }
	if t.root, err = t.scan.root("sst"); err != nil {
		t.err = t.at(err)
		return t.err
	}
	t.prefix = t.root[:len(t.root)-len("sst")]
	if t.scan.empty {
		t.root = ""
		return t.at(t.scan.over())
	}
	return nil
}

// at names the part in an error.
func (t *table) at(err error) error {
	if fault, ok := err.(*Error); ok {
		fault.Part = t.name
		fault.hush()
	}
	return err
}

// more reads one more string; false where there is none, and the part has come to its end.
func (t *table) more() (bool, error) {
	if t.err != nil || t.root == "" {
		return false, t.err
	}
	more, err := t.read(t.scan)
	t.err = t.at(err)
	return more, t.err
}

func (t *table) read(s *scanner) (more bool, err error) {
	for {
		if err := s.inner(); err != nil {
			return false, err
		}
		switch name := string(s.name); {
		case s.closing && name == t.root:
			t.root = ""
			return false, s.over()
		case !s.closing && name == t.prefix+"si":
			return true, t.item(s)
		case !s.closing && name == t.prefix+"extLst":
			if err := s.skip(); err != nil {
				return false, err
			}
		default:
			return false, fail(CodeMalformed, "cause", "<"+name+">")
		}
	}
}

// item reads the string whose start tag was just read.
func (t *table) item(s *scanner) (err error) {
	if t.prefix == "" && !s.empty && (s.leaf("<t>", "</t></si>") || s.leaf(`<t xml:space="preserve">`, "</t></si>")) {
		t.text, err = s.appendPlain(t.text[:0])
	} else {
		t.text, err = s.richText(t.text[:0], t.prefix, "si")
	}
	switch {
	case err != nil:
		return err
	case t.n == maxStrings:
		return fail(CodeLimit, "what", "strings", "limit", strconv.Itoa(maxStrings))
	case t.rest:
		t.n++
		return nil
	case t.bytes+len(t.text) > maxStringBytes:
		return fail(CodeLimit, "what", "string_bytes", "limit", strconv.Itoa(maxStringBytes))
	}
	t.add(t.text)
	return nil
}

// finish reads what nobody asked for, up to the end, where the part's checksum is compared.
func (t *table) finish() error {
	t.rest = true
	for {
		if more, err := t.more(); err != nil || !more {
			return err
		}
	}
}

// root reads the start of the part's one element, whose local name is known.
func (s *scanner) root(want string) (string, error) {
	if err := s.tag(); err != nil {
		return "", cut(err)
	}
	if s.closing || string(local(s.name)) != want {
		return "", fail(CodeMalformed, "cause", "<"+string(s.name)+">")
	}
	return string(bytes.Clone(s.name)), nil
}

// over reads what is behind the part's one element: nothing.
func (s *scanner) over() error {
	switch err := s.tag(); {
	case err == nil:
		return fail(CodeMalformed, "cause", "<"+string(s.name)+">")
	case err != io.EOF:
		return err
	}
	return nil
}
