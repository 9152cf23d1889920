package sinks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"pamsync/schemas"
)

// Lock keeps two runs from writing to one vault at a time. The system frees it when its
// holder ends, however it ends; the lock file itself is never removed.
type Lock struct{ flock *flock.Flock }

// Holder says who holds a lock.
type Holder struct {
	PID   int    `json:"pid"`
	Host  string `json:"host"`
	Start string `json:"start"`
	Run   string `json:"run"`
}

// lockPoll is how often a waiting run looks again.
const lockPoll = 100 * time.Millisecond

// TakeLock takes the lock of a vault (scheme://host:port) in the folder, waiting up to wait
// for it. The fault of class locked names the holder.
func TakeLock(ctx context.Context, folder, vault, run string, wait time.Duration) (*Lock, error) {
	name := strings.NewReplacer("://", "-", ":", "-", "/", "-", "[", "", "]", "").Replace(vault)
	path := filepath.Join(folder, name+".lock")
	if err := os.MkdirAll(folder, folderMode); err != nil {
		return nil, schemas.NewFault(schemas.ClassDisk, "lock_failed").Because(err)
	}
	l := &Lock{flock: flock.New(path, flock.SetPermissions(fileMode))}
	ok, err := l.flock.TryLock()
	if !ok && err == nil && wait > 0 {
		waitCtx, cancel := context.WithTimeout(ctx, wait)
		ok, err = l.flock.TryLockContext(waitCtx, lockPoll)
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
		return nil, schemas.NewFault(schemas.ClassLocked, "locked", "vault", vault, "holder", readHolder(path+".holder"))
	}
	host, _ := os.Hostname()
	holder := Holder{PID: os.Getpid(), Host: host, Start: time.Now().UTC().Format(time.RFC3339), Run: run}
	err = WriteFile(path+".holder", func(w io.Writer) error { return json.NewEncoder(w).Encode(holder) })
	if err != nil {
		return nil, errors.Join(err, l.Release())
	}
	return l, nil
}

func readHolder(path string) string {
	data, err := os.ReadFile(path)
	var h Holder
	if err != nil || json.Unmarshal(data, &h) != nil {
		return ""
	}
	return fmt.Sprintf("pid %d on %s, since %s, run %s", h.PID, h.Host, h.Start, h.Run)
}

// Release gives the lock back.
func (l *Lock) Release() error { return l.flock.Unlock() }
