package sinks

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// WriteOnce writes a file where there is none yet, whole or not at all: of two that do it at the same time one
// wins, and the other's text is nowhere.
func WriteOnce(path string, text []byte) error {
	if err := MakeFolder(filepath.Dir(path)); err != nil {
		return err
	}
	name, err := os.CreateTemp(filepath.Dir(path), unfinished+"*")
	if err != nil {
		return outputFault(path, err)
	}
	defer os.Remove(name.Name())
	if err := name.Close(); err != nil {
		return outputFault(path, err)
	}
	err = WriteFile(name.Name(), func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
	if err != nil {
		return err
	}
	switch err := os.Link(name.Name(), path); {
	case err == nil:
		return syncFolder(filepath.Dir(path))
	case errors.Is(err, fs.ErrExist):
		return nil
	}
	if err := os.Rename(name.Name(), path); err != nil { // a disk without links
		return outputFault(path, err)
	}
	return syncFolder(filepath.Dir(path))
}
