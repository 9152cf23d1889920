package sinks_test

import (
	"bytes"
	"encoding/csv"
	"io"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pamsync/schemas"
	"pamsync/sinks"
	"pamsync/sources"
)

func TestGuardStopsFormulasAndLeavesNumbers(t *testing.T) {
	for _, c := range []struct{ cell, want string }{
		{"", ""},
		{"srv-01", "srv-01"},
		{"a=b", "a=b"},
		{"=1+1", "'=1+1"},
		{"=", "'="},
		{"+cmd", "'+cmd"},
		{"-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"},
		{"@SUM(A1)", "'@SUM(A1)"},
		{"\t=1", "'\t=1"},
		{"\r=1", "'\r=1"},
		{"'", "''"},
		{"'quoted'", "''quoted'"},
		{"'=1", "''=1"},
		// Plain numbers stay.
		{"12", "12"},
		{"-12", "-12"},
		{"+3.5", "+3.5"},
		{"-0.5", "-0.5"},
		{"+5511999990000", "+5511999990000"},
		// And these are none.
		{"-", "'-"},
		{"+", "'+"},
		{"--1", "'--1"},
		{"+-1", "'+-1"},
		{"-1-1", "'-1-1"},
		{"-1+cmd", "'-1+cmd"},
		{"-1.2.3", "'-1.2.3"},
		{"+10.0.0.1", "'+10.0.0.1"},
		{"-.", "'-."},
		{"-1,5", "'-1,5"},
		{"-1 ", "'-1 "},
		{"=1", "'=1"},
		{"-1e5", "'-1e5"},
		{"-١", "'-١"},
	} {
		if got := sinks.Guard(c.cell); got != c.want {
			t.Errorf("Guard(%q) = %q, wanted %q", c.cell, got, c.want)
		}
	}
}

