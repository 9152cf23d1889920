package pipeline_test

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/schemas/scan"
)

// lender gives texts as readers do: in a buffer of its own, which the next record overwrites.
type lender struct{ buf []byte }

func (l *lender) lend(texts ...*string) {
	total := 0
	for _, text := range texts {
		total += len(*text)
	}
	l.buf = make([]byte, 0, total)
	for _, text := range texts {
		from := len(l.buf)
		l.buf = append(l.buf, *text...)
		*text = scan.View(l.buf[from:])
	}
}

func (l *lender) takeBack() {
	for i := range l.buf {
		l.buf[i] = '#'
	}
}

// fields are the texts of a struct that has nothing else.
func fields(record any) (texts []*string) {
	v := reflect.ValueOf(record).Elem()
	for i := range v.NumField() {
		texts = append(texts, v.Field(i).Addr().Interface().(*string))
	}
	return texts
}

// lists are a vault's lists; with lent, their texts are taken back after each record.
type lists struct {
	devices  []schemas.Device
	accounts []schemas.Credential
	lent     bool
}

func (l lists) Devices(_ context.Context, yield func(*schemas.Device) error) (schemas.Listing, error) {
	var from lender
	for _, d := range l.devices {
		if l.lent {
			from.lend(fields(&d)...)
		}
		if err := yield(&d); err != nil {
			return schemas.Listing{}, err
		}
		from.takeBack()
	}
	return schemas.Listing{Read: len(l.devices), Announced: len(l.devices)}, nil
}

func (l lists) Credentials(_ context.Context, yield func(*schemas.Credential) error) (schemas.Listing, error) {
	var from lender
	for _, c := range l.accounts {
		if l.lent {
			from.lend(fields(&c)...)
		}
		if err := yield(&c); err != nil {
			return schemas.Listing{}, err
		}
		from.takeBack()
	}
	return schemas.Listing{Read: len(l.accounts), Announced: len(l.accounts)}, nil
}

// lentRows are rows of every fate: changed, unchanged, new, held, rejected and left out.
func lentRows() (devices, accounts []schemas.Row) {
	row := func(v schemas.Values) schemas.Row { return schemas.Row{Values: v} }
	devices = []schemas.Row{
		row(device("srv-01", "10.0.0.1", "LAX")), row(device("SRV-02", "10.0.0.2", "moved")), row(device("srv-new", "10.0.0.9", "LAX")),
		row(device("srv-03", "not an address", "LAX")), row(device("srv-twice", "10.0.0.4", "LAX")), row(device("srv-twice", "10.0.0.5", "LAX")),
		row(device("", "10.0.0.6", "LAX")), row(device("srv\x01-04", "10.0.0.7", "LAX")), row(device("srv-05", "fe80::1", "L\x02X")),
		row(device(" renamed ", "10.0.0.3", "LAX")),
	}
	hidden, out, swallowed := row(device("srv-hidden", "10.0.1.1", "LAX")), row(device("srv-out", "10.0.1.2", "LAX")), row(device("srv-06", "10.0.1.3", "LAX"))
	hidden.Hidden, out.LeftOut = true, true
	swallowed.MayName = []string{"srv-swallowed"}
	devices = append(devices, hidden, out, swallowed)
	withID := account("root", "srv-02", "Local User")
	withID[schemas.FieldIdentifier], withID[schemas.FieldTags] = "bad identifier", "a,b"
	accounts = []schemas.Row{
		row(account("root", "srv-01", "Local User")), row(account("oracle", "srv-new", "Service")), row(account("", "srv-02", "Local User")),
		row(account("admin", "elsewhere", "Domain User")), row(withID), row(account("a\x03b", "srv-01", "x")),
	}
	return devices, accounts
}

