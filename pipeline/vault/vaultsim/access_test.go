package vaultsim_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"pamsync/pipeline/vault/vaultsim"
)

// TestSignedRequestOfAnotherProgram is one that was signed by hand with openssl: base text and key as
// in RFC 5849, 3.4. A second time its nonce is known.
func TestSignedRequestOfAnotherProgram(t *testing.T) {
	v := &vaultsim.Vault{Clients: map[string]string{"consumer": "c&s"}, OAuth1Token: "tok", OAuth1Secret: "t s",
		Now: func() time.Time { return time.Unix(1500000000, 0) }}
	send := func(signature string) int {
		rec := &recorder{header: http.Header{}}
		rq, err := http.NewRequest(http.MethodGet, "http://vault.test/api/pam/device", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		rq.Header.Set("Authorization", `OAuth realm="x", oauth_consumer_key="consumer", oauth_token="tok", oauth_signature_method="HMAC-SHA1", oauth_timestamp="1500000000", oauth_nonce="n1", oauth_version="1.0", oauth_signature="`+signature+`"`)
		v.ServeHTTP(rec, rq)
		return rec.status
	}
	equal(t, "a wrong signature", send("AAAA"), http.StatusUnauthorized)
	equal(t, "the right one", send(url.QueryEscape("8I5fymzz0NkiV4db4JifPlP3efk=")), http.StatusOK)
	equal(t, "its nonce again", send(url.QueryEscape("8I5fymzz0NkiV4db4JifPlP3efk=")), http.StatusUnauthorized)
}

type recorder struct {
	header http.Header
	status int
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) Write(b []byte) (int, error) { return len(b), nil }
func (r *recorder) WriteHeader(status int)      { r.status = status }

func TestAPIv2(t *testing.T) {
	v := stocked()
	v.Version = "4.2.2"
	v.AddCredential(vaultsim.Credential{Hostname: "web01", Username: "old", Inactive: true, Password: "canary", Tags: "a,b"})
	p := serve(t, v)
	list := p.get("/api/v2/pam/credentials?credential.active=false")
	equal(t, "status", list.status, http.StatusOK)
	equal(t, "records", len(list.records("data")), 1)
	if strings.Contains(list.raw, "canary") {
		t.Error("a password is in it")
	}
	for _, name := range []string{"X-Request-Id", "Etag", "X-Ratelimit-Limit", "X-Ratelimit-Remaining"} {
		if list.header.Get(name) == "" {
			t.Errorf("no header %s", name)
		}
	}
	if reset, err := strconv.ParseInt(list.header.Get("X-RateLimit-Reset"), 10, 64); err != nil || time.Until(time.Unix(reset, 0)) <= 0 {
		t.Errorf("reset %d, %v", reset, err)
	}
	rq, err := http.NewRequest(http.MethodGet, p.url+"/api/v2/pam/credentials?credential.active=false", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	rq.Header.Set("Authorization", "Bearer "+p.token)
	rq.Header.Set("If-None-Match", list.header.Get("Etag"))
	equal(t, "If-None-Match", p.must(p.do(rq)).status, http.StatusNotModified)
	for path, want := range map[string]int{"?credential.active=maybe": 422, "?colour=red": 422, "?device_id=0": 422, "/999": 404, "?device.name=web01": 200} {
		equal(t, path, p.get("/api/v2/pam/credentials"+path).status, want)
	}
	equal(t, "a write", p.post("/api/v2/pam/credentials", root()).status, 404)
	for version, want := range map[string]int{"": 404, "3.33": 404, "4.0": 404, "4.2.1": 404, "4.2.2": 200, "4.3": 200, "5": 200} {
		equal(t, "version "+version, serve(t, &vaultsim.Vault{Version: version}).get("/api/v2/pam/credentials").status, want)
	}
}
