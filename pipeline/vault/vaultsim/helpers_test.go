package vaultsim_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"pamsync/pipeline/vault/vaultsim"
)

// peer talks to a vault over HTTP.
type peer struct {
	t     *testing.T
	url   string
	token string
}

// serve starts the vault and asks for a token.
func serve(t *testing.T, v *vaultsim.Vault) *peer {
	t.Helper()
	srv := httptest.NewServer(v)
	t.Cleanup(srv.Close)
	p := &peer{t: t, url: srv.URL}
	prefix := v.Prefix
	if prefix == "" {
		prefix = "api"
	}
	p.token, _ = p.grant(prefix).body["access_token"].(string)
	v.ResetLog()
	return p
}

func (p *peer) grant(prefix string) reply {
	p.t.Helper()
	return p.must(p.send("POST", "/"+prefix+"/oauth2/token", url.Values{
		"grant_type": {"client_credentials"}, "client_id": {"app"}, "client_secret": {"invented"}}))
}

// reply is an answer; body is nil when it is not a JSON object.
type reply struct {
	status int
	header http.Header
	raw    string
	body   map[string]any
}

// send sends a body as the form or the JSON it is; it does not follow
// redirects and opens a connection for itself, so nothing is sent twice.
func (p *peer) send(method, path string, body any) (reply, error) {
	p.t.Helper()
	var in io.Reader
	kind := ""
	switch b := body.(type) {
	case nil:
	case url.Values:
		in, kind = strings.NewReader(b.Encode()), "application/x-www-form-urlencoded"
	case string:
		in, kind = strings.NewReader(b), "application/json"
	default:
		data, err := json.Marshal(b)
		if err != nil {
			p.t.Fatal(err)
		}
		in, kind = bytes.NewReader(data), "application/json"
	}
	req, err := http.NewRequestWithContext(p.t.Context(), method, p.url+path, in)
	if err != nil {
		p.t.Fatal(err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if p.token != "" {
		req.Header.Set("Authorization", "Bearer "+p.token)
	}
	return p.do(req)
}

func (p *peer) do(req *http.Request) (reply, error) {
	tr := &http.Transport{DisableKeepAlives: true}
	defer tr.CloseIdleConnections()
	client := &http.Client{Transport: tr, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	resp, err := client.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	r := reply{status: resp.StatusCode, header: resp.Header, raw: string(raw)}
	if json.Unmarshal(raw, &r.body) != nil {
		r.body = nil
	}
	return r, err
}

func (p *peer) must(r reply, err error) reply {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
	return r
}

func (p *peer) get(path string) reply {
	p.t.Helper()
	return p.must(p.send("GET", path, nil))
}

func (p *peer) post(path string, body any) reply {
	p.t.Helper()
	return p.must(p.send("POST", path, body))
}

func (p *peer) put(path string) reply {
	p.t.Helper()
	return p.must(p.send("PUT", path, nil))
}

func (p *peer) delete(path string) reply {
	p.t.Helper()
	return p.must(p.send("DELETE", path, nil))
}

func (r reply) part(name string) map[string]any {
	m, _ := r.body[name].(map[string]any)
	return m
}

func (r reply) records(name string) []map[string]any {
	list, _ := r.body[name].([]any)
	var out []map[string]any
	for _, x := range list {
		m, _ := x.(map[string]any)
		out = append(out, m)
	}
	return out
}

func (r reply) message() string {
	s, _ := r.part("response")["message"].(string)
	return s
}

// says checks the HTTP status and the message.
func (r reply) says(t *testing.T, status int, message string) {
	t.Helper()
	if r.status != status || r.message() != message {
		t.Errorf("got HTTP %d %q, want %d %q\n%s", r.status, r.message(), status, message, r.raw)
	}
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

type fields map[string]any

// without is a copy that lacks one field; with one that has another value.
func (f fields) without(name string) fields {
	out := fields{}
	for k, x := range f {
		if k != name {
			out[k] = x
		}
	}
	return out
}

func (f fields) with(name string, value any) fields {
	out := f.without(name)
	out[name] = value
	return out
}

func (f fields) form() url.Values {
	out := url.Values{}
	for k, x := range f {
		s, _ := x.(string)
		out.Set(k, s)
	}
	return out
}

func web01() fields {
	return fields{"hostname": "web01", "ip": "10.0.0.1", "site": "LAX", "model": "Ubuntu", "vendor": "Canonical", "type": "Server"}
}

func root() fields {
	return fields{"hostname": "web01", "ip": "10.0.0.1", "username": "root", "identifier": "web01-root", "content": "invented-1"}
}

// stocked is a vault with device 1 and credential 1 on it.
func stocked() *vaultsim.Vault {
	v := &vaultsim.Vault{}
	v.AddDomain("CORP")
	v.AddDevice(vaultsim.Device{Hostname: "web01", IP: "10.0.0.1", Site: "LAX", Model: "Ubuntu",
		Vendor: "Canonical", Type: "Server", Connectivities: "SSH:22,HTTPS:443"})
	v.AddCredential(vaultsim.Credential{Hostname: "web01", Identifier: "web01-root", Username: "root",
		Type: "Local User", Password: "invented-0"})
	return v
}
