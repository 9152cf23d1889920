package schemas

import (
	"unicode/utf16"
	"unicode/utf8"
)

// AppendText appends s as a JSON text, byte for byte as encoding/json writes it without escaping
// < > &: what is no UTF-8 becomes \ufffd, and U+2028 and U+2029 are escapes.
func AppendText(b []byte, s string) []byte { return appendText(b, s, false) }

// AppendInertText is AppendText for JSON within HTML: < > & are escapes too, so that nothing in s
// can end an element, and so is all that is no ASCII: a browser reads a page of ASCII in half the
// room, and faster.
func AppendInertText(b []byte, s string) []byte { return appendText(b, s, true) }

func appendText(b []byte, s string, inert bool) []byte {
	b = append(b, '"')
	for {
		n := plainText(s, inert)
		b = append(b, s[:n]...)
		if n == len(s) {
			return append(b, '"')
		}
		var size int
		b, size = appendEscape(b, s[n:])
		s = s[n+size:]
	}
}

// plainText is the length of what stands as it is at the start of s.
func plainText(s string, inert bool) int {
	i := 0
	for len(s)-i >= 8 && plainWord(s[i:i+8], inert) {
		i += 8
	}
	for i < len(s) {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf && inert:
			return i
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 || r == '\u2028' || r == '\u2029' {
				return i
			}
			i += size
		case c < ' ', c == '"', c == '\\', inert && (c == '<' || c == '>' || c == '&'):
			return i
		default:
			i++
		}
	}
	return i
}

// plainWord says whether eight bytes are all ASCII and stand as they are. It looks at them at
// once: a byte less than n, and one that is equal to another, borrow from their highest bit.
func plainWord(s string, inert bool) bool {
	const each, high = 0x0101010101010101, 0x8080808080808080
	x := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
	slash := x ^ '\\'*each
	quote := x ^ '"'*each
	found := x | (x-' '*each)&^x | (slash-each)&^slash
	if inert {
		quote = (x | 4*each) ^ '&'*each // " and & differ in this bit
		angle := (x | 2*each) ^ '>'*each
		found |= (angle - each) &^ angle
	}
	found |= (quote - each) &^ quote
	return found&high == 0
}

// appendEscape appends the first character of s, which does not stand as it is, and tells its size.
func appendEscape(b []byte, s string) ([]byte, int) {
	switch c := s[0]; c {
	case '"', '\\':
		return append(b, '\\', c), 1
	case '\b':
		return append(b, `\b`...), 1
	case '\f':
		return append(b, `\f`...), 1
	case '\n':
		return append(b, `\n`...), 1
	case '\r':
		return append(b, `\r`...), 1
	case '\t':
		return append(b, `\t`...), 1
	default:
		if c < utf8.RuneSelf {
			return appendUnit(b, rune(c)), 1
		}
	}
	r, size := utf8.DecodeRuneInString(s)
	if size == 1 {
		return append(b, `\ufffd`...), 1
	}
	if high, low := utf16.EncodeRune(r); high != utf8.RuneError {
		return appendUnit(appendUnit(b, high), low), size
	}
	return appendUnit(b, r), size
}

// appendUnit appends the escape of one unit of UTF-16.
func appendUnit(b []byte, u rune) []byte {
	const hex = "0123456789abcdef"
	return append(b, '\\', 'u', hex[u>>12&15], hex[u>>8&15], hex[u>>4&15], hex[u&15])
}
