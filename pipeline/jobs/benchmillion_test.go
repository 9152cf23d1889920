package jobs_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkPlanMillion plans 10,000 and 1,000,000 CSV rows against a vault's list of as many
// devices, served as a file over loopback, with every guard on: 3 % of the devices have changed,
// 2 % are gone and 2 % new. Where PAMSYNC_PEERS names a folder with the peers' scripts (duck.js,
// duck_plan_ndjson.sql, py_plan.py and their packages), DuckDB and Python plan the same in turn,
// DuckDB from a list that was converted for it beforehand; "xduck" is our time by DuckDB's, medians
// of runs in turn, and "xduck-mem" our peak by its.
func BenchmarkPlanMillion(b *testing.B) {
	program := built(b)
	for _, n := range []int{10_000, 1_000_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			folder := b.TempDir()
			list := writeEstate(b, folder, n)
			url := serveList(b, list)
			peers := os.Getenv("PAMSYNC_PEERS")
			var ours, duck, python []measure
			for b.Loop() {
				ours = append(ours, measured(b, folder, []string{"PAMSYNC_URL=" + url, "PAMSYNC_CLIENT_ID=client", "PAMSYNC_CLIENT_SECRET=not-a-real-secret",
					"XDG_CACHE_HOME=" + folder}, program, "plan", "--devices", "d.csv", "--missing", "inactivate",
					"--limit", "inactivate=off", "--limit", "cascade=off", "--limit", "update=off", "--rps", "1000", "-q"))
				if peers != "" {
					duck = append(duck, measured(b, peers, nil, "node", "duck.js", "duck_plan_ndjson.sql", "csv="+filepath.Join(folder, "d.csv"),
						"vault="+filepath.Join(folder, "vault.ndjson"), "out="+filepath.Join(folder, "duck.csv")))
					python = append(python, measured(b, peers, nil, "python3", "py_plan.py", filepath.Join(folder, "d.csv"), list, filepath.Join(folder, "py.jsonl")))
				}
			}
			m := median(ours)
			b.ReportMetric(m.seconds, "s/plan")
			b.ReportMetric(m.peak, "peak-MiB")
			if peers != "" {
				d, p := median(duck), median(python)
				b.ReportMetric(d.seconds, "duck-s")
				b.ReportMetric(d.peak, "duck-MiB")
				b.ReportMetric(p.seconds, "python-s")
				b.ReportMetric(m.seconds/d.seconds, "xduck")
				b.ReportMetric(m.peak/d.peak, "xduck-mem")
			}
		})
	}
}

// measure is one whole process: its wall time and the most memory that it held.
type measure struct{ seconds, peak float64 }

func median(list []measure) measure {
	by := func(value func(measure) float64) float64 {
		var values []float64
		for _, m := range list {
			values = append(values, value(m))
		}
		slices.Sort(values)
		return values[len(values)/2]
	}
	return measure{by(func(m measure) float64 { return m.seconds }), by(func(m measure) float64 { return m.peak })}
}

// measured runs a command below the small parent that tells its peak (see TestMain). Exit 10, a
// plan that leaves something to people, is a success.
func measured(b *testing.B, folder string, env []string, command ...string) measure {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	if command[0], err = exec.LookPath(command[0]); err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(self, command...)
	cmd.Dir, cmd.Env = folder, append(append(os.Environ(), "PAMSYNC_MEASURE=1", "LANG=C"), env...)
	var errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = io.Discard, &errs
	begun := time.Now()
	err = cmd.Run()
	m := measure{seconds: time.Since(begun).Seconds()}
	_, peak, ok := strings.Cut(errs.String(), "\npeak-KiB ")
	if !ok || err != nil && !strings.Contains(errs.String(), "planned") {
		b.Fatalf("%v: %s", err, tail(errs.String()))
	}
	kib, _ := strconv.Atoi(strings.TrimSpace(peak))
	m.peak = float64(kib) / 1024
	return m
}

