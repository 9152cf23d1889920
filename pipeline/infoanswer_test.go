package pipeline_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pamsync/pipeline"
	"pamsync/pipeline/vault"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// TestInformationThatAnswersWithAnother: no list shows protected information, so an answer that names another
// record than ours is the only thing that tells whose id it gives; that id must never be taken for ours.
func TestInformationThatAnswersWithAnother(t *testing.T) {
	for _, c := range []struct {
		rule, record string
		ours         bool
	}{
		{"our identifier", `{"id":"41","tag":"INFO-1"}`, true},
		{"our identifier, in another spelling", `{"id":"41","identifier":" info-1"}`, true},
		{"no identifier", `{"id":"41","tag":null}`, true},
		{"neither id nor identifier", `{"name":"n"}`, true},
		{"another's tag", `{"id":"41","tag":"INFO-2"}`, false},
		{"another's identifier", `{"id":"41","identifier":"INFO-2"}`, false},
		{"another's identifier without an id", `{"identifier":"INFO-2"}`, false},
	} {
		t.Run(c.rule, func(t *testing.T) {
			w := newWorld(t, &vaultsim.Vault{})
			w.client = answersInfo(t, w.sim, c.record)
			plan := infoPlan()
			journal := &tape{left: -1}
			if err := w.apply(plan, journal); err != nil {
				t.Fatal(err)
			}
			w.remember(plan, journal)
			result := pipeline.Replay(plan, journal.past())[0]
			if done := result.Status == schemas.StatusDone; done != c.ours || !c.ours && result.Code != "other_record" {
				t.Errorf("%+v", result)
			}
			for _, r := range w.memory.All() {
				if !c.ours && r.Kind == schemas.KindInfo && r.ID == "41" {
					t.Errorf("it is remembered as ours: %+v", r)
				}
			}
		})
	}
}

// answersInfo is a client of a vault that answers with a record of its own to information that is sent.
func answersInfo(t *testing.T, sim *vaultsim.Vault, record string) *vault.Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/pam/info") {
			sim.ServeHTTP(w, r)
			return
		}
		io.WriteString(w, `{"response":{"status":201,"message":"Information successfully registered!","error":false},"info":`+record+`}`)
	}))
	t.Cleanup(server.Close)
	config := schemas.DefaultConfig().Vault
	config.URL, config.ClientID, config.ClientSecret, config.RPS, config.Burst = server.URL, "client", schemas.NewSecret("not-a-real-secret"), 1000, 100
	client, err := vault.Connect(config, vault.WithBackoff(time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// infoPlan is a plan that creates INFO-1.
func infoPlan() *schemas.Plan {
	change := schemas.Change{Kind: schemas.KindInfo, Action: schemas.ActionCreate, Key: "INFO-1", Secret: true,
		Send: send("identifier", "INFO-1", "name", "n"), Reason: schemas.Reason{Rule: schemas.RuleNew}}
	change.Identify()
	return &schemas.Plan{Changes: []schemas.Change{change}}
}
