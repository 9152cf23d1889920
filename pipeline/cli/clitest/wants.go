package clitest

import (
	"errors"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"pamsync/pipeline/vault/vaultsim"
)

func wantExit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exit CODE command …")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, wanted %d", got, want)
	}
}

// readsSecret tells a call that returns a secret or touches custody (law 2).
func readsSecret(r vaultsim.Request) bool {
	path := strings.TrimPrefix(strings.TrimPrefix(r.Path, "/api"), "/iso")
	if strings.Contains(path, "/custody/") || strings.HasPrefix(path, "/remote/session") || strings.HasPrefix(path, "/pam/remote/session") {
		return true
	}
	if r.Method != http.MethodGet {
		return false
	}
	for _, one := range []string{"/pam/credential/", "/pam/key/", "/pam/info/", "/coe/senha"} {
		if strings.HasPrefix(path, one) {
			return true
		}
	}
	return false
}

// IsWrite tells a request that could change the vault.
func IsWrite(r vaultsim.Request) bool {
	return r.Method != http.MethodGet && !strings.HasSuffix(r.Path, "/oauth2/token")
}

func wantWrites(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	for _, r := range simOf(ts).vault.Log() {
		if IsWrite(r) {
			got++
		}
	}
	if got != want {
		ts.Fatalf("%d writes reached the vault, wanted %d", got, want)
	}
}

func wantRequests(ts *testscript.TestScript, neg bool, args []string) {
	if got := strconv.Itoa(len(simOf(ts).vault.Log())); got != args[0] {
		ts.Fatalf("%s requests reached the vault, wanted %s", got, args[0])
	}
}

// lastRun keeps the name of the latest run with a journal.
func lastRun(ts *testscript.TestScript, neg bool, args []string) {
	journals, err := filepath.Glob(ts.MkAbs(filepath.Join(append(append([]string{}, args[1:]...), "reports")[0], "*", "journal.jsonl")))
	ts.Check(err)
	if len(journals) == 0 {
		ts.Fatalf("no run has a journal")
	}
	slices.Sort(journals)
	ts.Setenv(args[0], filepath.Base(filepath.Dir(journals[len(journals)-1])))
}
