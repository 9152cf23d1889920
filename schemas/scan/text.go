package scan

import (
	"bytes"
	"encoding/binary"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Text returns a string value's text, decoded as encoding/json decodes it;
// false for anything but a string. It aliases raw when there is nothing to
// decode.
func Text(raw []byte) ([]byte, bool) {
	if len(raw) < 2 || raw[0] != '"' {
		return nil, false
	}
	if clean(raw) {
		return raw[1 : len(raw)-1 : len(raw)-1], true
	}
	return appendText(make([]byte, 0, len(raw)), raw), true
}

// Scalar returns the text of a string, the literal of a number, true or false,
// and nothing for null; false for objects and arrays.
func Scalar(raw []byte) ([]byte, bool) {
	if len(raw) == 0 {
		return nil, false
	}
	switch kinds[raw[0]] {
	case '"':
		return Text(raw)
	case '0', 't':
		return raw, true
	case 'n':
		return raw[:0:0], true
	}
	return nil, false
}

// IsNull is true for the value null.
func IsNull(raw []byte) bool { return string(raw) == null }

const null = "null"

// clean is true for a string that says what it means: no escapes, and UTF-8.
func clean(raw []byte) bool {
	i := ascii(raw)
	return i == len(raw) || bytes.IndexByte(raw[i:], '\\') < 0 && utf8.Valid(raw[i:])
}

// ascii is how many bytes of raw, counted by eights until near its end, are
// ASCII other than a backslash.
func ascii(raw []byte) int {
	i := 0
	for ; i+8 <= len(raw); i += 8 {
		w := binary.LittleEndian.Uint64(raw[i:])
		slash := w ^ (ones * '\\')
		if (w|(slash-ones)&^slash)&highs != 0 {
			return i
		}
	}
	for i < len(raw) && raw[i] < utf8.RuneSelf && raw[i] != '\\' {
		i++
	}
	return i
}

// appendText decodes the string raw, quotes included. Lone surrogates and
// bytes that are no UTF-8 become U+FFFD.
func appendText(dst, raw []byte) []byte {
	if len(raw) < 2 {
		return dst
	}
	in := raw[1 : len(raw)-1]
	if clean(in) {
		return append(dst, in...)
	}
	for len(in) > 0 {
		switch c := in[0]; {
		case c == '\\' && len(in) > 1 && in[1] == 'u':
			char, size := escapedRune(in)
			dst = utf8.AppendRune(dst, char)
			in = in[size:]
		case c == '\\' && len(in) > 1:
			dst = append(dst, unescape(in[1]))
			in = in[2:]
		case c < utf8.RuneSelf:
			dst = append(dst, c)
			in = in[1:]
		default:
			char, size := utf8.DecodeRune(in)
			dst = utf8.AppendRune(dst, char)
			in = in[size:]
		}
	}
	return dst
}

// escapedRune decodes the \u at the start of in, and with it a second one when
// the two make a pair. The size is how much of in that took.
func escapedRune(in []byte) (rune, int) {
	const size = len(`\u0000`)
	first := hexRune(in)
	if first < 0 {
		return unicode.ReplacementChar, min(size, len(in))
	}
	if !utf16.IsSurrogate(first) {
		return first, size
	}
	if both := utf16.DecodeRune(first, hexRune(in[size:])); both != unicode.ReplacementChar {
		return both, 2 * size
	}
	return unicode.ReplacementChar, size
}

// hexRune is the number of the \u at the start of in, -1 without one.
func hexRune(in []byte) rune {
	if len(in) < 6 || in[0] != '\\' || in[1] != 'u' {
		return -1
	}
	var n rune
	for _, c := range in[2:6] {
		v := hexValue(c)
		if v < 0 {
			return -1
		}
		n = n<<4 | v
	}
	return n
}

func unescape(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}
