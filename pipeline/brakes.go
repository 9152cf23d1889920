package pipeline

import (
	"strconv"
	"sync"
	"time"

	"pamsync/schemas"
)

// Brakes end a run early, or let it go on by parts. The zero value ends nothing.
type Brakes struct {
	// Stages are how many changes are made before the lists are read and compared; the last holds
	// whatever is left. Without any there is one.
	Stages []schemas.StageSize
	// Budget is how many changes one night makes; what is left waits for the next. 0 is no limit.
	Budget int
	// MaxErrors is how many failed changes stop the run, 0 for no number.
	MaxErrors int
	// Storm stops the run where most of what is sent fails: stormRow calls in a row, or one in
	// stormShare from stormCalls on.
	Storm bool
	// Closed says why no change may be begun at a time, nil for no reason: a change window.
	Closed func(now time.Time) *schemas.Fault
}

const (
	stormRow   = 20
	stormCalls = 50
	stormShare = 10
)

// tempers counts how the calls of this run ended, for its brakes.
type tempers struct {
	mu                  sync.Mutex
	calls, bad, badRow  int
	failed              int
	stormed, overfailed bool
}

// weigh counts the answer of one call, and stops the run where the answers are a storm of errors.
// What the list will settle as done already is none.
func (r *Run) weigh(bad bool) {
	if !r.Brakes.Storm {
		return
	}
	t := &r.tempers
	t.mu.Lock()
	defer t.mu.Unlock()
	t.calls++
	if !bad {
		t.badRow = 0
		return
	}
	t.bad++
	t.badRow++
	row := t.badRow >= stormRow
	if t.stormed || !row && (t.calls < stormCalls || t.bad*stormShare < t.calls) {
		return
	}
	t.stormed = true
	pairs := []string{"n", strconv.Itoa(t.bad), "calls", strconv.Itoa(t.calls)}
	if row {
		pairs = append(pairs, "why", "row", "row", strconv.Itoa(t.badRow))
	}
	r.halt(schemas.NewFault(schemas.ClassStopped, "error_storm", pairs...))
}

// countFailed counts a change that failed.
func (r *Run) countFailed() {
	if r.Brakes.MaxErrors <= 0 {
		return
	}
	t := &r.tempers
	t.mu.Lock()
	defer t.mu.Unlock()
	t.failed++
	if t.failed >= r.Brakes.MaxErrors && !t.overfailed {
		t.overfailed = true
		r.halt(schemas.NewFault(schemas.ClassStopped, "max_errors", "n", strconv.Itoa(t.failed), "most", strconv.Itoa(r.Brakes.MaxErrors)))
	}
}
