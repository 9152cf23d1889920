package jobs_test

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pamsync/pipeline/vault/vaultsim"
)

// BenchmarkExportMillion exports a million sessions, about 330 MB of JSON over loopback HTTP, with certificate
// and row hashes; in turn with it, encoding/json streams the same answer to a CSV, and so does jq where it is
// installed and PAMSYNC_PEERS asks for it.
func BenchmarkExportMillion(b *testing.B) {
	program := built(b)
	folder := b.TempDir()
	answer := filepath.Join(folder, "answer.json")
	writeSessions(b, answer, 1_000_000)
	url := serveSessions(b, answer)
	var ours, std, jq time.Duration
	for b.Loop() {
		_, _, took := process(b, program, folder, url, "export", "sessions", "-o", "sessions.csv", "-q")
		ours += took
		std += plainSessions(b, answer, filepath.Join(folder, "plain.csv"))
		if os.Getenv("PAMSYNC_PEERS") != "" {
			jq += jqSessions(b, answer, filepath.Join(folder, "jq.csv"))
		}
		for _, left := range []string{"plain.csv", "jq.csv"} { // else we would wait for the peers' bytes at our sync
			settleFile(b, filepath.Join(folder, left))
		}
	}
	if info, err := os.Stat(answer); err == nil {
		b.ReportMetric(float64(info.Size())/1e6, "MB-json")
	}
	b.ReportMetric(ours.Seconds()/float64(b.N), "s/ours")
	b.ReportMetric(std.Seconds()/float64(b.N), "s/encoding-json")
	b.ReportMetric(std.Seconds()/ours.Seconds(), "times-json")
	if jq > 0 {
		b.ReportMetric(jq.Seconds()/float64(b.N), "s/jq")
		b.ReportMetric(jq.Seconds()/ours.Seconds(), "times-jq")
	}
}

// BenchmarkExportMillionWorkbook exports the same to a workbook with charts.
func BenchmarkExportMillionWorkbook(b *testing.B) {
	program := built(b)
	folder := b.TempDir()
	answer := filepath.Join(folder, "answer.json")
	writeSessions(b, answer, 1_000_000)
	url := serveSessions(b, answer)
	for b.Loop() {
		_, _, took := process(b, program, folder, url, "export", "sessions", "-o", "sessions.xlsx", "-q")
		b.ReportMetric(took.Seconds(), "s/export")
	}
}

func settleFile(b *testing.B, path string) {
	b.Helper()
	file, err := os.Open(path)
	if os.IsNotExist(err) {
		return
	}
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	if err := file.Sync(); err != nil {
		b.Fatal(err)
	}
}

func writeSessions(b *testing.B, path string, n int) {
	b.Helper()
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	w := bufio.NewWriterSize(file, 1<<20)
	fmt.Fprint(w, `{"code":200,"response":{"status":200,"message":"","error":false,"error_code":0},"tenant":"bench","remote_sessions":[`)
	users := []string{`ana.silva`, `in\u00eas.rocha`, `jo\u00e3o.melo`, `karen.pereira`, `lucas.alves`, `Admin`, `f\u00e1bio.dias`, `svc-backup`}
	reasons := []string{`"Monthly patching"`, `"Incident follow-up, see notes"`, `"Investigating \"disk full\" alert"`, `"Rotina de backup \/ verifica\u00e7\u00e3o"`, `"Change window:\nrestart"`}
	i := 0
	for s := range vaultsim.Sessions(n) {
		if i++; i > 1 {
			fmt.Fprint(w, ",")
		}
		end, length, request, ticket := "null", "null", "null", "null"
		if s.End != "" {
			end, length = `"`+s.End+`"`, `"`+s.Time+`"`
		}
		if i%5 == 0 {
			request = reasons[i/5%len(reasons)]
		}
		if i%6 == 0 {
			ticket = fmt.Sprintf(`"CHG%07d"`, i)
		}
		fmt.Fprintf(w, `{"id":"%s","user":"%s","origin_ip":"%s","credential":"%s","device":"%s","protocol":"%s","proxy":"%s","session_id":"%s","start":"%s","end":%s,"time":%s,"prevent_purge":"No","request":%s,"ITSM":%s}`,
			s.ID, users[i%len(users)], s.OriginIP, s.Credential, s.Device, s.Protocol, s.Proxy, s.SessionID, s.Start, end, length, request, ticket)
	}
	fmt.Fprint(w, "]}")
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
}

func serveSessions(b *testing.B, path string) string {
	b.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch {
		case strings.HasSuffix(r.URL.Path, "/oauth2/token"):
			fmt.Fprint(w, `{"token_type":"Bearer","expires_in":3600,"access_token":"invented"}`)
		case strings.HasSuffix(r.URL.Path, "/remotesessions"):
			http.ServeFile(w, r, path)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	b.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return server.URL
}

// plainSessions is what a plain program does: a streaming decoder of encoding/json, and encoding/csv.
func plainSessions(b *testing.B, answer, out string) time.Duration {
	b.Helper()
	begun := time.Now()
	in, err := os.Open(answer)
	if err != nil {
		b.Fatal(err)
	}
	defer in.Close()
	file, err := os.Create(out)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	w := csv.NewWriter(file)
	dec := json.NewDecoder(in)
	for {
		token, err := dec.Token()
		if err != nil {
			b.Fatal(err)
		}
		if token == "remote_sessions" {
			break
		}
	}
	if _, err := dec.Token(); err != nil {
		b.Fatal(err)
	}
	n := 0
	for dec.More() {
		var s struct {
			ID           string  `json:"id"`
			User         string  `json:"user"`
			OriginIP     string  `json:"origin_ip"`
			Credential   string  `json:"credential"`
			Device       string  `json:"device"`
			Protocol     string  `json:"protocol"`
			Proxy        string  `json:"proxy"`
			SessionID    string  `json:"session_id"`
			Start        string  `json:"start"`
			End          *string `json:"end"`
			Time         *string `json:"time"`
			PreventPurge string  `json:"prevent_purge"`
			Request      *string `json:"request"`
			ITSM         *string `json:"ITSM"`
		}
		if err := dec.Decode(&s); err != nil {
			b.Fatal(err)
		}
		text := func(p *string) string {
			if p == nil {
				return ""
			}
			return *p
		}
		n++
		if err := w.Write([]string{s.ID, s.User, s.OriginIP, s.Credential, s.Device, s.Protocol, s.Proxy, s.SessionID, s.Start, text(s.End), text(s.Time), s.PreventPurge, text(s.Request), text(s.ITSM)}); err != nil {
			b.Fatal(err)
		}
	}
	w.Flush()
	if w.Error() != nil || n != 1_000_000 {
		b.Fatal(n, w.Error())
	}
	return time.Since(begun)
}

func jqSessions(b *testing.B, answer, out string) time.Duration {
	b.Helper()
	file, err := os.Create(out)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	begun := time.Now()
	cmd := exec.Command("jq", "-r", "(.remote_sessions[] | [.id,.user,.origin_ip,.credential,.device,.protocol,.proxy,.session_id,.start,.end,.time,.prevent_purge,.request,.ITSM]) | @csv", answer)
	cmd.Stdout = file
	if err := cmd.Run(); err != nil {
		b.Fatal(err)
	}
	return time.Since(begun)
}
