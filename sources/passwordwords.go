package sources

import (
	"strings"
	"unicode/utf8"
)

// passwords tells cells that could be the header of a column of passwords. It is asked about
// most cells of a file: their letters answer for nearly all of them, and what looksPassword says
// of the others is remembered, as sites and vendors come again and again.
type passwords map[string]bool

const (
	maxPasswords  = 1 << 12 // that are remembered
	maxHeaderCell = 40      // bytes of a cell that a row is taken for a header by
)

func (p passwords) named(cell string) bool {
	n := len(cell)
	if n < 2 || n > maxHeaderCell || (letterBits[cell[0]]|letterBits[cell[n-1]])&noWord != 0 || !maybePassword(cell) {
		return false
	}
	is, ok := p[cell]
	if !ok {
		if len(p) >= maxPasswords {
			clear(p)
		}
		is = looksPassword(cell)
		p[strings.Clone(cell)] = is
	}
	return is
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
var passwordLetters = func() (all [6]uint32) {
	for i, word := range []string{"pass", "pwd", "senha", "contrasen", "clave", "segredo"} {
		for _, c := range []byte(word) {
			all[i] |= letterBits[c]
		}
	}
	return all
}()

// maybePassword is false for the cells of which their letters and signs alone say that they name
// no password.
func maybePassword(cell string) bool {
	var set uint32
	for ; len(cell) >= 4; cell = cell[4:] {
		set |= letterBits[cell[0]] | letterBits[cell[1]] | letterBits[cell[2]] | letterBits[cell[3]]
		if set&noWord != 0 {
			return false
		}
	}
	for i := range len(cell) {
		set |= letterBits[cell[i]]
	}
	if set&(noWord|notASCII) != 0 {
		return set&noWord == 0
	}
	for _, letters := range passwordLetters {
		if set&letters == letters {
			return true
		}
	}
	return false
}
