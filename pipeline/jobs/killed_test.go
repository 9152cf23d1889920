package jobs_test

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pamsync/pipeline/vault/vaultsim"
)

var killSeed = flag.Uint64("killseed", 0, "kill this one run of TestKilledApplies")

// killFigures are what the runs of TestKilledApplies came to.
type killFigures struct {
	runs, kills, resumes, settled, resends, twice, lost, failed atomic.Int64
}

// spoiling is one kind of fault, the share of writes that meet it, and whether such a write may be
// one that did nothing: its change may then fail.
type spoiling struct {
	name      string
	fault     vaultsim.Fault
	perMille  uint64
	mayFail   bool
	impatient bool // the client has a short time-out
}

func spoilings() []spoiling {
	return []spoiling{
		{name: "none"},
		{name: "reset before", fault: vaultsim.ResetBefore, perMille: 30, mayFail: true},
		{name: "reset after", fault: vaultsim.ResetAfter, perMille: 30},
		{name: "503", fault: vaultsim.Status503, perMille: 30},
		{name: "429", fault: vaultsim.Status429, perMille: 30},
		{name: "500 after apply", fault: vaultsim.Status500After, perMille: 30},
		{name: "hang", fault: vaultsim.Hang, perMille: 10, mayFail: true, impatient: true},
		{name: "truncated body", fault: vaultsim.TruncateBody, perMille: 30},
		{name: "late apply", fault: vaultsim.LateApply, perMille: 30},
	}
}

// The times of the vault that TestKilledApplies kills against. What is in doubt is looked for after
// settleTime: the vault has made or dropped everything by then.
const (
	serverTime = 3 * time.Millisecond
	lateBy     = 300 * time.Millisecond
	lingering  = 1200 * time.Millisecond // of a write whose sender is killed
	settleTime = 1500 * time.Millisecond
)

// killsWanted is how many kills there are at least.
func killsWanted() int64 {
	switch {
	case os.Getenv("PAMSYNC_TORTURE") != "":
		return 1000
	case testing.Short():
		return 8
	}
	return 60
}

// TestKilledApplies kills the program, with SIGKILL, one to three times in an apply of 2,000 changes,
// at random points, under nine faults of the vault and with two kinds of vaults: nothing is lost,
// nothing made twice, every change has one status that is true, and no report is ever seen in part.
// Wanted are 60 kills, or 1,000 where the torture is asked for.
func TestKilledApplies(t *testing.T) {
	street := newStreet(t)
	program := built(t)
	var estates [2]*killEstate
	for i, always := range []bool{false, true} {
		estates[i] = planned(t, program, street, always)
	}
	f := &killFigures{}
	draw := func(seed uint64) *killCase {
		combination := seed * 7 % 18 // every one of them in any 18 seeds, and a few seeds differ much
		c := &killCase{seed: seed, program: program, street: street, estate: estates[combination/9], spoiling: spoilings()[combination%9], figures: f}
		c.draw()
		return c
	}
	kill := func(c *killCase) {
		if !t.Run(c.name(), c.run) {
			t.Logf("to replay: go test ./pipeline/jobs -run TestKilledApplies -killseed %d", c.seed)
		}
	}
	defer f.log(t)
	if *killSeed != 0 {
		kill(draw(*killSeed))
		return
	}
	cases := make(chan *killCase)
	var workers sync.WaitGroup
	for range 8 { // most of a run is waiting
		workers.Go(func() {
			for c := range cases {
				kill(c)
			}
		})
	}
	seed := uint64(0)
	for drawn := int64(0); drawn < killsWanted() && !t.Failed(); {
		seed++
		c := draw(seed)
		drawn += int64(len(c.moments))
		cases <- c
	}
	close(cases)
	workers.Wait()
	for f.kills.Load() < killsWanted() && !t.Failed() { // some runs end before their last moment comes
		seed++
		kill(draw(seed))
	}
	if seed < 18 && !testing.Short() && !t.Failed() {
		t.Errorf("%d runs, which are not all of the 18 combinations", seed)
	}
}

func (f *killFigures) log(t *testing.T) {
	t.Logf("%d runs of %d changes, %d kills, %d resumes, %d changes settled by the list, %d writes sent again, %d failed as they should, %d duplicates, %d lost",
		f.runs.Load(), killChanges, f.kills.Load(), f.resumes.Load(), f.settled.Load(), f.resends.Load(), f.failed.Load(), f.twice.Load(), f.lost.Load())
}

// street is one server for many vaults, each behind a path of its own: a plan is bound to scheme,
// host and port, and so one plan is good for all of them.
type street struct {
	url    string
	mu     sync.Mutex
	houses map[string]http.Handler
}

func newStreet(t *testing.T) *street {
	s := &street{houses: map[string]http.Handler{}}
	server := httptest.NewServer(s)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	s.url = server.URL
	return s
}

// put lets a vault live in the street, and tells its address.
func (s *street) put(t *testing.T, name string, v http.Handler) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.houses[name] = v
	t.Cleanup(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.houses, name)
	})
	return s.url + "/" + name
}

func (s *street) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	s.mu.Lock()
	house := s.houses[name]
	s.mu.Unlock()
	if house == nil {
		http.Error(w, fmt.Sprintf("nobody lives at %q", name), http.StatusGone)
		return
	}
	http.StripPrefix("/"+name, house).ServeHTTP(hurriedAnswer{w}, r)
}

// hurriedAnswer asks for no pause before another try.
type hurriedAnswer struct{ http.ResponseWriter }

func (h hurriedAnswer) WriteHeader(status int) {
	if h.Header().Get("Retry-After") != "" {
		h.Header().Set("Retry-After", "0")
	}
	h.ResponseWriter.WriteHeader(status)
}

func (h hurriedAnswer) Unwrap() http.ResponseWriter { return h.ResponseWriter }
