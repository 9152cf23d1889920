package schemas

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Pseudonym makes a text that stands for another: a class, as user or host, and hex digits. They are those of
// sum, of six or eight bytes, which says nothing without the key that it was made with, and four more of what
// stands before them, so that IsPseudonym needs no key.
func Pseudonym(class string, sum []byte) string {
	text := class + "-" + hex.EncodeToString(sum)
	return text + pseudonymMark(text)
}

func pseudonymMark(text string) string {
	sum := sha256.Sum256([]byte("pamsync pseudonym\x00" + text))
	return hex.EncodeToString(sum[:2])
}

// IsPseudonym tells a text that Pseudonym made. A name of somebody's own is taken for one in one of 65,536
// names that end in a hyphen and 16 or 20 hex digits.
func IsPseudonym(text string) bool {
	at := strings.LastIndexByte(text, '-')
	digits := text[at+1:]
	if at < 1 || len(digits) != 16 && len(digits) != 20 || strings.Trim(digits, "0123456789abcdef") != "" {
		return false
	}
	return pseudonymMark(text[:len(text)-4]) == text[len(text)-4:]
}
