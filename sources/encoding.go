package sources

import (
	"bufio"
	"bytes"
	"io"
	"os"

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
		out = transform.NewReader(bufio.NewReaderSize(in, recordsSize), d.NewDecoder())
	} else if s.Shape.Encoding == encodingUTF8BOM {
		out = unmarked(in)
	}
	if s.Shape.LoneCR {
		out = lineFeeds{out}
	}
	return out
}

// unmarked passes over the byte order mark of UTF-8.
func unmarked(in io.Reader) io.Reader {
	var mark [3]byte
	n, _ := io.ReadFull(in, mark[:])
	if string(mark[:n]) == "\xef\xbb\xbf" {
		return in
	}
	return io.MultiReader(bytes.NewReader(mark[:n]), in)
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
		if validHalves(file) {
			return string(head[3:]), nil
		}
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
		if validHalves(file) {
			s.Shape.Encoding = encodingUTF8
			return string(head), nil
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
