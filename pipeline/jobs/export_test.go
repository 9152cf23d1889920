package jobs_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pamsync/pipeline/jobs"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
)

// envOf is what a job works in, against a simulated vault.
func envOf(t testing.TB, sim *vaultsim.Vault) *jobs.Env {
	t.Helper()
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	c := schemas.DefaultConfig()
	c.Vault.URL, c.Vault.ClientID, c.Vault.ClientSecret = server.URL, "client", schemas.NewSecret("not-a-real-secret")
	c.Vault.RPS, c.Vault.Burst = 100_000, 1000
	folder := t.TempDir()
	c.State, c.Reports = filepath.Join(folder, "state"), filepath.Join(folder, "reports")
	return &jobs.Env{Config: &c, Version: "test", Lang: words.English, Stdin: strings.NewReader(""), Stdout: &bytes.Buffer{}, Stderr: &bytes.Buffer{},
		LockFolder: filepath.Join(folder, "locks"), Now: func() time.Time { return time.Date(2026, 11, 2, 15, 4, 5, 0, time.UTC) }}
}

// exported runs an export of sessions and gives its cells, by column.
func exported(t *testing.T, e *jobs.Env, o jobs.ExportOptions) ([]map[string]string, error) {
	t.Helper()
	o.What, o.Out = "sessions", "-"
	out := &bytes.Buffer{}
	e.Stdout = out
	if _, err := jobs.Export(context.Background(), e, o); err != nil {
		return nil, err
	}
	lines, err := csv.NewReader(out).ReadAll()
	if err != nil || len(lines) == 0 {
		t.Fatal(lines, err)
	}
	list := []map[string]string{}
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, name := range lines[0] {
			row[name] = line[i]
		}
		list = append(list, row)
	}
	return list, nil
}

func idsOf(rows []map[string]string) string {
	var ids []string
	for _, row := range rows {
		ids = append(ids, row["id"])
	}
	return strings.Join(ids, " ")
}

func TestThePeriodOfAnExport(t *testing.T) {
	sim := &vaultsim.Vault{}
	for _, s := range []vaultsim.Session{
		{ID: "1", Start: "2024-03-01 00:00:00", End: "2024-03-01 00:10:00", Time: "00:10:00"},
		{ID: "2", Start: "2024-03-01 23:59:59", End: "2024-03-02 00:10:00", Time: "00:10:01"},
		{ID: "3", Start: "2024-03-02 00:00:00", End: "2024-03-02 00:00:01", Time: "00:00:01"},
		{ID: "4", Start: "2024-02-29 23:59:59", End: "2024-03-01 00:00:00", Time: "00:00:01"},
		{ID: "5", Start: "2024-02-20 10:00:00"},
		{ID: "6"}, // nobody can say that it lies outside
		{ID: "7", Start: "2024-03-03 12:00:00"},
	} {
		sim.AddSession(s)
	}
	e := envOf(t, sim)
	for _, c := range []struct{ rule, zone, from, to, by, want string }{
		{"no period is all", "", "", "", "", "1 2 3 4 5 6 7"},
		{"one day is the whole of it", "", "2024-03-01", "2024-03-01", "", "1 2 6"},
		{"two days", "", "2024-02-29", "2024-03-01", "start", "1 2 4 6"},
		{"by end", "", "2024-03-01", "2024-03-01", "end", "1 4"},
		{"by overlap, with what has not ended", "", "2024-03-01", "2024-03-01", "overlap", "1 2 4 5 6"},
		{"what has not ended does not overlap what was before it", "", "2024-02-20", "2024-02-28", "overlap", "5 6"},
		{"nor is it in a period by end", "", "2024-03-03", "", "end", ""},
		{"from alone", "", "2024-03-02", "", "", "3 6 7"},
		{"to alone", "", "", "2024-02-29", "", "4 5 6"},
		{"from to the second is in", "", "2024-03-01 23:59:59", "", "", "2 3 6 7"},
		{"to to the second is in", "", "", "2024-03-01 00:00:00", "", "1 4 5 6"},
		{"a T for the blank", "", "2024-03-01T23:59:59", "2024-03-01T23:59:59", "", "2 6"},
		{"a time with its zone", "", "2024-03-02T02:59:59Z", "2024-03-02T00:00:00-03:00", "", "2 3 6"},
		{"another zone of the vault", "UTC", "2024-03-02T00:00:00Z", "2024-03-01T23:59:59-01:00", "", "3 6"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			e.Config.Vault.Timezone = "America/Sao_Paulo"
			if c.zone != "" {
				e.Config.Vault.Timezone = c.zone
			}
			rows, err := exported(t, e, jobs.ExportOptions{From: c.from, To: c.to, By: c.by})
			if err != nil || idsOf(rows) != c.want {
				t.Errorf("%v: %q, wanted %q", err, idsOf(rows), c.want)
			}
		})
	}
	e.Config.Vault.Timezone = "America/Sao_Paulo"
	for _, c := range []struct {
		o    jobs.ExportOptions
		code string
	}{
		{jobs.ExportOptions{From: "2024-03-02", To: "2024-03-01"}, "period_reversed"},
		{jobs.ExportOptions{From: "yesterday"}, "bad_time"},
		{jobs.ExportOptions{To: "2024-13-01"}, "bad_time"},
		{jobs.ExportOptions{By: "middle"}, "bad_value"},
		{jobs.ExportOptions{Format: "xml"}, "bad_value"},
		{jobs.ExportOptions{Match: []string{"usr=x"}}, "match_field"},
		{jobs.ExportOptions{Match: []string{"user =="}}, "bad_filter"},
	} {
		_, err := exported(t, e, c.o)
		wantFault(t, err, schemas.ClassUsage, c.code)
	}
}

