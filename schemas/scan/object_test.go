package scan

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// taken is what a reader gives for the next value: the value, its members with their texts, or
// the error, and where it stands afterwards.
func taken(r *Reader, object bool, into *[]Member) (string, error) {
	var raw []byte
	var err error
	var b strings.Builder
	if object {
		raw, *into, err = r.Object(*into)
		for i := range *into {
			m := &(*into)[i]
			text, ok := m.Scalar()
			fmt.Fprintf(&b, "%q:%s=%q,%v,%q;", m.Name, m.Value, text, ok, m.View())
		}
	} else {
		raw, err = r.Raw()
		for name, value := range Members(raw) {
			text, ok := Scalar(value)
			fmt.Fprintf(&b, "%q:%s=%q,%v,%q;", name, value, text, ok, text)
		}
	}
	return fmt.Sprintf("%s %s at %d line %d", raw, b.String(), r.Offset(), r.Line()), err
}

// sameObjects reads a document to its first error in both ways; entered tells that its values
// are the elements of an array.
func sameObjects(t *testing.T, doc []byte, o Options, size int, entered bool) {
	t.Helper()
	for i := range pieces(doc) {
		a, b := newReader(pieces(doc)[i], o, size), newReader(pieces(doc)[i], o, size)
		if entered {
			errA, errB := a.EnterArray(), b.EnterArray()
			if fmt.Sprint(errA) != fmt.Sprint(errB) {
				t.Fatalf("way %d, size %d of %q: %v, not %v", i, size, doc, errA, errB)
			}
		}
		var into []Member
		for {
			if entered {
				moreA, errA := a.NextElement()
				moreB, errB := b.NextElement()
				if moreA != moreB || fmt.Sprint(errA) != fmt.Sprint(errB) {
					t.Fatalf("way %d, size %d of %q: %v, not %v", i, size, doc, errA, errB)
				}
				if !moreA {
					break
				}
			}
			got, errA := taken(a, true, &into)
			want, errB := taken(b, false, nil)
			if got != want || fmt.Sprint(errA) != fmt.Sprint(errB) {
				t.Fatalf("way %d, size %d of %q:\n%s %v, not\n%s %v", i, size, doc, got, errA, want, errB)
			}
			if errA != nil {
				break
			}
		}
		if errA, errB := a.End(), b.End(); fmt.Sprint(errA) != fmt.Sprint(errB) {
			t.Fatalf("way %d, size %d of %q at the end: %v, not %v", i, size, doc, errA, errB)
		}
	}
}

// records are objects of one shape, with something odd in them now and then.
func records(random *rand.Rand, n int) []byte {
	odd := []string{`"x\u00e9\n"`, `"S\u00e3o"`, `"São Paulo"`, "\"bad \xff\"", `null`, `true`, `false`, `-1.5e3`, `0`, `{"a":[1,"}"]}`, `[ ]`, `""`, `"` + strings.Repeat("y", 40) + `"`}
	var b bytes.Buffer
	b.WriteByte('[')
	for i := range n {
		if i > 0 {
			b.WriteString([]string{",", ",\n ", " ,"}[random.IntN(3)])
		}
		comma, colon := ",", ":"
		if random.IntN(8) == 0 {
			comma, colon = " ,\n  ", " : "
		}
		fmt.Fprintf(&b, `{"id"%s"%d"`, colon, i)
		for _, name := range []string{"hostname", "ip", `n\u0061me`, "", "ção"} {
			value := fmt.Sprintf("%q", strings.Repeat("x", random.IntN(20)))
			if random.IntN(4) == 0 {
				value = odd[random.IntN(len(odd))]
			}
			if random.IntN(10) > 0 {
				fmt.Fprintf(&b, `%s"%s"%s%s`, comma, name, colon, value)
			}
		}
		b.WriteString([]string{"}", " }", "\n}"}[random.IntN(3)])
	}
	b.WriteByte(']')
	return b.Bytes()
}

