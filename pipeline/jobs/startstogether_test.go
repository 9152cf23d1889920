package jobs_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pamsync/pipeline/vault/vaultsim"
)

// TestOfManyStartsOneRuns starts twenty applies of one plan at the same time, while the vault lets
// whoever comes wait. One runs; nineteen exit 13, name the process that holds the vault, and have
// sent nothing. When that one is killed, the next start has the lock at once.
func TestOfManyStartsOneRuns(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program and runs it many times")
	}
	program := built(t)
	rounds, starts := 1, 20
	if os.Getenv("PAMSYNC_TORTURE") != "" {
		rounds, starts = 20, 50
	}
	for range rounds {
		startTogether(t, program, starts)
	}
}

// held is a process that was started with others.
type held struct {
	cmd *exec.Cmd
	out *bytes.Buffer
}

func startTogether(t *testing.T, program string, starts int) {
	t.Helper()
	e := newEstate(t, program)
	e.plan()
	came, open := make(chan string, 10*starts), make(chan struct{})
	release := sync.OnceFunc(func() { close(open) })
	defer release()
	watched := e.sim.OnRequest
	e.sim.OnRequest = func(r vaultsim.Request) {
		came <- r.Method + " " + r.Path
		<-open
		watched(r)
	}
	ended := make(chan held, starts)
	running := map[int]held{}
	for range starts {
		cmd, out := e.command(nil, "apply", "plan.jsonl", "--yes", "--lock-timeout", "0")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		running[cmd.Process.Pid] = held{cmd, out}
		go func() {
			_ = cmd.Wait()
			ended <- held{cmd, out}
		}()
	}
	var losers []held
	requests := 0
	for len(losers) < starts-1 {
		select {
		case one := <-ended:
			delete(running, one.cmd.Process.Pid)
			losers = append(losers, one)
		case request := <-came:
			if requests++; requests > 1 { // of the one that runs there is one, which waits
				t.Errorf("another run has sent %s", request)
				release()
			}
		}
	}
	if requests == 0 {
		<-came
	}
	for pid, holder := range running { // the one that is left
		wantLosers(t, losers, pid)
		killAndStart(t, e, holder, ended, release)
	}
}

func wantLosers(t *testing.T, losers []held, holder int) {
	t.Helper()
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range losers {
		code, out := one.cmd.ProcessState.ExitCode(), one.out.String()
		if want := fmt.Sprintf("pid %d on %s, since ", holder, host); code != 13 || !strings.Contains(out, want) {
			t.Errorf("exit %d, wanted 13 and %q\n%s", code, want, out)
		}
	}
}

// killAndStart kills the holder; the next start runs to its end.
func killAndStart(t *testing.T, e *estateOfThirty, holder held, ended <-chan held, release func()) {
	t.Helper()
	begun := time.Now()
	if err := holder.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if dead := <-ended; dead.cmd != holder.cmd || dead.cmd.ProcessState.ExitCode() != -1 {
		t.Fatalf("not killed: %v\n%s", dead.cmd.ProcessState, dead.out)
	}
	release()
	e.wantExit(0, "apply", "plan.jsonl", "--yes", "--lock-timeout", "0")
	t.Logf("the next run had begun and ended %v after the kill", time.Since(begun).Round(time.Millisecond))
	if list, err := filepath.Glob(filepath.Join(e.folder, "reports", "*", "result.csv")); err != nil || len(list) != 1 {
		t.Errorf("reports of %v, %v", list, err)
	}
	e.wantDone()
}
