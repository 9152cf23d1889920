package evidence_test

import (
	"crypto/sha256"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"pamsync/pipeline/evidence"
)

func rowsOf(texts []string) (rows []evidence.Row) {
	for i, text := range texts {
		sum := sha256.Sum256([]byte(text))
		rows = append(rows, evidence.Row{ID: text, Hash: [16]byte(sum[:16]), Line: i + 2})
	}
	return rows
}

// TestCompareNamesWhatWasDone: one thing is done to a list, and that is all that is found.
func TestCompareNamesWhatWasDone(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 1))
	for range 300 {
		var texts []string
		for i := range 5 + random.IntN(40) {
			texts = append(texts, "row "+strconv.Itoa(i))
		}
		at := random.IntN(len(texts) - 1)
		was := slices.Clone(texts)
		var kinds []evidence.Kind
		switch random.IntN(4) {
		case 0:
			texts[at] = "another"
			kinds = []evidence.Kind{evidence.Changed}
		case 1:
			texts = slices.Delete(texts, at, at+1)
			kinds = []evidence.Kind{evidence.Gone}
		case 2:
			texts = slices.Insert(texts, at, "one more")
			kinds = []evidence.Kind{evidence.Added}
		case 3:
			texts[at], texts[at+1] = texts[at+1], texts[at]
			kinds = []evidence.Kind{evidence.Moved, evidence.Moved}
		}
		found := evidence.Compare(rowsOf(was), rowsOf(texts))
		var got []evidence.Kind
		for _, d := range found {
			got = append(got, d.Kind)
		}
		if !slices.Equal(got, kinds) {
			t.Fatalf("%v of %q and %q, not %v", got, was, texts, kinds)
		}
		if line := max(found[0].Have.Line, found[0].Want.Line); line != at+2 {
			t.Fatalf("found in line %d, not %d", line, at+2)
		}
	}
}

// TestCompareOverlooksNothing: whatever was done, a list that differs in any place is never called the same, and
// a list is the same as itself, rows that repeat included.
func TestCompareOverlooksNothing(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 2))
	list := func() (texts []string) {
		for range random.IntN(12) {
			texts = append(texts, string(rune('a'+random.IntN(5))))
		}
		return texts
	}
	for range 20_000 {
		was, is := list(), list()
		found := evidence.Compare(rowsOf(was), rowsOf(is))
		if (len(found) == 0) != slices.Equal(was, is) {
			t.Fatalf("%v of %q and %q", found, was, is)
		}
		gone, added := 0, 0
		for _, d := range found {
			switch d.Kind {
			case evidence.Gone:
				gone++
			case evidence.Added:
				added++
			}
		}
		if added-gone != len(is)-len(was) {
			t.Fatalf("%d added and %d gone of %q and %q", added, gone, was, is)
		}
	}
}
