package jobs

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"pamsync/schemas"
)

// TestARunIsNamedAfterThoseBeforeIt: one that waited for the lock while another run wrote is the
// later of the two by its name; one that did not keeps the name that it planned under.
func TestARunIsNamedAfterThoseBeforeIt(t *testing.T) {
	now := time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)
	e := &Env{Config: &schemas.Config{Reports: t.TempDir()}, Now: func() time.Time { return now }}
	planned := NewRun(now.Add(-time.Minute))
	named := func() string {
		a := &application{e: e, run: planned, folder: e.runFolder(planned)}
		if err := a.nameRun(nil); err != nil || a.folder != e.runFolder(a.run) {
			t.Fatal(a.folder, err)
		}
		return a.run
	}
	if got := named(); got != planned {
		t.Errorf("alone it is %s, wanted %s", got, planned)
	}
	other := NewRun(now.Add(-time.Second))
	if err := os.Mkdir(e.runFolder(other), 0o700); err != nil {
		t.Fatal(err)
	}
	if got := named(); got != planned {
		t.Errorf("after a plan that nobody applied it is %s, wanted %s", got, planned)
	}
	if err := os.WriteFile(filepath.Join(e.runFolder(other), "journal.jsonl"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	got := named()
	if got <= other {
		t.Errorf("%s is not after %s", got, other)
	}
	if err := os.Mkdir(e.runFolder(got), 0o700); err != nil {
		t.Fatal(err)
	}
	if again := named(); again <= got {
		t.Errorf("%s is taken, and the next is %s", got, again)
	}
}
