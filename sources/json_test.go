package sources_test

import (
	"testing"

	"pamsync/schemas"
)

func TestJSONShapes(t *testing.T) {
	for _, c := range []struct {
		rule    string
		in      input
		format  string
		records string
		want    []string
	}{
		{"a bare array", input{text: `[{"hostname":"a","ip":"b"},{"hostname":"c"}]`}, "json", "#", []string{"1 hostname=a ip=b", "2 hostname=c"}},
		{"an empty array", input{text: `[]`}, "json", "#", []string{}},
		{"an empty result", input{text: `{"result":[]}`}, "json", "#/result", []string{}},
		{"the one array of objects", input{text: `{"meta":{"x":[{}]},"names":["a"],"assets":[{"hostname":"a"}]}`}, "json", "#/assets", []string{"1 hostname=a"}},
		{"the usual name among several", input{text: `{"errors":[],"devices":[{"hostname":"a"}]}`}, "json", "#/devices", []string{"1 hostname=a"}},
		{"records:", input{text: `{"a":[{"hostname":"no"}],"data":{"items":[{"hostname":"a"}]}}`, records: "data.items"}, "json", "#/data/items", []string{"1 hostname=a"}},
		{"JSON Lines", input{text: "{\"hostname\":\"a\"}\n{\"hostname\":\"b\",\"ip\":\"c\"}\n"}, "json", "#", []string{"1 hostname=a", "2 hostname=b ip=c"}},
		{"JSON Lines, CRLF and blank lines", input{text: "{\"hostname\":\"a\"}\r\n\r\n{\"hostname\":\"b\"}"}, "json", "#", []string{"1 hostname=a", "2 hostname=b"}},
		{"a mark before it", input{text: "\ufeff[{\"hostname\":\"a\"}]"}, "json", "#", []string{"1 hostname=a"}},
		{"UTF-16", input{text: inUTF16(`[{"hostname":"ação"}]`, false, true)}, "json", "#", []string{"1 hostname=ação"}},
		{"numbers and bools are their texts, null is empty", input{text: `[{"hostname":12,"site":true,"model":1.50,"vendor":null,"type":false,"ip":""}]`}, "json", "#",
			[]string{"1 hostname=12 site=true model=1.50 type=false"}},
		{"escapes are decoded, what nobody sees is trimmed", input{text: `[{"hostname":" \u0061\u00e7\u00e3o\u00a0","site":"a\/b"}]`}, "json", "#", []string{"1 hostname=ação site=a/b"}},
		{"an object has the name that people see", input{text: `[{"hostname":"a","site":{"id":7,"name":"n","display_value":"LAX"},"model":{"name":"n"}}]`}, "json", "#", []string{"1 hostname=a site=LAX model=n"}},
		{"an object without one is refused", input{text: `[{"hostname":"a","site":{"id":7},"ip":["10.0.0.1"]}]`}, "json", "#", []string{"1 hostname=a not_text at in#/0/ip not_text at in#/0/site"}},
		{"what PHP writes for nothing is empty", input{text: `[{"hostname":"a","site":[],"ip":{}}]`}, "json", "#", []string{"1 hostname=a"}},
		{"a better name beats an earlier one", input{text: `[{"name":"x","hostname":"a","address":"y","ip":"b"},{"name":"c"}]`}, "json", "#", []string{"1 hostname=a ip=b", "2 hostname=c"}},
		{"an empty better name does not", input{text: `[{"hostname":"","name":"a"}]`}, "json", "#", []string{"1 hostname=a"}},
		{"a record that is no object is rejected", input{text: `[{"hostname":"a"},7,null]`}, "json", "#", []string{"1 hostname=a", "2 record_no_object at in#/1", "3 record_no_object at in#/2"}},
		{"keys in Portuguese", input{text: `[{"Nome do Host":"a","Endereço IP":"b"}]`}, "json", "#", []string{"1 hostname=a ip=b"}},
		{"columns by a dotted path", input{text: `[{"os":{"name":"h"},"net":[{"a":"x"},{"a":"b"}]}]`, columns: map[schemas.Field]string{schemas.FieldHostname: "os.name", schemas.FieldIP: "net.1.a"}}, "json", "#", []string{"1 hostname=h ip=b"}},
		{"a dotted key comes before the path", input{text: `[{"os.name":"a","os":{"name":"no"}}]`, columns: map[schemas.Field]string{schemas.FieldHostname: "os.name"}}, "json", "#", []string{"1 hostname=a"}},
		{"a dotted key below a member", input{text: `[{"os":{"host.name":"a"}}]`, columns: map[schemas.Field]string{schemas.FieldHostname: "os.host.name"}}, "json", "#", []string{"1 hostname=a"}},
		{"where, of a path and of a number", input{text: `[{"hostname":"a","s":{"n":1}},{"hostname":"b","s":{"n":2}},{"hostname":"c"}]`, where: `s.n == "1"`}, "json", "#", []string{"1 hostname=a", "2 hostname=b left out", "3 hostname=c left out"}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			s, rows, err := c.in.rows(t)
			sameRows(t, rows, err, c.want...)
			if s.Shape.Format != c.format || s.Shape.Records != c.records || s.NextPage != "" {
				t.Errorf("%s at %s, next page %q", s.Shape.Format, s.Shape.Records, s.NextPage)
			}
		})
	}
}

