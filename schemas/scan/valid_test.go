package scan

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

var documents = []struct {
	rule, doc string
	ok        bool
}{
	{"an object", `{"a":1,"b":[true,false,null]}`, true},
	{"an empty object", `{ }`, true},
	{"an empty array", "[\r\n\t ]", true},
	{"white space around everything", " { \"a\" : [ 1 , 2 ] , \"b\" : { } } \n", true},
	{"a string alone", `"x"`, true},
	{"a name may be empty and repeated", `{"":1,"":2}`, true},
	{"every escape", `"\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00"`, true},
	{"an escape in a name", `{"a\u0062\n":1}`, true},
	{"lone surrogates are no syntax error", `"\ud800 \udc00"`, true},
	{"bytes that are no UTF-8 are no syntax error", "\"\xff\xc3\"", true},
	{"the delete character is plain", "\"\x7f\"", true},
	{"numbers", `[0,-0,1,-12,0.5,1.25,1e5,1E+5,0e-0,-0.0e00]`, true},
	{"a number alone", `-12.5e3`, true},
	{"a literal alone", ` null`, true},
	{"siblings nested", `[[],{},[[]],{"a":{}}]`, true},

	{"nothing at all", ``, false},
	{"white space alone", ` `, false},
	{"a trailing comma in an array", `[1,]`, false},
	{"a trailing comma in an object", `{"a":1,}`, false},
	{"a leading comma", `[,1]`, false},
	{"a leading comma in an object", `{,"a":1}`, false},
	{"a missing comma", `[1 2]`, false},
	{"a missing comma between members", `{"a":1 "b":2}`, false},
	{"a missing colon", `{"a" 1}`, false},
	{"a missing value", `{"a":}`, false},
	{"a missing name", `{1}`, false},
	{"a name without quotes", `{a:1}`, false},
	{"a name in single quotes", `{'a':1}`, false},
	{"a colon in an array", `["a":1]`, false},
	{"the wrong closing byte", `[1}`, false},
	{"the wrong closing byte of an object", `{"a":1]`, false},
	{"a closing byte alone", `]`, false},
	{"one closing byte too many", `[]]`, false},
	{"a leading zero", `01`, false},
	{"a leading zero within", `[-01]`, false},
	{"a plus sign", `+1`, false},
	{"a minus sign alone", `[-]`, false},
	{"a point without digits after it", `[1.]`, false},
	{"a point without digits before it", `[.5]`, false},
	{"an exponent without digits", `[1e]`, false},
	{"an exponent with a sign alone", `[1e+]`, false},
	{"two points", `[1.2.3]`, false},
	{"hexadecimal", `0x10`, false},
	{"a number with letters after it", `12abc`, false},
	{"not a number", `NaN`, false},
	{"a literal in capitals", `True`, false},
	{"a literal misspelt", `nul1`, false},
	{"a literal that goes on", `[truex]`, false},
	{"a newline in a string", "\"a\nb\"", false},
	{"a tab in a name", "{\"a\tb\":1}", false},
	{"a NUL in a string", "\"a\x00b\"", false},
	{"the last control character, behind eight bytes", "\"12345678\x1f\"", false},
	{"an unknown escape", `"\x41"`, false},
	{"an escaped single quote", `"\'"`, false},
	{"an escape with a letter that is no digit", `"\u00g0"`, false},
	{"an escape with too few digits", `"\u00"`, false},
	{"a comment", `[1] // one`, false},
	{"a form feed is no white space", "\f[1]", false},
	{"a no-break space is no white space", "\u00a0[1]", false},
	{"a NUL after the end", "[1]\x00", false},
	{"garbage after the end", `{"a":1} x`, false},
	{"two documents", `{} {}`, false},
	{"UTF-16", "\xff\xfe[\x00]\x00", false},
}

