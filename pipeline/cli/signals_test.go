package cli_test

import (
	"bufio"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"pamsync/pipeline/cli/clitest"
	"pamsync/pipeline/vault/vaultsim"
)

// TestLaw6KilledProcessIsResumed kills the real process, with SIGKILL, at each write that
// reaches the vault, before it is applied and after; resume ends in the wanted state.
func TestLaw6KilledProcessIsResumed(t *testing.T) {
	program := builtProgram(t)
	for _, applied := range []bool{false, true} {
		for n := 1; n <= 14; n++ {
			t.Run(fmt.Sprintf("write %d, applied %v", n, applied), func(t *testing.T) {
				t.Parallel()
				killAt(t, program, n, applied)
			})
		}
	}
}

// smallEstate serves a vault of four devices, and writes an inventory that asks for fourteen changes.
func smallEstate(t *testing.T, v *vaultsim.Vault) (*httptest.Server, string) {
	t.Helper()
	for i := range 4 {
		v.AddDevice(vaultsim.Device{Hostname: fmt.Sprintf("srv-%d", i), IP: fmt.Sprintf("10.0.0.%d", i), Site: "LAX", Model: "m", Vendor: "v", Type: "t"})
		v.AddCredential(vaultsim.Credential{Hostname: fmt.Sprintf("srv-%d", i), Username: "root", Type: "Local User"})
	}
	server := httptest.NewServer(v)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	folder := t.TempDir()
	files := map[string]string{
		"pamsync.yaml": "devices: {sources: [{path: d.csv}], missing: inactivate}\ncredentials: {sources: [{path: c.csv}], missing: inactivate}\napply: {settle: 1ms}\n",
		"d.csv":        "hostname,ip,site,model,vendor,type\nsrv-0,10.0.0.0,AWS,m,v,t\nsrv-1,10.0.0.1,LAX,m,v,t\nsrv-2,10.0.0.2,AWS,m,v,t\nnew-1,10.1.0.1,LAX,m,v,t\nnew-2,10.1.0.2,LAX,m,v,t\nnew-3,10.1.0.3,LAX,m,v,t\n",
		"c.csv":        "hostname,username,type\nsrv-0,root,Domain User\nsrv-1,app,Local User\nsrv-2,root,Domain User\nnew-1,root,Local User\nnew-2,root,Local User\nnew-3,root,Local User\nnew-3,app,Local User\n",
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return server, folder
}

// process is the program in a folder, against a simulated vault.
func process(program, folder, url string, args ...string) *exec.Cmd {
	cmd := exec.Command(program, args...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "PAMSYNC_URL="+url, "PAMSYNC_CLIENT_ID=client", "PAMSYNC_CLIENT_SECRET=not-a-real-secret",
		"PAMSYNC_RPS=2000", "PAMSYNC_BURST=100", "XDG_CACHE_HOME="+folder, "LANG=C")
	return cmd
}

// builtProgram builds the program once for a test.
func builtProgram(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("builds the program, and ends it many times")
	}
	program := filepath.Join(t.TempDir(), "pamsync")
	if out, err := exec.Command("go", "build", "-o", program, "pamsync").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return program
}

// TestSignalsEndARunThatCanBeResumed: a first signal lets the call under way end, prints the command
// that goes on, and exits 130 or 143; a second one leaves at once, though a call hangs.
func TestSignalsEndARunThatCanBeResumed(t *testing.T) {
	program := builtProgram(t)
	for _, c := range []struct {
		name   string
		signal os.Signal
		again  bool
		code   int
	}{{"INT", syscall.SIGINT, false, 130}, {"TERM", syscall.SIGTERM, false, 143}, {"INT twice", syscall.SIGINT, true, -1}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			signalAtTheThirdWrite(t, program, c.signal, c.again, c.code)
		})
	}
}

func signalAtTheThirdWrite(t *testing.T, program string, signal os.Signal, again bool, code int) {
	var writes atomic.Int32
	hangs, stopping := make(chan struct{}), make(chan struct{})
	heard := sync.OnceFunc(func() { close(stopping) })
	var victim atomic.Pointer[exec.Cmd]
	v := &vaultsim.Vault{}
	v.Fault = func(r vaultsim.Request) vaultsim.Fault {
		if !clitest.IsWrite(r) || writes.Add(1) != 3 {
			return vaultsim.NoFault
		}
		_ = victim.Load().Process.Signal(signal)
		if !again {
			<-stopping // only then has the signal reached the program
			return vaultsim.NoFault
		}
		close(hangs)
		return vaultsim.Hang
	}
	server, folder := smallEstate(t, v)
	cmd := process(program, folder, server.URL, "sync", "--yes", "--workers", "1", "--limit", "update=off")
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	victim.Store(cmd)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for lines := bufio.NewScanner(said); lines.Scan(); {
		text.WriteString(lines.Text() + "\n")
		if !strings.Contains(lines.Text(), "again to leave at once") {
			continue
		}
		if heard(); again {
			<-hangs
			_ = cmd.Process.Signal(signal)
		}
	}
	heard() // the program is gone
	_ = cmd.Wait()
	if got := cmd.ProcessState.ExitCode(); got != code || writes.Load() != 3 {
		t.Fatalf("exit %d after %d writes, wanted %d after 3\n%s", got, writes.Load(), code, text.String())
	}
	if !again && !strings.Contains(text.String(), "pamsync resume 2") {
		t.Errorf("it does not say how to go on:\n%s", text.String())
	}
	out, err := process(program, folder, server.URL, "resume", "--yes").CombinedOutput()
	if err != nil {
		t.Fatalf("resume: %v\n%s", err, out)
	}
	if out, err := process(program, folder, server.URL, "sync", "--yes").CombinedOutput(); err != nil || !strings.Contains(string(out), "nothing to do") {
		t.Errorf("after the resume: %v\n%s", err, out)
	}
}

func killAt(t *testing.T, program string, n int, applied bool) {
	var victim *exec.Cmd
	started := make(chan struct{})
	var mu sync.Mutex
	writes, killed := 0, false
	strike := func(r vaultsim.Request) {
		<-started
		mu.Lock()
		defer mu.Unlock()
		if clitest.IsWrite(r) && !killed {
			if writes++; writes == n {
				killed = true
				_ = victim.Process.Kill()
			}
		}
	}
	v := &vaultsim.Vault{}
	if applied {
		v.OnApplied = strike
	} else {
		v.OnRequest = strike
	}
	server, folder := smallEstate(t, v)
	run := func(args ...string) (int, string) {
		cmd := process(program, folder, server.URL, args...)
		var out strings.Builder
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if victim == nil {
			victim = cmd
			close(started)
		}
		_ = cmd.Wait()
		return cmd.ProcessState.ExitCode(), out.String()
	}
	if code, out := run("sync", "--yes", "--limit", "update=off"); code != -1 {
		t.Fatalf("not killed: exit %d\n%s", code, out)
	}
	if code, out := run("resume", "--yes"); code != 0 {
		t.Fatalf("resume: exit %d\n%s", code, out)
	}
	code, out := run("sync", "--yes")
	if code != 0 || !strings.Contains(out, "nothing to do") {
		t.Fatalf("after the resume: exit %d\n%s", code, out)
	}
	names := map[string]int{}
	for _, d := range v.Devices() {
		names[d.Hostname]++
	}
	for _, c := range v.Credentials() {
		names[c.Username+"@"+c.Hostname]++
	}
	for name, count := range names {
		if count != 1 {
			t.Errorf("%s stands %d times in the vault", name, count)
		}
	}
}
