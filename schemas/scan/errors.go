package scan

import (
	"errors"
	"fmt"
	"io"
	"strconv"
)

var (
	// ErrTruncated is wrapped by the error about a document that ended too soon.
	ErrTruncated = errors.New("the document is cut short")
	// ErrTooLarge is wrapped by errors about MaxRecord, MaxDepth and MaxBytes.
	ErrTooLarge = errors.New("over the limit")
)

// SyntaxError is what malformed JSON gives, and a value of another kind than
// the one entered.
type SyntaxError struct {
	Offset int64 // bytes before the place
	Line   int   // physical line of the place, counted from 1
	What   string

	cause error
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, byte %d: %s", e.Line, e.Offset, e.What)
}

// Unwrap gives ErrTruncated for a document that ended too soon.
func (e *SyntaxError) Unwrap() error { return e.cause }

// syntax makes the error about the place i of the window.
func (r *Reader) syntax(i int, what string, cause error) *SyntaxError {
	offset, line := r.w.place(i)
	return &SyntaxError{Offset: offset, Line: line, What: what, cause: cause}
}

// unexpected settles the reader on the error about the byte at i, met by s.
func (r *Reader) unexpected(i int, s step) error {
	c := r.w.buf[i]
	what := "unexpected " + describe(c) + ": " + s.wants()
	if offset, _ := r.w.place(i); offset == 0 && c >= 0xFE {
		what += " (this looks like UTF-16, only UTF-8 is read)"
	}
	r.err = r.syntax(i, what, nil)
	return r.err
}

// ended settles the reader on the error about a source that gave no more bytes.
func (r *Reader) ended(err error) error {
	at := len(r.w.buf)
	if err == io.EOF {
		r.err = r.syntax(at, "unexpected end: "+ErrTruncated.Error(), ErrTruncated)
		return r.err
	}
	offset, line := r.w.place(at)
	r.err = fmt.Errorf("line %d, byte %d: reading on: %w", line, offset, err)
	return r.err
}

// tooLarge settles the reader on the error about the limit named.
func (r *Reader) tooLarge(i int, what string, limit int) error {
	offset, line := r.w.place(i)
	r.err = fmt.Errorf("line %d, byte %d: %w: %s %d", line, offset, ErrTooLarge, what, limit)
	return r.err
}

// mismatch is the error about a value of another kind than the caller entered.
// The value is not consumed, so it does not settle.
func (r *Reader) mismatch(want string, got byte) error {
	return r.syntax(r.w.pos, want+" was expected, not "+kindName(got), nil)
}

// misuse is the error about a call that has no meaning where the reader stands.
func misuse(call string) error {
	return fmt.Errorf("scan: %s called out of turn", call)
}

func kindName(kind byte) string {
	switch kind {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case '0':
		return "a number"
	case 't':
		return "true or false"
	default:
		return "null"
	}
}

func describe(c byte) string {
	if c > ' ' && c < 0x7F {
		return "'" + string(rune(c)) + "'"
	}
	return "byte 0x" + strconv.FormatUint(uint64(c)+0x100, 16)[1:]
}

// wants says what would have been right where something else stood.
func (s step) wants() string {
	switch s {
	case atValue:
		return "a value was expected"
	case atFirst:
		return "a value or ']' was expected"
	case atFirstKey:
		return "a name in quotes or '}' was expected"
	case atKey:
		return "a name in quotes was expected"
	case atColon:
		return "':' was expected after a name"
	case atNext:
		return "',' or the closing brace or bracket was expected"
	case atEnd:
		return "nothing was expected after the document"
	case inString:
		return "control characters in strings must be escaped"
	case inEscape:
		return "there is no such escape in a string"
	case inHex:
		return "four hexadecimal digits were expected after \\u"
	case inLiteral, afterLiteral:
		return "true, false or null was expected"
	default:
		return "a number does not go on like this"
	}
}
