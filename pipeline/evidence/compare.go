package evidence

// Row is a row of an export by its hash; Line is where it stands, on Sheet in a workbook.
type Row struct {
	ID    string
	Hash  [16]byte
	Line  int
	Sheet string
}

// Difference is what became of a certified row, or a row that was never certified.
type Difference struct {
	Kind Kind
	Want Row // the zero Row for one that was added
	Have Row // the zero Row for one that is gone
}

// Kind is how a row differs.
type Kind string

// The kinds of difference.
const (
	Changed Kind = "changed"
	Gone    Kind = "gone"
	Added   Kind = "added"
	Moved   Kind = "moved"
)

// Compare holds the rows of a file against those that were certified, in their order. A row that stands
// elsewhere is moved; one that is in none of the two is changed where the other has one too at its place.
func Compare(want, have []Row) []Difference {
	wanted, there := count(want), count(have)
	var found []Difference
	i, j := 0, 0
	for i < len(want) || j < len(have) {
		switch {
		case i < len(want) && j < len(have) && want[i].Hash == have[j].Hash:
			wanted[want[i].Hash]--
			there[have[j].Hash]--
			i, j = i+1, j+1
		case i == len(want):
			found = append(found, Difference{Kind: Added, Have: have[j]})
			j++
		case j == len(have):
			found = append(found, Difference{Kind: Gone, Want: want[i]})
			i++
		case there[want[i].Hash] > 0 && wanted[have[j].Hash] > 0:
			found = append(found, Difference{Moved, want[i], have[j]})
			there[want[i].Hash]-- // each has found its other place
			wanted[have[j].Hash]--
			i, j = i+1, j+1
		case there[want[i].Hash] > 0:
			found = append(found, Difference{Kind: Added, Have: have[j]})
			there[have[j].Hash]--
			j++
		case wanted[have[j].Hash] > 0:
			found = append(found, Difference{Kind: Gone, Want: want[i]})
			wanted[want[i].Hash]--
			i++
		default:
			found = append(found, Difference{Changed, want[i], have[j]})
			wanted[want[i].Hash]--
			there[have[j].Hash]--
			i, j = i+1, j+1
		}
	}
	return found
}

func count(rows []Row) map[[16]byte]int {
	n := make(map[[16]byte]int, len(rows))
	for _, r := range rows {
		n[r.Hash]++
	}
	return n
}
