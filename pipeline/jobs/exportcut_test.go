package jobs_test

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"pamsync/pipeline/jobs"
	"pamsync/pipeline/vault/vaultsim"
)

// TestACutExportToStdoutIsNotEnded: when the list is cut or its count is another one, no seal, no workbook and no
// page makes what was written look whole, and nothing is left of what waited for it.
func TestACutExportToStdoutIsNotEnded(t *testing.T) {
	for rule, c := range map[string]struct {
		what  string
		spoil func(*vaultsim.Vault)
	}{
		"cut":     {"sessions", func(v *vaultsim.Vault) { v.TruncateList = map[string]int{"sessions": 2_000_000} }},
		"another": {"devices", func(v *vaultsim.Vault) { v.AnnounceDelta = map[string]int{"devices": 1} }},
	} {
		for format, end := range map[string]string{"csv": "", "jsonl": `{"seal":`, "xlsx": "PK", "html": "</html>"} {
			t.Run(rule+" "+format, func(t *testing.T) {
				t.Chdir(t.TempDir()) // where what waits for its turn is kept
				sim := &vaultsim.Vault{ManySessions: 12_000}
				sim.AddDevice(vaultsim.Device{Hostname: "a"})
				c.spoil(sim)
				e, out := envOf(t, sim), &bytes.Buffer{}
				e.Stdout = out
				if _, err := jobs.Export(context.Background(), e, jobs.ExportOptions{What: c.what, Out: "-", Format: format}); err == nil {
					t.Error("no failure is told")
				}
				if end != "" && strings.Contains(out.String(), end) {
					t.Errorf("it ends as if it were whole: %.200q", out.String()[strings.Index(out.String(), end):])
				}
				if entries, err := os.ReadDir("."); err != nil || len(entries) > 0 {
					t.Errorf("%v are left, %v", entries, err)
				}
			})
		}
	}
}
