package sources

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"sync"
)

// summed reads ahead of who reads from it, and hashes what it reads beside it: what was hashed is what
// was read, byte for byte.
type summed struct {
	full, free chan []byte
	done       chan struct{}
	gone       sync.WaitGroup
	now        []byte // what is left of the piece under way
	whole      []byte // the piece, to be given back
	err        error  // how the reading ended
	sum        string
}

// aheadPieces is how many pieces are read ahead.
const aheadPieces = 4

// sumAhead begins to read, size bytes at a time; stop must be called, and the sum asked for only behind the end.
func sumAhead(in io.Reader, size int) (s *summed, stop func()) {
	s = &summed{full: make(chan []byte, aheadPieces), free: make(chan []byte, aheadPieces), done: make(chan struct{})}
	for range aheadPieces {
		s.free <- make([]byte, size)
	}
	s.gone.Go(func() { s.fill(in) })
	return s, func() {
		close(s.done)
		s.gone.Wait()
	}
}

// fill reads and hashes until the end, or until nobody wants more.
func (s *summed) fill(in io.Reader) {
	defer close(s.full)
	hash := sha256.New()
	for {
		var piece []byte
		select {
		case piece = <-s.free:
		case <-s.done:
			return
		}
		n, err := in.Read(piece[:cap(piece)])
		hash.Write(piece[:n])
		if err != nil {
			s.err, s.sum = err, hex.EncodeToString(hash.Sum(nil))
		}
		select {
		case s.full <- piece[:n]:
		case <-s.done:
			return
		}
		if err != nil {
			return
		}
	}
}

func (s *summed) Read(p []byte) (int, error) {
	for len(s.now) == 0 {
		if s.whole != nil {
			s.free <- s.whole
			s.whole = nil
		}
		piece, ok := <-s.full
		if !ok {
			return 0, s.err
		}
		s.now, s.whole = piece, piece[:cap(piece)]
	}
	n := copy(p, s.now)
	s.now = s.now[n:]
	return n, nil
}
