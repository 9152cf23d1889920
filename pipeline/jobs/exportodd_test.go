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

// oddList is a vault whose list of sessions a test writes, and its increments.
type oddList struct {
	t      *testing.T
	e      *jobs.Env
	folder string
	list   string
	n      int
}

func newOddList(t *testing.T) *oddList {
	sim, o := &vaultsim.Vault{}, &oddList{t: t, folder: t.TempDir()}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.URL.Path, "remotesessions") {
			sim.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"response":{"status":200,"message":"","error":false},"remote_sessions":[%s]}`, o.list)
	}))
	t.Cleanup(server.Close)
	o.e = envOf(t, sim)
	o.e.Config.Vault.URL = server.URL
	return o
}

// sessions are what the vault lists from now on: id, user, session_id, end.
func (o *oddList) sessions(all ...[4]string) {
	var rows []string
	for _, s := range all {
		rows = append(rows, fmt.Sprintf(`{"id":%q,"user":%q,"session_id":%q,"start":"2024-05-06 16:05:07","end":%q,"time":"","device":"srv-01:22","credential":"root","protocol":"ssh","proxy":"","origin_ip":"","prevent_purge":"","request":"","ITSM":""}`, s[0], s[1], s[2], s[3]))
	}
	o.list = strings.Join(rows, ",")
}

// export gives revision and supersedes by user.
func (o *oddList) export() map[string][2]string {
	o.n++
	path := filepath.Join(o.folder, fmt.Sprint(o.n, ".csv"))
	if _, err := jobs.Export(context.Background(), o.e, jobs.ExportOptions{What: "sessions", SinceLast: true, Out: path}); err != nil {
		o.t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(load(o.t, path))).ReadAll()
	if err != nil {
		o.t.Fatal(err)
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

// hashes are those of the rows of the last export.
func (o *oddList) hashes() (all []string) {
	for line := range strings.Lines(load(o.t, filepath.Join(o.folder, fmt.Sprint(o.n, ".csv.rows")))) {
		_, hash, _ := strings.Cut(strings.TrimSpace(line), "\t")
		all = append(all, hash)
	}
	return all
}

// hasEnded is an end.
const hasEnded = "2024-05-06 17:05:07"

// TestIncrementsTellSessionsOfOneID: sessions whose id comes twice, or is no plain number, are given once, and once
// more when they end, each behind its own first row; and they are missed where they are purged.
func TestIncrementsTellSessionsOfOneID(t *testing.T) {
	o := newOddList(t)
	o.sessions([4]string{"2", "ana", "a1", ""}, [4]string{"2", "bob", "b1", ""}, [4]string{"", "eve", "e1", ""}, [4]string{"007", "kim", "k1", hasEnded}, [4]string{"7", "sue", "s1", hasEnded})
	if got := o.export(); len(got) != 5 {
		t.Fatalf("first: %v", got)
	}
	first := o.hashes()
	o.sessions([4]string{"2", "ana", "a1", hasEnded}, [4]string{"2", "bob", "b1", hasEnded}, [4]string{"", "eve", "e1", ""}, [4]string{"007", "kim", "k1", hasEnded}, [4]string{"7", "sue", "s1", hasEnded}, [4]string{"7", "new", "n1", hasEnded})
	got := o.export()
	if len(got) != 3 || got["ana"] != [2]string{"2", first[0]} || got["bob"] != [2]string{"2", first[1]} || got["new"] != [2]string{"1", ""} {
		t.Fatalf("second: %v behind %v", got, first)
	}
	if got := o.export(); len(got) != 0 {
		t.Errorf("third: %v", got)
	}
	o.sessions([4]string{"2", "ana", "a1", hasEnded}, [4]string{"7", "sue", "s1", hasEnded})
	o.export()
	if certificate := load(t, filepath.Join(o.folder, "4.csv.manifest.json")); !strings.Contains(certificate, `"purged": 4`) { // bob, eve, kim, new
		t.Error(certificate)
	}
}

// TestIncrementsFollowAnOpenSession: whose session_id comes later, or is shown no more; and one that has another
// session_id under its id is another session, and given.
func TestIncrementsFollowAnOpenSession(t *testing.T) {
	o := newOddList(t)
	o.sessions([4]string{"2", "ana", "", ""}, [4]string{"3", "bob", "b1", ""}, [4]string{"4", "eve", "e1", ""}, [4]string{"5", "kim", "", ""})
	if got := o.export(); len(got) != 4 {
		t.Fatalf("first: %v", got)
	}
	first := o.hashes()
	o.sessions([4]string{"2", "ana", "a1", ""}, [4]string{"3", "bob", "", ""}, [4]string{"4", "sue", "s1", hasEnded}, [4]string{"5", "kim", "k1", hasEnded})
	if got := o.export(); len(got) != 2 || got["sue"] != [2]string{"1", ""} || got["kim"] != [2]string{"2", first[3]} {
		t.Fatalf("second: %v behind %v", got, first)
	}
	o.sessions([4]string{"2", "ana", "a1", hasEnded}, [4]string{"3", "bob", "b1", hasEnded}, [4]string{"4", "eve", "e1", hasEnded}, [4]string{"4", "sue", "s1", hasEnded}, [4]string{"5", "kim", "k1", hasEnded})
	if got := o.export(); len(got) != 3 || got["ana"] != [2]string{"2", first[0]} || got["bob"] != [2]string{"2", first[1]} || got["eve"] != [2]string{"2", first[2]} {
		t.Fatalf("third: %v behind %v", got, first)
	}
	if got := o.export(); len(got) != 0 {
		t.Errorf("fourth: %v", got)
	}
}
