package schemas

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// SourceSeen is what the last good run read of one source; the next one is compared with it.
type SourceSeen struct {
	SourceUse
	Run string `json:"run"`
	At  string `json:"at"` // RFC 3339, UTC
}

// ViewSeen is which records one of the vault's lists showed in the last good run, and to whom.
// Marks are keyed fingerprints of a few of their names, which tell another vault from this one.
type ViewSeen struct {
	Kind   Kind   `json:"kind"` // device, or credential for the list of both credentials and keys
	Client string `json:"client"`
	IDs    IDs    `json:"ids"`
	Ever   IDs    `json:"ever"` // all that any good run has listed
	Prints Prints `json:"prints,omitempty"`
	// Lost are records that an earlier good run was shown and this one was not, with their prints:
	// what is sent under such a name is written to a record that nobody sees.
	Lost       IDs               `json:"lost,omitzero"`
	LostPrints Prints            `json:"lost_prints,omitempty"`
	Marks      map[string]string `json:"marks,omitempty"`
	Run        string            `json:"run"`
	At         string            `json:"at"`
}

// Absence is a listed record that the inventory lacked in the last good runs, without a break.
type Absence struct {
	Kind  Kind   `json:"kind"`
	ID    string `json:"id"`
	Key   string `json:"key"`
	Runs  int    `json:"runs"`
	Since string `json:"since"` // when the first of them was, RFC 3339, UTC
}

// Asset is a keyed fingerprint of the serial number or asset id that the inventory gave a device
// of the vault, which has no field for it.
type Asset struct {
	ID    string `json:"id"`
	Print string `json:"print"`
}

// Difference is something that a run left for people: a hold, a rejected row, a record that the
// inventory lacks, a failure. Nights has a sign for each of the last good runs, oldest first: "+"
// where it was there, "-" where it was not.
type Difference struct {
	Kind   Kind   `json:"kind"`
	Key    string `json:"key"`
	Code   string `json:"code"`
	Since  string `json:"since"`
	Nights string `json:"nights"`
}

// Counted remembers the last plan whose absences were counted, so that applying it once more
// does not count them twice, and the last good run.
type Counted struct {
	Plan string `json:"plan"`
	Run  string `json:"run"`
	At   string `json:"at"`
	// Kinds are the last good runs that read sources of a kind: a run of the other kind alone says
	// nothing of it.
	Kinds map[Kind]string `json:"kinds,omitempty"`
}

// Named is which records of the vault the inventory of a plan named that was applied since: a plan
// that was made before it must not take them. Of the last such plan the IDs are those that it left
// unnamed, of an earlier one those that it named and none of the later ones did.
type Named struct {
	Kind Kind   `json:"kind"`
	Plan string `json:"plan"` // the run that made the plan; names sort by time
	Last bool   `json:"last,omitempty"`
	IDs  IDs    `json:"ids"`
}

// IDs is a set of the vault's ids. It is written as ranges of numbers, "1-812,815"; an id that
// is no number stands by itself, quoted.
type IDs struct {
	ranges []idRange // sorted, with a gap between each two
	other  []string  // sorted
}

type idRange struct{ first, last uint64 }

// NewIDs makes a set of ids in any order.
func NewIDs(list []string) IDs {
	var s IDs
	var numbers []uint64
	for _, id := range list {
		n, err := strconv.ParseUint(id, 10, 64)
		if err != nil || strconv.FormatUint(n, 10) != id {
			s.other = append(s.other, strings.Clone(id))
			continue
		}
		numbers = append(numbers, n)
	}
	if !slices.IsSorted(numbers) {
		slices.Sort(numbers)
	}
	slices.Sort(s.other)
	s.other = slices.Compact(s.other)
	for _, n := range numbers {
		if last := len(s.ranges) - 1; last >= 0 && n <= s.ranges[last].last+1 {
			s.ranges[last].last = max(s.ranges[last].last, n)
			continue
		}
		s.ranges = append(s.ranges, idRange{n, n})
	}
	return s
}