func TestObjectIsRawAndMembers(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, c := range documents {
		for size := 16; size < 64; size++ {
			sameObjects(t, []byte(c.doc), Options{}, size, false)
			sameObjects(t, []byte("["+c.doc+","+c.doc+"]"), Options{MaxDepth: 3}, size, true)
		}
	}
	for range 60 {
		doc := records(random, 12)
		for size := 16; size < 1024; size = size*5/4 + 1 {
			sameObjects(t, doc, Options{}, size, true)
		}
		sameObjects(t, doc, Options{MaxRecord: 60 + random.IntN(60)}, 64, true)
		sameObjects(t, doc, Options{MaxDepth: 1 + random.IntN(4)}, 4096, true)
		sameObjects(t, doc, Options{MaxBytes: 1 + int64(random.IntN(len(doc)))}, 128, true)
	}
}

// Whatever is done to a list, Object finds what Raw finds.
func TestObjectOfBrokenRecords(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	const with = "\x00 \n\"\\,:{}[]0a-.eu+tfn\x80\xff\xc3"
	for range 3000 {
		doc := records(random, 1+random.IntN(6))
		for n := 1 + random.IntN(3); n > 0 && len(doc) > 1; n-- {
			switch i := random.IntN(len(doc)); random.IntN(4) {
			case 0:
				doc = doc[:i+1]
			case 1:
				doc = slices.Delete(doc, i, i+1)
			case 2:
				doc = slices.Insert(doc, i, with[random.IntN(len(with))])
			default:
				doc[i] = with[random.IntN(len(with))]
			}
		}
		for _, size := range []int{16, 33 + random.IntN(400), windowSize} {
			sameObjects(t, doc, Options{}, size, true)
			sameObjects(t, doc, Options{}, size, false)
		}
	}
}

func FuzzObject(f *testing.F) {
	seed(f)
	f.Add(records(rand.New(rand.NewPCG(5, 6)), 4))
	f.Fuzz(func(t *testing.T, doc []byte) {
		for _, size := range []int{16, 100, windowSize} {
			sameObjects(t, doc, Options{}, size, false)
			sameObjects(t, doc, Options{MaxDepth: 4, MaxRecord: 100}, size, true)
		}
	})
}

func TestNamesOfObjectsAreData(t *testing.T) {
	var doc bytes.Buffer
	doc.WriteByte('[')
	for i := range 3 * maxHeads {
		fmt.Fprintf(&doc, `{"name %d":1,"%s":2},`, i, strings.Repeat("n", i))
	}
	doc.WriteString("{}]")
	sameObjects(t, doc.Bytes(), Options{}, windowSize, true)
	r := NewReader(&doc, Options{})
	if err := r.EnterArray(); err != nil {
		t.Fatal(err)
	}
	var into []Member
	for more, _ := r.NextElement(); more; more, _ = r.NextElement() {
		var err error
		if _, into, err = r.Object(into); err != nil {
			t.Fatal(err)
		}
	}
	if len(r.heads.all) > maxHeads || len(r.heads.last) > maxHeads {
		t.Errorf("%d heads are remembered", len(r.heads.all))
	}
}

func TestObjectOutOfTurn(t *testing.T) {
	r := NewReader(strings.NewReader("[{}]"), Options{})
	if err := r.EnterArray(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.Object(nil); err == nil || err.Error() != misuse("Peek").Error() {
		t.Error(err)
	}
	if more, err := r.NextElement(); !more || err != nil {
		t.Fatal(err)
	}
	raw, members, err := r.Object([]Member{{Name: "left"}})
	if string(raw) != "{}" || len(members) != 0 || err != nil {
		t.Errorf("%s %v %v", raw, members, err)
	}
	if _, _, err := NewReader(iotest.ErrReader(io.ErrClosedPipe), Options{}).Object(nil); err == nil {
		t.Error("the error of the source is lost")
	}
}

func TestObjectAllocatesNothing(t *testing.T) {
	doc := list{piece: `{"id":"1","site":"S\u00e3o","n":null,"x":{"a":[1]},"city":"São Paulo"} `, left: 10 << 20}
	r := NewReader(&doc, Options{})
	var into []Member
	n := 0
	if allocs := testing.AllocsPerRun(1000, func() {
		var err error
		if _, into, err = r.Object(into); err != nil {
			t.Fatal(err)
		}
		n += len(into[4].View())
	}); allocs > 0 || n == 0 {
		t.Errorf("%v allocations", allocs)
	}
}
