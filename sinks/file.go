package sinks

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strings"

	"pamsync/schemas"
)

// The modes of what pamsync writes: nobody else may read it.
const (
	fileMode   = 0o600
	folderMode = 0o700
)

// unfinished begins the names of what is not whole yet.
const unfinished = ".pamsync-"

// ours tells a name that was drawn for what is not whole yet, or that of reserved room. Whatever else
// begins like them is somebody's.
func ours(name string) bool {
	drawn, ok := strings.CutPrefix(name, unfinished)
	return name == reserveName || ok && len(drawn) >= 6 && strings.Trim(drawn, "0123456789") == ""
}

// Sweep takes away what those who were killed left unfinished in a folder. Whoever calls it knows
// that nobody else writes there now. What cannot be taken away stays, and the first error is returned: it stands
// in nobody's way. A folder that is not there holds nothing.
func Sweep(folder string) error {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, entry := range entries {
		if ours(entry.Name()) {
			err = errors.Join(err, os.RemoveAll(filepath.Join(folder, entry.Name())))
		}
	}
	return err
}

// WriteShared is WriteFile for what everybody on the machine may read, such as a manual page.
func WriteShared(path string, write func(io.Writer) error) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return outputFault(path, err)
	}
	if err := WriteFile(path, write); err != nil {
		return err
	}
	if err := os.Chmod(path, 0o644); err != nil {
		return outputFault(path, err)
	}
	return nil
}

// CopyFile writes what a file holds to a second place, as WriteFile does.
func CopyFile(path, from string) error {
	return WriteFile(path, func(w io.Writer) error {
		file, err := os.Open(from)
		if err != nil {
			return outputFault(from, err)
		}
		defer file.Close()
		_, err = io.Copy(w, file)
		return err
	})
}

// syncFolder makes a rename durable where the system can.
func syncFolder(folder string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(folder)
	if err != nil {
		return outputFault(folder, err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return outputFault(folder, err)
	}
	return nil
}

func outputFault(path string, err error) error {
	return schemas.NewFault(schemas.ClassDisk, "output_failed", "path", path).Because(bare(err))
}

// bare is what the system says, without the path that is named beside it.
func bare(err error) error {
	var pathErr *fs.PathError
	var linkErr *os.LinkError
	switch {
	case errors.As(err, &pathErr):
		return pathErr.Err
	case errors.As(err, &linkErr):
		return linkErr.Err
	}
	return err
}

// MakeFolder makes a folder that may be there already.
func MakeFolder(folder string) error {
	if err := os.MkdirAll(folder, folderMode); err != nil {
		return outputFault(folder, err)
	}
	return nil
}

// MakeRun makes the folder of a run; it must be new. Its entry, and those of the folders that had
// to be made for it, are on disk then: a journal is lost with any of them.
func MakeRun(folder string) error {
	above := []string{filepath.Dir(folder)} // whose entries are new
	for {
		last := above[len(above)-1]
		if _, err := os.Lstat(last); !errors.Is(err, fs.ErrNotExist) || filepath.Dir(last) == last {
			break
		}
		above = append(above, filepath.Dir(last))
	}
	if err := os.MkdirAll(above[0], folderMode); err != nil {
		return outputFault(folder, err)
	}
	if err := os.Mkdir(folder, folderMode); err != nil {
		return outputFault(folder, err)
	}
	for _, changed := range above {
		if err := syncFolder(changed); err != nil {
			return err
		}
	}
	return nil
}

// WriteSums writes SHA256SUMS over the named files of a folder, in the form that sha256sum -c
// reads.
func WriteSums(folder string, names []string) error {
	sort.Strings(names)
	return WriteFile(filepath.Join(folder, "SHA256SUMS"), func(w io.Writer) error {
		for _, name := range names {
			sum, err := HashFile(filepath.Join(folder, name))
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintf(w, "%s  %s\n", sum, name); err != nil {
				return err
			}
		}
		return nil
	})
}

// HashFile is the SHA-256 of a file, in hex.
func HashFile(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
