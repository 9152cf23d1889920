package sinks_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"

	"pamsync/schemas"
	"pamsync/sinks"
)

// crashDisk is a file of a small file system in memory: what was not synced a crash loses in part,
// page by page and in any order. atSync is called before a sync takes effect, with all locks free.
type crashDisk struct {
	live, synced []byte
	atSync       func()
}

func (d *crashDisk) Write(p []byte) (int, error) {
	d.live = append(d.live, p...)
	return len(p), nil
}

func (d *crashDisk) Sync() error {
	d.atSync()
	d.synced = bytes.Clone(d.live)
	return nil
}

func (d *crashDisk) Close() error { return nil }

// crash is what the disk may hold after one: each page that was not synced is lost or not, and the
// size is that of before, that of now, or between them. A page of which nothing came is zeros.
func (d *crashDisk) crash(dice *rand.Rand) []byte {
	const page = 64 // small, so that a batch has many
	kept := []int{0, 10, 50, 90, 100, dice.IntN(101)}[dice.IntN(6)]
	short, long := min(len(d.live), len(d.synced)), max(len(d.live), len(d.synced))
	image := make([]byte, []int{len(d.live), len(d.synced), short + dice.IntN(long-short+1)}[dice.IntN(3)])
	for from := 0; from < len(image); from += page {
		source := d.synced
		if dice.IntN(100) < kept {
			source = d.live
		}
		if from < len(source) {
			copy(image[from:min(from+page, len(image))], source[from:])
		}
	}
	return image
}

func wholeRecords(data []byte) (schemas.JournalEnd, error) {
	r := schemas.NewJournalReader(bytes.NewReader(data))
	for {
		if _, err := r.Next(); err == io.EOF || errors.Is(err, schemas.ErrTorn) {
			return r.End(), nil
		} else if err != nil {
			return r.End(), err
		}
	}
}

// TestACrashLeavesAJournalThatOpens: whatever a crash leaves, the journal opens, what was
// acknowledged is whole, and nothing is read that was not written; a run that goes on from there
// may crash again.
func TestACrashLeavesAJournalThatOpens(t *testing.T) {
	images, wanted := 0, 20_000
	switch {
	case testing.Short():
		wanted = 2_000
	case os.Getenv("PAMSYNC_TORTURE") != "":
		wanted = 1_000_000
	}
	for seed := uint64(0); images < wanted; seed++ {
		dice := rand.New(rand.NewPCG(seed, 1))
		entered, acknowledged := false, 0
		var crashed []byte // one image of those since the journal was there, and what counted then
		var counted int
		d := &crashDisk{}
		look := func() {
			for range 20 {
				images++
				image := d.crash(dice)
				if !entered && dice.IntN(2) == 0 {
					image = nil // the folder does not know the file
				}
				if entered && (crashed == nil || dice.IntN(40) == 0) {
					crashed, counted = image, acknowledged
				}
				end, err := wholeRecords(image)
				if err != nil || int(end.Offset) < acknowledged || !bytes.HasPrefix(d.live, image[:end.Offset]) {
					t.Errorf("seed %d: %v, whole to byte %d of %d, %d were acknowledged", seed, err, end.Offset, len(image), acknowledged)
				}
			}
			if entered {
				acknowledged = len(d.live) // when this sync is over
			}
		}
		d.atSync = look
		j, err := sinks.StartJournal(d, func() error { entered, acknowledged = true, len(d.synced); return nil }, journalStart)
		for life := 0; err == nil && life < 3; life++ {
			appendTogether(t, j, 4, 3)
			end, broken := wholeRecords(crashed)
			if broken != nil {
				t.Fatal(broken)
			}
			d = &crashDisk{live: bytes.Clone(crashed[:end.Offset]), synced: crashed, atSync: look}
			acknowledged, crashed = counted, nil
			j, err = sinks.ContinueJournal(d, end)
		}
		if err != nil || t.Failed() {
			t.Fatal(err)
		}
	}
	t.Logf("%d images", images)
}

func appendTogether(t *testing.T, j *sinks.Journal, writers, each int) {
	t.Helper()
	var g sync.WaitGroup
	for w := range writers {
		g.Go(func() {
			for step := 1; step <= each; step++ {
				if err := j.Append(intent(strconv.Itoa(w), step)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	g.Wait()
}
