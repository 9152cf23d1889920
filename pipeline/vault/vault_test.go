package vault_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pamsync/pipeline/vault"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

func config(url string) schemas.VaultConfig {
	c := schemas.DefaultConfig().Vault
	c.URL, c.ClientID, c.ClientSecret = url, "client", schemas.NewSecret("not-a-real-secret")
	c.RPS, c.Burst = 100000, 1000
	return c
}

func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return server.URL
}

func connect(t *testing.T, c schemas.VaultConfig) *vault.Client {
	t.Helper()
	client, err := vault.Connect(c, vault.WithBackoff(time.Microsecond))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func devices(client *vault.Client) (hosts []string, l schemas.Listing, err error) {
	l, err = client.Reader().Devices(context.Background(), func(d *schemas.Device) error {
		hosts = append(hosts, strings.Clone(d.Hostname))
		return nil
	})
	return hosts, l, err
}

func faultCode(err error) (schemas.Class, string) {
	var f *schemas.Fault
	if errors.As(err, &f) {
		return f.Class, f.Problem.Code
	}
	return "", fmt.Sprint(err)
}

// TestReaderCannotWrite is law 1 by construction: what planning receives has no other method.
func TestReaderCannotWrite(t *testing.T) {
	var names []string
	reader := reflect.TypeFor[*vault.Reader]()
	for i := range reader.NumMethod() {
		names = append(names, reader.Method(i).Name)
	}
	if want := []string{"Borrowing", "Credentials", "Devices", "Sessions", "Summing"}; !slices.Equal(names, want) {
		t.Errorf("a Reader can %v, it should %v alone", names, want)
	}
}

// answers serves a fixed answer for everything but the token.
func answers(status int, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/oauth2/token") {
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, `{"token_type":"Bearer","expires_in":3600,"access_token":"t"}`)
			return
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	})
}

func TestListSaysErrorInEveryWay(t *testing.T) {
	const list = `"devices":[{"id":"1","hostname":"a"}]`
	for name, c := range map[string]struct {
		status int
		body   string
		class  schemas.Class
		code   string
	}{
		"success in English":                    {200, `{"response":{"status":200,"message":"1 devices found","error":false},` + list + `}`, "", ""},
		"success in Portuguese, list first":     {200, `{` + list + `,"response":{"status":200,"mensagem":"1 devices found","erro":false}}`, "", ""},
		"status 400 under HTTP 200":             {200, `{"response":{"status":400,"message":"x","error":false},` + list + `}`, schemas.ClassUnreachable, "vault_error"},
		"error true under HTTP 200":             {200, `{"response":{"status":200,"message":"x","error":true},` + list + `}`, schemas.ClassUnreachable, "vault_error"},
		"erro true under HTTP 200":              {200, `{"response":{"status":200,"mensagem":"x","erro":true},` + list + `}`, schemas.ClassUnreachable, "vault_error"},
		"exception under HTTP 200":              {200, `{"response":{"status":200},"exception":{"code":1011,"message":"1011: Device not found"},` + list + `}`, schemas.ClassUnreachable, "vault_error"},
		"exception null is none":                {200, `{"response":{"status":200,"message":"1 devices found"},"exception":null,` + list + `}`, "", ""},
		"HTTP 500 not authorized":               {500, `{"response":{"status":500,"message":"You are not authorized to access this resource.","error":true}}`, schemas.ClassRefused, "not_allowed"},
		"HTTP 403":                              {403, `{"response":{"status":403,"message":"no","error":true}}`, schemas.ClassRefused, "not_allowed"},
		"HTTP 500 that stays":                   {500, `{"response":{"status":500,"message":"Unexpected error.","error":true}}`, schemas.ClassBusy, "vault_error"},
		"HTTP 429 that stays":                   {429, ``, schemas.ClassBusy, "vault_busy"},
		"a login page":                          {200, "<html>login</html>", schemas.ClassUnreachable, "not_json"},
		"an empty body":                         {200, "", schemas.ClassUnreachable, "not_json"},
		"a redirect":                            {302, "", schemas.ClassUnreachable, "redirected"},
		"cut in the list":                       {200, `{"response":{"status":200},"devices":[{"id":"1","hostname":"a"},`, schemas.ClassUnreachable, "list_cut"},
		"cut behind the list":                   {200, `{"response":{"status":200},` + list, schemas.ClassUnreachable, "list_cut"},
		"no list at all":                        {200, `{"response":{"status":200,"message":"3 devices found"}}`, schemas.ClassUnreachable, "list_malformed"},
		"no list and none announced is empty":   {200, `{"response":{"status":200,"message":"0 devices found"}}`, "", ""},
		"a list that is an object":              {200, `{"response":{"status":200},"devices":{"1":{}}}`, schemas.ClassUnreachable, "list_malformed"},
		"a record that is a text":               {200, `{"response":{"status":200},"devices":["a"]}`, schemas.ClassUnreachable, "list_malformed"},
		"something behind the end":              {200, `{"response":{"status":200},` + list + `} x`, schemas.ClassUnreachable, "list_malformed"},
		"an unbalanced bracket, as in the docs": {200, `{"response":{"status":200],` + list + `}`, schemas.ClassUnreachable, "list_malformed"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := devices(connect(t, config(serve(t, answers(c.status, c.body)))))
			if c.code == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if class, code := faultCode(err); class != c.class || code != c.code {
				t.Errorf("got %s %s, wanted %s %s", class, code, c.class, c.code)
			}
		})
	}
}

