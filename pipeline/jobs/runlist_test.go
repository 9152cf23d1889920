package jobs_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pamsync/pipeline/jobs"
	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
)

const listedVault = "https://vault.example:443"

// halfway is a reports folder with a run that announced a call, and nothing more.
func halfway(t *testing.T, name string) *jobs.Env {
	t.Helper()
	folder := t.TempDir()
	e := &jobs.Env{Config: &schemas.Config{Reports: filepath.Join(folder, "reports"), State: filepath.Join(folder, "state")}, LockFolder: filepath.Join(folder, "locks"), JSON: true, Lang: words.English}
	run := filepath.Join(e.Config.Reports, name)
	if err := os.MkdirAll(run, 0o700); err != nil {
		t.Fatal(err)
	}
	plan := &schemas.Plan{Start: schemas.Start{Format: schemas.FormatPlan, Version: schemas.FormatVersion, Run: name, Vault: listedVault, Made: "2026-11-02T15:04:05Z"},
		Summary: schemas.Summary{Kinds: []schemas.KindCounts{{Kind: schemas.KindDevice, Update: 2}}}}
	var b bytes.Buffer
	if err := schemas.WritePlan(&b, plan); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(run, "plan.jsonl"), b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	j, err := sinks.CreateJournal(filepath.Join(run, "journal.jsonl"), schemas.Start{Format: schemas.FormatJournal, Version: schemas.FormatVersion, Run: name, Vault: listedVault, Plan: plan.Digest})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if err := j.Append(schemas.Record{Intent: &schemas.Intent{Change: strings.Repeat("0", 16), Step: 1}}); err != nil {
		t.Fatal(err)
	}
	return e
}

func listed(t *testing.T, e *jobs.Env) schemas.RunLine {
	t.Helper()
	var b bytes.Buffer
	e.Stdout = &b
	if _, err := jobs.Runs(e, 20); err != nil {
		t.Fatal(err)
	}
	var list schemas.Runs
	if err := json.Unmarshal(b.Bytes(), &list); err != nil || len(list.Runs) != 1 {
		t.Fatalf("%v: %s", err, b.String())
	}
	return list.Runs[0]
}

// TestRunUnderWayIsNotToBeResumed: a run without an end is either dead or at work, and the vault's
// lock tells which; one that another run holds does not make it alive.
func TestRunUnderWayIsNotToBeResumed(t *testing.T) {
	const name = "20261102T150405Z-x7kq"
	for _, c := range []struct {
		title, holder string
		state         bool
		want          schemas.RunVerdict
	}{
		{"nobody holds the lock", "", false, schemas.RunUnfinished},
		{"the run itself", name, false, schemas.RunRunning},
		{"the run itself, of another user", name, true, schemas.RunRunning},
		{"another run", "20261103T150405Z-aaaa", false, schemas.RunUnfinished},
	} {
		e := halfway(t, name)
		if c.holder != "" {
			folder := e.LockFolder
			if c.state {
				folder = e.Config.State
			}
			lock, err := sinks.TakeLock(context.Background(), folder, listedVault, c.holder, time.Second)
			if err != nil {
				t.Fatal(err)
			}
			defer lock.Release()
		}
		l := listed(t, e)
		if l.Verdict != c.want || (l.Resume != "") != (c.want == schemas.RunUnfinished) || *l.Changes != (schemas.ChangeCounts{Skipped: 1, Unknown: 1}) {
			t.Errorf("%s: %+v, changes %+v", c.title, l, *l.Changes)
		}
	}
}

// TestRunThatCannotBeLookedAt: what cannot be read is not said to be empty or damaged.
func TestRunThatCannotBeLookedAt(t *testing.T) {
	const name = "20261102T150405Z-x7kq"
	e := halfway(t, name)
	path := filepath.Join(e.Config.Reports, name, "plan.jsonl")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(path, path); err != nil { // a circle: not missing, and not to be opened
		t.Skip("no symbolic links here: ", err)
	}
	if l := listed(t, e); l.Verdict != schemas.RunUnread || l.Problem.Code != "run_unread" {
		t.Errorf("%+v %+v", l, l.Problem)
	}
}
