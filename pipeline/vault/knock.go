package vault

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/oauth2"

	"pamsync/schemas"
	"pamsync/schemas/scan"
)

// forever is the life of what takes a token's place in OAuth 1.0a.
const forever = 10 * 365 * 24 * time.Hour

// knock is the token call of OAuth 1.0a, which has none: one small request that is signed as all
// are, for a device that no vault has. An answer of the vault itself, be it that there is no such
// device, tells that the prefix is right and the signature good; a refusal is a token's refusal.
func (t *tokens) knock(ctx context.Context, prefix string) (*oauth2.Token, error) {
	c := t.client
	path := prefix + "/pam/device/0"
	if !allowed(c.routes, http.MethodGet, path) {
		return nil, schemas.NewFault(schemas.ClassBug, "call_not_allowed", "call", "GET "+path)
	}
	hr, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base.JoinPath(path).String(), nil)
	if err != nil {
		return nil, err
	}
	c.authorise(hr, "")
	hr.Header.Set("Accept", "application/json")
	response, err := c.http.Do(hr)
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return nil, err
	}
	if letIn(response.StatusCode, body) {
		return &oauth2.Token{AccessToken: "none", Expiry: time.Now().Add(forever)}, nil
	}
	return nil, &oauth2.RetrieveError{Response: response, Body: body}
}

// letIn tells an answer that the vault gives to those it knows.
func letIn(status int, body []byte) bool {
	if !looksLikeJSON(body) {
		return false
	}
	e, _, err := parseAnswer(body, "")
	e.settle(status)
	if err != nil || status == http.StatusUnauthorized || status == http.StatusForbidden || unauthorised(e.message) {
		return false
	}
	return status/100 == 2 || e.code > 0 || e.present && status == http.StatusBadRequest
}

// unsignedRefused tells the gateway's answer to a request without a header: it finds no route where
// only the header is missing (vault-api b.4).
func unsignedRefused(status int, body []byte) bool {
	return status == http.StatusNotFound && bytes.Contains(bytes.ToLower(body), []byte("no route matched"))
}

// refusedCaller says that the vault does not know its caller, or not from here.
func (c *Client) refusedCaller(status int, body []byte) *schemas.Fault {
	code := "client_refused"
	if !c.config.CallsForToken() {
		code = c.config.Auth + "_refused"
	}
	e, _, _ := parseAnswer(body, "")
	said := e.message
	for _, name := range []string{"error_description", "message"} { // before the bare code under error
		if value, ok := scan.Get(body, name); ok && value[0] == '"' {
			said = text(value)
		}
	}
	return c.fault(schemas.ClassRefused, code, "client", c.config.ClientID, "http", strconv.Itoa(status), "message", clip(c.hide(said)))
}
