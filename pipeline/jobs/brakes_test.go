package jobs_test

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pamsync/pipeline/jobs"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// newDevices is an Env whose inventory has so many devices that the vault lacks, with one worker.
func newDevices(t *testing.T, sim *vaultsim.Vault, n int) *jobs.Env {
	t.Helper()
	e := envOf(t, sim)
	var rows strings.Builder
	rows.WriteString("hostname,ip,site,model,vendor,type\n")
	for i := range n {
		fmt.Fprintf(&rows, "srv-%02d,10.0.0.%d,LAX,CentOS 7,CentOS,Server\n", i, i+1)
	}
	path := filepath.Join(t.TempDir(), "d.csv")
	save(t, path, rows.String())
	e.Config.Devices.Sources = []schemas.SourceConfig{{Name: "d.csv", Path: path, Format: "auto"}}
	e.Config.Vault.Workers, e.Config.Vault.Timezone, e.Yes = 1, "UTC", true
	return e
}

func posts(sim *vaultsim.Vault) int {
	n := 0
	for _, r := range sim.Log() {
		if r.Method == http.MethodPost && strings.HasSuffix(r.Path, "/pam/device") {
			n++
		}
	}
	return n
}

func window(t *testing.T, text string) []schemas.Window {
	t.Helper()
	w, ok := schemas.ParseWindow(text)
	if !ok {
		t.Fatalf("%q is no window", text)
	}
	return []schemas.Window{w}
}

func TestAWindowThatClosesEndsTheRun(t *testing.T) {
	sim := &vaultsim.Vault{}
	e := newDevices(t, sim, 9)
	e.Config.Apply.Windows = window(t, "22:00-05:00")
	at := time.Date(2026, 11, 2, 21, 59, 0, 0, time.UTC)
	e.Now = func() time.Time {
		if posts(sim) >= 4 {
			return at.Add(8 * time.Hour)
		}
		return at
	}
	out, err := jobs.Sync(context.Background(), e, false)
	f := wantFault(t, err, schemas.ClassStopped, "window_not_open") // there is nothing to resume
	if got := f.Problem.Args["opens"]; got != "2026-11-02 22:00" || posts(sim) != 0 || out.Verdict != "verdict_12_begin" {
		t.Errorf("it opens %s, %d devices were sent, %s", got, posts(sim), out.Verdict)
	}
	at = at.Add(time.Minute)
	out, err = jobs.Sync(context.Background(), e, false)
	wantFault(t, err, schemas.ClassStopped, "window_closed")
	if got := out.Total.Changes; got != (schemas.ChangeCounts{Done: 4, Skipped: 5}) || out.Exit != 12 {
		t.Errorf("exit %d, %+v", out.Exit, got)
	}
	e.Config.Apply.Windows = nil
	out, err = jobs.Resume(context.Background(), e, out.Run, false)
	if err != nil || out.Exit != 0 || out.Total.Changes != (schemas.ChangeCounts{Done: 9}) || posts(sim) != 9 {
		t.Errorf("%v: exit %d, %+v, %d sent", err, out.Exit, out.Total, posts(sim))
	}
}

// TestStagesKeepTogetherWhatBelongsTogether: a stage of one change holds a device with its
// credentials, and the lists are read once behind each stage.
func TestStagesKeepTogetherWhatBelongsTogether(t *testing.T) {
	sim := &vaultsim.Vault{}
	e := newDevices(t, sim, 4)
	path := filepath.Join(t.TempDir(), "c.csv")
	save(t, path, "hostname,username,credential_type\nsrv-00,root,Local User\nsrv-00,app,Local User\nsrv-03,root,Local User\n")
	e.Config.Credentials.Sources = []schemas.SourceConfig{{Name: "c.csv", Path: path, Format: "auto"}}
	e.Config.Apply.Stages = []schemas.StageSize{{Count: 1}, {Count: 1}}
	if out, err := jobs.Sync(context.Background(), e, false); err != nil || out.Exit != 0 {
		t.Fatalf("%v: exit %d", err, out.Exit)
	}
	var way []string
	for _, r := range sim.Log() {
		switch {
		case r.Method == http.MethodPost && strings.HasSuffix(r.Path, "/pam/device"):
			way = append(way, "device")
		case r.Method == http.MethodPost && strings.HasSuffix(r.Path, "/pam/credential"):
			way = append(way, "credential")
		case r.Method == http.MethodGet && strings.HasSuffix(r.Path, "/pam/device"):
			way = append(way, "list")
		}
	}
	const want = "list list device list credential credential list device list device device list credential list"
	if got := strings.Join(way, " "); got != want {
		t.Errorf("%s\nwanted %s", got, want)
	}
}
