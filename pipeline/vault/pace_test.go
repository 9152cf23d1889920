package vault

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestWindowRule holds the design's rule with a virtual clock: any window of t seconds holds at
// most burst + rps·t request starts, however callers come and however late they wake.
func TestWindowRule(t *testing.T) {
	for _, c := range []struct {
		rps   float64
		burst int
	}{{5, 1}, {200, 1}, {10, 5}, {0.5, 2}} {
		synctest.Test(t, func(t *testing.T) {
			p := newPacer(c.rps, c.burst)
			var mu sync.Mutex
			var starts []time.Time
			var wg sync.WaitGroup
			seed := rand.New(rand.NewPCG(1, uint64(c.burst)))
			for range 300 {
				pause := time.Duration(seed.Int64N(int64(100 * time.Second)))
				if seed.IntN(2) == 0 {
					pause = 0
				}
				wg.Go(func() {
					time.Sleep(pause)
					if err := p.wait(context.Background()); err != nil {
						t.Error(err)
					}
					mu.Lock()
					starts = append(starts, time.Now())
					mu.Unlock()
				})
			}
			wg.Wait()
			for i := range starts {
				for j := i; j < len(starts); j++ {
					window := starts[j].Sub(starts[i]).Seconds()
					if n := float64(j - i + 1); n > float64(c.burst)+c.rps*window+1e-6 {
						t.Fatalf("%v starts in %v s at %v/s with burst %d", n, window, c.rps, c.burst)
					}
				}
			}
		})
	}
}

func TestPaceIsReached(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(200, 1)
		begun := time.Now()
		for range 2001 {
			if err := p.wait(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(begun); took > 10*time.Second+time.Millisecond {
			t.Errorf("2000 requests after the first took %v at 200/s", took)
		}
	})
}

func TestWaitEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(0.001, 1)
		if err := p.wait(context.Background()); err != nil {
			t.Fatal(err)
		}
		gone := errors.New("gone")
		ctx, cancel := context.WithCancelCause(context.Background())
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				if err := p.wait(ctx); !errors.Is(err, gone) {
					t.Errorf("got %v", err)
				}
			})
		}
		synctest.Wait()
		cancel(gone)
		wg.Wait()
	})
}
