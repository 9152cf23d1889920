package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pamsync/pipeline/cli"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// run executes one command line in a folder of its own, as a process would.
func run(t *testing.T, env map[string]string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = cli.Run(context.Background(), args, func(name string) string { return env[name] }, strings.NewReader(""), &out, &errs)
	return code, out.String(), errs.String()
}

func TestUsageErrorsNameTheNearest(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"plna"}, "plan"},
		{[]string{"exprot", "sessions"}, "export"},
		{[]string{"export", "session"}, "sessions"},
		{[]string{"export"}, "devices, credentials, sessions"},
		{[]string{"help", "exit-code"}, "exit-codes"},
		{[]string{"schema", "confg"}, "config"},
		{[]string{"plan", "--devcies", "x"}, "--devices"},
		{[]string{"plan", "--rsp=3"}, "--rps"},
		{[]string{"zzzzzzzz"}, "zzzzzzzz"},
		{[]string{"plan", "--rps", "many"}, "--rps"},
		{[]string{"plan", "--rps", "0"}, "--rps"},
		{[]string{"plan", "--burst", "-1"}, "--burst"},
		{[]string{"sync", "--workers", "0"}, "--workers"},
		{[]string{"sync", "--max-duration", "soon"}, "--max-duration"},
		{[]string{"plan", "--missing", "delete"}, "--missing"},
		{[]string{"plan", "--limit", "inactivate=x"}, "inactivate=x"},
		{[]string{"plan", "--lang", "fr"}, "--lang"},
		{[]string{"plan", "extra"}, "extra"},
		{[]string{"show"}, "a plan file"},
		{[]string{"apply", "a", "b"}, "b"},
		{[]string{"inspect", "x", "--kind", "session"}, "--kind"},
		{[]string{"completion", "tcsh"}, "tcsh"},
		{[]string{"completion"}, "bash"},
		{[]string{"vaultsim", "--addr", "0.0.0.0:0"}, "0.0.0.0:0"},
		{[]string{"vaultsim", "--addr", ":0"}, "loopback"},
		{[]string{"vaultsim", "--addr", "192.0.2.1:0"}, "loopback"},
		{[]string{"vaultsim", "--addr", "[::]:0"}, "loopback"},
		{[]string{"vaultsim", "--addr", "example.org:0"}, "loopback"},
		{[]string{"vaultsim", "--addr", "127.0.0.1"}, "loopback"},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			code, out, errs := run(t, nil, c.args...)
			if code != 64 || out != "" || !strings.Contains(errs, c.want) || !strings.Contains(errs, "error: ") {
				t.Errorf("exit %d\n%s\n%s", code, out, errs)
			}
			if strings.Contains(errs, "Usage:") {
				t.Errorf("the whole usage for one mistake:\n%s", errs)
			}
		})
	}
}

func TestVersion(t *testing.T) {
	if code, out, errs := run(t, nil, "version"); code != 0 || out != "pamsync "+cli.Version+"\n" || errs != "" {
		t.Error(code, out, errs)
	}
}

func TestSchemasArePrinted(t *testing.T) {
	for _, name := range []string{"config", "plan", "journal", "result", "cmdb", "vaultsim-state"} {
		code, out, errs := run(t, nil, "schema", name)
		if code != 0 || !json.Valid([]byte(out)) || !strings.Contains(out, `"$schema"`) || errs != "" {
			t.Errorf("%s: exit %d, %s", name, code, errs)
		}
	}
}

func TestCompletionOfFourShells(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if code, out, errs := run(t, nil, "completion", shell); code != 0 || !strings.Contains(out, "pamsync") || len(out) < 500 || errs != "" {
			t.Errorf("%s: exit %d, %d bytes, %s", shell, code, len(out), errs)
		}
	}
}

func TestHelp(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "pamsync demo"},
		{[]string{"help"}, "pamsync demo"},
		{[]string{"--help"}, "pamsync demo"},
		{[]string{"help", "plan"}, "--detailed-exitcode"},
		{[]string{"plan", "--help"}, "--detailed-exitcode"},
		{[]string{"help", "export", "sessions"}, "--by"},
		{[]string{"help", "rehearse"}, "simulated vault that holds what the real one lists now"},
		{[]string{"help", "exit-codes"}, "another run holds the lock"},
		{[]string{"help", "environment"}, "PAMSYNC_CLIENT_SECRET_FILE"},
		{[]string{"help", "formats"}, "sep=;"},
		{[]string{"help", "decisions"}, "kind,key,decision,target"},
		{[]string{"help", "filters"}, "RE2"},
	} {
		if code, out, errs := run(t, nil, c.args...); code != 0 || !strings.Contains(out, c.want) || errs != "" {
			t.Errorf("%v: exit %d\n%s\n%s", c.args, code, out, errs)
		}
	}
}

