package page_test

import (
	"bytes"
	"fmt"
	"io"
	"testing"

	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks/page"
)

// hostile is a host's name that a careless page would run.
const hostile = "</script><img src=x onerror=alert(1)>"

func device(action schemas.Action, key, id, site string, fields ...schemas.FieldChange) schemas.Change {
	c := schemas.Change{Kind: schemas.KindDevice, Action: action, Key: key, VaultID: id, Device: key, DeviceID: id, Fields: fields,
		Reason: schemas.Reason{Rule: schemas.RuleDiffers, Cell: "devices.csv:7:3"}, Rows: []schemas.RowRef{{Source: "devices.csv", Row: 7}}}
	c.Send = schemas.Send(schemas.Values{schemas.FieldSite: site})
	if action == schemas.ActionInactivate {
		c.Reason, c.Rows, c.Send = schemas.Reason{Rule: schemas.RuleMissing}, nil, schemas.Sent{}
		c.Fields = []schemas.FieldChange{{Field: schemas.FieldIP, Before: "10.0.9.9"}, {Field: schemas.FieldSite, Before: site}}
	}
	return c
}

// samplePlan has one of everything that a page shows.
func samplePlan(t testing.TB) *schemas.Plan {
	t.Helper()
	field := func(name, before, after string) schemas.FieldChange {
		f, _ := schemas.ParseField(name)
		return schemas.FieldChange{Field: f, Before: before, After: after, Cell: "devices.csv:7:3"}
	}
	gone := device(schemas.ActionInactivate, "old-01", "31", "LAX")
	gone.Cascade = []schemas.Item{{Kind: schemas.KindCredential, ID: "901", Key: "root@old-01", Type: "Local User"}, {Kind: schemas.KindKey, ID: "902", Key: "deploy@old-01", Type: "SSH Key"}}
	secret := schemas.Change{Kind: schemas.KindCredential, Action: schemas.ActionCreate, Key: "svc@srv-10", Device: "srv-10", Secret: true,
		Fields: []schemas.FieldChange{{Field: schemas.FieldCredentialType, After: "Local User"}, {Field: schemas.FieldContent, Secret: true}},
		Reason: schemas.Reason{Rule: schemas.RuleNew, Cell: "accounts.csv:4:2"}, Rows: []schemas.RowRef{{Source: "accounts.csv", Row: 4}}}
	again := schemas.Change{Kind: schemas.KindCredential, Action: schemas.ActionReactivate, Key: "app@srv-9", VaultID: "77", Device: "srv-9",
		Reason: schemas.Reason{Rule: schemas.RuleDragged, Value: "20261101T010101Z-abcd"}}
	p := &schemas.Plan{
		Start: schemas.Start{Format: schemas.FormatPlan, Version: 1, Run: "20261102T150405Z-x7kq", Tool: "pamsync test", Made: "2026-11-02T15:04:05Z",
			Vault: "https://vault.example:443", Client: "7f1c", Sources: []schemas.SourceUse{
				{Kind: schemas.KindDevice, Path: "devices.csv", Format: "csv", Rows: 9, SHA256: "aa11"},
				{Kind: schemas.KindCredential, Path: "accounts.csv", Format: "csv", Rows: 3, SHA256: "bb22"}},
			Policy: &schemas.Policy{Devices: schemas.MissingInactivate, Credentials: schemas.MissingReport, Reactivate: schemas.ReactivateOurs,
				Secrets: schemas.SecretsOnCreate, Limits: schemas.DefaultLimits()}},
		Changes: []schemas.Change{
			device(schemas.ActionCreate, "srv-10", "", "São Paulo", schemas.FieldChange{Field: schemas.FieldIP, After: "10.0.0.10"}, schemas.FieldChange{Field: schemas.FieldSite, After: "São Paulo"}),
			device(schemas.ActionCreate, hostile, "", "LAX", schemas.FieldChange{Field: schemas.FieldIP, After: "10.0.0.66"}),
			device(schemas.ActionUpdate, "srv-9", "12", "LAX", field("ip", "10.0.0.1", "10.0.0.9"), field("model", "", "R740"), field("device_tags", "", "prod")),
			device(schemas.ActionUpdate, "srv-2", "11", "LAX", field("site", "AWS", "LAX")),
			gone, device(schemas.ActionInactivate, "old-02", "32", "LAX"), secret, again,
		},
		Holds: []schemas.Hold{{Kind: schemas.KindDevice, Key: "twin", VaultID: "40", Code: "ambiguous", Args: schemas.Args{"candidates": "twin (40), twin (41)"},
			Rows: []schemas.RowRef{{Source: "devices.csv", Row: 5}}, Candidates: []schemas.Item{{Kind: schemas.KindDevice, ID: "40", Key: "twin"}, {Kind: schemas.KindDevice, ID: "41", Key: "twin"}}}},
		Rejects: []schemas.Reject{{Kind: schemas.KindDevice, Key: "bad-ip", Row: schemas.RowRef{Source: "devices.csv", Row: 6},
			Problems: []schemas.Problem{{Code: "bad_ip", Place: schemas.Place{Source: "devices.csv", Row: 6, Col: 2, Column: "IP"}, Args: schemas.Args{"value": "10.0.0.300"}}}}},
		Left:     []schemas.Left{{Kind: schemas.KindDevice, Key: "lab-1", VaultID: "50", Code: "out_of_scope"}, {Kind: schemas.KindDevice, Key: "dc-1", VaultID: "51", Code: "protected"}},
		Warnings: []schemas.Problem{{Code: "rows_equal", Place: schemas.Place{Source: "devices.csv", Row: 8}, Args: schemas.Args{"rows": "2", "key": "srv-2", "all": "devices.csv:3, devices.csv:8"}}},
		Summary: schemas.Summary{Rows: schemas.RowCounts{In: 12, Changed: 6, Unchanged: 2, Held: 1, Rejected: 1, LeftOut: 2},
			Kinds: []schemas.KindCounts{{Kind: schemas.KindDevice, Create: 2, Update: 2, Inactivate: 2, Hold: 1, Reject: 1}, {Kind: schemas.KindCredential, Create: 1, Reactivate: 1, Dragged: 1}, {Kind: schemas.KindKey, Dragged: 1}},
			Limits: []schemas.LimitUse{{Name: "inactivate", Kind: schemas.KindDevice, N: 2, Total: 60, Limit: schemas.Limit{Percent: 5, Count: 50, Floor: 3}},
				{Name: "update", Kind: schemas.KindDevice, N: 2, Total: 60, Limit: schemas.Limit{Percent: 30, Count: -1, Floor: 3}}}},
	}
	seal(t, p)
	return p
}

