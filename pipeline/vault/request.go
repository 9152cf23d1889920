package vault

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"pamsync/pipeline/vault/internal/lend"
	"pamsync/schemas"
)

// errStalled is the cause of a request that was given up because no byte came for too long.
var errStalled = errors.New("no answer in time")

// errUpgraded is the cause of a request that was answered in another protocol.
var errUpgraded = errors.New("the server went over to another protocol")

// maxAnswer is the most that is read of an answer that is no list.
const maxAnswer = 1 << 20

// request is one call as it goes out.
type request struct {
	method string
	path   string     // without the prefix; a path that holds it already starts with "//"
	query  url.Values // API v2 alone takes one
	body   []byte
	list   bool
	table  []lend.Route // what may be called, nil for this package's own list
}

// reader is the body to send. That of a GET is empty, and one that net/http cannot read again: it would
// resend a GET by itself, beside the pace and the budget, when a connection kept alive is reset.
func (rq *request) reader() io.Reader {
	if rq.method == http.MethodGet {
		return io.MultiReader()
	}
	return bytes.NewReader(rq.body)
}

// try is one attempt of a request: an answer, or an error with what is known about it.
type try struct {
	response *http.Response
	token    string
	err      error
	// notSent tells that no byte of the request can have reached the vault.
	notSent bool
}

// once sends a request one time. The wait for the pace can be cancelled by ctx; once sent, the
// request is seen through under its own time-outs. The caller closes the response's body.
func (c *Client) once(ctx context.Context, rq request) try {
	token, prefix, leave, err := c.ready(ctx)
	if err != nil {
		return try{err: err, notSent: true}
	}
	path := prefix + rq.path
	if full, ok := strings.CutPrefix(rq.path, "/"); ok && strings.HasPrefix(full, "/") {
		path = full
	}
	table := rq.table
	if table == nil {
		table = c.routes
	}
	if !allowed(table, rq.method, path) || len(rq.query) > 0 && !strings.HasPrefix(path, "/api/v2/") {
		c.breaker.given(leave)
		return try{err: schemas.NewFault(schemas.ClassBug, "call_not_allowed", "call", rq.method+" "+path), notSent: true}
	}
	sendCtx := ctx
	if rq.method != http.MethodGet {
		sendCtx = context.WithoutCancel(ctx)
	}
	begun := time.Now()
	t := c.send(sendCtx, rq, path, token)
	status := 0
	if t.response != nil {
		status = t.response.StatusCode
	}
	took := time.Since(begun)
	if rq.list {
		took = 0 // it says how long the list is
	}
	c.feel(sendCtx, leave, status, took)
	return t
}

// ready waits until a request may start, and returns the token to send with it. One that came to its
// end during the wait would only be turned down: it is renewed, once.
func (c *Client) ready(ctx context.Context) (token, prefix string, leave pass, err error) {
	for renewed := false; ; renewed = true {
		if token, prefix, err = c.tokens.get(ctx); err != nil {
			return "", "", 0, err
		}
		if leave, err = c.turn(ctx); err != nil {
			return "", "", 0, c.interrupted(err)
		}
		if latest, _, ok := c.tokens.fresh(); ok {
			return latest, prefix, leave, nil
		}
		if renewed {
			return token, prefix, leave, nil
		}
		c.breaker.given(leave)
	}
}

// turn waits until a request may start. Whoever has it tells feel what became of the request.
func (c *Client) turn(ctx context.Context) (pass, error) {
	for {
		leave, err := c.breaker.wait(ctx)
		if err != nil {
			return 0, err
		}
		if err := c.pace.wait(ctx); err != nil {
			c.breaker.given(leave)
			return 0, err
		}
		if c.breaker.holds(leave) {
			return leave, nil
		}
		// It opened while the request waited for the pace.
	}
}

// feel learns from an answer, status 0 for none, how the vault bears our requests. took is how long
// it let us wait, 0 where that says nothing.
func (c *Client) feel(ctx context.Context, leave pass, status int, took time.Duration) {
	switch status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		c.pace.ease(cutRefused)
		c.breaker.failed(leave)
	case http.StatusBadGateway, http.StatusGatewayTimeout:
		c.breaker.failed(leave)
	case 0:
		if stopped(ctx) {
			c.breaker.given(leave) // we did not wait for it
			return
		}
		c.breaker.failed(leave)
	default:
		c.breaker.answered()
		if took > 0 {
			c.pace.answered(took)
		}
	}
}

// again pays for a resend of a call, and waits for it; false where the call must end with what it has.
func (c *Client) again(ctx context.Context, cost int, pause time.Duration) (bool, error) {
	if !c.budget.take(cost) {
		return false, nil
	}
	if err := sleep(ctx, pause); err != nil {
		return false, err
	}
	return true, nil
}

