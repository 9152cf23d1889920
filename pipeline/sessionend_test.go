package pipeline_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"pamsync/pipeline"
	"pamsync/schemas"
)

// TestADropWhoseEndCannotBeRead: it is not sent where the end was that already, and nobody knows what became
// of it where the end is that afterwards.
func TestADropWhoseEndCannotBeRead(t *testing.T) {
	for _, c := range []struct {
		rule          string
		before, after pipeline.Stand
		want          string
		calls         int32
	}{
		{"before the call", pipeline.StandUnclear, pipeline.StandUnclear, "skipped session_end_unread", 0},
		{"after the call", pipeline.StandReady, pipeline.StandUnclear, "unknown session_end_unread", 1},
		{"a time in the end", pipeline.StandReady, pipeline.StandOver, "done dropped", 1},
	} {
		d := &pipeline.Drops{Reason: "x"}
		d.Prepare()
		d.Take(&schemas.Session{ID: "1", User: "u", SessionID: "h"})
		past := &pipeline.Past{}
		past.Take(schemas.Record{Start: &schemas.Start{Bulk: schemas.ActionDrop}})
		var calls atomic.Int32
		b := &pipeline.Bulk{Look: func(context.Context) (pipeline.Sight, error) {
			return func(*schemas.Change) pipeline.Stand {
				if calls.Load() > 0 {
					return c.after
				}
				return c.before
			}, nil
		}, Do: func(context.Context, *schemas.Change) schemas.Answer {
			calls.Add(1)
			return schemas.Answer{Effect: schemas.EffectDone}
		}}
		b.Plan, b.Past, b.Workers, b.Now = d.Plan(), past, 1, time.Now
		b.Sleep = func(context.Context, time.Duration) error { return nil }
		b.Journal = func(rec schemas.Record) error { past.Take(rec); return nil }
		if err := b.Apply(context.Background()); err != nil {
			t.Fatal(err)
		}
		r := pipeline.Replay(b.Plan, past)[0]
		if got := string(r.Status) + " " + r.Code; got != c.want || calls.Load() != c.calls {
			t.Errorf("%s: %s after %d calls, wanted %s", c.rule, got, calls.Load(), c.want)
		}
	}
}
