package pipeline

import (
	"hash/maphash"
	"slices"
)

// index finds records by a text that several may share. It keeps hashes and no text: who asks
// compares what is found.
type index struct {
	seed  maphash.Seed
	slots []slot // a power of two, at most two thirds full
	used  int
	// before leads from a record to the one that was added before it with the same hash.
	before map[int32]int32
}

type slot struct {
	hash   uint32
	record int32 // the last one of its hash, plus 1; 0 is free
}

func newIndex(records int) *index {
	size := 16
	for size*2 < records*3 {
		size *= 2
	}
	return &index{seed: maphash.MakeSeed(), slots: make([]slot, size), before: map[int32]int32{}}
}

// add takes a record under a text.
func (x *index) add(text string, record int32) {
	if x.used*3 >= len(x.slots)*2 {
		x.grow()
	}
	hash := uint32(maphash.String(x.seed, text))
	s := x.slot(hash)
	if s.record != 0 {
		x.before[record] = s.record - 1
	} else {
		x.used++
	}
	*s = slot{hash, record + 1}
}

// slot is that of a hash, or the free one where it belongs.
func (x *index) slot(hash uint32) *slot {
	mask := uint32(len(x.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		if s := &x.slots[i]; s.record == 0 || s.hash == hash {
			return s
		}
	}
}

func (x *index) grow() {
	old := x.slots
	x.slots = make([]slot, len(old)*2)
	for _, s := range old {
		if s.record != 0 {
			*x.slot(s.hash) = s
		}
	}
}

// find returns the records of a text, lowest first: those of its hash for which equal holds.
func (x *index) find(text string, equal func(record int32) bool) []int32 {
	var found []int32
	x.each(text, func(record int32) {
		if equal(record) {
			found = append(found, record)
		}
	})
	slices.Sort(found)
	return found
}

// each calls visit for every record that may have a text.
func (x *index) each(text string, visit func(record int32)) {
	s := x.slot(uint32(maphash.String(x.seed, text)))
	if s.record == 0 {
		return
	}
	for record, more := s.record-1, true; more; record, more = x.before[record] {
		visit(record)
	}
}

// names is a set of texts of which only hashes are kept: has may, once in an age, say yes to a
// text that is not in it, which protects one record more.
type names struct {
	seed maphash.Seed
	set  map[uint64]struct{}
}

func (n *names) add(text string) {
	if n.set == nil {
		n.seed, n.set = maphash.MakeSeed(), map[uint64]struct{}{}
	}
	n.set[maphash.String(n.seed, text)] = struct{}{}
}

func (n *names) has(text string) bool {
	if n.set == nil {
		return false
	}
	_, ok := n.set[maphash.String(n.seed, text)]
	return ok
}
