package schemas

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// pseudonymDigits are those of a pseudonym: 16 that stand for the value, and 4 by which it is known as one.
const pseudonymDigits = 20

// Pseudonym makes a text that stands for another: a class, as user or host, and 20 hex digits. The first 16
// are those of sum, which says nothing without the key that it was made with; the last 4 are of what stands
// before them, so that IsPseudonym needs no key.
func Pseudonym(class string, sum []byte) string {
	text := class + "-" + hex.EncodeToString(sum[:8])
	return text + pseudonymMark(text)
}

func pseudonymMark(text string) string {
	sum := sha256.Sum256([]byte("pamsync pseudonym\x00" + text))
	return hex.EncodeToString(sum[:2])
}

// IsPseudonym tells a text that Pseudonym made. A name of somebody's own looks like one in one of 65,536
// names that end in a hyphen and 20 hex digits.
func IsPseudonym(text string) bool {
	at := len(text) - pseudonymDigits - 1
	if at < 1 || text[at] != '-' || strings.Trim(text[at+1:], "0123456789abcdef") != "" {
		return false
	}
	return pseudonymMark(text[:len(text)-4]) == text[len(text)-4:]
}