func TestAnnouncedCount(t *testing.T) {
	for message, want := range map[string]int{
		"2 devices found": 2, "1.204 dispositivos encontrados": 1204, "1,204 devices found": 1204, "1 204 devices found": 1204,
		"Foram encontrados 12 dispositivos": 12, "": -1, "devices found": -1, "1.234.567 devices": 1234567, "15 of 20": 15, "3 100 things": 3100, "2 devices, 10.0.0": 2,
	} {
		body := fmt.Sprintf(`{"response":{"status":200,"message":%q},"devices":[]}`, message)
		_, l, err := devices(connect(t, config(serve(t, answers(200, body)))))
		if err != nil || l.Announced != want {
			t.Errorf("%q: announced %d (%v), wanted %d", message, l.Announced, err, want)
		}
	}
}

func write(client *vault.Client) schemas.Answer {
	call := schemas.Call{Verb: schemas.VerbUpsert, Kind: schemas.KindDevice}
	call.Values[schemas.FieldHostname], call.Values[schemas.FieldIP] = "srv-01", "10.0.0.1"
	call.Values[schemas.FieldSite], call.Values[schemas.FieldModel], call.Values[schemas.FieldVendor], call.Values[schemas.FieldType] = "LAX", "m", "v", "Server"
	return client.Writer().Do(context.Background(), call)
}

// TestResending is law 4: a write goes again only when it was certainly not processed.
func TestResending(t *testing.T) {
	for name, c := range map[string]struct {
		fault  vaultsim.Fault
		always bool
		effect schemas.Effect
		posts  int
		stop   schemas.Class
	}{
		"401 once: renewed and sent again":       {vaultsim.Unauthorized401, false, schemas.EffectDone, 2, ""},
		"401 for ever: refused":                  {vaultsim.Unauthorized401, true, schemas.EffectNotSent, 2, schemas.ClassRefused},
		"invalid signature once: renewed":        {vaultsim.InvalidSignature403, false, schemas.EffectDone, 2, ""},
		"no route once: renewed":                 {vaultsim.NoRoute404, false, schemas.EffectDone, 2, ""},
		"429 once: again":                        {vaultsim.Status429, false, schemas.EffectDone, 2, ""},
		"503 with Retry-After once: again":       {vaultsim.Status503, false, schemas.EffectDone, 2, ""},
		"503 without Retry-After: in doubt":      {vaultsim.Status503Bare, false, schemas.EffectInDoubt, 1, ""},
		"500 after it was applied: in doubt":     {vaultsim.Status500After, false, schemas.EffectInDoubt, 1, ""},
		"502: in doubt":                          {vaultsim.Status502, false, schemas.EffectInDoubt, 1, ""},
		"answer lost: in doubt":                  {vaultsim.ResetAfter, false, schemas.EffectInDoubt, 1, ""},
		"connection reset before it: in doubt":   {vaultsim.ResetBefore, false, schemas.EffectInDoubt, 1, ""},
		"answer cut: in doubt":                   {vaultsim.TruncateBody, false, schemas.EffectInDoubt, 1, ""},
		"a login page: in doubt":                 {vaultsim.HTMLPage, false, schemas.EffectInDoubt, 1, ""},
		"a redirect: in doubt, and not followed": {vaultsim.Redirect302, false, schemas.EffectInDoubt, 1, schemas.ClassUnreachable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			posts := 0
			sim := &vaultsim.Vault{Fault: func(r vaultsim.Request) vaultsim.Fault {
				if r.Method != http.MethodPost || strings.HasSuffix(r.Path, "token") {
					return vaultsim.NoFault
				}
				mu.Lock()
				defer mu.Unlock()
				if posts++; posts == 1 || c.always {
					return c.fault
				}
				return vaultsim.NoFault
			}}
			answer := write(connect(t, config(serve(t, sim))))
			mu.Lock()
			sent := posts
			mu.Unlock()
			if answer.Effect != c.effect || sent != c.posts {
				t.Errorf("%s after %d posts (%+v), wanted %s after %d", answer.Effect, sent, answer, c.effect, c.posts)
			}
			if class := stopClass(answer); class != c.stop {
				t.Errorf("stops with %q, wanted %q", class, c.stop)
			}
		})
	}
}

