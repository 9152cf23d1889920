package scan

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestErrorOfTheSource(t *testing.T) {
	mine := errors.New("connection reset")
	const doc = `{"a":[1,{"b":"c"}],"d":2} [3] 4`
	for n := range len(doc) + 1 {
		for _, err := range []error{mine, io.ErrUnexpectedEOF} {
			src := func() io.Reader { return io.MultiReader(strings.NewReader(doc[:n]), iotest.ErrReader(err)) }
			raw := newReader(src(), Options{}, 16)
			var got error
			for got == nil {
				_, got = raw.Raw()
			}
			if !errors.Is(got, err) || errors.Is(got, ErrTruncated) {
				t.Errorf("after %q: %v", doc[:n], got)
			}
			if _, again := raw.Peek(); again != got {
				t.Errorf("after %q the error does not stay: %v", doc[:n], again)
			}
			entered := newReader(src(), Options{}, 16)
			for got = nil; got == nil; {
				got = walk(entered)
			}
			if !errors.Is(got, err) {
				t.Errorf("walking %q: %v", doc[:n], got)
			}
		}
	}
	if err := NewReader(iotest.ErrReader(mine), Options{}).End(); !errors.Is(err, mine) {
		t.Errorf("End gives %v", err)
	}
}

// What arrived before the error is read.
func TestErrorOfTheSourceComesAfterItsBytes(t *testing.T) {
	mine := errors.New("connection reset")
	src := io.MultiReader(strings.NewReader(`[1]`), iotest.ErrReader(mine))
	r := NewReader(src, Options{})
	if raw, err := r.Raw(); string(raw) != "[1]" || err != nil {
		t.Errorf("%s, %v", raw, err)
	}
	if _, err := r.Peek(); !errors.Is(err, mine) {
		t.Errorf("%v", err)
	}
}

type oddReader int

func (o oddReader) Read(p []byte) (int, error) { return int(o), nil }

func TestSourceThatMisbehaves(t *testing.T) {
	for rule, c := range map[string]struct {
		src  io.Reader
		want error
	}{
		"never gives anything": {oddReader(0), io.ErrNoProgress},
		"gives less than none": {oddReader(-1), errReader},
		"gives too much":       {oddReader(1 << 30), errReader},
	} {
		if _, err := NewReader(c.src, Options{}).Peek(); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", rule, err)
		}
	}
}

func TestCallsOutOfTurn(t *testing.T) {
	for rule, calls := range map[string]func(r *Reader) error{
		"NextKey at the top":           nextKey,
		"NextElement at the top":       func(r *Reader) error { _, err := r.NextElement(); return err },
		"Raw before NextKey":           func(r *Reader) error { _ = r.EnterObject(); _, err := r.Raw(); return err },
		"Skip before NextKey":          func(r *Reader) error { _ = r.EnterObject(); return r.Skip() },
		"NextElement in an object":     func(r *Reader) error { _ = r.EnterObject(); _, err := r.NextElement(); return err },
		"NextKey with a value waiting": func(r *Reader) error { _ = r.EnterObject(); _ = nextKey(r); return nextKey(r) },
		"EnterArray of an object":      (*Reader).EnterArray,
	} {
		r := NewReader(strings.NewReader(`{"a":1}`), Options{})
		err := calls(r)
		if err == nil {
			t.Errorf("%s: no error", rule)
		}
		if r.err != nil {
			t.Errorf("%s: the reader can go on, but keeps %v", rule, r.err)
		}
	}
}

func TestEnterAnotherKind(t *testing.T) {
	for _, c := range []struct {
		doc, kind string
		enter     func(*Reader) error
	}{
		{"[1]", "an object was expected, not an array", (*Reader).EnterObject},
		{"{}", "an array was expected, not an object", (*Reader).EnterArray},
		{`"x"`, "an object was expected, not a string", (*Reader).EnterObject},
		{"-1", "an object was expected, not a number", (*Reader).EnterObject},
		{"false", "an array was expected, not true or false", (*Reader).EnterArray},
		{"null", "an array was expected, not null", (*Reader).EnterArray},
	} {
		r := NewReader(strings.NewReader("\n"+c.doc), Options{})
		var syntax *SyntaxError
		if err := c.enter(r); !errors.As(err, &syntax) || err.Error() != "line 2, byte 1: "+c.kind {
			t.Errorf("%s: %v", c.doc, err)
		}
		if raw, err := r.Raw(); string(raw) != c.doc || err != nil {
			t.Errorf("the value is still there: %s, %v", raw, err)
		}
	}
}

func TestEndInsideOfSomething(t *testing.T) {
	for doc, want := range map[string]string{
		"[":   "line 1, byte 1: unexpected end: the document is cut short",
		"[1]": "line 1, byte 1: unexpected '1': nothing was expected after the document",
	} {
		r := NewReader(strings.NewReader(doc), Options{})
		if err := r.EnterArray(); err != nil {
			t.Fatal(err)
		}
		if err := r.End(); err == nil || err.Error() != want {
			t.Errorf("%s: %v", doc, err)
		}
	}
}

func TestMessages(t *testing.T) {
	for doc, want := range map[string]string{
		"":              "line 1, byte 0: unexpected end: the document is cut short",
		"\xff\xfe[\x00": "line 1, byte 0: unexpected byte 0xff: a value was expected (this looks like UTF-16, only UTF-8 is read)",
		"[1,\n2,]":      "line 2, byte 6: unexpected ']': a value was expected",
		`{"a":1,}`:      "line 1, byte 7: unexpected '}': a name in quotes was expected",
		`{"a" 1}`:       "line 1, byte 5: unexpected '1': ':' was expected after a name",
		`[1 2]`:         "line 1, byte 3: unexpected '2': ',' or the closing brace or bracket was expected",
		`[01]`:          "line 1, byte 2: unexpected '1': a number does not go on like this",
		`["\x"]`:        "line 1, byte 3: unexpected 'x': there is no such escape in a string",
		`["\u00x0"]`:    "line 1, byte 6: unexpected 'x': four hexadecimal digits were expected after \\u",
		"[\"\t\"]":      "line 1, byte 2: unexpected byte 0x09: control characters in strings must be escaped",
		`[tru]`:         "line 1, byte 4: unexpected ']': true, false or null was expected",
		`{x}`:           "line 1, byte 1: unexpected 'x': a name in quotes or '}' was expected",
		`[x]`:           "line 1, byte 1: unexpected 'x': a value or ']' was expected",
	} {
		for name, err := range map[string]error{
			"Raw":  func() error { _, err := NewReader(strings.NewReader(doc), Options{}).Raw(); return err }(),
			"walk": walk(NewReader(strings.NewReader(doc), Options{})),
		} {
			if err == nil || err.Error() != want {
				t.Errorf("%s of %q: %v", name, doc, err)
			}
		}
	}
}
