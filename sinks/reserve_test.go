package sinks_test

import (
	"os"
	"path/filepath"
	"testing"

	"pamsync/schemas"
	"pamsync/sinks"
)

func TestReservedRoomIsTakenAndGivenBack(t *testing.T) {
	folder := t.TempDir()
	r, err := sinks.Reserve(folder, 3<<20+17)
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(folder, ".pamsync-*"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	if info, err := os.Stat(files[0]); err != nil || info.Size() != 3<<20+17 {
		t.Errorf("%v, %v", info, err)
	}
	again, err := sinks.Reserve(folder, 5) // as a run that was killed left it
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range []*sinks.Reserved{r, again, nil} {
		if err := one.Free(); err != nil {
			t.Error(err)
		}
	}
	if left := names(t, folder); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
}

func TestRoomThatIsNotThereIsNotReserved(t *testing.T) {
	_, err := sinks.Reserve(filepath.Join(t.TempDir(), "none"), 1)
	wantClass(t, err, schemas.ClassDisk)
}
