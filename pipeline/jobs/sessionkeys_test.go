package jobs_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"pamsync/pipeline/jobs"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// respelt is a job's surroundings with a vault of two sessions whose list is spelt otherwise; what is said
// goes to the buffer.
func respelt(t *testing.T, pairs ...string) (*jobs.Env, *bytes.Buffer) {
	t.Helper()
	sim := &vaultsim.Vault{}
	for _, user := range []string{"ana", "bob"} {
		sim.AddSession(vaultsim.Session{User: user, Credential: "root", Device: "10.0.0.1:22", Protocol: "ssh", SessionID: user + "1", Start: "2026-07-01 10:00:00"})
	}
	e := envOf(t, sim)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		sim.ServeHTTP(answer, r)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(answer.Code)
		body := answer.Body.String()
		if strings.HasSuffix(r.URL.Path, "/remotesessions") {
			body = strings.NewReplacer(pairs...).Replace(body)
		}
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	said := &bytes.Buffer{}
	e.Config.Vault.URL, e.Stderr, e.Yes = server.URL, said, true
	return e, said
}

// TestADropThatCannotJudgeIsRefused: where no session has the field that --match names, none of them can be
// said not to match.
func TestADropThatCannotJudgeIsRefused(t *testing.T) {
	for _, c := range []struct {
		rule, match, from, to string
		refused               bool
	}{
		{"the field under another name", "user=bob", `"user":`, `"operador":`, true},
		{"the host, of a device under another name", `host=10.0.0.1`, `"device":`, `"alvo":`, true},
		{"the field as an object", "user=bob", `"user":"bob"`, `"user":{"name":"bob"}`, false}, // ana's can be judged
		{"another field under another name", "user=bob", `"device":`, `"alvo":`, false},
		{"in Portuguese", "device=10.0.0.1:22", `"device":`, `"dispositivo":`, false},
	} {
		e, _ := respelt(t, c.from, c.to)
		_, err := jobs.SessionsDrop(context.Background(), e, jobs.BulkOptions{Match: []string{c.match}, Reason: "x", DryRun: true})
		if !c.refused {
			if err != nil {
				t.Errorf("%s: %v", c.rule, err)
			}
			continue
		}
		field, _, _ := strings.Cut(c.match, "=")
		fault := wantFault(t, err, schemas.ClassInput, "match_lacks")
		if fault.Problem.Args["column"] != field || !strings.Contains(c.to, fault.Problem.Args["keys"]) || fault.Problem.Args["keys"] == "" {
			t.Errorf("%s: %+v", c.rule, fault.Problem)
		}
	}
}

// TestAnExportNamesTheKeysThatItMissesAndLeavesAside: a key that the vault renamed would be an empty column,
// and one that it added would be gone, in silence.
func TestAnExportNamesTheKeysThatItMissesAndLeavesAside(t *testing.T) {
	for _, c := range []struct {
		rule     string
		from, to string
		warns    []string // nil for nothing
		user     string
	}{
		{"as it is documented", "", "", nil, "ana"},
		{"in Portuguese", `"credential":`, `"credencial":`, nil, "ana"},
		{"the user in Portuguese", `"user":`, `"usuario":`, nil, "ana"},
		{"a renamed key", `"user":`, `"operador":`, []string{"no session in the vault's list has user:", "keys that are not known: operador;"}, ""},
		{"a key in some records alone", `"user":"ana"`, `"user":"ana","risk":7`, []string{"keys that are not known: risk;"}, "ana"},
		{"a value of another kind", `"user":"ana"`, `"user":{"name":"ana"}`, nil, `{"name":"ana"}`},
	} {
		e, said := respelt(t, c.from, c.to)
		if c.from == "" {
			e, said = respelt(t)
		}
		rows, err := exported(t, e, jobs.ExportOptions{})
		if err != nil || len(rows) != 2 || rows[0]["user"] != c.user {
			t.Errorf("%s: %v %v", c.rule, rows, err)
		}
		for _, want := range c.warns {
			if !strings.Contains(said.String(), want) {
				t.Errorf("%s: %q is not said in\n%s", c.rule, want, said)
			}
		}
		if c.warns == nil && strings.Contains(said.String(), "vault's list") {
			t.Errorf("%s: %s", c.rule, said)
		}
	}
}

// TestAnExportNoticesAShapeThatDoctorKnew in another form.
func TestAnExportNoticesAShapeThatDoctorKnew(t *testing.T) {
	e, said := respelt(t, `"user":"ana"`, `"user":7`)
	folder := filepath.Join(e.Config.State, strings.NewReplacer("://", "-", ":", "-").Replace(e.Config.Vault.URL))
	save(t, filepath.Join(folder, "shapes.json"), `{"format":"pamsync-shapes","version":1,"vault":"v","since":"","lists":{"sessions":{"record":{"user":"string"}}}}`)
	if _, err := exported(t, e, jobs.ExportOptions{}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(said.String(), "user") || !strings.Contains(said.String(), "number") {
		t.Errorf("nothing is said of it: %s", said)
	}
}

// TestAnExportOfOpenSessionsKeepsWhatMayBeOpen: an end that is no time says of no session that it has ended.
func TestAnExportOfOpenSessionsKeepsWhatMayBeOpen(t *testing.T) {
	for end, want := range map[string]int{"null": 2, `"-"`: 2, `false`: 2, `"0000-00-00 00:00:00"`: 2, `"2026-07-01 11:00:00"`: 0} {
		e, _ := respelt(t, `"end":null`, `"end":`+end)
		if rows, err := exported(t, e, jobs.ExportOptions{Open: true}); err != nil || len(rows) != want {
			t.Errorf("%s: %v %v, wanted %d", end, rows, err, want)
		}
	}
}
