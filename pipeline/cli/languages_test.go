package cli_test

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"pamsync/pipeline/vault/vaultsim"
)

// bilingual is an estate in which a run meets all that it can: changes of each kind, a refusal, a
// hold, rejected rows, warnings, rows left out, and a mistake in the configuration's own file.
func bilingual() map[string]string {
	return map[string]string{
		"pamsync.yaml": "devices: {sources: [{path: d.csv, where: site != \"\"}], missing: inactivate}\ncredentials: {sources: [{path: c.csv}], missing: report}\napply: {settle: 1ms}\nlimits: {inactivate: off, update: off}\n",
		"d.csv": "hostname,ip,site,model,vendor,type\nsrv-01,10.0.0.1,AWS,kept otherwise,v,t\nsrv-02,10.0.0.2,LAX,m,v,t\nnew-1,10.1.0.1,LAX,m,v,t\nnew-1,10.1.0.1,LAX,m,v,t\n" +
			"bad-1,10.0.0.300,LAX,m,v,t\ntwice,10.2.0.1,LAX,m,v,t\ntwice,10.2.0.2,LAX,m,v,t\nleft,10.3.0.1,,m,v,t\n\"ren;amed\",10.0.0.3,LAX,m,v,t\n",
		"c.csv":   "hostname,username,type,password\nsrv-01,root,Domain User,not-to-be-shown\nsrv-02,app,Local User,x\nnobody,root,Local User,x\ntwice,root,Local User,x\nnew-1,,Local User,x\n",
		"bad.csv": "hostname,ip\nsrv-01,10.0.0.1,too many\n",
	}
}

func bilingualVault() *vaultsim.Vault {
	v := &vaultsim.Vault{ManySessions: 20}
	for _, name := range []string{"srv-01", "srv-02", "srv-03", "srv-04"} {
		v.AddDevice(vaultsim.Device{Hostname: name, IP: "10.0.0." + name[5:], Site: "LAX", Model: "m", Vendor: "v", Type: "t"})
		v.AddCredential(vaultsim.Credential{Hostname: name, Username: "root", Type: "Local User"})
	}
	v.Keep = func(_, field, text string) string { // what was written is not what is kept
		if field == "model" && text == "kept otherwise" {
			return "m9"
		}
		return text
	}
	v.Fault = func(r vaultsim.Request) vaultsim.Fault {
		if r.Method == http.MethodDelete {
			return vaultsim.ResetAfter
		}
		return vaultsim.NoFault
	}
	return v
}

// machineOutput runs the same command lines in one language, in a folder of its own against a
// vault of its own at one address, and gives all that programs read: stdout and files by name.
func machineOutput(t *testing.T, lang, url string) map[string]string {
	folder := t.TempDir()
	t.Chdir(folder)
	for name, text := range bilingual() {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	env := map[string]string{"PAMSYNC_URL": url, "PAMSYNC_CLIENT_ID": "client", "PAMSYNC_CLIENT_SECRET": "not-a-real-secret", "PAMSYNC_RPS": "10000", "PAMSYNC_BURST": "1000",
		"PAMSYNC_LOCK_FOLDER": filepath.Join(folder, "locks")}
	output := map[string]string{}
	for _, c := range []struct {
		args []string
		code int
	}{
		{[]string{"inspect", "d.csv", "--json"}, 0},
		{[]string{"inspect", "bad.csv", "--json"}, 0},
		{[]string{"validate", "--json"}, 65},
		{[]string{"plan", "--json", "--limit", "inactivate=0"}, 11},
		{[]string{"plan", "--json", "-o", "plan.jsonl"}, 10},
		{[]string{"apply", "plan.jsonl", "--json", "--yes", "--workers", "1"}, 10},
		{[]string{"sync", "--json", "--yes", "--csv-for", "excel", "--workers", "1"}, 10},
		{[]string{"plan", "--json", "--rps", "0"}, 64},
		{[]string{"export", "devices", "-o", "devices.csv"}, 0},
		{[]string{"export", "credentials", "-o", "credentials.csv", "--csv-for", "excel"}, 0},
		{[]string{"export", "sessions", "-o", "sessions.csv", "--from", "2026-01-01"}, 0},
		{[]string{"export", "sessions", "-o", "sessions.jsonl"}, 0},
		{[]string{"export", "devices", "-o", "-"}, 0},
		{[]string{"show", "plan.jsonl", "--format", "csv"}, 0},
		{[]string{"show", "plan.jsonl", "--format", "json"}, 0},
		{[]string{"show", "plan.jsonl", "--json"}, 0},
		{[]string{"schema", "config"}, 0},
	} {
		code, out, errs := run(t, env, append([]string{"--lang", lang}, c.args...)...)
		if code != c.code {
			t.Errorf("%s: %v: exit %d, wanted %d\n%s%s", lang, c.args, code, c.code, out, errs)
		}
		output["stdout of "+strings.Join(c.args, " ")] = normal(out)
	}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(path, "locks") {
			return err
		}
		data, err := os.ReadFile(path)
		// Pages and workbooks are for people, and the sums and hashes hold what differs by time.
		people := filepath.Ext(path) == ".html" || filepath.Ext(path) == ".xlsx"
		if name := filepath.Base(path); !people && !strings.HasSuffix(name, "SHA256SUMS") && name != "print.key" && filepath.Ext(name) != ".rows" {
			output[normal(path)+" of the exit "+exitOf(string(data))] += normal(string(data))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return output
}

// exitOf keeps files of one name apart: the runs' folders differ by time alone.
func exitOf(text string) string {
	return regexp.MustCompile(`"exit":\d+|"stop":\[`).FindString(text)
}

// normal takes out what must differ between two executions: names of runs, times and the digests
// of what holds them, fingerprints, ports, and the identifiers that the vault makes up.
func normal(text string) string {
	for _, what := range []string{`\d{8}T\d{6}Z-[0-9a-z]{4}`, `\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`, `(sha256:)?[0-9a-f]{64}`, `127\.0\.0\.1:\d+`, `"marks":\{[^}]*\}`, `"sum":"[0-9a-f]{8}"`, `"(lost_)?prints":"[^"]*"`, `[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`, `--lang (en|pt)`} {
		text = regexp.MustCompile(what).ReplaceAllString(text, "·")
	}
	return text
}

// TestWhatProgramsReadIsTheSameInBothLanguages: plans, journals, results, exports, manifests and
// --json are compared byte by byte.
func TestWhatProgramsReadIsTheSameInBothLanguages(t *testing.T) {
	var vault atomic.Pointer[vaultsim.Vault]
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { vault.Load().ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	vault.Store(bilingualVault())
	english := machineOutput(t, "en", server.URL)
	vault.Store(bilingualVault())
	portuguese := machineOutput(t, "pt", server.URL)
	for name, en := range english {
		if pt, ok := portuguese[name]; !ok {
			t.Errorf("%s: not there in Portuguese", name)
		} else if pt != en {
			t.Errorf("%s differs:\n%s\nand in Portuguese\n%s", name, en, pt)
		}
	}
	if len(english) != len(portuguese) {
		t.Errorf("%d outputs in English, %d in Portuguese", len(english), len(portuguese))
	}
	for _, what := range []string{"plan.jsonl", "result.csv", "result.jsonl", "journal.jsonl", "devices.csv", "sessions.jsonl", ".manifest.json"} {
		found := false
		for name, text := range english {
			found = found || strings.Contains(name, what) && text != ""
		}
		if !found {
			t.Errorf("no %s was compared", what)
		}
	}
}
