package jobs_test

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pamsync/pipeline/vault/vaultsim"
)

// killCase is one apply that is killed and resumed until it ends by itself.
type killCase struct {
	seed     uint64
	program  string
	street   *street
	estate   *killEstate
	spoiling spoiling
	figures  *killFigures

	t       *testing.T
	sim     *vaultsim.Vault
	url     string
	folder  string
	timeout []string

	mu      sync.Mutex // guards what follows
	moments []moment   // that are to come
	victim  *os.Process
	lists   int            // that the victim asked for
	writes  int            // of all processes
	sent    map[string]int // writes by what they are
	slowest time.Duration  // from the arrival of a write until it was applied
	arrived map[int]time.Time
}

// moment is when the program is killed: when the vault has seen so many writes of all processes, or
// lists of this one, or when so many files of the run's folder were seen, half-written ones too.
type moment struct {
	what string
	n    int
}

func (c *killCase) name() string {
	vault := "upserts"
	if c.estate.always {
		vault = "always creates"
	}
	return fmt.Sprintf("%d %s, vault %s", c.seed, c.spoiling.name, vault)
}

// draw chooses one to three moments, three as a rule: most at writes, some at lists, and the last of
// them sometimes while the reports are written.
func (c *killCase) draw() {
	rng := rand.New(rand.NewPCG(c.seed, 1))
	kills := min(1+rng.IntN(24), 3)
	for range kills {
		c.moments = append(c.moments, moment{"write", 1 + rng.IntN(killChanges-10)})
	}
	slices.SortFunc(c.moments, func(a, b moment) int { return a.n - b.n })
	for i := range c.moments {
		if rng.IntN(6) == 0 {
			c.moments[i] = moment{"list", 1 + rng.IntN(6)}
		}
	}
	if rng.IntN(4) == 0 {
		c.moments[kills-1] = moment{"file", 1 + rng.IntN(10)}
	}
}

// run kills the program at the moments that are drawn, resumes it until it ends, and looks at what
// came of it.
func (c *killCase) run(t *testing.T) {
	c.t, c.folder = t, t.TempDir()
	c.sent, c.arrived = map[string]int{}, map[int]time.Time{}
	if err := os.CopyFS(c.folder, os.DirFS(c.estate.folder)); err != nil {
		t.Fatal(err)
	}
	c.sim = &vaultsim.Vault{DuplicateCreates: c.estate.always, Latency: serverTime, LateBy: lateBy, Fault: c.spoil, OnRequest: c.request, OnApplied: c.applied}
	if err := c.sim.LoadState(bytes.NewReader(c.estate.vault)); err != nil {
		t.Fatal(err)
	}
	c.url = c.street.put(t, fmt.Sprintf("killed-%d", c.seed), c.sim)
	if c.spoiling.impatient {
		c.timeout = []string{"--timeout", "700ms"}
	}
	c.untilItEnds()
	if t.Failed() {
		return
	}
	c.check()
	if c.seed%2 == 0 { // it takes long to write the reports
		c.resumeAgain()
	}
	c.figures.runs.Add(1)
	for _, n := range c.sent {
		c.figures.resends.Add(int64(n - 1))
	}
}

// untilItEnds starts the program again and again, as a person would.
func (c *killCase) untilItEnds() {
	for range 15 {
		args := []string{"apply", "plan.jsonl"}
		if run := c.runFolder(); run != "" && exists(filepath.Join(run, "journal.jsonl")) {
			args = []string{"resume", filepath.Base(run)}
			c.figures.resumes.Add(1)
		}
		code, out := c.start(args...)
		c.nothingInPart()
		switch {
		case c.t.Failed():
			return
		case code == -1: // killed
		case slices.Contains([]int{0, 10, 14}, code): // the reports will say why
			return
		case slices.Contains([]int{12, 69, 75}, code):
		default:
			c.t.Errorf("%v ended with %d\n%s", args, code, tail(out))
			return
		}
	}
	c.t.Errorf("the run does not end")
}

