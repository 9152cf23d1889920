package schemas_test

import (
	"bytes"
	"encoding"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"pamsync/schemas"
)

const samples = "../samples"

func TestPublishedNames(t *testing.T) {
	if got, want := schemas.PublishedNames(), []string{"certificate", "cmdb", "config", "hygiene", "inspect", "journal", "plan", "result", "runs", "state", "vaultsim-state"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if _, ok := schemas.Published("plan.schema.json"); ok {
		t.Error("a schema is published under its file's name")
	}
}

// compiled reads a published schema; it must be a valid one of draft 2020-12.
func compiled(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(name, parsed(t, published(t, name))); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func published(t *testing.T, name string) []byte {
	t.Helper()
	data, ok := schemas.Published(name)
	if !ok {
		t.Fatalf("there is no schema %s", name)
	}
	return data
}

func parsed(t *testing.T, data []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	return v
}

// fromYAML reads YAML as a JSON Schema sees it.
func fromYAML(t *testing.T, data []byte) any {
	t.Helper()
	var v any
	if err := yaml.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return parsed(t, data)
}

func sample(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(samples, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestWrittenFilesFit(t *testing.T) {
	empty := &schemas.Plan{Start: schemas.Start{Format: schemas.FormatPlan, Version: schemas.FormatVersion}}
	for _, c := range []struct {
		schema string
		data   []byte
	}{{"plan", written(t, fullPlan())}, {"plan", written(t, empty)}, {"result", writtenRecords(t, resultRecords())}, {"state", writtenRecords(t, stateRecords())},
		{"journal", writtenJournal(t, journalRecords())}} {
		s := compiled(t, c.schema)
		for _, line := range lines(c.data) {
			if err := s.Validate(parsed(t, []byte(line))); err != nil {
				t.Errorf("%s: %s\n%v", c.schema, line, err)
			}
		}
	}
}

// TestWhatHygienePrintsFits: a device has an address and no type, a credential the reverse.
func TestWhatHygienePrintsFits(t *testing.T) {
	printed, err := json.Marshal(schemas.Hygiene{Devices: 2, Credentials: 1, Found: []schemas.Untidy{
		{Code: "address_shared", Key: "10.0.0.1", Items: []schemas.UntidyItem{{Kind: schemas.KindDevice, ID: "1", Key: "a", IP: "10.0.0.1"}, {Kind: schemas.KindDevice, ID: "2", Key: "b", IP: "10.0.0.1"}}},
		{Code: "homeless", Key: "root@c", Items: []schemas.UntidyItem{{Kind: schemas.KindCredential, ID: "3", Key: "root@c", Type: "Local User", Identifier: "c-root"}}},
		{Code: "value_twin", Field: "vendor", Key: "Microsoft", Values: []schemas.ValueCount{{Value: "Microsoft", N: 5}, {Value: "Micorsoft", N: 1}}}}})
	if err != nil {
		t.Fatal(err)
	}
	s := compiled(t, "hygiene")
	for _, data := range [][]byte{printed, []byte(`{"devices":0,"credentials":0,"found":[]}`)} {
		if err := s.Validate(parsed(t, data)); err != nil {
			t.Errorf("%s\n%v", data, err)
		}
	}
	if s.Validate(parsed(t, bytes.Replace(printed, []byte(`"ip"`), []byte(`"address"`), 1))) == nil {
		t.Error("an unknown key fits")
	}
}

// TestCertificatesFit: one with everything in it, and one of nothing.
func TestCertificatesFit(t *testing.T) {
	announced, sum := 2, strings.Repeat("0", 64)
	file := schemas.CertifiedFile{Name: "s.csv", Format: "csv", Bytes: 1, SHA256: sum, Rows: 1}
	tally := map[string]schemas.Tally{"": {Sessions: 1, Seconds: 2}}
	c := schemas.Certificate{Version: 1, Tool: "pamsync", Made: "2026-11-02T15:04:05Z", Begun: "2026-11-02T15:04:05Z", By: "ana", Host: "h", Vault: "https://v:443", Tenant: "t", Client: "c",
		Request: "GET /api/x", What: "sessions", File: "s.csv", Format: "csv", CSVFor: "machine", SHA256: sum, Zone: "UTC", From: "2026-01-01", To: "2026-01-02", Period: "start", Match: []string{"user=a"},
		SinceLast: &schemas.SinceLast{Certificate: 1, After: "9", Ended: 1, Purged: 2}, Read: 2, Written: 1, LeftOut: 1, Reasons: map[string]int{"period": 1}, UnreadableTimes: 1, Announced: &announced,
		IDs:    schemas.CertifiedIDs{First: "1", Last: "9", Gaps: 1, Missing: 3, GapRanges: []string{"2-4"}, Repeated: 1, RepeatedIDs: []string{"1"}, NoNumber: 1},
		Totals: &schemas.Totals{Months: tally, Protocols: tally, Users: tally}, Findings: map[string]int{"no_ticket": 1}, Answer: file, Files: []schemas.CertifiedFile{file}, Rows: &file, Serial: 2, Previous: sum, Signed: "SHA256:x"}
	s := compiled(t, "certificate")
	for _, c := range []schemas.Certificate{c, {Version: 1, Made: c.Made, What: "devices"}} {
		data, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(parsed(t, data)); err != nil {
			t.Errorf("%s\n%v", data, err)
		}
		if s.Validate(parsed(t, bytes.Replace(data, []byte(`"what"`), []byte(`"whatever"`), 1))) == nil {
			t.Error("an unknown key fits")
		}
	}
}

// TestWhatRunsPrintsFits: a run that is over, one that cannot be read, and none.
func TestWhatRunsPrintsFits(t *testing.T) {
	exit, seconds := 12, 90
	printed, err := json.Marshal(schemas.Runs{Reports: "reports", More: 3, Runs: []schemas.RunLine{
		{Run: "20261102T150405Z-x7kq", What: schemas.RunSync, Verdict: schemas.RunUnfinished, Exit: &exit, Vault: "https://vault.example:443", By: "ana",
			Begun: "2026-11-02T15:04:05Z", Ended: "2026-11-02T15:05:35Z", Seconds: &seconds, Plan: "sha256:" + strings.Repeat("0", 64), Planned: &schemas.Planned{Create: 2},
			Changes: &schemas.ChangeCounts{Done: 1, Skipped: 1}, Stop: []schemas.Problem{{Code: "max_duration"}}, Resume: "pamsync resume 20261102T150405Z-x7kq", Report: schemas.ReportMissing},
		{Run: "old", Verdict: schemas.RunUnread, Problem: &schemas.Problem{Code: "plan_unreadable", Place: schemas.Place{Source: "reports/old/plan.jsonl"}, Args: schemas.Pairs("cause", "x")}}}})
	if err != nil {
		t.Fatal(err)
	}
	s := compiled(t, "runs")
	for _, data := range [][]byte{printed, []byte(`{"reports":"reports","runs":[],"more":0}`)} {
		if err := s.Validate(parsed(t, data)); err != nil {
			t.Errorf("%s\n%v", data, err)
		}
	}
	if s.Validate(parsed(t, bytes.Replace(printed, []byte(`"unread"`), []byte(`"unreadable"`), 1))) == nil {
		t.Error("an unknown verdict fits")
	}
}

func TestLinesThatDoNotFit(t *testing.T) {
	for _, c := range []struct {
		name, schema string
		data         []byte
		old, new     string
	}{
		{"an unknown key", "plan", written(t, fullPlan()), `"key":"old-01"`, `"key":"old-01","note":"x"`},
		{"a secret to send", "plan", written(t, fullPlan()), `"send":{`, `"send":{"content":"x",`},
		{"a secret that is shown", "plan", written(t, fullPlan()), `"will be set"`, `"Senha123"`},
		{"an unknown action", "plan", written(t, fullPlan()), `"action":"inactivate"`, `"action":"delete"`},
		{"another format", "plan", written(t, fullPlan()), "pamsync-plan", "pamsync-journal"},
		{"another version", "plan", written(t, fullPlan()), `"version":1`, `"version":2`},
		{"two members", "plan", written(t, fullPlan()), `{"hold":{`, `{"left":{"kind":"device","key":"x","code":"y"},"hold":{`},
		{"a member missing", "plan", written(t, fullPlan()), `"rule":"fields_differ",`, ``},
		{"an unknown status", "result", writtenRecords(t, resultRecords()), `"status":"failed"`, `"status":"ok"`},
		{"an unknown key of a result", "result", writtenRecords(t, resultRecords()), `"attempts":2`, `"attempts":2,"password":"x"`},
		{"nights of other signs", "state", writtenRecords(t, stateRecords()), `"nights":"+-++"`, `"nights":"3"`},
		{"a source of no run", "state", writtenRecords(t, stateRecords()), `"unusable":1,"run":"20261102T150405Z-x7kq",`, `"unusable":1,`},
		{"a view of keys", "state", writtenRecords(t, stateRecords()), `"view_seen":{"kind":"device"`, `"view_seen":{"kind":"key"`},
		{"a line without a sum", "journal", writtenJournal(t, journalRecords()), `,"sum":"`, `,"note":"`},
		{"an unknown key of an intent", "journal", writtenJournal(t, journalRecords()), `"verb":"upsert"`, `"verb":"upsert","password":"x"`},
		{"a plan's line", "result", writtenRecords(t, resultRecords()), `{"total":`, `{"summary":`},
	} {
		edited := bytes.Replace(c.data, []byte(c.old), []byte(c.new), 1)
		if bytes.Equal(edited, c.data) {
			t.Errorf("%s: nothing was edited", c.name)
			continue
		}
		s := compiled(t, c.schema)
		fits := true
		for _, line := range lines(edited) {
			fits = fits && s.Validate(parsed(t, []byte(line))) == nil
		}
		if fits {
			t.Errorf("%s: every line fits", c.name)
		}
	}
}

func TestSampleVaultFits(t *testing.T) {
	s := compiled(t, "vaultsim-state")
	data := sample(t, "vault.json")
	if err := s.Validate(parsed(t, data)); err != nil {
		t.Error(err)
	}
	for _, edit := range [][2]string{{`"devices": [`, `"boxes": [`}, {`"version": 1`, `"version": 2`}, {`"vendor":`, `"maker":`}} {
		edited := bytes.Replace(data, []byte(edit[0]), []byte(edit[1]), 1)
		if bytes.Equal(edited, data) || s.Validate(parsed(t, edited)) == nil {
			t.Errorf("%s in the place of %s fits", edit[1], edit[0])
		}
	}
}

// TestCMDBSchema: the sample rows under the API's own names fit, alone and under records.
func TestCMDBSchema(t *testing.T) {
	s := compiled(t, "cmdb")
	for file, names := range map[string][]string{
		"inventory/devices.csv":     {"hostname", "ip", "site", "model", "vendor", "type"},
		"inventory/credentials.csv": {"hostname", "ip", "username", "credential_type", "identifier", "domain", "additional", "tags", "content"},
	} {
		r := csv.NewReader(bytes.NewReader(sample(t, file)))
		r.Comma = ';'
		rows, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		var records []any
		for _, row := range rows[1:] {
			record := map[string]any{"colour": map[string]any{"a member of another name": "is not read"}}
			for i, name := range names {
				record[name] = row[i]
			}
			records = append(records, record)
		}
		for _, doc := range []any{records, map[string]any{"records": records, "made": "2026-11-02"}} {
			data, _ := json.Marshal(doc)
			if err := s.Validate(parsed(t, data)); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
	for _, text := range []string{`[]`, `{"records":[]}`, `[{"hostname":"a","ip":null,"site":7}]`} {
		if err := s.Validate(parsed(t, []byte(text))); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, text := range []string{`{}`, `"x"`, `[1]`, `[{"ip":"10.0.0.1"}]`, `[{"hostname":""}]`, `[{"hostname":{"name":"a"}}]`, `[{"hostname":"a","site":{"name":"LAX"}}]`, `{"records":{}}`,
		strings.TrimSpace(string(sample(t, "inventory/cmdb.json")))} {
		if s.Validate(parsed(t, []byte(text))) == nil {
			t.Errorf("fits: %.60s", text)
		}
	}
}

// TestSchemasNameEveryField compares the records' structs with the schemas' definitions: the
// same names, and those required that are always written.
func TestSchemasNameEveryField(t *testing.T) {
	for name, roots := range map[string][]reflect.Type{
		"plan": {reflect.TypeFor[schemas.Start](), reflect.TypeFor[schemas.Change](), reflect.TypeFor[schemas.Hold](), reflect.TypeFor[schemas.Reject](),
			reflect.TypeFor[schemas.Left](), reflect.TypeFor[schemas.Problem](), reflect.TypeFor[schemas.Summary](), reflect.TypeFor[schemas.Seal]()},
		"result": {reflect.TypeFor[schemas.Start](), reflect.TypeFor[schemas.Result](), reflect.TypeFor[schemas.Total](), reflect.TypeFor[schemas.Seal]()},
		"state": {reflect.TypeFor[schemas.Start](), reflect.TypeFor[schemas.Remembered](), reflect.TypeFor[schemas.Counted](), reflect.TypeFor[schemas.SourceSeen](),
			reflect.TypeFor[schemas.ViewSeen](), reflect.TypeFor[schemas.Absence](), reflect.TypeFor[schemas.Asset](), reflect.TypeFor[schemas.Difference](), reflect.TypeFor[schemas.Seal]()},
		"journal": {reflect.TypeFor[schemas.Start](), reflect.TypeFor[schemas.Listed](), reflect.TypeFor[schemas.Intent](), reflect.TypeFor[schemas.Outcome](),
			reflect.TypeFor[schemas.Finding](), reflect.TypeFor[schemas.Finish]()},
		"hygiene": {reflect.TypeFor[schemas.Untidy]()},
		"runs":    {reflect.TypeFor[schemas.RunLine]()},
	} {
		var schema struct {
			Defs map[string]definition `json:"$defs"`
		}
		if err := json.Unmarshal(published(t, name), &schema); err != nil {
			t.Fatal(err)
		}
		seen := map[reflect.Type]bool{}
		for _, root := range roots {
			compare(t, name, root, schema.Defs, seen)
		}
	}
}

type definition struct {
	Properties map[string]json.RawMessage `json:"properties"`
	Required   []string                   `json:"required"`
}

func compare(t *testing.T, schema string, kind reflect.Type, defs map[string]definition, seen map[reflect.Type]bool) {
	for kind.Kind() == reflect.Pointer || kind.Kind() == reflect.Slice || kind.Kind() == reflect.Map {
		kind = kind.Elem()
	}
	if kind.Kind() != reflect.Struct || seen[kind] || kind.Implements(reflect.TypeFor[encoding.TextMarshaler]()) || kind == reflect.TypeFor[schemas.Sent]() { // written as Values are
		return
	}
	seen[kind] = true
	name := strings.ToLower(kind.Name()[:1]) + kind.Name()[1:]
	def, found := defs[name]
	if !found {
		t.Errorf("%s: no definition %s", schema, name)
		return
	}
	var names, required []string
	for _, field := range reflect.VisibleFields(kind) {
		tag, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if tag == "-" || field.Anonymous || !field.IsExported() { // in memory alone, or written member by member
			continue
		}
		names = append(names, tag)
		if options == "" {
			required = append(required, tag)
		}
		compare(t, schema, field.Type, defs, seen)
	}
	slices.Sort(names)
	slices.Sort(required)
	slices.Sort(def.Required)
	if got := keys(def.Properties); !slices.Equal(got, names) {
		t.Errorf("%s: %s has %v, the records %v", schema, name, got, names)
	}
	if !slices.Equal(def.Required, required) {
		t.Errorf("%s: %s requires %v, always written are %v", schema, name, def.Required, required)
	}
}

func keys(m map[string]json.RawMessage) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// TestSchemaNamesWhatIsSent holds the definition of values against the fields.
func TestSchemaNamesWhatIsSent(t *testing.T) {
	var schema struct {
		Defs map[string]definition `json:"$defs"`
	}
	if err := json.Unmarshal(published(t, "plan"), &schema); err != nil {
		t.Fatal(err)
	}
	var want []string
	for f := range schemas.NumFields {
		if !f.Secret() {
			want = append(want, f.String())
		}
	}
	slices.Sort(want)
	if got := keys(schema.Defs["values"].Properties); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestSchemasDescribeEverything: each property says what it is, itself or by what it refers to.
func TestSchemasDescribeEverything(t *testing.T) {
	for _, name := range schemas.PublishedNames() {
		var doc map[string]any
		if err := json.Unmarshal(published(t, name), &doc); err != nil {
			t.Fatal(err)
		}
		defs, _ := doc["$defs"].(map[string]any)
		for _, key := range []string{"$schema", "$id", "title", "description"} {
			if doc[key] == nil {
				t.Errorf("%s has no %s", name, key)
			}
		}
		if doc["$id"] != name+".schema.json" {
			t.Errorf("%s calls itself %v", name, doc["$id"])
		}
		for def, body := range defs {
			properties, _ := body.(map[string]any)["properties"].(map[string]any)
			for property, p := range properties {
				object := p.(map[string]any)
				ref, _ := object["$ref"].(string)
				target, _ := defs[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
				if object["description"] == nil && target["description"] == nil && object["propertyNames"] == nil && def != "values" && !strings.HasSuffix(def, "Source") {
					t.Errorf("%s: %s.%s has no description", name, def, property)
				}
			}
		}
	}
}
