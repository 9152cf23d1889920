package jobs_test

import (
	"bytes"
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pamsync/pipeline/jobs"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
	"pamsync/schemas/words"
)

// TestAnInterruptedRehearsalLeavesNothing: Ctrl-C ends it, 130, wherever it is.
func TestAnInterruptedRehearsalLeavesNothing(t *testing.T) {
	t.Chdir(t.TempDir())
	ctx, stop := context.WithCancelCause(t.Context())
	v := &vaultsim.Vault{}
	v.AddDevice(vaultsim.Device{Hostname: "srv-01", IP: "10.0.0.1", Site: "LAX", Model: "m", Vendor: "v", Type: "t"})
	server := httptest.NewServer(v)
	defer server.Close()
	save(t, "d.csv", "hostname,ip,site,model,vendor,type\nsrv-02,10.0.0.2,LAX,m,v,t\n")
	config := schemas.DefaultConfig()
	config.Vault.URL, config.Vault.ClientID, config.Vault.ClientSecret, config.Vault.RPS = server.URL, "client", schemas.NewSecret("not-a-real-secret"), 10000
	config.Devices.Sources = []schemas.SourceConfig{{Name: "d.csv", Path: "d.csv"}}
	config.State, config.Reports = "state", "reports"
	var out, errs bytes.Buffer
	e := &jobs.Env{Config: &config, Lang: words.English, Stdout: &out, Stderr: &errs, Now: time.Now, CSVFor: "machine", LockFolder: t.TempDir()}
	if _, err := jobs.Plan(ctx, e, jobs.PlanOptions{Out: "plan.jsonl"}); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	stop(jobs.Interrupted{Signal: 2})
	outcome, err := jobs.Rehearse(ctx, e, "plan.jsonl", jobs.RehearseOptions{Out: "rehearsed.csv"})
	if err != nil || outcome.Exit != 130 || outcome.Verdict != "verdict_rehearsed_130" || out.Len() > 0 {
		t.Errorf("%+v, %v\n%s%s", outcome, err, out.String(), errs.String())
	}
	for _, path := range []string{"rehearsed.csv", "state"} {
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s is there", path)
		}
	}
	if runs, err := filepath.Glob("reports/*/journal.jsonl"); err != nil || len(runs) > 0 {
		t.Error(runs, err)
	}
}
