package schemas_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"pamsync/schemas"
)

// likeJSON is what encoding/json writes; inert is with the escapes that HTML needs, and all in ASCII.
func likeJSON(t testing.TB, v any, inert bool) string {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(inert)
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	line := strings.TrimSuffix(b.String(), "\n")
	if !inert {
		return line
	}
	var ascii strings.Builder
	for _, r := range line {
		if r < utf8.RuneSelf {
			ascii.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&ascii, `\u%04x`, unit)
		}
	}
	return ascii.String()
}

// hardTexts are texts in which something must not stand as it is, or only looks so, at every
// place of the eight bytes that are looked at together.
func hardTexts() []string {
	all := []string{"", "srv-01.corp.example", "São Paulo", "東京", "\xff", "\xc3", "\xed\xa0\x80", "\xe2\x80", "\u2027\u2028\u2029\u202a", "\ufffd", "😀", "</script>", "a\x00b"}
	for c := range 256 {
		for _, before := range []int{0, 3, 7, 8, 12} {
			all = append(all, strings.Repeat("x", before)+string([]byte{byte(c)})+"12345678")
		}
	}
	for c := range rune(0x180) {
		all = append(all, strings.Repeat("~", int(c)%9)+string(c))
	}
	return all
}

func TestTextIsWrittenLikeJSON(t *testing.T) {
	for _, text := range hardTexts() {
		if got, want := string(schemas.AppendText([]byte("x"), text)), "x"+likeJSON(t, text, false); got != want {
			t.Errorf("%q is written %s, want %s", text, got, want)
		}
		if got, want := string(schemas.AppendInertText([]byte("x"), text)), "x"+likeJSON(t, text, true); got != want {
			t.Errorf("%q is written %s within HTML, want %s", text, got, want)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, text := range hardTexts()[:13] {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got, want := string(schemas.AppendText(nil, text)), likeJSON(t, text, false); got != want {
			t.Errorf("%q is written %s, want %s", text, got, want)
		}
		if got, want := string(schemas.AppendInertText(nil, text)), likeJSON(t, text, true); got != want {
			t.Errorf("%q is written %s within HTML, want %s", text, got, want)
		}
	})
}

// invented fills a value with anything, and leaves each of its parts empty now and then.
type invented struct {
	*rand.Rand
	texts []string
}

func (n invented) fill(v reflect.Value) {
	if n.IntN(3) == 0 {
		return
	}
	if sent, ok := v.Addr().Interface().(*schemas.Sent); ok {
		var values schemas.Values
		n.fill(reflect.ValueOf(&values).Elem())
		*sent = schemas.Send(values)
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(n.texts[n.IntN(len(n.texts))])
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Uint8: // a field
		v.SetUint(uint64(n.IntN(int(schemas.NumFields))))
	case reflect.Int:
		v.SetInt(int64(n.IntN(2000) - 1000))
	case reflect.Struct:
		for i := range v.NumField() {
			n.fill(v.Field(i))
		}
	case reflect.Array:
		for i := range v.Len() {
			n.fill(v.Index(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), n.IntN(4), 8))
		for i := range v.Len() {
			n.fill(v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range n.IntN(5) {
			name, text := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			n.fill(name)
			n.fill(text)
			v.SetMapIndex(name, text)
		}
	default:
		panic("nothing is invented for " + v.Type().String())
	}
}

// TestRecordsAreWrittenLikeJSON holds that the records which are not written by encoding/json
// look as if they were, whatever they hold: a field that is new in one of them is noticed.
func TestRecordsAreWrittenLikeJSON(t *testing.T) {
	n := invented{rand.New(rand.NewPCG(1, 2)), hardTexts()}
	for range 4000 {
		for _, rec := range []schemas.Record{{Change: &schemas.Change{}}, {Hold: &schemas.Hold{}}, {Reject: &schemas.Reject{}}, {Left: &schemas.Left{}}, {Warning: &schemas.Problem{}}} {
			for f := range reflect.ValueOf(rec).NumField() {
				if part := reflect.ValueOf(rec).Field(f); !part.IsNil() {
					n.fill(part.Elem())
				}
			}
			var b bytes.Buffer
			w := schemas.NewWriter(&b)
			if err := w.Write(schemas.Record{Start: &schemas.Start{}}); err != nil {
				t.Fatal(err)
			}
			b.Reset()
			if err := w.Write(rec); err != nil {
				t.Fatal(err)
			}
			if want := likeJSON(t, rec, false) + "\n"; b.String() != want {
				t.Fatalf("written\n%s\nwant\n%s", b.String(), want)
			}
		}
	}
}

func TestValuesAreWrittenLikeJSON(t *testing.T) {
	n := invented{rand.New(rand.NewPCG(5, 6)), hardTexts()}
	for range 1000 {
		var v schemas.Values
		n.fill(reflect.ValueOf(&v).Elem())
		var members []string
		for f, text := range v {
			if text != "" && !schemas.Field(f).Secret() {
				members = append(members, likeJSON(t, schemas.Field(f).String(), false)+":"+likeJSON(t, text, false))
			}
		}
		if got, want := likeJSON(t, v, false), "{"+strings.Join(members, ",")+"}"; got != want {
			t.Fatalf("written %s, want %s", got, want)
		}
	}
}

// TestContentIDStays holds the ids of plans that are written already.
func TestContentIDStays(t *testing.T) {
	for i, want := range []string{"e7a3e9e64c7416fc", "8d7fa984b77cfdc8"} {
		c := fullPlan().Changes[i]
		sent := c.Send.Values()
		for f := schemas.FieldExecutionSettings; f <= schemas.FieldUsersAllowed; f++ {
			sent[f] = "" // no plan sent them when these ids were written
		}
		c.Send = schemas.Send(sent)
		if c.Identify(); c.ID != want {
			t.Errorf("change %d has the id %s, and had %s", i, c.ID, want)
		}
	}
	n := invented{rand.New(rand.NewPCG(3, 4)), append(hardTexts(), strings.Repeat("long ", 400))}
	for range 1000 {
		var c schemas.Change
		n.fill(reflect.ValueOf(&c).Elem())
		var text strings.Builder
		put := func(texts ...string) {
			for _, t := range texts {
				fmt.Fprintf(&text, "%s\x00", t)
			}
		}
		put(string(c.Kind), string(c.Action), c.Key, c.VaultID, c.Device)
		for _, f := range c.Fields {
			put(f.Name(), f.Before, f.After, f.Secret.String())
		}
		for f, value := range c.Send.All {
			put(f.String(), value)
		}
		put(c.Old)
		for _, item := range c.Cascade {
			put(string(item.Kind), item.ID)
		}
		sum := sha256.Sum256([]byte(text.String()))
		if c.Identify(); c.ID != hex.EncodeToString(sum[:8]) {
			t.Fatalf("%+v has another id than it had", c)
		}
	}
}

// TestManyRecordsAreWrittenAsOneByOne holds that a plan's records, which are written several at a
// time, are those that one by one would be.
func TestManyRecordsAreWrittenAsOneByOne(t *testing.T) {
	n := invented{rand.New(rand.NewPCG(7, 8)), hardTexts()}
	p := &schemas.Plan{Start: schemas.Start{Format: schemas.FormatPlan, Version: schemas.FormatVersion}}
	p.Changes, p.Holds, p.Rejects, p.Left, p.Warnings = make([]schemas.Change, 3000), make([]schemas.Hold, 1000), make([]schemas.Reject, 500), make([]schemas.Left, 257), make([]schemas.Problem, 2)
	for _, list := range []any{p.Changes, p.Holds, p.Rejects, p.Left, p.Warnings} {
		for i := range reflect.ValueOf(list).Len() {
			n.fill(reflect.ValueOf(list).Index(i))
		}
	}
	var b bytes.Buffer
	w := schemas.NewWriter(&b)
	put := func(r schemas.Record) {
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	put(schemas.Record{Start: &p.Start})
	for i := range p.Changes {
		put(schemas.Record{Change: &p.Changes[i]})
	}
	for i := range p.Holds {
		put(schemas.Record{Hold: &p.Holds[i]})
	}
	for i := range p.Rejects {
		put(schemas.Record{Reject: &p.Rejects[i]})
	}
	for i := range p.Left {
		put(schemas.Record{Left: &p.Left[i]})
	}
	for i := range p.Warnings {
		put(schemas.Record{Warning: &p.Warnings[i]})
	}
	put(schemas.Record{Summary: &p.Summary})
	digest, err := w.Seal()
	if err != nil {
		t.Fatal(err)
	}
	if got := written(t, p); !bytes.Equal(got, b.Bytes()) || p.Digest != digest {
		t.Error("the plan is written otherwise than record by record")
	}
}
