package vault

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"pamsync/schemas"
)

// clockDoubt is the difference of clocks from which a refused signature is blamed on it.
const clockDoubt = 2 * time.Minute

// diagnose finds out which part of the authorisation a refusal of our client is about. It asks at
// most twice more, each time with one thing changed, at the usual pace; the answers are thrown away.
func (p *Probe) diagnose(ctx context.Context, w *Way, prefix string) {
	var say *schemas.Fault
	switch args := w.Fault.Problem.Args; {
	case w.Fault.Class != schemas.ClassRefused:
		return
	case args["http"] == strconv.Itoa(http.StatusForbidden):
		say = p.caller(ctx, w, prefix)
	case p.c.config.CallsForToken():
		say = p.client(ctx, prefix, args["message"])
	case p.c.config.Auth == schemas.AuthOAuth1:
		say = p.signature(args["message"])
	}
	if say != nil && ctx.Err() == nil {
		w.Fault = say
	}
}

// client tells the style of the token call from the tenant and from the secret, nil where it is as
// it was said.
func (p *Probe) client(ctx context.Context, prefix, message string) *schemas.Fault {
	c := p.c
	other, code := schemas.AuthBasic, "auth_want_basic"
	if c.config.Auth == schemas.AuthBasic {
		other, code = schemas.AuthOAuth2, "auth_want_form"
	}
	if p.works(ctx, prefix, func(v *schemas.VaultConfig) { v.Auth = other }) {
		return c.fault(schemas.ClassRefused, code)
	}
	tenant := c.config.Tenant
	switch {
	case tenant == "" && strings.Contains(strings.ToLower(message), "tenant"):
		return c.fault(schemas.ClassRefused, "auth_tenant_want", "message", message)
	case tenant == "":
		return nil
	case p.works(ctx, prefix, func(v *schemas.VaultConfig) { v.Tenant = "" }):
		return c.fault(schemas.ClassRefused, "auth_tenant_wrong", "tenant", tenant)
	}
	return c.fault(schemas.ClassRefused, "auth_tenant_doubt", "tenant", tenant, "message", message)
}

// caller tells a Referer that is refused or wanted from what cannot be tried: our address and our
// certificate.
func (p *Probe) caller(ctx context.Context, w *Way, prefix string) *schemas.Fault {
	c, referer := p.c, p.c.config.Referer
	if referer != "" && p.works(ctx, prefix, func(v *schemas.VaultConfig) { v.Referer = "" }) {
		return c.fault(schemas.ClassRefused, "auth_referer_wrong", "referer", referer)
	}
	own := c.base.Scheme + "://" + c.base.Host
	if referer != own && p.works(ctx, prefix, func(v *schemas.VaultConfig) { v.Referer = own }) {
		return c.fault(schemas.ClassRefused, "auth_referer_want", "referer", own)
	}
	address := w.Proxy
	if address == "" {
		address = p.watch.ourAddress()
	}
	args := w.Fault.Problem.Args
	fault := c.fault(schemas.ClassRefused, "auth_caller", "http", args["http"], "message", args["message"], "address", address, "referer", referer)
	if w.Own != nil {
		fault.Problem.Args["sha256"] = w.Own.SHA256
	}
	return fault
}

// signature tells a clock that is off from keys that are wrong, nil where neither shows.
func (p *Probe) signature(message string) *schemas.Fault {
	if off, told := p.watch.off(); told && off > clockDoubt {
		return p.c.fault(schemas.ClassRefused, "auth_clock", "seconds", strconv.FormatInt(int64(off/time.Second), 10))
	}
	if strings.Contains(strings.ToLower(message), "signature") {
		return p.c.fault(schemas.ClassRefused, "auth_signature", "message", message)
	}
	return nil
}

// works tries one call with another configuration over the same transport.
func (p *Probe) works(ctx context.Context, prefix string, change func(*schemas.VaultConfig)) bool {
	other := *p.c
	change(&other.config)
	if way, ok := p.watch.next.(noUpgrade); ok {
		other.http = &http.Client{Transport: noUpgrade{next: way.next, referer: other.config.Referer}, CheckRedirect: p.c.http.CheckRedirect}
	}
	other.tokens = newTokens(&other)
	if err := other.pace.wait(ctx); err != nil {
		return false
	}
	_, err := other.tokens.ask(ctx, prefix)
	return err == nil
}

// isOwnCertificate tells a fault of the handshake that comes only behind it.
func isOwnCertificate(err error) bool {
	var fault *schemas.Fault
	return errors.As(err, &fault) && strings.HasPrefix(fault.Problem.Code, "client_cert_")
}