func (c *Client) send(ctx context.Context, rq request, path, token string) try {
	ctx, cancel := context.WithCancelCause(ctx)
	first, stall := c.timeouts(rq.list)
	timer := time.AfterFunc(first, func() { cancel(errStalled) })
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }})
	hr, err := http.NewRequestWithContext(ctx, rq.method, c.base.JoinPath(path).String(), rq.reader())
	if err != nil {
		timer.Stop()
		cancel(nil)
		return try{err: err, notSent: true}
	}
	hr.URL.RawQuery = rq.query.Encode()
	c.authorise(hr, token)
	hr.Header.Set("Accept", "application/json")
	if rq.body != nil {
		hr.Header.Set("Content-Type", "application/json")
	}
	response, err := c.http.Do(hr)
	if err != nil {
		timer.Stop()
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		cancel(nil)
		return try{err: err, notSent: !connected.Load(), token: token}
	}
	timer.Reset(stall)
	endless := rq.list && response.StatusCode/100 == 2
	response.Body = &stallReader{body: response.Body, timer: timer, stall: stall, endless: endless, ctx: ctx, cancel: cancel}
	return try{response: response, token: token}
}

// stallReader gives up a body that stops coming. The whole of a list may take as long as it likes;
// what is no list must be there in the time of one piece.
type stallReader struct {
	body    io.ReadCloser
	timer   *time.Timer
	stall   time.Duration
	endless bool
	ctx     context.Context // of this one request
	cancel  context.CancelCauseFunc
}

func (s *stallReader) Read(p []byte) (int, error) {
	n, err := s.body.Read(p)
	if err != nil && err != io.EOF {
		if cause := context.Cause(s.ctx); cause != nil {
			err = cause
		}
	}
	if s.endless {
		s.timer.Reset(s.stall)
	}
	return n, err
}

func (s *stallReader) Close() error {
	s.timer.Stop()
	s.cancel(nil)
	return s.body.Close()
}

// refusal is an answer that is no success, read and closed.
type refusal struct {
	http   int
	header http.Header
	e      envelope
	html   bool
	// What is said of it, without secrets: the message, and where a redirect leads.
	said, to string
}

// readRefusal reads what it can of an answer of 300 or more.
func (c *Client) readRefusal(response *http.Response) refusal {
	defer response.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	r := refusal{http: response.StatusCode, header: response.Header}
	if looksLikeJSON(body) {
		r.e, _, _ = parseAnswer(body, "")
		r.e.settle(r.http)
	} else {
		r.html = len(bytes.TrimSpace(body)) > 0
	}
	r.said, r.to = c.hide(r.e.message), c.hide(r.header.Get("Location"))
	return r
}

// gateway tells a refusal of our token that never reached the vault itself: 401, or 403 and
// 404 without an envelope (vault-api b.4).
func (r refusal) gateway() bool {
	if r.http == http.StatusUnauthorized {
		return true
	}
	return (r.http == http.StatusForbidden || r.http == http.StatusNotFound) && !r.e.present
}

// throttled tells the answers that promise that nothing was processed: 429, and 503 that says
// when to come back.
func (r refusal) throttled() bool {
	return r.http == http.StatusTooManyRequests ||
		r.http == http.StatusServiceUnavailable && r.header.Get("Retry-After") != ""
}

// faultOf says what a refusal of a list means.
func (c *Client) faultOf(r refusal, what string) *schemas.Fault {
	code := ""
	if r.e.code > 0 {
		code = fmt.Sprint(r.e.code)
	}
	pairs := []string{"what", what, "http", fmt.Sprint(r.http), "code", code, "message", clip(r.said)}
	switch {
	case r.http/100 == 3:
		return c.fault(schemas.ClassUnreachable, "redirected", append(pairs, "to", r.to)...)
	case r.http == http.StatusTooManyRequests:
		return c.busy(r.http)
	case r.html && r.http < 500:
		return c.fault(schemas.ClassUnreachable, "not_json", pairs...)
	case r.http == http.StatusUnauthorized || r.http == http.StatusForbidden || r.e.code == codeNoAccess || unauthorised(r.e.message):
		return c.fault(schemas.ClassRefused, "not_allowed", pairs...)
	case r.http == http.StatusNotFound && !r.e.present:
		return c.fault(schemas.ClassRefused, "not_allowed", pairs...)
	case r.http >= 500:
		return c.fault(schemas.ClassBusy, "vault_error", pairs...)
	}
	return c.fault(schemas.ClassUnreachable, "vault_error", pairs...)
}

// unauthorised recognises the one refusal of permission that comes as HTTP 500 without a code
// (vault-api a.8); it refines a failure and never turns anything into a success.
func unauthorised(message string) bool {
	m := strings.ToLower(message)
	return strings.Contains(m, "not authorized") || strings.Contains(m, "não autorizado") || strings.Contains(m, "não possui autorização")
}

// clip shortens a text of the vault for a message.
func clip(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 200 {
		return string(r[:200]) + "…"
	}
	return s
}
