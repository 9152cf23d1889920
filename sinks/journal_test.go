package sinks_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"pamsync/schemas"
	"pamsync/sinks"
)

var journalStart = schemas.Start{Format: schemas.FormatJournal, Version: schemas.FormatVersion, Run: "r"}

func intent(change string, step int) schemas.Record {
	return schemas.Record{Intent: &schemas.Intent{Change: change, Step: step, Verb: schemas.VerbUpsert, Kind: schemas.KindDevice, At: "2026-11-02T15:04:05Z"}}
}

// readJournal reads all whole records, and where they end.
func readJournal(path string) (list []schemas.Record, end schemas.JournalEnd, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, end, err
	}
	defer file.Close()
	r := schemas.NewJournalReader(file)
	for {
		rec, err := r.Next()
		if err == io.EOF || errors.Is(err, schemas.ErrTorn) {
			return list, r.End(), nil
		}
		if err != nil {
			return list, r.End(), err
		}
		list = append(list, rec)
	}
}

func newJournal(t *testing.T) (*sinks.Journal, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	j, err := sinks.CreateJournal(path, journalStart)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	return j, path
}

func TestJournalKeepsTheOrderOfEachWriter(t *testing.T) {
	j, path := newJournal(t)
	const writers, each = 50, 20
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
	list, _, err := readJournal(path)
	if err != nil || len(list) != writers*each+1 || list[0].Start == nil {
		t.Fatalf("%d records, %v", len(list), err)
	}
	last := map[string]int{}
	for _, rec := range list[1:] {
		if rec.Intent.Step != last[rec.Intent.Change]+1 {
			t.Fatalf("writer %s: step %d follows %d", rec.Intent.Change, rec.Intent.Step, last[rec.Intent.Change])
		}
		last[rec.Intent.Change]++
	}
}

func TestARecordIsReadableWhenAppendReturns(t *testing.T) {
	j, path := newJournal(t)
	var g sync.WaitGroup
	for w := range 8 {
		g.Go(func() {
			for step := 1; step <= 5; step++ {
				change := fmt.Sprintf("%d-%d", w, step)
				if err := j.Append(intent(change, 1)); err != nil {
					t.Error(err)
					return
				}
				data, err := os.ReadFile(path)
				if err != nil || !strings.Contains(string(data), `"`+change+`"`) {
					t.Errorf("%s is not in the file, %v", change, err)
				}
			}
		})
	}
	g.Wait()
}

func TestAfterAnErrorEveryAppendFails(t *testing.T) {
	j, path := newJournal(t)
	if err := errors.Join(j.Append(intent("a", 1)), j.Close()); err != nil {
		t.Fatal(err)
	}
	before := read(t, path)
	f := wantClass(t, j.Append(intent("b", 1)), schemas.ClassDisk)
	if f.Problem.Code != "journal_failed" {
		t.Errorf("%v", f)
	}
	var g sync.WaitGroup
	for range 20 {
		g.Go(func() {
			if err := j.Append(intent("c", 1)); class(err) != schemas.ClassDisk {
				t.Errorf("a later Append: %v", err)
			}
		})
	}
	g.Wait()
	if read(t, path) != before {
		t.Error("something was written after the error")
	}
}

func TestADiskThatFailsInTheMidstLosesNothingThatWasPromised(t *testing.T) {
	j, path := newJournal(t)
	var g sync.WaitGroup
	var mu sync.Mutex
	promised := map[string]bool{}
	for w := range 50 {
		g.Go(func() {
			failed := false
			for step := range 20 {
				if w == 25 && step == 10 {
					_ = j.Close() // the disk goes away under everybody
				}
				change := fmt.Sprintf("%d-%d", w, step)
				switch err := j.Append(intent(change, 1)); {
				case err == nil && failed:
					t.Errorf("%s: success after a failure", change)
				case err == nil:
					mu.Lock()
					promised[change] = true
					mu.Unlock()
				case class(err) != schemas.ClassDisk:
					t.Errorf("%s: %v", change, err)
				default:
					failed = true
				}
			}
			if !failed && w == 25 {
				t.Error("no Append failed after the disk had gone")
			}
		})
	}
	g.Wait()
	list, _, err := readJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, rec := range list[1:] {
		delete(promised, rec.Intent.Change)
	}
	if len(promised) > 0 {
		t.Errorf("promised and not in the file: %v", promised)
	}
}

func TestCreateJournalNeverOverwrites(t *testing.T) {
	_, path := newJournal(t)
	before := read(t, path)
	_, err := sinks.CreateJournal(path, journalStart)
	wantClass(t, err, schemas.ClassDisk)
	if read(t, path) != before {
		t.Error("the journal that was there changed")
	}
	_, err = sinks.CreateJournal(filepath.Join(t.TempDir(), "no", "journal"), journalStart)
	wantClass(t, err, schemas.ClassDisk)
}

func TestARecordThatIsNoneIsABugAndSpoilsNothing(t *testing.T) {
	j, path := newJournal(t)
	wantClass(t, j.Append(schemas.Record{}), schemas.ClassBug)
	wantClass(t, j.Append(schemas.Record{Start: &journalStart}), schemas.ClassBug)
	if err := j.Append(intent("a", 1)); err != nil {
		t.Fatal(err)
	}
	if list, _, err := readJournal(path); err != nil || len(list) != 2 {
		t.Errorf("%d records, %v", len(list), err)
	}
}

func TestReopenJournalCutsATornTailAndGoesOn(t *testing.T) {
	for _, c := range []struct{ rule, tail string }{
		{"nothing behind it", ""},
		{"a torn line", `{"intent":{"change":"b","st`},
		{"a line without its end", `{"finish":{"exit":0,"at":"x"}}`},
		{"a line of another run", `{"finish":{"exit":0,"at":"x"},"n":3,"synced":2,"sum":"00000000"}` + "\n"},
		{"zeros", strings.Repeat("\x00", 300)},
		{"a longer tail than what is written next", strings.Repeat("x", 10_000)},
	} {
		t.Run(c.rule, func(t *testing.T) {
			j, path := newJournal(t)
			if err := errors.Join(j.Append(intent("a", 1)), j.Close()); err != nil {
				t.Fatal(err)
			}
			whole := read(t, path)
			put(t, path, whole+c.tail)
			_, end, err := readJournal(path)
			if err != nil || end.Offset != int64(len(whole)) {
				t.Fatal(end, err)
			}
			again, cut, err := sinks.ReopenJournal(path, end)
			if err != nil || cut != int64(len(c.tail)) {
				t.Fatal(cut, err)
			}
			defer again.Close()
			if got := read(t, path); got != whole {
				t.Errorf("after the cut: %q", got)
			}
			if err := again.Append(intent("b", 1)); err != nil {
				t.Fatal(err)
			}
			list, end, err := readJournal(path)
			if err != nil || len(list) != 3 || list[2].Intent.Change != "b" || int(end.Offset) != len(read(t, path)) {
				t.Errorf("%d records, %v", len(list), err)
			}
		})
	}
	_, _, err := sinks.ReopenJournal(filepath.Join(t.TempDir(), "gone"), schemas.JournalEnd{})
	wantClass(t, err, schemas.ClassDisk)
}
