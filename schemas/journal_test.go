package schemas_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"testing"

	"pamsync/schemas"
)

// longJournal is a journal of n lines of every kind, each batch of one line or, every tenth, of
// three. It says where each line begins, and the first line of its batch.
func longJournal(t *testing.T, run string, n int) (whole []byte, starts, batches []int, all []schemas.Record) {
	t.Helper()
	var b bytes.Buffer
	w := schemas.NewJournalWriter(&b)
	kinds := journalRecords()
	for i := range n {
		rec := kinds[0]
		if i == 0 {
			rec.Start.Run = run
		} else {
			rec = kinds[1+i%(len(kinds)-1)]
		}
		if rec.Intent != nil {
			again := *rec.Intent
			again.Step, again.Change = i, fmt.Sprintf("%016x", i)
			rec.Intent = &again
		}
		if i%10 < 2 && i > 1 {
			batches = append(batches, batches[i-1])
		} else {
			w.Batch()
			batches = append(batches, i)
		}
		starts = append(starts, b.Len())
		all = append(all, rec)
		if err := w.Write(rec); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes(), append(starts, b.Len()), batches, all
}

func readAll(data []byte) ([]schemas.Record, schemas.JournalEnd, error) {
	return readRest(schemas.NewJournalReader(bytes.NewReader(data)))
}

func readRest(r *schemas.JournalReader) ([]schemas.Record, schemas.JournalEnd, error) {
	var list []schemas.Record
	for {
		rec, err := r.Next()
		if err == io.EOF {
			return list, r.End(), nil
		}
		if err != nil {
			return list, r.End(), err
		}
		list = append(list, rec)
	}
}

// TestAJournalCutAnywhereIsHealed: all lines that are whole are read, and nothing else.
func TestAJournalCutAnywhereIsHealed(t *testing.T) {
	whole, starts, batches, all := longJournal(t, "a", 200)
	t.Logf("%d cuts", len(whole))
	for line := range all {
		read := max(line-1, 0)
		_, before, err := readAll(whole[:starts[read]])
		if err != nil {
			t.Fatal(err)
		}
		for cut := starts[line]; cut < starts[line+1]; cut++ {
			r, from := schemas.NewJournalReader(bytes.NewReader(whole[:cut])), 0
			if read > 0 && cut%97 > 0 { // for most, the lines before are read once
				r, from = schemas.JournalReaderAt(bytes.NewReader(whole[starts[read]:cut]), before, batches[read-1]), read
			}
			list, end, err := readRest(r)
			if torn := cut > starts[line]; torn != errors.Is(err, schemas.ErrTorn) || !torn && err != nil {
				t.Fatalf("cut after %d bytes: %v", cut, err)
			}
			if end.Offset != int64(starts[line]) || end.Records != line || !reflect.DeepEqual(list, append([]schemas.Record(nil), all[from:line]...)) {
				t.Fatalf("cut after %d bytes: %d records to byte %d, wanted %d to %d", cut, end.Records, end.Offset, line, starts[line])
			}
		}
	}
}

// TestEveryFlippedBitOfAJournalIsFound: in the last line it is a torn tail, anywhere before it is
// refused with the first byte of the damaged line. In a last batch of several lines a byte that
// became zero looks like what a crash leaves, and is cut off with what stands behind it.
func TestEveryFlippedBitOfAJournalIsFound(t *testing.T) {
	flips, torn := 0, 0
	for _, lines := range []int{200, 202} {
		whole, starts, batches, _ := longJournal(t, "a", lines)
		last, from := lines-1, 0
		if lines == 202 {
			from = batches[last] // what is before it is as in the other
		}
		if (batches[last] == last) != (lines == 200) {
			t.Fatalf("the last batch of %d lines begins with line %d", lines, batches[last]+1)
		}
		for line := from; line <= last; line++ {
			_, before, err := readAll(whole[:starts[line]])
			if err != nil {
				t.Fatal(err)
			}
			synced := 0
			if line > 0 {
				synced = batches[line-1]
			}
			for at := starts[line]; at < starts[line+1]; at++ {
				for bit := range 8 {
					if testing.Short() && (at*8+bit)%61 > 0 {
						continue
					}
					whole[at] ^= 1 << bit
					r, already := schemas.JournalReaderAt(bytes.NewReader(whole[starts[line]:]), before, synced), 0
					if (at*8+bit)%997 == 0 { // for most, the lines before are read once
						r, already = schemas.NewJournalReader(bytes.NewReader(whole)), line
					}
					list, end, err := readRest(r)
					zero := whole[at] == 0
					whole[at] ^= 1 << bit
					flips++
					var damage *schemas.JournalDamage
					switch {
					case len(list) != already || end.Offset != int64(starts[line]):
						t.Fatalf("byte %d, bit %d: %d records more, to byte %d, wanted none behind %d", at, bit, len(list)-already, end.Offset, starts[line])
					case (line == last || zero && line >= batches[last]) && errors.Is(err, schemas.ErrTorn):
						torn++
					case line == last, !errors.As(err, &damage), damage.Offset != int64(starts[line]), damage.Line != line+1:
						t.Fatalf("byte %d, bit %d, line %d at %d: %v", at, bit, line+1, starts[line], err)
					}
				}
			}
		}
	}
	if torn == 0 {
		t.Error("no bit of the last line was flipped")
	}
	t.Logf("%d bits flipped: %d refused with their line's offset, %d a torn tail", flips, flips-torn, torn)
}

// TestWhatAJournalIsRefusedFor: lines of ours in the wrong place.
func TestWhatAJournalIsRefusedFor(t *testing.T) {
	whole, starts, _, _ := longJournal(t, "a", 30)
	other, otherStarts, _, _ := longJournal(t, "b", 30)
	line := func(i int) []byte { return whole[starts[i]:starts[i+1]] }
	joined := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	for _, c := range []struct {
		name string
		data []byte
		line int // that is named, 0 for a torn tail
		why  string
	}{
		{"a line is missing", joined(whole[:starts[5]], whole[starts[6]:]), 6, "number"},
		{"the line before the last is missing", joined(whole[:starts[28]], line(29)), 29, "number"},
		{"a line stands twice", joined(whole[:starts[6]], whole[starts[5]:]), 7, "number"},
		{"the last line stands twice", joined(whole, line(29)), 31, "number"},
		{"two lines change places", joined(whole[:starts[5]], line(6), line(5), whole[starts[7]:]), 6, "number"},
		{"the start is missing", whole[starts[1]:], 1, "sum"},
		{"the start stands twice", joined(line(0), whole), 2, "sum"},
		{"a line of another run", joined(whole[:starts[5]], other[otherStarts[5]:otherStarts[6]], whole[starts[6]:]), 6, "sum"},
		{"all lines but the start are another run's", joined(line(0), other[otherStarts[1]:]), 0, ""},
		{"an empty line", joined(whole[:starts[5]], []byte("\n"), whole[starts[5]:]), 6, "sum"},
		{"a blank before a line", joined(whole[:starts[5]], []byte(" "), whole[starts[5]:]), 6, "sum"},
		{"zeros in a batch that was synced", joined(whole[:starts[5]], make([]byte, len(line(5))), whole[starts[6]:]), 6, "sum"},
		{"zeros at the end", joined(whole, make([]byte, 5000)), 0, ""},
		{"zeros in the last batch", joined(whole[:starts[20]], make([]byte, 40), whole[starts[20]+40:starts[22]]), 0, ""},
		{"the last batch changed, and no crash", joined(whole[:starts[20]], []byte("x"), whole[starts[20]+1:starts[22]]), 21, "sum"},
		{"the end of a line is lost", joined(whole[:starts[6]-1], whole[starts[6]:]), 6, "sum"},
		{"only a start, changed", bytes.Replace(line(0), []byte(`"run":"a"`), []byte(`"run":"c"`), 1), 1, "sum"},
		{"another file", written(t, fullPlan()), 1, "sum"},
	} {
		_, _, err := readAll(c.data)
		var damage *schemas.JournalDamage
		switch errors.As(err, &damage); {
		case c.line == 0 && !errors.Is(err, schemas.ErrTorn):
			t.Errorf("%s: %v, wanted a torn tail", c.name, err)
		case c.line > 0 && (damage == nil || damage.Line != c.line || damage.Why != c.why):
			t.Errorf("%s: %v, wanted line %d, %s", c.name, err, c.line, c.why)
		}
	}
}

// TestAContinuedJournalReadsAsOne: what goes on behind a cut is numbered and summed like the rest.
func TestAContinuedJournalReadsAsOne(t *testing.T) {
	whole, starts, _, all := longJournal(t, "a", 30)
	for _, cut := range []int{starts[1], starts[7] + 3, len(whole)} {
		list, end, _ := readAll(whole[:cut])
		b := bytes.NewBuffer(bytes.Clone(whole[:end.Offset]))
		w := schemas.ContinueJournalWriter(b, end)
		if err := w.Write(all[0]); err == nil {
			t.Error("a second start was written")
		}
		for range 2 {
			if err := w.Write(all[1]); err != nil {
				t.Fatal(err)
			}
			w.Batch()
		}
		if again, _, err := readAll(b.Bytes()); err != nil || len(again) != len(list)+2 {
			t.Errorf("cut after %d bytes: %d records, %v", cut, len(again), err)
		}
	}
}
