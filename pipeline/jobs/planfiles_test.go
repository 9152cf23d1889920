package jobs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pamsync/schemas"
)

func somePlan() *schemas.Plan {
	return &schemas.Plan{Start: schemas.Start{Format: schemas.FormatPlan, Version: schemas.FormatVersion}}
}

// TestThePlansFilesTellOneDigest: the page tells the plan that stands beside it, and a second
// place has the same bytes.
func TestThePlansFilesTellOneDigest(t *testing.T) {
	folder, plan := t.TempDir(), somePlan()
	out := filepath.Join(folder, "again", "plan.jsonl")
	if err := (&Env{Config: &schemas.Config{}}).writePlan(folder, plan, out); err != nil {
		t.Fatal(err)
	}
	first, again, page := text(t, filepath.Join(folder, planFile)), text(t, out), text(t, filepath.Join(folder, planPage))
	if first == "" || first != again {
		t.Errorf("the second place has\n%s\nthe first\n%s", again, first)
	}
	if read, err := ReadPlan(out); err != nil || read.Digest != plan.Digest || !strings.Contains(page, plan.Digest) {
		t.Errorf("%v, or the digest %s is not everywhere", err, plan.Digest)
	}
}

// TestNoPageWithoutItsPlan, even where the plan fails after the page was begun.
func TestNoPageWithoutItsPlan(t *testing.T) {
	folder := t.TempDir()
	if err := os.MkdirAll(filepath.Join(folder, planFile, "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := (&Env{Config: &schemas.Config{}}).writePlan(folder, somePlan(), ""); err == nil {
		t.Error("a plan was written in the place of a folder")
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 1 {
		t.Errorf("%v, %v", entries, err)
	}
}

func text(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
