package sinks

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"

	"pamsync/schemas"
)

// Disk is what a journal is written to; an *os.File is one.
type Disk interface {
	io.Writer
	Sync() error
	Close() error
}

// Journal appends records to a file. Append returns when its record is on disk; records of
// several goroutines that come together share one sync. After the first error every Append
// fails: what the disk holds then is not known any more.
type Journal struct {
	disk    Disk
	mu      sync.Mutex
	pending bytes.Buffer
	writer  *schemas.JournalWriter
	waiting []chan error
	busy    bool
	err     error
}

// CreateJournal starts a new journal with its start record. When it returns, the record and the
// file's entry in its folder are on disk.
func CreateJournal(path string, start schemas.Start) (*Journal, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return nil, outputFault(path, err)
	}
	return StartJournal(file, func() error { return syncFolder(filepath.Dir(path)) }, start)
}

// StartJournal is CreateJournal on a disk that holds nothing yet; enter makes the file's entry in
// its folder last. The disk is closed where this fails.
func StartJournal(d Disk, enter func() error, start schemas.Start) (*Journal, error) {
	j := &Journal{disk: d}
	j.writer = schemas.NewJournalWriter(&j.pending)
	err := j.Append(schemas.Record{Start: &start})
	if err == nil {
		err = enter()
	}
	if err != nil {
		d.Close()
		return nil, err
	}
	return j, nil
}

// ReopenJournal goes on with a journal behind its whole records; what a crash left behind them is
// cut off, and the number of its bytes returned.
func ReopenJournal(path string, end schemas.JournalEnd) (*Journal, int64, error) {
	file, err := os.OpenFile(path, os.O_WRONLY, fileMode)
	if err != nil {
		return nil, 0, outputFault(path, err)
	}
	size, err := file.Seek(0, io.SeekEnd)
	if err == nil && size > end.Offset {
		err = file.Truncate(end.Offset)
	}
	if err == nil {
		_, err = file.Seek(end.Offset, io.SeekStart)
	}
	var j *Journal
	if err == nil {
		j, err = ContinueJournal(file, end)
	}
	if err != nil {
		return nil, 0, errors.Join(outputFault(path, err), file.Close())
	}
	return j, size - end.Offset, nil
}

// ContinueJournal goes on with a disk that was cut to the whole records of a journal. The cut is
// synced first: a line that was cut off must not come back behind one that is written now. So are
// the records themselves: they may have been read before they were on disk.
func ContinueJournal(d Disk, end schemas.JournalEnd) (*Journal, error) {
	if err := d.Sync(); err != nil {
		return nil, err
	}
	j := &Journal{disk: d}
	j.writer = schemas.ContinueJournalWriter(&j.pending, end)
	return j, nil
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
	j.writer.Batch()
	j.mu.Unlock()
	_, err := j.disk.Write(data)
	if err == nil {
		err = j.disk.Sync()
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
func (j *Journal) Close() error { return j.disk.Close() }
