package scan

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
)

const (
	windowSize = 64 << 10
	// slack is the least space to read into when the window holds a value of
	// the greatest length allowed.
	slack      = 4 << 10
	emptyReads = 100
)

var errReader = errors.New("the source claims more bytes than it was asked for")

// window is the part of the source at hand: buf, of which buf[:pos] is
// consumed. While hold is set the bytes from mark on stay; otherwise only
// those from pos on do.
type window struct {
	src  io.Reader
	buf  []byte
	pos  int
	mark int
	hold bool

	base    int64 // bytes of the source before buf
	lines   int   // newlines of the source before buf[counted]
	counted int
	max     int   // greatest capacity of buf
	cap     int64 // most bytes of the source; 0 for no cap
	err     error // what the source ended with
}

// more brings at least one byte more into the window. It may move the bytes
// that stay: pos and mark follow.
func (w *window) more() error {
	if w.err != nil {
		return w.err
	}
	w.room()
	for range emptyReads {
		free := w.free()
		n, err := w.src.Read(free)
		if n < 0 || n > len(free) {
			n, err = 0, errReader
		}
		w.buf = w.buf[:len(w.buf)+n]
		w.err = err
		w.checkCap()
		if n > 0 && len(w.buf) > w.pos {
			return nil
		}
		if w.err != nil {
			return w.err
		}
	}
	w.err = io.ErrNoProgress
	return w.err
}

// free is the space to read into: no more than one byte past the cap, which
// tells a source that ends there from a longer one.
func (w *window) free() []byte {
	free := w.buf[len(w.buf):cap(w.buf)]
	if w.cap > 0 {
		left := w.cap - w.base - int64(len(w.buf))
		if left < int64(len(free)) {
			free = free[:left+1]
		}
	}
	return free
}

// checkCap takes back what was read past the cap and ends the source there.
func (w *window) checkCap() {
	over := w.base + int64(len(w.buf)) - w.cap
	if w.cap > 0 && over > 0 {
		w.buf = w.buf[:len(w.buf)-int(over)]
		w.err = fmt.Errorf("%w: the source is longer than %d bytes", ErrTooLarge, w.cap)
	}
}

// room makes space at the end of the window: by dropping what need not stay,
// and by growing when that would leave less than half of it.
func (w *window) room() {
	if !w.hold {
		w.mark = w.pos
	}
	if len(w.buf) < cap(w.buf) && w.mark < len(w.buf) {
		return
	}
	w.lines += bytes.Count(w.buf[min(w.counted, w.mark):w.mark], newline)
	w.counted = max(w.counted-w.mark, 0)
	stay := w.buf[w.mark:]
	to := w.buf[:0]
	if size := cap(w.buf); len(stay) > size/2 && size < w.max {
		size = min(w.max, max(size, 1)*2)
		to = make([]byte, 0, size)
	}
	w.base += int64(w.mark)
	w.buf = append(to, stay...)
	w.pos -= w.mark
	w.mark = 0
}

// place is the offset and the line of buf[i].
func (w *window) place(i int) (int64, int) {
	lines := w.lines
	if i > w.counted {
		lines += bytes.Count(w.buf[w.counted:i], newline)
	}
	return w.base + int64(i), lines + 1
}

// line is the line of pos; what it counted is not counted again.
func (w *window) line() int {
	if w.pos > w.counted {
		w.lines += bytes.Count(w.buf[w.counted:w.pos], newline)
		w.counted = w.pos
	}
	return w.lines + 1
}

var newline = []byte{'\n'}

// newWindow starts with size bytes; limit is the longest value to be held.
func newWindow(src io.Reader, size, limit int, most int64) window {
	limit = min(limit, math.MaxInt-slack)
	return window{
		src: src,
		buf: make([]byte, 0, size),
		max: max(size, limit+slack),
		cap: max(most, 0),
	}
}
