package sources

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math/bits"
	"os"
	"slices"
	"sync"
	"unicode/utf8"
)

type badByte struct {
	value        uint32 // a byte, or a unit of two or four
	line, column int
}

func (b badByte) String() string {
	return fmt.Sprintf("0x%02X, line %d, byte %d", b.value, b.line, b.column)
}

// firstInvalid finds the first byte of head and the rest of a file that is no UTF-8. mixed tells
// that UTF-8's own letters of several bytes came before it: then it is no 8-bit file either,
// and to read it as one would make nonsense of them.
func firstInvalid(head []byte, rest io.Reader) (bad *badByte, mixed bool, err error) {
	line, column := 1, 0
	size := recordsSize
	if len(head) > 0 {
		size = len(head) + leastPiece
	}
	buf := make([]byte, size)
	pending := buf[:copy(buf, head)]
	for atEnd := false; ; {
		valid, letters, wrong := validUTF8(pending, atEnd)
		mixed = mixed || letters
		line += bytes.Count(pending[:valid], []byte{'\n'})
		if i := bytes.LastIndexByte(pending[:valid], '\n'); i >= 0 {
			column = valid - i - 1
		} else {
			column += valid
		}
		if wrong {
			return &badByte{uint32(pending[valid]), line, column + 1}, mixed, nil
		}
		if atEnd {
			return nil, mixed, nil
		}
		kept := copy(buf, pending[valid:])
		n, err := rest.Read(buf[kept:])
		if err != nil && err != io.EOF {
			return nil, false, err
		}
		pending, atEnd = buf[:kept+n], err == io.EOF
	}
}

// lettersToo says whether a file that is no UTF-8 holds many of its letters of several bytes all the
// same: two files were made one, and to read it as of one byte a letter would make nonsense of those.
// A few of them come about by chance, where one sign follows another.
func lettersToo(file io.ReadSeeker) bool {
	const byChance = 10 // bytes that are no UTF-8 for each such letter
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return false
	}
	letters, wrong := 0, 0
	in := bufio.NewReaderSize(file, recordsSize)
	for {
		r, size, err := in.ReadRune()
		switch {
		case err != nil:
			return letters > 0 && letters*byChance >= wrong
		case r == utf8.RuneError && size == 1:
			wrong++
		case size > 1:
			letters++
		}
	}
}

// twoHalves is from which size on a file is read in two halves at once.
const twoHalves = 8 << 20

// validHalves says whether a large file is UTF-8, its halves read side by side. It is false too
// where that cannot be told in this way: then firstInvalid tells.
func validHalves(file *os.File) bool {
	info, err := file.Stat()
	if err != nil || info.Size() < twoHalves || !info.Mode().IsRegular() {
		return false
	}
	near := make([]byte, 64<<10)
	n, _ := file.ReadAt(near, info.Size()/2)
	plain := slices.IndexFunc(near[:n], func(c byte) bool { return c < utf8.RuneSelf }) // no letter goes over it
	if plain < 0 {
		return false
	}
	middle := info.Size()/2 + int64(plain) + 1
	valid := func(half io.Reader) bool {
		bad, _, err := firstInvalid(nil, half)
		return bad == nil && err == nil
	}
	var second bool
	var g sync.WaitGroup
	g.Go(func() { second = valid(io.NewSectionReader(file, middle, info.Size()-middle)) })
	first := valid(io.NewSectionReader(file, 0, middle))
	g.Wait()
	return first && second
}

// validUTF8 is how much of b is UTF-8, and whether it has letters of several bytes; wrong tells
// that the next byte is none. One that may only be the beginning of a letter is wrong where b is
// the end.
func validUTF8(b []byte, atEnd bool) (valid int, letters, wrong bool) {
	i := 0
	for i < len(b) {
		if i+8 <= len(b) {
			w := binary.LittleEndian.Uint64(b[i:]) & highs
			if w == 0 {
				i += 8
				continue
			}
			i += bits.TrailingZeros64(w) >> 3
		} else if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			return i, letters, atEnd || utf8.FullRune(b[i:])
		}
		letters = true
		i += size
	}
	return i, letters, false
}
