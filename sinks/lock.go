package sinks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/gofrs/flock"

	"pamsync/schemas"
)

// Lock keeps two runs from writing to one vault, or to one file of what they learned, at a time. The system frees it when its
// holder ends, however it ends; the lock file itself is never removed.
type Lock struct {
	flock *flock.Flock
	path  string
}

// Holder says who holds a lock.
type Holder struct {
	PID   int    `json:"pid"`
	Host  string `json:"host"`
	Start string `json:"start"`
	Run   string `json:"run"`
}

// lockPoll is how often a waiting run looks again; lookers is how long a run waits at least,
// so that somebody who only looks never stops it; naming is how long a holder may take to write
// down who it is.
const (
	lockPoll = 100 * time.Millisecond
	lookers  = 40 * time.Millisecond
	naming   = 2 * time.Second
)

func lockPath(folder, vault string) string {
	name := strings.NewReplacer("://", "-", ":", "-", "/", "-", "[", "", "]", "").Replace(vault)
	return filepath.Join(folder, name+".lock")
}

// LookAtLock tells whether a run holds the lock of a vault, and who: it makes no file, and
// what it tries with is shared and given back at once. The fault is of class locked, with the
// holder, or of class disk; nil is free.
func LookAtLock(folder, vault string) error {
	path := lockPath(folder, vault)
	look := flock.New(path, flock.SetFlag(os.O_RDONLY))
	free, err := look.TryRLock()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return schemas.NewFault(schemas.ClassDisk, "lock_failed").Because(err)
	case !free:
		holder, _ := readHolder(path + ".holder")
		return schemas.NewFault(schemas.ClassLocked, "locked", "vault", vault, "holder", holder)
	}
	if err := look.Close(); err != nil {
		return schemas.NewFault(schemas.ClassDisk, "lock_failed").Because(err)
	}
	return nil
}

// RunUnderLock is the run that holds the lock of a vault now, "" where none does or that cannot be
// told.
func RunUnderLock(folder, vault string) string {
	var fault *schemas.Fault
	if !errors.As(LookAtLock(folder, vault), &fault) || fault.Class != schemas.ClassLocked {
		return ""
	}
	data, err := os.ReadFile(lockPath(folder, vault) + ".holder")
	var h Holder
	if err != nil || json.Unmarshal(data, &h) != nil {
		return ""
	}
	return h.Run
}

// TakeLock takes the lock of a vault (scheme://host:port) in the folder, waiting up to wait
// for it. The fault of class locked names the holder.
func TakeLock(ctx context.Context, folder, vault, run string, wait time.Duration) (*Lock, error) {
	return takeLock(ctx, lockPath(folder, vault), run, wait, "locked", "vault", vault)
}

// LockFile takes the lock of a file that is read, changed and written again, as TakeLock does that of a vault:
// who holds it is alone between the reading and the writing. The lock stands beside the file.
func LockFile(ctx context.Context, path, run string, wait time.Duration) (*Lock, error) {
	return takeLock(ctx, path+".lock", run, wait, "file_locked", "path", path)
}

// takeLock takes the lock at a path; code, and name with value, say in the fault what is held.
func takeLock(ctx context.Context, path, run string, wait time.Duration, code, name, value string) (*Lock, error) {
	if err := os.MkdirAll(filepath.Dir(path), folderMode); err != nil {
		return nil, schemas.NewFault(schemas.ClassDisk, "lock_failed").Because(err)
	}
	l := &Lock{flock: flock.New(path, flock.SetPermissions(fileMode)), path: path}
	ok, err := l.flock.TryLock()
	if !ok && err == nil {
		// Somebody who only looks (LookAtLock) is gone in a moment.
		waitCtx, cancel := context.WithTimeout(ctx, max(wait, lookers))
		ok, err = l.flock.TryLockContext(waitCtx, min(lockPoll, max(wait, lookers)/4))
		cancel()
		if errors.Is(err, context.DeadlineExceeded) {
			err = nil
		}
	}
	if ctx.Err() != nil && !ok {
		return nil, schemas.NewFault(schemas.ClassInterrupted, "interrupted").Because(context.Cause(ctx))
	}
	if err != nil {
		return nil, schemas.NewFault(schemas.ClassDisk, "lock_failed").Because(err)
	}
	if !ok {
		return nil, schemas.NewFault(schemas.ClassLocked, code, name, value, "holder", awaitHolder(ctx, path+".holder"))
	}
	if err := l.Rename(run); err != nil {
		return nil, errors.Join(err, l.Release())
	}
	return l, nil
}

// Rename writes down who holds the lock, for those who find it held.
func (l *Lock) Rename(run string) error {
	host, _ := os.Hostname()
	holder := Holder{PID: os.Getpid(), Host: host, Start: time.Now().UTC().Format(time.RFC3339), Run: run}
	return WriteFile(l.path+".holder", func(w io.Writer) error { return json.NewEncoder(w).Encode(holder) })
}

// readHolder tells who holds a lock, "" for nobody that can be told. late says that who does has not
// written it down yet: there is nothing, or the name of one that was killed.
func readHolder(path string) (holder string, late bool) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", true
	}
	var h Holder
	if err != nil || json.Unmarshal(data, &h) != nil {
		return "", false
	}
	if h.dead() {
		return "", true
	}
	return fmt.Sprintf("pid %d on %s, since %s, run %s", h.PID, h.Host, h.Start, h.Run), false
}

// awaitHolder is readHolder of a lock that may have been taken only just now.
func awaitHolder(ctx context.Context, path string) string {
	poll := time.NewTicker(lookers / 4)
	defer poll.Stop()
	ctx, cancel := context.WithTimeout(ctx, naming)
	defer cancel()
	for {
		holder, late := readHolder(path)
		if !late {
			return holder
		}
		select {
		case <-poll.C:
		case <-ctx.Done():
			return ""
		}
	}
}

// dead says that a holder is certainly no process any more.
func (h Holder) dead() bool {
	host, err := os.Hostname()
	if err != nil || h.Host != host {
		return false
	}
	process, err := os.FindProcess(h.PID)
	if err != nil {
		return true
	}
	defer process.Release()
	return errors.Is(process.Signal(syscall.Signal(0)), os.ErrProcessDone)
}

// Release gives the lock back.
func (l *Lock) Release() error { return l.flock.Unlock() }
