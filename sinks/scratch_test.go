package sinks_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pamsync/sinks"
)

func TestScratchGivesWhatItGot(t *testing.T) {
	folder := t.TempDir()
	s := sinks.NewScratch(folder)
	if left, _ := os.ReadDir(folder); len(left) != 0 {
		t.Error("a file before the first write")
	}
	want := strings.Repeat("a line of it\n", 50_000)
	for text := range strings.Lines(want) {
		if _, err := s.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	var have bytes.Buffer
	if err := s.CopyTo(&have); err != nil || have.String() != want {
		t.Errorf("%v, %d bytes of %d", err, have.Len(), len(want))
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) != 1 {
		t.Fatalf("%v, %v", left, err)
	}
	if info, err := left[0].Info(); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may read it: %v, %v", info.Mode(), err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(folder); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
	none := sinks.NewScratch(folder)
	if err := none.CopyTo(&have); err != nil {
		t.Error(err)
	}
	if err := none.Close(); err != nil {
		t.Error(err)
	}
	if _, err := sinks.NewScratch(filepath.Join(folder, "none")).Write([]byte("x")); err == nil {
		t.Error("a folder that is not there takes a file")
	}
}

// TestWriteOnce: the first one stays.
func TestWriteOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "key")
	for _, text := range []string{"first", "second"} {
		if err := sinks.WriteOnce(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(path)
	if err != nil || string(data) != "first" {
		t.Errorf("%q, %v", data, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("%v, %v", left, err)
	}
}
