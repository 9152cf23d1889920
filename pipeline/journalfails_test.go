package pipeline_test

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"pamsync/pipeline"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
	"pamsync/sinks"
)

// failingDisk fails its n-th write or sync, and whatever is asked of it after that succeeds: it is
// the journal that must not ask again.
type failingDisk struct {
	mu              sync.Mutex
	left            int
	failed          bool
	after           int // what was asked of it after it had failed
	written, synced bytes.Buffer
}

func (d *failingDisk) next() error {
	if d.failed {
		d.after++
		return nil
	}
	if d.left--; d.left == 0 {
		d.failed = true
		return syscall.EIO
	}
	return nil
}

func (d *failingDisk) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.next(); err != nil {
		return 0, err
	}
	return d.written.Write(p)
}

func (d *failingDisk) Sync() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.next(); err != nil {
		return err
	}
	d.synced.Write(d.written.Bytes())
	d.written.Reset()
	return nil
}

func (d *failingDisk) Close() error { return nil }

// TestNoCallFollowsAJournalThatFails lets every write and sync of the journal fail in turn. One
// worker begins no call after it; of several, only those whose intents were on disk before it.
func TestNoCallFollowsAJournalThatFails(t *testing.T) {
	for _, workers := range []int{1, 4} {
		for n, failed := 3, true; failed; n++ { // the first two are those of the start
			failed = callsBeforeTheDiskFails(t, workers, n)
		}
	}
}

func callsBeforeTheDiskFails(t *testing.T, workers, n int) bool {
	t.Helper()
	w := newWorld(t, &vaultsim.Vault{})
	var rows []schemas.Values
	for i := range 6 {
		rows = append(rows, device("srv-"+strconv.Itoa(i), "10.0.0."+strconv.Itoa(i+1), "LAX"))
	}
	plan := w.plan(w.inventory(rows, nil))
	disk := &failingDisk{left: n}
	journal, err := sinks.StartJournal(disk, func() error { return nil }, schemas.Start{Format: schemas.FormatJournal, Version: schemas.FormatVersion})
	if err != nil {
		t.Fatal(err)
	}
	begun := 0
	send := func(ctx context.Context, call schemas.Call) schemas.Answer {
		disk.mu.Lock()
		begun++
		if intents := bytes.Count(disk.synced.Bytes(), []byte(`{"intent":`)); begun > intents || disk.failed && workers == 1 {
			t.Errorf("disk failing at %d, %d workers: call %d begins, %d intents are on disk", n, workers, begun, intents)
		}
		disk.mu.Unlock()
		return w.client.Writer().Do(ctx, call)
	}
	run := &pipeline.Run{Plan: plan, Vault: w.client.Reader(), Send: send, Journal: journal.Append, Memory: w.memory, Policy: w.policy, Workers: workers,
		Now: time.Now, Sleep: func(context.Context, time.Duration) error { return nil }}
	err = run.Apply(context.Background())
	var fault *schemas.Fault
	if disk.failed && (!errors.As(err, &fault) || fault.Class != schemas.ClassDisk || fault.Problem.Code != "journal_failed") || !disk.failed && err != nil {
		t.Errorf("disk failing at %d: the run ended with %v", n, err)
	}
	if disk.after > 0 {
		t.Errorf("disk failing at %d: written to %d times after that", n, disk.after)
	}
	return disk.failed
}
