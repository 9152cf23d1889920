package sources

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// likeStd reads text as encoding/csv does and as records do, and compares every record, with its
// line, up to the first error and with it.
func likeStd(t *testing.T, text []byte, delimiter rune, fail error) {
	t.Helper()
	ends := func(in io.Reader) io.Reader {
		if fail != nil {
			return io.MultiReader(in, iotest.ErrReader(fail))
		}
		return in
	}
	for way, in := range map[string]io.Reader{
		"at once":         bytes.NewReader(text),
		"byte by byte":    iotest.OneByteReader(bytes.NewReader(text)),
		"by halves":       iotest.HalfReader(bytes.NewReader(text)),
		"the end at once": iotest.DataErrReader(bytes.NewReader(text)),
	} {
		std := newCSV(ends(bytes.NewReader(text)), delimiter)
		r := newRecords(ends(in), delimiter, readAhead+1+len(text)%64)
		for n := 1; ; n++ {
			want, wantErr := std.Read()
			got, err := r.read()
			if fmt.Sprint(err) != fmt.Sprint(wantErr) || (err == io.EOF) != (wantErr == io.EOF) {
				t.Fatalf("%s, record %d of %.300q: %v, not %v", way, n, text, err, wantErr)
			}
			var a, b *csv.ParseError
			if errors.As(err, &a) && errors.As(wantErr, &b) && *a != *b {
				t.Fatalf("%s, record %d of %.300q: %#v, not %#v", way, n, text, a, b)
			}
			if err != nil {
				break
			}
			if !slices.Equal(got, want) {
				t.Fatalf("%s, record %d of %.300q: %q, not %q", way, n, text, got, want)
			}
			if line, _ := std.FieldPos(0); r.line() != line {
				t.Fatalf("%s, record %d of %.300q: line %d, not %d", way, n, text, r.line(), line)
			}
			if !r.broken() && strings.ContainsRune(strings.Join(got, ""), '\n') {
				t.Fatalf("%s, record %d of %.300q holds a line break", way, n, text)
			}
		}
	}
}

// oddCSV is a CSV of n records with a bit of everything in it.
func oddCSV(random *rand.Rand, n int, delimiter string, odd int) []byte {
	cells := []string{"", "x", "srv-01.example", "10.0.0.1", "São Paulo", `"quoted"`, `"a ""b"" c"`, `""`, `""""`, `"a` + delimiter + `b"`, " x ", "\u00a0", "a\rb", "\xff", strings.Repeat("long ", 9)}
	rare := []string{"\"a\nb\"", "\"a\r\nb\r\n\r\nc\"", "\r", "\"a\rb\"", "a\"b", "\"a\"b", "\"", "\"a\"\r"}
	var b bytes.Buffer
	for range n {
		for i := range 1 + random.IntN(6) {
			if i > 0 {
				b.WriteString(delimiter)
			}
			b.WriteString(cells[random.IntN(len(cells))])
			if random.IntN(odd) == 0 {
				b.WriteString(rare[random.IntN(len(rare))])
			}
		}
		b.WriteString([]string{"\n", "\n", "\r\n", "\n\n", "\r\n\r\n", "\r\r\n"}[random.IntN(6)])
	}
	return b.Bytes()
}

func TestRecordsAreThoseOfEncodingCSV(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for n := range 400 {
		text := oddCSV(random, n, ",", 20+n)
		likeStd(t, text, ',', nil)
		likeStd(t, text[:random.IntN(len(text)+1)], ',', nil)
		likeStd(t, text[:random.IntN(len(text)+1)], ',', io.ErrUnexpectedEOF)
	}
	for _, delimiter := range ";\t|a §\"\n\r\x00\ufffd" {
		likeStd(t, oddCSV(random, 100, string(delimiter), 100), delimiter, nil)
	}
	likeStd(t, []byte("a§b\nc"), 0xc2, nil)
}

// A record longer than the buffer, and one that never ends, are encoding/csv's.
func TestRecordsLongerThanTheBuffer(t *testing.T) {
	long := strings.Repeat("x,\"\"\n\r", 3000)
	for _, text := range []string{
		"a,b\n" + strings.Repeat("x", 20_000) + ",y\nc,d\n",
		"a,\"" + strings.Repeat("x\n", 20_000) + "\"\nc,\"d\ne\"\nf,g",
		"a,b\nc,\"" + long + "\"\nd,\"e\"\"\nf\"\n\ng,h\n",
		"a,b\nc,\"" + long + "\"x\n",
		"a,b\nc,\"" + strings.Repeat("x,y\n", 9000),
		"a,b\n" + strings.Repeat("x,y\n", 9000) + "c,d\"\n",
		strings.Repeat("x", 20_000),
		strings.Repeat("\r\n", 20_000) + "\r",
		strings.Repeat("x,\"\n\"\n", 9000) + "\"x\"y",
	} {
		likeStd(t, []byte(text), ',', nil)
		likeStd(t, []byte(text), ',', io.ErrNoProgress)
	}
}

func FuzzCSVLikeStd(f *testing.F) {
	f.Add([]byte("a,b\n\"c\",\"d\"\"e\"\r\n\r\nf,\"g\nh\"\ni,j"), ',')
	f.Add([]byte("a;b\n\"c;\"d\n"), ';')
	f.Add(oddCSV(rand.New(rand.NewPCG(3, 4)), 9, ",", 9), ',')
	f.Fuzz(func(t *testing.T, text []byte, delimiter rune) {
		likeStd(t, text, delimiter, nil)
		likeStd(t, slices.Concat(bytes.Repeat([]byte("x,\"y\"\n"), (readAhead-len(text)/2)/6), text), ',', nil)
	})
}

func TestPlainRecordsAllocateNothing(t *testing.T) {
	text := strings.Repeat("srv-01,10.0.0.1,\"a \"\"b\"\"\",x\r\n", 50_000)
	r := newRecords(strings.NewReader(text), ',', recordsSize)
	if allocs := testing.AllocsPerRun(10_000, func() {
		if record, err := r.read(); err != nil || len(record) != 4 {
			t.Fatal(record, err)
		}
	}); allocs > 0 {
		t.Errorf("%v allocations", allocs)
	}
}