func stopClass(a schemas.Answer) schemas.Class {
	if a.Stop == nil {
		return ""
	}
	return a.Stop.Class
}

func TestNothingListens(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	client := connect(t, config(server.URL))
	if class, code := faultCode(func() error { _, _, err := devices(client); return err }()); class != schemas.ClassUnreachable || code != "connection_refused" {
		t.Errorf("a list gave %s %s", class, code)
	}
	if answer := write(client); answer.Effect != schemas.EffectNotSent || stopClass(answer) != schemas.ClassUnreachable {
		t.Errorf("a write gave %+v", answer)
	}
}

func TestPrefixIsFoundOut(t *testing.T) {
	for _, prefix := range []string{"api", "iso"} {
		sim := &vaultsim.Vault{Prefix: prefix}
		sim.AddDevice(vaultsim.Device{Hostname: "srv-01", IP: "10.0.0.1"})
		hosts, l, err := devices(connect(t, config(serve(t, sim))))
		if err != nil || len(hosts) != 1 || l.Announced != 1 {
			t.Errorf("%s: %v %+v %v", prefix, hosts, l, err)
		}
	}
	c := config(serve(t, &vaultsim.Vault{Prefix: "iso"}))
	c.API = "api"
	if class, code := faultCode(func() error { _, _, err := devices(connect(t, c)); return err }()); class != schemas.ClassUnreachable || code != "no_vault_here" {
		t.Errorf("a fixed prefix gave %s %s", class, code)
	}
}

func TestTokenIsRenewedBeforeItEndsByOneFlight(t *testing.T) {
	sim := &vaultsim.Vault{TokenTTL: time.Second}
	client := connect(t, config(serve(t, sim)))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 5 {
				if _, _, err := devices(client); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	tokens := 0
	for _, r := range sim.Log() {
		if strings.HasSuffix(r.Path, "/token") {
			tokens++
		} else if r.Status == http.StatusUnauthorized {
			t.Error("a stale token was used")
		}
	}
	if tokens == 0 || tokens > 3 {
		t.Errorf("%d tokens were fetched for one second of work", tokens)
	}
	sim.RevokeTokens()
	if answer := write(client); answer.Effect != schemas.EffectDone {
		t.Errorf("after the token was revoked: %+v", answer)
	}
}

func TestClientIsRefused(t *testing.T) {
	for _, envelope := range []bool{false, true} {
		sim := &vaultsim.Vault{Clients: map[string]string{"client": "another"}, TokenErrorEnvelope: envelope}
		_, _, err := devices(connect(t, config(serve(t, sim))))
		if class, code := faultCode(err); class != schemas.ClassRefused || code != "client_refused" {
			t.Errorf("got %s %s", class, code)
		}
		if strings.Contains(fmt.Sprint(err), "not-a-real-secret") {
			t.Error("the secret stands in the error")
		}
	}
}

func TestTokenPageThatEchoesTheSecretIsNotShown(t *testing.T) {
	echo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.WriteHeader(400)
		fmt.Fprintf(w, `{"oops":%q}`, body)
	})
	_, _, err := devices(connect(t, config(serve(t, echo))))
	if class, _ := faultCode(err); class != schemas.ClassRefused || strings.Contains(fmt.Sprintf("%+v %v", err, errors.Unwrap(err)), "not-a-real") {
		t.Errorf("got %v", err)
	}
}

func TestStalledListIsGivenUp(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	slow := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/oauth2/token") {
			answers(200, "").ServeHTTP(w, r)
			return
		}
		io.WriteString(w, `{"devices":[{"id":"1","hostname":"a"},`)
		w.(http.Flusher).Flush()
		<-release
	})
	c := config(serve(t, slow))
	c.Timeout = 50 * time.Millisecond
	_, _, err := devices(connect(t, c))
	if class, code := faultCode(err); class != schemas.ClassUnreachable || code != "timed_out" {
		t.Errorf("got %s %s", class, code)
	}
}

