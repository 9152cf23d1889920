package vault

import (
	"context"
	"runtime"
	"time"

	"golang.org/x/time/rate"
)

// pacer lets requests start at a set pace: any window of t seconds holds at most
// burst + rps·t starts. A token is taken at the instant of the start and not reserved ahead,
// so that a late wake-up never lets two requests start closer than the pace allows.
type pacer struct {
	turn  chan struct{} // holds one value: whoever has it waits for the limiter
	limit *rate.Limiter
}

func newPacer(rps float64, burst int) *pacer {
	p := &pacer{turn: make(chan struct{}, 1), limit: rate.NewLimiter(rate.Limit(rps), max(burst, 1))}
	p.turn <- struct{}{}
	return p
}

// wait returns when a request may start, or with ctx's error.
func (p *pacer) wait(ctx context.Context) error {
	select {
	case <-p.turn:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	defer func() { p.turn <- struct{}{} }()
	for {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		now := time.Now()
		if p.limit.AllowN(now, 1) {
			return nil
		}
		short := (1 - p.limit.TokensAt(now)) / float64(p.limit.Limit())
		if err := p.until(ctx, now.Add(time.Duration(short*float64(time.Second))+time.Nanosecond)); err != nil {
			return err
		}
	}
}

// awake is the last stretch of a wait that is not slept: an idle process's timers tick by the
// millisecond, and with burst 1 what is late is lost for good. A clock that does not move
// meanwhile, as a virtual one, is slept on.
const awake = 1200 * time.Microsecond

func (p *pacer) until(ctx context.Context, due time.Time) error {
	if err := sleep(ctx, time.Until(due)-awake); err != nil {
		return err
	}
	begun := time.Now()
	for turn := 0; time.Now().Before(due) && (turn < 100 || time.Now().After(begun)); turn++ {
		runtime.Gosched()
	}
	return sleep(ctx, time.Until(due))
}

// sleep waits, or returns ctx's error.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
