package scan

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
)

func TestMaxRecord(t *testing.T) {
	for _, c := range []struct {
		rule, doc string
		ok        bool
	}{
		{"just as long", `"12345678"`, true},
		{"one longer", `"123456789"`, false},
		{"a number just as long", `1234567890`, true},
		{"a number one longer", `12345678901`, false},
		{"white space around does not count", strings.Repeat(" ", 99) + `"12345678"` + strings.Repeat(" ", 99), true},
		{"far longer", `"` + strings.Repeat("x", 99_999) + `"`, false},
	} {
		for name, src := range sources(c.doc) {
			raw, err := rawThenEnd(newReader(src, Options{MaxRecord: 10}, 16))
			if (err == nil) != c.ok || !c.ok && !errors.Is(err, ErrTooLarge) {
				t.Errorf("%s, %s: %q, %v", c.rule, name, raw, err)
			}
		}
		for name, src := range sources(c.doc) {
			if err := skipThenEnd(newReader(src, Options{MaxRecord: 10}, 16)); err != nil {
				t.Errorf("%s, %s: Skip holds nothing, but gives %v", c.rule, name, err)
			}
		}
	}
}

func TestMaxRecordOfNames(t *testing.T) {
	r := NewReader(strings.NewReader(`{"12345678":1,"123456789":2}`), Options{MaxRecord: 10})
	if err := errors.Join(r.EnterObject(), nextKey(r), r.Skip()); err != nil {
		t.Error(err)
	}
	if err := nextKey(r); !errors.Is(err, ErrTooLarge) {
		t.Errorf("%v", err)
	}
}

func TestMaxDepth(t *testing.T) {
	nested := func(n int) string { return strings.Repeat(`[{"a":`, n/2) + "1" + strings.Repeat("}]", n/2) }
	for depth, ok := range map[int]bool{4: true, 6: false, 8: false, 100_000: false} {
		for name, read := range map[string]func(*Reader) error{
			"Raw":  func(r *Reader) error { _, err := r.Raw(); return err },
			"Skip": (*Reader).Skip,
			"walk": walk,
		} {
			err := read(NewReader(strings.NewReader(nested(depth)), Options{MaxDepth: 5}))
			if (err == nil) != ok || !ok && !errors.Is(err, ErrTooLarge) {
				t.Errorf("%s of %d: %v", name, depth, err)
			}
		}
	}
	r := NewReader(strings.NewReader("[[[1]]]"), Options{MaxDepth: 2})
	_ = r.EnterArray()
	_, _ = r.NextElement()
	if _, err := r.Raw(); !errors.Is(err, ErrTooLarge) {
		t.Errorf("what was entered counts too: %v", err)
	}
}

func TestMaxBytes(t *testing.T) {
	const doc = `{"a":[1,2,3]}  `
	for most := range int64(20) {
		for name, src := range sources(doc) {
			err := skipThenEnd(newReader(src, Options{MaxBytes: most}, 16))
			ok := most == 0 || most >= int64(len(doc))
			if (err == nil) != ok || !ok && !errors.Is(err, ErrTooLarge) {
				t.Errorf("%d, %s: %v", most, name, err)
			}
		}
	}
	r := NewReader(strings.NewReader(doc), Options{MaxBytes: int64(len(doc) - 2)})
	if raw, err := r.Raw(); string(raw) != doc[:len(doc)-2] || err != nil {
		t.Errorf("what lies before the cap is read: %q, %v", raw, err)
	}
}

// Every length of record meets every place of the window's border.
func TestRecordsAcrossBorders(t *testing.T) {
	var doc bytes.Buffer
	var want []string
	for i := range 300 {
		record := fmt.Sprintf(`{"n":%d,"s":"%s\n\u00e9","a":[true,null]}`, i, strings.Repeat("x", i%67))
		want = append(want, record)
		doc.WriteString(record + strings.Repeat(" ", i%3) + "\n")
	}
	for size := 16; size < 200; size++ {
		r := newReader(bytes.NewReader(doc.Bytes()), Options{}, size)
		for i, record := range want {
			_, _ = r.Peek()
			if line := r.Line(); line != i+1 {
				t.Fatalf("size %d: record %d is on line %d", size, i, line)
			}
			if raw, err := r.Raw(); string(raw) != record || err != nil {
				t.Fatalf("size %d: %s, %v, not %s", size, raw, err, record)
			}
		}
		if err := r.End(); err != nil || r.Offset() != int64(doc.Len()) {
			t.Fatalf("size %d: %v at %d", size, err, r.Offset())
		}
	}
}

// A record as long as allowed is held in a window that is little longer.
func TestWindowGrowsToOneRecord(t *testing.T) {
	const limit = 1 << 20
	record := `"` + strings.Repeat("x", limit-2) + `"`
	src := strings.NewReader(strings.Repeat("1 ", 70_000) + record + " 2 " + record)
	r := NewReader(src, Options{MaxRecord: limit})
	for _, err := r.Peek(); err == nil; _, err = r.Peek() {
		if _, err := r.Raw(); err != nil {
			t.Fatal(err)
		}
	}
	if got := cap(r.w.buf); got > limit+slack {
		t.Errorf("the window is %d bytes", got)
	}
}

// list repeats a piece up to a length, as a source that is never held whole.
type list struct {
	piece string
	left  int
	at    int
}

func (l *list) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), l.left)], l.piece[l.at:])
	l.at = (l.at + n) % len(l.piece)
	l.left -= n
	return n, nil
}

func TestMemoryDoesNotGrowWithTheSource(t *testing.T) {
	const long, length, most = 64 << 20, 8 << 20, 1 << 20
	piece := `{"id":1,"name":"server","tags":["a","b\u00e9"],"note":"` +
		strings.Repeat("x", 256) + `"},` + "\n"
	for name, c := range map[string]struct {
		length           int
		open, piece, end string
		read             func(*Reader) error
	}{
		"Raw of records":        {long, "[", piece, "null]", walkRaw},
		"Skip of a long list":   {length, "[", piece, "null]", (*Reader).Skip},
		"Skip of a string":      {length, `"`, "x", `"`, (*Reader).Skip},
		"Skip of a number":      {length, "1", "0123456789", "0", (*Reader).Skip},
		"white space, no value": {length, "", " \n\t ", "", (*Reader).End},
	} {
		block := strings.Repeat(c.piece, 32<<10/len(c.piece))
		body := &list{piece: block, left: c.length / len(block) * len(block)}
		r := NewReader(io.MultiReader(strings.NewReader(c.open), body, strings.NewReader(c.end)), Options{})
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := c.read(r)
		runtime.ReadMemStats(&after)
		if got := after.TotalAlloc - before.TotalAlloc; err != nil || got > most {
			t.Errorf("%s: %d bytes allocated, %v", name, got, err)
		}
	}
}

func walkRaw(r *Reader) error {
	if err := r.EnterArray(); err != nil {
		return err
	}
	return elementsOf(r, func([]byte) {})
}
