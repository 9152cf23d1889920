package schemas_test

import (
	"slices"
	"testing"

	"pamsync/schemas"
)

// TestIDsAreWrittenAsRanges: a set of ids is short where they follow one another, and comes back
// as it was, whatever an id is.
func TestIDsAreWrittenAsRanges(t *testing.T) {
	for _, c := range []struct {
		ids  []string
		text string
		n    int
	}{
		{nil, "", 0},
		{[]string{"3", "1", "2", "2"}, "1-3", 3},
		{[]string{"5", "7", "6", "12"}, "5-7,12", 4},
		{[]string{"007", "7", "a,b", `"`, "-1"}, `7,"\"","-1","007","a,b"`, 5},
		{[]string{"18446744073709551615", "0"}, "0,18446744073709551615", 2},
	} {
		s := schemas.NewIDs(slices.Clone(c.ids))
		text, err := s.MarshalText()
		if err != nil || string(text) != c.text || s.Len() != c.n {
			t.Errorf("%v: %s with %d, %v", c.ids, text, s.Len(), err)
		}
		var again schemas.IDs
		if err := again.UnmarshalText(text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		for _, id := range c.ids {
			if !s.Has(id) || !again.Has(id) {
				t.Errorf("%s lacks %s", text, id)
			}
		}
		if all := slices.Collect(again.All); len(all) != c.n || s.Has("4") || s.Has("x") {
			t.Errorf("%s: %v", text, all)
		}
	}
	for _, text := range []string{"3-1", "1,1", "5,4", "x", `"open`, "1-2-3", "-"} {
		var s schemas.IDs
		if err := s.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%s is a set of ids", text)
		}
	}
}

// TestIDsMinus: each id of the one that is not in the other is left, and no other one.
func TestIDsMinus(t *testing.T) {
	for _, c := range []struct{ from, less, want string }{
		{"", "", ""},
		{"1-9", "", "1-9"},
		{"1-9", "1-9", ""},
		{"1-9", "0-20", ""},
		{"1-9", "3,5-6", "1-2,4,7-9"},
		{"1-9", "1,9", "2-8"},
		{"1-3,7-9", "2-8", "1,9"},
		{"1-3,7-9,12", "3-7,12", "1-2,8-9"},
		{"5", "1-4,6-9", "5"},
		{"18446744073709551614-18446744073709551615", "18446744073709551615", "18446744073709551614"},
		{`1,"a","b"`, `"b"`, `1,"a"`},
	} {
		var from, less schemas.IDs
		if from.UnmarshalText([]byte(c.from)) != nil || less.UnmarshalText([]byte(c.less)) != nil {
			t.Fatal(c)
		}
		if got, _ := from.Minus(less).MarshalText(); string(got) != c.want {
			t.Errorf("%s less %s is %s, wanted %s", c.from, c.less, got, c.want)
		}
	}
}
