package scan

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"testing"
	"testing/iotest"
)

// jsonDepth is where encoding/json gives up.
const jsonDepth = 10_000

func seed(f *testing.F) {
	for _, c := range documents {
		f.Add([]byte(c.doc))
	}
	f.Add(sessions(3))
	f.Add([]byte("\xEF\xBB\xBF{\"a\":[1,2,{\"b\":\"\\ud83d\\ude00\"}]}"))
	f.Add([]byte("{\"a\":1}\n{\"a\":2}\n"))
}

// FuzzValue holds acceptance against encoding/json, whatever the pieces the
// document arrives in.
func FuzzValue(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, doc []byte) {
		plain := bytes.TrimPrefix(doc, []byte(byteOrderMark))
		valid := json.Valid(plain)
		o := Options{MaxDepth: jsonDepth, MaxRecord: max(len(doc), 1)}
		var first string
		for i, src := range pieces(doc) {
			size := 16
			if i == 0 {
				size = windowSize
			}
			raw, err := rawThenEnd(newReader(src, o, size))
			if (err == nil) != valid {
				t.Fatalf("way %d: Raw gives %v, json.Valid %v", i, err, valid)
			}
			if valid && raw != string(bytes.Trim(plain, " \t\r\n")) {
				t.Fatalf("way %d: Raw gives %q", i, raw)
			}
			if err == nil {
				continue
			}
			if i == 0 {
				first = err.Error()
			} else if err.Error() != first {
				t.Fatalf("way %d: %v, not %s", i, err, first)
			}
		}
		for i, src := range pieces(doc) {
			err := skipThenEnd(newReader(src, o, 16))
			if (err == nil) != valid || err != nil && err.Error() != first {
				t.Fatalf("way %d: Skip gives %v, Raw %s", i, err, first)
			}
		}
	})
}

// FuzzRecords holds what the reader and the helpers understand against what
// encoding/json does.
func FuzzRecords(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, doc []byte) {
		d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(doc, []byte(byteOrderMark))))
		d.UseNumber()
		var want any
		wantErr := d.Decode(&want)
		if wantErr == nil {
			if _, err := d.Token(); err != io.EOF {
				return // more than one value: FuzzValue's
			}
		}
		for i, src := range pieces(doc) {
			r := newReader(src, Options{MaxDepth: jsonDepth, MaxRecord: max(len(doc), 1)}, 16)
			got, err := build(r)
			if err == nil {
				err = r.End()
			}
			if (err == nil) != (wantErr == nil) {
				t.Fatalf("way %d: %v, encoding/json %v", i, err, wantErr)
			}
			if err == nil && !reflect.DeepEqual(got, want) {
				t.Fatalf("way %d: %#v, not %#v", i, got, want)
			}
		}
		if wantErr != nil {
			return
		}
		raw, err := NewReader(bytes.NewReader(doc), Options{MaxDepth: jsonDepth}).Raw()
		if err != nil {
			t.Fatal(err)
		}
		if got := understood(raw); !reflect.DeepEqual(got, want) {
			t.Fatalf("the helpers give %#v, not %#v", got, want)
		}
		checkScalars(t, raw, want)
	})
}

func pieces(doc []byte) []io.Reader {
	return []io.Reader{
		bytes.NewReader(doc),
		bytes.NewReader(doc),
		iotest.OneByteReader(bytes.NewReader(doc)),
		iotest.DataErrReader(iotest.HalfReader(bytes.NewReader(doc))),
	}
}

// build reads the next value as json.Unmarshal into an any would, by entering
// what can be entered.
func build(r *Reader) (any, error) {
	kind, err := r.Peek()
	if err != nil {
		return nil, err
	}
	switch kind {
	case '{':
		object := map[string]any{}
		err := r.EnterObject()
		for err == nil {
			var name []byte
			var more bool
			if name, more, err = r.NextKey(); err != nil || !more {
				break
			}
			key := string(name)
			object[key], err = build(r)
		}
		return object, err
	case '[':
		array := []any{}
		err := r.EnterArray()
		for err == nil {
			var more bool
			if more, err = r.NextElement(); err != nil || !more {
				break
			}
			var v any
			v, err = build(r)
			array = append(array, v)
		}
		return array, err
	}
	raw, err := r.Raw()
	if err != nil {
		return nil, err
	}
	return understood(raw), nil
}

// understood is the value the helpers see in raw.
func understood(raw []byte) any {
	switch raw[0] {
	case '{':
		object := map[string]any{}
		for name, value := range Members(raw) {
			object[string(name)] = understood(value)
		}
		return object
	case '[':
		array := []any{}
		for value := range Elements(raw) {
			array = append(array, understood(value))
		}
		return array
	case '"':
		text, _ := Text(raw)
		return string(text)
	case 't', 'f':
		return raw[0] == 't'
	case 'n':
		return nil
	}
	return json.Number(raw)
}

// checkScalars holds Get, Scalar and IsNull against the value decoded.
func checkScalars(t *testing.T, raw []byte, want any) {
	object, _ := want.(map[string]any)
	for name, v := range object {
		value, ok := Get(raw, name)
		if !ok || !reflect.DeepEqual(understood(value), v) || IsNull(value) != (v == nil) {
			t.Fatalf("Get of %q gives %q, %v", name, value, ok)
		}
		text, scalar := Scalar(value)
		var expect string
		switch v := v.(type) {
		case map[string]any, []any:
			if scalar {
				t.Fatalf("%s is no scalar", value)
			}
		case string:
			expect = v
		case json.Number:
			expect = v.String()
		case bool:
			expect = map[bool]string{true: "true", false: "false"}[v]
		}
		if string(text) != expect {
			t.Fatalf("Scalar of %s is %q", value, text)
		}
	}
}
