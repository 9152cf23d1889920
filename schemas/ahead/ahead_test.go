package ahead_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"

	"pamsync/schemas/ahead"
)

// TestWhatIsReadIsWhatIsHashed: for streams of all lengths, that come in all pieces, and are taken in all pieces.
func TestWhatIsReadIsWhatIsHashed(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for n := range 400 {
		data := make([]byte, n)
		for i := range data {
			data[i] = byte(random.Uint32())
		}
		for way, in := range []io.Reader{bytes.NewReader(data), iotest.OneByteReader(bytes.NewReader(data)), iotest.DataErrReader(bytes.NewReader(data)), iotest.HalfReader(bytes.NewReader(data))} {
			var also bytes.Buffer
			r := ahead.NewReader(in, 1+random.IntN(64), 1+random.IntN(4), &also)
			var out io.Reader = r
			if n%2 == 1 {
				out = iotest.OneByteReader(r)
			}
			got, err := io.ReadAll(out)
			sum := sha256.Sum256(data)
			if err != nil || !bytes.Equal(got, data) || !bytes.Equal(also.Bytes(), data) || r.Sum() != hex.EncodeToString(sum[:]) || r.Bytes() != int64(n) {
				t.Fatalf("%d bytes, way %d: %d bytes, sum %s of %d, %v", n, way, len(got), r.Sum(), r.Bytes(), err)
			}
			r.Stop()
		}
	}
}

// TestAStreamsErrorComesBehindItsBytes, as it is, again and again.
func TestAStreamsErrorComesBehindItsBytes(t *testing.T) {
	for _, want := range []error{errors.New("connection reset"), io.ErrUnexpectedEOF} {
		r := ahead.NewReader(io.MultiReader(bytes.NewReader([]byte("abc")), iotest.ErrReader(want)), 2, 2, nil)
		got, err := io.ReadAll(r)
		if string(got) != "abc" || err != want {
			t.Errorf("%q, %v", got, err)
		}
		if _, again := r.Read(make([]byte, 1)); again != want {
			t.Errorf("then %v", again)
		}
		r.Stop()
	}
}

// TestStopEndsAStreamThatGoesOn: nobody reads it to its end, and nothing goes on.
func TestStopEndsAStreamThatGoesOn(t *testing.T) {
	endless := readerFunc(func(p []byte) (int, error) { return len(p), nil })
	for _, taken := range []int64{0, 1, 1000} {
		r := ahead.NewReader(endless, 16, 3, nil)
		if _, err := io.CopyN(io.Discard, r, taken); err != nil {
			t.Fatal(err)
		}
		r.Stop() // or the test does not end
	}
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
