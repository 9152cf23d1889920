package cli_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// TestNoSecretIsInTheListOfProcesses goes through the commands once more as processes of their own, the client's
// secret and the identity given by commands, and looks at the command line of every process of the machine each
// time the vault is asked for something.
func TestNoSecretIsInTheListOfProcesses(t *testing.T) {
	if testing.Short() {
		t.Skip("some dozens of processes")
	}
	program := filepath.Join(t.TempDir(), "pamsync")
	if out, err := exec.Command("go", "build", "-o", program, "pamsync").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	c := newCanaries()
	folder := t.TempDir()
	for _, name := range []string{"src", "temp", "home"} {
		if err := os.Mkdir(filepath.Join(folder, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	p := &parrot{t: t, vault: canaryVault(c), c: c, repeats: func(*http.Request) bool { return false }}
	var looks, ours atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		lines, _ := filepath.Glob("/proc/[0-9]*/cmdline")
		looks.Add(1)
		for _, path := range lines {
			line, err := os.ReadFile(path)
			if err != nil {
				continue // it has ended
			}
			if found := c.in(line); len(found) > 0 {
				t.Errorf("a process holds %v", found)
			}
			if strings.HasPrefix(string(line), program+"\x00") {
				ours.Add(1)
			}
		}
		p.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	env := append(os.Environ(), "HOME="+filepath.Join(folder, "home"), "LANG=C")
	for name, value := range canaryFiles(t, c, folder, server.URL) {
		if name == "PAMSYNC_IDENTITY" {
			if err := os.WriteFile(filepath.Join(folder, "src", "identity"), []byte(value+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			continue
		}
		env = append(env, name+"="+value)
	}
	path := filepath.Join(folder, "src", "pamsync.yaml")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	byCommand := strings.Replace(string(text), "client_secret_file: client.secret", "client_secret_command: cat "+filepath.Join(folder, "src", "client.secret"), 1)
	byCommand = strings.Replace(byCommand, "{path: d.csv}", "{path: d.csv, identity_command: cat "+filepath.Join(folder, "src", "identity")+"}", 1)
	if err := os.WriteFile(path, []byte(byCommand), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, line := range canaryLines(folder) {
		args := strings.Fields(strings.ReplaceAll(line.args, "RUN", latestRun(folder)))
		for i, arg := range args {
			if strings.HasPrefix(arg, "@") {
				args[i] = filepath.Join(folder, arg[1:])
			}
		}
		cmd := exec.Command(program, args...)
		cmd.Env, cmd.Dir = env, folder
		out, err := cmd.CombinedOutput()
		if _, ended := err.(*exec.ExitError); err != nil && !ended {
			t.Fatalf("%v: %v", args, err)
		}
		if found := c.in(out); len(found) > 0 && line.spared != "-" {
			t.Errorf("%v says %v", args, found)
		}
	}
	if looks.Load() < 100 || ours.Load() < looks.Load() {
		t.Errorf("%d looks, and the program was seen %d times", looks.Load(), ours.Load())
	}
	t.Logf("%d looks at the list of processes, the program seen in each", looks.Load())
}
