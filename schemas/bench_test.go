package schemas_test

import (
	"bytes"
	"fmt"
	"io"
	"testing"

	"pamsync/schemas"
)

// largePlan has 70,000 changes, as a nightly run of a large estate has them: three updates to two
// creates and two inactivations.
func largePlan(b *testing.B) (*schemas.Plan, []byte) {
	p := &schemas.Plan{Start: schemas.Start{Format: schemas.FormatPlan, Version: schemas.FormatVersion}}
	for i := range 70_000 {
		key := fmt.Sprintf("ams-aixapp-%06d.corp.example.com", i)
		c := schemas.Change{Kind: schemas.KindDevice, Action: schemas.ActionUpdate, Key: key, Device: key, VaultID: fmt.Sprint(i), DeviceID: fmt.Sprint(i)}
		cell := fmt.Sprintf("data/devices.csv:%d:4", i+2)
		now := [...]schemas.FieldChange{{Field: schemas.FieldIP, After: fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255)}, {Field: schemas.FieldSite, After: "São Paulo DC1"},
			{Field: schemas.FieldModel, After: "AIX 7.2"}, {Field: schemas.FieldVendor, After: "IBM"}, {Field: schemas.FieldType, After: "Server"}}
		c.Send = schemas.Send(schemas.Values{schemas.FieldHostname: key, schemas.FieldIP: now[0].After, schemas.FieldSite: now[1].After,
			schemas.FieldModel: now[2].After, schemas.FieldVendor: now[3].After, schemas.FieldType: now[4].After})
		c.Rows = []schemas.RowRef{{Source: "data/devices.csv", Row: i + 2}}
		switch i % 7 {
		case 0, 1:
			c.Action, c.VaultID, c.DeviceID, c.Fields = schemas.ActionCreate, "", "", now[:]
			c.Reason = schemas.Reason{Rule: schemas.RuleNew, Cell: cell, Value: key}
		case 2, 3:
			c.Action, c.Send, c.Rows, c.Reason.Rule = schemas.ActionInactivate, schemas.Sent{}, nil, schemas.RuleMissing
			for _, f := range now {
				c.Fields = append(c.Fields, schemas.FieldChange{Field: f.Field, Before: f.After})
			}
		default:
			c.Reason = schemas.Reason{Rule: schemas.RuleDiffers, Cell: cell, Value: "AIX 7.2"}
			c.Fields = []schemas.FieldChange{{Field: schemas.FieldModel, Before: "Catalyst 9300, 48-port PoE+", After: "AIX 7.2", Cell: cell}}
		}
		c.Identify()
		p.Changes = append(p.Changes, c)
	}
	var text bytes.Buffer
	if err := schemas.WritePlan(&text, p); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	return p, text.Bytes()
}

func BenchmarkIdentify70k(b *testing.B) {
	p, _ := largePlan(b)
	for b.Loop() {
		for i := range p.Changes {
			p.Changes[i].Identify()
		}
	}
}

func BenchmarkWritePlan70k(b *testing.B) {
	p, _ := largePlan(b)
	for b.Loop() {
		if err := schemas.WritePlan(io.Discard, p); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadPlan70k(b *testing.B) {
	_, text := largePlan(b)
	for b.Loop() {
		if _, err := schemas.ReadPlan(bytes.NewReader(text)); err != nil {
			b.Fatal(err)
		}
	}
}
