package schemas_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"pamsync/schemas"
)

// FuzzReader holds that whatever reads would be written back byte for byte: no two files
// mean the same plan.
func FuzzReader(f *testing.F) {
	whole := written(f, fullPlan())
	f.Add(whole)
	for _, line := range lines(whole) {
		f.Add([]byte(`{"start":{"format":"pamsync-plan","version":1}}` + "\n" + line))
	}
	for _, text := range []string{
		"", "\n", `{"start":{"format":"pamsync-plan","version":1}}`,
		`{"start":{"format":"pamsync-plan","version":1,"Version":1}}` + "\n",
		`{"start":{"format":"pamsync-plan","version":1},"hold":null}` + "\n",
		`{"start":{"format":"pamsync-plan","version":1}}` + "\n" + `{"warning":{"code":"\u2028","args":{"b":"1","a":"2"}}}` + "\n",
		strings.Replace(string(whole), `"percent":2.5`, `"percent":25e-1`, 1),
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r := schemas.NewReader(bytes.NewReader(data), schemas.FormatPlan)
		var again bytes.Buffer
		w := schemas.NewWriter(&again)
		for {
			rec, err := r.Next()
			if err == io.EOF && r.Digest() != "" {
				if digest, err := w.Seal(); err != nil || digest != r.Digest() {
					t.Fatalf("sealed again: %s, %v; was %s", digest, err, r.Digest())
				}
			}
			if err != nil {
				break
			}
			if err := w.Write(rec); err != nil {
				t.Fatalf("read, but not written: %v", err)
			}
		}
		if !bytes.Equal(again.Bytes(), data[:r.Offset()]) {
			t.Fatalf("read\n%s\nwritten\n%s", data[:r.Offset()], again.Bytes())
		}
	})
}
