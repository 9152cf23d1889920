package sinks

import (
	"os"

	"golang.org/x/sys/unix"
)

// beginWriteback asks for what was written to be carried to the disk, and doesn't wait for it. What fails of
// it fails at the sync.
func beginWriteback(file *os.File, offset, n int64) {
	_ = unix.SyncFileRange(int(file.Fd()), offset, n, unix.SYNC_FILE_RANGE_WRITE)
}
