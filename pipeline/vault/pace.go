package vault

import (
	"context"
	"runtime"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// pacer lets requests start at a set pace: any window of t seconds holds at most
// burst + rps·t starts. A token is taken at the instant of the start and not reserved ahead,
// so that a late wake-up never lets two requests start closer than the pace allows. A vault that
// asks for less, or grows slow, gets less for a while: the pace is cut to a part at once and grows
// back, quickly to near where it was cut and with care from there on, never above what was set.
type pacer struct {
	turn  chan struct{} // holds one value: whoever has it waits for the limiter
	limit *rate.Limiter
	full  rate.Limit // as it was set

	mu     sync.Mutex
	eased  time.Time  // when it was cut last
	met    rate.Limit // what it was when the vault minded it last
	well   int        // answers since
	lowest rate.Limit // that it was cut to
	usual  float64    // seconds that the vault takes for an answer, over the whole run
	recent float64    // and over the last few
}

func newPacer(rps float64, burst int) *pacer {
	p := &pacer{turn: make(chan struct{}, 1), limit: rate.NewLimiter(rate.Limit(rps), max(burst, 1)), full: rate.Limit(rps), met: rate.Limit(rps), lowest: rate.Limit(rps)}
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

// How the pace follows the vault.
const (
	cutRefused = 0.5      // where the vault asks for less
	cutSlow    = 0.8      // where it grows slow
	growth     = 1. / 50  // of the full pace, with each answer
	near       = 0.85     // of the pace that was cut: from there on it grows with care
	care       = 1. / 200 // of the pace that was cut, with each answer
	trust      = 50       // answers in a row without trouble make the step larger by another one
	leastPace  = 1. / 32  // of the full pace
	cutEvery   = time.Second
	slowTimes  = 3.   // slower than usual
	slowBy     = 0.25 // seconds, at the least
	ofRecent   = 0.2  // the weight of one answer
	ofUsual    = 0.01
)

// ease cuts the pace. Requests that are out together meet the same trouble: it counts once.
func (p *pacer) ease(to float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	p.well = 0
	if !p.eased.IsZero() && now.Sub(p.eased) < max(cutEvery, time.Duration(4/float64(p.limit.Limit())*float64(time.Second))) {
		p.met = min(p.met, p.limit.Limit())
		return
	}
	p.eased, p.met = now, p.limit.Limit()
	next := max(p.limit.Limit()*rate.Limit(to), p.full*leastPace)
	p.lowest = min(p.lowest, next)
	p.limit.SetLimitAt(now, next)
}

// answered lets the pace grow back, unless the answer shows that the vault grows slow.
func (p *pacer) answered(took time.Duration) {
	if p.slower(took.Seconds()) {
		p.ease(cutSlow)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.limit.Limit()
	if now >= p.full {
		return
	}
	p.well++
	step, most := p.full*growth, p.met*near
	if now >= most {
		step, most = p.met*care*(1+rate.Limit(p.well)/trust), p.full
	}
	p.limit.SetLimitAt(time.Now(), min(now+step, most))
}

// slower weighs how long an answer took against what is usual.
func (p *pacer) slower(seconds float64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.usual == 0 {
		p.usual, p.recent = seconds, seconds
		return false
	}
	p.usual += ofUsual * (seconds - p.usual)
	p.recent += ofRecent * (seconds - p.recent)
	return p.recent > slowTimes*p.usual && p.recent-p.usual > slowBy
}

// slowest is the lowest pace that there was, and whether that is below the one that was set.
func (p *pacer) slowest() (perSecond float64, cut bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return float64(p.lowest), p.lowest < p.full
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
