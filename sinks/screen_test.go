package sinks_test

import (
	"bytes"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
)

// values are pairs of a field and its text.
func values(pairs ...any) schemas.Sent {
	var v schemas.Values
	for i := 0; i < len(pairs); i += 2 {
		v[pairs[i].(schemas.Field)] = pairs[i+1].(string)
	}
	return schemas.Send(v)
}

// richPlan holds everything that a plan can: each action of each kind, more than are shown,
// what is held, rejected, left and warned of, and what stops it.
func richPlan() *schemas.Plan {
	row := func(n int) []schemas.RowRef { return []schemas.RowRef{{Source: "cmdb.csv", Row: n}} }
	p := &schemas.Plan{Digest: "sha256:0123456789abcdef",
		Start: schemas.Start{Format: schemas.FormatPlan, Version: 1, Vault: vaultName, Sources: []schemas.SourceUse{
			{Kind: schemas.KindDevice, Path: "cmdb.csv", Format: "csv"}, {Kind: schemas.KindCredential, Path: "accounts.json", Format: "json"}}}}
	p.Changes = []schemas.Change{
		{Kind: schemas.KindDevice, Action: schemas.ActionReactivate, Key: "srv-back", VaultID: "12", Reason: schemas.Reason{Rule: schemas.RuleInactive, Cell: "cmdb.csv:4"},
			Fields: []schemas.FieldChange{{Field: schemas.FieldSite, Before: "LAX", After: "AWS", Cell: "cmdb.csv:4:3"}}, Rows: row(4)},
		{Kind: schemas.KindCredential, Action: schemas.ActionReactivate, Key: "root@srv-back", VaultID: "77", Reason: schemas.Reason{Rule: schemas.RuleDragged}},
		{Kind: schemas.KindDevice, Action: schemas.ActionUpdate, Key: "srv-ação-01", VaultID: "13", Reason: schemas.Reason{Rule: schemas.RuleDiffers},
			Fields: []schemas.FieldChange{{Field: schemas.FieldIP, Before: "10.0.0.1", After: "10.0.0.2", Cell: "cmdb.csv:5:2"}, {Field: schemas.FieldVendor, Before: "Mi\"cro", After: "", Cell: "cmdb.csv:5:5"},
				{Field: schemas.FieldDeviceTags, After: "blue", Cell: "cmdb.csv:5:7"}}},
		{Kind: schemas.KindCredential, Action: schemas.ActionCreate, Key: "svc@srv-new-00", Send: values(schemas.FieldCredentialType, "Domain User", schemas.FieldIdentifier, "svc-01"), Secret: true,
			Reason: schemas.Reason{Rule: schemas.RuleNew, Cell: "accounts.json#/accounts/0"}},
		{Kind: schemas.KindCredential, Action: schemas.ActionUpdate, Key: "root@srv-ação-01", VaultID: "78",
			Fields: []schemas.FieldChange{{Field: schemas.FieldCredentialType, Before: "Local", After: "Domain"}, {Field: schemas.FieldContent, Secret: true, Cell: "accounts.json#/accounts/3"}}},
		{Kind: schemas.KindCredential, Action: schemas.ActionInactivate, Key: "old@srv-ação-01", VaultID: "79", Reason: schemas.Reason{Rule: schemas.RuleMissing}},
		{Kind: schemas.KindKey, Action: schemas.ActionReactivate, Key: "key@srv-back", VaultID: "80", Reason: schemas.Reason{Rule: schemas.RuleDragged}},
		{Kind: schemas.KindDevice, Action: schemas.ActionInactivate, Key: "srv-gone", VaultID: "14", Reason: schemas.Reason{Rule: schemas.RuleMissing}},
	}
	for i := range 10 {
		p.Changes[7].Cascade = append(p.Changes[7].Cascade, schemas.Item{Kind: schemas.KindCredential, ID: fmt.Sprint(100 + i), Key: fmt.Sprintf("u%d@srv-gone", i)})
	}
	p.Changes[7].Cascade[9].Kind = schemas.KindKey
	for i := range 23 {
		p.Changes = append(p.Changes, schemas.Change{Kind: schemas.KindDevice, Action: schemas.ActionCreate, Key: fmt.Sprintf("srv-new-%02d", i), Reason: schemas.Reason{Rule: schemas.RuleNew, Cell: fmt.Sprintf("cmdb.csv:%d", 10+i)},
			Send: values(schemas.FieldIP, fmt.Sprintf("10.0.1.%d", i), schemas.FieldType, "Server", schemas.FieldVendor, "Microsoft", schemas.FieldModel, "Windows Server 2019", schemas.FieldSite, "SP")})
	}
	p.Holds = []schemas.Hold{
		{Kind: schemas.KindDevice, Key: "srv-twice", Code: "ambiguous", Args: schemas.Pairs("candidates", "srv-twice (15), SRV-TWICE (16)"), Rows: row(50),
			Candidates: []schemas.Item{{Kind: schemas.KindDevice, ID: "15", Key: "srv-twice"}, {Kind: schemas.KindDevice, ID: "16", Key: "SRV-TWICE"}}},
		{Kind: schemas.KindCredential, Key: "root@srv-x", Code: "device_absent", Args: schemas.Pairs("hostname", "srv-x"), Rows: []schemas.RowRef{{Source: "accounts.json", Row: 7}}},
	}
	for i := range 22 {
		p.Holds = append(p.Holds, schemas.Hold{Kind: schemas.KindCredential, Key: fmt.Sprintf("a%02d@srv-y", i), Code: "device_held", Args: schemas.Pairs("hostname", "srv-y")})
	}
	p.Rejects = []schemas.Reject{
		{Kind: schemas.KindDevice, Row: schemas.RowRef{Source: "cmdb.csv", Row: 60}, Problems: []schemas.Problem{{Code: "no_hostname", Place: schemas.Place{Source: "cmdb.csv", Row: 60, Col: 1, Column: "Nome"}},
			{Code: "bad_ip", Place: schemas.Place{Source: "cmdb.csv", Row: 60, Col: 2, Column: "IP"}, Args: schemas.Pairs("value", "10.0.0.300")}}},
		{Kind: schemas.KindCredential, Row: schemas.RowRef{Source: "accounts.json", Row: 9}, Problems: []schemas.Problem{{Code: "no_username", Place: schemas.Place{Source: "accounts.json", Row: 9, Column: "login", Pointer: "#/accounts/8/login"}}}},
	}
	p.Left = []schemas.Left{
		{Kind: schemas.KindDevice, Key: "only-1", Code: "missing_reported"}, {Kind: schemas.KindCredential, Key: "x@only-1", Code: "missing_reported"},
		{Kind: schemas.KindDevice, Key: "dc01", Code: "protected"}, {Kind: schemas.KindDevice, Key: "far-1", Code: "out_of_scope", Rows: row(70)}, {Kind: schemas.KindDevice, Key: "far-2", Code: "out_of_scope", Rows: row(71)},
	}
	for i := range 12 {
		p.Left = append(p.Left, schemas.Left{Kind: schemas.KindDevice, Key: fmt.Sprintf("lacking-%02d", i), VaultID: fmt.Sprint(200 + i), Code: "grace",
			Args: schemas.Pairs("n", "2", "runs", "3", "since", "2026-11-20", "until", []string{"", "2026-11-27"}[i%2])})
	}
	p.Left = append(p.Left, schemas.Left{Kind: schemas.KindDevice, Key: "used-1", VaultID: "300", Code: "in_use", Args: schemas.Pairs("user", "ana", "protocol", "SSH", "at", "2026-11-21 21:03:11", "why", "open", "days", "7")},
		schemas.Left{Kind: schemas.KindCredential, Key: "root@srv-01", VaultID: "301", Code: "in_use", Args: schemas.Pairs("user", "bia", "protocol", "", "at", "2026-11-20 10:15:00", "days", "7")})
	p.Warnings = []schemas.Problem{
		{Code: "rows_equal", Place: schemas.Place{Source: "cmdb.csv", Row: 4}, Args: schemas.Pairs("rows", "2", "key", "srv-back", "all", "cmdb.csv:4, cmdb.csv:6")},
		{Code: "identifier_differs", Place: schemas.Place{Source: "accounts.json", Row: 3, Pointer: "#/accounts/2/id"}, Args: schemas.Pairs("key", "root@srv-01", "vault", "a", "row", "b")},
	}
	for i := range 12 {
		p.Warnings = append(p.Warnings, schemas.Problem{Code: "value_new", Args: schemas.Pairs("field", "model", "value", fmt.Sprintf("Model %02d", i), "nearest", []string{"", "Modem"}[i%2], "rows", fmt.Sprint(i+1))})
	}
	p.Warnings = append(p.Warnings, schemas.Problem{Code: "source_overruled", Place: schemas.Place{Source: "more.csv", Row: 3, Col: 3}, Args: schemas.Pairs("field", "site", "value", "LAX", "taken", "AWS", "from", "cmdb.csv:5:3")})
	p.Summary = schemas.Summary{
		Rows: schemas.RowCounts{In: 12345, Changed: 28, Unchanged: 12285, Held: 24, Rejected: 2, LeftOut: 6},
		Kinds: []schemas.KindCounts{
			{Kind: schemas.KindDevice, Listed: 9000, Create: 23, Update: 1, Reactivate: 1, Inactivate: 1, Dragged: 10},
			{Kind: schemas.KindCredential, Listed: 20000, Create: 1, Update: 1, Reactivate: 1, Inactivate: 1},
			{Kind: schemas.KindKey, Reactivate: 1},
		},
		Limits: []schemas.LimitUse{
			{Name: "inactivate", Kind: schemas.KindDevice, N: 1, Total: 9000, Limit: schemas.Limit{Percent: 5, Count: 50, Floor: 3}},
			{Name: "update", Kind: schemas.KindDevice, N: 0, Total: 9000, Limit: schemas.Limit{Percent: 30, Count: -1, Floor: 3}},
			{Name: "cascade", Kind: schemas.KindCredential, N: 11, Total: 20000, Limit: schemas.Limit{Percent: -1, Count: 10}, Stopped: true},
			{Name: "create", Kind: schemas.KindDevice, N: 23, Total: 9000, Limit: schemas.Limit{Percent: 10, Count: -1, Floor: 3}},
			{Name: "inactivate", Kind: schemas.KindDevice, N: 1, Total: 3, Limit: schemas.Limit{Percent: 10, Count: -1}, Stopped: true, Share: "site LAX"},
		},
		Stop: []schemas.Problem{
			{Code: "limit_cascade", Args: schemas.Pairs("n", "11", "total", "20000", "dragged", "10", "devices", "1", "own", "1", "limit", "10")},
			{Code: "share_inactivate", Args: schemas.Pairs("kind", "device", "n", "1", "total", "3", "share", "site LAX", "limit", "10%")},
			{Code: "source_page", Place: schemas.Place{Source: "accounts.json"}, Args: schemas.Pairs("source", "accounts.json", "gone", "1")},
		},
	}
	return p
}

