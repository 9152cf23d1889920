package jobs_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"pamsync/pipeline/jobs"
	"pamsync/pipeline/vault/vaultsim"
)

// TestIncrementsTellSessionsOfOneID: sessions whose id comes twice, or is no plain number, are given once, and once
// more when they end, each behind its own first row; and they are missed where they are purged.
func TestIncrementsTellSessionsOfOneID(t *testing.T) {
	sim, list := &vaultsim.Vault{}, ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.URL.Path, "remotesessions") {
			sim.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"response":{"status":200,"message":"","error":false},"remote_sessions":[%s]}`, list)
	}))
	defer server.Close()
	e, folder := envOf(t, sim), t.TempDir()
	e.Config.Vault.URL = server.URL
	sessions := func(all ...[4]string) { // id, user, session_id, end
		var rows []string
		for _, s := range all {
			rows = append(rows, fmt.Sprintf(`{"id":%q,"user":%q,"session_id":%q,"start":"2024-05-06 16:05:07","end":%q,"time":"","device":"srv-01:22","credential":"root","protocol":"ssh","proxy":"","origin_ip":"","prevent_purge":"","request":"","ITSM":""}`, s[0], s[1], s[2], s[3]))
		}
		list = strings.Join(rows, ",")
	}
	n := 0
	export := func() map[string][2]string { // by user: revision, supersedes
		n++
		path := filepath.Join(folder, fmt.Sprint(n, ".csv"))
		if _, err := jobs.Export(context.Background(), e, jobs.ExportOptions{What: "sessions", SinceLast: true, Out: path}); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(load(t, path))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		given, at := map[string][2]string{}, map[string]int{}
		for i, name := range rows[0] {
			at[name] = i
		}
		for _, row := range rows[1:] {
			given[row[at["user"]]] = [2]string{row[at["revision"]], row[at["supersedes"]]}
		}
		return given
	}
	const ended = "2024-05-06 17:05:07"
	hashes := func() (all []string) {
		for line := range strings.Lines(load(t, filepath.Join(folder, fmt.Sprint(n, ".csv.rows")))) {
			_, hash, _ := strings.Cut(strings.TrimSpace(line), "\t")
			all = append(all, hash)
		}
		return all
	}
	sessions([4]string{"2", "ana", "a1", ""}, [4]string{"2", "bob", "b1", ""}, [4]string{"", "eve", "e1", ""}, [4]string{"007", "kim", "k1", ended}, [4]string{"7", "sue", "s1", ended})
	if got := export(); len(got) != 5 {
		t.Fatalf("first: %v", got)
	}
	first := hashes()
	sessions([4]string{"2", "ana", "a1", ended}, [4]string{"2", "bob", "b1", ended}, [4]string{"", "eve", "e1", ""}, [4]string{"007", "kim", "k1", ended}, [4]string{"7", "sue", "s1", ended}, [4]string{"7", "new", "n1", ended})
	got := export()
	if len(got) != 3 || got["ana"] != [2]string{"2", first[0]} || got["bob"] != [2]string{"2", first[1]} || got["new"] != [2]string{"1", ""} {
		t.Fatalf("second: %v behind %v", got, first)
	}
	if got := export(); len(got) != 0 {
		t.Errorf("third: %v", got)
	}
	sessions([4]string{"2", "ana", "a1", ended}, [4]string{"7", "sue", "s1", ended})
	export()
	if certificate := load(t, filepath.Join(folder, "4.csv.manifest.json")); !strings.Contains(certificate, `"purged": 4`) { // bob, eve, kim, new
		t.Error(certificate)
	}
}
