package scan

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

func ExampleReader() {
	list := `{"total":2, "devices":[{"name":"a"}, {"name":"b"}]}`
	r := NewReader(strings.NewReader(list), Options{})
	if r.EnterObject() != nil {
		return
	}
	for {
		name, more, err := r.NextKey()
		if err != nil || !more {
			break
		}
		if string(name) != "devices" {
			_ = r.Skip()
			continue
		}
		_ = r.EnterArray()
		for more, _ := r.NextElement(); more; more, _ = r.NextElement() {
			raw, _ := r.Raw()
			device, _ := Get(raw, "name")
			fmt.Printf("%s %s\n", raw, device)
		}
	}
	fmt.Println(r.End())
	// Output:
	// {"name":"a"} "a"
	// {"name":"b"} "b"
	// <nil>
}

func TestPeekNamesEveryKind(t *testing.T) {
	for doc, want := range map[string]byte{
		" {}": '{', "[]": '[', `"x"`: '"', "0": '0', "9": '0', "-1": '0', "true": 't', "\nfalse": 't', "null": 'n',
	} {
		r := NewReader(strings.NewReader(doc), Options{})
		for range 2 { // it consumes nothing
			if got, err := r.Peek(); got != want || err != nil {
				t.Errorf("Peek of %s is %q, %v", doc, got, err)
			}
		}
		if raw, err := r.Raw(); string(raw) != strings.TrimSpace(doc) || err != nil {
			t.Errorf("Raw of %s is %s, %v", doc, raw, err)
		}
		if got, err := r.Peek(); got != 0 || err != io.EOF {
			t.Errorf("Peek after %s is %q, %v", doc, got, err)
		}
	}
}

func TestLines(t *testing.T) {
	const doc = "{\"a\":1}\r\n\n [2]\n\"x\" 3 null\n{}{}"
	for name, src := range sources(doc) {
		r := newReader(src, Options{}, 16)
		var got []string
		_, err := r.Peek()
		for ; err == nil; _, err = r.Peek() {
			at, line := r.Offset(), r.Line()
			raw, err := r.Raw()
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprintf("%d:%d:%s", line, at, raw))
		}
		want := `[1:0:{"a":1} 3:11:[2] 4:15:"x" 4:19:3 4:21:null 5:26:{} 5:28:{}]`
		if s := fmt.Sprint(got); err != io.EOF || s != want {
			t.Errorf("%s: %v, %v", name, s, err)
		}
		if err := r.End(); err != nil {
			t.Error(err)
		}
	}
}

func TestTopValuesNotSetApart(t *testing.T) {
	for _, doc := range []string{"12true", `1"x"`, "true1", "null[", "1{}", "truefalse"} {
		r := NewReader(strings.NewReader(doc), Options{})
		if raw, err := r.Raw(); err == nil {
			t.Errorf("Raw of %s gives %s", doc, raw)
		}
	}
}

func TestByteOrderMark(t *testing.T) {
	const mark = "\xEF\xBB\xBF"
	for _, c := range []struct {
		rule, doc string
		ok        bool
		at        int64
	}{
		{"one is passed over", mark + "{}", true, 3},
		{"the white space after it too", mark + " {}", true, 4},
		{"a second one is not", mark + mark + "{}", false, 3},
		{"half of one is not", mark[:2] + "{}", false, 0},
		{"one after the start is not", " " + mark + "{}", false, 1},
	} {
		for name, src := range sources(c.doc) {
			r := newReader(src, Options{}, 16)
			_, err := r.Peek()
			if (err == nil) != c.ok || r.Offset() != c.at {
				t.Errorf("%s, %s: %v at %d", c.rule, name, err, r.Offset())
			}
		}
	}
	r := NewReader(strings.NewReader(mark), Options{})
	if _, err := r.Peek(); err != io.EOF {
		t.Errorf("a mark alone is an empty source, not %v", err)
	}
}

func TestNamesAreDecoded(t *testing.T) {
	long := strings.Repeat("n", 100)
	doc := `{"":0, "a\u0062" :1,"\ud83d\ude00":2,"` + long + `":3}`
	for name, src := range sources(doc) {
		r := newReader(src, Options{}, 16)
		if err := r.EnterObject(); err != nil {
			t.Fatal(err)
		}
		for i, want := range []string{"", "ab", "😀", long} {
			key, more, err := r.NextKey()
			if string(key) != want || !more || err != nil {
				t.Fatalf("%s: NextKey gives %q, %v, %v", name, key, more, err)
			}
			if raw, err := r.Raw(); string(raw) != fmt.Sprint(i) || err != nil {
				t.Fatalf("%s: Raw gives %q, %v", name, raw, err)
			}
		}
		if key, more, err := r.NextKey(); key != nil || more || err != nil {
			t.Errorf("%s: at the end NextKey gives %q, %v, %v", name, key, more, err)
		}
	}
}

func TestPlaces(t *testing.T) {
	doc := "{\n \"a\":\n\n  1,\n" + strings.Repeat(" \n", 200) + "\"b\": [x]}"
	for name, src := range sources(doc) {
		r := newReader(src, Options{}, 16)
		if err := errors.Join(r.EnterObject(), nextKey(r)); err != nil || r.Line() != 4 || r.Offset() != 11 {
			t.Errorf("%s: %v at line %d, byte %d", name, err, r.Line(), r.Offset())
		}
		if err := errors.Join(r.Skip(), nextKey(r)); err != nil || r.Line() != 205 || r.Offset() != 419 {
			t.Errorf("%s: %v at line %d, byte %d", name, err, r.Line(), r.Offset())
		}
		_, err := r.Raw()
		if want := "line 205, byte 420: unexpected 'x': a value or ']' was expected"; err == nil || err.Error() != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func nextKey(r *Reader) error {
	_, _, err := r.NextKey()
	return err
}
