package sinks

import "os"

// soon writes a file, and lets the system begin to carry it to the disk meanwhile: else all of it would wait
// for the sync at the end.
type soon struct {
	file       *os.File
	at, handed int64
}

// soonPiece is how much is handed over at once.
const soonPiece = 8 << 20

func (s *soon) Write(p []byte) (int, error) {
	n, err := s.file.Write(p)
	s.at += int64(n)
	if s.at-s.handed >= soonPiece {
		beginWriteback(s.file, s.handed, s.at-s.handed)
		s.handed = s.at
	}
	return n, err
}