// stopped is the sample, stopped by a limit.
func stopped(t testing.TB) *schemas.Plan {
	t.Helper()
	p := samplePlan(t)
	p.Summary.Limits[0].N, p.Summary.Limits[0].Stopped = 9, true
	p.Summary.Stop = []schemas.Problem{{Code: "limit_inactivate", Args: schemas.Args{"n": "9", "total": "60", "kind": "device", "limit": "5%, 50", "dragged": "2"}}}
	seal(t, p)
	return p
}

func seal(t testing.TB, p *schemas.Plan) {
	t.Helper()
	for i := range p.Changes {
		p.Changes[i].Identify()
	}
	if err := schemas.WritePlan(io.Discard, p); err != nil {
		t.Fatal(err)
	}
}

// sampleResults end the sample's changes in every way.
func sampleResults(p *schemas.Plan) ([]schemas.Result, schemas.Total) {
	ends := []schemas.Result{
		{Status: schemas.StatusDone, VaultID: "101", Attempts: 1},
		{Status: schemas.StatusFailed, Code: "1011", Message: "the vault refused it: Unique key error", Attempts: 1,
			Problems: []schemas.Problem{{Code: "1011", Args: schemas.Pairs("message", "Unique key error")}}},
		{Status: schemas.StatusDone, Code: "not_kept", Message: `the vault keeps model as "R640", not "R740"`, Attempts: 1},
		{Status: schemas.StatusUnknown, Code: "no_outcome", Message: "it was sent, and nobody knows what became of it", Attempts: 3},
		{Status: schemas.StatusDone, Attempts: 1}, {Status: schemas.StatusSkipped, Code: "already_inactive", Message: "it was inactive already", Attempts: 1},
		{Status: schemas.StatusSkipped, Code: "not_reached", Message: "the run ended before it"}, {Status: schemas.StatusDone, Attempts: 1},
	}
	total := schemas.Total{Run: "20261102T160000Z-rslt", Exit: 14, Rows: p.Summary.Rows, Changes: schemas.ChangeCounts{Done: 4, Failed: 1, Skipped: 2, Unknown: 1}}
	for i := range ends {
		c := &p.Changes[i]
		ends[i].Change, ends[i].Kind, ends[i].Action, ends[i].Key = c.ID, c.Kind, c.Action, c.Key
	}
	for _, h := range p.Holds {
		ends = append(ends, schemas.Result{Kind: h.Kind, Action: schemas.ActionHold, Key: h.Key, Status: schemas.StatusHeld, Code: h.Code, Message: words.Problem(words.English, h.Code, h.Args)})
	}
	for _, r := range p.Rejects {
		ends = append(ends, schemas.Result{Kind: r.Kind, Action: schemas.ActionReject, Key: r.Key, Status: schemas.StatusRejected, Code: "bad_ip", Message: "x"})
	}
	return ends, total
}

