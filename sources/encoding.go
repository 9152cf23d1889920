package sources

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
	"golang.org/x/text/transform"

	"pamsync/schemas"
)

// The encodings, as Shape names them.
const (
	encodingUTF8    = "UTF-8"
	encodingUTF8BOM = "UTF-8 with BOM"
	encodingUTF16LE = "UTF-16LE"
	encodingUTF16BE = "UTF-16BE"
	encodingUTF32LE = "UTF-32LE"
	encodingUTF32BE = "UTF-32BE"
	encoding1252    = "Windows-1252"
)

// Encodings are the names that `encoding:` of a configuration may have. Those of one byte a letter cannot
// be told apart by looking at a file: only Windows-1252 is ever taken without being named.
func Encodings() []string {
	return []string{"utf-8", "utf-16le", "utf-16be", "utf-32le", "utf-32be", "windows-1252", "iso-8859-1", "iso-8859-15", "macroman", "cp850", "cp437"}
}

// namedEncoding is an encoding as Shape names it.
func namedEncoding(name string) string {
	switch name {
	case "windows-1252":
		return encoding1252
	case "macroman":
		return "Mac Roman"
	}
	return strings.ToUpper(name)
}

// decoder turns a file in the encoding into UTF-8 without a mark, nil where it is that already
// but for the mark.
func decoder(name string) encoding.Encoding {
	switch name {
	case encodingUTF16LE:
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case encodingUTF16BE:
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case encodingUTF32LE:
		return utf32.UTF32(utf32.LittleEndian, utf32.UseBOM)
	case encodingUTF32BE:
		return utf32.UTF32(utf32.BigEndian, utf32.UseBOM)
	case encoding1252:
		return charmap.Windows1252
	case "ISO-8859-1":
		return charmap.ISO8859_1
	case "ISO-8859-15":
		return charmap.ISO8859_15
	case "Mac Roman":
		return charmap.Macintosh
	case "CP850":
		return charmap.CodePage850
	case "CP437":
		return charmap.CodePage437
	}
	return nil
}

// marks are the byte order marks, the longest first.
func marksOf() []struct{ mark, encoding string } {
	return []struct{ mark, encoding string }{{"\xff\xfe\x00\x00", encodingUTF32LE}, {"\x00\x00\xfe\xff", encodingUTF32BE},
		{"\xef\xbb\xbf", encodingUTF8BOM}, {"\xff\xfe", encodingUTF16LE}, {"\xfe\xff", encodingUTF16BE}}
}

// decoded reads the whole file as UTF-8.
func (s *Source) decoded(in io.Reader) io.Reader {
	out := in
	if d := decoder(s.Shape.Encoding); d != nil {
		out = transform.NewReader(bufio.NewReaderSize(in, s.piece), d.NewDecoder())
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

// sniffEncoding decides by the configuration, by a byte order mark, by the zeros of unmarked UTF-16 and
// UTF-32, and else by whether the whole file is valid UTF-8; what is not is taken for Windows-1252, and
// the byte that decided is kept. It returns the file's head as text.
func (s *Source) sniffEncoding(file *os.File, head []byte) (string, error) {
	mark := ""
	for _, m := range marksOf() {
		if bytes.HasPrefix(head, []byte(m.mark)) {
			mark, s.Shape.Encoding = m.mark, m.encoding
			break
		}
	}
	if wanted := s.Config.Encoding; wanted != "" && wanted != "auto" {
		if named := namedEncoding(wanted); mark != "" && !strings.HasPrefix(s.Shape.Encoding, named) {
			return "", s.fault(schemas.ClassInput, "mark_contradicts", "mark", s.Shape.Encoding, "encoding", named)
		} else if mark == "" {
			s.Shape.Encoding = named
		}
	}
	if s.Shape.Encoding == "" {
		s.Shape.Encoding = unmarkedWide(head)
	}
	switch s.Shape.Encoding {
	case "", encodingUTF8, encodingUTF8BOM:
		return s.sniffUTF8(file, head)
	}
	if mark != "" && isNarrow(head[len(mark):]) {
		return "", s.fault(schemas.ClassInput, "mark_contradicts", "mark", s.Shape.Encoding, "encoding", "")
	}
	if strings.HasPrefix(s.Shape.Encoding, "UTF-") {
		if err := s.checkWide(file); err != nil {
			return "", err
		}
	}
	return s.headText(head)
}

// checkWide refuses a file in UTF-16 or UTF-32 that is cut, or holds what is no letter.
func (s *Source) checkWide(file *os.File) error {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return s.fault(schemas.ClassInput, "source_unreadable").Because(rootCause(err))
	}
	bad, err := firstBroken(file, s.Shape.Encoding)
	switch {
	case err != nil:
		return s.fault(schemas.ClassInput, "source_unreadable").Because(rootCause(err))
	case bad != nil:
		return s.fault(schemas.ClassInput, "bad_encoding", "encoding", s.Shape.Encoding, "cause", bad.String()).At(schemas.Place{Source: s.Config.Name, Row: bad.line})
	}
	return nil
}

// sniffUTF8 looks through the whole file, which is UTF-8 or else of one byte a letter.
func (s *Source) sniffUTF8(file *os.File, head []byte) (string, error) {
	told := s.Shape.Encoding
	if told == "" {
		s.Shape.Encoding = encodingUTF8
	}
	text := string(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")))
	if validHalves(file) {
		return text, nil
	}
	bad, several, err := firstInvalid(head, file)
	switch {
	case err != nil:
		return "", s.fault(schemas.ClassInput, "source_unreadable").Because(rootCause(err))
	case bad == nil:
		return text, nil
	case told != "" || several || lettersToo(file):
		return "", s.fault(schemas.ClassInput, "mixed_encoding", "byte", bad.String()).At(schemas.Place{Source: s.Config.Name, Row: bad.line})
	}
	s.Shape.Encoding, s.Shape.BadByte = encoding1252, bad.String()
	return s.headText(head)
}

// headText is the head as text; units that are cut at its end are left out.
func (s *Source) headText(head []byte) (string, error) {
	switch s.Shape.Encoding {
	case encodingUTF16LE, encodingUTF16BE:
		head = head[:len(head)&^1]
	case encodingUTF32LE, encodingUTF32BE:
		head = head[:len(head)&^3]
	}
	text, err := decoder(s.Shape.Encoding).NewDecoder().Bytes(head)
	if err != nil {
		return "", s.fault(schemas.ClassInput, "bad_encoding", "encoding", s.Shape.Encoding).Because(err)
	}
	return string(text), nil
}

// isNarrow tells text of one byte a letter behind a mark of a wide encoding.
func isNarrow(text []byte) bool {
	text = text[:min(len(text), 1024)]
	return len(text) > 8 && bytes.IndexByte(text, 0) < 0 && bytes.ContainsAny(text, ",;\t|\n") && utf8.Valid(text[:len(text)-min(3, len(text))])
}

// unmarkedWide recognises ASCII text in UTF-16 or UTF-32 without a mark by its zeros.
func unmarkedWide(head []byte) string {
	sample := head[:min(len(head), 1024)&^3]
	var zeros [4]int
	for i, c := range sample {
		if c == 0 {
			zeros[i&3]++
		}
	}
	most := len(sample) / 8 // half of the units
	if len(sample) >= 8 {
		switch {
		case zeros[0] == 0 && zeros[1] > most && zeros[2] > most && zeros[3] > most:
			return encodingUTF32LE
		case zeros[3] == 0 && zeros[0] > most && zeros[1] > most && zeros[2] > most:
			return encodingUTF32BE
		}
	}
	return unmarkedUTF16(head)
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
