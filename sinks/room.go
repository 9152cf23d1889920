package sinks

import (
	"os"
	"path/filepath"
)

// Room tells how many bytes a folder, which need not be there yet, has room for, and whether
// files can be written in it. The file that it tries with is gone when it returns; the fault is
// of class disk.
func Room(folder string) (free uint64, err error) {
	standing := nearestFolder(folder)
	file, err := os.CreateTemp(standing, ".pamsync-*")
	if err != nil {
		return 0, outputFault(folder, err)
	}
	closeErr := file.Close()
	if err := os.Remove(file.Name()); err != nil {
		return 0, outputFault(folder, err)
	}
	if closeErr != nil {
		return 0, outputFault(folder, closeErr)
	}
	free, err = freeBytes(standing)
	if err != nil {
		return 0, outputFault(folder, err)
	}
	return free, nil
}

// nearestFolder is the folder itself, or the one that it would be made in. A file that stands
// in its way is found by writing into it.
func nearestFolder(folder string) string {
	for {
		if _, err := os.Stat(folder); err == nil || !os.IsNotExist(err) {
			return folder
		}
		up := filepath.Dir(folder)
		if up == folder {
			return folder
		}
		folder = up
	}
}
