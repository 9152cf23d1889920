package vaultsim

import (
	"maps"
	"sync"
	"time"
)

// Request is one request as the vault received it.
type Request struct {
	N      int    // from 1, in order of arrival
	Method string // as sent
	Path   string // as sent: with the prefix, percent-encoded, without the query
	At     time.Time
	// Status is the HTTP status answered; 0 while there is none and for a
	// connection that was reset.
	Status int
	// Fields are the parameters of query, form and JSON together, an object
	// or array as its JSON text. Values of password, content, private_key,
	// client_secret, secret_key, oauth_token and oauth_consumer_key, at any depth, read "***".
	Fields map[string]string
	// Auth tells that an Authorization header was sent.
	Auth bool
}

// requestLog has a lock of its own: it is written before and after the
// store is used.
type requestLog struct {
	mu      sync.Mutex
	n       int
	entries []*Request
}

// record adds a request and returns its entry, which only settle may change.
func (l *requestLog) record(r Request) *Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.n++
	r.N = l.n
	l.entries = append(l.entries, &r)
	return &r
}

// settle notes the status before it is sent, so whoever has the answer finds
// it in the log.
func (l *requestLog) settle(entry *Request, status int) Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	entry.Status = status
	return *entry
}

// Log returns all requests so far, in order of arrival.
func (v *Vault) Log() []Request {
	v.log.mu.Lock()
	defer v.log.mu.Unlock()
	out := make([]Request, len(v.log.entries))
	for i, e := range v.log.entries {
		out[i] = *e
		out[i].Fields = maps.Clone(e.Fields)
	}
	return out
}

// ResetLog forgets the requests so far; the numbering goes on.
func (v *Vault) ResetLog() {
	v.log.mu.Lock()
	defer v.log.mu.Unlock()
	v.log.entries = nil
}
