package jobs_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pamsync/pipeline/jobs"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// canaries are values that stand in one field each, and nowhere else.
var canaries = []string{"canaryuser", "198.51.100.77", "canarycred", "canaryhost", "canarysession", "canaryrequest", "canaryitsm",
	"canarydevice", "203.0.113.9", "canarytag", "canaryident", "canaryname", "canaryoperator", "2001:db8::ca"}

func canaryVault() *vaultsim.Vault {
	sim := &vaultsim.Vault{}
	sim.AddDevice(vaultsim.Device{ID: "1", Hostname: "canarydevice-01", IP: "203.0.113.9", Site: "LAX", Model: "m", Vendor: "v", Type: "t", Tags: "owner canarytag"})
	sim.AddCredential(vaultsim.Credential{ID: "5", Identifier: "canaryident-1", Username: "canaryname", Hostname: "canarydevice-01", IP: "203.0.113.9", Type: "Local User"})
	for _, s := range []vaultsim.Session{
		{ID: "11", User: "canaryuser", OriginIP: "198.51.100.77", Credential: "canarycred", Device: "canaryhost-01:22", Protocol: "ssh", Proxy: "Web Proxy", SessionID: "canarysession-1",
			Start: "2024-05-06 16:05:07", End: "2024-05-06 16:07:59", Time: "00:02:52", Request: "canaryrequest-1", ITSM: "canaryitsm-1"},
		{ID: "12", User: "canaryuser", OriginIP: "198.51.100.77", Credential: "canarycred", Device: "[2001:db8::ca]:3389", Protocol: "rdp", Proxy: "RDP Proxy", SessionID: "canarysession-2", Start: "2024-05-07 16:05:07"},
		{ID: "13", User: "canaryuser", OriginIP: "198.51.100.77", Credential: "canarycred", Device: "canaryhost-02", Protocol: "ssh", SessionID: "canarysession-3", Start: "2024-04-30 23:50:00", End: "2024-05-01 00:30:00", Time: "00:40:00"},
	} {
		sim.AddSession(s)
	}
	return sim
}

