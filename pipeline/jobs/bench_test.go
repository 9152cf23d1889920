package jobs_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"pamsync/pipeline/vault/vaultsim"
)

// These benchmarks run the built program as a whole process against a simulated vault on
// loopback, and report its wall time and its peak memory. `make bench` prints them.

// built builds the program once for a benchmark or a test of the whole process.
func built(b testing.TB) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "pamsync")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", path, "pamsync")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	return path
}

// TestMain lets this test binary be the small parent of a measured process: on Linux a child
// starts with the peak of whoever forked it, and a benchmark's own is large.
func TestMain(m *testing.M) {
	if os.Getenv("PAMSYNC_MEASURE") == "" {
		os.Exit(m.Run())
	}
	cmd := exec.Command(os.Args[1], os.Args[2:]...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	begun := time.Now()
	err := cmd.Run()
	took := time.Since(begun)
	if usage := reflect.ValueOf(cmd.ProcessState.SysUsage()); usage.Kind() == reflect.Pointer {
		if rss := usage.Elem().FieldByName("Maxrss"); rss.IsValid() {
			fmt.Fprintf(os.Stderr, "\nwall-ns %d\npeak-KiB %d\n", took, rss.Int())
		}
	}
	if err != nil {
		os.Exit(1)
	}
}

// process runs the program and reports its time and peak memory.
func process(b *testing.B, program, folder, url string, args ...string) (stdout, stderr string, took time.Duration) {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(self, append([]string{program}, args...)...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "PAMSYNC_MEASURE=1", "PAMSYNC_URL="+url, "PAMSYNC_CLIENT_ID=client", "PAMSYNC_CLIENT_SECRET=not-a-real-secret", "XDG_CACHE_HOME="+folder, "LANG=C")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	begun := time.Now()
	err = cmd.Run()
	took = time.Since(begun)
	if err != nil {
		b.Fatalf("%v\n%s\n%s", err, tail(out.String()), tail(errs.String()))
	}
	if _, measured, ok := strings.Cut(errs.String(), "\nwall-ns "); ok {
		wall, peak, _ := strings.Cut(strings.TrimSpace(measured), "\npeak-KiB ")
		if kib, err := strconv.Atoi(peak); err == nil {
			b.ReportMetric(float64(kib)/1024, "peak-MiB")
		}
		if ns, err := strconv.ParseInt(wall, 10, 64); err == nil {
			took = time.Duration(ns) // without the start of the parent
		}
	}
	return out.String(), errs.String(), took
}

func tail(s string) string {
	if len(s) > 2000 {
		return s[len(s)-2000:]
	}
	return s
}

func serve(b *testing.B, sim *vaultsim.Vault) string {
	server := httptest.NewServer(sim)
	b.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return server.URL
}

func write(b *testing.B, path, text string) {
	b.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
}

// estate fills a vault with n devices and writes an inventory that differs: 3 % changed, 2 %
// gone, 2 % new.
func estate(b *testing.B, n int) (*vaultsim.Vault, string) {
	sim := &vaultsim.Vault{}
	sites := []string{"LAX", "AWS", "SP-Barueri", "RJ-Centro"}
	models := []string{"CentOS 7", "Windows Server 2019", "Catalyst 2960", "Oracle Linux 8"}
	var csv strings.Builder
	csv.WriteString("hostname,ip,site,model,vendor,type\n")
	row := func(i int, site string) {
		fmt.Fprintf(&csv, "srv-%06d.corp.example,10.%d.%d.%d,%s,%s,Vendor %d,Server\n", i, i>>16&255, i>>8&255, i&255, site, models[i%4], i%40)
	}
	for i := range n {
		sim.AddDevice(vaultsim.Device{Hostname: fmt.Sprintf("srv-%06d.corp.example", i), IP: fmt.Sprintf("10.%d.%d.%d", i>>16&255, i>>8&255, i&255),
			Site: sites[i%4], Model: models[i%4], Vendor: fmt.Sprintf("Vendor %d", i%40), Type: "Server"})
		switch {
		case i%50 == 0: // gone
		case i%33 == 0:
			row(i, "Moved")
		default:
			row(i, sites[i%4])
		}
	}
	for i := n; i < n+n/50; i++ {
		row(i, "LAX")
	}
	folder := b.TempDir()
	write(b, filepath.Join(folder, "d.csv"), csv.String())
	return sim, folder
}

func BenchmarkPlan100k(b *testing.B) {
	program := built(b)
	sim, folder := estate(b, 100_000)
	url := serve(b, sim)
	for b.Loop() {
		_, _, took := process(b, program, folder, url, "plan", "--devices", "d.csv", "--missing", "inactivate",
			"--limit", "inactivate=off", "--limit", "cascade=off", "--rps", "1000", "-q")
		b.ReportMetric(took.Seconds(), "s/plan")
	}
}

// BenchmarkApply2000 applies 2,000 changes with 8 workers at 200 requests a second to a vault
// that takes 20 ms for each: it reports how much of the rate was reached.
func BenchmarkApply2000(b *testing.B) {
	program := built(b)
	for b.Loop() {
		sim := &vaultsim.Vault{Latency: 20 * time.Millisecond}
		url := serve(b, sim)
		folder := b.TempDir()
		var csv strings.Builder
		csv.WriteString("hostname,ip,site,model,vendor,type\n")
		for i := range 2000 {
			fmt.Fprintf(&csv, "srv-%04d,10.0.%d.%d,LAX,m,v,Server\n", i, i>>8, i&255)
		}
		write(b, filepath.Join(folder, "d.csv"), csv.String())
		_, _, took := process(b, program, folder, url, "sync", "--devices", "d.csv", "--yes", "--rps", "200", "--workers", "8", "-q")
		var first, last time.Time
		n := 0
		for _, r := range sim.Log() {
			if r.Method == "POST" && strings.HasSuffix(r.Path, "/pam/device") {
				if n++; n == 1 {
					first = r.At
				}
				last = r.At
			}
		}
		rate := float64(n-1) / last.Sub(first).Seconds()
		b.ReportMetric(rate, "writes/s")
		b.ReportMetric(rate/200*100, "%of-rate")
		b.ReportMetric(took.Seconds(), "s/sync")
	}
}

// BenchmarkExportSessions exports 200,000 and then 2,000,000 sessions: the peak does not grow.
func BenchmarkExportSessions(b *testing.B) {
	program := built(b)
	for _, n := range []int{200_000, 2_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			url := serve(b, &vaultsim.Vault{ManySessions: n})
			folder := b.TempDir()
			for b.Loop() {
				_, _, took := process(b, program, folder, url, "export", "sessions", "-o", "sessions.csv", "-q")
				b.ReportMetric(float64(n)/took.Seconds(), "sessions/s")
			}
			var m struct{ Written int }
			data, err := os.ReadFile(filepath.Join(folder, "sessions.csv.manifest.json"))
			if err != nil || json.Unmarshal(data, &m) != nil || m.Written != n {
				b.Fatalf("%d sessions in the manifest, wanted %d (%v)", m.Written, n, err)
			}
		})
	}
}
