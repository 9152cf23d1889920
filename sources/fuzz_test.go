package sources_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pamsync/schemas"
)

// readsTheSame holds what is true of any bytes: a file is refused with a fault, or its rows
// have growing numbers; and a second reading ends as the first did.
func readsTheSame(t *testing.T, in input) {
	s, err := in.open(t)
	var fault *schemas.Fault
	if err != nil {
		if !errors.As(err, &fault) {
			t.Fatalf("no fault: %v", err)
		}
		refusal(t, err, "in")
		return
	}
	var before []string
	var ended string
	for pass := range 2 {
		last := 0
		rows := []string{}
		err := s.Read(func(row *schemas.Row) error {
			if row.Number <= last {
				t.Fatalf("row %d follows %d", row.Number, last)
			}
			last = row.Number
			rows = append(rows, rowText(row))
			for f := range schemas.NumFields {
				row.Place(f)
				s.Locate(row.Number, f)
			}
			return nil
		})
		text := ""
		if err != nil {
			if !errors.As(err, &fault) {
				t.Fatalf("no fault: %v", err)
			}
			refusal(t, err, "in")
			text = err.Error()
		}
		if pass == 1 && (!slices.Equal(rows, before) || text != ended) {
			t.Fatalf("first %q, %s; then %q, %s", before, ended, rows, text)
		}
		if err == nil && s.Use.Rows != len(rows) {
			t.Fatalf("%d rows counted, %d read", s.Use.Rows, len(rows))
		}
		before, ended = rows, text
	}
}

func kindOf(credential bool) schemas.Kind {
	if credential {
		return schemas.KindCredential
	}
	return schemas.KindDevice
}

func FuzzCSV(f *testing.F) {
	for _, text := range []string{"hostname,ip\na,b\n", "sep=;\r\nhostname;username;password\r\na;b;c\r\n", "\ufeffhost\tip\n\"a\nb\"\tc\n", "hostname\ra\rb", "hostname,ip\n\xe7,\x80\n",
		inUTF16("hostname,ip\na,b\n", false, true), inUTF16("hostname,ip\na,b\n", true, false), "id,hostname,ip,model,type,vendor,site,tags\n1,'=a,,,,,,\n", "hostname,site\na,\"x", "a", "\n\n,\n"} {
		f.Add([]byte(text), false)
		f.Add([]byte(text), true)
	}
	f.Add([]byte(strings.Repeat("\x1a", 4000)+"\nhost\tip\n"), true) // a name of signs that take three bytes to show
	f.Fuzz(func(t *testing.T, data []byte, credential bool) {
		readsTheSame(t, input{text: string(data), kind: kindOf(credential), format: "csv", secrets: true})
	})
}

func FuzzJSON(f *testing.F) {
	for _, text := range []string{`[]`, `[{"hostname":"a","ip":{"x":1}}]`, `{"result":[{"sys_id":"x","name":"a","location":{"link":"x","value":"y"}}]}`, "{\"hostname\":\"a\"}\n{\"hostname\":\"b\"}",
		`{"count":2,"next":null,"previous":null,"results":[{"name":"a","primary_ip":{"address":"10.0.0.1/24"}}]}`, `{"data":{"items":[{"hostname":"a","username":"b","password":"c"}]}}`, `[1,null,{"hostname":"\ud800"}]`, `{`} {
		f.Add([]byte(text), "", false)
		f.Add([]byte(text), "data.items", true)
	}
	f.Fuzz(func(t *testing.T, data []byte, records string, credential bool) {
		in := input{text: string(data), kind: kindOf(credential), records: strings.ToValidUTF8(records, ""), secrets: true}
		if credential {
			in.columns = map[schemas.Field]string{schemas.FieldIP: "net.0.ip"}
		}
		readsTheSame(t, in)
	})
}
