package pipeline_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"pamsync/pipeline"
	"pamsync/pipeline/vault"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// world is a simulated vault, a client of it, and what one run after another remembers.
type world struct {
	t      testing.TB
	sim    *vaultsim.Vault
	client *vault.Client
	memory *pipeline.Memory
	policy pipeline.Policy
	key    []byte

	decisions []pipeline.Decision
}

func newWorld(t testing.TB, sim *vaultsim.Vault) *world {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { sim.ServeHTTP(hurried{w}, r) }))
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	config := schemas.DefaultConfig()
	config.Vault.URL, config.Vault.ClientID, config.Vault.ClientSecret = server.URL, "client", schemas.NewSecret("not-a-real-secret")
	config.Vault.RPS, config.Vault.Burst, config.Vault.Workers = 100000, 1000, 4
	client, err := vault.Connect(config.Vault, vault.WithBackoff(time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	config.Devices.Missing, config.Credentials.Missing = schemas.MissingInactivate, schemas.MissingInactivate
	limits := config.Limits
	limits.Inactivate.Off, limits.Cascade.Off, limits.Update.Off = true, true, true
	return &world{t: t, sim: sim, client: client, memory: pipeline.NewMemory(nil), key: []byte("key"),
		policy: pipeline.Policy{Devices: config.Devices, Credentials: config.Credentials, Limits: limits}}
}

// hurried asks for no pause before another try: no test waits.
type hurried struct{ http.ResponseWriter }

func (h hurried) WriteHeader(status int) {
	if h.Header().Get("Retry-After") != "" {
		h.Header().Set("Retry-After", "0")
	}
	h.ResponseWriter.WriteHeader(status)
}

func (h hurried) Unwrap() http.ResponseWriter { return h.ResponseWriter }

// device is one row of a device inventory.
func device(hostname, ip, site string) schemas.Values {
	var v schemas.Values
	v[schemas.FieldHostname], v[schemas.FieldIP], v[schemas.FieldSite] = hostname, ip, site
	v[schemas.FieldModel], v[schemas.FieldVendor], v[schemas.FieldType] = "CentOS 7", "CentOS", "Server"
	return v
}

// account is one row of a credential inventory.
func account(username, hostname, credentialType string) schemas.Values {
	var v schemas.Values
	v[schemas.FieldUsername], v[schemas.FieldHostname], v[schemas.FieldCredentialType] = username, hostname, credentialType
	return v
}

// inventory loads rows as the two sources d.csv and c.csv would give them.
func (w *world) inventory(devices, accounts []schemas.Values) *pipeline.Inventory {
	inv := pipeline.NewInventory(w.key, w.policy.Devices.Normalize)
	load := func(kind schemas.Kind, name string, rows []schemas.Values) {
		at := func(row int, f schemas.Field) schemas.Place {
			return schemas.Place{Source: name, Row: row, Col: int(f)}
		}
		source := inv.AddSource(pipeline.SourceInfo{Kind: kind, Name: name, Locate: at})
		for i, v := range rows {
			inv.Load(&schemas.Row{Kind: kind, Source: source, Number: i + 2, Values: v,
				Place: func(f schemas.Field) schemas.Place { return at(i+2, f) }})
		}
	}
	if devices != nil {
		load(schemas.KindDevice, "d.csv", devices)
	}
	if accounts != nil {
		load(schemas.KindCredential, "c.csv", accounts)
	}
	return inv
}

func (w *world) plan(inv *pipeline.Inventory) *schemas.Plan {
	w.t.Helper()
	s, err := pipeline.TakeSnapshot(context.Background(), w.client.Reader(), pipeline.Want{Accounts: true, Norm: w.policy.Devices.Normalize})
	if err != nil {
		w.t.Fatal(err)
	}
	return pipeline.Build(pipeline.Input{Inventory: inv, Snapshot: w.memory.Settle(s, nil), Memory: w.memory, Policy: w.policy, Decisions: w.decisions})
}

// errKilled stands for the death of the process: no journal record after it, so no call.
var errKilled = errors.New("killed")

// tape is a journal in memory that dies after so many records (-1 for never).
type tape struct {
	mu      sync.Mutex
	records []schemas.Record
	left    int
}

func (j *tape) append(rec schemas.Record) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.left == 0 {
		return errKilled
	}
	j.left--
	j.records = append(j.records, rec)
	return nil
}

func (j *tape) past() *pipeline.Past {
	p := &pipeline.Past{}
	for _, rec := range j.records {
		p.Take(rec)
	}
	return p
}

// apply applies a plan with a journal, as far as it lets, and remembers what is done.
func (w *world) apply(plan *schemas.Plan, journal *tape) error {
	w.t.Helper()
	run := &pipeline.Run{Plan: plan, Past: journal.past(), Vault: w.client.Reader(), Send: w.client.Writer().Do, Journal: journal.append,
		Secret: func(*schemas.Change) (schemas.Secret, error) { return schemas.NewSecret("Exemplo-1"), nil },
		Memory: w.memory, Policy: w.policy, Workers: 4, Now: time.Now,
		Sleep: func(context.Context, time.Duration) error { return nil }}
	return run.Apply(context.Background())
}

func (w *world) remember(plan *schemas.Plan, journal *tape) {
	pipeline.Remember(w.memory, plan, journal.past(), "run", func(v string) string { return schemas.Fingerprint(w.key, v) },
		func(*schemas.Change) string { return "" })
}

// night plans, applies and remembers.
func (w *world) night(inv *pipeline.Inventory) (*schemas.Plan, []schemas.Result) {
	w.t.Helper()
	plan := w.plan(inv)
	journal := &tape{left: -1}
	if err := w.apply(plan, journal); err != nil {
		w.t.Fatal(err)
	}
	w.remember(plan, journal)
	return plan, pipeline.Replay(plan, journal.past())
}
