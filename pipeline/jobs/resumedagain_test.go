package jobs_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pamsync/pipeline/jobs"
	"pamsync/pipeline/vault/vaultsim"
)

// filesOf reads the files of a folder.
func filesOf(t testing.TB, folder string) map[string][]byte {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, entry := range entries {
		if files[entry.Name()], err = os.ReadFile(filepath.Join(folder, entry.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// sameFiles holds that two folders hold the same, byte for byte.
func sameFiles(t testing.TB, before, after map[string][]byte) {
	t.Helper()
	for name := range after {
		if _, ok := before[name]; !ok {
			t.Errorf("%s is new", name)
		}
	}
	for name, data := range before {
		if !bytes.Equal(data, after[name]) {
			t.Errorf("%s is not what it was: %d bytes, were %d", name, len(after[name]), len(data))
		}
	}
}

// TestFinishedRunResumedAgain resumes a finished run ten times, a day after the other: it writes
// nothing to the vault, learns nothing, ends with the run's own code, and writes the same reports.
func TestFinishedRunResumedAgain(t *testing.T) {
	sim, devices, accounts := estateOf(20)
	n := open(t, 20, sim, devices, accounts)
	n.good()
	// A night with an update, a create and its credential, a device that goes, and a change that fails.
	n.devices.rows[3][2] = "AWS-2"
	n.devices.rows[4][2] = "AWS-2"
	n.devices.rows = append(n.devices.rows[1:], []string{"new-1", "10.30.0.1", "LAX", "CentOS 7", "CentOS Project", "Server"})
	n.accounts.rows = append(n.accounts.rows[2:], []string{"root", "new-1", "root-new-1", "Local User"})
	failing := n.devices.rows[3][0]
	n.e.Config.Limits.NewValues = -1
	spoilt := &vaultsim.Vault{Fault: func(r vaultsim.Request) vaultsim.Fault {
		if r.Method == "POST" && r.Fields["hostname"] == failing {
			return vaultsim.ResetBefore
		}
		return vaultsim.NoFault
	}}
	var saved bytes.Buffer
	if err := sim.SaveState(&saved); err != nil {
		t.Fatal(err)
	}
	if err := spoilt.LoadState(&saved); err != nil {
		t.Fatal(err)
	}
	n.serve(spoilt)
	out, err := n.sync()
	if err != nil || out.Exit != 10 || out.Total.Changes.Failed != 1 || out.Total.Changes.Done < 4 {
		t.Fatalf("the run ended %d: %v, %+v\n%s", out.Exit, err, out.Total, n.stderr)
	}
	reports, learned, held, writes := filesOf(t, out.Folder), filesOf(t, n.stateFolder()), holdings(spoilt), n.writes()
	for day := 1; day <= 10; day++ {
		n.e.Now = func() time.Time { return tonight.AddDate(0, 0, day) }
		again, err := jobs.Resume(context.Background(), n.e, out.Run, false)
		if err != nil || again.Exit != out.Exit || *again.Total != *out.Total {
			t.Fatalf("resumed again it ended %d: %v\n%s", again.Exit, err, n.stderr)
		}
		sameFiles(t, reports, filesOf(t, out.Folder))
		sameFiles(t, learned, filesOf(t, n.stateFolder()))
	}
	if n.writes() != writes || len(holdings(spoilt)) != len(held) {
		t.Errorf("%d writes more", n.writes()-writes)
	}
	for key, was := range held {
		if now := holdings(spoilt)[key]; now != was {
			t.Errorf("%s is %+v, was %+v", key, now, was)
		}
	}
}
