package sources_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pamsync/schemas"
	"pamsync/sources"
)

// readRequests gives the rows of a file of requests, each as name=text, and the code of what refused it.
func readRequests(t *testing.T, name, text string, q *sources.Requests) (rows []string, code string, s *sources.Source) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := sources.Open(schemas.SourceConfig{Name: name, Path: path}, sources.Options{Kind: schemas.KindCredential, Requests: q})
	if err == nil {
		err = s.Read(func(row *schemas.Row) error {
			var said []string
			for _, c := range q.Columns {
				if text := q.Get(row, c.Names[0]); text != "" {
					said = append(said, c.Names[0]+"="+text)
				}
			}
			for _, problem := range row.Problems {
				said = append(said, problem.Code+" "+problem.Args["field"])
			}
			rows = append(rows, strings.Join(said, " "))
			return nil
		})
	}
	var fault *schemas.Fault
	if err != nil && !errors.As(err, &fault) {
		t.Fatal(err)
	}
	if fault != nil {
		code = fault.Problem.Code
	}
	return rows, code, s
}

func TestRequestsAreReadByTheirHeaders(t *testing.T) {
	for _, c := range []struct {
		name, file, text string
		q                *sources.Requests
		want, code       string
	}{
		{"a session by id", "f.csv", "id,reason\n1,x\n", sources.SessionDrops(), "id=1 reason=x", ""},
		{"in Portuguese, with semicolons", "f.csv", "ID do cofre;Motivo\n1;conta tomada\n", sources.SessionDrops(), "id=1 reason=conta tomada", ""},
		{"an export of sessions", "f.csv", "id,user,origin_ip,credential,device,protocol,proxy,session_id,start,end\n1,ana,10.0.0.9,root,srv:22,ssh,Web,abc,x,\n", sources.SessionDrops(), "id=1 session_id=abc user=ana device=srv:22", ""},
		{"JSON", "f.json", `[{"session_id":"abc","reason":"x"}]`, sources.SessionDrops(), "session_id=abc reason=x", ""},
		{"JSON with its rows under a name", "f.json", `{"result":[{"id":12}]}`, sources.SessionDrops(), "id=12", ""},
		{"JSON that is one record", "f.json", `{"id":"1"}`, sources.SessionDrops(), "id=1", ""},
		{"JSON with an object in the place of a text", "f.json", `[{"id":"1","reason":{"a":1}}]`, sources.SessionDrops(), "id=1 not_text reason", ""},
		{"devices", "f.csv", "id,hostname,ip,model,type,vendor,site,tags\n1,a,b,c,d,e,f,\n", sources.SessionDrops(), "", "requests_other"},
		{"devices in JSON", "f.json", `[{"id":"1","hostname":"a"}]`, sources.SessionDrops(), "id=1", "requests_other"},
		{"nothing that names a session", "f.csv", "who,why\na,b\n", sources.SessionDrops(), "", "no_request_columns"},
		{"two columns for one", "f.csv", "id,ID\n1,2\n", sources.SessionDrops(), "", "column_twice"},
		{"a credential by host and user", "f.csv", "Host;Usuário\nsrv;root\n", sources.CustodyReleases(), "hostname=srv username=root", ""},
		{"an export of credentials", "f.csv", "id,identifier,username,expiration,change,view,hostname,management_ip,type,type_code,device_model,device_type,device_vendor,automatic_change,connectivity,connectivity_code\n1,i,root,,,,srv,10.0.0.1,Local User,1,m,t,v,1,,\n", sources.CustodyReleases(), "id=1 identifier=i hostname=srv username=root", ""},
		{"a host alone", "f.csv", "hostname\nsrv\n", sources.CustodyReleases(), "", "no_request_columns"},
		{"devices for a release", "f.csv", "id,hostname,ip,model,type,vendor,site,tags\n1,a,b,c,d,e,f,\n", sources.CustodyReleases(), "", "requests_other"},
		{"an opening", "f.csv", "user,credential,device,protocol,remoteAddr,port\nana,root,srv,ssh,10.0.0.9,22\n", sources.SessionOpens(), "user=ana credential=root device=srv protocol=ssh remoteAddr=10.0.0.9 port=22", ""},
		{"a header below a title", "f.csv", "Sessions of today\n\nuser,credential,device,protocol\nana,root,srv,ssh\n", sources.SessionOpens(), "user=ana credential=root device=srv protocol=ssh", ""},
		{"a row that does not fit", "f.csv", "id,reason\n1,a,b,c\n", sources.SessionDrops(), "ragged ", ""},
		{"a stray quote", "f.csv", "id,reason\n1,\"a\n2,b\n", sources.SessionDrops(), "", "stray_quote"},
	} {
		rows, code, _ := readRequests(t, c.file, c.text, c.q)
		if got := strings.Join(rows, "; "); got != c.want || code != c.code {
			t.Errorf("%s: %q %q, want %q %q", c.name, got, code, c.want, c.code)
		}
	}
}

// TestHiddenCellsAreNotWrittenAgain: a session_id is read, and is in no row that is given back.
func TestHiddenCellsAreNotWrittenAgain(t *testing.T) {
	q := sources.SessionDrops()
	path := filepath.Join(t.TempDir(), "f.csv")
	if err := os.WriteFile(path, []byte("session_id,reason\nabc1,because of abc1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := sources.Open(schemas.SourceConfig{Name: "f.csv", Path: path}, sources.Options{Kind: schemas.KindSession, Requests: q})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Read(func(row *schemas.Row) error {
		if q.Get(row, "session_id") != "abc1" {
			t.Errorf("it is not read: %q", q.Get(row, "session_id"))
		}
		for _, cells := range [][]string{s.Record()[:1], q.Cells(row)[1:2]} {
			if cells[0] != "" {
				t.Errorf("it is given back: %q", cells)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
