// Package ahead reads a stream before it is asked for, on a goroutine of its own, and hashes it there: what was
// hashed is what was read, byte for byte. It must not know what the bytes mean or where they come from.
package ahead

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"sync"
)

// Reader gives the bytes of a stream in their order; it is for one goroutine.
type Reader struct {
	in         io.Reader
	also       io.Writer // nil for nobody
	full, free chan []byte
	done       chan struct{}
	gone       sync.WaitGroup
	now        []byte // what is left of the piece under way
	whole      []byte // the piece, to be given back
	err        error  // how the reading ended
	bytes      int64
	sum        string
}

// NewReader begins to read, so many pieces of so many bytes ahead. Stop must be called. also is given every piece too,
// as it is read, and nil is nobody: what it cannot take is for its owner to know.
func NewReader(in io.Reader, size, pieces int, also io.Writer) *Reader {
	r := &Reader{in: in, also: also, full: make(chan []byte, pieces), free: make(chan []byte, pieces), done: make(chan struct{})}
	for range pieces {
		r.free <- make([]byte, size)
	}
	r.gone.Go(r.fill)
	return r
}

// Stop ends the reading and waits until nothing is read any more: whose stream may stand still closes it first.
func (r *Reader) Stop() {
	close(r.done)
	r.gone.Wait()
}

// Sum is the SHA-256 of all bytes in hex, Bytes how many they are: both are known once Read has told the end.
func (r *Reader) Sum() string { return r.sum }

// Bytes is said at Sum.
func (r *Reader) Bytes() int64 { return r.bytes }

func (r *Reader) fill() {
	defer close(r.full)
	hash := sha256.New()
	for {
		var piece []byte
		select {
		case piece = <-r.free:
			piece = piece[:cap(piece)]
		case <-r.done:
			return
		}
		n, err := 0, error(nil)
		for n < len(piece) && err == nil {
			var m int
			m, err = r.in.Read(piece[n:]) // io.ReadFull would make one error of an end and of a cut
			n += m
		}
		hash.Write(piece[:n])
		if r.also != nil {
			_, _ = r.also.Write(piece[:n])
		}
		r.bytes += int64(n)
		if err != nil {
			r.err, r.sum = err, hex.EncodeToString(hash.Sum(nil))
		}
		select {
		case r.full <- piece[:n]:
		case <-r.done:
			return
		}
		if err != nil {
			return
		}
	}
}

// Read gives what was read ahead, and at its end the stream's own error.
func (r *Reader) Read(p []byte) (int, error) {
	for len(r.now) == 0 {
		if r.whole != nil {
			r.free <- r.whole
			r.whole = nil
		}
		piece, ok := <-r.full
		if !ok {
			return 0, r.err
		}
		r.now, r.whole = piece, piece[:cap(piece)]
	}
	n := copy(p, r.now)
	r.now = r.now[n:]
	return n, nil
}
