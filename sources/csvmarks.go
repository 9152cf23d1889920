package sources

import (
	"encoding/binary"
	"math/bits"
)

// marksBlock is how many bytes are looked at together.
const marksBlock = 64

// marks finds the delimiters, quotes and line feeds of a buffer, one after the other. They are
// looked for by blocks, as bits of a word: to stop at each of them costs most where it cannot be
// foreseen how far it is.
type marks struct {
	delimiter uint64 // in every byte
	base      int    // of the block at hand, a multiple of its size
	found     uint64 // in it, and not passed
}

// begin looks from i on in b, which has room for a block behind its end.
func (m *marks) begin(b []byte, i int) {
	m.base = i &^ (marksBlock - 1)
	m.found = markedIn(b[m.base:], m.delimiter) >> (i & (marksBlock - 1)) << (i & (marksBlock - 1))
}

// next is the place of the next one before end, or else end or a place behind it.
func (m *marks) next(b []byte, end int) int {
	for m.found == 0 {
		if m.base += marksBlock; m.base >= end {
			return end
		}
		m.found = markedIn(b[m.base:], m.delimiter)
	}
	i := m.base + bits.TrailingZeros64(m.found)
	m.found &= m.found - 1
	return i
}

// Masks for eight bytes at a time.
const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
	lows  = ^uint64(highs)
)

// markedIn has the bits of the bytes of b's first block that are delimiters, quotes or line
// feeds. A byte of a word is made to overflow into its own highest bit by whatever it is not.
func markedIn(b []byte, delimiter uint64) (found uint64) {
	const gather = 0x0102040810204080 // the lowest bits of all bytes, brought together at the top
	b = b[:marksBlock]
	for k := 0; k < marksBlock; k += 8 {
		w := binary.LittleEndian.Uint64(b[k : k+8])
		low := w & lows
		others := (low ^ delimiter) + lows
		others &= (low ^ (ones * '"')) + lows
		others &= (low ^ (ones * '\n')) + lows
		found |= (^(others | w) & highs >> 7 * gather >> 56) << k
	}
	return found
}
