package jobs_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pamsync/pipeline/jobs"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
	"pamsync/schemas/words"
)

// disaster is a night that goes wrong after one that went well. What must come of it is told per
// size of the vault, of 20, 200 and 2,000 devices: "stop CODE" (exit 11, that main reason, its
// numbers and the way on in the message), "refused CODE" (exit 65, 69 or 77), "hold CODE N …" (so
// many records held and nothing else to write), "nothing" (nothing to write and nothing to decide),
// "reject N", each without a write; or "writes N", the few calls that the floors of the limits
// allow. One text counts for every size, "" for a size that is not tried.
type disaster struct {
	name  string
	spoil func(n *nightOf)
	want  []string
	// before arranges the good night.
	before func(n *nightOf)
}

// nightOf is a vault, its inventory, and the place to run in.
type nightOf struct {
	t                 *testing.T
	n                 int
	sim               *vaultsim.Vault
	e                 *jobs.Env
	folder            string
	devices, accounts sheet
	devicesText       *string // in the place of the sheet
	accountsText      *string
	noAccounts        bool
	modified          time.Time
	stderr            *bytes.Buffer
}

// sheet is a table with its header.
type sheet struct {
	header []string
	rows   [][]string
}

func (s *sheet) clone() sheet {
	out := sheet{header: slices.Clone(s.header)}
	for _, r := range s.rows {
		out.rows = append(out.rows, slices.Clone(r))
	}
	return out
}

func (s *sheet) text() string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write(s.header)
	_ = w.WriteAll(s.rows)
	return b.String()
}

func (s *sheet) col(name string) int { return slices.Index(s.header, name) }

// each changes a column of every row.
func (s *sheet) each(name string, change func(i int, old string) string) {
	c := s.col(name)
	for i := range s.rows {
		s.rows[i][c] = change(i, s.rows[i][c])
	}
}

var (
	estateSites   = []string{"LAX", "AWS", "SP-Barueri", "RJ-Centro"}
	estateModels  = []string{"CentOS 7", "Windows Server 2019", "Catalyst 2960", "Oracle Linux 8", "Ubuntu 22.04"}
	estateVendors = []string{"CentOS Project", "Microsoft", "Cisco Systems", "Oracle", "Canonical"}
)

func hostOf(i int) string    { return fmt.Sprintf("srv-%04d.corp.example", i) }
func addressOf(i int) string { return fmt.Sprintf("10.20.%d.%d", i>>8, i&255) }

// estateOf is a vault of n devices with two or three credentials each, and the inventory of it.
func estateOf(n int) (*vaultsim.Vault, sheet, sheet) {
	sim := &vaultsim.Vault{}
	devices := sheet{header: []string{"hostname", "ip", "site", "model", "vendor", "type"}}
	accounts := sheet{header: []string{"username", "hostname", "identifier", "credential_type"}}
	for i := range n {
		d := vaultsim.Device{Hostname: hostOf(i), IP: addressOf(i), Site: estateSites[i%4], Model: estateModels[i%5], Vendor: estateVendors[i%5], Type: "Server"}
		sim.AddDevice(d)
		devices.rows = append(devices.rows, []string{d.Hostname, d.IP, d.Site, d.Model, d.Vendor, d.Type})
		for k, user := range []string{"root", "svc", "app"}[:2+i%2] {
			id := fmt.Sprintf("%s-%04d", user, i)
			sim.AddCredential(vaultsim.Credential{Hostname: d.Hostname, IP: d.IP, Username: user, Identifier: id, Type: []string{"Local User", "Domain User"}[k%2]})
			accounts.rows = append(accounts.rows, []string{user, d.Hostname, id, []string{"Local User", "Domain User"}[k%2]})
		}
	}
	return sim, devices, accounts
}

// goodNights keeps what a good night left behind, by size: the vault and the state folder.
type goodNight struct {
	vault, key, memory []byte
	devices, accounts  sheet
}

var (
	goodOnce sync.Mutex
	goodOf   = map[int]*goodNight{}
	tonight  = time.Date(2026, 11, 3, 3, 0, 0, 0, time.UTC)
)

