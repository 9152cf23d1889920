package sealed

import (
	"bytes"
	"io"
	"sync"

	"filippo.io/age"

	"pamsync/schemas"
	"pamsync/schemas/sealed"
)

// Format is the format that the first line of an export names.
const Format = sealed.Format

// Writer writes an export as one age stream, which `age -d` opens. It may be used by several goroutines.
type Writer struct {
	mu      sync.Mutex
	out     io.WriteCloser
	records int
}

// Writer begins a stream to the recipients.
func (r *Recipients) Writer(w io.Writer, start schemas.Start) (*Writer, error) {
	out, err := age.Encrypt(w, r.keys...)
	if err != nil {
		return nil, err
	}
	s := &Writer{out: out}
	return s, s.line(sealed.Line{Start: &start})
}

// Record writes a record.
func (w *Writer) Record(r *schemas.SecretRecord) error { return w.counted(sealed.Line{Record: r}) }

// Sealed writes a record that was encrypted before, to the same recipients.
func (w *Writer) Sealed(text []byte) error { return w.counted(sealed.Line{Sealed: text}) }

func (w *Writer) counted(l sealed.Line) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.records++
	return w.line(l)
}

func (w *Writer) line(l sealed.Line) error {
	text, err := sealed.Append(nil, l)
	if err != nil {
		return err
	}
	_, err = w.out.Write(text)
	return err
}

// Records is how many records were written so far.
func (w *Writer) Records() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.records
}

// Close ends the stream: without its end, nobody takes it for whole. The end says of how many records that
// were chosen, and how, it has those that could be read.
func (w *Writer) Close(chosen int, by schemas.ChosenBy) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.line(sealed.Line{End: &sealed.End{Records: w.records, Chosen: chosen, Failed: chosen - w.records, By: by}}); err != nil {
		return err
	}
	return w.out.Close()
}

// seal encrypts the line of one record by itself.
func (r *Recipients) seal(record *schemas.SecretRecord) ([]byte, error) {
	text, err := sealed.Append(nil, sealed.Line{Record: record})
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	w, err := age.Encrypt(&b, r.keys...)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(text); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil { // it writes the last of it
		return nil, err
	}
	return b.Bytes(), nil
}