func TestTLS(t *testing.T) {
	server := httptest.NewUnstartedServer(&vaultsim.Vault{})
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	pemBytes := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(ca, pemBytes, 0o600); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(server.Certificate().Raw)
	for name, c := range map[string]struct {
		change func(*schemas.VaultConfig)
		code   string
	}{
		"unknown authority":  {func(*schemas.VaultConfig) {}, "tls_authority"},
		"authority given":    {func(c *schemas.VaultConfig) { c.CAFile = ca }, ""},
		"pinned":             {func(c *schemas.VaultConfig) { c.Fingerprint = hex.EncodeToString(sum[:]) }, ""},
		"another one pinned": {func(c *schemas.VaultConfig) { c.Fingerprint = strings.Repeat("ab", 32) }, "tls_pin"},
		"a pin with colons":  {func(c *schemas.VaultConfig) { c.Fingerprint = colons(sum[:]) }, ""},
		"the certificate's name": {func(c *schemas.VaultConfig) {
			c.CAFile, c.URL = ca, strings.Replace(c.URL, "127.0.0.1", "localhost", 1)
		}, "tls_name"},
		"plain HTTP to a TLS server": {func(c *schemas.VaultConfig) { c.URL = strings.Replace(c.URL, "https", "http", 1) }, "no_vault_here"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := config(server.URL)
			c.change(&cfg)
			_, _, err := devices(connect(t, cfg))
			if _, code := faultCode(err); err != nil && code != c.code || err == nil && c.code != "" {
				t.Errorf("got %v, wanted %q", err, c.code)
			}
		})
	}
}

func colons(b []byte) string {
	var parts []string
	for _, one := range b {
		parts = append(parts, fmt.Sprintf("%02X", one))
	}
	return strings.Join(parts, ":")
}

func TestURLs(t *testing.T) {
	for url, why := range map[string]string{
		"https://vault.example": "", "https://vault.example:8443/": "", "http://127.0.0.1:8080": "", "http://[::1]:80": "", "http://localhost": "",
		"http://vault.example": "plain_http", "vault.example": "no_scheme", "https://": "no_host", "https://u:p@vault.example": "has_user",
		"https://vault.example/api": "has_prefix", "https://vault.example?x=1": "has_query", "ftp://vault.example": "no_scheme", "https://vault example": "not_a_url",
	} {
		_, err := vault.ParseURL(url)
		var f *schemas.Fault
		got := ""
		if errors.As(err, &f) {
			got = f.Problem.Args["why"]
			if f.Class != schemas.ClassConfig {
				t.Errorf("%s: class %s", url, f.Class)
			}
			if strings.Contains(f.Error(), "u:p@") {
				t.Errorf("%s: the password stands in the error", url)
			}
		}
		if got != why {
			t.Errorf("%s: %q, wanted %q", url, got, why)
		}
	}
}

func TestSessionsInAllSpellings(t *testing.T) {
	for name, sim := range map[string]*vaultsim.Vault{
		"4.x": {}, "3.32 with Portuguese keys": {Version: "3.32", Prefix: "iso", PortugueseSessionKeys: true}, "iso alone": {Prefix: "iso"},
	} {
		sim.AddSession(vaultsim.Session{ID: "3", User: "ana", Credential: "root", Device: "10.0.0.1:22", Protocol: "ssh", Start: "2026-07-01 10:00:00"})
		var got []schemas.Session
		_, err := connect(t, config(serve(t, sim))).Reader().Sessions(context.Background(), func(s *schemas.Session) error {
			got = append(got, *s)
			return nil
		})
		if err != nil || len(got) != 1 || got[0].Credential != "root" || got[0].Device != "10.0.0.1:22" || got[0].End != "" {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
}

// TestTouchMeasuresAnAnswer: whatever it says, and without the wait for the token before it.
func TestTouchMeasuresAnAnswer(t *testing.T) {
	v := &vaultsim.Vault{Latency: 5 * time.Millisecond}
	client := connect(t, config(serve(t, v)))
	if took, err := client.Touch(t.Context(), "7"); err != nil || took < 5*time.Millisecond {
		t.Errorf("%v, %v", took, err)
	}
	log := v.Log()
	if last := log[len(log)-1]; len(log) != 2 || last.Method != http.MethodGet || last.Path != "/api/pam/device/7" {
		t.Errorf("%+v", log)
	}
	if _, err := client.Touch(t.Context(), "srv-01"); err == nil {
		t.Error("a path that is not on the list was called")
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := client.Touch(ctx, "7"); err == nil {
		t.Error("a cancelled call was measured")
	}
}
