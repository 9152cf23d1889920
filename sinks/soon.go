package sinks

import "io"

// soon writes a file whose bytes go to the disk meanwhile, on a goroutine of its own: else all of them would
// wait for the sync at the end. One of settle and stop must be called before the file is closed.
type soon struct {
	file disk
	more int           // bytes since the disk was asked last
	ask  chan struct{} // nil while the file is small
	done chan error
}

// disk is a file on one.
type disk interface {
	io.Writer
	Sync() error
}

// soonPiece is how much is worth a sync of its own.
const soonPiece = 8 << 20

func (s *soon) Write(p []byte) (int, error) {
	n, err := s.file.Write(p)
	if s.more += n; s.more < soonPiece {
		return n, err
	}
	if s.ask == nil {
		s.ask, s.done = make(chan struct{}, 1), make(chan error, 1)
		go s.carry(s.ask)
	}
	select {
	case s.ask <- struct{}{}:
		s.more = 0
	default: // the disk is behind, and is asked again with the next piece
	}
	return n, err
}

// carry syncs whenever it is asked to. A disk tells of a failure once: it is kept for settle.
func (s *soon) carry(ask <-chan struct{}) {
	var failed error
	for range ask {
		if err := s.file.Sync(); failed == nil {
			failed = err
		}
	}
	s.done <- failed
}

// settle returns when all is on the disk, with the first failure of getting it there.
func (s *soon) settle() error {
	failed := s.stop()
	if err := s.file.Sync(); failed == nil {
		failed = err
	}
	return failed
}

// stop ends what runs meanwhile, and gives its failure. Called again it does nothing.
func (s *soon) stop() error {
	if s.ask == nil {
		return nil
	}
	close(s.ask)
	s.ask = nil
	return <-s.done
}
