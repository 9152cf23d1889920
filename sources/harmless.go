package sources

import (
	"math/bits"
	"unicode/utf8"
)

// harmless remembers texts that are not the word for a password: sites and vendors come again
// and again, and to look at their letters each time would take as long as to read them. A text
// has one place, which the last one takes.
type harmless [1 << 10]knownText

type knownText struct {
	size uint8
	text [maxHeaderCell]byte
}

// maxHeaderCell is how long a cell of a header may be, in bytes, for one that a row is taken for.
const maxHeaderCell = 40

// namesPassword tells a cell that could be the header of a column of passwords.
func (h *harmless) namesPassword(cell string) bool {
	if len(cell) < 2 || len(cell) > maxHeaderCell || letterBits[cell[0]] == noWord {
		return false
	}
	known := &h[placeOf(cell)]
	if string(known.text[:known.size]) == cell {
		return false
	}
	set := lettersOf(cell)
	if set&noWord != 0 {
		return false
	}
	if mayBePassword(set) && looksPassword(cell) {
		return true
	}
	known.size = uint8(copy(known.text[:], cell))
	return false
}

// placeOf mixes the first and the last bytes of a text of two or more.
func placeOf(text string) uint64 {
	var first, last uint64
	switch n := len(text); {
	case n >= 8:
		first, last = eight(text), eight(text[n-8:])
	case n >= 4:
		first, last = four(text), four(text[n-4:])
	default:
		first, last = uint64(text[0]), uint64(text[n-1])
	}
	return (first ^ bits.RotateLeft64(last, 23)) * 0x9E3779B97F4A7C15 >> (64 - 10)
}

func eight(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

func four(s string) uint64 {
	_ = s[3]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24
}

// Bits of a cell's bytes beside its letters.
const (
	noWord   = 1 << 31 // a sign that a header of passwords does not have
	notASCII = 1 << 30
)

// letterBits are the letters as bits, whatever their case, and those two.
var letterBits = func() (bits [256]uint32) {
	for c := byte('a'); c <= 'z'; c++ {
		bits[c], bits[c-'a'+'A'] = 1<<(c-'a'), 1<<(c-'a')
	}
	for _, c := range []byte(`0123456789-_.@/\`) {
		bits[c] = noWord
	}
	for c := utf8.RuneSelf; c < 256; c++ {
		bits[c] = notASCII
	}
	return bits
}()

// passwordLetters are those of each word that looksPassword knows, or of its beginning.
var passwordLetters = func() (all []uint32) {
	for _, word := range []string{"pass", "pwd", "senha", "contrasen", "clave", "segredo"} {
		var set uint32
		for i := range len(word) {
			set |= letterBits[word[i]]
		}
		all = append(all, set)
	}
	return all
}()

// lettersOf is the set of a cell's letters; with noWord, it may not be all of it.
func lettersOf(cell string) (set uint32) {
	for i := range len(cell) {
		if set |= letterBits[cell[i]]; set&noWord != 0 {
			break
		}
	}
	return set
}

// mayBePassword is false for the cells of which their letters alone say that looksPassword need
// not be asked.
func mayBePassword(set uint32) bool {
	if set&notASCII != 0 {
		return true
	}
	for _, letters := range passwordLetters {
		if set&letters == letters {
			return true
		}
	}
	return false
}
