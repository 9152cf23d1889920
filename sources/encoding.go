package sources

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"pamsync/schemas"
)

// The encodings, as Shape names them.
const (
	encodingUTF8    = "UTF-8"
	encodingUTF8BOM = "UTF-8 with BOM"
	encodingUTF16LE = "UTF-16LE"
	encodingUTF16BE = "UTF-16BE"
	encoding1252    = "Windows-1252"
)

// decoder turns a file in the encoding into UTF-8 without a mark, nil where it is that already
// but for the mark.
func decoder(name string) encoding.Encoding {
	switch name {
	case encodingUTF16LE:
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case encodingUTF16BE:
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case encoding1252:
		return charmap.Windows1252
	}
	return nil
}

// decoded reads the whole file as UTF-8.
func (s *Source) decoded(in io.Reader) io.Reader {
	out := in
	if d := decoder(s.Shape.Encoding); d != nil {
		out = transform.NewReader(in, d.NewDecoder())
	} else if s.Shape.Encoding == encodingUTF8BOM {
		out = transform.NewReader(in, unicode.UTF8BOM.NewDecoder())
	}
	if s.Shape.LoneCR {
		out = lineFeeds{out}
	}
	return out
}

// lineFeeds turns the line ends of old Mac programs into those that everybody reads.
type lineFeeds struct{ in io.Reader }

func (l lineFeeds) Read(p []byte) (int, error) {
	n, err := l.in.Read(p)
	for i, c := range p[:n] {
		if c == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}

// sniffEncoding decides by a byte order mark, by the zeros of unmarked UTF-16, and else by
// whether the whole file is valid UTF-8; what is not is taken for Windows-1252, and the byte
// that decided is kept. It returns the file's head as text.
func (s *Source) sniffEncoding(file *os.File, head []byte) (string, error) {
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		s.Shape.Encoding = encodingUTF8BOM
		bad, _, err := firstInvalid(head, file)
		if err == nil && bad != nil {
			return "", s.fault(schemas.ClassInput, "mixed_encoding", "byte", bad.String())
		}
		return string(head[3:]), err
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		s.Shape.Encoding = encodingUTF16LE
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		s.Shape.Encoding = encodingUTF16BE
	default:
		if s.Shape.Encoding = unmarkedUTF16(head); s.Shape.Encoding != "" {
			break
		}
		bad, several, err := firstInvalid(head, file)
		if err != nil {
			return "", s.fault(schemas.ClassInput, "source_unreadable").Because(rootCause(err))
		}
		s.Shape.Encoding = encodingUTF8
		if bad == nil {
			return string(head), nil
		}
		if several {
			return "", s.fault(schemas.ClassInput, "mixed_encoding", "byte", bad.String())
		}
		s.Shape.Encoding, s.Shape.BadByte = encoding1252, bad.String()
	}
	if s.Shape.Encoding != encoding1252 {
		head = head[:len(head)&^1] // whole units alone
	}
	text, err := decoder(s.Shape.Encoding).NewDecoder().Bytes(head)
	if err != nil {
		return "", s.fault(schemas.ClassInput, "bad_encoding", "encoding", s.Shape.Encoding).Because(err)
	}
	return string(text), nil
}

// unmarkedUTF16 recognises ASCII text in UTF-16 without a mark by its zeros.
func unmarkedUTF16(head []byte) string {
	if len(head) < 4 {
		return ""
	}
	var even, odd int
	sample := head[:min(len(head), 1024)&^1]
	for i := 0; i < len(sample); i += 2 {
		if sample[i] == 0 {
			even++
		}
		if sample[i+1] == 0 {
			odd++
		}
	}
	half := len(sample) / 4
	switch {
	case odd > half && even == 0:
		return encodingUTF16LE
	case even > half && odd == 0:
		return encodingUTF16BE
	}
	return ""
}

type badByte struct {
	value        byte
	line, column int
}

func (b badByte) String() string {
	return fmt.Sprintf("0x%02X, line %d, byte %d", b.value, b.line, b.column)
}

// incomplete is how many bytes at the end of b may be the beginning of a character.
func incomplete(b []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		if tail := b[len(b)-n:]; utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return 0
			}
			return n
		}
	}
	return 0
}

// firstInvalid finds the first byte of head and the rest of a file that is no UTF-8. mixed tells
// that UTF-8's own letters of several bytes came before it: then it is no 8-bit file either,
// and to read it as one would make nonsense of them.
func firstInvalid(head []byte, rest io.Reader) (bad *badByte, mixed bool, err error) {
	line, column := 1, 0
	pending := append([]byte(nil), head...)
	buf := make([]byte, 256<<10)
	for {
		atEnd := false
		if len(pending) < utf8.UTFMax {
			n, err := rest.Read(buf)
			if err != nil && err != io.EOF {
				return nil, false, err
			}
			pending, atEnd = append(pending, buf[:n]...), err == io.EOF
		}
		if whole := pending[:len(pending)-incomplete(pending)]; utf8.Valid(whole) {
			mixed = mixed || utf8.RuneCount(whole) < len(whole)
			line += bytes.Count(whole, []byte{'\n'})
			if i := bytes.LastIndexByte(whole, '\n'); i >= 0 {
				column = len(whole) - i - 1
			} else {
				column += len(whole)
			}
			pending = pending[len(whole):]
		}
		for len(pending) > 0 && (atEnd || utf8.FullRune(pending)) {
			if pending[0] < utf8.RuneSelf {
				column++
				if pending[0] == '\n' {
					line, column = line+1, 0
				}
				pending = pending[1:]
				continue
			}
			r, size := utf8.DecodeRune(pending)
			if r == utf8.RuneError && size == 1 {
				return &badByte{pending[0], line, column + 1}, mixed, nil
			}
			mixed = true
			column += size
			pending = pending[size:]
		}
		if atEnd && len(pending) == 0 {
			return nil, mixed, nil
		}
	}
}