func TestWhenTheClockIsChanged(t *testing.T) {
	sim := &vaultsim.Vault{}
	for _, s := range []vaultsim.Session{
		// 2018-11-04, 00:00 became 01:00: the hour between is not there.
		{ID: "1", Start: "2018-11-03 22:59:59", End: "2018-11-04 01:00:00", Time: "01:00:01"},
		{ID: "2", Start: "2018-11-04 00:30:00"},
		{ID: "3", Start: "2018-11-04 01:00:00"},
		{ID: "4", Start: "2018-11-04 22:59:59"},
		{ID: "5", Start: "2018-11-05 00:00:00"},
		// 2018-02-18, 00:00 became 23:00 of the day before: the hour before was there twice.
		{ID: "6", Start: "2018-02-17 22:30:00", End: "2018-02-18 00:30:00", Time: "03:00:00"},
		{ID: "7", Start: "2018-02-17 23:30:00", End: "2018-02-18 00:00:00", Time: "01:30:00"},
		{ID: "8", Start: "2018-02-18 00:00:00"},
	} {
		sim.AddSession(s)
	}
	e := envOf(t, sim)
	for _, c := range []struct{ rule, from, to, want string }{
		{"the day with an hour less", "2018-11-04", "2018-11-04", "2 3 4"},
		{"the day after", "2018-11-05", "2018-11-05", "5"},
		{"the day with an hour more", "2018-02-17", "2018-02-17", "6 7"},
		{"the day after it", "2018-02-18", "2018-02-18", "8"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			rows, err := exported(t, e, jobs.ExportOptions{From: c.from, To: c.to})
			if err != nil || idsOf(rows) != c.want {
				t.Errorf("%v: %q, wanted %q", err, idsOf(rows), c.want)
			}
		})
	}
	rows, err := exported(t, e, jobs.ExportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct{ start, end, duration string }{
		0: {"2018-11-04T01:59:59Z", "2018-11-04T03:00:00Z", "3601"},
		2: {"2018-11-04T03:00:00Z", "", ""},
		3: {"2018-11-05T00:59:59Z", "", ""},
		5: {"2018-02-18T00:30:00Z", "2018-02-18T03:30:00Z", "10800"},
		7: {"2018-02-18T03:00:00Z", "", ""},
	} {
		if want.start != "" && (rows[i]["start_utc"] != want.start || rows[i]["end_utc"] != want.end || rows[i]["duration_s"] != want.duration) {
			t.Errorf("session %s: %v", rows[i]["id"], rows[i])
		}
	}
}

