package jobs_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"pamsync/pipeline/jobs"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// smallDisk is a folder on a disk of its own, of so many MiB, that can be made larger.
func smallDisk(t *testing.T, mib int) (folder string, grow func(mib int)) {
	t.Helper()
	folder = t.TempDir()
	mount := func(flags uintptr, mib int) error {
		return syscall.Mount("tmpfs", folder, "tmpfs", flags, fmt.Sprintf("size=%dm", mib))
	}
	if err := mount(0, mib); err != nil {
		t.Skipf("no small disk can be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, 0); err != nil {
			t.Error(err)
		}
	})
	return folder, func(mib int) {
		if err := mount(syscall.MS_REMOUNT, mib); err != nil {
			t.Fatal(err)
		}
	}
}

// TestADiskWithoutRoomForTheReportsIsFoundBeforeTheFirstWrite: nothing is sent to the vault whose
// result could not be written down, and the run goes on once there is room.
func TestADiskWithoutRoomForTheReportsIsFoundBeforeTheFirstWrite(t *testing.T) {
	sim := &vaultsim.Vault{}
	e := newDevices(t, sim, 200)
	disk, grow := smallDisk(t, 1)
	e.Config.Reports = filepath.Join(disk, "reports")
	_, err := jobs.Sync(context.Background(), e, false)
	f := wantFault(t, err, schemas.ClassDisk, "output_failed")
	if posts(sim) != 0 {
		t.Errorf("%d devices were sent before there was room for the reports", posts(sim))
	}
	t.Log(f)
	grow(20)
	out, err := jobs.Resume(context.Background(), e, "", false)
	if err != nil || out.Exit != 0 || posts(sim) != 200 {
		t.Errorf("%v: exit %d, %d devices sent", err, out.Exit, posts(sim))
	}
	hidden, err := filepath.Glob(filepath.Join(out.Folder, ".pamsync-*"))
	if err != nil || len(hidden) > 0 {
		t.Errorf("%v is left, %v", hidden, err)
	}
	if _, err := os.Stat(filepath.Join(out.Folder, "result.csv")); err != nil {
		t.Error(err)
	}
}
