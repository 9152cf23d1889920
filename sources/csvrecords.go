package sources

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"
)

const recordsSize = 256 << 10

// records reads a CSV as encoding/csv reads it with any number of fields: record for record, and
// error for error with its line and column. What lies plainly on one line is split in the buffer
// that the file was read into; all else encoding/csv reads, over the same bytes.
type records struct {
	in    io.Reader
	err   error  // what in ended with
	buf   []byte // with room for a block of marks behind it
	pos   int    // of the next record
	lines int    // before pos

	strange bool // a delimiter with which encoding/csv must read everything
	marks   marks
	marked  bool // marks stand at pos
	record  []string
	texts   []byte // of cells in the buffer that could not stay as they are
	first   int    // line of the last record
	several bool   // lines that it may have
	std     *standard
}

// newRecords has a buffer of that size, which must be more than encoding/csv reads ahead.
func newRecords(in io.Reader, delimiter rune, size int) *records {
	r := &records{in: in, buf: make([]byte, 0, size+marksBlock)}
	r.strange = delimiter <= 0 || delimiter >= utf8.RuneSelf || strings.ContainsRune("\"\r\n", delimiter)
	r.marks.delimiter = ones * uint64(byte(delimiter))
	r.std = newStandard(r, delimiter)
	return r
}

// read returns the next record, or io.EOF. It is valid until the next call: its texts alias the
// buffer.
func (r *records) read() ([]string, error) {
	for !r.strange {
		if err := r.skipEmpty(); err != nil {
			return nil, err
		}
		if r.plain() {
			return r.record, nil
		}
		if bytes.IndexByte(r.buf[r.pos:], '\n') >= 0 || !r.more() {
			break
		}
	}
	return r.std.read()
}

// line is the physical line on which the last record began, counted from 1.
func (r *records) line() int { return r.first }

// broken tells that a cell of the last record may hold a line break.
func (r *records) broken() bool { return r.several }

// skipEmpty passes over lines without a byte. Its error is the end of the source, with nothing
// before it.
func (r *records) skipEmpty() error {
	for {
		rest := r.buf[r.pos:]
		switch {
		case len(rest) > 0 && rest[0] == '\n':
			r.pass(1)
		case len(rest) > 1 && rest[0] == '\r' && rest[1] == '\n':
			r.pass(2)
		case len(rest) > 1 || len(rest) == 1 && rest[0] != '\r':
			return nil
		case !r.more():
			if len(rest) == 0 {
				return r.err
			}
			return nil
		}
	}
}

// pass leaves an empty line of n bytes.
func (r *records) pass(n int) {
	r.pos += n
	r.lines++
	r.marked = false
}

// more brings more of the source into the buffer, at the cost of what is before pos; false where
// there is no more, or no room for it.
func (r *records) more() bool {
	size := cap(r.buf) - marksBlock
	if r.err != nil || r.pos == 0 && len(r.buf) == size {
		return false
	}
	r.buf = r.buf[:copy(r.buf, r.buf[r.pos:])]
	r.pos, r.marked = 0, false
	r.texts = r.texts[:0]
	for range 100 {
		n, err := r.in.Read(r.buf[len(r.buf):size])
		r.buf, r.err = r.buf[:len(r.buf)+n], err
		if n > 0 || err != nil {
			return n > 0
		}
	}
	r.err = io.ErrNoProgress
	return false
}
