package vault

import (
	"context"
	"sync"
	"time"
)

// breaker keeps requests back while the vault is not there. After a few failures in a row it opens:
// nothing is sent for a pause, then one request tries alone. Where that fails too, the pause doubles;
// where it is answered, all go on. A failure is one of the vault as a whole: no connection, no
// answer, 429, 502, 503, 504; never an answer about one record.
type breaker struct {
	mu     sync.Mutex
	first  time.Duration // the first pause
	most   time.Duration // the longest
	inARow int
	pause  time.Duration // 0 while closed
	until  time.Time
	trial  pass          // of the request that is out alone, 0 for none
	trials pass          // how many there were
	moved  chan struct{} // closed when the state changes
}

// pass is the leave to send one request: 0 while the breaker is closed, else that of the one that
// tries. Who was given one tells what became of it by exactly one of failed, answered and given.
type pass uint64

// failuresToOpen is how many failures in a row open the breaker.
const failuresToOpen = 5

func newBreaker(first, most time.Duration) *breaker {
	return &breaker{first: first, most: most, moved: make(chan struct{})}
}

// wait returns when a request may be sent, or with ctx's error.
func (b *breaker) wait(ctx context.Context) (pass, error) {
	for {
		b.mu.Lock()
		if b.pause == 0 {
			b.mu.Unlock()
			return 0, nil
		}
		left, moved := time.Until(b.until), b.moved
		if left <= 0 && b.trial == 0 {
			b.trials++
			b.trial = b.trials
			b.mu.Unlock()
			return b.trials, nil
		}
		b.mu.Unlock()
		if left <= 0 { // another one tries: what it meets counts for all
			left = b.most
		}
		if err := b.rest(ctx, left, moved); err != nil {
			return 0, err
		}
	}
}

func (b *breaker) rest(ctx context.Context, d time.Duration, moved <-chan struct{}) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-moved:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	return nil
}

// holds tells whether a pass still stands: the breaker may have opened since.
func (b *breaker) holds(p pass) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.pause == 0 || b.tries(p)
}

// tries tells whether a pass is that of the request that is out alone; b.mu is held.
func (b *breaker) tries(p pass) bool { return p != 0 && p == b.trial }

// failed notes a failure of the vault as a whole.
func (b *breaker) failed(p pass) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.inARow++
	switch {
	case b.pause > 0 && !b.tries(p): // of a request that was out before it opened
		return
	case b.pause > 0:
		b.pause = min(2*b.pause, b.most)
	case b.inARow >= failuresToOpen:
		b.pause = b.first
	default:
		return
	}
	b.until = time.Now().Add(b.pause)
	b.move()
}

// answered notes that the vault is there, whichever request it answered.
func (b *breaker) answered() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.inARow = 0
	if b.pause > 0 {
		b.pause = 0
		b.move()
	}
}

// given notes that a request that was let through was not sent, or that nobody waited for its answer.
func (b *breaker) given(p pass) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.tries(p) {
		b.move()
	}
}

// move tells those who wait that something is otherwise now; b.mu is held.
func (b *breaker) move() {
	b.trial = 0
	close(b.moved)
	b.moved = make(chan struct{})
}
