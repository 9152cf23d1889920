package jobs_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pamsync/pipeline/jobs"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// another is what a job beside another works in: the same vault and state, and streams of its own.
func another(e *jobs.Env) *jobs.Env {
	config, own := *e.Config, *e
	own.Config, own.Stdout, own.Stderr = &config, &bytes.Buffer{}, &bytes.Buffer{}
	return &own
}

// TestExportsAtTheSameTimeAreOneChain: lists of one vault that are exported beside each other have the certificates
// that they would have had one after the other; so have exports of one list.
func TestExportsAtTheSameTimeAreOneChain(t *testing.T) {
	sim := &vaultsim.Vault{ManySessions: 20}
	sim.AddDevice(vaultsim.Device{Hostname: "a"})
	e, root := envOf(t, sim), t.TempDir()
	lists := []string{"devices", "credentials", "sessions"}
	const each = 3
	var together sync.WaitGroup
	for i := range each * len(lists) {
		what, own := lists[i%len(lists)], another(e)
		together.Go(func() {
			if _, err := jobs.Export(context.Background(), own, jobs.ExportOptions{What: what, Out: filepath.Join(root, fmt.Sprint(i)) + "/"}); err != nil {
				t.Error(err)
			}
		})
	}
	together.Wait()
	if exit, found := verify(t, e, root); exit != 0 {
		t.Errorf("files that nobody touched: %v", found)
	}
	chains, err := filepath.Glob(filepath.Join(e.Config.State, "*", "certificates.json"))
	if err != nil || len(chains) != 1 {
		t.Fatal(chains, err)
	}
	if text := load(t, chains[0]); strings.Count(text, fmt.Sprintf(`"serial": %d,`, each)) != len(lists) {
		t.Errorf("the chain has lost a list: %s", text)
	}
}

// TestOfTwoIncrementsOneGoesOn: the second is refused before it asks the vault for anything, or waits and gives
// what the first one did not.
func TestOfTwoIncrementsOneGoesOn(t *testing.T) {
	var asked atomic.Int32
	came, open := make(chan struct{}), make(chan struct{})
	sim := &vaultsim.Vault{ManySessions: 20, OnRequest: func(vaultsim.Request) {
		if asked.Add(1) == 1 {
			close(came)
			<-open
		}
	}}
	e, root := envOf(t, sim), t.TempDir()
	increment := func(name string, wait time.Duration) error {
		own := another(e)
		own.LockTimeout = wait
		_, err := jobs.Export(context.Background(), own, jobs.ExportOptions{What: "sessions", SinceLast: true, Out: filepath.Join(root, name) + "/"})
		return err
	}
	var together sync.WaitGroup
	start := func(name string, wait time.Duration) {
		together.Go(func() {
			if err := increment(name, wait); err != nil {
				t.Error(err)
			}
		})
	}
	start("1", 0)
	<-came // it has taken up where the last one ended
	refused := increment("2", 0)
	if n := asked.Load(); n > 1 {
		t.Errorf("the second has asked the vault: %d requests", n)
	}
	start("3", time.Minute)
	close(open)
	together.Wait()
	fault := wantFault(t, refused, schemas.ClassLocked, "file_locked")
	if !strings.Contains(fault.Problem.Args["holder"], "--since-last") || filepath.Base(fault.Problem.Args["path"]) != "sessions.json" {
		t.Errorf("%v", fault)
	}
	first, waiting := certificateIn(t, filepath.Join(root, "1")), certificateIn(t, filepath.Join(root, "3"))
	if first.Written != 20 || waiting.Written != 0 || waiting.SinceLast == nil || waiting.SinceLast.Certificate != 1 {
		t.Errorf("%d and %d written; %+v", first.Written, waiting.Written, waiting.SinceLast)
	}
	if exit, found := verify(t, e, root); exit != 0 {
		t.Errorf("files that nobody touched: %v", found)
	}
}

// certificateIn is the certificate of an export into a folder.
func certificateIn(t *testing.T, folder string) (c schemas.Certificate) {
	t.Helper()
	if err := json.Unmarshal([]byte(load(t, filepath.Join(folder, "manifest.json"))), &c); err != nil {
		t.Fatal(err)
	}
	return c
}
