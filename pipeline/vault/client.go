package vault

import (
	"context"
	"crypto/x509"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"pamsync/pipeline/vault/internal/lend"
	"pamsync/schemas"
)

// Client is a connection to one vault. Its transport is not exported: only a Reader and a
// Writer can use it. It is safe for concurrent use.
type Client struct {
	base    *url.URL
	config  schemas.VaultConfig
	http    *http.Client
	pace    *pacer
	breaker *breaker
	budget  *budget
	tokens  *tokens
	proxy   proxy
	own     *x509.Certificate // that we show, nil for none
	routes  []lend.Route
	retry   backoff
}

// Option changes a Client for tests.
type Option func(*Client)

// WithBackoff sets the first pause before a resend; the later ones double up to a hundred times it,
// and the vault may ask for ten times that.
func WithBackoff(first time.Duration) Option {
	return func(c *Client) {
		c.retry.first, c.retry.most, c.retry.longest = first, 100*first, 1000*first
		c.breaker = newBreaker(2*first, 100*first)
	}
}

// WithDial makes the connections by dial: a network of a test's own.
func WithDial(dial func(ctx context.Context, network, address string) (net.Conn, error)) Option {
	return func(c *Client) {
		if transport, ok := c.http.Transport.(noUpgrade); ok {
			transport.next.DialContext = dial
		}
	}
}

// WithJitter draws the pauses before resends by draw, which returns one of 0 to n-1: a test's own
// draws can be drawn again.
func WithJitter(draw func(n int64) int64) Option {
	return func(c *Client) { c.retry.draw = draw }
}

// Connect checks the configuration and makes a Client; the network is first used by a call.
// Its errors are faults of class config.
func Connect(config schemas.VaultConfig, options ...Option) (*Client, error) {
	base, err := ParseURL(config.URL)
	if err != nil {
		return nil, err
	}
	tlsConfig, err := tlsConfig(config, base.Hostname())
	if err != nil {
		return nil, err
	}
	proxy, err := proxyOf(&config, base)
	if err != nil {
		return nil, err
	}
	c := &Client{
		base: base, config: config, routes: routes(), proxy: proxy,
		pace: newPacer(config.RPS, config.Burst), breaker: newBreaker(time.Second, 30*time.Second), budget: newBudget(),
		retry: backoff{first: 500 * time.Millisecond, most: 20 * time.Second, longest: longestPause, draw: rand.Int64N},
	}
	c.http = &http.Client{
		Transport: noUpgrade{referer: config.Referer, next: &http.Transport{
			Proxy:                  proxy.find,
			OnProxyConnectResponse: proxy.answered,
			DialContext:            (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
			TLSClientConfig:        tlsConfig,
			TLSHandshakeTimeout:    10 * time.Second,
			MaxIdleConns:           config.Workers + 2,
			MaxIdleConnsPerHost:    config.Workers + 2,
			IdleConnTimeout:        60 * time.Second,
			ReadBufferSize:         64 << 10, // lists come in many small chunks
			MaxResponseHeaderBytes: maxAnswer,
		}},
		// A redirect could carry the token elsewhere: it is never followed.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	if len(tlsConfig.Certificates) > 0 {
		c.own = tlsConfig.Certificates[0].Leaf
	}
	c.tokens = newTokens(c)
	for _, option := range options {
		option(c)
	}
	return c, nil
}

// noUpgrade takes an answer of 101 for none: its body is a connection, which heeds no time-out.
type noUpgrade struct {
	next    *http.Transport
	referer string // of every request, "" for none
}

func (n noUpgrade) RoundTrip(rq *http.Request) (*http.Response, error) {
	if n.referer != "" {
		rq = rq.Clone(rq.Context())
		rq.Header.Set("Referer", n.referer)
	}
	response, err := n.next.RoundTrip(rq)
	if err == nil && response.StatusCode == http.StatusSwitchingProtocols {
		response.Body.Close()
		return nil, errUpgraded
	}
	return response, err
}

// Reader returns the part of the client that can only list.
func (c *Client) Reader() *Reader { return &Reader{c: c} }

// Writer returns the part of the client that can write.
func (c *Client) Writer() *Writer { return &Writer{c} }

// Slowest is the lowest pace, in requests a second, that the vault made us keep to, and whether that
// is below the one that was set.
func (c *Client) Slowest() (perSecond float64, cut bool) { return c.pace.slowest() }

// Identity is what a plan is bound to: scheme, host and port of the vault.
func (c *Client) Identity() string { return Identity(c.base) }

// Identity is scheme://host:port of a vault's address, in lower case.
func Identity(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "http": "80"}[u.Scheme]
	}
	return u.Scheme + "://" + net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}

// ParseURL checks a vault's address: https, or http on loopback; no user, query or fragment.
func ParseURL(text string) (*url.URL, error) {
	fault := func(why string) error {
		return schemas.NewFault(schemas.ClassConfig, "bad_url", "url", text, "why", why)
	}
	if strings.TrimSpace(text) == "" {
		return nil, schemas.NewFault(schemas.ClassConfig, "no_url")
	}
	u, err := url.Parse(strings.TrimSpace(text))
	switch {
	case err != nil:
		return nil, fault("not_a_url")
	case u.User != nil:
		return nil, schemas.NewFault(schemas.ClassConfig, "bad_url", "url", u.Redacted(), "why", "has_user")
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, fault("no_scheme")
	case u.Hostname() == "":
		return nil, fault("no_host")
	case u.RawQuery != "" || u.Fragment != "":
		u.RawQuery, u.Fragment = "", "" // it may hold a token
		text = u.String()
		return nil, fault("has_query")
	case badPort(u.Port()):
		return nil, fault("bad_port")
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return nil, fault("plain_http")
	}
	u.Path = strings.TrimSuffix(u.Path, "/")
	if strings.HasSuffix(u.Path, "/api") || strings.HasSuffix(u.Path, "/iso") {
		return nil, fault("has_prefix")
	}
	return u, nil
}

func badPort(port string) bool {
	if port == "" {
		return false
	}
	n, err := strconv.ParseUint(port, 10, 16)
	return err != nil || n == 0
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

func prefixes(api string) []string {
	switch api {
	case "iso", "api":
		return []string{"/" + api}
	}
	return []string{"/api", "/iso"}
}

// The time that an answer may take to begin, and that may pass between two pieces of it,
// where the configuration does not say: a list "may take minutes" (vault-api a.6).
const (
	firstByteOfList = 10 * time.Minute
	patience        = time.Minute
)

func (c *Client) timeouts(list bool) (first, stall time.Duration) {
	if t := c.config.Timeout; t > 0 {
		return t, t
	}
	if list {
		return firstByteOfList, patience
	}
	return patience, patience
}

// stopped tells a cancellation by our caller from a time-out of our own.
func stopped(ctx context.Context) bool { return ctx.Err() != nil }
