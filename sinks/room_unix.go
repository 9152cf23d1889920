//go:build !windows

package sinks

import "golang.org/x/sys/unix"

// freeBytes is what the file system of a folder has left for this user.
func freeBytes(folder string) (uint64, error) {
	var fs unix.Statfs_t
	if err := unix.Statfs(folder, &fs); err != nil {
		return 0, err
	}
	return uint64(fs.Bavail) * uint64(fs.Bsize), nil
}
