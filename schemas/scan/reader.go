package scan

import (
	"bytes"
	"io"
)

const (
	defaultRecord = 4 << 20
	defaultDepth  = 64
	byteOrderMark = "\xEF\xBB\xBF"
)

// Options bounds what a Reader accepts.
type Options struct {
	MaxRecord int   // largest single value that Raw or a key may hold, bytes; 0 means 4 MiB
	MaxDepth  int   // deepest nesting accepted, entered or not; 0 means 64
	MaxBytes  int64 // most bytes of the source in all; 0 means no cap
	Window    int   // bytes of the source that are held at once, where no value is longer; 0 means 64 KiB
}

// Reader reads the values of one source in their order. At the top any number
// of values may follow one another, set apart by white space (objects, arrays
// and strings need none).
type Reader struct {
	w     window
	s     scanner // its stack holds the objects and arrays entered
	at    step    // what comes next: atValue, atFirst, atFirstKey or atNext
	key   []byte
	heads heads  // of the objects that Object read
	texts []byte // of the last of them, where they had to be decoded

	started   bool
	maxRecord int
	err       error
}

// NewReader reads r, less one UTF-8 byte order mark at its start.
func NewReader(r io.Reader, o Options) *Reader {
	size := o.Window
	if size <= 0 {
		size = windowSize
	}
	return newReader(r, o, size)
}

func newReader(src io.Reader, o Options, size int) *Reader {
	if o.MaxRecord <= 0 {
		o.MaxRecord = defaultRecord
	}
	if o.MaxDepth <= 0 {
		o.MaxDepth = defaultDepth
	}
	return &Reader{
		w:         newWindow(src, size, o.MaxRecord, o.MaxBytes),
		s:         scanner{max: o.MaxDepth},
		at:        atValue,
		maxRecord: o.MaxRecord,
	}
}

// Peek says what the next value is, without consuming it: '{' '[' '"',
// '0' for a number, 't' for true or false, 'n' for null. It gives 0 and io.EOF
// when only white space remains in the source.
func (r *Reader) Peek() (byte, error) {
	if r.err != nil {
		return 0, r.err
	}
	if r.at != atValue {
		return 0, misuse("Peek")
	}
	c, err := r.lead()
	if err == io.EOF && len(r.s.stack) == 0 {
		return 0, io.EOF
	}
	if err != nil {
		return 0, r.ended(err)
	}
	kind := kinds[c]
	if kind == 0 {
		return 0, r.unexpected(r.w.pos, atValue)
	}
	return kind, nil
}

// Raw returns the next value as it stands, without the white space around it.
// It is valid JSON, and valid until the next call.
func (r *Reader) Raw() ([]byte, error) {
	if err := r.value(); err != nil {
		return nil, err
	}
	raw, err := r.hold()
	if err != nil {
		return nil, err
	}
	r.passed()
	return raw, nil
}

// Skip passes over the next value without holding it, however long it is. It
// is checked all the same.
func (r *Reader) Skip() error {
	if err := r.value(); err != nil {
		return err
	}
	if err := r.run(); err != nil {
		return err
	}
	r.passed()
	return nil
}

// End checks that nothing but white space remains in the source, and that
// everything entered was left.
func (r *Reader) End() error {
	if r.err != nil {
		return r.err
	}
	_, err := r.lead()
	if err == io.EOF && len(r.s.stack) == 0 {
		return nil
	}
	if err != nil {
		return r.ended(err)
	}
	return r.unexpected(r.w.pos, atEnd)
}

// Offset is the number of bytes consumed so far, the place of the next value
// after Peek, NextKey and NextElement.
func (r *Reader) Offset() int64 { return r.w.base + int64(r.w.pos) }

// Line is the physical line of Offset, counted from 1.
func (r *Reader) Line() int { return r.w.line() }

// value makes sure that a value follows.
func (r *Reader) value() error {
	_, err := r.Peek()
	if err == io.EOF {
		return r.ended(err)
	}
	return err
}

// passed notes that a value was consumed.
func (r *Reader) passed() {
	r.at = atNext
	if len(r.s.stack) == 0 {
		r.at = atValue
	}
}

// lead passes over white space and returns the byte after it, unconsumed.
func (r *Reader) lead() (byte, error) {
	if !r.started {
		r.started = true
		r.skipMark()
	}
	for {
		for i, c := range r.w.buf[r.w.pos:] {
			if !space[c] {
				r.w.pos += i
				return c, nil
			}
		}
		r.w.pos = len(r.w.buf)
		if err := r.w.more(); err != nil {
			return 0, err
		}
	}
}

// skipMark passes over a byte order mark. What the source ends with shows
// again when more is asked for.
func (r *Reader) skipMark() {
	w := &r.w
	w.hold = true
	for len(w.buf) < len(byteOrderMark) && bytes.HasPrefix([]byte(byteOrderMark), w.buf) {
		if w.more() != nil {
			break
		}
	}
	w.hold = false
	if bytes.HasPrefix(w.buf, []byte(byteOrderMark)) {
		w.pos = len(byteOrderMark)
	}
}

// hold runs over the value at pos and returns it.
func (r *Reader) hold() ([]byte, error) {
	r.w.mark = r.w.pos
	r.w.hold = true
	err := r.run()
	r.w.hold = false
	if err != nil {
		return nil, err
	}
	if r.w.pos-r.w.mark > r.maxRecord {
		return nil, r.tooLarge(r.w.mark, "a value is longer than", r.maxRecord)
	}
	return r.w.buf[r.w.mark:r.w.pos:r.w.pos], nil
}

// run consumes the value at pos.
func (r *Reader) run() error {
	r.s.begin()
	for {
		i, v := r.s.run(r.w.buf, r.w.pos)
		switch v {
		case done:
			r.w.pos = i
			return nil
		case wrong:
			return r.unexpected(i, r.s.step)
		case deep:
			return r.tooLarge(i, "values are nested deeper than", r.s.max)
		}
		r.w.pos = i
		if r.w.hold && i-r.w.mark > r.maxRecord {
			return r.tooLarge(r.w.mark, "a value is longer than", r.maxRecord)
		}
		err := r.w.more()
		if err == io.EOF && r.s.whole() {
			return nil
		}
		if err != nil {
			return r.ended(err)
		}
	}
}