func TestTheHelpOfExitCodesNamesThemAll(t *testing.T) {
	_, out, _ := run(t, nil, "help", "exit-codes")
	for _, code := range []string{"0 ", "1 ", "2 ", "10 ", "11 ", "12 ", "13 ", "14 ", "64 ", "65 ", "69 ", "70 ", "74 ", "75 ", "77 ", "78 ", "130, 143"} {
		if !strings.Contains(out, " "+code) {
			t.Errorf("%s is not there", code)
		}
	}
}

func TestLanguages(t *testing.T) {
	t.Chdir(t.TempDir())
	const english, portuguese = "error: ", "erro: "
	for _, c := range []struct {
		rule string
		env  map[string]string
		args []string
		want string
	}{
		{"English unless somebody asks", nil, []string{"plna"}, english},
		{"--lang pt", nil, []string{"plna", "--lang", "pt"}, portuguese},
		{"--lang=pt, before the command", nil, []string{"--lang=pt", "plna"}, portuguese},
		{"PAMSYNC_LANG", map[string]string{"PAMSYNC_LANG": "pt"}, []string{"plna"}, portuguese},
		{"the locale", map[string]string{"LANG": "pt_BR.UTF-8"}, []string{"plna"}, portuguese},
		{"the flag beats the variable", map[string]string{"PAMSYNC_LANG": "pt"}, []string{"--lang", "en", "plna"}, english},
		{"the variable beats the locale", map[string]string{"PAMSYNC_LANG": "en", "LANG": "pt_BR.UTF-8"}, []string{"plna"}, english},
		{"of a job", nil, []string{"plan", "--lang", "pt", "--missing", "x"}, portuguese},
	} {
		if code, _, errs := run(t, c.env, c.args...); code != 64 || !strings.Contains(errs, c.want) {
			t.Errorf("%s: exit %d, %s", c.rule, code, errs)
		}
	}
}

