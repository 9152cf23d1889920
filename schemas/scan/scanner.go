package scan

// step is what a scanner stands before.
type step uint8

const (
	atValue    step = iota
	atFirst         // a value or the closing bracket
	atFirstKey      // a name or the closing brace
	atKey
	atColon
	atNext // a comma or the closing byte
	atEnd  // nothing more

	complete

	// From here on inside a word, where white space does not go.
	inString
	inEscape
	inHex
	inLiteral
	afterLiteral
	afterMinus
	afterZero
	afterPoint
	afterE
	afterSign
	// From here on any number of digits may follow.
	inInteger
	inFraction
	inExponent
)

type verdict uint8

const (
	more verdict = iota
	done
	wrong
	deep
)

// scanner checks one value after another, handed over in pieces that may be
// cut anywhere. stack holds the opening bytes of what is open; what the value
// at hand opens lies above floor.
type scanner struct {
	step  step
	key   bool   // the string at hand is a name
	hex   int8   // digits of an escape still to come
	rest  string // of the literal at hand
	stack []byte
	floor int
	max   int
}

// begin stands before a value inside of what is open now.
func (s *scanner) begin() {
	s.step = atValue
	s.key = false
	s.floor = len(s.stack)
}

// run goes over b from i on and returns where it stopped: after the value
// when done, at the offending byte when wrong or deep.
func (s *scanner) run(b []byte, i int) (int, verdict) {
	for v := more; i < len(b); {
		c := b[i]
		switch {
		case s.step > complete:
			i, v = s.word(b, i)
		case space[c]:
			i++
			continue
		case c == '"' && s.step == atKey:
			i = s.name(b, i+1)
			continue
		case c == '"' && s.step == atValue:
			i = s.text(b, i+1)
		case c == ',' && s.step == atNext:
			s.step = atValue
			if s.top() == '{' {
				s.step = atKey
			}
			i++
			continue
		default:
			i, v = s.mark(b, i)
		}
		if v != more {
			return i, v
		}
		if s.step == complete {
			return i, done
		}
	}
	return i, more
}

// whole is true when the value is complete should the source end here. Inside
// of something open it never is: the rest of that is missing, and so may be
// the rest of a number.
func (s *scanner) whole() bool {
	if len(s.stack) > 0 {
		return false
	}
	switch s.step {
	case afterLiteral, afterZero, inInteger, inFraction, inExponent:
		return true
	}
	return false
}

// mark takes the byte at b[i], which is no white space, outside of any word.
func (s *scanner) mark(b []byte, i int) (int, verdict) {
	c := b[i]
	switch s.step {
	case atNext:
		if c != closing(s.top()) {
			return i, wrong
		}
		s.pop()
		return i + 1, more
	case atColon:
		if c != ':' {
			return i, wrong
		}
		s.step = atValue
		return i + 1, more
	case atFirstKey, atKey:
		if c == '"' {
			return s.name(b, i+1), more
		}
		if c == '}' && s.step == atFirstKey {
			s.pop()
			return i + 1, more
		}
		return i, wrong
	case atFirst:
		if c == ']' {
			s.pop()
			return i + 1, more
		}
	}
	return s.value(b, i)
}

// name takes a member's name, after its opening quote, as far as it lies
// plainly at hand: mostly that is all of it, and the colon.
func (s *scanner) name(b []byte, i int) int {
	i = plain(b, i)
	if i+1 < len(b) && b[i] == '"' && b[i+1] == ':' {
		s.step = atValue
		return i + 2
	}
	s.key = true
	s.step = inString
	return i
}

// text takes a string value, after its opening quote, as name does.
func (s *scanner) text(b []byte, i int) int {
	i = plain(b, i)
	if i < len(b) && b[i] == '"' {
		s.valued()
		return i + 1
	}
	s.key = false
	s.step = inString
	return i
}

// value takes the first byte of a value.
func (s *scanner) value(b []byte, i int) (int, verdict) {
	c := b[i]
	switch kinds[c] {
	case '"':
		return s.text(b, i+1), more
	case '{', '[':
		if !s.push(c) {
			return i, deep
		}
	case '0':
		s.step = number(c)
	case 't', 'n':
		s.step = inLiteral
		s.rest = literal(c)
	default:
		return i, wrong
	}
	return i + 1, more
}

// push opens an object or array, false when that is too deep.
func (s *scanner) push(open byte) bool {
	if len(s.stack) >= s.max {
		return false
	}
	s.stack = append(s.stack, open)
	s.step = atFirst
	if open == '{' {
		s.step = atFirstKey
	}
	return true
}

// pop closes what is open innermost, which is a value then.
func (s *scanner) pop() {
	s.stack = s.stack[:len(s.stack)-1]
	s.valued()
}

// top is the opening byte of what is open innermost, 0 for none.
func (s *scanner) top() byte {
	if len(s.stack) == 0 {
		return 0
	}
	return s.stack[len(s.stack)-1]
}

// valued notes the end of a value.
func (s *scanner) valued() {
	s.step = atNext
	if len(s.stack) == s.floor {
		s.step = complete
	}
}

func closing(open byte) byte { return open + 2 }
