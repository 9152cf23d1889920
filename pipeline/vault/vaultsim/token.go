package vaultsim

import (
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// tokens are the access tokens given out, with the time each expires.
type tokens struct {
	mu      sync.Mutex
	expires map[string]time.Time
}

// token grants an access token: OAuth 2.0 client credentials in the body or
// as Basic authorization (D, C). Parameter ttl is accepted and has no effect.
func (v *Vault) token(c *call) answer {
	if c.method != http.MethodPost {
		return v.notFound()
	}
	if c.get("grant_type") != "client_credentials" {
		return answer{http: http.StatusBadRequest, bare: object{
			{"error", "unsupported_grant_type"},
			{"error_description", "The authorization grant type is not supported by the authorization server."},
			{"hint", "Check that all required parameters have been provided"},
			{"message", "The authorization grant type is not supported by the authorization server."}}}
	}
	id, secret, basic := basicAuth(c.auth)
	if !basic {
		id, secret = c.get("client_id"), c.get("client_secret")
	}
	if !v.known(id, secret) || v.RequireBasic && !basic || v.RequireForm && basic ||
		v.RequireTenant != "" && c.get("tenant") != v.RequireTenant {
		if v.TokenErrorEnvelope {
			return answer{http: http.StatusUnauthorized, format: "Client authentication failed"}
		}
		return answer{http: http.StatusUnauthorized, bare: object{ // league/oauth2-server (I)
			{"error", "invalid_client"},
			{"error_description", "Client authentication failed"},
			{"message", "Client authentication failed"}}}
	}
	ttl := v.TokenTTL
	if ttl <= 0 {
		ttl = time.Hour
	}
	return answer{http: http.StatusOK,
		header: http.Header{"Cache-Control": {"no-store"}, "Pragma": {"no-cache"}},
		bare: object{{"token_type", "Bearer"},
			{"expires_in", int((ttl + time.Second - 1) / time.Second)},
			{"access_token", v.mint(id, ttl)}}}
}

func basicAuth(header string) (id, secret string, found bool) {
	r := http.Request{Header: http.Header{"Authorization": {header}}}
	id, secret, found = r.BasicAuth()
	if plain, err := url.QueryUnescape(id); err == nil {
		id = plain // RFC 6749 2.3.1: both are form-encoded first
	}
	if plain, err := url.QueryUnescape(secret); err == nil {
		secret = plain
	}
	return id, secret, found
}

func (v *Vault) known(id, secret string) bool {
	if id == "" || secret == "" {
		return false
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.Clients == nil {
		return true
	}
	want, found := v.Clients[id]
	return found && want == secret
}

// mint makes a token that looks like the vault's JWT; the signature is noise.
func (v *Vault) mint(client string, ttl time.Duration) string {
	now := v.now()
	claims := object{{"aud", client}, {"jti", rand.Text()}, {"iat", int(now.Unix())},
		{"nbf", int(now.Unix())}, {"exp", int(now.Add(ttl).Unix())}, {"sub", ""}, {"scopes", []string{}}}
	header := object{{"typ", "JWT"}, {"alg", "RS256"}}
	enc := base64.RawURLEncoding
	token := enc.EncodeToString(header.appendJSON(nil)) + "." +
		enc.EncodeToString(claims.appendJSON(nil)) + "." + enc.EncodeToString([]byte(rand.Text()))
	v.tokens.mu.Lock()
	defer v.tokens.mu.Unlock()
	if v.tokens.expires == nil {
		v.tokens.expires = map[string]time.Time{}
	}
	v.tokens.expires[token] = now.Add(ttl)
	return token
}

// RevokeTokens ends every token given out so far.
func (v *Vault) RevokeTokens() {
	v.tokens.mu.Lock()
	defer v.tokens.mu.Unlock()
	v.tokens.expires = nil
}

// admit checks the bearer token. From 3.33 the gateway answers: a missing
// header finds no route (D), a token that is not valid is 401. Before it the
// vault itself does: 500 for a missing header (S), 401 for a token (I).
func (v *Vault) admit(c *call) (answer, bool) {
	if v.OAuth1Token != "" {
		if a, fine, tried := v.admitOAuth1(c); tried {
			return a, fine
		}
	}
	scheme, token, _ := strings.Cut(c.auth, " ")
	v.tokens.mu.Lock()
	expires, known := v.tokens.expires[token]
	v.tokens.mu.Unlock()
	valid := known && strings.EqualFold(scheme, "Bearer") && v.now().Before(expires)
	switch {
	case valid:
		return answer{}, true
	case v.era() < era333 && c.auth == "":
		return unauthorized(http.StatusInternalServerError), false
	case v.era() < era333:
		return unauthorized(http.StatusUnauthorized), false
	case c.auth == "":
		return noRoute(), false
	default:
		return bare(http.StatusUnauthorized, "Unauthorized"), false
	}
}

func noRoute() answer {
	return bare(http.StatusNotFound, "no Route matched with those values")
}
