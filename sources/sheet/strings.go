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
	maxStringBytes = 512 << 20
	stringBlock    = 1 << 20 // more than any text
	blockShift     = 21
	offsetBlock    = 1 << 14
)

// table holds the shared strings: their texts in blocks, and where each ends. Blocks are never
// copied as the table grows.
type table struct {
	blocks [][]byte
	ends   [][]uint32 // block number << blockShift | end in it
	n      int
	bytes  int
}

// add takes over a text.
func (t *table) add(text []byte) {
	last := len(t.blocks) - 1
	if last < 0 || cap(t.blocks[last])-len(t.blocks[last]) < len(text) {
		t.blocks = append(t.blocks, make([]byte, 0, stringBlock))
		last++
	}
	t.blocks[last] = append(t.blocks[last], text...)
	if t.n%offsetBlock == 0 {
		t.ends = append(t.ends, make([]uint32, 0, offsetBlock))
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

// appendShared appends the shared string that a cell names. The table is read when the first
// cell asks for it.
func (b *Book) appendShared(to, index []byte) ([]byte, error) {
	i := -1
	if len(index) <= 7 {
		i = decimal(index)
	}
	if i < 0 {
		return to, fail(CodeStringIndex, "value", shown(index), "has", "")
	}
	if b.strings == nil {
		t, err := b.readStrings()
		if err != nil {
			return to, err
		}
		b.strings = t
	}
	if i >= b.strings.n {
		return to, fail(CodeStringIndex, "value", shown(index), "has", strconv.Itoa(b.strings.n))
	}
	return append(to, b.strings.get(i)...), nil
}

// readStrings reads the part of shared strings; a workbook without one has an empty table.
func (b *Book) readStrings() (*table, error) {
	t := &table{}
	if b.stringsPart == "" {
		return t, nil
	}
	part, err := b.open(b.stringsPart)
	if err != nil {
		return nil, err
	}
	defer part.Close()
	pieces, stop := ahead(part)
	defer stop()
	if err := t.read(&scanner{in: pieces}); err != nil {
		if fault, ok := err.(*Error); ok {
			fault.Part = b.stringsPart
		}
		return nil, err
	}
	return t, nil
}

func (t *table) read(s *scanner) error {
	root, err := s.root("sst")
	if err != nil || s.empty {
		return err
	}
	prefix := root[:len(root)-len("sst")]
	var text []byte
	for {
		if err := s.inner(); err != nil {
			return err
		}
		switch name := string(s.name); {
		case s.closing && name == root:
			return s.over()
		case !s.closing && name == prefix+"si":
			if prefix == "" && !s.empty && (s.leaf("<t>", "</t></si>") || s.leaf(`<t xml:space="preserve">`, "</t></si>")) {
				text, err = s.appendPlain(text[:0])
			} else {
				text, err = s.richText(text[:0], prefix, "si")
			}
			if err != nil {
				return err
			}
			if t.n == maxStrings || t.bytes+len(text) > maxStringBytes {
				return fail(CodeLimit, "what", "strings", "limit", strconv.Itoa(maxStrings))
			}
			t.add(text)
		case !s.closing && name == prefix+"extLst":
			if err := s.skip(); err != nil {
				return err
			}
		default:
			return fail(CodeMalformed, "cause", "<"+name+">")
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