// writeEstate writes an inventory, the vault's list that it differs from, and the same list a
// record a line; it returns the path of the list.
func writeEstate(b *testing.B, folder string, n int) string {
	b.Helper()
	csv, list, lines := create(b, folder, "d.csv"), create(b, folder, "devices.json"), create(b, folder, "vault.ndjson")
	sites := []string{"LAX 1", "AWS sa-east-1", "SP-Barueri", "RJ-Centro", "Frankfurt FR5", "Singapore", "Recife", "Lisboa"}
	models := []string{"CentOS 7", "Windows Server 2019", "Catalyst 2960-X", "Oracle Linux 8", `macOS 14 "Sonoma"`, "ESXi 7.0", "PowerEdge R740"}
	vendors := []string{"Red Hat", "Microsoft", "Cisco", "Oracle", "Apple", "VMware", "Dell"}
	domains := []string{"corp.example", "lab.example.net", "dmz.example.com", "prod.example.org"}
	name := func(i int) string { return fmt.Sprintf("srv-%07d.%s", i, domains[i*7%len(domains)]) }
	row := func(i int, site string) {
		fmt.Fprintf(csv, "%s,10.%d.%d.%d,%s,%s,%s,Server\n", name(i), i>>16&255, i>>8&255, i&255, site, csvCell(models[i%7]), vendors[i%7])
	}
	fmt.Fprintln(csv, "hostname,ip,site,model,vendor,type")
	fmt.Fprintf(list, `{"response":{"status":200,"message":"%d devices found","error":false},"devices":[`, n)
	for i := range n {
		// The list is not in the order of the inventory.
		j := int(int64(i) * 7_368_787 % int64(n))
		record := fmt.Sprintf(`{"id":"%d","hostname":"%s","ip":"10.%d.%d.%d","model":%s,"type":"Server","vendor":"%s","site":"%s"}`,
			j+1, name(j), j>>16&255, j>>8&255, j&255, strconv.Quote(models[j%7]), vendors[j%7], sites[j%8])
		if i > 0 {
			fmt.Fprint(list, ",")
		}
		fmt.Fprint(list, record)
		fmt.Fprintln(lines, record)
		switch {
		case i%50 == 0: // gone
		case i%33 == 0:
			row(i, sites[(i+1)%8])
		default:
			row(i, sites[i%8])
		}
	}
	for i := n; i < n+n/50; i++ {
		row(i, sites[0])
	}
	fmt.Fprint(list, "]}")
	for _, f := range []*bufio.Writer{csv, list, lines} {
		if err := f.Flush(); err != nil {
			b.Fatal(err)
		}
	}
	return filepath.Join(folder, "devices.json")
}

// csvCell is a cell of a CSV.
func csvCell(cell string) string {
	if !strings.Contains(cell, `"`) {
		return cell
	}
	return `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
}

func create(b *testing.B, folder, name string) *bufio.Writer {
	b.Helper()
	file, err := os.Create(filepath.Join(folder, name))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { file.Close() })
	return bufio.NewWriterSize(file, 1<<20)
}

// serveList answers as a vault whose list of devices is a file, and whose other lists are empty.
func serveList(b *testing.B, path string) string {
	b.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch {
		case strings.HasSuffix(r.URL.Path, "/oauth2/token"):
			fmt.Fprint(w, `{"token_type":"Bearer","expires_in":3600,"access_token":"invented"}`)
		case strings.HasSuffix(r.URL.Path, "/pam/device"):
			http.ServeFile(w, r, path)
		case strings.HasSuffix(r.URL.Path, "/pam/credential"):
			fmt.Fprint(w, `{"response":{"status":200,"message":"0 credentials found","error":false},"credentials":[]}`)
		case strings.HasSuffix(r.URL.Path, "/remotesessions"):
			fmt.Fprint(w, `{"response":{"status":200,"message":"","error":false},"remote_sessions":[]}`)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	b.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return server.URL
}