// open arranges a vault and its inventory for one run.
func open(t *testing.T, n int, sim *vaultsim.Vault, devices, accounts sheet) *nightOf {
	est := &nightOf{t: t, n: n, devices: devices, accounts: accounts, modified: tonight.Add(-time.Hour)}
	est.serve(sim)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { est.sim.ServeHTTP(w, r) }))
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	c := schemas.DefaultConfig()
	c.Vault.URL, c.Vault.ClientID, c.Vault.ClientSecret = server.URL, "client", schemas.NewSecret("not-a-real-secret")
	c.Vault.RPS, c.Vault.Burst, c.Vault.Workers = 100_000, 1000, 4
	c.Apply.Settle = 0
	c.Devices.Missing, c.Credentials.Missing = schemas.MissingInactivate, schemas.MissingInactivate
	folder := t.TempDir()
	c.State, c.Reports = filepath.Join(folder, "state"), filepath.Join(folder, "reports")
	stderr := &bytes.Buffer{}
	e := &jobs.Env{Config: &c, Version: "test", Lang: words.English, Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: stderr, Yes: true,
		LockFolder: filepath.Join(folder, "locks"), Now: func() time.Time { return tonight }}
	est.e, est.folder, est.stderr = e, folder, stderr
	return est
}

// serve puts a vault behind the address.
func (n *nightOf) serve(sim *vaultsim.Vault) { n.sim = sim }

// sync writes the files and runs `sync`.
func (n *nightOf) sync() (jobs.Outcome, error) {
	n.t.Helper()
	n.source(&n.e.Config.Devices, "d.csv", &n.devices, n.devicesText)
	if !n.noAccounts {
		n.source(&n.e.Config.Credentials, "c.csv", &n.accounts, n.accountsText)
	}
	n.stderr.Reset()
	return jobs.Sync(context.Background(), n.e, false)
}

// source writes a source's file, and configures it unless a case has.
func (n *nightOf) source(config *schemas.KindConfig, name string, s *sheet, text *string) {
	path := filepath.Join(n.folder, name)
	content := s.text()
	if text != nil {
		content = *text
	}
	save(n.t, path, content)
	if err := os.Chtimes(path, n.modified, n.modified); err != nil {
		n.t.Fatal(err)
	}
	for _, s := range config.Sources {
		if s.Name == name {
			return
		}
	}
	config.Sources = append([]schemas.SourceConfig{{Name: name, Path: path, Format: "auto"}}, config.Sources...)
}

// stateFolder is where the state of this vault stands.
func (n *nightOf) stateFolder() string {
	return filepath.Join(n.e.Config.State, strings.NewReplacer("://", "-", ":", "-").Replace(n.e.Config.Vault.URL))
}

// afterGood arranges the night after a good one: the vault and the state as that one left them.
func afterGood(t *testing.T, n int, before func(*nightOf)) *nightOf {
	t.Helper()
	if before != nil {
		sim, devices, accounts := estateOf(n)
		est := open(t, n, sim, devices, accounts)
		before(est)
		est.good()
		sim.ResetLog()
		return est
	}
	goodOnce.Lock()
	defer goodOnce.Unlock()
	if goodOf[n] == nil {
		sim, devices, accounts := estateOf(n)
		est := open(t, n, sim, devices, accounts)
		est.good()
		var state bytes.Buffer
		if err := sim.SaveState(&state); err != nil {
			t.Fatal(err)
		}
		goodOf[n] = &goodNight{vault: state.Bytes(), devices: devices, accounts: accounts,
			key: []byte(load(t, filepath.Join(est.stateFolder(), "key"))), memory: []byte(load(t, filepath.Join(est.stateFolder(), "memory.jsonl")))}
	}
	g := goodOf[n]
	sim := &vaultsim.Vault{}
	if err := sim.LoadState(bytes.NewReader(g.vault)); err != nil {
		t.Fatal(err)
	}
	est := open(t, n, sim, g.devices.clone(), g.accounts.clone())
	save(t, filepath.Join(est.stateFolder(), "key"), string(g.key))
	save(t, filepath.Join(est.stateFolder(), "memory.jsonl"), string(g.memory))
	return est
}