func TestWhatIsDerivedFromASession(t *testing.T) {
	targets := []struct{ device, host, port string }{
		{"10.0.0.1:22", "10.0.0.1", "22"}, {"srv-01.example:3389", "srv-01.example", "3389"}, {"srv-01", "srv-01", ""}, {"", "", ""},
		{"[2001:db8::1]:22", "2001:db8::1", "22"}, {"2001:db8::1", "2001:db8::1", ""}, {"[2001:db8::1]", "2001:db8::1", ""},
		{"srv-01:ssh", "srv-01:ssh", ""}, {"srv-01:70000", "srv-01:70000", ""}, {"srv-01:65535", "srv-01", "65535"},
	}
	times := []struct{ start, end, time, duration string }{
		{"2024-03-01 10:00:00", "2024-03-01 11:00:01", "01:00:01", "3601"},
		{"2024-03-01 10:00:00", "2024-03-05 10:00:00", "96:00:00", "345600"},
		{"2024-03-01 10:00:00", "2024-03-01 10:00:30", "?", "30"},
		{"2024-03-01 10:00:00", "", "", ""},
		{"soon", "2024-03-01 10:00:30", "", ""},
	}
	sim := &vaultsim.Vault{}
	for _, c := range targets {
		sim.AddSession(vaultsim.Session{Device: c.device})
	}
	for _, c := range times {
		sim.AddSession(vaultsim.Session{Start: c.start, End: c.end, Time: c.time})
	}
	rows, err := exported(t, envOf(t, sim), jobs.ExportOptions{})
	if err != nil || len(rows) != len(targets)+len(times) {
		t.Fatal(len(rows), err)
	}
	for i, c := range targets {
		if rows[i]["device"] != c.device || rows[i]["host"] != c.host || rows[i]["port"] != c.port || rows[i]["revision"] != "1" {
			t.Errorf("%q: %q %q", c.device, rows[i]["host"], rows[i]["port"])
		}
	}
	for i, c := range times {
		if row := rows[len(targets)+i]; row["duration_s"] != c.duration || row["start"] != c.start {
			t.Errorf("%v: %v", c, row)
		}
	}
}

func TestAnExportReplacesItsFileOrLeavesIt(t *testing.T) {
	for _, c := range []struct {
		rule  string
		what  string
		spoil func(*vaultsim.Vault)
		class schemas.Class
	}{
		{"the list is cut", "sessions", func(v *vaultsim.Vault) { v.TruncateList = map[string]int{"sessions": 2000} }, ""},
		{"the count announced differs", "devices", func(v *vaultsim.Vault) { v.AnnounceDelta = map[string]int{"devices": 1} }, schemas.ClassGuard},
		{"the list is refused", "sessions", func(v *vaultsim.Vault) { v.RefuseList = map[string]bool{"sessions": true} }, ""},
	} {
		t.Run(c.rule, func(t *testing.T) {
			sim := &vaultsim.Vault{ManySessions: 50}
			c.spoil(sim)
			e := envOf(t, sim)
			out := filepath.Join(t.TempDir(), "out.csv")
			save(t, out, "the old file\n")
			save(t, out+".manifest.json", "its manifest\n")
			_, err := jobs.Export(context.Background(), e, jobs.ExportOptions{What: c.what, Out: out})
			var fault *schemas.Fault
			if !errors.As(err, &fault) || c.class != "" && fault.Class != c.class || fault.Class == schemas.ClassBug {
				t.Errorf("%v", err)
			}
			entries, _ := os.ReadDir(filepath.Dir(out))
			if load(t, out) != "the old file\n" || load(t, out+".manifest.json") != "its manifest\n" || len(entries) != 2 {
				t.Errorf("the old file is touched: %v", entries)
			}
		})
	}
}

