package vault

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"time"

	"pamsync/schemas"
)

// Step is one part of the way to a vault, each of which needs the one before it.
type Step string

// The steps, in their order.
const (
	StepName    Step = "name"
	StepNetwork Step = "network"
	StepTLS     Step = "tls"
	StepAPI     Step = "api"
	StepToken   Step = "token"
)

// Way is what a Probe found out about the way to the vault. It is data: nothing in it is a
// secret, and a proxy's password is left out.
type Way struct {
	Host      string
	Literal   bool          // the host is an address, not a name
	Encrypted bool          // https
	Proxy     string        // "" for none
	ProxySet  bool          // by vault.proxy
	Addresses []string      // that the name stands for
	Remote    string        // the connection was made to it
	Took      time.Duration // until it was made
	Pinned    bool          // by vault.fingerprint
	// Certificate is the server's, also of a handshake that failed on it; nil where none was shown.
	Certificate *Certificate
	Dated       bool          // the answer told the vault's time
	Clock       time.Duration // the vault's minus ours, good to about a second
	Prefix      string        // under which an API answered, as api; "" for none
	Other       string        // an API answers under this prefix, and vault.api says another
	Page        bool          // a web page answered instead of an API
	Server      string        // what the answer says of the server, mostly nothing
	Life        time.Duration // of the token
	Own         *Certificate  // that we show, nil for none
	Anonymous   bool          // nothing was tried that needs a client
	// Failed is the step that went wrong, "" for none, and Fault says how.
	Failed Step
	Fault  *schemas.Fault
}

// Certificate is what a person compares of a certificate.
type Certificate struct {
	Subject, Issuer string
	Names           []string
	Since, Until    time.Time
	SHA256          string
	// Chain are the subjects from the certificate up to an authority that is trusted, or as far
	// as the server shows it; First is the one of them that expires first.
	Chain      []string
	First      string
	FirstUntil time.Time
}

// Probe tries the way to a vault with a client's own transport: what it finds is what a run
// would. It makes calls of paths.go alone, and none that writes.
type Probe struct {
	c     *Client
	watch *watcher
}

// NewProbe makes a probe and the client that it uses; its errors are faults of class config.
func NewProbe(config schemas.VaultConfig, options ...Option) (*Probe, error) {
	c, err := Connect(config, options...)
	if err != nil {
		return nil, err
	}
	w := &watcher{next: c.http.Transport}
	c.http.Transport = w
	return &Probe{c: c, watch: w}, nil
}

// Client is the probe's client; after a Try that got a token it goes on with that token.
func (p *Probe) Client() *Client { return p.c }

// Try goes the way once, up to a token; without a client secret it ends at the first answer.
// Nothing is sent again: it tells what is, and does not wait for it to get better.
func (p *Probe) Try(ctx context.Context) Way {
	w := Way{Host: p.c.base.Hostname(), Encrypted: p.c.base.Scheme == "https", Pinned: p.c.config.Fingerprint != "",
		Literal: net.ParseIP(p.c.base.Hostname()) != nil, Proxy: p.c.proxy.shown(p.c.base), ProxySet: p.c.proxy.set}
	if own := p.c.own; own != nil {
		w.Own = described(own)
	}
	ctx = httptrace.WithClientTrace(ctx, p.watch.hooks())
	if !p.c.config.Complete() {
		w.Anonymous = true
		p.knock(ctx, &w)
	} else {
		p.ask(ctx, &w)
	}
	p.watch.fill(&w)
	return w
}

// knock makes one request without a token: whatever answers it shows the way.
func (p *Probe) knock(ctx context.Context, w *Way) {
	path := p.c.tokens.prefixes[0] + "/pam/device"
	if !allowed(p.c.routes, http.MethodGet, path) {
		p.fail(w, StepAPI, schemas.NewFault(schemas.ClassBug, "call_not_allowed", "call", "GET "+path))
		return
	}
	if err := p.c.pace.wait(ctx); err != nil {
		p.fail(w, StepNetwork, p.c.interrupted(err))
		return
	}
	first, _ := p.c.timeouts(false)
	limited, cancel := context.WithTimeout(ctx, first)
	defer cancel()
	hr, err := http.NewRequestWithContext(limited, http.MethodGet, p.c.base.JoinPath(path).String(), nil)
	if err != nil {
		p.fail(w, StepNetwork, err)
		return
	}
	response, err := p.c.http.Do(hr)
	switch {
	case err == nil:
		response.Body.Close()
	case stopped(ctx):
		p.fail(w, p.watch.step(w), p.c.interrupted(context.Cause(ctx)))
	default:
		p.fail(w, p.watch.step(w), p.c.networkFault(err))
	}
}

// ask asks for a token under each prefix that the configuration allows, and where none has an
// API under the other one too, so that the remedy can name it.
func (p *Probe) ask(ctx context.Context, w *Way) {
	var first error
	for _, prefix := range p.c.tokens.prefixes {
		err := p.token(ctx, w, prefix)
		if err == nil {
			return
		}
		if !p.watch.answered() {
			p.fail(w, p.watch.step(w), err)
			return
		}
		if !noAPI(err) {
			w.Prefix = strings.TrimPrefix(prefix, "/")
			p.fail(w, StepToken, err)
			p.diagnose(ctx, w, prefix)
			return
		}
		if first == nil {
			first = err
			w.Page = p.watch.page()
		}
	}
	p.fail(w, StepAPI, first)
	for _, prefix := range prefixes("auto") {
		if len(p.c.tokens.prefixes) == 1 && prefix != p.c.tokens.prefixes[0] {
			if err := p.token(ctx, &Way{}, prefix); err == nil || refusedClient(err) {
				w.Other = strings.TrimPrefix(prefix, "/")
			}
		}
	}
}

// token asks for one token, once, and keeps it for the client.
func (p *Probe) token(ctx context.Context, w *Way, prefix string) error {
	c, t := p.c, p.c.tokens
	if err := c.pace.wait(ctx); err != nil {
		return c.interrupted(err)
	}
	token, err := t.ask(ctx, prefix)
	if err != nil {
		_, _, fault := c.tokenFault(ctx, err, attempts)
		return fault
	}
	t.keep(token, prefix)
	w.Prefix, w.Life = strings.TrimPrefix(prefix, "/"), time.Duration(token.ExpiresIn)*time.Second
	if w.Life == 0 && !token.Expiry.IsZero() {
		w.Life = time.Until(token.Expiry).Round(time.Second)
	}
	return nil
}

func (p *Probe) fail(w *Way, step Step, err error) {
	var fault *schemas.Fault
	if !errors.As(err, &fault) {
		fault = p.c.networkFault(err)
	}
	if isOwnCertificate(fault) {
		step = StepTLS
	}
	w.Failed, w.Fault = step, fault
}

// noAPI tells that something answered, and that it was no vault's API.
func noAPI(err error) bool {
	var fault *schemas.Fault
	return errors.As(err, &fault) && (fault.Problem.Code == "no_vault_here" || fault.Problem.Code == "redirected")
}

func refusedClient(err error) bool {
	var fault *schemas.Fault
	return errors.As(err, &fault) && (fault.Problem.Code == "client_refused" || strings.HasPrefix(fault.Problem.Code, "oauth1_"))
}