// Union is the set of the ids of both.
func (s IDs) Union(o IDs) IDs {
	u := IDs{other: slices.Compact(slices.Sorted(slices.Values(append(slices.Clone(s.other), o.other...))))}
	both := append(slices.Clone(s.ranges), o.ranges...)
	slices.SortFunc(both, func(a, b idRange) int { return cmp.Compare(a.first, b.first) })
	for _, r := range both {
		if last := len(u.ranges) - 1; last >= 0 && r.first <= u.ranges[last].last+1 {
			u.ranges[last].last = max(u.ranges[last].last, r.last)
			continue
		}
		u.ranges = append(u.ranges, r)
	}
	return u
}

// Minus is the set of the ids that are in this one and not in the other.
func (s IDs) Minus(o IDs) IDs {
	var d IDs
	for _, id := range s.other {
		if !o.Has(id) {
			d.other = append(d.other, id)
		}
	}
	cuts := o.ranges
	for _, r := range s.ranges {
		for len(cuts) > 0 && cuts[0].last < r.first {
			cuts = cuts[1:]
		}
		for i := 0; i < len(cuts) && cuts[i].first <= r.last; i++ {
			if cuts[i].first > r.first {
				d.ranges = append(d.ranges, idRange{r.first, cuts[i].first - 1})
			}
			if r.first = cuts[i].last + 1; r.first > r.last || r.first == 0 {
				r.first, r.last = 1, 0 // nothing is left of it
				break
			}
		}
		if r.first <= r.last {
			d.ranges = append(d.ranges, r)
		}
	}
	return d
}

// Len is how many ids there are.
func (s IDs) Len() int {
	n := len(s.other)
	for _, r := range s.ranges {
		n += int(r.last - r.first + 1)
	}
	return n
}

// Has says whether an id is in the set.
func (s IDs) Has(id string) bool {
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil || strconv.FormatUint(n, 10) != id {
		_, found := slices.BinarySearch(s.other, id)
		return found
	}
	i, found := slices.BinarySearchFunc(s.ranges, n, func(r idRange, n uint64) int {
		switch {
		case r.last < n:
			return -1
		case r.first > n:
			return 1
		}
		return 0
	})
	return found && s.ranges[i].first <= n
}

// All yields the ids, numbers first.
func (s IDs) All(yield func(id string) bool) {
	for _, r := range s.ranges {
		for n := r.first; ; n++ {
			if !yield(strconv.FormatUint(n, 10)) {
				return
			}
			if n == r.last {
				break
			}
		}
	}
	for _, id := range s.other {
		if !yield(id) {
			return
		}
	}
}

// MarshalText writes the set.
func (s IDs) MarshalText() ([]byte, error) {
	var b []byte
	for _, r := range s.ranges {
		b = strconv.AppendUint(b, r.first, 10)
		if r.last > r.first {
			b = strconv.AppendUint(append(b, '-'), r.last, 10)
		}
		b = append(b, ',')
	}
	for _, id := range s.other {
		b = append(strconv.AppendQuote(b, id), ',')
	}
	return b[:max(len(b)-1, 0)], nil
}

// UnmarshalText reads what MarshalText writes, and refuses anything else.
func (s *IDs) UnmarshalText(text []byte) error {
	*s = IDs{}
	rest := string(text)
	for rest != "" {
		if rest[0] == '"' {
			quoted, err := strconv.QuotedPrefix(rest)
			if err != nil {
				return fmt.Errorf("ids: %w", err)
			}
			id, _ := strconv.Unquote(quoted)
			s.other = append(s.other, id)
			rest = strings.TrimPrefix(rest[len(quoted):], ",")
			continue
		}
		part, after, _ := strings.Cut(rest, ",")
		first, last, isRange := strings.Cut(part, "-")
		a, err := strconv.ParseUint(first, 10, 64)
		b := a
		if err == nil && isRange {
			b, err = strconv.ParseUint(last, 10, 64)
		}
		if n := len(s.ranges); err != nil || b < a || n > 0 && a <= s.ranges[n-1].last {
			return fmt.Errorf("ids: %q is no range of numbers above those before it", part)
		}
		s.ranges = append(s.ranges, idRange{a, b})
		rest = after
	}
	return nil
}