// good is a night that goes well, a day earlier.
func (n *nightOf) good() {
	n.t.Helper()
	n.e.Now, n.modified = func() time.Time { return tonight.AddDate(0, 0, -1) }, tonight.AddDate(0, 0, -1).Add(-time.Hour)
	out, err := n.sync()
	if err != nil || out.Exit != 0 {
		n.t.Fatalf("the good night ended %d: %v\n%s", out.Exit, err, n.stderr)
	}
	n.e.Now, n.modified = func() time.Time { return tonight }, tonight.Add(-time.Hour)
}

// writes counts the calls that change the vault.
func (n *nightOf) writes() int {
	count := 0
	for _, r := range n.sim.Log() {
		if r.Method != "GET" && !strings.Contains(r.Path, "oauth2") {
			count++
		}
	}
	return count
}

// TestDisasters: a night whose sources or vault went wrong stops before the first write, or holds
// the records in doubt, or has nothing to do.
func TestDisasters(t *testing.T) {
	count, sizes := map[string]int{}, []int{20, 200, 2000}
	if testing.Short() {
		sizes = sizes[:1] // all of them run without -race
	}
	for _, d := range slices.Concat(sourceDisasters, columnDisasters, vaultDisasters, rowDisasters) {
		for i, size := range sizes {
			want := d.want[min(i, len(d.want)-1)]
			if want == "" {
				continue
			}
			t.Run(fmt.Sprintf("%s/%d", d.name, size), func(t *testing.T) {
				n := afterGood(t, size, d.before)
				d.spoil(n)
				out, err := n.sync()
				got := n.outcome(out, err)
				if !fits(got, want) {
					t.Errorf("%s\n wanted %s\n%s", got, want, tail(n.stderr.String()))
				}
				kind, _, _ := strings.Cut(want, " ")
				count[kind]++
				count["all"]++
			})
		}
	}
	t.Logf("scenarios: %v", count)
}

// outcome tells what came of a night, in the words of a disaster's want.
func (n *nightOf) outcome(out jobs.Outcome, err error) string {
	n.t.Helper()
	var fault *schemas.Fault
	var faults jobs.Faults
	switch {
	case errors.As(err, &fault):
		return n.counted("refused " + fault.Problem.Code)
	case errors.As(err, &faults):
		return n.counted("refused " + faults[0].Problem.Code)
	case err != nil:
		return "error " + err.Error()
	}
	plan, err := jobs.ReadPlan(filepath.Join(out.Folder, "plan.jsonl"))
	if err != nil {
		n.t.Fatal(err)
	}
	if out.Exit == 11 {
		stop := plan.Summary.Stop[0]
		text := n.stderr.String()
		if !strings.Contains(text, "hint: ") || !strings.ContainsAny(words.Problem(words.English, stop.Code, stop.Args), "0123456789") {
			n.t.Errorf("the message names no number, or no way on:\n%s", text)
		}
		return n.counted("stop " + stop.Code)
	}
	var parts []string
	held := map[string]int{}
	for i := range plan.Holds {
		held[plan.Holds[i].Code]++
	}
	for _, code := range slices.Sorted(mapKeys(held)) {
		parts = append(parts, fmt.Sprintf("hold %s %d", code, held[code]))
	}
	if len(plan.Rejects) > 0 {
		parts = append(parts, fmt.Sprintf("reject %d", len(plan.Rejects)))
	}
	if w := n.writes(); w > 0 {
		parts = append(parts, fmt.Sprintf("writes %d", w))
	}
	if len(parts) == 0 {
		parts = append(parts, "nothing")
	}
	return strings.Join(parts, " ")
}

// counted adds the writes to what must have none.
func (n *nightOf) counted(what string) string {
	if w := n.writes(); w > 0 {
		return fmt.Sprintf("%s writes %d", what, w)
	}
	return what
}

// fits says whether a night came out as wanted.
func fits(got, want string) bool { return got == want }

func mapKeys(m map[string]int) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}
