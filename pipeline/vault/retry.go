package vault

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"pamsync/schemas"
)

const (
	attempts     = 5 // of one call, the first one included
	dialAttempts = 3 // where no connection could be made at all
	// longestPause caps what Retry-After asks for: a gateway once asked for years.
	longestPause = 2 * time.Minute
)

// backoff spaces the resends of one call: full jitter over a doubling pause; longest caps what the
// vault asks for.
type backoff struct {
	first, most, longest time.Duration
	draw                 func(n int64) int64 // one of 0 to n-1
}

func (b backoff) pause(attempt int) time.Duration {
	d := b.first
	for i := 1; i < attempt && d < b.most; i++ {
		d *= 2
	}
	return time.Duration(b.draw(int64(min(d, b.most)) + 1))
}

// after is the pause that an answer asks for by Retry-After, in seconds or as a date, or else by the
// time at which its rate limit begins anew, capped; without one it is the usual pause.
func (b backoff) after(h http.Header, attempt int) time.Duration {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil && seconds >= 0 {
		return min(time.Duration(min(seconds, int64(longestPause/time.Second)))*time.Second, b.longest)
	}
	if when, err := http.ParseTime(text); err == nil {
		return min(max(time.Until(when), 0), b.longest)
	}
	if reset, err := strconv.ParseInt(h.Get("X-RateLimit-Reset"), 10, 64); err == nil && text == "" && h.Get("X-RateLimit-Remaining") == "0" {
		return min(max(time.Until(time.Unix(reset, 0)), 0), b.longest) // API v2 (vault-api a.7)
	}
	return b.pause(attempt)
}

func (c *Client) fault(class schemas.Class, code string, pairs ...string) *schemas.Fault {
	return schemas.NewFault(class, code, append([]string{"vault", c.base.Redacted()}, pairs...)...)
}

func (c *Client) interrupted(err error) error {
	var fault *schemas.Fault
	if errors.As(err, &fault) {
		return fault // the run was stopped, and the stop says why
	}
	return c.fault(schemas.ClassInterrupted, "interrupted").Because(err)
}

func (c *Client) busy(status int) *schemas.Fault {
	return c.fault(schemas.ClassBusy, "vault_busy", "http", strconv.Itoa(status))
}

// networkFault names what a person can check: the name, the address, the certificate.
func (c *Client) networkFault(err error) *schemas.Fault {
	code := cmp.Or(proxyCode(err), ownCertificateCode(err), "unreachable")
	var (
		dns      *net.DNSError
		unknown  x509.UnknownAuthorityError
		hostname x509.HostnameError
		invalid  x509.CertificateInvalidError
		verify   *tls.CertificateVerificationError
		record   tls.RecordHeaderError
		timeout  net.Error
	)
	switch {
	case code != "unreachable":
	case errors.As(err, &dns):
		code = "name_unknown"
	case errors.Is(err, errPin):
		code = "tls_pin"
	case errors.As(err, &unknown):
		code = "tls_authority"
	case errors.As(err, &hostname):
		code = "tls_name"
	case errors.As(err, &invalid):
		code = "tls_invalid"
	case errors.As(err, &verify), errors.As(err, &record), strings.Contains(err.Error(), "tls: "), strings.Contains(err.Error(), "HTTP response to HTTPS client"):
		code = "tls_failed"
	case errors.Is(err, syscall.ECONNREFUSED):
		code = "connection_refused"
	case errors.Is(err, errStalled), errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		code = "timed_out"
	}
	f := c.fault(schemas.ClassUnreachable, code).Because(plain(err))
	f.Problem.Args["cause"] = c.hide(f.Problem.Args["cause"]) // it quotes what was answered
	return f
}

// plain drops the method and address that net/http puts before an error.
func plain(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

// costOf is what sending a call again takes from the budget that brought no answer.
func costOf(err error) int {
	var timeout net.Error
	if errors.Is(err, errStalled) || errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout() {
		return costTimedOut
	}
	return costResend
}

// permanent tells errors that another try will not mend.
func permanent(err error) bool {
	var (
		dns    *net.DNSError
		verify *tls.CertificateVerificationError
	)
	return errors.As(err, &dns) && dns.IsNotFound || errors.As(err, &verify) || errors.Is(err, errPin) ||
		errors.Is(err, errProxyPassword) || errors.Is(err, errProxyVariable) || ownCertificateCode(err) != ""
}
