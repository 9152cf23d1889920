package sinks_test

import (
	"os"
	"path/filepath"
	"testing"

	"pamsync/schemas"
	"pamsync/sinks"
)

func TestRoomOfAFolderThatIsNotThereYet(t *testing.T) {
	base := t.TempDir()
	folder := filepath.Join(base, "a", "b", "c")
	free, err := sinks.Room(folder)
	if err != nil || free == 0 {
		t.Fatalf("%d bytes, %v", free, err)
	}
	if left := names(t, base); len(left) != 0 {
		t.Errorf("it left %v behind", left)
	}
	if here, err := sinks.Room(base); err != nil || here == 0 {
		t.Errorf("%d bytes, %v", here, err)
	}
}

func TestRoomThatCannotBeWritten(t *testing.T) {
	base := t.TempDir()
	put(t, filepath.Join(base, "file"), "x")
	_, err := sinks.Room(filepath.Join(base, "file", "reports"))
	wantClass(t, err, schemas.ClassDisk)
	if os.Getuid() <= 0 {
		return // who may write everywhere proves nothing, nor does Windows, which has other permissions
	}
	locked := filepath.Join(base, "locked")
	if err := os.Mkdir(locked, 0o500); err != nil {
		t.Fatal(err)
	}
	_, err = sinks.Room(filepath.Join(locked, "reports"))
	wantClass(t, err, schemas.ClassDisk)
}
