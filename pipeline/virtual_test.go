package pipeline_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pamsync/schemas"
)

var applySeed = flag.Uint64("applyseed", 0, "run this one case of the apply that survives anything")

// numOrdeals is 2,000, or a hundred thousand where the torture is asked for.
func numOrdeals() uint64 {
	switch {
	case *caseFlag > 0:
		return uint64(*caseFlag)
	case os.Getenv("PAMSYNC_TORTURE") != "":
		return 100_000
	case testing.Short():
		return 200
	}
	return 2_000
}

// ordeals are what the cases of the test came to.
type ordeals struct {
	mu                                                 sync.Mutex
	cases, processes, requests, calls, doubts, settled int
	virtual                                            time.Duration
	statuses                                           map[schemas.Status]int
}

func (f *ordeals) count(o *ordeal) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.cases++
	f.processes += o.processes
	f.virtual += time.Since(o.began)
	f.requests += len(o.sim.Log())
	for _, rec := range o.records {
		switch {
		case rec.Intent != nil:
			f.calls++
		case rec.Outcome == nil:
		case rec.Outcome.Final:
			f.statuses[rec.Outcome.Status]++
			if rec.Outcome.Code == "settled" {
				f.settled++
			}
		case rec.Outcome.Effect == schemas.EffectInDoubt:
			f.doubts++
		}
	}
}

// TestAnApplySurvivesAnything applies plans under virtual time, over real HTTP, to a vault that
// spoils answers, works slowly or not at all, while clocks jump, tokens end, and the program is
// stopped and killed: whatever happens, each change ends once and as the vault has it.
func TestAnApplySurvivesAnything(t *testing.T) {
	f := &ordeals{statuses: map[schemas.Status]int{}}
	begun := time.Now()
	if *applySeed != 0 {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // what happens at one instant happens in one order then, nearly always
		if err := f.survive(t, *applySeed); err != nil {
			t.Fatal(err)
		}
		f.log(t, time.Since(begun))
		return
	}
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // the windows of many short lists
	var next, failed atomic.Uint64
	n := numOrdeals()
	t.Run("all", func(t *testing.T) {
		for range runtime.GOMAXPROCS(0) {
			t.Run("seeds", func(t *testing.T) {
				t.Parallel()
				for seed := next.Add(1); seed <= n && failed.Load() < 10; seed = next.Add(1) {
					if err := f.survive(t, seed); err != nil {
						failed.Add(1)
						t.Errorf("seed %d (again: go test ./pipeline -run TestAnApplySurvivesAnything -applyseed %d -v -count 10): %v", seed, seed, err)
					}
				}
			})
		}
	})
	f.log(t, time.Since(begun))
}

func (f *ordeals) log(t *testing.T, took time.Duration) {
	t.Logf("%d cases in %v, %.0f a second: %v of virtual time, %d requests, %d restarts, %d calls, %d left in doubt, %d settled as done, changes by status %v",
		f.cases, took.Round(time.Millisecond), float64(f.cases)/took.Seconds(), f.virtual.Round(time.Minute), f.requests, f.processes-f.cases, f.calls, f.doubts, f.settled, f.statuses)
}

// survive runs one case in a bubble of its own; a goroutine that is left in it fails it.
func (f *ordeals) survive(t *testing.T, seed uint64) (err error) {
	defer func() {
		if stuck := recover(); stuck != nil {
			err = errors.Join(err, fmt.Errorf("%v", stuck))
		}
	}()
	synctest.Test(t, func(t *testing.T) {
		o := newOrdeal(seed)
		err = o.live()
		f.count(o)
		if seed == *applySeed {
			o.log(t)
		}
	})
	return err
}

// log tells a case request by request.
func (o *ordeal) log(t *testing.T) {
	for _, r := range o.sim.Log() {
		t.Logf("%s %s: %d, fault %d after %v", r.At.Format(time.TimeOnly+".000000"), o.net.labels[r.N], r.Status, o.net.fates[r.N].fault, o.net.fates[r.N].takes)
	}
}