// world is a folder with an inventory and the environment of a simulated vault.
func world(t *testing.T) map[string]string {
	t.Helper()
	folder := t.TempDir()
	t.Chdir(folder)
	if err := os.WriteFile("d.csv", []byte("hostname,ip,site,model,vendor,type\nsrv-01,10.0.0.1,LAX,m,v,Server\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(&vaultsim.Vault{})
	t.Cleanup(server.Close)
	return map[string]string{"PAMSYNC_URL": server.URL, "PAMSYNC_CLIENT_ID": "client", "PAMSYNC_CLIENT_SECRET": "not-a-real-secret", "PAMSYNC_RPS": "10000", "PAMSYNC_BURST": "100",
		"PAMSYNC_LOCK_FOLDER": filepath.Join(folder, "locks")}
}

func TestFlagsFromTheEnvironment(t *testing.T) {
	for _, c := range []struct {
		rule, name, value string
		args              []string
		code              int
		want              string
	}{
		{"the inventory", "PAMSYNC_DEVICES", "d.csv", []string{"plan"}, 0, "planned; run "},
		{"a flag beats it", "PAMSYNC_DEVICES", "gone.csv", []string{"plan", "--devices", "d.csv"}, 0, "planned; run "},
		{"a switch", "PAMSYNC_DETAILED_EXITCODE", "true", []string{"plan", "--devices", "d.csv"}, 2, "changes are waiting"},
		{"a switch that is off", "PAMSYNC_DETAILED_EXITCODE", "false", []string{"plan", "--devices", "d.csv"}, 0, "planned"},
		{"a name with a dash", "PAMSYNC_DRY_RUN", "1", []string{"sync", "--devices", "d.csv", "--yes"}, 0, "Dry run"},
		{"--yes", "PAMSYNC_YES", "true", []string{"sync", "--devices", "d.csv"}, 0, "done; run "},
		{"without it and without a terminal a write is refused", "PAMSYNC_NO_INPUT", "true", []string{"sync", "--devices", "d.csv"}, 64, "--yes"},
		{"a value that is none", "PAMSYNC_RPS", "many", []string{"plan", "--devices", "d.csv"}, 64, "PAMSYNC_RPS"},
		{"the configuration", "PAMSYNC_CONFIG", "gone.yaml", []string{"plan", "--devices", "d.csv"}, 78, "gone.yaml"},
		{"a limit", "PAMSYNC_LIMIT", "nothing=5", []string{"plan", "--devices", "d.csv"}, 64, "nothing=5"},
		{"a guard", "PAMSYNC_LIMIT", "source_shrink=5", []string{"plan", "--devices", "d.csv"}, 0, "planned"},
		{"a value to allow", "PAMSYNC_ALLOW_NEW", "vendor=Oracle", []string{"plan", "--devices", "d.csv"}, 0, "planned"},
		{"a value of no such field", "PAMSYNC_ALLOW_NEW", "ip=10.0.0.1", []string{"plan", "--devices", "d.csv"}, 64, "vendor=NAME"},
		{"an address that is not encrypted", "PAMSYNC_URL", "http://vault.example", []string{"plan", "--devices", "d.csv"}, 78, "https"},
		{"no secret", "PAMSYNC_CLIENT_SECRET", "", []string{"plan", "--devices", "d.csv"}, 78, "secret"},
		{"no inventory", "PAMSYNC_DEVICES", "", []string{"plan"}, 64, "--devices"},
		{"an inventory that is not there", "PAMSYNC_DEVICES", "gone.csv", []string{"plan"}, 65, "gone.csv"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			env := world(t)
			env[c.name] = c.value
			code, out, errs := run(t, env, c.args...)
			if code != c.code || !strings.Contains(out+errs, c.want) {
				t.Errorf("exit %d, wanted %d and %q\n%s\n%s", code, c.code, c.want, out, errs)
			}
			if strings.Contains(out+errs, "not-a-real-secret") {
				t.Error("the secret is shown")
			}
		})
	}
}

func TestTheVendorsVariablesCountWhereOursAreNotSet(t *testing.T) {
	env := world(t)
	env["SENHASEGURA_URL"], env["SENHASEGURA_CLIENT_ID"], env["SENHASEGURA_CLIENT_SECRET"] = env["PAMSYNC_URL"], "client", "not-a-real-secret"
	delete(env, "PAMSYNC_URL")
	delete(env, "PAMSYNC_CLIENT_ID")
	delete(env, "PAMSYNC_CLIENT_SECRET")
	if code, out, errs := run(t, env, "plan", "--devices", "d.csv"); code != 0 {
		t.Errorf("exit %d\n%s\n%s", code, out, errs)
	}
	env["PAMSYNC_URL"] = "http://vault.example"
	if code, _, errs := run(t, env, "plan", "--devices", "d.csv"); code != 78 {
		t.Errorf("exit %d: ours does not win\n%s", code, errs)
	}
}

func TestJSONIsOneObjectOnStdout(t *testing.T) {
	env := world(t)
	for _, c := range []struct {
		args []string
		code int
	}{{[]string{"plan", "--devices", "d.csv", "--json"}, 0}, {[]string{"sync", "--devices", "d.csv", "--json", "--yes"}, 0}, {[]string{"plan", "--devices", "gone.csv", "--json"}, 65}} {
		code, out, errs := run(t, env, c.args...)
		var total struct {
			Run     *string
			Exit    *int
			Rows    map[string]int
			Changes map[string]int
			Errors  []struct {
				Code, Message, Hint string
				Place               schemas.Place
				Args                map[string]string
			}
		}
		in := json.NewDecoder(strings.NewReader(out))
		in.DisallowUnknownFields()
		if err := in.Decode(&total); code != c.code || err != nil || in.More() || total.Run == nil || total.Exit == nil || *total.Exit != code || len(total.Rows) != 6 || len(total.Changes) != 4 || (len(total.Errors) > 0) != (code != 0) {
			t.Errorf("%v: exit %d, %v\n%s\n%s", c.args, code, err, out, errs)
		}
	}
}

func TestTheLastLineNamesTheRun(t *testing.T) {
	env := world(t)
	_, _, errs := run(t, env, "sync", "--devices", "d.csv", "--yes")
	lines := strings.Split(strings.TrimSuffix(errs, "\n"), "\n")
	last := lines[len(lines)-1]
	_, name, ok := strings.Cut(last, "pamsync: done; run ")
	if !ok {
		t.Fatalf("%q", last)
	}
	if info, err := os.Stat(filepath.Join("reports", name)); err != nil || !info.IsDir() {
		t.Error(err)
	}
	if _, _, errs := run(t, env, "sync", "--devices", "d.csv", "--yes"); !strings.Contains(errs, "pamsync: nothing to do") {
		t.Errorf("a second run right after a good one is not empty:\n%s", errs)
	}
}
