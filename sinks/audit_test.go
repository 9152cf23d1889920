package sinks_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pamsync/schemas"
	"pamsync/sinks"
)

func audited(t *testing.T, path string, ids ...string) {
	t.Helper()
	a, err := sinks.OpenAudit(path, "sha256:ab")
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		if err := a.Append(schemas.Audit{Verb: schemas.VerbRead, VaultID: id, Outcome: schemas.StatusDone}); err != nil {
			t.Fatal(err)
		}
	}
	if !a.Done(schemas.VerbRead, &schemas.Change{VaultID: "1"}) || a.Done(schemas.VerbRelease, &schemas.Change{VaultID: "1"}) {
		t.Error("what is on record is not known again")
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestAuditIsAChain: the record is gone on with, a line that was cut is taken away, and one that was changed,
// taken out or put in refuses the whole.
func TestAuditIsAChain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.jsonl")
	audited(t, path, "1", "2")
	audited(t, path, "3")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(whole), "\n")
	if len(lines) != 4 {
		t.Fatalf("%d lines", len(lines))
	}
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(string(whole[:len(whole)-5]))
	audited(t, path, "3")
	if again, _ := os.ReadFile(path); string(again) != string(whole) {
		t.Errorf("after a cut line: %s", again)
	}
	for name, text := range map[string]string{
		"a line is gone":    lines[0] + lines[2],
		"the first is gone": lines[1] + lines[2],
		"a line is changed": strings.Replace(string(whole), `"vault_id":"1"`, `"vault_id":"9"`, 1),
		"two are swapped":   lines[1] + lines[0] + lines[2],
	} {
		write(text)
		if _, err := sinks.OpenAudit(path, "sha256:ab"); err == nil {
			t.Errorf("%s, and nobody says so", name)
		}
	}
	write(string(whole))
	if _, err := sinks.OpenAudit(path, "sha256:cd"); err == nil {
		t.Error("it is taken for that of another plan")
	}
}

// TestWhatIsOnRecordGoesByTheLastReading: custody that was given back is no more so when the record is read again.
func TestWhatIsOnRecordGoesByTheLastReading(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.jsonl")
	c := &schemas.Change{VaultID: "1", Key: "root@srv-01"}
	for i, step := range []struct {
		verb     schemas.Verb
		outcome  schemas.Status
		released bool
	}{
		{schemas.VerbRead, schemas.StatusDone, false},
		{schemas.VerbRelease, schemas.StatusUnknown, false},
		{schemas.VerbRelease, schemas.StatusDone, true},
		{schemas.VerbRead, schemas.StatusUnknown, false},
	} {
		a, err := sinks.OpenAudit(path, "sha256:ab")
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Append(schemas.Audit{Verb: step.verb, VaultID: c.VaultID, Key: c.Key, Outcome: step.outcome}); err != nil {
			t.Fatal(err)
		}
		for range 2 { // as it was written, and as it is read back
			if got := a.Done(schemas.VerbRelease, c); got != step.released {
				t.Errorf("line %d: released on record: %v", i+1, got)
			}
			a.Close()
			if a, err = sinks.OpenAudit(path, "sha256:ab"); err != nil {
				t.Fatal(err)
			}
		}
		a.Close()
	}
}
