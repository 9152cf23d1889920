package schemas_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"pamsync/schemas"
)

// journalOf is a journal of so many outcomes, each with a code of a length, and its finish.
func journalOf(t *testing.T, outcomes, length int) []byte {
	t.Helper()
	var b bytes.Buffer
	w := schemas.NewWriter(&b)
	records := []schemas.Record{{Start: &schemas.Start{Format: schemas.FormatPlan, Version: schemas.FormatVersion, Run: "20261102T150405Z-x7kq"}}}
	for i := range outcomes {
		records = append(records, schemas.Record{Outcome: &schemas.Outcome{Change: fmt.Sprint(i), Code: strings.Repeat("x", length)}})
	}
	for _, rec := range append(records, schemas.Record{Finish: &schemas.Finish{Exit: 10}}) {
		if err := w.Write(rec); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func ends(data []byte, n int) (schemas.Ends, error) {
	return schemas.ReadEnds(bytes.NewReader(data), int64(len(data)), schemas.FormatPlan, n)
}

func TestReadEnds(t *testing.T) {
	for _, c := range []struct {
		name     string
		outcomes int
		length   int
		n, want  int
	}{
		{"fewer records than wanted", 0, 1, 3, 1},
		{"as many as wanted", 5, 1, 3, 3},
		{"lines longer than the first look back", 3, 40 << 10, 3, 3},
		{"many lines", 2000, 100, 2, 2},
	} {
		got, err := ends(journalOf(t, c.outcomes, c.length), c.n)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if len(got.Last) != c.want || got.Last[len(got.Last)-1].Finish == nil || got.Torn || got.Start.Run == "" {
			t.Errorf("%s: %d records, torn %v, start %+v", c.name, len(got.Last), got.Torn, got.Start)
		}
	}
}

// TestReadEndsOfACutFile cuts a journal at each byte: what is whole is read, and the rest is said
// to be torn.
func TestReadEndsOfACutFile(t *testing.T) {
	data := journalOf(t, 3, 4)
	for size := range data {
		whole := bytes.Count(data[:size], []byte("\n"))
		got, err := ends(data[:size], 10)
		if whole == 0 {
			if err != io.EOF {
				t.Fatalf("%d bytes: %v", size, err)
			}
			continue
		}
		if err != nil || len(got.Last) != whole-1 || got.Torn != (data[size-1] != '\n') {
			t.Fatalf("%d bytes: %d records, torn %v, %v", size, len(got.Last), got.Torn, err)
		}
	}
}

func TestReadEndsRefuses(t *testing.T) {
	data := journalOf(t, 3, 4)
	for _, c := range []struct{ name, old, new, want string }{
		{"another format", "pamsync-plan", "pamsync-other", `this is a "pamsync-other" file; wanted is "pamsync-plan"`},
		{"an edited end", `"exit":10`, `"exit": 10`, "near the end: not as pamsync writes it: was it edited?"},
	} {
		if _, err := ends(bytes.Replace(data, []byte(c.old), []byte(c.new), 1), 1); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
