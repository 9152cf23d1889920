package vault

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"pamsync/schemas"
)

// tokens holds the access token: fetched by client credentials in a form body or as HTTP Basic
// (vault-api b.1), renewed at 80 % of its life or on a refusal, by one flight at a time. It also
// finds out which prefix the vault answers on, and keeps it. In OAuth 1.0a there is no token, and the
// prefix alone is found out.
type tokens struct {
	client *Client
	flight chan struct{} // holds one value: whoever has it may fetch

	mu       sync.Mutex
	prefixes []string // candidates; one once known
	current  string
	renewAt  time.Time
	last     atomic.Value // the latest token, a schemas.Secret, for what must not be said
}

func newTokens(c *Client) *tokens {
	t := &tokens{client: c, flight: make(chan struct{}, 1), prefixes: prefixes(c.config.API)}
	t.flight <- struct{}{}
	return t
}

// get returns a token that is not known to be stale, and the prefix to use with it. The wait for
// another's flight can be cancelled by ctx.
func (t *tokens) get(ctx context.Context) (token, prefix string, err error) {
	if token, prefix, ok := t.fresh(); ok {
		return token, prefix, nil
	}
	select {
	case <-t.flight:
	case <-ctx.Done():
		return "", "", t.client.interrupted(context.Cause(ctx))
	}
	defer func() { t.flight <- struct{}{} }()
	if token, prefix, ok := t.fresh(); ok {
		return token, prefix, nil
	}
	return t.fetch(ctx)
}

func (t *tokens) fresh() (token, prefix string, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.current, t.prefixes[0], t.current != "" && time.Now().Before(t.renewAt)
}

// keep takes a new token, which a prefix gave.
func (t *tokens) keep(token *oauth2.Token, prefix string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.current, t.renewAt, t.prefixes = token.AccessToken, renewal(token), []string{prefix}
}

// refused tells that a token was turned down; the next get renews it. A token that was
// renewed meanwhile stays.
func (t *tokens) refused(token string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.current == token && t.client.config.CallsForToken() {
		t.current = ""
	}
}

// fetch asks for a token under each prefix that may be the vault's.
func (t *tokens) fetch(ctx context.Context) (token, prefix string, err error) {
	var first error
	for _, prefix := range t.prefixes {
		token, err := t.fetchFrom(ctx, prefix)
		if err == nil {
			t.keep(token, prefix)
			return token.AccessToken, prefix, nil
		}
		if first == nil {
			first = err
		}
		var fault *schemas.Fault
		if !errors.As(err, &fault) || fault.Problem.Code != "no_vault_here" && fault.Problem.Code != "redirected" {
			return "", "", err
		}
	}
	return "", "", first
}

func (t *tokens) fetchFrom(ctx context.Context, prefix string) (*oauth2.Token, error) {
	c := t.client
	for attempt := 1; ; attempt++ {
		leave, err := c.turn(ctx)
		if err != nil {
			return nil, c.interrupted(err)
		}
		token, err := t.ask(ctx, prefix)
		c.feel(ctx, leave, tokenStatus(err), 0)
		if err == nil {
			return token, nil
		}
		pause, again, fault := c.tokenFault(ctx, err, attempt)
		if !again {
			return nil, fault
		}
		again, err = c.again(ctx, costOf(err), pause)
		switch {
		case err != nil:
			return nil, c.interrupted(err)
		case !again:
			return nil, fault
		}
	}
}

// tokenStatus is the HTTP status of a token call, 0 where it had no answer.
func tokenStatus(err error) int {
	var refusal *oauth2.RetrieveError
	switch {
	case err == nil:
		return http.StatusOK
	case errors.As(err, &refusal) && refusal.Response != nil:
		return refusal.Response.StatusCode
	case isNoJSON(err):
		return http.StatusOK // somebody is there
	}
	return 0
}

func (t *tokens) ask(ctx context.Context, prefix string) (*oauth2.Token, error) {
	first, _ := t.client.timeouts(false)
	ctx, cancel := context.WithTimeout(ctx, first)
	defer cancel()
	if !t.client.config.CallsForToken() {
		return t.knock(ctx, prefix)
	}
	ctx = context.WithValue(ctx, oauth2.HTTPClient, t.client.http)
	config := clientcredentials.Config{
		ClientID:     t.client.config.ClientID,
		ClientSecret: t.client.config.ClientSecret.Reveal(),
		TokenURL:     t.client.base.JoinPath(prefix, "/oauth2/token").String(),
		AuthStyle:    oauth2.AuthStyleInParams,
	}
	if t.client.config.Auth == schemas.AuthBasic {
		config.AuthStyle = oauth2.AuthStyleInHeader
	}
	if tenant := t.client.config.Tenant; tenant != "" {
		config.EndpointParams = url.Values{"tenant": {tenant}}
	}
	token, err := config.Token(ctx)
	switch {
	case err == nil:
		t.last.Store(schemas.NewSecret(token.AccessToken))
	case ctx.Err() != nil:
		err = context.Cause(ctx) // of an answer that was cut the library hides it
	}
	return token, err
}

// renewal is the time from which a token is renewed: at 80 % of the life that the vault named
// (pages say an hour and a day for the same token: expires_in decides, vault-api b.1).
func renewal(token *oauth2.Token) time.Time {
	life := time.Until(token.Expiry)
	if token.Expiry.IsZero() {
		life = time.Hour
	}
	return time.Now().Add(life * 8 / 10)
}

// tokenFault says what a failed token call means. The library's own error text carries the
// server's raw body and is never shown.
func (c *Client) tokenFault(ctx context.Context, err error, attempt int) (pause time.Duration, again bool, fault error) {
	var refusal *oauth2.RetrieveError
	if !errors.As(err, &refusal) || refusal.Response == nil {
		if stopped(ctx) {
			return 0, false, c.interrupted(context.Cause(ctx))
		}
		if isNoJSON(err) {
			return 0, false, c.fault(schemas.ClassUnreachable, "no_vault_here")
		}
		return c.retry.pause(attempt), attempt < dialAttempts && !permanent(err), c.networkFault(err)
	}
	status := refusal.Response.StatusCode
	switch {
	case status == http.StatusTooManyRequests || status >= 500 && status != http.StatusInternalServerError:
		return c.retry.after(refusal.Response.Header, attempt), attempt < attempts, c.busy(status)
	case status/100 == 3:
		return 0, false, c.fault(schemas.ClassUnreachable, "redirected", "what", "a token", "to", c.hide(refusal.Response.Header.Get("Location")))
	case c.config.Auth == schemas.AuthOAuth1Unsigned && unsignedRefused(status, refusal.Body):
	case status == http.StatusNotFound || status == http.StatusMethodNotAllowed || !looksLikeJSON(refusal.Body):
		return 0, false, c.fault(schemas.ClassUnreachable, "no_vault_here")
	}
	return 0, false, c.refusedCaller(status, refusal.Body)
}
