package schemas

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"strconv"
)

// Record is one line of a plan, journal, result, state or export. Exactly one field is set.
type Record struct {
	Start      *Start         `json:"start,omitempty"`
	Change     *Change        `json:"change,omitempty"`
	Hold       *Hold          `json:"hold,omitempty"`
	Reject     *Reject        `json:"reject,omitempty"`
	Left       *Left          `json:"left,omitempty"`
	Warning    *Problem       `json:"warning,omitempty"`
	Summary    *Summary       `json:"summary,omitempty"`
	Listed     *Listed        `json:"listed,omitempty"`
	Intent     *Intent        `json:"intent,omitempty"`
	Outcome    *Outcome       `json:"outcome,omitempty"`
	Finding    *Finding       `json:"finding,omitempty"`
	Standing   *Standing      `json:"standing,omitempty"`
	Finish     *Finish        `json:"finish,omitempty"`
	Result     *Result        `json:"result,omitempty"`
	Total      *Total         `json:"total,omitempty"`
	Remembered *Remembered    `json:"remembered,omitempty"`
	SourceSeen *SourceSeen    `json:"source_seen,omitempty"`
	ViewSeen   *ViewSeen      `json:"view_seen,omitempty"`
	Absence    *Absence       `json:"absence,omitempty"`
	Asset      *Asset         `json:"asset,omitempty"`
	Difference *Difference    `json:"difference,omitempty"`
	Counted    *Counted       `json:"counted,omitempty"`
	Named      *Named         `json:"named,omitempty"`
	Device     *Device        `json:"device,omitempty"`
	Credential *Credential    `json:"credential,omitempty"`
	Session    *SessionRecord `json:"session,omitempty"`
	Seal       *Seal          `json:"seal,omitempty"`
}

// Seal is the last record of a sealed file: the number of records before it and the SHA-256
// of their bytes, so that an edited or shortened file is refused.
type Seal struct {
	Records int    `json:"records"`
	SHA256  string `json:"sha256"`
}

func (r *Record) fields() int {
	n := 0
	for _, set := range []bool{r.Start != nil, r.Change != nil, r.Hold != nil, r.Reject != nil, r.Left != nil,
		r.Warning != nil, r.Summary != nil, r.Listed != nil, r.Intent != nil, r.Outcome != nil, r.Finding != nil, r.Standing != nil,
		r.Finish != nil, r.Result != nil, r.Total != nil, r.Remembered != nil, r.Device != nil, r.Credential != nil,
		r.SourceSeen != nil, r.ViewSeen != nil, r.Absence != nil, r.Asset != nil, r.Difference != nil, r.Counted != nil, r.Named != nil,
		r.Session != nil, r.Seal != nil} {
		if set {
			n++
		}
	}
	return n
}

// Writer writes records, one a line.
type Writer struct {
	w       io.Writer
	sum     hash.Hash
	records int
	encoder encoder
}

// NewWriter makes a Writer; the first record must be a Start.
func NewWriter(w io.Writer) *Writer {
	return &Writer{w: w, sum: sha256.New()}
}

// Write appends one record in one call of the underlying Write.
func (w *Writer) Write(r Record) error {
	if n := r.fields(); n != 1 {
		return fmt.Errorf("a record with %d fields set", n)
	}
	if (w.records == 0) != (r.Start != nil) {
		return errors.New("a record file starts with its one start record")
	}
	line, err := w.encoder.encode(&r)
	if err != nil {
		return err
	}
	if _, err := w.w.Write(line); err != nil {
		return err
	}
	w.sum.Write(line)
	w.records++
	return nil
}

// writeAll appends many records of one kind, several in one call of the underlying Write.
func writeAll[T any](w *Writer, all []T, line func([]byte, *T) []byte) error {
	const batch = 256
	write := func(b []byte, from, to int) []byte {
		for i := from; i < to; i++ {
			b = line(b, &all[i])
		}
		return b
	}
	err := Batches(len(all), batch, write, func(b []byte) error {
		if _, err := w.w.Write(b); err != nil {
			return err
		}
		w.sum.Write(b)
		return nil
	})
	w.records += len(all)
	return err
}

// Seal appends the seal and returns the digest, "sha256:" and hex.
func (w *Writer) Seal() (string, error) {
	digest := hex.EncodeToString(w.sum.Sum(nil))
	if err := w.Write(Record{Seal: &Seal{Records: w.records, SHA256: digest}}); err != nil {
		return "", err
	}
	return "sha256:" + digest, nil
}

// MaxLine is the longest record that a Reader accepts, in bytes.
const MaxLine = 64 << 20

// Reader reads records strictly: the format and version of the first are those asked for,
// each line holds exactly one field, and would be written back byte for byte.
type Reader struct {
	r       *bufio.Reader
	format  string
	sum     hash.Hash
	records int
	offset  int64
	sealed  string
	encoder encoder
}

// NewReader makes a Reader of files of one format.
func NewReader(r io.Reader, format string) *Reader {
	return &Reader{r: bufio.NewReaderSize(r, 256<<10), format: format, sum: sha256.New()}
}

// ErrTorn is wrapped by the error about a last line that was cut while it was written.
var ErrTorn = errors.New("the last line is cut")

// Offset is the number of bytes of the records read so far.
func (r *Reader) Offset() int64 { return r.offset }