func TestServiceNow(t *testing.T) {
	for _, c := range []struct{ rule, text, where, want string }{
		{"sysparm_display_value=true: display values, links beside references",
			`{"result":[{"sys_id":"0a","name":"srv-01","ip_address":"10.0.0.1","location":{"display_value":"LAX","link":"https://x/0b"},"model_id":{"display_value":"PowerEdge","link":"https://x/0c"},
			"manufacturer":{"display_value":"Dell","link":"https://x/0d"},"sys_class_name":"Server","operational_status":"Operational"}]}`, `operational_status == "Operational"`,
			"1 hostname=srv-01 ip=10.0.0.1 site=LAX model=PowerEdge vendor=Dell type=Server"},
		{"sysparm_display_value=all: both for each field",
			`{"result":[{"sys_id":{"display_value":"0a","value":"0a"},"name":{"display_value":"srv-01","value":"srv-01"},"ip_address":{"display_value":"10.0.0.1","value":"10.0.0.1"},
			"location":{"display_value":"LAX","value":"0b","link":"https://x/0b"},"model_id":{"display_value":"PowerEdge","value":"0c"},"manufacturer":{"display_value":"","value":""},
			"sys_class_name":{"display_value":"Server","value":"cmdb_ci_server"},"operational_status":{"display_value":"Operational","value":"1"}}]}`, `operational_status == "1"`,
			"1 hostname=srv-01 ip=10.0.0.1 site=LAX model=PowerEdge type=Server"},
		{"sysparm_display_value=false: a reference is a link and an id, and never a name",
			`{"result":[{"sys_id":"0a","name":"srv-01","ip_address":"10.0.0.1","location":{"link":"https://x/0b","value":"0b"},"model_id":{"link":"https://x/0c","value":"0c"},"manufacturer":"",
			"sys_class_name":"cmdb_ci_server","operational_status":"1"}]}`, `operational_status == "1"`,
			"1 hostname=srv-01 ip=10.0.0.1 type=cmdb_ci_server"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			s, rows, err := input{text: c.text, where: c.where}.rows(t)
			sameRows(t, rows, err, c.want)
			if s.Shape.Format != "servicenow" {
				t.Errorf("taken for %s", s.Shape.Format)
			}
		})
	}
	_, rows, err := input{text: `{"result":[{"name":"","host_name":"h","fqdn":"f"},{"name":null,"fqdn":"f"}]}`, format: "servicenow"}.rows(t)
	sameRows(t, rows, err, "1 hostname=h", "2 hostname=f")
	_, rows, err = input{text: `{"result":[{"name":"a","u_site":{"display_value":"LAX"}}]}`, format: "servicenow", columns: map[schemas.Field]string{schemas.FieldSite: "u_site.display_value"}}.rows(t)
	sameRows(t, rows, err, "1 hostname=a site=LAX")
}

