package vault

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptrace"
	"sync"
	"time"

	"pamsync/schemas"
)

// Touch asks for one listed device by its id, once, and returns how long the answer took to
// begin, whatever it says: what a small request to this vault takes. Nothing of it is kept.
func (c *Client) Touch(ctx context.Context, device string) (time.Duration, error) {
	var mu sync.Mutex
	var sent time.Time
	var took time.Duration
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteRequest: func(httptrace.WroteRequestInfo) {
			mu.Lock()
			defer mu.Unlock()
			sent = time.Now()
		},
		GotFirstResponseByte: func() {
			mu.Lock()
			defer mu.Unlock()
			took = time.Since(sent)
		},
	})
	t := c.once(ctx, request{method: http.MethodGet, path: "/pam/device/" + device})
	if t.err != nil {
		var fault *schemas.Fault
		if errors.As(t.err, &fault) {
			return 0, fault
		}
		return 0, c.networkFault(t.err)
	}
	defer t.response.Body.Close()
	mu.Lock()
	defer mu.Unlock()
	return took, nil
}