func TestAGuardedCellIsReadAsItWas(t *testing.T) {
	cells := []string{"plain", "=1+1", "+cmd", "-x", "@here", "'", "'quoted", "''twice", "'=1", "-12", "+3.5", `a,"b"`, "two\nlines", "ação", ";", "a;b;c;d"}
	path := filepath.Join(t.TempDir(), "devices.csv")
	err := sinks.WriteFile(path, func(w io.Writer) error {
		e, err := sinks.NewExport(w, "csv", sinks.ForMachine, schemas.Start{Format: schemas.FormatDevices})
		if err != nil {
			return err
		}
		for _, cell := range cells {
			if err := e.Device(&schemas.Device{ID: "1", Hostname: "h", Site: cell, Vendor: cell}); err != nil {
				return err
			}
		}
		return e.Close()
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := sources.Open(schemas.SourceConfig{Name: "devices.csv", Path: path, Format: "auto"}, sources.Options{Kind: schemas.KindDevice})
	if err != nil || !s.Shape.Export {
		t.Fatal("not recognised as an export", err)
	}
	var got []string
	err = s.Read(func(row *schemas.Row) error {
		if row.Values[schemas.FieldSite] != row.Values[schemas.FieldVendor] || len(row.Problems) > 0 {
			t.Errorf("row %d: %q %v", row.Number, row.Values, row.Problems)
		}
		got = append(got, strings.Clone(row.Values[schemas.FieldSite]))
		return nil
	})
	if err != nil || !reflect.DeepEqual(got, cells) {
		t.Errorf("%q, %v; wanted %q", got, err, cells)
	}
}

const resultHeader = "kind,action,key,status,vault_id,source,row,code,message,attempts\n"

func TestResultCSV(t *testing.T) {
	for _, c := range []struct {
		rule    string
		results []schemas.Result
		want    string
	}{
		{"no results: the header stands alone", nil, resultHeader},
		{"a change, its id apart", []schemas.Result{{Change: "abc", Kind: schemas.KindDevice, Action: schemas.ActionCreate, Key: "srv-01", Status: schemas.StatusDone,
			VaultID: "7", Source: "d.csv", Row: "2;5", Attempts: 1}}, resultHeader + "device,create,srv-01,done,7,d.csv,2;5,,,1\n"},
		{"a hold and a rejected row", []schemas.Result{
			{Kind: schemas.KindCredential, Action: schemas.ActionHold, Key: "root@srv-01", Status: schemas.StatusHeld, Source: "c.csv", Row: "3", Code: "ip_mismatch", Message: "the row says 10.0.0.1, not \"10.0.0.2\""},
			{Kind: schemas.KindCredential, Action: schemas.ActionReject, Status: schemas.StatusRejected, Source: "c.csv", Row: "4", Code: "no_username", Message: "the username is empty"},
		}, resultHeader + "credential,hold,root@srv-01,held,,c.csv,3,ip_mismatch,\"the row says 10.0.0.1, not \"\"10.0.0.2\"\"\",0\n" +
			"credential,reject,,rejected,,c.csv,4,no_username,the username is empty,0\n"},
		{"cells from outside are no formulas", []schemas.Result{{Kind: schemas.KindDevice, Action: schemas.ActionUpdate, Key: "=cmd", Status: schemas.StatusFailed,
			VaultID: "-1", Source: "@d.csv", Row: "2", Code: "1011", Message: "+x\ny", Attempts: 2}},
			resultHeader + "device,update,'=cmd,failed,-1,'@d.csv,2,1011,\"'+x\ny\",2\n"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			var b bytes.Buffer
			if err := sinks.ResultCSV(&b, c.results, sinks.ForMachine); err != nil || b.String() != c.want {
				t.Errorf("%v\n%s\nwanted\n%s", err, b.String(), c.want)
			}
		})
	}
}

const sessionsHeader = "id,user,origin_ip,credential,device,protocol,proxy,session_id,start,end,time,prevent_purge,request,ITSM,host,port,duration_s,start_utc,end_utc,revision,supersedes\n"

func TestExportOfSessions(t *testing.T) {
	for _, c := range []struct {
		rule    string
		session schemas.Session
		derived schemas.SessionRecord
		want    string
	}{
		{"all fields, in order", schemas.Session{ID: "1", User: "2", OriginIP: "3", Credential: "4", Device: "5", Protocol: "6", Proxy: "7", SessionID: "8", Start: "9", End: "10",
			Time: "11", PreventPurge: "12", Request: "13", ITSM: "14"}, schemas.SessionRecord{Host: "15", Port: "16", DurationS: "17", StartUTC: "18", EndUTC: "19", Revision: 20, Supersedes: "21"},
			"1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21\n"},
		{"null is empty", schemas.Session{ID: "1"}, schemas.SessionRecord{Revision: 1}, "1,,,,,,,,,,,,,,,,,,,1,\n"},
		{"quoting", schemas.Session{ID: "1", User: `a"b`, OriginIP: "a,b", Credential: "a\nb", Device: "a\rb", Protocol: " a", Proxy: "a b", SessionID: "ação", Start: `"`},
			schemas.SessionRecord{Revision: 1}, "1,\"a\"\"b\",\"a,b\",\"a\nb\",\"a\rb\",\" a\",a b,ação,\"\"\"\",,,,,,,,,,,1,\n"},
		{"no formulas", schemas.Session{ID: "-1", User: "=1", OriginIP: "+a", Credential: "-a", Device: "@a", Protocol: "\ta", Proxy: "\ra", SessionID: "'a", Start: "=a,b"},
			schemas.SessionRecord{Revision: 1, Supersedes: "=x"}, "-1,'=1,'+a,'-a,'@a,'\ta,\"'\ra\",''a,\"'=a,b\",,,,,,,,,,,1,'=x\n"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			var b bytes.Buffer
			e, err := sinks.NewExport(&b, "csv", sinks.ForMachine, schemas.Start{Format: schemas.FormatSessions})
			if err != nil {
				t.Fatal(err)
			}
			c.derived.Session = c.session
			if err := e.Session(&c.derived); err != nil || e.Close() != nil || b.String() != sessionsHeader+c.want {
				t.Errorf("%v\n%q\nwanted\n%q", err, b.String(), sessionsHeader+c.want)
			}
			lines, err := csv.NewReader(&b).ReadAll()
			if err != nil || len(lines) != 2 || len(lines[0]) != 21 {
				t.Errorf("not a CSV of 21 columns: %v %v", lines, err)
			}
		})
	}
}