func lentVault() lists {
	return lists{
		devices: []schemas.Device{
			{ID: "1", Hostname: "srv-01", IP: "10.0.0.1", Model: "CentOS 7", Type: "Server", Vendor: "CentOS", Site: "LAX", Tags: "t"},
			{ID: "2", Hostname: "srv-02", IP: "10.0.0.2", Model: "CentOS 7", Type: "Server", Vendor: "CentOS", Site: "LAX"},
			{ID: "3", Hostname: "srv-03", IP: "10.0.0.3", Model: "CentOS 7", Type: "Server", Vendor: "CentOS", Site: "LAX"},
			{ID: "4", Hostname: "srv-gone", IP: "10.0.0.8", Model: "CentOS 7", Type: "Server", Vendor: "CentOS", Site: "LAX"},
			{ID: "5", Hostname: "srv-swallowed", IP: "10.0.0.10"}, {ID: "6", Hostname: "srv-hidden", IP: "10.0.1.1"}, {ID: "7", Hostname: "elsewhere"},
		},
		accounts: []schemas.Credential{
			{ID: "1", Identifier: "i-1", Username: "root", Hostname: "srv-01", ManagementIP: "10.0.0.1", Type: "Local User"},
			{ID: "2", Username: "old", Hostname: "srv-gone", ManagementIP: "10.0.0.8", Type: "SSH Key"},
			{ID: "3", Username: "root", Hostname: "srv-02", ManagementIP: "10.0.0.2", Type: "Service"},
		},
	}
}

// TestTextsAreKeptAsCopies: a plan made of texts that are taken back after each record is the one
// made of texts that stay.
func TestTextsAreKeptAsCopies(t *testing.T) {
	plan := func(lent bool) string {
		inv := pipeline.NewInventory([]byte("key"), schemas.Normalize{})
		load := func(kind schemas.Kind, name string, rows []schemas.Row) {
			at := func(row int, f schemas.Field) schemas.Place {
				return schemas.Place{Source: name, Row: row, Col: int(f)}
			}
			source := inv.AddSource(pipeline.SourceInfo{Kind: kind, Name: name, Locate: at})
			var from lender
			for i := range rows {
				row := &rows[i]
				row.Kind, row.Source, row.Number = kind, source, i+2
				row.Place = func(f schemas.Field) schemas.Place { return at(i+2, f) }
				if lent {
					var texts []*string
					for f := range row.Values {
						texts = append(texts, &row.Values[f])
					}
					for k := range row.MayName {
						texts = append(texts, &row.MayName[k])
					}
					from.lend(texts...)
				}
				inv.Load(row)
				from.takeBack()
			}
		}
		devices, accounts := lentRows()
		load(schemas.KindDevice, "d.csv", devices)
		load(schemas.KindCredential, "c.csv", accounts)
		vault := lentVault()
		vault.lent = lent
		s, err := pipeline.TakeSnapshot(context.Background(), vault, pipeline.Want{Accounts: true})
		if err != nil {
			t.Fatal(err)
		}
		config := schemas.DefaultConfig()
		config.Devices.Missing, config.Credentials.Missing = schemas.MissingInactivate, schemas.MissingInactivate
		memory := pipeline.NewMemory(nil)
		problems := pipeline.Validate(inv, pipeline.Policy{})
		plan := pipeline.Build(pipeline.Input{Inventory: inv, Snapshot: memory.Settle(s, nil), Memory: memory,
			Policy: pipeline.Policy{Devices: config.Devices, Credentials: config.Credentials, Limits: config.Limits}})
		text, err := json.MarshalIndent([]any{plan, problems}, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	stays, lent := strings.Split(plan(false), "\n"), strings.Split(plan(true), "\n")
	if len(stays) < 200 {
		t.Errorf("a plan of %d lines shows little", len(stays))
	}
	for i := range min(len(stays), len(lent)) {
		if stays[i] != lent[i] {
			t.Fatalf("line %d: %s, not %s", i+1, lent[i], stays[i])
		}
	}
	if len(stays) != len(lent) {
		t.Errorf("%d lines, not %d", len(lent), len(stays))
	}
}
