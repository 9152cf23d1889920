package vaultsim

import (
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// bucket is a token bucket with its own lock.
type bucket struct {
	mu   sync.Mutex
	left float64
	at   time.Time // zero before the first request
}

// take spends one request. It returns the headers of the answer and whether
// the request is over the limit. The header names are those of the gateway
// and of API v2.
func (b *bucket) take(rate float64, burst int, now time.Time) (http.Header, bool) {
	if rate <= 0 {
		return nil, false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	size := float64(max(burst, 1))
	if b.at.IsZero() {
		b.left = size
	} else if passed := now.Sub(b.at); passed > 0 {
		b.left = min(size, b.left+passed.Seconds()*rate)
	}
	b.at = now
	spent := b.left < 1
	if !spent {
		b.left--
	}
	wait := max(0, (1-b.left)/rate)
	h := http.Header{}
	h.Set("X-RateLimit-Limit", strconv.Itoa(int(size)))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(int(b.left)))
	h.Set("X-RateLimit-Reset", strconv.FormatInt(now.Unix()+int64(math.Ceil(wait)), 10))
	if spent {
		h.Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(wait)))))
	}
	return h, spent
}
