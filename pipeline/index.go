package pipeline

import (
	"hash/maphash"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

// index finds records by a text that several may share. It keeps hashes and no text: who asks
// compares what is found. Several goroutines may put records into it at once; it is read when
// they are done.
type index struct {
	// slots hold a hash in their upper half and in the lower the last record of that hash, plus 1;
	// 0 is free. At most three quarters of them are full.
	slots []uint64
	mu    sync.Mutex
	// before leads from a record to another one with the same hash.
	before map[int32]int32
}

// newIndex makes room for so many records.
func newIndex(records int) *index {
	return &index{slots: ready(make([]uint64, records+records/3+16)), before: map[int32]int32{}}
}

// slot is the one where the search for a hash begins, and next the one to look at after i.
func (x *index) slot(hash uint64) uint64 { return (hash >> 32) * uint64(len(x.slots)) >> 32 }

func (x *index) next(i uint64) uint64 {
	if i++; i == uint64(len(x.slots)) {
		return 0
	}
	return i
}

// put takes a record under a hash.
func (x *index) put(hash uint64, record int32) {
	word := hash&^0xffffffff | uint64(record+1)
	for i := x.slot(hash); ; i = x.next(i) {
		if atomic.CompareAndSwapUint64(&x.slots[i], 0, word) {
			return
		}
		if atomic.LoadUint64(&x.slots[i])>>32 == hash>>32 {
			x.mu.Lock()
			x.before[record] = int32(uint32(atomic.LoadUint64(&x.slots[i]))) - 1
			atomic.StoreUint64(&x.slots[i], word)
			x.mu.Unlock()
			return
		}
	}
}

// last is a record that may have a hash, -1 for none; the others lie before it.
func (x *index) last(hash uint64) int32 {
	for i := x.slot(hash); x.slots[i] != 0; i = x.next(i) {
		if x.slots[i]>>32 == hash>>32 {
			return int32(uint32(x.slots[i])) - 1
		}
	}
	return -1
}

// near brings the memory of several hashes near, so that put and last need not wait for each. It
// says whether records may be found under any of them.
func (x *index) near(hashes []uint64) bool {
	any := uint64(0)
	for _, hash := range hashes {
		any |= atomic.LoadUint64(&x.slots[x.slot(hash)])
	}
	return any != 0
}

// ready writes to each page of new memory that will be read in no order: a page that is read first
// is mapped twice.
func ready[T int32 | uint64](list []T) []T {
	list = large(list)
	for i := 0; i < len(list); i += 512 {
		list[i] = 0
	}
	return list
}

// several says whether another record has a record's hash, and lies before it.
func (x *index) several(record int32) bool {
	if len(x.before) == 0 {
		return false
	}
	_, ok := x.before[record]
	return ok
}

// find returns the records of a hash for which equal holds, lowest first.
func (x *index) find(hash uint64, equal func(record int32) bool) []int32 {
	var found []int32
	for record, more := x.last(hash), true; more && record >= 0; record, more = x.before[record] {
		if equal(record) {
			found = append(found, record)
		}
	}
	slices.Sort(found)
	return found
}

// hasher hashes texts with a key of its own, so that nobody can make texts that collide.
type hasher struct{ seed maphash.Seed }

func newHasher() hasher { return hasher{maphash.MakeSeed()} }

func (h hasher) text(s string) uint64 { return maphash.String(h.seed, s) }

// lower hashes a text without case; false where it takes more to fold than that.
func (h hasher) lower(b []byte) (hash uint64, ok bool) {
	var room [64]byte
	lower := room[:0]
	for _, c := range b {
		switch {
		case c >= utf8.RuneSelf || c <= ' ':
			return 0, false
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		}
		lower = append(lower, c)
	}
	return maphash.Bytes(h.seed, lower), true
}

// hostAt hashes a hostname of a pack; words are the hashes of its vocabulary, as hostHashes has them.
func (h hasher) hostAt(p *pack, code uint32, text []byte, words []uint64) uint64 {
	if code != 0 {
		if label, ok := h.lower(text); ok {
			return hostHash(label, words[code])
		}
	}
	return h.host(composed(rootless(fold(p.value(code, text)))))
}

func (h hasher) bytes(b []byte) uint64 { return maphash.Bytes(h.seed, b) }

// host hashes a hostname that is folded already, by its first label and the rest, which many
// share.
func (h hasher) host(key string) uint64 {
	i := strings.IndexByte(key, '.')
	if i <= 0 {
		i = len(key)
	}
	return hostHash(h.text(key[:i]), h.text(key[i:]))
}

func hostHash(label, rest uint64) uint64 { return label ^ (rest<<17 | rest>>47) }

// inParts calls work for the parts of n things, on all processors at once.
func inParts(n int, work func(begin, end int)) {
	share := max(n/runtime.GOMAXPROCS(0)+1, 1024)
	var all sync.WaitGroup
	for begin := 0; begin < n; begin += share {
		all.Go(func() { work(begin, min(begin+share, n)) })
	}
	all.Wait()
}

// names is a set of texts of which only hashes are kept: has may, once in an age, say yes to a
// text that is not in it, which protects one record more.
type names struct {
	hasher hasher
	set    map[uint64]struct{}
}

func (n *names) add(text string) {
	if n.set == nil {
		n.hasher, n.set = newHasher(), map[uint64]struct{}{}
	}
	n.set[n.hasher.text(text)] = struct{}{}
}

func (n *names) has(text string) bool {
	if n.set == nil {
		return false
	}
	_, ok := n.set[n.hasher.text(text)]
	return ok
}
