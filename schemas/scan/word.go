package scan

import (
	"encoding/binary"
	"math/bits"
)

// Masks for eight bytes at a time.
const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// word goes on with the string, number or literal at hand.
func (s *scanner) word(b []byte, i int) (int, verdict) {
	switch s.step {
	case inString:
		return s.str(b, i)
	case inEscape:
		c := b[i]
		if !escapes[c] {
			return i, wrong
		}
		s.step = inString
		if c == 'u' {
			s.step = inHex
			s.hex = 4
		}
		return i + 1, more
	case inHex:
		if hexValue(b[i]) < 0 {
			return i, wrong
		}
		if s.hex--; s.hex == 0 {
			s.step = inString
		}
		return i + 1, more
	case inLiteral:
		return s.literal(b, i)
	case afterLiteral:
		return s.edge(b, i)
	}
	return s.number(b, i)
}

// str goes on to the end of a string or to a \u in it.
func (s *scanner) str(b []byte, i int) (int, verdict) {
	for {
		i = plain(b, i)
		if i == len(b) {
			return i, more
		}
		switch c := b[i]; {
		case c == '"' && s.key:
			s.step = atColon
			s.key = false
			return i + 1, more
		case c == '"':
			s.valued()
			return i + 1, more
		case c != '\\':
			return i, wrong
		}
		if i+1 == len(b) || b[i+1] == 'u' || !escapes[b[i+1]] {
			s.step = inEscape
			return i + 1, more
		}
		i += 2
	}
}

// plain is the first place from i on of a quote, a backslash or a control
// character, len(b) without one. Eight bytes are looked at together: of the
// bytes found that way the first is exact, which is all that counts.
func plain(b []byte, i int) int {
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		quote, slash := w^(ones*'"'), w^(ones*'\\')
		found := ((quote-ones)&^quote | (slash-ones)&^slash | (w-ones*' ')&^w) & highs
		if found != 0 {
			return i + bits.TrailingZeros64(found)>>3
		}
	}
	for i < len(b) && !stops[b[i]] {
		i++
	}
	return i
}

func (s *scanner) literal(b []byte, i int) (int, verdict) {
	for i < len(b) && s.rest != "" {
		if b[i] != s.rest[0] {
			return i, wrong
		}
		s.rest = s.rest[1:]
		i++
	}
	if s.rest == "" {
		s.step = afterLiteral
	}
	return i, more
}

// edge takes the byte after a number or literal, which it leaves: nothing but
// white space, a comma or a closing byte may touch those.
func (s *scanner) edge(b []byte, i int) (int, verdict) {
	if !edges[b[i]] {
		return i, wrong
	}
	s.valued()
	return i, more
}

// literal is what follows the first byte of a literal.
func literal(c byte) string {
	switch c {
	case 't':
		return "rue"
	case 'f':
		return "alse"
	default:
		return "ull"
	}
}

// number is the step after the first byte of a number.
func number(c byte) step {
	switch c {
	case '-':
		return afterMinus
	case '0':
		return afterZero
	default:
		return inInteger
	}
}

func (s *scanner) number(b []byte, i int) (int, verdict) {
	for ; i < len(b); i++ {
		c := b[i]
		if s.step >= inInteger && c >= '0' && c <= '9' {
			continue
		}
		if to := s.step.digit(c); to != complete {
			s.step = to
			continue
		}
		switch s.step {
		case afterZero, inInteger, inFraction, inExponent:
			return s.edge(b, i)
		}
		return i, wrong
	}
	return i, more
}

// digit is the step after the byte c of a number, complete when c is no part
// of it. Digits after which any number of them may follow are number's.
func (s step) digit(c byte) step {
	switch {
	case c >= '0' && c <= '9':
		switch s {
		case afterMinus:
			return number(c)
		case afterPoint:
			return inFraction
		case afterE, afterSign:
			return inExponent
		}
	case c == '.' && (s == afterZero || s == inInteger):
		return afterPoint
	case (c == 'e' || c == 'E') && (s == afterZero || s == inInteger || s == inFraction):
		return afterE
	case (c == '+' || c == '-') && s == afterE:
		return afterSign
	}
	return complete
}