func TestTheManifest(t *testing.T) {
	for _, c := range []struct {
		rule string
		sim  *vaultsim.Vault
		o    jobs.ExportOptions
		want schemas.Certificate
		said int // announced; -1 for nothing
	}{
		{"sessions of a period", &vaultsim.Vault{ManySessions: 50}, jobs.ExportOptions{What: "sessions", Out: "s.csv", From: "2024-01-01", To: "2024-01-01 00:10:00", Match: []string{"protocol=ssh"}},
			schemas.Certificate{What: "sessions", File: "s.csv", Format: "csv", Zone: "America/Sao_Paulo", From: "2024-01-01", To: "2024-01-01 00:10:00", Period: "start", Match: []string{"protocol=ssh"}, Read: 50, Written: 3, LeftOut: 47}, -1},
		{"records, in a file of records", &vaultsim.Vault{ManySessions: 2}, jobs.ExportOptions{What: "sessions", Out: "s.jsonl"},
			schemas.Certificate{What: "sessions", File: "s.jsonl", Format: "jsonl", Zone: "America/Sao_Paulo", Period: "start", Read: 2, Written: 2}, -1},
		{"no devices", &vaultsim.Vault{}, jobs.ExportOptions{What: "devices", Out: "d.csv"}, schemas.Certificate{What: "devices", File: "d.csv", Format: "csv"}, 0},
	} {
		t.Run(c.rule, func(t *testing.T) {
			e := envOf(t, c.sim)
			c.o.Out = filepath.Join(t.TempDir(), c.o.Out)
			if out, err := jobs.Export(context.Background(), e, c.o); err != nil || out.Exit != 0 {
				t.Fatal(out, err)
			}
			var got schemas.Certificate
			if err := json.Unmarshal([]byte(load(t, c.o.Out+".manifest.json")), &got); err != nil {
				t.Fatal(err)
			}
			if c.said < 0 != (got.Announced == nil) || got.Announced != nil && *got.Announced != c.said {
				t.Errorf("announced: %v", got.Announced)
			}
			sum, err := sinks.HashFile(c.o.Out)
			got.Announced, got.IDs, got.Totals, got.Files, got.Rows, got.Reasons, got.Answer = nil, schemas.CertifiedIDs{}, nil, nil, nil, nil, schemas.CertifiedFile{}
			if limit := map[bool]string{true: schemas.LimitUnknown, false: schemas.LimitNotReached}[c.said < 0]; got.API != "v1" || got.Limit != limit {
				t.Errorf("API %s, limit %s, not %s", got.API, got.Limit, limit)
			}
			got.Begun, got.By, got.Host, got.Tenant, got.Request, got.CSVFor, got.API, got.Limit, got.Open = "", "", "", "", "", "", "", "", 0
			c.want.Version, c.want.Serial = schemas.CertificateVersion, 1
			c.want.Tool, c.want.Made, c.want.Vault, c.want.Client, c.want.SHA256 = "pamsync test", "2026-11-02T15:04:05Z", e.Config.Vault.URL, "client", sum
			if err != nil || !reflect.DeepEqual(got, c.want) {
				t.Errorf("%+v\nwanted\n%+v", got, c.want)
			}
		})
	}
}

func TestAnAnnouncedCountMayBeOff(t *testing.T) {
	sim := &vaultsim.Vault{AnnounceDelta: map[string]int{"devices": 7}}
	sim.AddDevice(vaultsim.Device{Hostname: "a"})
	e := envOf(t, sim)
	e.Config.Limits.Announced = false
	out := filepath.Join(t.TempDir(), "d.csv")
	if _, err := jobs.Export(context.Background(), e, jobs.ExportOptions{What: "devices", Out: out}); err != nil {
		t.Fatal(err)
	}
	if m := load(t, out+".manifest.json"); !strings.Contains(m, `"announced": 8`) || !strings.Contains(m, `"read": 1`) {
		t.Errorf("%s", m)
	}
}
