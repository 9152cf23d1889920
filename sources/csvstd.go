package sources

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"strconv"
)

// standard lets encoding/csv read single records out of the buffer of records, and on from its
// source.
type standard struct {
	r   *records
	csv *csv.Reader
	in  *bufio.Reader // the one that csv reads from

	lines int // that csv believes to have read
	start int // of the record in the buffer; below 0 where its beginning is no longer there
	given int // of the buffer, to csv
	gone  int // line breaks of the record that are no longer there
}

// maxCSVRecord is how many bytes a record may have, as one of a JSON may.
const maxCSVRecord = maxJSONRecord

// longRecord is the error about a record with more: a stray quote that swallows the file, or no table.
type longRecord struct{ line int }

func (e *longRecord) Error() string {
	return "line " + strconv.Itoa(e.line) + ": the record is too long"
}

// readAhead is the size of the buffer that encoding/csv insists on: it takes no more than that
// beyond what it has consumed.
const readAhead = 4096

func newStandard(r *records, delimiter rune) *standard {
	s := &standard{r: r}
	s.in = bufio.NewReaderSize(s, readAhead)
	s.csv = csv.NewReader(s.in)
	s.csv.Comma = delimiter
	s.csv.FieldsPerRecord = -1
	s.csv.ReuseRecord = true
	return s
}

// read takes the record at pos, with its lines counted from the start of the file.
func (s *standard) read() ([]string, error) {
	r := s.r
	s.in.Reset(s)
	s.start, s.given, s.gone = r.pos, r.pos, 0
	before := s.csv.InputOffset()
	record, err := s.csv.Read()
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		parse.StartLine += r.lines - s.lines
		parse.Line += r.lines - s.lines
	}
	if err != nil {
		return nil, err
	}
	line, _ := s.csv.FieldPos(0)
	r.first, r.several = line+r.lines-s.lines, true
	end := s.start + int(s.csv.InputOffset()-before)
	lines := s.gone + bytes.Count(r.buf[r.pos:end], []byte{'\n'})
	r.pos, r.marked = end, false
	r.lines += lines
	s.lines += lines
	return record, nil
}

// Read gives csv what is in the buffer from the record on, and then more of the source. What csv
// must have consumed makes room.
func (s *standard) Read(p []byte) (int, error) {
	r := s.r
	if s.given-s.start > maxCSVRecord+readAhead {
		return 0, &longRecord{r.lines + 1}
	}
	if s.given == len(r.buf) {
		if keep := s.given - readAhead; keep > r.pos {
			s.gone += bytes.Count(r.buf[r.pos:keep], []byte{'\n'})
			r.pos = keep
		}
		before := r.pos
		more := r.more()
		s.start -= before - r.pos
		s.given -= before - r.pos
		if !more {
			return 0, r.err
		}
	}
	n := copy(p, r.buf[s.given:])
	s.given += n
	return n, nil
}
