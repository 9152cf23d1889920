package sinks

import (
	"errors"
	"testing"
)

var errDisk = errors.New("the disk is gone")

// failing tells of its first sync and fails it: as a system does, which tells of a failure once.
type failing struct {
	synced chan struct{} // closed by the first
	times  int
}

func (f *failing) Write(p []byte) (int, error) { return len(p), nil }

func (f *failing) Sync() error {
	if f.times++; f.times > 1 {
		return nil
	}
	close(f.synced)
	return errDisk
}

// TestAFailureMeanwhileIsTold: of a large file the disk is asked while it is written, and what it says then is not
// lost at the end; of a small one it is asked at the end alone.
func TestAFailureMeanwhileIsTold(t *testing.T) {
	large := &failing{synced: make(chan struct{})}
	s := &soon{file: large}
	if _, err := s.Write(make([]byte, soonPiece)); err != nil {
		t.Fatal(err)
	}
	<-large.synced
	if err := s.settle(); !errors.Is(err, errDisk) || large.times != 2 {
		t.Errorf("%v after %d syncs", err, large.times)
	}
	if err := s.stop(); err != nil {
		t.Errorf("stopped again: %v", err)
	}

	small := &failing{synced: make(chan struct{})}
	s = &soon{file: small}
	if _, err := s.Write(make([]byte, soonPiece-1)); err != nil {
		t.Fatal(err)
	}
	if small.times != 0 {
		t.Errorf("a small file was synced %d times while it was written", small.times)
	}
	if err := s.settle(); !errors.Is(err, errDisk) {
		t.Error(err)
	}
}
