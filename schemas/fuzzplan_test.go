package schemas_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pamsync/schemas"
)

// sealed is a file of records with a seal that fits, whatever they are.
func sealed(records []byte) []byte {
	return fmt.Appendf(bytes.Clone(records), "{\"seal\":{\"records\":%d,\"sha256\":\"%x\"}}\n", bytes.Count(records, []byte("\n")), sha256.Sum256(records))
}

// FuzzReadPlan holds that a plan which is read has every record of its file in it: written and read
// once more, it is the same plan, and no shorter.
func FuzzReadPlan(f *testing.F) {
	all := lines(written(f, fullPlan()))
	body := []byte(strings.Join(all[:len(all)-1], ""))
	if _, err := schemas.ReadPlan(bytes.NewReader(sealed(body))); err != nil {
		f.Fatal(err)
	}
	f.Add(body)
	summary := all[len(all)-2]
	f.Add(append(bytes.Clone(body), summary...))
	f.Add([]byte(all[0] + summary + all[1]))
	f.Add([]byte(all[0]))
	f.Fuzz(func(t *testing.T, body []byte) {
		p, err := schemas.ReadPlan(bytes.NewReader(sealed(body)))
		if err != nil {
			return
		}
		var again bytes.Buffer
		if err := schemas.WritePlan(&again, p); err != nil {
			t.Fatal(err)
		}
		if size := again.Len(); size != len(sealed(body)) {
			t.Fatalf("%d bytes became %d:\n%s", len(sealed(body)), size, body)
		}
		second, err := schemas.ReadPlan(&again)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(p, second) {
			t.Fatalf("%+v became %+v", p, second)
		}
	})
}
