package schemas_test

import (
	"errors"
	"strconv"
	"testing"

	"pamsync/schemas"
)

func TestBatchesComeInOrder(t *testing.T) {
	for _, n := range []int{0, 1, 9, 10, 11, 20, 4321} {
		var got, want []byte
		for i := range n {
			want = strconv.AppendInt(want, int64(i), 10)
		}
		err := schemas.Batches(n, 10, func(b []byte, from, to int) []byte {
			for i := from; i < to; i++ {
				b = strconv.AppendInt(b, int64(i), 10)
			}
			return b
		}, func(b []byte) error { got = append(got, b...); return nil })
		if err != nil || string(got) != string(want) {
			t.Errorf("%d: %v, %s", n, err, got)
		}
	}
}

func TestBatchesEndWithAnError(t *testing.T) {
	bad := errors.New("no room")
	taken := 0
	err := schemas.Batches(5000, 10, func(b []byte, _, _ int) []byte { return append(b, 'x') }, func([]byte) error {
		if taken++; taken == 7 {
			return bad
		}
		return nil
	})
	if err != bad || taken != 7 {
		t.Errorf("%v after %d batches", err, taken)
	}
}

func TestBatchesPanicWhereTheyWereAskedFor(t *testing.T) {
	defer func() {
		if recover() != "a bug" {
			t.Error("the panic was lost")
		}
	}()
	_ = schemas.Batches(5000, 10, func(b []byte, from, _ int) []byte {
		if from == 700 {
			panic("a bug")
		}
		return b
	}, func([]byte) error { return nil })
}
