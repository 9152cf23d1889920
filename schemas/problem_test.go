package schemas_test

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"pamsync/schemas"
)

func TestPlaceString(t *testing.T) {
	for _, c := range []struct {
		name  string
		place schemas.Place
		want  string
	}{
		{"nothing", schemas.Place{}, ""},
		{"file", schemas.Place{Source: "d.csv"}, "d.csv"},
		{"line", schemas.Place{Source: "d.csv", Row: 218}, "d.csv:218"},
		{"line and column", schemas.Place{Source: "d.csv", Row: 218, Col: 3, Column: "IP"}, "d.csv:218:3"},
		{"column without a line", schemas.Place{Source: "d.csv", Col: 3}, "d.csv"},
		{"cell", schemas.Place{Source: "plan.xlsx", Sheet: "Servers", Row: 218, Col: 3}, "plan.xlsx!Servers!C218"},
		{"last column of one letter", schemas.Place{Source: "p.xlsx", Sheet: "S", Row: 1, Col: 26}, "p.xlsx!S!Z1"},
		{"first column of two letters", schemas.Place{Source: "p.xlsx", Sheet: "S", Row: 1, Col: 27}, "p.xlsx!S!AA1"},
		{"first column of three letters", schemas.Place{Source: "p.xlsx", Sheet: "S", Row: 1, Col: 703}, "p.xlsx!S!AAA1"},
		{"row of a sheet", schemas.Place{Source: "p.xlsx", Sheet: "S", Row: 9}, "p.xlsx!S!9"},
		{"JSON value", schemas.Place{Source: "cmdb.json", Row: 218, Pointer: "#/result/217/ip_address"}, "cmdb.json#/result/217/ip_address"},
	} {
		if got := c.place.String(); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestFault(t *testing.T) {
	f := schemas.NewFault(schemas.ClassInput, "bad_ip", "value", "x", "field", "ip").At(schemas.Place{Source: "d.csv", Row: 2}).Because(fs.ErrNotExist)
	if got, want := f.Error(), `d.csv:2: bad_ip cause="file does not exist" field="ip" value="x"`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	var found *schemas.Fault
	wrapped := fmt.Errorf("reading: %w", f)
	if !errors.As(wrapped, &found) || found.Class != schemas.ClassInput || !errors.Is(wrapped, fs.ErrNotExist) {
		t.Errorf("class or cause is lost: %v", found)
	}
	if schemas.NewFault(schemas.ClassBug, "bug").Because(fs.ErrClosed).Problem.Args["cause"] != "file already closed" {
		t.Error("a fault without arguments gets no cause")
	}
}
