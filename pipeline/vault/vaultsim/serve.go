package vaultsim

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// call is one request, read whole.
type call struct {
	params
	method  string
	prefix  string   // first path segment
	path    []string // the segments after it, unescaped
	auth    string   // Authorization header
	r       *http.Request
	entry   *Request // in the log
	request Request  // for the hooks
	large   bool     // the body was over maxBody
}

func (c *call) isToken() bool {
	return len(c.path) == 2 && c.path[0] == "oauth2" && c.path[1] == "token"
}

// ServeHTTP implements [http.Handler].
func (v *Vault) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := v.read(r)
	if v.OnRequest != nil {
		v.OnRequest(c.request)
	}
	fault := NoFault
	if v.Fault != nil {
		fault = v.Fault(c.request)
	}
	x := &exchange{v: v, w: w, r: r, c: c}
	if x.instead(fault) {
		return
	}
	if !c.isToken() {
		wait(r.Context(), v.Latency)
	}
	a := v.apply(c)
	if x.after(fault) {
		return
	}
	if fault == Status500After {
		a = unexpected()
	}
	x.send(a, fault == TruncateBody)
}

// read reads the request and enters it in the log.
func (v *Vault) read(r *http.Request) *call {
	p, fits := readParams(r)
	c := &call{params: p, method: r.Method, auth: r.Header.Get("Authorization"), r: r, large: !fits}
	segments := strings.Split(strings.Trim(r.URL.EscapedPath(), "/"), "/")
	for i, s := range segments {
		plain, err := url.PathUnescape(s)
		if err != nil { // cannot happen: the URL was parsed
			plain = s
		}
		segments[i] = plain
	}
	c.prefix, c.path = segments[0], segments[1:]
	c.entry = v.log.record(Request{Method: r.Method, Path: r.URL.EscapedPath(), At: v.now(),
		Fields: p.fields(), Auth: c.auth != ""})
	c.request = v.log.settle(c.entry, 0)
	return c
}

// apply carries the request out and reports a write to OnApplied.
func (v *Vault) apply(c *call) answer {
	a := v.decide(c)
	if v.OnApplied != nil && c.method != http.MethodGet && a.http < 400 && !c.isToken() {
		done := c.request
		done.Status = a.http
		v.OnApplied(done)
	}
	return a
}

// decide is everything between a request and its answer.
func (v *Vault) decide(c *call) answer {
	if c.large {
		return bare(http.StatusRequestEntityTooLarge, "Request size limit exceeded")
	}
	if c.prefix != "iso" && c.prefix != "api" || v.Prefix != "" && c.prefix != v.Prefix {
		return v.notFound()
	}
	if !v.calledFromHere(c) {
		return unauthorized(http.StatusForbidden)
	}
	if c.isToken() {
		return v.token(c)
	}
	limit, spent := v.bucket.take(v.RateLimit, v.RateBurst, v.now())
	if spent {
		a := bare(http.StatusTooManyRequests, "API rate limit exceeded")
		a.header = limit
		return a
	}
	a, admitted := v.admit(c)
	if admitted {
		a = v.route(c)
	}
	if a.header == nil {
		a.header = http.Header{}
	}
	maps.Copy(a.header, limit)
	return a
}

// wait returns after d or when the client has gone; the request is applied
// either way.
func wait(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// route picks the handler. Sessions answer under every spelling the pages
// use (S23, Sweb, D33, Ssess).
func (v *Vault) route(c *call) answer {
	if v.Forbid {
		return unauthorized(http.StatusForbidden)
	}
	if c.prefix == "api" && len(c.path) > 0 && c.path[0] == "v2" {
		return v.v2(c, c.path[1:])
	}
	path, pam := c.path, false
	if len(path) > 0 && path[0] == "pam" {
		path, pam = path[1:], true
	}
	var name string
	if len(path) > 0 {
		name, path = path[0], path[1:]
	}
	switch {
	case pam && name == "device":
		return v.device(c, path)
	case pam && name == "credential":
		return v.credential(c, path)
	case pam && name == "key":
		return v.key(c, path)
	case pam && name == "info":
		return v.info(c, path)
	case name == "session" || name == "remote":
		return v.session(c, name, path)
	}
	return v.notFound()
}

// is tells whether a call is this method with so many path segments left.
func (c *call) is(method string, path []string, n int) bool {
	return c.method == method && len(path) == n
}
