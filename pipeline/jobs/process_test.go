package jobs_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pamsync/pipeline/vault/vaultsim"
)

// estateOfThirty is a folder with an inventory and a vault that lacks most of it; the program is run
// in it as a process of its own.
type estateOfThirty struct {
	t       *testing.T
	program string
	folder  string
	url     string
	sim     *vaultsim.Vault

	mu     sync.Mutex
	writes int
	seen   func(n int) // called at each write that comes, with how many came so far
}

// changesOfThirty is how many changes its plan has.
const changesOfThirty = 30

func newEstate(t *testing.T, program string) *estateOfThirty {
	e := &estateOfThirty{t: t, program: program, folder: t.TempDir(), sim: &vaultsim.Vault{}}
	var devices, accounts strings.Builder
	for i := range 20 {
		fmt.Fprintf(&devices, "srv-%02d,10.0.0.%d,LAX,m,v,t\n", i, i)
		if i < 5 {
			e.sim.AddDevice(vaultsim.Device{Hostname: fmt.Sprintf("srv-%02d", i), IP: fmt.Sprintf("10.0.0.%d", i), Site: "AWS", Model: "m", Vendor: "v", Type: "t"})
		}
		if i%2 == 0 {
			fmt.Fprintf(&accounts, "srv-%02d,root,Local User\n", i)
		}
	}
	e.sim.OnRequest = func(r vaultsim.Request) {
		if r.Method == http.MethodGet || strings.HasSuffix(r.Path, "/oauth2/token") {
			return
		}
		e.mu.Lock()
		defer e.mu.Unlock()
		e.writes++
		if e.seen != nil {
			e.seen(e.writes)
		}
	}
	server := httptest.NewServer(e.sim)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	e.url = server.URL
	save(t, filepath.Join(e.folder, "d.csv"), "hostname,ip,site,model,vendor,type\n"+devices.String())
	save(t, filepath.Join(e.folder, "c.csv"), "hostname,username,type\n"+accounts.String())
	save(t, filepath.Join(e.folder, "pamsync.yaml"), "devices: {sources: [{path: d.csv}]}\ncredentials: {sources: [{path: c.csv}]}\napply: {settle: 1ms}\n"+
		"reports: "+filepath.Join(e.folder, "reports")+"\n")
	return e
}

// command is the program with arguments, behind what shall run it, if anything.
func (e *estateOfThirty) command(runner []string, args ...string) (*exec.Cmd, *bytes.Buffer) {
	line := append(append(runner, e.program), args...)
	cmd := exec.Command(line[0], line[1:]...)
	cmd.Dir = e.folder
	cmd.Env = append(os.Environ(), "PAMSYNC_URL="+e.url, "PAMSYNC_CLIENT_ID=client", "PAMSYNC_CLIENT_SECRET=not-a-real-secret",
		"PAMSYNC_RPS=2000", "PAMSYNC_BURST=100", "XDG_CACHE_HOME="+e.folder, "LANG=C")
	out := &bytes.Buffer{}
	cmd.Stdout, cmd.Stderr = out, out
	return cmd, out
}

func (e *estateOfThirty) run(runner []string, args ...string) (int, string) {
	e.t.Helper()
	cmd, out := e.command(runner, args...)
	if err := cmd.Start(); err != nil {
		e.t.Fatal(err)
	}
	_ = cmd.Wait() // its code says how it ended
	return cmd.ProcessState.ExitCode(), out.String()
}

// wantExit runs the program and wants its exit code.
func (e *estateOfThirty) wantExit(code int, args ...string) string {
	e.t.Helper()
	got, out := e.run(nil, args...)
	if got != code {
		e.t.Fatalf("%v: exit %d, wanted %d\n%s", args, got, code, out)
	}
	return out
}

func (e *estateOfThirty) plan() { e.wantExit(0, "plan", "-o", "plan.jsonl", "--limit", "update=off") }

// watch has seen called from now on, at each write before it is applied; nil for no more.
func (e *estateOfThirty) watch(seen func(n int)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.seen = seen
}

// killed applies the plan with a process that is killed at its first call, and returns the run.
func (e *estateOfThirty) killed() string {
	e.t.Helper()
	cmd, out := e.command(nil, "apply", "plan.jsonl", "--yes", "--workers", "1")
	e.watch(func(int) { _ = cmd.Process.Kill() })
	if err := cmd.Start(); err != nil {
		e.t.Fatal(err)
	}
	_ = cmd.Wait()
	e.watch(nil)
	if cmd.ProcessState.ExitCode() != -1 || e.runFolder() == "" {
		e.t.Fatalf("not killed, or no journal\n%s", out)
	}
	return filepath.Base(e.runFolder())
}

// runFolder is that of the one run that began to write, "" for none.
func (e *estateOfThirty) runFolder() string {
	list, err := filepath.Glob(filepath.Join(e.folder, "reports", "*", "journal.jsonl"))
	if err != nil || len(list) > 1 {
		e.t.Errorf("%v, %v", list, err)
	}
	if len(list) == 0 {
		return ""
	}
	return filepath.Dir(list[0])
}

// wantDone holds the vault against the inventory, and wants nothing to be left to do.
func (e *estateOfThirty) wantDone() {
	e.t.Helper()
	if devices, accounts := len(e.sim.Devices()), len(e.sim.Credentials()); devices != 20 || accounts != 10 {
		e.t.Errorf("%d devices and %d credentials in the vault, wanted 20 and 10", devices, accounts)
	}
	if out := e.wantExit(0, "plan", "-o", "again.jsonl"); !strings.Contains(out, "nothing to do") {
		e.t.Errorf("after all, something is left to do:\n%s", out)
	}
}
