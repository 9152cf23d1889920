package schemas

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// JournalDamage is what a crash does not leave: a line in the middle that is not as it was
// written, or that is not in its place. Nothing behind it can be trusted to be all there was.
type JournalDamage struct {
	Offset int64 // of the line's first byte
	Line   int   // from 1
	// Why is sum (it does not fit), number (a line is missing, or there twice) or record.
	Why string
	Err error // of a record
}

func (d *JournalDamage) Error() string {
	text := fmt.Sprintf("byte %d (line %d): %s", d.Offset, d.Line, d.Why)
	if d.Err != nil {
		text += ": " + d.Err.Error()
	}
	return text
}

// JournalReader reads the records of a journal, and tells what a crash left from damage.
type JournalReader struct {
	in     *bufio.Reader
	lines  *Reader // for its strictness; it reads nothing itself
	line   []byte
	end    JournalEnd
	synced int
}

// NewJournalReader makes a JournalReader.
func NewJournalReader(in io.Reader) *JournalReader {
	return &JournalReader{in: bufio.NewReaderSize(in, 64<<10), lines: &Reader{format: FormatJournal}}
}

// End is where the records read so far end.
func (r *JournalReader) End() JournalEnd { return r.end }

// Next returns the next record, and io.EOF after the last one. ErrTorn says that what follows is
// what a crash leaves, and may be cut off at End; a JournalDamage, that it is not.
func (r *JournalReader) Next() (Record, error) {
	line, err := r.segment()
	if err != nil {
		return Record{}, err
	}
	f, ok := unframe(line)
	if !ok || !f.fits(0, r.end.seed) {
		return Record{}, r.judge(line)
	}
	if f.n != r.end.Records+1 || f.synced != r.synced && f.synced != r.end.Records {
		return Record{}, r.damage("number", nil)
	}
	rec, err := r.lines.decode(append(append(make([]byte, 0, len(f.open)+2), f.open...), "}\n"...))
	if err != nil {
		return Record{}, r.damage("record", err)
	}
	if r.end.Records == 0 {
		r.end.seed = sumOf(0, f.summed)
	}
	r.end.Records, r.lines.records, r.synced = f.n, f.n, f.synced
	r.end.Offset += int64(len(line))
	return rec, nil
}

func (r *JournalReader) damage(why string, err error) error {
	return &JournalDamage{Offset: r.end.Offset, Line: r.end.Records + 1, Why: why, Err: err}
}

// segment returns the bytes to the next end of a line or of the file, good until the next call.
func (r *JournalReader) segment() ([]byte, error) {
	r.line = r.line[:0]
	for {
		part, err := r.in.ReadSlice('\n')
		r.line = append(r.line, part...)
		switch {
		case len(r.line) > MaxLine:
			return nil, r.damage("sum", nil)
		case err == nil, err == io.EOF && len(r.line) > 0:
			return r.line, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
}

// judge says of bytes that are no record, and of all behind them, whether a crash left them. It
// can leave the lines of its last batch in part, and as a disk writes pages in any order, with a
// hole of zeros before lines that are whole. A whole line of a later batch proves that what is
// missing here had been on disk.
func (r *JournalReader) judge(first []byte) error {
	holes, ended := false, false
	for segment := first; ; {
		if r.proves(segment, &holes) {
			return r.damage("sum", nil)
		}
		ended = ended || bytes.HasSuffix(segment, []byte("\n"))
		var err error
		if segment, err = r.segment(); err == io.EOF {
			break
		} else if err != nil {
			return err
		}
	}
	if r.end.Records == 0 && ended && !holes {
		return r.damage("sum", nil) // a first line that came to its end, and no crash wrote it so
	}
	return ErrTorn
}

// proves says whether a segment holds a whole line that stands behind damage. Such a line may
// begin anywhere, as the end of the one before may be what was lost. holes is set where a zero is
// seen.
func (r *JournalReader) proves(segment []byte, holes *bool) bool {
	f, ok := unframe(segment)
	before := *holes
	*holes = before || bytes.IndexByte(segment, 0) >= 0
	switch {
	case !ok:
		return false
	case r.end.Records == 0: // where the sums begin is lost; its number alone tells
		return f.n > 1
	}
	for from := 0; ; from++ {
		next := bytes.Index(segment[from:], []byte(`{"`))
		if next < 0 {
			return false
		}
		from += next
		if !f.fits(from, r.end.seed) {
			continue
		}
		torn := before || bytes.IndexByte(segment[:from], 0) >= 0
		return !torn || f.n <= r.end.Records+1 || f.synced > r.end.Records
	}
}
