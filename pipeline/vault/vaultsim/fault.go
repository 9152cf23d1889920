package vaultsim

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// Fault is how a request is spoilt.
type Fault int

const (
	// NoFault answers as usual.
	NoFault Fault = iota
	// ResetBefore resets the connection; nothing is applied.
	ResetBefore
	// ResetAfter applies the request, then resets the connection.
	ResetAfter
	// Status503 answers 503 with Retry-After: 1; nothing is applied.
	Status503
	// Status503Bare answers 503 without Retry-After and without a body;
	// nothing is applied.
	Status503Bare
	// Status429 answers 429 with Retry-After: 1 and the rate headers;
	// nothing is applied.
	Status429
	// Status500After applies the request and answers 500 "Unexpected error."
	Status500After
	// Status502 answers a proxy's HTML page; nothing is applied.
	Status502
	// Hang never answers: it waits until the client goes away or the server
	// closes the connection; nothing is applied. httptest's Close waits for
	// it: cancel the client, or CloseClientConnections, first.
	Hang
	// TruncateBody applies the request and closes the connection in the
	// middle of the answer's body.
	TruncateBody
	// HTMLPage answers 200 with a login page; nothing is applied.
	HTMLPage
	// LateApply resets the connection at once and applies the request
	// Vault.LateBy later.
	LateApply
	// Unauthorized401 answers the gateway's 401; nothing is applied.
	Unauthorized401
	// InvalidSignature403 answers the gateway's "Invalid signature";
	// nothing is applied.
	InvalidSignature403
	// NoRoute404 answers the gateway's 404, as without an Authorization
	// header; nothing is applied.
	NoRoute404
	// NotFound404 answers "Resource sub not found"; nothing is applied.
	NotFound404
	// Unexpected500 answers "Unexpected error."; nothing is applied.
	Unexpected500
	// NotAuthorized500 answers "You are not authorized to access this resource.";
	// nothing is applied.
	NotAuthorized500
	// TimedOut504 answers the gateway's "Request timed out"; nothing is applied.
	TimedOut504
	// Redirect302 redirects to Vault.RedirectTo; nothing is applied.
	Redirect302
)

// exchange is one request with the way to answer it.
type exchange struct {
	v *Vault
	w http.ResponseWriter
	r *http.Request
	c *call
}

// instead answers for the faults that keep a request from being applied now;
// it reports whether it did.
func (x *exchange) instead(f Fault) bool {
	switch f {
	case ResetBefore:
		x.reset()
	case LateApply:
		x.reset()
		time.AfterFunc(x.v.LateBy, func() { x.v.apply(x.c) })
	case Hang:
		<-x.r.Context().Done()
		x.reset()
	default:
		a, found := x.v.stopped(f)
		if found {
			x.send(a, false)
		}
		return found
	}
	return true
}

// stopped is the answer to a request that is not applied.
func (v *Vault) stopped(f Fault) (answer, bool) {
	switch f {
	case Status503:
		a := bare(http.StatusServiceUnavailable, "The upstream server is currently unavailable")
		a.header = http.Header{"Retry-After": {"1"}}
		return a, true
	case Status503Bare:
		return answer{http: http.StatusServiceUnavailable, html: " "}, true
	case Status429:
		a := bare(http.StatusTooManyRequests, "API rate limit exceeded")
		a.header, _ = (&bucket{}).take(1, 1, v.now())
		a.header.Set("X-RateLimit-Remaining", "0")
		a.header.Set("Retry-After", "1")
		return a, true
	case Status502:
		return answer{http: http.StatusBadGateway,
			html: "<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"}, true
	case HTMLPage:
		return answer{http: http.StatusOK,
			html: "<!DOCTYPE html><html><head><title>senhasegura</title></head><body><form>Login</form></body></html>"}, true
	case Unauthorized401:
		return bare(http.StatusUnauthorized, "Unauthorized"), true
	case InvalidSignature403:
		return bare(http.StatusForbidden, "Invalid signature"), true
	case NoRoute404:
		return noRoute(), true
	case NotFound404:
		return v.notFound(), true
	case Unexpected500:
		return unexpected(), true
	case NotAuthorized500:
		return unauthorized(http.StatusInternalServerError), true
	case TimedOut504:
		return bare(http.StatusGatewayTimeout, "Request timed out"), true
	case Redirect302:
		target := v.RedirectTo
		if target == "" {
			target = "/login"
		}
		return answer{http: http.StatusFound, html: "<html><body>Found</body></html>",
			header: http.Header{"Location": {target}}}, true
	}
	return answer{}, false
}

// after resets the connection of a request that was applied.
func (x *exchange) after(f Fault) bool {
	if f != ResetAfter {
		return false
	}
	x.reset()
	return true
}

// reset ends the connection with a TCP reset.
func (x *exchange) reset() {
	x.hangUp(func(c net.Conn) {
		if secure, ok := c.(*tls.Conn); ok {
			c = secure.NetConn()
		}
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // at worst the client sees an end instead of a reset
		}
	})
}

// hangUp closes the connection without ending the answer. A connection that
// cannot be taken over (HTTP/2) is left to the server to abort.
func (x *exchange) hangUp(prepare func(net.Conn)) {
	conn, _, err := http.NewResponseController(x.w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	prepare(conn)
	_ = conn.Close()
}