// Next returns the next record, io.EOF after the last one, and an error that names the line
// for anything else. A seal is checked and not returned; Digest tells it.
func (r *Reader) Next() (Record, error) {
	line, err := r.line()
	if err != nil {
		return Record{}, err
	}
	rec, err := r.decode(line)
	if err != nil {
		return Record{}, fmt.Errorf("line %d: %w", r.records+1, err)
	}
	if rec.Seal != nil {
		return Record{}, r.seal(line, rec.Seal)
	}
	r.took(line)
	return rec, nil
}

// seal checks the last record of a sealed file against all before it.
func (r *Reader) seal(line []byte, s *Seal) error {
	if digest := hex.EncodeToString(r.sum.Sum(nil)); s.Records != r.records || s.SHA256 != digest {
		return fmt.Errorf("line %d: the seal does not fit: the file was edited or shortened", r.records+1)
	}
	r.sealed = "sha256:" + s.SHA256
	r.took(line)
	if _, err := r.r.ReadByte(); err != io.EOF {
		return fmt.Errorf("line %d: something follows the seal", r.records+1)
	}
	return io.EOF
}

func (r *Reader) took(line []byte) {
	r.sum.Write(line)
	r.offset += int64(len(line))
	r.records++
}

// Digest is the seal of a file that was read to its end, "" where it has none.
func (r *Reader) Digest() string { return r.sealed }

func (r *Reader) line() ([]byte, error) {
	var line []byte
	for {
		part, err := r.r.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > MaxLine {
			return nil, fmt.Errorf("line %d: longer than %d bytes", r.records+1, MaxLine)
		}
		switch {
		case err == nil:
			return line, nil
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err == io.EOF && len(line) == 0:
			return nil, io.EOF
		case err == io.EOF:
			return nil, fmt.Errorf("line %d: %w", r.records+1, ErrTorn)
		default:
			return nil, err
		}
	}
}

func (r *Reader) decode(line []byte) (Record, error) {
	var rec Record
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&rec); err != nil {
		if r.records == 0 {
			return Record{}, fmt.Errorf("not a %s file", r.format)
		}
		return Record{}, err
	}
	if r.records == 0 {
		if err := r.checkStart(rec.Start); err != nil {
			return Record{}, err
		}
	} else if rec.Start != nil {
		return Record{}, errors.New("a second start record")
	}
	if rec.fields() != 1 {
		return Record{}, errors.New("not exactly one record on the line")
	}
	again, err := r.encoder.encode(&rec)
	if err != nil {
		return Record{}, err
	}
	if !bytes.Equal(again, line) {
		return Record{}, errors.New("not as pamsync writes it: was it edited?")
	}
	return rec, nil
}

func (r *Reader) checkStart(s *Start) error {
	want := strconv.Itoa(FormatVersion)
	switch {
	case s == nil:
		return fmt.Errorf("not a %s file: it does not start with a start record", r.format)
	case s.Format != r.format:
		return fmt.Errorf("this is a %q file; wanted is %q", s.Format, r.format)
	case s.Version != FormatVersion:
		return fmt.Errorf("%s version %d; this build reads version %s", s.Format, s.Version, want)
	}
	return nil
}

// WritePlan writes a plan, sealed, and sets its digest.
func WritePlan(out io.Writer, p *Plan) error {
	w := NewWriter(out)
	if err := w.Write(Record{Start: &p.Start}); err != nil {
		return err
	}
	if err := writeAll(w, p.Changes, changeLine); err != nil {
		return err
	}
	if err := writeAll(w, p.Holds, holdLine); err != nil {
		return err
	}
	if err := writeAll(w, p.Rejects, rejectLine); err != nil {
		return err
	}
	if err := writeAll(w, p.Left, leftLine); err != nil {
		return err
	}
	if err := writeAll(w, p.Warnings, warningLine); err != nil {
		return err
	}
	if err := w.Write(Record{Summary: &p.Summary}); err != nil {
		return err
	}
	digest, err := w.Seal()
	p.Digest = digest
	return err
}

// ReadPlan reads a sealed plan; any other file, and one that was edited, is an error.
func ReadPlan(in io.Reader) (*Plan, error) {
	r := NewReader(in, FormatPlan)
	p := &Plan{}
	whole := false
	for {
		rec, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		switch {
		case rec.Start != nil:
			p.Start = *rec.Start
		case rec.Change != nil:
			p.Changes = append(p.Changes, *rec.Change)
		case rec.Hold != nil:
			p.Holds = append(p.Holds, *rec.Hold)
		case rec.Reject != nil:
			p.Rejects = append(p.Rejects, *rec.Reject)
		case rec.Left != nil:
			p.Left = append(p.Left, *rec.Left)
		case rec.Warning != nil:
			p.Warnings = append(p.Warnings, *rec.Warning)
		case rec.Summary != nil && !whole:
			p.Summary, whole = *rec.Summary, true
		default:
			return nil, errors.New("a record that has no place in a plan")
		}
	}
	if p.Digest = r.Digest(); p.Digest == "" || !whole {
		return nil, errors.New("the plan is not whole: its end is missing")
	}
	return p, nil
}

// ContinueWriter makes a Writer that goes on with a file that has its start record already.
// It cannot seal: it has not seen the records before.
func ContinueWriter(w io.Writer) *Writer {
	writer := NewWriter(w)
	writer.records = 1
	return writer
}
