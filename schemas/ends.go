package schemas

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Ends is what the first and the last lines of a record file tell, without what stands between.
type Ends struct {
	Start Start
	// Last are the last records, in their order; the start is not among them.
	Last []Record
	// Torn tells that the last line was cut while it was written; it is not among Last.
	Torn bool
}

// ReadEnds reads the first record of a file and up to n of its last. These are as strictly read as
// a Reader does, but what stands between is not looked at, and no seal is checked against it: who
// goes on from a file reads it whole. A file without one whole record is io.EOF.
func ReadEnds(file io.ReaderAt, size int64, format string, n int) (Ends, error) {
	if format == FormatJournal {
		return journalEnds(file, size, n)
	}
	head := bufio.NewReaderSize(io.NewSectionReader(file, 0, size), 4<<10) // one line, of many files
	r := &Reader{r: head, format: format, sum: sha256.New()}
	first, err := r.Next()
	if errors.Is(err, ErrTorn) {
		err = io.EOF
	}
	if err != nil {
		return Ends{}, err
	}
	ends := Ends{Start: *first.Start}
	tail, torn, err := lastLines(file, r.Offset(), size, n)
	if err != nil {
		return Ends{}, err
	}
	ends.Torn = torn
	for _, line := range tail {
		rec, err := r.decode(line)
		if err != nil {
			return Ends{}, fmt.Errorf("near the end: %w", err)
		}
		ends.Last = append(ends.Last, rec)
	}
	return ends, nil
}

// journalEnds reads the ends of a journal, each line with its sum.
func journalEnds(file io.ReaderAt, size int64, n int) (Ends, error) {
	r := NewJournalReader(io.NewSectionReader(file, 0, size))
	first, err := r.Next()
	if errors.Is(err, ErrTorn) {
		err = io.EOF
	}
	if err != nil {
		return Ends{}, err
	}
	ends := Ends{Start: *first.Start}
	tail, torn, err := lastLines(file, r.end.Offset, size, n)
	if err != nil {
		return Ends{}, err
	}
	ends.Torn = torn
	for i, line := range tail {
		f, ok := unframe(line)
		if !ok || !f.fits(0, r.end.seed) {
			if i == len(tail)-1 && !torn { // as a crash may leave it: who reads the whole tells
				ends.Torn = true
				return ends, nil
			}
			return Ends{}, errors.New("near the end: a line whose sum does not fit")
		}
		rec, err := r.lines.decode(append(append(make([]byte, 0, len(f.open)+2), f.open...), "}\n"...))
		if err != nil {
			return Ends{}, fmt.Errorf("near the end: %w", err)
		}
		ends.Last = append(ends.Last, rec)
	}
	return ends, nil
}

// lastLines gives up to n whole lines of what stands from begin to end, in their order, and whether
// a line without its end follows them.
func lastLines(file io.ReaderAt, begin, end int64, n int) (lines [][]byte, torn bool, err error) {
	const enough = 16 << 10 // for most
	for want := int64(enough); ; want *= 4 {
		from := max(begin, end-want)
		part := make([]byte, end-from)
		if _, err := file.ReadAt(part, from); err != nil && err != io.EOF {
			return nil, false, err
		}
		cut := bytes.LastIndexByte(part, '\n') + 1
		torn = cut < len(part)
		for part = part[:cut]; len(part) > 0 && len(lines) < n; part = part[:cut] {
			cut = bytes.LastIndexByte(part[:len(part)-1], '\n') + 1
			if cut == 0 && from > begin {
				break // the line begins before what was read
			}
			lines = append(lines, part[cut:])
		}
		if len(lines) == n || from == begin {
			slices.Reverse(lines)
			return lines, torn, nil
		}
		if want > MaxLine {
			return nil, false, fmt.Errorf("longer than %d bytes", MaxLine)
		}
		lines = nil
	}
}
