package sources

import (
	"bytes"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"
)

// firstBad is firstInvalid letter by letter.
func firstBad(text string) (at string, mixed bool) {
	line, column := 1, 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 {
			return badByte{uint32(text[i]), line, column + 1}.String(), mixed
		}
		mixed = mixed || size > 1
		column += size
		if r == '\n' {
			line, column = line+1, 0
		}
		i += size
	}
	return "", mixed
}

func TestFirstInvalidByte(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"a", "srv-01,10.0.0.1\n", "\n", "ção", "€", "😀", "\ufffd", "\u00a0"}
	bad := []string{"\xe7", "\xff", "\xc3", "\xe2\x82", "\xf0\x9f\x98", "\xed\xa0\x80", "\xc0\xaf", "\x80"}
	for n := range 3000 {
		var b strings.Builder
		for range random.IntN(30) {
			b.WriteString(pieces[random.IntN(len(pieces))])
			if random.IntN(30) == 0 {
				b.WriteString(bad[random.IntN(len(bad))])
			}
		}
		text := b.String()
		want, wantMixed := firstBad(text)
		head := random.IntN(len(text) + 1)
		for way, rest := range []io.Reader{strings.NewReader(text[head:]), iotest.OneByteReader(strings.NewReader(text[head:])), iotest.DataErrReader(strings.NewReader(text[head:]))} {
			found, mixed, err := firstInvalid([]byte(text[:head]), rest)
			got := ""
			if found != nil {
				got = found.String()
			}
			if got != want || mixed != wantMixed || err != nil {
				t.Fatalf("%d, way %d, %q: %s %v %v, not %s %v", n, way, text, got, mixed, err, want, wantMixed)
			}
		}
	}
	if _, _, err := firstInvalid(nil, iotest.ErrReader(io.ErrClosedPipe)); err != io.ErrClosedPipe {
		t.Error(err)
	}
	long := bytes.Repeat([]byte("ção;"), recordsSize)
	if found, mixed, err := firstInvalid(long[:9], bytes.NewReader(long[9:])); found != nil || !mixed || err != nil {
		t.Error(found, mixed, err)
	}
}