func shown(p *schemas.Plan, s sinks.Screen) string {
	var b bytes.Buffer
	s.Out = &b
	s.Plan(p, "reports/r/plan.jsonl", 5)
	return b.String()
}

func TestScreenOfARichPlan(t *testing.T) {
	for _, lang := range []words.Lang{words.English, words.Portuguese} {
		got := shown(richPlan(), sinks.Screen{Lang: lang})
		golden(t, "plan."+string(lang)+".golden", got)
		golden(t, "plan-all."+string(lang)+".golden", shown(richPlan(), sinks.Screen{Lang: lang, All: true}))
		if strings.ContainsAny(got, "\x1b\r\t") {
			t.Errorf("%s: a control character without colour", lang)
		}
	}
}

func TestColourAddsNothingButColour(t *testing.T) {
	plain := shown(richPlan(), sinks.Screen{Lang: words.English})
	coloured := shown(richPlan(), sinks.Screen{Lang: words.English, Colour: true})
	if !strings.Contains(coloured, "\x1b[32m+\x1b[0m") {
		t.Error("there is no colour")
	}
	if regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(coloured, "") != plain {
		t.Error("colour carries meaning")
	}
}

func TestScreenOfAnEmptyPlan(t *testing.T) {
	for _, lang := range []words.Lang{words.English, words.Portuguese} {
		p := &schemas.Plan{Summary: schemas.Summary{Rows: schemas.RowCounts{In: 1, Unchanged: 1}}}
		golden(t, "empty."+string(lang)+".golden", shown(p, sinks.Screen{Lang: lang}))
	}
}

