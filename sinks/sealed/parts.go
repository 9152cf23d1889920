package sealed

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"pamsync/schemas"
)

// Parts keep each record that was read, encrypted by itself, until the export is whole: what a run that was
// killed has read need not be read again. It may be used by several goroutines.
type Parts struct {
	mu   sync.Mutex
	file *os.File
	path string
	to   *Recipients
	have map[string][]byte // by change
	// empty are the changes whose records have no secret.
	empty map[string]bool
	err   error
	// Damaged is how many lines of earlier runs were changed since: what they kept is to be read again.
	Damaged int
}

// part is one line of the file.
type part struct {
	Change string `json:"change"`
	Sealed []byte `json:"sealed"`
	Empty  bool   `json:"empty,omitempty"` // the record has no secret
	// Sum shows that the line is what was written: nobody here can open it to look.
	Sum string `json:"sha256"`
}

// newPart is the line of a change, with its sum.
func newPart(change string, text []byte, empty bool) part {
	h := sha256.New()
	h.Write([]byte(change + "\n" + strconv.FormatBool(empty) + "\n"))
	h.Write(text)
	return part{change, text, empty, hex.EncodeToString(h.Sum(nil))}
}

// partOf reads a line, false where it is not what was written.
func partOf(line []byte) (part, bool) {
	var p part
	if json.Unmarshal(line, &p) != nil || p.Change == "" || len(p.Sealed) == 0 {
		return part{}, false
	}
	return p, p.Sum == newPart(p.Change, p.Sealed, p.Empty).Sum
}

// OpenParts opens the file of a run, new or with what is whole of it.
func OpenParts(path string, to *Recipients) (*Parts, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, partsFault(path, err)
	}
	p := &Parts{file: file, path: path, to: to, have: map[string][]byte{}, empty: map[string]bool{}}
	whole, err := p.read()
	if err == nil {
		err = file.Truncate(whole)
	}
	if err == nil {
		_, err = file.Seek(whole, io.SeekStart)
	}
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	if err != nil {
		file.Close()
		return nil, partsFault(path, err)
	}
	return p, nil
}

// read takes the lines that are as they were written, and says where the last whole line ends.
func (p *Parts) read() (int64, error) {
	in, whole := bufio.NewReader(p.file), int64(0)
	for {
		line, err := in.ReadBytes('\n')
		if err == io.EOF {
			return whole, nil
		}
		if err != nil {
			return 0, err
		}
		if one, ok := partOf(line); ok {
			p.have[one.Change], p.empty[one.Change] = one.Sealed, one.Empty
		} else {
			p.Damaged++
		}
		whole += int64(len(line))
	}
}

// Has says whether the record of a change is kept.
func (p *Parts) Has(change string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.have[change] != nil
}

// Empty says whether the record that is kept of a change has no secret.
func (p *Parts) Empty(change string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.empty[change]
}

// Before is how many records earlier runs kept.
func (p *Parts) Before() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, text := range p.have {
		if len(text) > 0 {
			n++
		}
	}
	return n
}

// Sealed is the record of a change that an earlier run kept.
func (p *Parts) Sealed(change string) []byte { return p.have[change] }

// Keep returns when the record is on disk, encrypted. Behind an error nothing is kept any more.
func (p *Parts) Keep(change string, r *schemas.SecretRecord) error {
	text, err := p.to.seal(r)
	if err != nil {
		return err
	}
	line, err := json.Marshal(newPart(change, text, r.Secret.Empty()))
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil {
		return p.err
	}
	if _, err = p.file.Write(append(line, '\n')); err == nil {
		err = p.file.Sync()
	}
	if err != nil {
		p.err = partsFault(p.path, err)
		return p.err
	}
	p.empty[change] = r.Secret.Empty()
	p.have[change] = []byte{} // it is in the stream too, and need not be held
	return nil
}

// Close ends the writing.
func (p *Parts) Close() error { return p.file.Close() }

// Remove takes the file away: the export is whole.
func (p *Parts) Remove() error {
	if err := os.Remove(p.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return partsFault(p.path, err)
	}
	return nil
}

func partsFault(path string, err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		err = pathErr.Err
	}
	return schemas.NewFault(schemas.ClassDisk, "output_failed", "path", path).Because(err)
}
