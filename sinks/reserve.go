package sinks

import (
	"errors"
	"os"
	"path/filepath"
)

// Reserved is room on a disk that is kept for files that are written later.
type Reserved struct{ path string }

// reserveName is that of the file whose bytes are the room.
const reserveName = ".pamsync-reserve"

// Reserve takes so many bytes of a folder's disk, really and not as a hole, until they are given back:
// what is found out before the first change is not missing behind the last. The fault is of class
// disk, and names the folder.
func Reserve(folder string, size int64) (*Reserved, error) {
	path := filepath.Join(folder, reserveName)
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, fileMode)
	if err != nil {
		return nil, outputFault(path, err)
	}
	err = errors.Join(fillWith(file, size), file.Close())
	if err != nil {
		err = errors.Join(err, os.Remove(path))
		return nil, outputFault(folder, err)
	}
	return &Reserved{path}, nil
}

// fillWith writes so many bytes that no disk keeps in fewer, and has them on disk when it returns.
func fillWith(file *os.File, size int64) error {
	block := make([]byte, 1<<20)
	for i, x := 0, uint32(1); i < len(block); i++ {
		x = x*1664525 + 1013904223
		block[i] = byte(x >> 24)
	}
	for left := size; left > 0; {
		n, err := file.Write(block[:min(left, int64(len(block)))])
		if err != nil {
			return err
		}
		left -= int64(n)
	}
	return file.Sync()
}

// Free gives the room back; a nil Reserved has none.
func (r *Reserved) Free() error {
	if r == nil {
		return nil
	}
	if err := os.Remove(r.path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return outputFault(r.path, err)
	}
	return nil
}
