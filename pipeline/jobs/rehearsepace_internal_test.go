package jobs

import (
	"testing"
	"time"

	"pamsync/schemas"
)

// planOf is a plan of creates, one for each device named.
func planOf(devices ...string) *schemas.Plan {
	p := &schemas.Plan{}
	for i, device := range devices {
		p.Changes = append(p.Changes, schemas.Change{ID: string(rune('a' + i)), Kind: schemas.KindCredential, Action: schemas.ActionCreate, Device: device})
	}
	return p
}

// called is the trace of a run that read the devices, then made a call for each change.
func called(devices ...string) *trace {
	plan := planOf(devices...)
	t := newTrace(nil, plan)
	t.add(step{list: "devices"})
	for i := range plan.Changes {
		t.call(&schemas.Intent{Change: plan.Changes[i].ID, Step: 1})
	}
	return t
}

func TestTheTimeOfARun(t *testing.T) {
	apart := []string{"1", "2", "3", "4", "5", "6", "7", "8"}
	same := []string{"one", "ONE ", "one", "one", "one", "one", "one", "one"}
	lists := map[string]time.Duration{"devices": 10 * time.Second}
	for _, c := range []struct {
		name  string
		trace *trace
		pace  pace
		want  time.Duration
	}{
		{"nothing", newTrace(nil, planOf()), pace{rps: 5, burst: 1, workers: 4, latency: time.Second}, 0},
		// The token at 0, the list at 0.2 s and ten seconds long, eight calls every 0.2 s from then on.
		{"the pace decides", called(apart...), pace{rps: 5, burst: 1, workers: 4, latency: 100 * time.Millisecond, lists: lists}, 11700 * time.Millisecond},
		// Four at a time: two rounds of ten seconds, the starts of the first one apart by the pace.
		{"the latency decides", called(apart...), pace{rps: 5, burst: 1, workers: 4, latency: 10 * time.Second, lists: lists}, 40*time.Second + 600*time.Millisecond},
		{"a worker more than calls", called(apart...), pace{rps: 5, burst: 1, workers: 9, latency: 10 * time.Second, lists: lists}, 31400 * time.Millisecond},
		{"one device's go one after another", called(same...), pace{rps: 5, burst: 1, workers: 4, latency: time.Second, lists: lists}, 19 * time.Second},
		{"a burst starts at once", called(apart...), pace{rps: 1, burst: 10, workers: 8, latency: 100 * time.Millisecond, lists: map[string]time.Duration{}}, 200 * time.Millisecond},
		{"what the burst does not hold waits", called(apart...), pace{rps: 1, burst: 8, workers: 8, latency: 100 * time.Millisecond, lists: map[string]time.Duration{}}, 2100 * time.Millisecond},
	} {
		if got := c.trace.time(c.pace); got != c.want {
			t.Errorf("%s: %v, wanted %v", c.name, got, c.want)
		}
	}
}

func TestAWaitIsReckonedWith(t *testing.T) {
	run := called("1")
	run.add(step{wait: time.Minute})
	if got := run.time(pace{rps: 1000, burst: 10, workers: 1}); got != time.Minute || run.waits() != time.Minute {
		t.Errorf("%v, of which waits %v", got, run.waits())
	}
}

// TestStagesFollowOneAnother: what a reactivation sends after the first call is of a later stage.
func TestStagesFollowOneAnother(t *testing.T) {
	plan := planOf("1", "2")
	plan.Changes[0].Action = schemas.ActionReactivate
	run := newTrace(nil, plan)
	for _, intent := range []schemas.Intent{{Change: "a", Step: 1}, {Change: "b", Step: 1}, {Change: "b", Step: 2}, {Change: "a", Step: 2}} {
		run.call(&intent)
	}
	if len(run.steps) != 2 || run.steps[0].calls[0] != 1 || run.steps[1].calls[1] != 2 || run.steps[1].calls[0] != 1 {
		t.Errorf("%+v", run.steps)
	}
}
