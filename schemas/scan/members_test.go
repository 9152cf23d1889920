package scan

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestTextIsThatOfEncodingJSON(t *testing.T) {
	for rule, raw := range map[string]string{
		"plain":                            `"abc"`,
		"empty":                            `""`,
		"every escape":                     `"\"\\\/\b\f\n\r\t"`,
		"an escaped letter":                `"\u00e9\u00E9"`,
		"a pair of surrogates":             `"x\ud83d\ude00y"`,
		"the first of a pair alone":        `"\ud83d"`,
		"the first of a pair, then text":   `"\ud83dabcdef"`,
		"the second of a pair alone":       `"\ude00"`,
		"two firsts, then a second":        `"\ud83d\ud83d\ude00"`,
		"a first, then another escape":     `"\ud83d\u0041"`,
		"a pair in the wrong order":        `"\ude00\ud83d"`,
		"a NUL":                            `"a\u0000b"`,
		"UTF-8":                            `"é😀"`,
		"a byte that is no UTF-8":          "\"a\xffb\"",
		"UTF-8 cut short":                  "\"\xe2\x82\"",
		"UTF-8 longer than it needs to be": "\"\xc0\xaf\"",
		"a surrogate as UTF-8":             "\"\xed\xa0\x80\"",
		"bad bytes among escapes":          "\"\\n\xff\\u0041\xc3\"",
	} {
		var want string
		if err := json.Unmarshal([]byte(raw), &want); err != nil {
			t.Fatal(rule, err)
		}
		if got, ok := Text([]byte(raw)); string(got) != want || !ok {
			t.Errorf("%s: %q, not %q", rule, got, want)
		}
		doc := `{` + raw + `:1}`
		for name := range Members([]byte(doc)) {
			if string(name) != want {
				t.Errorf("%s, as a name: %q", rule, name)
			}
		}
	}
}

func TestScalar(t *testing.T) {
	for _, c := range []struct {
		raw, want string
		ok        bool
	}{
		{`"a\nb"`, "a\nb", true}, {`-1.50e3`, "-1.50e3", true}, {`true`, "true", true},
		{`false`, "false", true}, {`null`, "", true}, {`{}`, "", false}, {`["a"]`, "", false}, {``, "", false},
	} {
		if got, ok := Scalar([]byte(c.raw)); string(got) != c.want || ok != c.ok {
			t.Errorf("Scalar of %s is %q, %v", c.raw, got, ok)
		}
		_, ok := Text([]byte(c.raw))
		if ok != strings.HasPrefix(c.raw, `"`) {
			t.Errorf("Text of %s: %v", c.raw, ok)
		}
		if IsNull([]byte(c.raw)) != (c.raw == "null") {
			t.Errorf("IsNull of %s", c.raw)
		}
	}
}

func TestMembersAndElements(t *testing.T) {
	raw := []byte("{ \"a\" : 1 ,\"b\":{\"a\":[\"}\",2]}\n,\"c\\\"\":\"x\\\\\",\"\": [ ] ,\"a\":null}")
	var got []string
	for name, value := range Members(raw) {
		got = append(got, fmt.Sprintf("%s=%s", name, value))
	}
	if s := strings.Join(got, ";"); s != `a=1;b={"a":["}",2]};c"="x\\";=[ ];a=null` {
		t.Error(s)
	}
	got = nil
	for value := range Elements([]byte("[ 1,\"a,]\" ,[ 2 , [3]], {\"x\":[]}\n,true ]")) {
		got = append(got, string(value))
	}
	if s := strings.Join(got, ";"); s != `1;"a,]";[ 2 , [3]];{"x":[]};true` {
		t.Error(s)
	}
	for _, other := range []string{"", " ", "1", "null", `"{"`, "{}", "[]", " { } ", "[ ]"} {
		for name, value := range Members([]byte(other)) {
			t.Errorf("%q has the member %s %s", other, name, value)
		}
		for value := range Elements([]byte(other)) {
			t.Errorf("%q has the element %s", other, value)
		}
	}
}

func TestMembersStopsWhenAsked(t *testing.T) {
	n := 0
	for range Members([]byte(`{"a":1,"b":2}`)) {
		n++
		break
	}
	for range Elements([]byte(`[1,2]`)) {
		n++
		break
	}
	if n != 2 {
		t.Error(n)
	}
}

func TestGet(t *testing.T) {
	raw := []byte(`{"a":1,"A":2,"a":{"b":3},"e\u0061":null}`)
	for name, want := range map[string]string{"a": `{"b":3}`, "A": "2", "ea": "null"} {
		if got, ok := Get(raw, name); string(got) != want || !ok {
			t.Errorf("%s is %s, %v", name, got, ok)
		}
	}
	for _, name := range []string{"b", "", "EA"} {
		if got, ok := Get(raw, name); got != nil || ok {
			t.Errorf("%s is %s, %v", name, got, ok)
		}
	}
}

// Values that are no JSON are nobody's to pass, but must not bring the
// program down.
func TestHelpersOnAnythingElse(t *testing.T) {
	const doc = `{"a":[1,{"b":"c\u00e9\ud83d\ude00"}],"d\n":[[]],"e":null}`
	for from := range len(doc) {
		for to := from; to <= len(doc); to++ {
			raw := []byte(doc[from:to])
			for _, value := range Members(raw) {
				_, _ = Scalar(value)
			}
			for value := range Elements(raw) {
				_, _ = Text(value)
			}
			_, _ = Get(raw, "e")
			_, _ = Text(raw)
			_, _ = Scalar(raw)
			_, _ = Text([]byte(`"` + doc[from:to] + `"`))
		}
	}
}

func TestHelpersAllocateNothing(t *testing.T) {
	raw := []byte(`{"a":"x","b":[1,"y",null],"c":{"d":true},"é":"ü"}`)
	n := 0
	allocs := testing.AllocsPerRun(100, func() {
		for name, value := range Members(raw) {
			text, _ := Scalar(value)
			n += len(name) + len(text)
			for value := range Elements(value) {
				n += len(value)
			}
		}
		value, _ := Get(raw, "c")
		n += len(value)
	})
	if allocs != 0 || n == 0 {
		t.Errorf("%v allocations", allocs)
	}
}
