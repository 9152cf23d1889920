package sources_test

import (
	"io"
	"strings"
	"testing"

	"pamsync/schemas"
	"pamsync/sources"
)

// long gives one letter again and again.
type long struct{}

func (long) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

// TestALineWithoutEndIsNotHeldWhole: what no export has written takes no more memory than a line may, and the lines
// behind it have the numbers that they have.
func TestALineWithoutEndIsNotHeldWhole(t *testing.T) {
	in := func() io.Reader { return io.MultiReader(io.LimitReader(long{}, 70<<20), strings.NewReader("\nlast\n")) }
	longest, last := 0, 0
	row := func(row sources.ExportedRow) error {
		longest, last = max(longest, len(row.Raw)), row.Line
		return nil
	}
	for _, c := range []struct {
		format string
		read   func() error
	}{
		{"csv", func() error {
			return sources.ReadExportedCSV(in(), "", ',', func([]string) bool { return false }, row)
		}},
		{"jsonl", func() error {
			return sources.ReadExportedLines(in(), func(schemas.Record) []string { return nil }, row)
		}},
	} {
		if err := c.read(); err != nil || longest > 65<<20 || last != 2 {
			t.Errorf("%s: %v, a row of %d bytes, the last one in line %d", c.format, err, longest, last)
		}
		longest, last = 0, 0
	}
}
