package secrets_test

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"pamsync/pipeline/vault"
	"pamsync/pipeline/vault/secrets"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// served keeps what was sent to a path of sessions, and lets a handler answer in the vault's place.
type served struct {
	mu     sync.Mutex
	paths  []string
	bodies []map[string]any
}

func (s *served) called() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.paths...)
}

// caller is one whose calls go to a vault; instead answers a session's call where it is set.
func caller(t *testing.T, v *vaultsim.Vault, api string, instead http.HandlerFunc) (*secrets.Caller, *served) {
	t.Helper()
	s := &served{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/remote/session") {
			text, _ := io.ReadAll(r.Body)
			var body map[string]any
			_ = json.Unmarshal(text, &body)
			s.mu.Lock()
			s.paths, s.bodies = append(s.paths, r.URL.Path), append(s.bodies, body)
			s.mu.Unlock()
			if instead != nil {
				instead(w, r)
				return
			}
			r.Body = io.NopCloser(strings.NewReader(string(text)))
		}
		v.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	client, err := vault.Connect(schemas.VaultConfig{URL: server.URL, ClientID: "c", ClientSecret: schemas.NewSecret("not-a-real-secret"), API: api, RPS: 1000, Burst: 100, Workers: 4},
		vault.WithBackoff(time.Microsecond))
	if err != nil {
		t.Fatal(err)
	}
	return secrets.Of(client), s
}

func opening() *schemas.Opening {
	return &schemas.Opening{User: "ana", Credential: "root", Device: "srv-01", Protocol: "ssh", Port: "22", RemoteApp: "7", RemoteAddr: "10.0.0.9", ScreenSize: "1900x1200"}
}

func TestOpenInEachSpelling(t *testing.T) {
	for _, c := range []struct{ version, api, path string }{{"3.23", "iso", "/iso/remote/session"}, {"3.33", "api", "/api/pam/remote/session"}, {"4.0", "auto", "/api/pam/remote/session"}} {
		open, s := caller(t, &vaultsim.Vault{Version: c.version}, c.api, nil)
		answer, opened := open.Open(context.Background(), opening())
		if answer.Effect != schemas.EffectDone || !strings.Contains(opened.URL.Reveal(), "_sr=") || opened.Token.Empty() {
			t.Errorf("%s: %+v", c.version, answer)
		}
		if len(s.called()) != 1 || s.called()[0] != c.path {
			t.Errorf("%s: called %v, want %s", c.version, s.called(), c.path)
		}
		body := s.bodies[0]
		if body["port"] != 22.0 || body["remoteapp"] != 7.0 || body["remoteAddr"] != "10.0.0.9" || body["screensize"] != "1900x1200" || body["remotedevice"] != nil {
			t.Errorf("%s: sent %v", c.version, body)
		}
		for _, text := range []string{fmt.Sprint(opened), fmt.Sprintf("%#v", opened), fmt.Sprintf("%+v", answer)} {
			if strings.Contains(text, opened.Token.Reveal()) || strings.Contains(text, "_sr=") {
				t.Errorf("%s: it shows: %s", c.version, text)
			}
		}
	}
}

