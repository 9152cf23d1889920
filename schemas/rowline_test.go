package schemas_test

import (
	"strings"
	"testing"

	"pamsync/schemas"
)

// TestALineOfARowHoldsAnyID: what the line is written with is read back, and stands on one line.
func TestALineOfARowHoldsAnyID(t *testing.T) {
	hash := schemas.HashCells([]byte("x\x00"))
	for id, want := range map[string]string{
		"12": "12", "": "", "a\tb": `a\tb`, "a\nb": `a\nb`, "a\rb\r": `a\rb\r`, `a\tb`: `a\\tb`, `\\` + "\t": `\\\\\t`, "ção 1": "ção 1",
	} {
		line := string(schemas.AppendRowLine([]byte("before\n"), []byte(id), hash))
		if line != "before\n"+want+"\t"+string(hash[:])+"\n" {
			t.Errorf("%q is written as %q", id, line)
		}
		line = strings.TrimSuffix(strings.TrimPrefix(line, "before\n"), "\n")
		if got, sum, ok := schemas.ReadRowLine(line); got != id || sum != hash || !ok {
			t.Errorf("%q is read as %q, %s, %v", id, got, sum, ok)
		}
		for _, other := range []string{line + "0", line[:len(line)-1], strings.Replace(line, "\t", " ", 1), want + "\tX" + string(hash[1:])} {
			if _, _, ok := schemas.ReadRowLine(other); ok {
				t.Errorf("%q is taken for a line of a row", other)
			}
		}
	}
}