// poison puts escape sequences into every text that v holds but codes, names of fields and
// the words of ours that say what a thing is.
func poison(v reflect.Value) {
	if v.CanAddr() && v.Type() == reflect.TypeFor[schemas.Sent]() {
		sent := v.Addr().Interface().(*schemas.Sent)
		values := sent.Values()
		poison(reflect.ValueOf(&values).Elem())
		*sent = schemas.Send(values)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			poison(v.Elem())
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			poison(v.Index(i))
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			if v.Type().Elem().Kind() == reflect.String && k.String() != "why" {
				v.SetMapIndex(k, reflect.ValueOf(evil+v.MapIndex(k).String()+evil))
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			if name == "Code" || name == "Name" || name == "Rule" || name == "Format" || name == "Secret" {
				continue
			}
			poison(v.Field(i))
		}
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() && v.String() != "" {
			v.SetString(evil + v.String() + evil)
		}
	}
}

const evil = "\x1b[2J\x1b]0;t\a\u009b\u202e\r\n\t\x00\xff"

func TestNoEscapeOfTheDataReachesATerminal(t *testing.T) {
	for _, lang := range []words.Lang{words.English, words.Portuguese} {
		p := richPlan()
		lines := strings.Count(shown(p, sinks.Screen{Lang: lang, All: true}), "\n")
		poison(reflect.ValueOf(p))
		got := shown(p, sinks.Screen{Lang: lang, All: true})
		if i := strings.IndexAny(got, "\x1b\a\u009b\u202e\r\t\x00"); i >= 0 {
			t.Errorf("%q", got[max(0, i-80):min(len(got), i+40)])
		}
		if n := strings.Count(got, "\n"); n != lines {
			t.Errorf("%d lines became %d", lines, n)
		}
		message := sinks.Line(lang, "error", schemas.Problem{Code: "bad_ip", Place: schemas.Place{Source: evil, Column: evil, Row: 1}, Args: schemas.Pairs("value", evil)})
		if strings.ContainsAny(message, "\x1b\a\u009b\u202e\r\n\t\x00") {
			t.Errorf("%q", message)
		}
	}
}

