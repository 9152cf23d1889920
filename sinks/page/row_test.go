package page

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

// asciiJSON is what encoding/json writes, with escapes for all that is no ASCII.
func asciiJSON(t *testing.T, v any) string {
	t.Helper()
	line, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var ascii strings.Builder
	for _, r := range string(line) {
		if r < utf8.RuneSelf {
			ascii.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&ascii, `\u%04x`, unit)
		}
	}
	return ascii.String()
}

// TestRowsAreWrittenLikeJSON, with every escape that HTML needs, and what is empty left out.
func TestRowsAreWrittenLikeJSON(t *testing.T) {
	type like struct {
		Sign     string  `json:"a"`
		Kind     string  `json:"k"`
		Key      string  `json:"n,omitempty"`
		ID       string  `json:"i,omitempty"`
		Rule     string  `json:"r,omitempty"`
		Cell     string  `json:"c,omitempty"`
		Run      string  `json:"v,omitempty"`
		Fields   [][]any `json:"f,omitempty"`
		Rows     [][]any `json:"s,omitempty"`
		Taken    [][]any `json:"d,omitempty"`
		Notes    [][]any `json:"m,omitempty"`
		Status   string  `json:"t,omitempty"`
		Attempts int     `json:"p,omitempty"`
	}
	for i, x := range []string{"", "x", "</script><!--", "a&b\"\\", "\u2028\u2029", "\x00\x1f\n\xff", "São Paulo > Rio \U0001f511"} {
		r := row{sign: x, kind: x, key: x, id: x, rule: x, cell: x, run: x, status: x, attempts: i}
		want := like{x, x, x, x, x, x, x, nil, nil, nil, nil, x, i}
		for n := range i {
			r.fields = append(r.fields, fieldText{name: x, before: x, after: x}, fieldText{x, x, x, "c", false}, fieldText{x, x, x, x, true})
			want.Fields = append(want.Fields, []any{x, x, x}, []any{x, x, x, "c"}, []any{x})
			r.rows, want.Rows = append(r.rows, rowText{x, n}), append(want.Rows, []any{x, n})
			r.taken, want.Taken = append(r.taken, itemText{x, x, x, x, x}), append(want.Taken, []any{x, x, x, x, x})
			r.notes, want.Notes = append(r.notes, placed{note{Code: fmt.Sprint(n)}, x, x}), append(want.Notes, []any{n, x, x})
		}
		var all notes
		text := asciiJSON(t, want)
		if got := string(r.appendJSON(nil, all.number)); got != text {
			t.Errorf("%q is written\n%s\nwant\n%s", x, got, text)
		}
		for n := range all.list {
			all.list[n].Say, all.list[n].Hint = both{x, x}, both{x, "<" + x}
		}
		text = asciiJSON(t, all.list)
		if got := string(all.appendJSON(nil)); got != text {
			t.Errorf("notes of %q are written\n%s\nwant\n%s", x, got, text)
		}
	}
}
