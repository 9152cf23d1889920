package sinks

import (
	"bytes"
	"errors"
	"io"
	"os"
	"sync"

	"pamsync/schemas"
)

// Journal appends records to a file. Append returns when its record is on disk; records of
// several goroutines that come together share one sync. After the first error every Append
// fails: what the disk holds then is not known any more.
type Journal struct {
	file    *os.File
	mu      sync.Mutex
	pending bytes.Buffer
	writer  *schemas.Writer
	waiting []chan error
	busy    bool
	err     error
}

// CreateJournal starts a new journal with its start record.
func CreateJournal(path string, start schemas.Start) (*Journal, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return nil, outputFault(path, err)
	}
	j := &Journal{file: file}
	j.writer = schemas.NewWriter(&j.pending)
	if err := j.Append(schemas.Record{Start: &start}); err != nil {
		return nil, err
	}
	return j, nil
}

// ReopenJournal goes on with a journal that was read up to offset bytes; a torn last line
// behind that is cut off.
func ReopenJournal(path string, offset int64) (*Journal, error) {
	file, err := os.OpenFile(path, os.O_WRONLY, fileMode)
	if err != nil {
		return nil, outputFault(path, err)
	}
	if err := errors.Join(file.Truncate(offset), seekEnd(file)); err != nil {
		file.Close()
		return nil, outputFault(path, err)
	}
	j := &Journal{file: file}
	j.writer = schemas.ContinueWriter(&j.pending)
	return j, nil
}

func seekEnd(file *os.File) error {
	_, err := file.Seek(0, io.SeekEnd)
	return err
}

// Append writes a record and returns when it is on disk.
func (j *Journal) Append(rec schemas.Record) error {
	j.mu.Lock()
	if j.err != nil {
		defer j.mu.Unlock()
		return j.err
	}
	if err := j.writer.Write(rec); err != nil {
		defer j.mu.Unlock()
		return schemas.NewFault(schemas.ClassBug, "bug").Because(err)
	}
	done := make(chan error, 1)
	j.waiting = append(j.waiting, done)
	if j.busy {
		j.mu.Unlock()
		return <-done
	}
	j.busy = true
	for len(j.waiting) > 0 && j.err == nil {
		j.flush()
	}
	j.busy = false
	j.mu.Unlock()
	return <-done
}

// flush writes and syncs what is pending, for all that wait for it. The lock is held on entry
// and exit, and given up meanwhile so that others can queue for the next one.
func (j *Journal) flush() {
	data := bytes.Clone(j.pending.Bytes())
	waiting := j.waiting
	j.pending.Reset()
	j.waiting = nil
	j.mu.Unlock()
	_, err := j.file.Write(data)
	if err == nil {
		err = j.file.Sync()
	}
	j.mu.Lock()
	if err != nil {
		j.err = schemas.NewFault(schemas.ClassDisk, "journal_failed").Because(err)
		waiting = append(waiting, j.waiting...)
		j.waiting = nil
	}
	for _, done := range waiting {
		done <- j.err
	}
}

// Close closes the file; everything appended is on disk already.
func (j *Journal) Close() error { return j.file.Close() }