func TestAcceptsWhatEncodingJSONAccepts(t *testing.T) {
	for _, c := range documents {
		t.Run(c.rule, func(t *testing.T) {
			if json.Valid([]byte(c.doc)) != c.ok {
				t.Fatal("encoding/json does not agree with the case")
			}
			for name, src := range sources(c.doc) {
				raw, err := rawThenEnd(newReader(src, Options{}, 16))
				if (err == nil) != c.ok {
					t.Errorf("%s: Raw gives %q, %v", name, raw, err)
				}
				if c.ok && string(raw) != strings.Trim(c.doc, " \r\n\t") {
					t.Errorf("%s: Raw gives %q", name, raw)
				}
				checkKind(t, err)
			}
			for name, src := range sources(c.doc) {
				if err := skipThenEnd(newReader(src, Options{}, 16)); (err == nil) != c.ok {
					t.Errorf("%s: Skip gives %v", name, err)
				}
			}
			for name, src := range sources(c.doc) {
				err := walkThenEnd(newReader(src, Options{}, 16))
				if (err == nil) != c.ok {
					t.Errorf("%s: walking gives %v", name, err)
				}
				checkKind(t, err)
			}
		})
	}
}

// Wherever the sample is cut, the error says so: all of its cuts are
// unfinished documents.
func TestCutAtEveryByte(t *testing.T) {
	const doc = ` {"a":[1,-2.5e+3,"x\u00e9\n",true],"n\u0061":{"b":null,"c":false},"d":[[],{}]}`
	calls := map[string]func(*Reader) error{
		"Raw":  func(r *Reader) error { _, err := r.Raw(); return err },
		"Skip": (*Reader).Skip,
		"walk": walk,
	}
	for name, call := range calls {
		for n := range len(doc) {
			for size := range sources("") {
				r := newReader(sources(doc[:n])[size], Options{}, 16)
				err := call(r)
				if !errors.Is(err, ErrTruncated) {
					t.Errorf("%s, %s of %q: %v", name, size, doc[:n], err)
				}
				var syntax *SyntaxError
				if !errors.As(err, &syntax) || syntax.Offset != int64(n) {
					t.Errorf("%s, %s of %q: %v is not at the end", name, size, doc[:n], err)
				}
				if again := call(r); again != err {
					t.Errorf("%s: the error does not stay: %v", name, again)
				}
			}
		}
	}
}

// Whatever single byte is put in place of another, nothing panics and every
// way of reading agrees with encoding/json.
func TestEveryByteReplaced(t *testing.T) {
	const doc = `{"a":[1,-2.5e3,"\u00e9"],"b":{"c":null}} `
	for i := range len(doc) {
		for _, with := range []byte("\x00 \n\"\\,:{}[]0a-.eu+tfn\x80\xff") {
			b := []byte(doc)
			b[i] = with
			valid := json.Valid(b)
			if _, err := rawThenEnd(NewReader(strings.NewReader(string(b)), Options{})); (err == nil) != valid {
				t.Errorf("Raw of %q: %v", b, err)
			}
			if err := walkThenEnd(newReader(strings.NewReader(string(b)), Options{}, 16)); (err == nil) != valid {
				t.Errorf("walking %q: %v", b, err)
			}
		}
	}
}

// sources gives the same document in pieces of several sizes.
func sources(doc string) map[string]io.Reader {
	return map[string]io.Reader{
		"at once":         strings.NewReader(doc),
		"byte by byte":    iotest.OneByteReader(strings.NewReader(doc)),
		"by halves":       iotest.HalfReader(strings.NewReader(doc)),
		"the end at once": iotest.DataErrReader(strings.NewReader(doc)),
	}
}

// checkKind sees to it that an error about a document has a place.
func checkKind(t *testing.T, err error) {
	t.Helper()
	var syntax *SyntaxError
	if err != nil && !errors.As(err, &syntax) {
		t.Errorf("%v is no SyntaxError", err)
	}
}

func rawThenEnd(r *Reader) (string, error) {
	raw, err := r.Raw()
	got := string(raw)
	if err == nil {
		err = r.End()
	}
	return got, err
}

func skipThenEnd(r *Reader) error {
	if err := r.Skip(); err != nil {
		return err
	}
	return r.End()
}

func walkThenEnd(r *Reader) error {
	if err := walk(r); err != nil {
		return err
	}
	return r.End()
}

// walk enters everything there is to enter.
func walk(r *Reader) error {
	kind, err := r.Peek()
	if err == nil && kind == '{' {
		err = r.EnterObject()
		for more := err == nil; more; {
			if _, more, err = r.NextKey(); more {
				err = walk(r)
				more = err == nil
			}
		}
		return err
	}
	if err == nil && kind == '[' {
		err = r.EnterArray()
		for more := err == nil; more; {
			if more, err = r.NextElement(); more {
				err = walk(r)
				more = err == nil
			}
		}
		return err
	}
	_, err = r.Raw()
	return err
}