func TestNetBox(t *testing.T) {
	const record = `{"id":1,"name":"sw-01","role":{"id":2,"name":"Switch"},"site":{"id":3,"name":"LAX","slug":"lax"},
		"device_type":{"id":4,"model":"C2960","manufacturer":{"id":5,"name":"Cisco"}},"primary_ip":{"id":6,"address":"10.0.0.1/24","family":4}},
		{"id":2,"name":"sw-02","device_role":{"name":"Router"},"site":{"name":"AWS"},"primary_ip":null,"primary_ip6":{"address":"2001:db8::1/64"}}`
	for _, c := range []struct{ rule, text, page string }{
		{"the whole list", `{"count":2,"next":null,"previous":null,"results":[` + record + `]}`, ""},
		{"a next page", `{"count":4,"next":"https://nb/api/dcim/devices/?offset=2","previous":null,"results":[` + record + `]}`, "https://nb/api/dcim/devices/?offset=2"},
		{"the last page is one of several", `{"count":4,"next":null,"previous":"https://nb/?offset=0","results":[` + record + `]}`, "https://nb/?offset=0"},
		{"a count beyond the records", `{"count":1000,"next":null,"previous":null,"results":[` + record + `]}`, "1000 records"},
		{"what follows the records counts as well", `{"results":[` + record + `],"count":2,"previous":null,"next":"more"}`, "more"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			s, rows, err := input{text: c.text}.rows(t)
			sameRows(t, rows, err, "1 hostname=sw-01 ip=10.0.0.1 site=LAX model=C2960 vendor=Cisco type=Switch", "2 hostname=sw-02 ip=2001:db8::1 site=AWS type=Router")
			if s.Shape.Format != "netbox" || s.Shape.Records != "#/results" || s.NextPage != c.page {
				t.Errorf("%s at %s, next page %q, wanted %q", s.Shape.Format, s.Shape.Records, s.NextPage, c.page)
			}
		})
	}
}

func TestJSONThatIsNoInventoryIsRefused(t *testing.T) {
	for _, c := range []struct {
		rule  string
		in    input
		class schemas.Class
		code  string
	}{
		{"no list at all", input{text: `{"error":"denied"}`}, schemas.ClassInput, "no_records"},
		{"several lists", input{text: `{"a":[{"hostname":"x"}],"b":[{"hostname":"y"}]}`}, schemas.ClassInput, "records_ambiguous"},
		{"cut in a record", input{text: `[{"hostname":"a"},{"hostname":`}, schemas.ClassInput, "json_cut"},
		{"cut between two", input{text: `{"result":[{"hostname":"a"},`}, schemas.ClassInput, "json_cut"},
		{"broken", input{text: `[{"hostname":"a"} {"hostname":"b"}]`}, schemas.ClassInput, "json_broken"},
		{"something behind it", input{text: `[{"hostname":"a"}] x`}, schemas.ClassInput, "json_broken"},
		{"no key in any record", input{text: `[{"x":1},{"y":2}]`}, schemas.ClassInput, "no_key_column"},
		{"no username in any record", input{text: `[{"hostname":"a"}]`, kind: schemas.KindCredential}, schemas.ClassInput, "no_key_column"},
		{"records: that names nothing", input{text: `{"a":[]}`, records: "b"}, schemas.ClassConfig, "records_missing"},
		{"records: that names no list", input{text: `{"a":{"b":1}}`, records: "a"}, schemas.ClassConfig, "records_no_array"},
		{"columns: that no record has", input{text: `[{"hostname":"a"}]`, columns: map[schemas.Field]string{schemas.FieldSite: "loc.name"}}, schemas.ClassConfig, "column_missing"},
		{"where on what no record has", input{text: `[{"hostname":"a"}]`, where: `status == "1"`}, schemas.ClassConfig, "filter_column"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			_, _, err := c.in.rows(t)
			wantFault(t, err, c.class, c.code)
		})
	}
}

func TestPlacesOfAJSON(t *testing.T) {
	s, err := input{text: `{"result":[{"x":1},{"name":"a","ip_address":"b","location":{"display_value":"c"}}]}`}.open(t)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	err = s.Read(func(row *schemas.Row) error {
		if n++; n < 2 {
			return nil
		}
		if p := row.Place(schemas.FieldIP); p.String() != "in#/result/1/ip_address" || p.Row != 2 {
			t.Errorf("%v", p)
		}
		if p := row.Place(schemas.FieldID); p.String() != "in#/result/1" {
			t.Errorf("%v", p)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
