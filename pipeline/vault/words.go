package vault

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A secret can be written in more ways than anybody can undo: with blanks between its digits, backwards, a piece of
// it. So of what a vault says of a call that has secrets, only words are told again, short numbers, and what the call
// itself had beside its secrets.

// longestWord is that of the words which are told: what is longer is none.
const longestWord = 24

// mostNumbers is how many numbers, or single letters, may follow each other: more may be the signs of a text.
const mostNumbers = 2

// inWords is a text of which only words are told, and the texts that are known.
func inWords(text string, known []string) string {
	tokens := strings.Fields(text)
	run := 0
	for i, token := range tokens {
		bare := strings.TrimFunc(token, func(r rune) bool { return strings.ContainsRune(`.,;:!?()[]{}<>"'«»“”‘’=`, r) })
		switch {
		case bare == "" && run == 0 || bare != "" && slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(k, bare) }):
			run = 0
			continue
		case isNumber(bare) || utf8.RuneCountInString(bare) <= 1:
			if run++; run > mostNumbers {
				for k := i - run + 1; k <= i; k++ {
					tokens[k] = hidden
				}
			}
			continue
		case isWord(bare):
			run = 0
			continue
		}
		run++ // it has digits too
		if tokens[i] = hidden; run > mostNumbers {
			for k := i - run + 1; k < i; k++ {
				tokens[k] = hidden
			}
		}
	}
	return strings.Join(slices.CompactFunc(tokens, func(a, b string) bool { return a == hidden && b == hidden }), " ")
}

// hidden stands where something is not told.
const hidden = "***"

// isNumber tells a code or a count.
func isNumber(text string) bool { return len(text) <= 5 && strings.Trim(text, "0123456789") == "" }

// isWord tells a word, or the name of a field: letters, and single signs between them. Capitals inside of it are few, as
// in remoteAddr.
func isWord(text string) bool {
	if utf8.RuneCountInString(text) > longestWord {
		return false
	}
	turns, before := 0, rune('-')
	for _, r := range text {
		letter := unicode.IsLetter(r) && (r < 0xff00 || r > 0xffef) // full-width forms write anything
		sign := strings.ContainsRune("-_'’/.", r)
		if !letter && (!sign || !unicode.IsLetter(before)) {
			return false
		}
		if unicode.IsUpper(r) && unicode.IsLower(before) {
			turns++
		}
		before = r
	}
	return turns <= 2
}
