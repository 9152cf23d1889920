package pipeline

import (
	"unicode"
	"unicode/utf8"
)

// isMojibake tells text that was UTF-8 and was read as something else on its way here, or has lost a
// letter for good.
func isMojibake(text string) bool {
	for ; len(text) >= 8 && eight(text)&highs == 0; text = text[8:] { // ASCII, as nearly all text is
	}
	var before rune
	for i := 0; i < len(text); i++ {
		if text[i] < utf8.RuneSelf {
			before = rune(text[i])
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		next, _ := utf8.DecodeRuneInString(text[i+size:])
		switch {
		case r == utf8.RuneError && size > 1: // the sign for a letter that could not be read
			return true
		case (r == 'Ã' || r == 'Â') && next >= 0x80 && next <= 0xbf && next != 0xa0:
			return true
		case (r == 'Ã' || r == 'Â') && next == 0xa0 && !unicode.IsUpper(before):
			return true // à, and not the end of a word in capitals before a fixed blank
		case r == 'â' && (next == '€' || next == 0x80):
			return true
		}
		before = r
		i += size - 1
	}
	return false
}