// everythingIn is what a folder's files hold, workbooks taken apart.
func everythingIn(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		all[path] = string(data)
		if filepath.Ext(path) == ".xlsx" && err == nil {
			all[path] = unzipped(t, data)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func unzipped(t *testing.T, data []byte) string {
	t.Helper()
	book, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, part := range book.File {
		in, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&text, in); err != nil {
			t.Fatal(err)
		}
		in.Close()
	}
	return text.String()
}

// TestNoValueLeaksOutOfAnAnonymisedExport: not into any file of it, whatever its format, and not onto the screen.
func TestNoValueLeaksOutOfAnAnonymisedExport(t *testing.T) {
	e := envOf(t, canaryVault())
	e.Config.Operator = "canaryoperator"
	e.Config.Findings = schemas.FindingsConfig{Configured: true, NoTicket: true, Unfinished: true, Reversed: true, Networks: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, Inventory: true}
	inventory := filepath.Join(t.TempDir(), "d.csv")
	save(t, inventory, "hostname,ip,site,model,vendor,type\nsrv-01,10.0.0.1,LAX,m,v,t\n")
	e.Config.Devices.Sources = []schemas.SourceConfig{{Path: inventory, Name: "d.csv", Format: "csv"}}
	out := filepath.Join(t.TempDir(), "exports")
	screen := &bytes.Buffer{}
	e.Stdout, e.Stderr = screen, screen
	for i, o := range []jobs.ExportOptions{
		{What: "sessions", From: "2024-05-01", Match: []string{"user=canaryuser", `device =~ "canaryhost" or origin_ip == "198.51.100.77"`}, Networks: []string{"198.51.100.77/32"}},
		{What: "sessions", SinceLast: true}, {What: "sessions", SinceLast: true},
		{What: "sessions", Match: []string{"device=canaryhost-01:22", "host=canaryhost-01"}},
		{What: "devices", Match: []string{"hostname=canarydevice-01"}}, {What: "credentials", Match: []string{"username=canaryname", "identifier=canaryident-1"}},
	} {
		o.Out, o.Format, o.Anonymise = filepath.Join(out, fmt.Sprint(i))+"/", "csv,jsonl,xlsx,html", true
		result, err := jobs.Export(context.Background(), e, o)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(screen, "%+v", result.JSON)
	}
	all := everythingIn(t, out)
	for name, text := range everythingIn(t, e.Config.State) {
		all[name] = text
	}
	all["the screen"] = screen.String()
	for name, text := range all {
		for _, canary := range canaries {
			if at := strings.Index(strings.ToLower(text), canary); at >= 0 {
				t.Errorf("%s holds %s: …%s…", name, canary, text[max(0, at-40):min(len(text), at+60)])
			}
		}
	}
	// It is not empty either: the rows are there, with what is kept of them.
	for _, want := range []struct{ file, pattern string }{
		{"0/sessions.csv", `(?m)^11,user-[0-9a-f]{16},ip-[0-9a-f]{16},account-[0-9a-f]{16},host-[0-9a-f]{16}:22,ssh,Web Proxy,session-[0-9a-f]{20},2024-05-06 16:05:07,`},
		{"0/sessions.csv", `(?m)^12,.*,ip-[0-9a-f]{16}:3389,rdp,`}, {"0/findings.csv", `other_network,from ip-[0-9a-f]{16},user-`},
		{"0/findings.csv", `unknown_target,host-[0-9a-f]{16},`}, {"0/manifest.json", `"user=user-[0-9a-f]{16}"`}, {"0/manifest.json", `"device, origin_ip: filter-[0-9a-f]{20}"`},
		{"0/manifest.json", `"network-[0-9a-f]{20}"`}, {"0/manifest.json", `"key_check": "key-[0-9a-f]{20}"`}, {"0/manifest.json", `"by_operator": "user-[0-9a-f]{16}"`},
		{"0/sessions.html", `"boundary":\[\["13","user-`}, {"1/sessions.csv", `(?m)^13,`}, {"2/manifest.json", `"written": 0`},
		{"3/manifest.json", `"device=host-[0-9a-f]{16}:22"`}, {"3/sessions.csv", `(?m)^11,`},
		{"4/devices.csv", `(?m)^1,host-[0-9a-f]{16},ip-[0-9a-f]{16},m,t,v,LAX,tags-[0-9a-f]{20}`}, {"5/credentials.csv", `(?m)^5,identifier-[0-9a-f]{20},account-[0-9a-f]{16},`},
	} {
		if text := all[filepath.Join(out, want.file)]; !regexp.MustCompile(want.pattern).MatchString(text) {
			t.Errorf("%s has no %s:\n%.600s", want.file, want.pattern, text)
		}
	}
	if verified, err := jobs.Verify(e, out, jobs.VerifyOptions{}); err != nil || verified.Exit != 0 {
		t.Errorf("%d, %v\n%s", verified.Exit, err, screen)
	}
}

// TestPseudonymsOfOneKey are the same in every export, and join the lists; another key has others.
func TestPseudonymsOfOneKey(t *testing.T) {
	e := envOf(t, canaryVault())
	e.Config.Export.AnonymiseKeyFile = filepath.Join(t.TempDir(), "key")
	save(t, e.Config.Export.AnonymiseKeyFile, strings.Repeat("k", 32)+"\n")
	if err := os.Chmod(e.Config.Export.AnonymiseKeyFile, 0o600); err != nil {
		t.Fatal(err)
	}
	first, err := exported(t, e, jobs.ExportOptions{Anonymise: true})
	if err != nil {
		t.Fatal(err)
	}
	again, err := exported(t, e, jobs.ExportOptions{Anonymise: true, Match: []string{"user=canaryuser"}})
	if err != nil || fmt.Sprint(first) != fmt.Sprint(again) {
		t.Errorf("%v\n%v\n%v", err, first, again)
	}
	if first[0]["user"] != first[1]["user"] || first[0]["device"] == first[2]["device"] || first[2]["host"] != first[2]["device"] || first[1]["request"] != "" {
		t.Error(first)
	}
	if first[0]["host"]+":22" != first[0]["device"] || first[0]["id"] != "11" || first[0]["start_utc"] != "2024-05-06T19:05:07Z" || first[0]["duration_s"] != "172" {
		t.Error(first[0])
	}
	save(t, e.Config.Export.AnonymiseKeyFile, strings.Repeat("x", 32)+"\n")
	other, err := exported(t, e, jobs.ExportOptions{Anonymise: true})
	if err != nil || other[0]["user"] == first[0]["user"] {
		t.Errorf("%v %v", err, other)
	}
	for text, code := range map[string]string{"short\n": "anonymise_key_short", "": "anonymise_key_file", "two\nlines\n": "anonymise_key_file"} {
		save(t, e.Config.Export.AnonymiseKeyFile, text)
		_, err := exported(t, e, jobs.ExportOptions{Anonymise: true})
		wantFault(t, err, schemas.ClassConfig, code)
	}
}

// TestTheKeyOfAnInstallation is made once, for its owner alone.
func TestTheKeyOfAnInstallation(t *testing.T) {
	e := envOf(t, canaryVault())
	first, err := exported(t, e, jobs.ExportOptions{Anonymise: true})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(e.Config.State, "anonymise.key")
	key, err := os.ReadFile(path)
	if err != nil || len(key) != 65 {
		t.Fatalf("%q, %v", key, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	again, err := exported(t, e, jobs.ExportOptions{Anonymise: true})
	if err != nil || fmt.Sprint(first) != fmt.Sprint(again) {
		t.Errorf("%v: other pseudonyms than before", err)
	}
	left, err := os.ReadDir(e.Config.State)
	if err != nil || len(left) != 1 {
		t.Errorf("%v, %v", left, err)
	}
}