// start runs the program until it ends or is killed, which is code -1.
func (c *killCase) start(args ...string) (code int, out string) {
	cmd := command(c.program, c.folder, c.url, append(append(args, "--yes", "-q"), c.timeout...)...)
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = io.Discard, &said
	c.mu.Lock()
	if err := cmd.Start(); err != nil {
		c.mu.Unlock()
		c.t.Fatal(err)
	}
	c.victim, c.lists = cmd.Process, 0
	files := 0
	if len(c.moments) > 0 && c.moments[0].what == "file" {
		files = c.moments[0].n
	}
	c.mu.Unlock()
	ended := make(chan struct{})
	var watcher sync.WaitGroup
	if files > 0 {
		watcher.Go(func() { c.watch(files, ended) })
	}
	_ = cmd.Wait()
	close(ended)
	watcher.Wait()
	c.mu.Lock()
	c.victim = nil
	c.mu.Unlock()
	return cmd.ProcessState.ExitCode(), said.String()
}

// watch strikes when so many files were seen in the run's folder that were not there before.
func (c *killCase) watch(n int, ended <-chan struct{}) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	seen := map[string]bool{}
	for _, name := range c.files() {
		seen[name] = true
	}
	n += len(seen)
	for {
		select {
		case <-ended:
			return
		case <-tick.C:
		}
		for _, name := range c.files() {
			seen[name] = true
		}
		if len(seen) >= n {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.strike()
			return
		}
	}
}

// files are the names in the run's folder.
func (c *killCase) files() []string {
	entries, err := os.ReadDir(c.runFolder())
	if err != nil {
		return nil
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// runFolder is that of the run that applies the plan, "" before there is one. One that was killed
// before it had a journal is none.
func (c *killCase) runFolder() string {
	entries, err := os.ReadDir(filepath.Join(c.folder, "reports"))
	if err != nil {
		c.t.Error(err)
	}
	folder := ""
	for _, entry := range entries {
		if path := filepath.Join(c.folder, "reports", entry.Name()); !c.estate.runs[entry.Name()] {
			folder = path
			if exists(filepath.Join(path, "journal.jsonl")) {
				break
			}
		}
	}
	return folder
}

// request is called before the vault makes anything of a request. The one at which the program is
// killed takes the vault long: it is made when another program is under way already.
func (c *killCase) request(r vaultsim.Request) {
	if c.struckAt(r) {
		<-time.After(lingering)
	}
}

// struckAt counts what the vault is asked for, and strikes when the moment has come.
func (c *killCase) struckAt(r vaultsim.Request) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case isWriteCall(r):
		c.writes++
		c.sent[callName(r)]++
		c.arrived[r.N] = r.At
	case r.Method == "GET":
		c.lists++
	}
	if len(c.moments) == 0 {
		return false
	}
	m := c.moments[0]
	return (m.what == "write" && c.writes >= m.n || m.what == "list" && c.lists >= m.n) && c.strike()
}

// strike kills the program that runs, and tells whether there was one; c.mu is held.
func (c *killCase) strike() bool {
	if c.victim == nil {
		return false // the next one will be
	}
	if c.victim.Kill() == nil {
		c.figures.kills.Add(1)
	}
	c.victim, c.moments = nil, c.moments[1:]
	return true
}

// applied measures the vault's own time.
func (c *killCase) applied(r vaultsim.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.slowest = max(c.slowest, time.Since(c.arrived[r.N]))
}

// spoil chooses the writes that meet the fault by what they are and how often they were sent, so
// that they are the same whenever the case is replayed.
func (c *killCase) spoil(r vaultsim.Request) vaultsim.Fault {
	if !isWriteCall(r) || strings.HasPrefix(r.Fields["hostname"], "old-") {
		return vaultsim.NoFault // no list shows whether a lost call changed an inactive record
	}
	c.mu.Lock()
	times := c.sent[callName(r)]
	c.mu.Unlock()
	h := fnv.New64a()
	fmt.Fprintf(h, "%d %s %d", c.seed, callName(r), times)
	if h.Sum64()>>20%1000 < c.spoiling.perMille {
		return c.spoiling.fault
	}
	return vaultsim.NoFault
}

func isWriteCall(r vaultsim.Request) bool {
	return r.Method != "GET" && !strings.Contains(r.Path, "oauth2")
}

// callName tells writes apart by what they are about.
func callName(r vaultsim.Request) string {
	return r.Method + " " + r.Path + " " + r.Fields["username"] + "@" + r.Fields["hostname"]
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