func planText(t testing.TB, lang words.Lang, p *schemas.Plan) string {
	t.Helper()
	var b bytes.Buffer
	if err := page.Plan(&b, lang, p, page.Options{RPS: 5}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func resultText(t testing.TB, lang words.Lang, p *schemas.Plan) string {
	t.Helper()
	results, total := sampleResults(p)
	start := p.Start
	start.Format, start.Run, start.Plan = schemas.FormatResult, total.Run, p.Digest
	var b bytes.Buffer
	err := page.Result(&b, lang, p, start, results, total, page.Options{Ended: "2026-11-02T16:05:00Z", Stop: &schemas.Problem{Code: "max_duration"}})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// bigPlan has n changes, as a migration and a nightly run of a large estate have them.
func bigPlan(t testing.TB, n int) *schemas.Plan {
	t.Helper()
	p := samplePlan(t)
	p.Changes = p.Changes[:0]
	for i := range n {
		key := fmt.Sprintf("srv-%06d", i)
		site := fmt.Sprintf("Site %02d", i%37)
		ip := fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255)
		source := []schemas.RowRef{{Source: "devices.csv", Row: i + 2}}
		cell := fmt.Sprintf("devices.csv:%d:1", i+2)
		var c schemas.Change
		switch {
		case i%100 == 0:
			c = device(schemas.ActionInactivate, key, fmt.Sprint(i), site)
			c.Cascade = []schemas.Item{{Kind: schemas.KindCredential, ID: fmt.Sprint(900000 + i), Key: "root@" + key, Type: "Local User"}}
		case i%10 == 1:
			c = device(schemas.ActionUpdate, key, fmt.Sprint(i), site, schemas.FieldChange{Field: schemas.FieldIP, Before: "10.9.9.9", After: ip, Cell: cell})
			c.Rows, c.Reason.Cell = source, cell
		default:
			c = device(schemas.ActionCreate, key, "", site, schemas.FieldChange{Field: schemas.FieldIP, After: ip}, schemas.FieldChange{Field: schemas.FieldSite, After: site},
				schemas.FieldChange{Field: schemas.FieldModel, After: "Red Hat Enterprise Linux 9"}, schemas.FieldChange{Field: schemas.FieldVendor, After: "Red Hat"}, schemas.FieldChange{Field: schemas.FieldType, After: "Servidor"})
			c.Rows, c.Reason = source, schemas.Reason{Rule: schemas.RuleNew, Cell: cell, Value: key}
		}
		p.Changes = append(p.Changes, c)
	}
	seal(t, p)
	return p
}
