package jobs

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"pamsync/pipeline"
	"pamsync/schemas"
)

// trace is what a run did to a vault, step by step. The run's goroutines fill it.
type trace struct {
	from  pipeline.Lister
	plan  *schemas.Plan
	place map[string]int // of a change in the plan, by its id

	mu    sync.Mutex
	steps []step
}

// step is a part of a run that ends before the next begins: a list, a wait, or the calls of one
// stage by their changes' place in the plan.
type step struct {
	list  string
	wait  time.Duration
	stage string
	calls map[int]int
}

func newTrace(from pipeline.Lister, plan *schemas.Plan) *trace {
	t := &trace{from: from, plan: plan, place: make(map[string]int, len(plan.Changes))}
	for i := range plan.Changes {
		t.place[plan.Changes[i].ID] = i
	}
	return t
}

func (t *trace) add(s step) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.steps = append(t.steps, s)
}

// Devices lists the devices of the vault that is traced.
func (t *trace) Devices(ctx context.Context, yield func(*schemas.Device) error) (schemas.Listing, error) {
	t.add(step{list: "devices"})
	return t.from.Devices(ctx, yield)
}

// Credentials lists the credentials of the vault that is traced.
func (t *trace) Credentials(ctx context.Context, yield func(*schemas.Credential) error) (schemas.Listing, error) {
	t.add(step{list: "credentials"})
	return t.from.Credentials(ctx, yield)
}

// call notes an announced call. Within one stage the order of the calls is left to chance.
func (t *trace) call(intent *schemas.Intent) {
	place := t.place[intent.Change]
	c := &t.plan.Changes[place]
	stage := "send"
	switch {
	case c.Action == schemas.ActionInactivate:
		stage = "inactivate"
	case c.Action == schemas.ActionReactivate && intent.Step == 1:
		stage = "reactivate"
	}
	if c.Kind == schemas.KindDevice {
		stage += " devices"
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if n := len(t.steps); n == 0 || t.steps[n-1].stage != stage {
		t.steps = append(t.steps, step{stage: stage, calls: map[int]int{}})
	}
	t.steps[len(t.steps)-1].calls[place]++
}

// chains are the numbers of calls that follow one another, because they are of one device, in the
// plan's order.
func (t *trace) chains(calls map[int]int) []int {
	var chains []int
	at := map[string]int{}
	for _, place := range slices.Sorted(maps.Keys(calls)) {
		device := strings.ToLower(strings.TrimSpace(t.plan.Changes[place].Device))
		i, ok := at[device]
		if !ok {
			i = len(chains)
			at[device] = i
			chains = append(chains, 0)
		}
		chains[i] += calls[place]
	}
	return chains
}

// pace is how a vault is called: what the configuration allows, and what an answer takes.
type pace struct {
	rps            float64
	burst, workers int
	latency        time.Duration            // of one write
	lists          map[string]time.Duration // of one reading
}

// clock is the time of a run that is reckoned and not waited for.
type clock struct {
	pace
	now time.Duration
	due time.Duration // of the next request, were there no burst
}

// time is how long the steps of a run take at a pace: each request starts when its turn comes, any
// window of t seconds holding at most burst + rps·t starts; so many workers call at a time, and
// what is of one device goes one after another.
func (t *trace) time(p pace) time.Duration {
	c := &clock{pace: p}
	if len(t.steps) > 0 {
		c.now = c.start(0) + p.latency // the access token
	}
	for _, s := range t.steps {
		switch {
		case s.list != "":
			c.now = c.start(c.now) + p.lists[s.list]
		case s.calls != nil:
			c.stage(t.chains(s.calls))
		default:
			c.now += s.wait
		}
	}
	return c.now
}

// start is when a request starts that is ready at a time.
func (c *clock) start(ready time.Duration) time.Duration {
	between := time.Duration(float64(time.Second) / c.rps)
	at := max(ready, c.due-time.Duration(max(c.burst, 1)-1)*between)
	c.due = max(c.due, at) + between
	return at
}

// stage lets the workers make all calls of a stage: whoever is free first takes the next chain.
func (c *clock) stage(chains []int) {
	type worker struct {
		free time.Duration
		left int // of its chain
	}
	workers := make([]worker, max(min(c.workers, len(chains)), 1))
	for i := range workers {
		workers[i].free = c.now
	}
	for len(workers) > 0 {
		first := 0
		for i := range workers {
			if workers[i].free < workers[first].free {
				first = i
			}
		}
		w := &workers[first]
		if w.left == 0 {
			if len(chains) == 0 {
				c.now = max(c.now, w.free)
				workers = slices.Delete(workers, first, first+1)
				continue
			}
			w.left, chains = chains[0], chains[1:]
		}
		w.free = c.start(w.free) + c.latency
		w.left--
	}
}

// waits is how long a run waited for what was in doubt.
func (t *trace) waits() time.Duration {
	var all time.Duration
	for _, s := range t.steps {
		all += s.wait
	}
	return all
}
