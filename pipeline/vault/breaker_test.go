package vault

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// queue lets n requests wait at a breaker, and tells of each when it was let through.
func queue(b *breaker, n int) <-chan pass {
	through := make(chan pass, n)
	for range n {
		go func() {
			p, err := b.wait(context.Background())
			if err == nil {
				through <- p
			}
		}()
	}
	return through
}

func opened(first, most time.Duration) *breaker {
	b := newBreaker(first, most)
	for range failuresToOpen {
		b.failed(0)
	}
	return b
}

func TestBreakerOpensAfterFiveFailuresInARow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBreaker(time.Second, 30*time.Second)
		for range 3 {
			for range failuresToOpen - 1 {
				b.failed(0)
			}
			b.answered() // not in a row
		}
		for range failuresToOpen - 1 {
			b.failed(0)
		}
		begun := time.Now()
		if _, err := b.wait(context.Background()); err != nil || time.Since(begun) != 0 {
			t.Fatalf("four failures kept a request back for %v (%v)", time.Since(begun), err)
		}
		b.failed(0)
		if p, err := b.wait(context.Background()); err != nil || time.Since(begun) != time.Second || p == 0 {
			t.Errorf("five failures kept a request back for %v (%v), wanted the first pause", time.Since(begun), err)
		}
	})
}

// TestBreakerLetsOneTry: after each pause one request goes, a failure doubles the pause up to the
// longest, and an answer lets all the others go at once.
func TestBreakerLetsOneTry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := opened(time.Second, 30*time.Second)
		through := queue(b, 20)
		for i, pause := range []time.Duration{1, 2, 4, 8, 16, 30, 30, 30} {
			time.Sleep(pause*time.Second - time.Millisecond)
			synctest.Wait()
			if len(through) != 0 {
				t.Fatalf("try %d: a request went before its pause of %d s was over", i+1, pause)
			}
			time.Sleep(time.Millisecond)
			synctest.Wait()
			if len(through) != 1 {
				t.Fatalf("try %d: %d requests went after a pause of %d s, wanted one", i+1, len(through), pause)
			}
			time.Sleep(time.Hour) // a try may take long: nobody goes meanwhile
			synctest.Wait()
			if len(through) != 1 {
				t.Fatalf("try %d: %d more went while it was out", i+1, len(through)-1)
			}
			if i < 7 {
				b.failed(<-through)
			}
		}
		b.answered()
		synctest.Wait()
		if len(through) != 20-7 {
			t.Errorf("an answer let %d go, wanted all 13 that are left", len(through))
		}
	})
}

// TestBreakerHeedsItsOwnTryAlone: what becomes of requests that were out before the breaker opened
// neither ends a try nor lets a second one go beside it.
func TestBreakerHeedsItsOwnTryAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := opened(time.Second, 30*time.Second)
		through := queue(b, 3)
		time.Sleep(time.Second)
		synctest.Wait()
		b.failed(0)
		b.given(0)
		time.Sleep(time.Minute)
		synctest.Wait()
		if len(through) != 1 {
			t.Fatalf("%d are out, wanted the one that tries", len(through))
		}
		begun := time.Now()
		b.failed(<-through)
		p := <-through
		if waited := time.Since(begun); waited != 2*time.Second {
			t.Errorf("the second try came %v after the first, wanted twice the first pause", waited)
		}
		b.given(p)
		if last := <-through; last == 0 || time.Since(begun) != 2*time.Second {
			t.Error("a try that was not made was not given to the next at once")
		}
		b.answered()
	})
}

func TestBreakerStaysUsableWhenAWaiterGoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := opened(time.Second, 30*time.Second)
		gone := errors.New("gone")
		ctx, cancel := context.WithCancelCause(context.Background())
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() {
				if _, err := b.wait(ctx); !errors.Is(err, gone) {
					t.Errorf("the wait ended with %v", err)
				}
			})
		}
		synctest.Wait()
		cancel(gone)
		all.Wait()
		if p, err := b.wait(context.Background()); err != nil || p == 0 {
			t.Errorf("the next one was given %d (%v), wanted to try", p, err)
		}
	})
}
