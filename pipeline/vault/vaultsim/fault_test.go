package vaultsim_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"pamsync/pipeline/vault/vaultsim"
)

// spoilt is an empty vault that spoils every request but the token's.
func spoilt(f vaultsim.Fault) *vaultsim.Vault {
	return &vaultsim.Vault{Fault: func(r vaultsim.Request) vaultsim.Fault {
		if strings.HasSuffix(r.Path, "/oauth2/token") {
			return vaultsim.NoFault
		}
		return f
	}}
}

func TestFaultsThatAnswer(t *testing.T) {
	for _, tc := range []struct {
		name          string
		fault         vaultsim.Fault
		status        int
		body          string
		header, value string
		applied       int
	}{
		{"no fault", vaultsim.NoFault, 201, "registered", "Content-Type", "application/json", 1},
		{"503 with Retry-After", vaultsim.Status503, 503, "unavailable", "Retry-After", "1", 0},
		{"503 bare", vaultsim.Status503Bare, 503, "", "Retry-After", "", 0},
		{"429", vaultsim.Status429, 429, `{"message":"API rate limit exceeded"}`, "Retry-After", "1", 0},
		{"429 has the rate headers", vaultsim.Status429, 429, "", "X-RateLimit-Remaining", "0", 0},
		{"500 after it was applied", vaultsim.Status500After, 500, "Unexpected error.", "", "", 1},
		{"502 of a proxy", vaultsim.Status502, 502, "<html>", "Content-Type", "text/html; charset=UTF-8", 0},
		{"login page", vaultsim.HTMLPage, 200, "Login", "Content-Type", "text/html; charset=UTF-8", 0},
		{"401", vaultsim.Unauthorized401, 401, `{"message":"Unauthorized"}`, "", "", 0},
		{"403", vaultsim.InvalidSignature403, 403, `{"message":"Invalid signature"}`, "", "", 0},
		{"404 of the gateway", vaultsim.NoRoute404, 404, `{"message":"no Route matched with those values"}`, "", "", 0},
		{"redirect", vaultsim.Redirect302, 302, "", "Location", "/login", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := spoilt(tc.fault)
			r := serve(t, v).post("/api/pam/device", web01())
			if r.status != tc.status || !strings.Contains(r.raw, tc.body) {
				t.Errorf("got %d %q, want %d %q", r.status, r.raw, tc.status, tc.body)
			}
			if tc.header != "" {
				equal(t, tc.header, r.header.Get(tc.header), tc.value)
			}
			equal(t, "applied", len(v.Devices()), tc.applied)
			equal(t, "logged status", v.Log()[0].Status, tc.status)
		})
	}
}

func TestResetFaults(t *testing.T) {
	for _, tc := range []struct {
		name    string
		fault   vaultsim.Fault
		applied int
	}{{"before", vaultsim.ResetBefore, 0}, {"after", vaultsim.ResetAfter, 1}} {
		t.Run(tc.name, func(t *testing.T) {
			v := spoilt(tc.fault)
			_, err := serve(t, v).send("POST", "/api/pam/device", web01())
			if !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("got %v, want a connection reset", err)
			}
			equal(t, "applied", len(v.Devices()), tc.applied)
			equal(t, "logged status", v.Log()[0].Status, 0)
		})
	}
}

func TestLateApply(t *testing.T) {
	v := spoilt(vaultsim.LateApply)
	done := make(chan vaultsim.Request, 1)
	v.OnApplied = func(r vaultsim.Request) { done <- r }
	if _, err := serve(t, v).send("POST", "/api/pam/device", web01()); err == nil {
		t.Error("the connection was not reset")
	}
	equal(t, "status", (<-done).Status, 201)
	equal(t, "applied", len(v.Devices()), 1)
}

func TestHangEndsWithTheClient(t *testing.T) {
	v := spoilt(vaultsim.Hang)
	ctx, cancel := context.WithCancel(t.Context())
	v.OnRequest = func(r vaultsim.Request) {
		if r.Method == http.MethodGet {
			cancel()
		}
	}
	p := serve(t, v)
	req, err := http.NewRequestWithContext(ctx, "GET", p.url+"/api/pam/device", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.do(req); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestTruncatedBody(t *testing.T) {
	for _, tc := range []struct{ name, method, path string }{
		{"of a record", "POST", "/api/pam/device"}, {"of a list", "GET", "/api/session/remotesessions"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := spoilt(vaultsim.TruncateBody)
			v.ManySessions = 1000
			r, err := serve(t, v).send(tc.method, tc.path, web01())
			if !errors.Is(err, io.ErrUnexpectedEOF) || r.raw == "" || r.body != nil {
				t.Errorf("got %v and %q", err, r.raw)
			}
			equal(t, "applied", len(v.Devices()) == 1, tc.method == "POST")
		})
	}
}

func TestFaultsAreChosenByRequest(t *testing.T) {
	v := &vaultsim.Vault{Fault: func(r vaultsim.Request) vaultsim.Fault {
		if r.Fields["hostname"] == "bad" {
			return vaultsim.Status503
		}
		return vaultsim.NoFault
	}}
	p := serve(t, v)
	equal(t, "good", p.post("/api/pam/device", web01()).status, 201)
	equal(t, "bad", p.post("/api/pam/device", web01().with("hostname", "bad")).status, 503)
}

func TestRateLimit(t *testing.T) {
	v := &vaultsim.Vault{RateLimit: 1, RateBurst: 2, Now: stopped}
	p := serve(t, v)
	r := p.get("/api/pam/device")
	equal(t, "limit", r.header.Get("X-RateLimit-Limit"), "2")
	equal(t, "remaining", r.header.Get("X-RateLimit-Remaining"), "1")
	equal(t, "second", p.get("/api/pam/device").status, 200)
	r = p.get("/api/pam/device")
	equal(t, "third", r.status, 429)
	equal(t, "Retry-After", r.header.Get("Retry-After"), "1")
	equal(t, "reset", r.header.Get("X-RateLimit-Reset"), "1700000001")
	equal(t, "token requests do not count", p.grant("api").status, 200)
}

func TestTooLargeABody(t *testing.T) {
	v := &vaultsim.Vault{}
	r := serve(t, v).post("/api/pam/device", web01().with("site", strings.Repeat("x", 1<<20)))
	equal(t, "status", r.status, 413)
	equal(t, "devices", len(v.Devices()), 0)
}
