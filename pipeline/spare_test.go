package pipeline_test

import (
	"context"
	"testing"
	"time"

	"pamsync/pipeline"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// TestSessionsAreReadAgainBeforeWhatGoes: where the writes before it took long, the list of sessions
// that was read at the start is too old to take anything away by; where they did not, it is good.
func TestSessionsAreReadAgainBeforeWhatGoes(t *testing.T) {
	for _, c := range []struct {
		rule    string
		write   time.Duration
		reads   int
		skipped bool
	}{
		{"a quick run reads once", time.Second, 1, false},
		{"a long one reads again, and sees who came", 2 * time.Minute, 2, true},
	} {
		t.Run(c.rule, func(t *testing.T) {
			sim := &vaultsim.Vault{}
			sim.AddDevice(vaultsim.Device{Hostname: "srv-01", IP: "10.0.0.1", Site: "LAX", Model: "CentOS 7", Vendor: "CentOS", Type: "Server"})
			sim.AddDevice(vaultsim.Device{Hostname: "old-02", IP: "10.0.0.2", Site: "LAX", Model: "CentOS 7", Vendor: "CentOS", Type: "Server"})
			w := newWorld(t, sim)
			plan := w.plan(w.inventory([]schemas.Values{device("srv-01", "10.0.0.1", "AWS")}, nil))
			now, reads, journal := time.Now(), 0, &tape{left: -1}
			run := &pipeline.Run{Plan: plan, Vault: w.client.Reader(), Journal: journal.append, Memory: w.memory, Policy: w.policy, Workers: 1,
				Now:   func() time.Time { return now },
				Sleep: func(context.Context, time.Duration) error { return nil },
				Send: func(ctx context.Context, call schemas.Call) schemas.Answer {
					now = now.Add(c.write)
					return w.client.Writer().Do(ctx, call)
				},
				Usage: func(_ context.Context, at time.Time) *pipeline.Usage {
					u := pipeline.NewUsage(at.AddDate(0, 0, -7), time.UTC, w.policy.Devices.Normalize)
					if reads++; reads > 1 {
						u.Add(&schemas.Session{User: "ana", Protocol: "SSH", Credential: "root@old-02", Device: "10.0.0.2:22", Start: "2026-11-21 20:00:00"})
					}
					return u
				}}
			if err := run.Apply(context.Background()); err != nil {
				t.Fatal(err)
			}
			results := pipeline.Replay(plan, journal.past())
			if len(results) != 2 || reads != c.reads || (results[0].Code == "in_use") != c.skipped || pipeline.Wanting(results) {
				t.Errorf("%d readings, %+v", reads, results)
			}
		})
	}
}
