package vault

import (
	"context"
	"errors"
	"io"
	"net/http"

	"pamsync/schemas"
	"pamsync/schemas/scan"
)

// open starts a list: it returns an answer of 2xx, resending a GET as often as is sensible.
func (c *Client) open(ctx context.Context, path, what string) (*http.Response, error) {
	return c.openList(ctx, request{method: http.MethodGet, path: path, list: true}, what)
}

// openList is open of a request that is a GET.
func (c *Client) openList(ctx context.Context, rq request, what string) (*http.Response, error) {
	renewed := false
	for attempt := 1; ; attempt++ {
		t := c.once(ctx, rq)
		if t.err != nil {
			if fault, ok := t.err.(*schemas.Fault); ok {
				return nil, fault
			}
			if stopped(ctx) {
				return nil, c.interrupted(context.Cause(ctx))
			}
			fault := c.networkFault(t.err)
			if attempt >= dialAttempts || permanent(t.err) {
				return nil, fault
			}
			again, err := c.again(ctx, costOf(t.err), c.retry.pause(attempt))
			switch {
			case err != nil:
				return nil, c.interrupted(err)
			case !again:
				return nil, fault
			}
			continue
		}
		if t.response.StatusCode/100 == 2 {
			if attempt == 1 {
				c.budget.refund()
			}
			return t.response, nil
		}
		r := c.readRefusal(t.response)
		if r.gateway() && !renewed && c.config.CallsForToken() {
			renewed = true
			c.tokens.refused(t.token)
			continue
		}
		if (r.http == http.StatusTooManyRequests || r.http >= 500 && !unauthorised(r.e.message)) && attempt < attempts {
			again, err := c.again(ctx, costResend, c.retry.after(r.header, attempt))
			if err != nil {
				return nil, c.interrupted(err)
			}
			if again {
				continue
			}
		}
		return nil, listFault{c.faultOf(r, what), r.http == http.StatusNotFound}.simplify()
	}
}

// listFault carries whether a path was not there, for lists that have several spellings.
type listFault struct {
	*schemas.Fault
	notFound bool
}

func (l listFault) simplify() error {
	if l.notFound {
		return l
	}
	return l.Fault
}

func (l listFault) Unwrap() error { return l.Fault }

// scanFault says what a list that cannot be read means.
func (c *Client) scanFault(ctx context.Context, err error, what string) error {
	var syntax *scan.SyntaxError
	var fault *schemas.Fault
	switch {
	case errors.As(err, &fault):
		return fault
	case stopped(ctx):
		return c.interrupted(context.Cause(ctx))
	case errors.Is(err, scan.ErrTruncated), errors.Is(err, io.ErrUnexpectedEOF):
		return c.fault(schemas.ClassUnreachable, "list_cut", "what", what).Because(err)
	case errors.As(err, &syntax), errors.Is(err, scan.ErrTooLarge):
		return c.fault(schemas.ClassUnreachable, "list_malformed", "what", what).Because(err)
	}
	f := c.networkFault(err)
	if f.Problem.Code == "unreachable" {
		f.Problem.Code = "list_cut"
		f.Problem.Args["what"] = what
	}
	return f
}