// TestExcelsDialect: the mark, the delimiter and the line ends differ, and so what is quoted; the
// cells are those of a machine's, line breaks included, on both ways that rows are written.
func TestExcelsDialect(t *testing.T) {
	cells := []string{"plain", "a;b", "a,b", `a"b`, "two\nlines", "two\r\nlines", "=1+1", "-12", " led", "\u00a0led", `\.`, "", "ação"}
	for _, format := range []string{schemas.FormatDevices, schemas.FormatSessions} {
		tables := map[sinks.Dialect][][]string{}
		for _, d := range sinks.Dialects() {
			var b bytes.Buffer
			e, err := sinks.NewExport(&b, "csv", d, schemas.Start{Format: format})
			if err != nil {
				t.Fatal(err)
			}
			for _, cell := range cells {
				if format == schemas.FormatDevices {
					err = e.Device(&schemas.Device{ID: "1", Hostname: cell, Tags: cell})
				} else {
					err = e.Session(&schemas.SessionRecord{Session: schemas.Session{ID: "1", User: cell}, Supersedes: cell})
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if err := e.Close(); err != nil {
				t.Fatal(err)
			}
			text, marked := strings.CutPrefix(b.String(), "\ufeff")
			excel := d == sinks.ForExcel
			if marked != excel || strings.HasSuffix(text, "\r\n") != excel || !strings.Contains(text, "\"two\nlines\"") || !strings.Contains(text, "\"two\r\nlines\"") {
				t.Errorf("%s for %s: %q", format, d, b.String())
			}
			r := csv.NewReader(strings.NewReader(text))
			if excel {
				r.Comma = ';'
			}
			if tables[d], err = r.ReadAll(); err != nil || len(tables[d]) != len(cells)+1 {
				t.Errorf("%s for %s: %d rows, %v", format, d, len(tables[d]), err)
			}
		}
		if !reflect.DeepEqual(tables[sinks.ForMachine], tables[sinks.ForExcel]) {
			t.Errorf("%s: %q\nand %q", format, tables[sinks.ForMachine], tables[sinks.ForExcel])
		}
	}
	var b bytes.Buffer
	if err := sinks.ResultCSV(&b, nil, sinks.ForExcel); err != nil || b.String() != "\ufeff"+strings.ReplaceAll(resultHeader[:len(resultHeader)-1], ",", ";")+"\r\n" {
		t.Errorf("%v %q", err, b.String())
	}
}

func TestAnExportWithoutRecordsHasItsHeader(t *testing.T) {
	for format, want := range map[string]string{
		schemas.FormatDevices:     "id,hostname,ip,model,type,vendor,site,tags\n",
		schemas.FormatCredentials: "id,identifier,username,expiration,change,view,hostname,management_ip,type,type_code,device_model,device_type,device_vendor,automatic_change,connectivity,connectivity_code\n",
		schemas.FormatSessions:    sessionsHeader,
	} {
		var b bytes.Buffer
		e, err := sinks.NewExport(&b, "csv", sinks.ForMachine, schemas.Start{Format: format})
		if err != nil || e.Close() != nil || b.String() != want {
			t.Errorf("%s: %v %q", format, err, b.String())
		}
	}
}

func TestAJSONLExportIsSealedAndReadAgain(t *testing.T) {
	var b bytes.Buffer
	e, err := sinks.NewExport(&b, "jsonl", sinks.ForMachine, schemas.Start{Format: schemas.FormatSessions, Run: "r"})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Session(&schemas.SessionRecord{Session: schemas.Session{ID: "1", User: "=ana"}, Host: "h", Revision: 1}); err != nil || e.Close() != nil {
		t.Fatal(err)
	}
	r := schemas.NewReader(strings.NewReader(b.String()), schemas.FormatSessions)
	if rec, err := r.Next(); err != nil || rec.Start == nil || rec.Start.Version != schemas.FormatVersion {
		t.Fatal(rec, err)
	}
	rec, err := r.Next()
	if err != nil || rec.Session == nil || rec.Session.User != "=ana" || rec.Session.Host != "h" {
		t.Fatal(rec, err)
	}
	if _, err := r.Next(); err == nil || r.Digest() == "" {
		t.Error("not sealed", err)
	}
}
