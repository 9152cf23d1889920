package schemas

import (
	"bytes"
	"hash/crc32"
	"io"
	"strconv"
)

// A line of a journal is a record with three members more, which every reader of JSON can read:
//
//	{"intent":{…},"n":17,"synced":15,"sum":"0a1b2c3d"}
//
// n counts the lines from 1; synced is how many were on disk when this one was written; sum is the
// CRC-32C of the line before ,"sum". The sum of the start record, which names the run and the
// digest of its plan, is where the sums of all others begin: a line of another run does not fit.

// JournalEnd is where the whole records of a journal end, and what a writer goes on from.
type JournalEnd struct {
	Offset  int64 // bytes
	Records int
	seed    uint32
}

// JournalWriter writes the lines of a journal.
type JournalWriter struct {
	out    io.Writer
	lines  *Writer // without the members of the journal, into bare
	bare   bytes.Buffer
	line   []byte
	n      int
	synced int
	seed   uint32
}

// NewJournalWriter makes a JournalWriter; the first record must be a Start.
func NewJournalWriter(out io.Writer) *JournalWriter {
	w := &JournalWriter{out: out}
	w.lines = NewWriter(&w.bare)
	return w
}

// ContinueJournalWriter makes a JournalWriter that goes on behind the whole records of a journal,
// which are on disk.
func ContinueJournalWriter(out io.Writer, end JournalEnd) *JournalWriter {
	w := NewJournalWriter(out)
	if end.Records > 0 {
		w.lines = ContinueWriter(&w.bare)
	}
	w.n, w.synced, w.seed = end.Records, end.Records, end.seed
	return w
}

// Write appends one record in one call of the underlying Write.
func (w *JournalWriter) Write(rec Record) error {
	w.bare.Reset()
	if err := w.lines.Write(rec); err != nil {
		return err
	}
	open := bytes.TrimSuffix(w.bare.Bytes(), []byte("}\n"))
	line := number(append(w.line[:0], open...), membersOfJournal, w.n+1)
	line = number(line, memberSynced, w.synced)
	sum := sumOf(w.seed, line)
	w.line = append(appendSum(append(line, memberSum...), sum), "\"}\n"...)
	if w.n == 0 {
		w.seed = sum
	}
	w.n++
	_, err := w.out.Write(w.line)
	return err
}

// Batch says that what follows is written only when all so far is on disk.
func (w *JournalWriter) Batch() { w.synced = w.n }

const (
	membersOfJournal = `,"n":`
	memberSynced     = `,"synced":`
	memberSum        = `,"sum":"`
	digitsOfSum      = 8
)

func sumOf(seed uint32, line []byte) uint32 {
	return crc32.Update(seed, crc32.MakeTable(crc32.Castagnoli), line)
}

func appendSum(b []byte, sum uint32) []byte {
	const digits = "0123456789abcdef"
	for shift := 28; shift >= 0; shift -= 4 {
		b = append(b, digits[sum>>shift&15])
	}
	return b
}

// framed is a line that ends as the lines of a journal do. Whether its sum fits is not judged yet.
type framed struct {
	open      []byte // the record without its closing brace
	summed    []byte // what the sum is over
	sum       []byte
	n, synced int
}

// unframe takes a line apart; false where it does not end as the lines of a journal do.
func unframe(line []byte) (framed, bool) {
	rest, ok := bytes.CutSuffix(line, []byte("\"}\n"))
	if !ok || len(rest) < digitsOfSum {
		return framed{}, false
	}
	f := framed{sum: rest[len(rest)-digitsOfSum:]}
	if f.summed, ok = bytes.CutSuffix(rest[:len(rest)-digitsOfSum], []byte(memberSum)); !ok {
		return framed{}, false
	}
	at := bytes.LastIndex(f.summed, []byte(membersOfJournal))
	if at < 0 {
		return framed{}, false
	}
	f.open = f.summed[:at]
	n, synced, ok := bytes.Cut(f.summed[at+len(membersOfJournal):], []byte(memberSynced))
	if !ok {
		return framed{}, false
	}
	if f.n, ok = plainNumber(n); !ok {
		return framed{}, false
	}
	f.synced, ok = plainNumber(synced)
	return f, ok
}

// plainNumber reads a number that is written as we write it.
func plainNumber(text []byte) (int, bool) {
	n, err := strconv.Atoi(string(text))
	return n, err == nil && n >= 0 && strconv.Itoa(n) == string(text)
}

// fits holds the sum against the line from one of its bytes on.
func (f *framed) fits(from int, seed uint32) bool {
	return from <= len(f.open) && string(appendSum(nil, sumOf(seed, f.summed[from:]))) == string(f.sum)
}
