package schemas_test

import (
	"hash/crc32"
	"testing"

	"pamsync/schemas"
)

func TestPrints(t *testing.T) {
	ids := schemas.NewIDs([]string{"9", "3", "1", "2", "x-7", "007", "12"})
	print := func(id string) schemas.Print {
		return schemas.Print{Name: crc32.ChecksumIEEE([]byte(id)), Identifier: uint32(len(id))}
	}
	for _, kind := range []schemas.Kind{schemas.KindDevice, schemas.KindCredential} {
		of := schemas.NewPrints(kind, ids, print).Of(kind, ids)
		for id := range ids.All {
			want := print(id)
			if kind == schemas.KindDevice {
				want.Identifier = 0
			}
			if got := of(id); got != want {
				t.Errorf("%s %s has %v, wanted %v", kind, id, got, want)
			}
		}
		for _, id := range []string{"0", "4", "10", "13", "7", "y", ""} {
			if got := of(id); got != (schemas.Print{}) {
				t.Errorf("%s %s is not there and has %v", kind, id, got)
			}
		}
	}
	if got := (schemas.Prints{1, 2, 3}).Of(schemas.KindDevice, ids)("1"); got != (schemas.Print{}) {
		t.Errorf("prints of another set tell %v", got)
	}
}
