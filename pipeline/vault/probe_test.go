package vault_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pamsync/pipeline/vault"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// tried is the way that a probe finds to a simulated vault.
func tried(t *testing.T, v *vaultsim.Vault, change func(*schemas.VaultConfig)) vault.Way {
	t.Helper()
	server := httptest.NewServer(v)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	config := schemas.DefaultConfig().Vault
	config.URL, config.ClientID, config.ClientSecret, config.RPS = server.URL, "client", schemas.NewSecret("not-a-real-secret"), 10000
	if change != nil {
		change(&config)
	}
	probe, err := vault.NewProbe(config)
	if err != nil {
		t.Fatal(err)
	}
	return probe.Try(context.Background())
}

func TestTheWayToAVault(t *testing.T) {
	always := func(f vaultsim.Fault) func(vaultsim.Request) vaultsim.Fault {
		return func(vaultsim.Request) vaultsim.Fault { return f }
	}
	for _, c := range []struct {
		rule   string
		v      *vaultsim.Vault
		change func(*schemas.VaultConfig)
		failed vault.Step
		code   string
		fits   func(vault.Way) bool
	}{
		{"a good one", &vaultsim.Vault{}, nil, "", "", func(w vault.Way) bool {
			return w.Prefix == "api" && w.Life == time.Hour && w.Dated && w.Clock.Abs() < 2*time.Second && w.Literal && !w.Encrypted && strings.HasPrefix(w.Remote, "127.0.0.1:")
		}},
		{"a clock ahead of ours", &vaultsim.Vault{Clock: time.Hour}, nil, "", "", func(w vault.Way) bool { return (w.Clock - time.Hour).Abs() < 2*time.Second }},
		{"iso alone, by auto", &vaultsim.Vault{Prefix: "iso"}, nil, "", "", func(w vault.Way) bool { return w.Prefix == "iso" && w.Other == "" }},
		{"iso alone, and api is configured", &vaultsim.Vault{Prefix: "iso"}, func(c *schemas.VaultConfig) { c.API = "api" }, vault.StepAPI, "no_vault_here", func(w vault.Way) bool { return w.Other == "iso" }},
		{"api alone, and iso is configured", &vaultsim.Vault{Prefix: "api"}, func(c *schemas.VaultConfig) { c.API = "iso" }, vault.StepAPI, "no_vault_here", func(w vault.Way) bool { return w.Other == "api" }},
		{"neither", &vaultsim.Vault{Prefix: "x"}, nil, vault.StepAPI, "no_vault_here", func(w vault.Way) bool { return w.Other == "" && !w.Page }},
		{"a login page", &vaultsim.Vault{Fault: always(vaultsim.HTMLPage)}, nil, vault.StepAPI, "no_vault_here", func(w vault.Way) bool { return w.Page }},
		{"a wrong secret", &vaultsim.Vault{Clients: map[string]string{"client": "x"}}, nil, vault.StepToken, "client_refused", func(w vault.Way) bool { return w.Prefix == "api" }},
		{"busy", &vaultsim.Vault{Fault: always(vaultsim.Status503)}, nil, vault.StepToken, "vault_busy", func(vault.Way) bool { return true }},
		{"it hangs up", &vaultsim.Vault{Fault: always(vaultsim.ResetBefore)}, nil, vault.StepAPI, "unreachable", func(w vault.Way) bool { return w.Remote != "" }},
		{"it is silent", &vaultsim.Vault{Fault: always(vaultsim.Hang)}, func(c *schemas.VaultConfig) { c.Timeout = 50 * time.Millisecond }, vault.StepAPI, "timed_out", func(vault.Way) bool { return true }},
		{"no secret to try", &vaultsim.Vault{}, func(c *schemas.VaultConfig) { c.ClientSecret = schemas.Secret{} }, "", "", func(w vault.Way) bool { return w.Anonymous && w.Dated && w.Prefix == "" }},
		{"nothing listens", &vaultsim.Vault{}, func(c *schemas.VaultConfig) { c.URL = "http://127.0.0.1:1" }, vault.StepNetwork, "connection_refused", func(w vault.Way) bool { return w.Remote == "" }},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			w := tried(t, c.v, c.change)
			code := ""
			if w.Fault != nil {
				code = w.Fault.Problem.Code
			}
			if w.Failed != c.failed || code != c.code || !c.fits(w) {
				t.Errorf("failed %q by %q: %+v", w.Failed, code, w)
			}
			for _, r := range c.v.Log() {
				if r.Method != http.MethodGet && !strings.HasSuffix(r.Path, "/oauth2/token") {
					t.Errorf("%s %s", r.Method, r.Path)
				}
			}
		})
	}
}