// TestOpenIsSentOnce where nobody can know whether it was served; a path that the vault does not have
// served nothing.
func TestOpenIsSentOnce(t *testing.T) {
	say := func(status int, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			fmt.Fprint(w, text)
		}
	}
	const good = `{"response":{"status":200,"message":"ok","error":false},"session":%s}`
	for _, c := range []struct {
		name    string
		instead http.HandlerFunc
		effect  schemas.Effect
		calls   int
	}{
		{"a connection that ends", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, schemas.EffectInDoubt, 1},
		{"500", say(500, `{"response":{"status":500,"message":"Unexpected error.","error":true}}`), schemas.EffectInDoubt, 1},
		{"a page", say(200, `<html>`), schemas.EffectInDoubt, 1},
		{"a success without a URL", say(200, fmt.Sprintf(good, `{"token":"t"}`)), schemas.EffectInDoubt, 1},
		{"a success without a session", say(200, `{"response":{"status":200,"message":"ok","error":false}}`), schemas.EffectInDoubt, 1},
		{"a null URL", say(200, fmt.Sprintf(good, `{"session_url":null}`)), schemas.EffectInDoubt, 1},
		{"a script for a URL", say(200, fmt.Sprintf(good, `{"session_url":"javascript:alert(1)","token":"t"}`)), schemas.EffectInDoubt, 1},
		{"a number for a URL", say(200, fmt.Sprintf(good, `{"session_url":12345}`)), schemas.EffectInDoubt, 1},
		{"a boolean for a URL", say(200, fmt.Sprintf(good, `{"session_url":true}`)), schemas.EffectInDoubt, 1},
		{"an object for a URL", say(200, fmt.Sprintf(good, `{"session_url":{"href":"https://v.example/"}}`)), schemas.EffectInDoubt, 1},
		{"a path alone", say(200, fmt.Sprintf(good, `{"session_url":"/modulos/auth?_sr=x"}`)), schemas.EffectInDoubt, 1},
		{"another host's path", say(200, fmt.Sprintf(good, `{"session_url":"//v.example/x"}`)), schemas.EffectInDoubt, 1},
		{"no host", say(200, fmt.Sprintf(good, `{"session_url":"https:///x"}`)), schemas.EffectInDoubt, 1},
		{"a port without a host", say(200, fmt.Sprintf(good, `{"session_url":"https://:443/x"}`)), schemas.EffectInDoubt, 1},
		{"a file", say(200, fmt.Sprintf(good, `{"session_url":"file:///etc/passwd"}`)), schemas.EffectInDoubt, 1},
		{"two lines", say(200, fmt.Sprintf(good, `{"session_url":"https://v.example/\nhttps://w.example/"}`)), schemas.EffectInDoubt, 1},
		{"a refusal", say(400, `{"response":{"status":400,"message":"Invalid protocol","error":true}}`), schemas.EffectRefused, 1},
		{"no such path, in both spellings", say(404, `{"response":{"status":404,"message":"Resource sub not found","error":true}}`), schemas.EffectRefused, 2},
	} {
		open, s := caller(t, &vaultsim.Vault{}, "api", c.instead)
		answer, opened := open.Open(context.Background(), opening())
		if answer.Effect != c.effect || len(s.called()) != c.calls || !opened.URL.Empty() || answer.Effect == schemas.EffectInDoubt && strings.Contains(answer.Message, "alert") {
			t.Errorf("%s: %+v after %v", c.name, answer, s.called())
		}
	}
}

// TestAnErrorSaysNoSecretOfItsAnswer: a vault that fails with a session made, and tells of it in its message.
func TestAnErrorSaysNoSecretOfItsAnswer(t *testing.T) {
	open, _ := caller(t, &vaultsim.Vault{}, "auto", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusInternalServerError)
		fmt.Fprint(w, `{"response":{"status":500,"error":true,"message":"bad https:\/\/vault.example\/sess?tok=URLCANARY9 and STOKCANARY9 of srv"},
			"session":{"session_url":"https:\/\/vault.example\/sess?tok=URLCANARY9","token":"STOKCANARY9"}}`)
	})
	answer, opened := open.Open(context.Background(), opening())
	if answer.Effect == schemas.EffectDone || !opened.URL.Empty() || strings.Contains(fmt.Sprintf("%+v", answer), "CANARY9") || !strings.Contains(answer.Message, "of srv") {
		t.Errorf("%+v", answer)
	}
}

// TestAReadingThatFailsSaysNoSecret: however the vault writes what it keeps into its message, and wherever that is
// clipped.
func TestAReadingThatFailsSaysNoSecret(t *testing.T) {
	const secret = `Can&ary<of"theirs>`
	for name, said := range map[string]string{
		"as it is": secret, "HTML": html.EscapeString(secret), "hexadecimal": hex.EncodeToString([]byte(secret)), "base64": base64.StdEncoding.EncodeToString([]byte("root:" + secret)), "an address": url.QueryEscape(secret),
		"at the end of what is told": strings.Repeat("x", 190) + " " + secret,
	} {
		t.Run(name, func(t *testing.T) {
			text, _ := json.Marshal("failed with " + said)
			plain, _ := json.Marshal(secret)
			for _, status := range []int{500, 403, 400} {
				read := saying(t, status, fmt.Sprintf(`{"response":{"status":%d,"error":true,"message":%s},"credential":{"id":"11","password":%s}}`, status, text, plain))
				_, answer, _ := read.Read(context.Background(), schemas.KindCredential, schemas.Ref{ID: "11"}, nil)
				all := fmt.Sprintf("%+v", answer)
				if answer.Stop != nil {
					all += fmt.Sprintf("%+v %v", answer.Stop, answer.Stop.Problem)
				}
				for _, piece := range []string{secret, "Can&ary", "Can&amp", "Can%26", said[max(0, len(said)-len(secret)):]} {
					if answer.Effect == schemas.EffectDone || strings.Contains(all, piece) || !strings.Contains(all, "failed with") {
						t.Errorf("%d: %q in %s", status, piece, all)
					}
				}
			}
		})
	}
}