func TestScreenOfResults(t *testing.T) {
	results := []schemas.Result{
		{Kind: schemas.KindDevice, Action: schemas.ActionCreate, Key: "srv-01", Status: schemas.StatusDone},
		{Kind: schemas.KindDevice, Action: schemas.ActionUpdate, Key: "srv-02", Status: schemas.StatusFailed, Code: "1011", Message: "1011: \x1b[31mred", Problems: []schemas.Problem{{Code: "1011", Args: schemas.Pairs("message", "1011: \x1b[31mred")}}},
		{Kind: schemas.KindDevice, Action: schemas.ActionUpdate, Key: "srv-03", Status: schemas.StatusFailed, Code: "1011", Message: "1011: other"},
		{Kind: schemas.KindCredential, Action: schemas.ActionCreate, Key: "root@srv-04", Status: schemas.StatusSkipped, Code: "device_missing", Message: "its device srv-04 is not there as planned", Problems: []schemas.Problem{{Code: "device_missing", Args: schemas.Pairs("hostname", "srv-04")}}},
		{Kind: schemas.KindDevice, Action: schemas.ActionUpdate, Key: "srv-05", Status: schemas.StatusUnknown, Code: "unsettled", Message: "?", Problems: []schemas.Problem{{Code: "unsettled", Args: schemas.Pairs("cause", "?")}}},
		{Kind: schemas.KindDevice, Action: schemas.ActionHold, Key: "srv-06", Status: schemas.StatusHeld, Code: "ambiguous"},
		{Kind: schemas.KindDevice, Action: schemas.ActionReject, Status: schemas.StatusRejected, Code: "no_hostname"},
	}
	total := schemas.Total{Run: "r", Exit: 14, Changes: schemas.ChangeCounts{Done: 1, Failed: 2, Skipped: 1, Unknown: 1}}
	for _, lang := range []words.Lang{words.English, words.Portuguese} {
		var b bytes.Buffer
		(&sinks.Screen{Out: &b, Lang: lang}).Results(results, total, "reports/r")
		golden(t, "results."+string(lang)+".golden", b.String())
		if strings.Contains(b.String(), "\x1b") {
			t.Errorf("%q", b.String())
		}
	}
}
