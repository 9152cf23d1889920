package pipeline

import (
	"slices"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"pamsync/schemas"
)

// knownValues are the values that listed devices have in one field.
type knownValues struct {
	has   map[string]bool
	texts []string
	plain [][]rune

	numbers []bool // has, by the numbers of a vocabulary
}

// knownFields are those of each reference field.
type knownFields [schemas.NumFields]*knownValues

// number looks up the words of a vocabulary.
func (k *knownValues) number(words *vocabulary) {
	k.numbers = make([]bool, max(len(words.list), 1))
	for code, text := range words.list {
		k.numbers[code] = code > 0 && k.has[fold(text)]
	}
}

func newKnown(texts []string) *knownValues {
	k := &knownValues{has: map[string]bool{}}
	for _, text := range texts {
		k.add(text)
	}
	return k
}

func (k *knownValues) add(text string) {
	if text == "" || k.has[fold(text)] {
		return
	}
	k.has[fold(text)] = true
	k.texts, k.plain = append(k.texts, text), append(k.plain, plainText(text))
}

// nearest finds the known value that is nearest to a new one, and whether the new one looks
// like a slip of it: but for case, accents and signs the same, or one or two letters away.
// Numbers are never slips of one another: CentOS 8 is not CentOS 7 misspelt.
func (k *knownValues) nearest(text string) (best string, near bool) {
	want := plainText(text)
	bestDistance, found := len(want)/2+1, -1
	for i, have := range k.plain {
		if max(len(have)-len(want), len(want)-len(have)) > bestDistance {
			continue
		}
		if d := distance(want, have); d < bestDistance || d == bestDistance && found >= 0 && k.texts[i] < k.texts[found] {
			bestDistance, found = d, i
		}
	}
	if found < 0 {
		return "", false
	}
	return k.texts[found], slipped(want, k.plain[found], bestDistance)
}

// slip tells that one text looks like a slip of another.
func slip(want, have []rune) bool {
	most := slipOf(max(len(want), len(have)))
	if max(len(have)-len(want), len(want)-len(have)) > most {
		return false
	}
	return slipped(want, have, distance(want, have))
}

// slipped says whether a distance between two texts is that of a slip.
func slipped(want, have []rune, distance int) bool {
	return distance == 0 || distance <= slipOf(max(len(want), len(have))) && sameNumbers(want, have)
}

// slipOf is how many letters of a word of a length may be a slip.
func slipOf(length int) int {
	switch {
	case length <= 3:
		return 0
	case length <= 5:
		return 1
	}
	return 2
}

// sameNumbers says whether two texts do not differ in numbers that both have.
func sameNumbers(a, b []rune) bool {
	notDigit := func(r rune) bool { return r < '0' || r > '9' }
	x, y := slices.DeleteFunc(slices.Clone(a), notDigit), slices.DeleteFunc(slices.Clone(b), notDigit)
	return len(x) == 0 || len(y) == 0 || slices.Equal(x, y)
}

// plainText is a text without case, accents and signs.
func plainText(s string) []rune {
	return slices.DeleteFunc([]rune(norm.NFKD.String(fold(s))), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// distance is Damerau's: letters put in, left out, exchanged, or swapped with their neighbour.
func distance(x, y []rune) int {
	before, row, next := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(x); i++ {
		next[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			next[j] = min(row[j]+1, next[j-1]+1, row[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row, next = row, next, before
	}
	return row[len(y)]
}
