package sources

import (
	"bufio"
	"encoding/binary"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// firstBroken finds the first unit of a file in UTF-16 or UTF-32 that is no letter: half of a pair, a
// number that no letter has, or what is left of a file that is cut. A decoder would make a sign of
// doubt of it, and a name with that sign would be a name like any other.
func firstBroken(in io.Reader, encoding string) (*badByte, error) {
	units := wideUnits{in: bufio.NewReaderSize(in, recordsSize), size: 4, order: binary.LittleEndian}
	if strings.HasPrefix(encoding, "UTF-16") {
		units.size = 2
	}
	if strings.HasSuffix(encoding, "BE") {
		units.order = binary.BigEndian
	}
	line, column := 1, 1
	first, beside := badByte{}, false // half of a pair, which waits for the other
	for {
		unit, err := units.next()
		at := badByte{unit, line, column}
		paired := beside && err == nil && units.size == 2 && unit >= 0xdc00 && unit < 0xe000
		switch {
		case beside && !paired:
			return &first, nil
		case err == io.EOF:
			return nil, nil
		case err == io.ErrUnexpectedEOF:
			return &at, nil
		case err != nil:
			return nil, err
		}
		beside = !paired && units.size == 2 && unit >= 0xd800 && unit < 0xdc00
		if first = at; !beside && !paired && (utf16.IsSurrogate(rune(unit)) || unit > utf8.MaxRune) {
			return &at, nil
		}
		if column += units.size; unit == '\n' {
			line, column = line+1, 1
		}
	}
}

// wideUnits reads units of two or four bytes.
type wideUnits struct {
	in    *bufio.Reader
	size  int
	order binary.ByteOrder
}

// next returns io.ErrUnexpectedEOF with the first byte of a unit that is cut.
func (w *wideUnits) next() (uint32, error) {
	var b [4]byte
	if _, err := io.ReadFull(w.in, b[:w.size]); err != nil {
		return uint32(b[0]), err
	}
	if w.size == 2 {
		return uint32(w.order.Uint16(b[:])), nil
	}
	return w.order.Uint32(b[:]), nil
}
