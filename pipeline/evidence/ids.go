package evidence

import (
	"cmp"
	"math/bits"
	"slices"
	"strconv"
)

// ids is a set of numbers in pages of bits: a million that follow one another take 128 KiB.
type ids struct {
	pages map[uint64]*page
	last  *page // that was looked at, and its number
	at    uint64
	n     int
}

type page [1024]uint64

// add says whether the number is new.
func (s *ids) add(n uint64) bool {
	if s.pages == nil {
		s.pages = map[uint64]*page{}
	}
	p := s.last
	if p == nil || s.at != n>>16 {
		if p = s.pages[n>>16]; p == nil {
			p = &page{}
			s.pages[n>>16] = p
		}
		s.last, s.at = p, n>>16
	}
	word, bit := &p[n>>6&1023], uint64(1)<<(n&63)
	if *word&bit != 0 {
		return false
	}
	*word |= bit
	s.n++
	return true
}

// all yields the numbers in their order.
func (s *ids) all(yield func(uint64) bool) {
	keys := make([]uint64, 0, len(s.pages))
	for key := range s.pages {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, cmp.Compare[uint64])
	for _, key := range keys {
		for i, word := range s.pages[key] {
			for ; word != 0; word &= word - 1 {
				if !yield(key<<16 | uint64(i)<<6 | uint64(bits.TrailingZeros64(word))) {
					return
				}
			}
		}
	}
}

// Gap is a run of ids that are not there, between two that are.
type Gap struct {
	First string `json:"first"`
	Last  string `json:"last"`
}

// mostGaps is how many gaps a certificate names; their number and what they hold are told of all.
const mostGaps = 1000

// gaps are the runs of numbers that the set lacks, the first of them named. Where all of the set lies behind a number,
// 0 for none, what lies between is one too.
func (s *ids) gaps(after uint64) (named []Gap, n int, missing uint64) {
	var before uint64
	first := true
	for id := range s.all {
		if first && after > 0 && id > after {
			before, first = after, false
		}
		if !first && id > before+1 {
			n++
			missing += id - before - 1
			if len(named) < mostGaps {
				named = append(named, Gap{strconv.FormatUint(before+1, 10), strconv.FormatUint(id-1, 10)})
			}
		}
		before, first = id, false
	}
	return named, n, missing
}

// number is an id as one; false for any other text.
func number(id string) (n uint64, ok bool) {
	if len(id) > 19 { // it may not fit
		n, err := strconv.ParseUint(id, 10, 64)
		return n, err == nil
	}
	for i := range len(id) {
		c := id[i] - '0'
		if c > 9 {
			return 0, false
		}
		n = n*10 + uint64(c)
	}
	return n, id != ""
}
