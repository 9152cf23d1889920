package jobs

import (
	"testing"
	"time"
)

// The memory, resume and report all take "the latest run" from the order of the names.
func TestNamesOfRunsSortByTime(t *testing.T) {
	at := time.Date(2026, 11, 2, 15, 4, 5, 0, time.UTC)
	last := ""
	for _, step := range []time.Duration{0, 2 * time.Microsecond, time.Millisecond, 500 * time.Millisecond,
		time.Second - 1, time.Second, time.Minute} {
		name := NewRun(at.Add(step))
		if len(name) != len("20061102T150405Z-2222") || name <= last {
			t.Errorf("after %v the name is %q, which is not after %q", step, name, last)
		}
		last = name
	}
}
