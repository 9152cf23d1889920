package clitest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"pamsync/pipeline/vault/vaultsim"
)

type simKey struct{}

type sim struct {
	vault   *vaultsim.Vault
	serving *atomic.Pointer[vaultsim.Vault] // what server answers as
	server  *httptest.Server
}

func simOf(ts *testscript.TestScript) *sim { return ts.Value(simKey{}).(*sim) }

func startSim(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) == 0 {
		ts.Fatalf("usage: sim state.json [Knob=value …]")
	}
	v := &vaultsim.Vault{}
	faults := newFaults()
	secure, again, reads := "", false, false
	var asked []string // parts of paths
	for _, arg := range args[1:] {
		name, value, _ := strings.Cut(arg, "=")
		switch {
		case name == "tls":
			secure = value
		case name == "asked": // whose calls return secrets or touch custody because the script says so
			asked = append(asked, value)
		case name == "reads":
			reads = true
		case name == "EncryptFor":
			v.EncryptFor = makeRSAKey(ts, value)
		case name == "again": // at the address of the one before, so that it is the same vault
			again = true
		case name == "clock": // the vault's own, as its answers tell it
			at, err := time.Parse(time.RFC3339, value)
			ts.Check(err)
			v.Clock = time.Until(at)
		case strings.HasPrefix(name, "fault:"):
			ts.Check(faults.add(strings.TrimPrefix(name, "fault:"), value))
		case strings.HasPrefix(name, "keep:"):
			field := strings.TrimPrefix(name, "keep:")
			v.Keep = func(_, f, text string) string {
				if f == field {
					return strings.ToUpper(text) + value
				}
				return text
			}
		default:
			ts.Check(setKnob(v, name, value))
		}
	}
	v.Fault = faults.next
	file, err := os.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	defer file.Close()
	ts.Check(v.LoadState(file))
	s := simOf(ts)
	s.vault = v
	if again {
		s.serving.Store(v)
		s.server.CloseClientConnections()
	} else {
		serveSim(ts, s, secure)
	}
	ts.Defer(func() {
		for _, r := range v.Log() {
			if readsSecret(r) && !reads && !slices.ContainsFunc(asked, func(part string) bool { return strings.Contains(r.Path, part) }) {
				ts.Fatalf("law 2: %s %s returns a secret or takes custody", r.Method, r.Path)
			}
		}
	})
	ts.Setenv("URL", s.server.URL)
	ts.Setenv("PAMSYNC_URL", s.server.URL)
}

// serveSim serves the vault at an address of its own.
func serveSim(ts *testscript.TestScript, s *sim, secure string) {
	if s.server != nil {
		s.server.CloseClientConnections()
		s.server.Close()
	}
	serving := &atomic.Pointer[vaultsim.Vault]{}
	serving.Store(s.vault)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { serving.Load().ServeHTTP(w, r) }))
	s.serving, s.server = serving, server
	if secure == "" {
		server.Start()
	} else {
		startTLS(ts, server, secure)
	}
	ts.Defer(func() {
		server.CloseClientConnections()
		server.Close()
	})
}

func simReset(ts *testscript.TestScript, neg bool, args []string) { simOf(ts).vault.ResetLog() }

func simState(ts *testscript.TestScript, neg bool, args []string) {
	ts.Check(simOf(ts).vault.SaveState(ts.Stdout()))
}

func simDo(ts *testscript.TestScript, neg bool, args []string) {
	base := simOf(ts).server.URL
	answer, err := http.PostForm(base+"/api/oauth2/token", url.Values{"grant_type": {"client_credentials"}, "client_id": {"else"}, "client_secret": {"else"}})
	ts.Check(err)
	var token struct {
		AccessToken string `json:"access_token"`
	}
	ts.Check(json.NewDecoder(answer.Body).Decode(&token))
	answer.Body.Close()
	body := ""
	if len(args) > 2 {
		body = strings.Join(args[2:], " ")
	}
	rq, err := http.NewRequest(args[0], base+args[1], strings.NewReader(body))
	ts.Check(err)
	rq.Header.Set("Authorization", "Bearer "+token.AccessToken)
	rq.Header.Set("Content-Type", "application/json")
	answer, err = http.DefaultClient.Do(rq)
	ts.Check(err)
	text, err := io.ReadAll(answer.Body)
	ts.Check(err)
	answer.Body.Close()
	if answer.StatusCode >= 400 {
		ts.Fatalf("%s %s: %d %s", args[0], args[1], answer.StatusCode, text)
	}
}

func simLog(ts *testscript.TestScript, neg bool, args []string) {
	for _, r := range simOf(ts).vault.Log() {
		fmt.Fprintf(ts.Stdout(), "%s %s %d\n", r.Method, r.Path, r.Status)
	}
}
