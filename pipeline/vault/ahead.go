package vault

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"sync"
)

// ahead reads a body before it is asked for, on a goroutine of its own, and hashes it there: what was
// hashed is what was read.
type ahead struct {
	in         io.ReadCloser
	full, free chan []byte
	done       chan struct{}
	gone       sync.WaitGroup
	now, whole []byte
	err        error
	bytes      int64
	sum        string // known behind the end
}

// aheadPieces is how many pieces of listWindow bytes are read ahead.
const aheadPieces = 16

// readAhead begins to read; stop must be called.
func readAhead(in io.ReadCloser) *ahead {
	a := &ahead{in: in, full: make(chan []byte, aheadPieces), free: make(chan []byte, aheadPieces), done: make(chan struct{})}
	for range aheadPieces {
		a.free <- make([]byte, listWindow)
	}
	a.gone.Go(a.fill)
	return a
}

func (a *ahead) stop() {
	close(a.done)
	a.in.Close() // a read under way ends
	a.gone.Wait()
}

func (a *ahead) fill() {
	defer close(a.full)
	hash := sha256.New()
	for {
		var piece []byte
		select {
		case piece = <-a.free:
			piece = piece[:cap(piece)]
		case <-a.done:
			return
		}
		n, err := 0, error(nil)
		for n < len(piece) && err == nil {
			var m int
			m, err = a.in.Read(piece[n:]) // io.ReadFull would make one error of an end and of a cut
			n += m
		}
		hash.Write(piece[:n])
		a.bytes += int64(n)
		if err != nil {
			a.err, a.sum = err, hex.EncodeToString(hash.Sum(nil))
		}
		select {
		case a.full <- piece[:n]:
		case <-a.done:
			return
		}
		if err != nil {
			return
		}
	}
}

func (a *ahead) Read(p []byte) (int, error) {
	for len(a.now) == 0 {
		if a.whole != nil {
			a.free <- a.whole
			a.whole = nil
		}
		piece, ok := <-a.full
		if !ok {
			return 0, a.err
		}
		a.now, a.whole = piece, piece[:cap(piece)]
	}
	n := copy(p, a.now)
	a.now = a.now[n:]
	return n, nil
}
