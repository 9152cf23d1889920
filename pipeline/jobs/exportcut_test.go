package jobs_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pamsync/pipeline/jobs"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// TestACutExportToStdoutIsNotEnded: when the list is cut or its count is another one, no seal, no workbook and no
// page makes what was written look whole, and nothing is left of what waited for it.
func TestACutExportToStdoutIsNotEnded(t *testing.T) {
	for rule, c := range map[string]struct {
		what  string
		spoil func(*vaultsim.Vault)
	}{
		"cut":     {"sessions", func(v *vaultsim.Vault) { v.TruncateList = map[string]int{"sessions": 1_000_000} }},
		"another": {"devices", func(v *vaultsim.Vault) { v.AnnounceDelta = map[string]int{"devices": 1} }},
	} {
		for format, end := range map[string]string{"csv": "", "jsonl": `{"seal":`, "xlsx": "PK", "html": "</html>"} {
			t.Run(rule+" "+format, func(t *testing.T) {
				t.Chdir(t.TempDir()) // where what waits for its turn is kept
				sim := &vaultsim.Vault{ManySessions: 6_000}
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

// exportAgain exports into a folder that holds an export, where spoil has changed something; it gives the fault,
// and which files are others than before.
func exportAgain(t *testing.T, folder string, spoil func()) (*schemas.Fault, []string) {
	t.Helper()
	e := evidenceAt(t, 5, folder)
	before := everythingIn(t, folder)
	spoil()
	_, err := jobs.Export(context.Background(), e, jobs.ExportOptions{What: "sessions", Out: folder + "/", Format: "csv,jsonl", Match: []string{"protocol=ssh"}})
	var fault *schemas.Fault
	if !errors.As(err, &fault) {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(filepath.Join(folder, ".pamsync-*")); err != nil || len(left) > 0 {
		t.Errorf("%q are left, %v", left, err)
	}
	var changed []string
	for path, text := range before {
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && load(t, path) != text {
			changed = append(changed, filepath.Base(path))
		}
	}
	return fault, changed
}

// TestAnExportThatCannotBeFinishedReplacesNothing: a disk that is full at the end of one file, of the records or
// of what proves them, leaves the others as they were too.
func TestAnExportThatCannotBeFinishedReplacesNothing(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("no full device")
	}
	for _, name := range []string{"sessions.csv", "sessions.rows", "manifest.json", "SHA256SUMS"} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			path := filepath.Join(folder, name)
			fault, changed := exportAgain(t, folder, func() {
				if err := errors.Join(os.Remove(path), os.Symlink("/dev/full", path)); err != nil {
					t.Fatal(err)
				}
			})
			if fault.Class != schemas.ClassDisk || fault.Problem.Code != "output_failed" || fault.Problem.Args["path"] != "/dev/full" || len(changed) > 0 {
				t.Errorf("%v; changed: %q", fault, changed)
			}
		})
	}
}

// TestAnExportThatTakesSomePlacesOnlySaysWhich: what was replaced and what was not; nothing else is touched.
func TestAnExportThatTakesSomePlacesOnlySaysWhich(t *testing.T) {
	folder := t.TempDir()
	records := filepath.Join(folder, "sessions.jsonl")
	fault, changed := exportAgain(t, folder, func() {
		if err := errors.Join(os.Remove(records), os.MkdirAll(filepath.Join(records, "sub"), 0o700)); err != nil {
			t.Fatal(err)
		}
	})
	args := fault.Problem.Args
	if fault.Class != schemas.ClassDisk || fault.Problem.Code != "outputs_mixed" || args["replaced"] != filepath.Join(folder, "sessions.csv") || args["kept"] != strings.Join([]string{records, filepath.Join(folder, "sessions.rows"), filepath.Join(folder, "manifest.json"), filepath.Join(folder, "SHA256SUMS")}, ", ") {
		t.Errorf("%v", fault)
	}
	if !slices.Equal(changed, []string{"sessions.csv"}) {
		t.Errorf("changed: %q", changed)
	}
}
