package vaultsim_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pamsync/pipeline/vault/vaultsim"
)

func TestTokenRequests(t *testing.T) {
	grant := url.Values{"grant_type": {"client_credentials"}}
	full := url.Values{"grant_type": {"client_credentials"}, "client_id": {"app"}, "client_secret": {"s"}, "ttl": {"60"}, "tenant": {"x"}}
	wrong := url.Values{"grant_type": {"client_credentials"}, "client_id": {"app"}, "client_secret": {"t"}}
	for _, tc := range []struct {
		name, method, path string
		body               url.Values
		basic              string
		status             int
		want               string
	}{
		{"secret in the body", "POST", "/api/oauth2/token", full, "", 200, `"expires_in":3600`},
		{"both prefixes", "POST", "/iso/oauth2/token", full, "", 200, `"token_type":"Bearer"`},
		{"Basic authorization", "POST", "/iso/oauth2/token", grant, "s", 200, `"access_token":"`},
		{"wrong secret", "POST", "/api/oauth2/token", wrong, "", 401, `{"error":"invalid_client","error_description":"Client authentication failed"`},
		{"wrong Basic secret", "POST", "/api/oauth2/token", grant, "t", 401, `"invalid_client"`},
		{"no client", "POST", "/api/oauth2/token", grant, "", 401, `"invalid_client"`},
		{"no grant type", "POST", "/api/oauth2/token", nil, "s", 400, `"unsupported_grant_type"`},
		{"GET", "GET", "/api/oauth2/token", nil, "s", 404, "Resource sub not found"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := serve(t, &vaultsim.Vault{Clients: map[string]string{"app": "s"}})
			req, err := http.NewRequestWithContext(t.Context(), tc.method, p.url+tc.path, strings.NewReader(tc.body.Encode()))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if tc.basic != "" {
				req.SetBasicAuth("app", tc.basic)
			}
			r := p.must(p.do(req))
			if r.status != tc.status || !strings.Contains(r.raw, tc.want) {
				t.Errorf("got %d %s, want %d %s", r.status, r.raw, tc.status, tc.want)
			}
		})
	}
}

func TestTokenErrorEnvelope(t *testing.T) {
	p := serve(t, &vaultsim.Vault{Clients: map[string]string{}, TokenErrorEnvelope: true})
	p.grant("api").says(t, 401, "Client authentication failed")
}

func TestTokenExpires(t *testing.T) {
	var seconds atomic.Int64
	clock := func() time.Time { return time.Unix(1700000000+seconds.Load(), 0) }
	for _, tc := range []struct{ version, want string }{
		{"3.33", `{"message":"Unauthorized"}`},
		{"3.23", "You are not authorized to access this resource."},
	} {
		seconds.Store(0)
		p := serve(t, &vaultsim.Vault{Version: tc.version, TokenTTL: time.Minute, Now: clock})
		seconds.Store(59)
		equal(t, "before", p.get("/api/pam/device").status, 200)
		seconds.Store(60)
		r := p.get("/api/pam/device")
		if r.status != 401 || !strings.Contains(r.raw, tc.want) {
			t.Errorf("%s: got %d %s", tc.version, r.status, r.raw)
		}
	}
}

func TestMissingOrUnknownAuthorization(t *testing.T) {
	for _, tc := range []struct {
		name, version, token string
		status               int
		want                 string
	}{
		{"missing at the gateway", "3.33", "", 404, `{"message":"no Route matched with those values"}`},
		{"missing before it", "3.23", "", 500, "You are not authorized to access this resource."},
		{"unknown at the gateway", "3.33", "x", 401, `{"message":"Unauthorized"}`},
		{"unknown before it", "3.32", "x", 401, "You are not authorized to access this resource."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := serve(t, &vaultsim.Vault{Version: tc.version})
			p.token = tc.token
			r := p.get("/iso/pam/device")
			if r.status != tc.status || !strings.Contains(r.raw, tc.want) {
				t.Errorf("got %d %s", r.status, r.raw)
			}
		})
	}
}

func TestRevokedTokens(t *testing.T) {
	v := &vaultsim.Vault{}
	p := serve(t, v)
	v.RevokeTokens()
	equal(t, "status", p.get("/api/pam/device").status, 401)
}
