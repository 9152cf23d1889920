package sinks

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
)

// Scratch keeps what comes before its turn in a file of its own, which nobody else may read and which goes
// with Close. The file is made by the first write.
type Scratch struct {
	folder string
	file   *os.File
	buffer *bufio.Writer
}

// NewScratch begins a scratch file in a folder, where it is on the disk that the output is on.
func NewScratch(folder string) *Scratch { return &Scratch{folder: folder} }

// Write appends to it.
func (s *Scratch) Write(p []byte) (int, error) {
	if s.file == nil {
		file, err := os.CreateTemp(s.folder, unfinished+"*") // 0600
		if err != nil {
			return 0, outputFault(s.folder, err)
		}
		s.file, s.buffer = file, bufio.NewWriterSize(file, 256<<10)
	}
	n, err := s.buffer.Write(p)
	if err != nil {
		return n, outputFault(s.file.Name(), err)
	}
	return n, nil
}

// CopyTo gives all that was written, from the beginning.
func (s *Scratch) CopyTo(w io.Writer) error {
	if s.file == nil {
		return nil
	}
	if err := s.buffer.Flush(); err != nil {
		return outputFault(s.file.Name(), err)
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return outputFault(s.file.Name(), err)
	}
	_, err := io.Copy(w, s.file)
	return err
}

// Close takes the file away.
func (s *Scratch) Close() error {
	if s.file == nil {
		return nil
	}
	err := errors.Join(s.file.Close(), os.Remove(s.file.Name()))
	s.file = nil
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return outputFault(s.folder, err)
	}
	return nil
}
