package jobs

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
)

// behind writes and hashes what it is given on a goroutine of its own, some pieces behind who gives it: an
// export is made on one processor while the other carries it away.
type behind struct {
	full, free chan []byte
	now        []byte
	failed     chan struct{} // closed when a write failed
	err        error         // known once failed is closed, or done is
	done       chan struct{}
	bytes      int64
	sum        string
}

const (
	behindPiece  = 128 << 10
	behindPieces = 8
)

// writeBehind begins; finish must be called.
func writeBehind(out io.Writer) *behind {
	b := &behind{full: make(chan []byte, behindPieces), free: make(chan []byte, behindPieces), failed: make(chan struct{}), done: make(chan struct{})}
	for range behindPieces {
		b.free <- make([]byte, 0, behindPiece)
	}
	b.now = <-b.free
	go b.carry(out)
	return b
}

func (b *behind) carry(out io.Writer) {
	defer close(b.done)
	hash := sha256.New()
	for piece := range b.full {
		if b.err == nil {
			hash.Write(piece)
			n, err := out.Write(piece)
			b.bytes += int64(n)
			if err != nil {
				b.err = err
				close(b.failed)
			}
		}
		b.free <- piece[:0]
	}
	b.sum = hex.EncodeToString(hash.Sum(nil))
}

func (b *behind) Write(p []byte) (int, error) {
	written := len(p)
	for len(p) > 0 {
		room := cap(b.now) - len(b.now)
		if room == 0 {
			b.full <- b.now
			b.now = <-b.free
			select {
			case <-b.failed:
				return 0, b.err
			default:
			}
			continue
		}
		n := min(room, len(p))
		b.now = append(b.now, p[:n]...)
		p = p[n:]
	}
	return written, nil
}

// finish waits until all is written, and gives the first error of a write. Called again it gives that alone.
func (b *behind) finish() error {
	if b.full != nil {
		b.full <- b.now
		close(b.full)
		<-b.done
		b.full = nil
	}
	return b.err
}
