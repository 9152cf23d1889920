package sinks

import (
	"bufio"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"pamsync/schemas"
)

// Pending is a file that is written beside its place: Write, then Finish, then Place, which replaces what stood
// there in one step. Drop takes it away instead, whenever something fails before. A device or pipe has nothing to
// replace: what is written goes there, and to place it is nothing.
type Pending struct {
	path   string
	file   *os.File // nil once it is placed or dropped
	disk   *soon    // nil for a device or pipe
	buffer *bufio.Writer
}

// NewPending begins a file; Place or Drop must be called.
func NewPending(path string) (*Pending, error) {
	if resolved, err := filepath.EvalSymlinks(path); err == nil {
		path = resolved // a link stays a link
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return newThrough(path)
	}
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, folderMode); err != nil {
		return nil, outputFault(path, err)
	}
	file, err := os.CreateTemp(folder, unfinished+"*")
	if err != nil {
		return nil, outputFault(path, err)
	}
	p := &Pending{path: path, file: file, disk: &soon{file: file}}
	p.buffer = bufio.NewWriterSize(p.disk, 64<<10)
	if err := file.Chmod(fileMode); err != nil && runtime.GOOS != "windows" {
		p.Drop()
		return nil, outputFault(path, err)
	}
	return p, nil
}

func newThrough(path string) (*Pending, error) {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return nil, outputFault(path, err)
	}
	return &Pending{path: path, file: file, buffer: bufio.NewWriterSize(file, 256<<10)}, nil
}

// Write appends to it; what fails is a fault that names the file.
func (p *Pending) Write(b []byte) (int, error) {
	n, err := p.buffer.Write(b)
	if err != nil {
		return n, outputFault(p.path, err)
	}
	return n, nil
}

// Finish gets all that was written onto the disk, and closes the file.
func (p *Pending) Finish() error {
	steps := []func() error{p.buffer.Flush}
	if p.disk != nil {
		steps = append(steps, p.disk.settle)
	}
	for _, step := range append(steps, p.file.Close) {
		if err := step(); err != nil {
			return outputFault(p.path, err)
		}
	}
	return nil
}

// Drop takes away what has no place yet. Called again, or behind Place, it does nothing.
func (p *Pending) Drop() {
	if p.file == nil {
		return
	}
	if p.disk != nil {
		_ = p.disk.stop() // there is a failure to tell already
	}
	p.file.Close() // Finish may have done it
	if p.disk != nil {
		os.Remove(p.file.Name())
	}
	p.file = nil
}

func (p *Pending) place() error {
	if p.disk != nil {
		if err := os.Rename(p.file.Name(), p.path); err != nil {
			return err
		}
	}
	p.file = nil
	return nil
}

// Place puts finished files into their places, one after the other, and syncs their folders. Where one cannot
// take its place, it and those behind it are dropped; if others have theirs already the fault says which.
func Place(files ...*Pending) error {
	var folders []string
	for i, p := range files {
		if err := p.place(); err != nil {
			for _, left := range files[i:] {
				left.Drop()
			}
			return placeFault(files, i, err)
		}
		if folder := filepath.Dir(p.path); p.disk != nil && !slices.Contains(folders, folder) {
			folders = append(folders, folder)
		}
	}
	for _, folder := range folders {
		if err := syncFolder(folder); err != nil {
			return err
		}
	}
	return nil
}

// placeFault says that a file of several cannot take its place, and which are of before.
func placeFault(files []*Pending, failed int, err error) error {
	path := files[failed].path
	if failed == 0 { // nothing has changed
		return outputFault(path, err)
	}
	return schemas.NewFault(schemas.ClassDisk, "outputs_mixed", "path", path, "replaced", pathsOf(files[:failed]), "kept", pathsOf(files[failed:])).Because(bare(err))
}

func pathsOf(files []*Pending) string {
	var paths []string
	for _, p := range files {
		paths = append(paths, p.path)
	}
	return strings.Join(paths, ", ")
}

// WriteFile writes a file so that it is whole or not there: into a new file beside it, which
// is synced and takes its place in one step; the folder is synced too.
func WriteFile(path string, write func(io.Writer) error) error {
	p, err := NewPending(path)
	if err != nil {
		return err
	}
	defer p.Drop()
	if err := write(p.buffer); err != nil {
		var fault *schemas.Fault
		if errors.As(err, &fault) {
			return err
		}
		return outputFault(p.path, err)
	}
	if err := p.Finish(); err != nil {
		return err
	}
	return Place(p)
}
