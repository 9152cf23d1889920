package schemas_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"pamsync/schemas"
)

const someDigest = "387048ea181c86e99bd60c090e4e3363a6237bc5858aba9eb8adb5f4caba1aa8"

func allValues() schemas.Values {
	var v schemas.Values
	for f := range schemas.NumFields {
		if !f.Secret() {
			v[f] = "value of " + f.String() + ` <&> "ção"`
		}
	}
	return v
}

// fullPlan is a plan in which every field of every record is used.
func fullPlan() *schemas.Plan {
	rows := []schemas.RowRef{{Source: "d.csv", Row: 2}, {Source: "cmdb.json", Row: 5}}
	item := schemas.Item{Kind: schemas.KindKey, ID: "12", Key: "deploy@srv-01", Type: "SSH Key", Identifier: "deploy-01"}
	limit := schemas.Limit{Off: true, Percent: 2.5, Count: -1, Floor: 3}
	place := schemas.Place{Source: "b.xlsx", Sheet: "Servers", Row: 9, Col: 3, Column: "IP", Pointer: "#/result/8/ip"}
	problem := schemas.Problem{Code: "bad_ip", Place: place, Args: schemas.Pairs("value", "10.0.0.300")}
	p := &schemas.Plan{
		Start: schemas.Start{Format: schemas.FormatPlan, Version: schemas.FormatVersion, Run: "20261102T150405Z-x7kq", Tool: "pamsync 1",
			Made: "2026-11-02T15:04:05Z", By: "ana", Vault: "https://vault.example:443", Client: "7f1c", Plan: "sha256:" + someDigest, Zone: "America/Sao_Paulo",
			Sources: []schemas.SourceUse{{Kind: schemas.KindDevice, Path: "d.csv", Format: "csv", SHA256: someDigest, Rows: 3, Records: "result", Sheet: "Servers",
				Columns: map[string]string{"hostname": "Nome do host"}, File: "/data/d.csv", LeftOut: 1, Modified: "2026-11-02T14:00:00Z", Where: `status == "1"`, Stale: true,
				Known: "../data/d.csv", Unusable: 1}},
			Policy: &schemas.Policy{Devices: schemas.MissingInactivate, Credentials: schemas.MissingReport, Keys: schemas.MissingKeep, Infos: schemas.MissingInactivate, Reactivate: schemas.ReactivateOurs,
				Secrets: schemas.SecretsAlways, Approval: true, Limits: schemas.Limits{Inactivate: limit, Cascade: limit, Update: limit, Unreadable: 1, Announced: true,
					Create: limit, Reactivate: limit, Per: map[string]schemas.ShareLimits{"site": {Inactivate: limit, Update: limit}}, SourceShrink: limit, ViewShrink: limit,
					NewValues: 20, InUse: 7, RoundCount: true, Baseline: true, Drop: schemas.Limit{Percent: 99, Count: 50, Floor: 3}}},
			Secrets: true, Undo: "20261101T150405Z-x7kq", Retry: "20261101T150405Z-x7kq", Bulk: schemas.ActionDrop,
			Reading: &schemas.Reading{Kind: schemas.KindCredential, Out: "/srv/x.age", Recipients: []string{"age1x"}, Release: true, By: schemas.ChosenMatch}},
		Changes: []schemas.Change{
			{Kind: schemas.KindCredential, Action: schemas.ActionUpdate, Key: "root@srv-01", VaultID: "11", Device: "srv-01", DeviceID: "1", Match: "username",
				Reason: schemas.Reason{Rule: schemas.RuleDiffers, Cell: "d.csv:2:3", Value: "x"},
				Fields: []schemas.FieldChange{{Field: schemas.FieldCredentialType, Before: "a", After: "b", Cell: "d.csv:2:3"}, {Field: schemas.FieldContent, Secret: true}},
				Send:   schemas.Send(allValues()), Secret: true, Rows: rows},
			{Kind: schemas.KindDevice, Action: schemas.ActionInactivate, Key: "old-01", VaultID: "3", Device: "old-01", DeviceID: "3",
				Reason: schemas.Reason{Rule: schemas.RuleMissing}, Cascade: []schemas.Item{item}},
			{Kind: schemas.KindCredential, Action: schemas.ActionUpdate, Key: "root@srv-09", VaultID: "13", Device: "srv-09",
				Reason: schemas.Reason{Rule: schemas.RuleRenamed}, Branch: "identifier", Old: "7"},
		},
		Holds: []schemas.Hold{{Kind: schemas.KindDevice, Key: "a", VaultID: "4", Code: "ambiguous", Args: schemas.Pairs("old", "a", "new", "b"),
			Rows: rows, Candidates: []schemas.Item{item}}},
		Rejects:  []schemas.Reject{{Kind: schemas.KindDevice, Key: "srv-09", Row: rows[0], Problems: []schemas.Problem{problem}}},
		Left:     []schemas.Left{{Kind: schemas.KindCredential, Key: "x@y", VaultID: "5", Code: "out_of_scope", Args: schemas.Pairs("a", "b"), Rows: rows}},
		Warnings: []schemas.Problem{problem},
		Summary: schemas.Summary{Rows: schemas.RowCounts{In: 15, Changed: 1, Unchanged: 2, Held: 3, Rejected: 4, LeftOut: 5},
			Kinds: []schemas.KindCounts{{Kind: schemas.KindDevice, Listed: 1, Create: 2, Update: 3, Reactivate: 4, Inactivate: 5, Hold: 6,
				Reject: 7, Unchanged: 8, Left: 9, Dragged: 10, Open: 11, Drop: 12, Release: 13, Read: 2}},
			Limits: []schemas.LimitUse{{Name: "inactivate", Kind: schemas.KindDevice, N: 4, Total: 9, Limit: limit, Stopped: true, Share: "site LAX"}},
			Stop:   []schemas.Problem{problem}, Unnamed: []schemas.Unnamed{{Kind: schemas.KindDevice, IDs: schemas.NewIDs([]string{"3", "4", "x"})}}},
	}
	for i := range p.Changes {
		p.Changes[i].Identify()
	}
	return p
}

func written(t testing.TB, p *schemas.Plan) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := schemas.WritePlan(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestFullPlanIsFull holds that no field is forgotten when a record gets a new one.
func TestFullPlanIsFull(t *testing.T) {
	used, all := map[string]bool{}, map[string]bool{}
	p := fullPlan()
	p.Digest = "set by writing"
	noteFields(reflect.ValueOf(*p), used, all)
	for name := range all {
		if !used[name] {
			t.Errorf("fullPlan does not use %s", name)
		}
	}
}

func noteFields(v reflect.Value, used, all map[string]bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			noteFields(v.Elem(), used, all)
		}
	case reflect.Slice:
		for i := range v.Len() {
			noteFields(v.Index(i), used, all)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			name := v.Type().Name() + "." + v.Type().Field(i).Name
			all[name] = true
			used[name] = used[name] || !v.Field(i).IsZero()
			noteFields(v.Field(i), used, all)
		}
	}
}

func lines(data []byte) []string {
	return strings.SplitAfter(strings.TrimSuffix(string(data), "\n"), "\n")
}
