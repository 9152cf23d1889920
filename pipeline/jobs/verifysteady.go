package jobs

import (
	"bufio"
	"errors"
	"os"
	"path/filepath"

	"pamsync/pipeline/evidence"
	"pamsync/schemas"
	"pamsync/sinks"
)

// A file that is as certified, row by row, is found to be so in one reading beside the hashes of its rows, in
// memory that does not grow with it. What is not is looked at once more, all of it at once, to say what became
// of which row.

var errNotAsWritten = errors.New("a row that is not as it was written")

// rowStream are the hashes of an export's rows, one after the other.
type rowStream struct {
	in   *bufio.Scanner
	now  evidence.Row // that comes next
	more bool
	n    int
}

func newRowStream(file *os.File) *rowStream {
	s := &rowStream{in: bufio.NewScanner(file)}
	s.next()
	return s
}

func (s *rowStream) next() {
	s.more = s.in.Scan()
	id, hash, ok := schemas.ReadRowLine(s.in.Text())
	if s.now = (evidence.Row{ID: id, Hash: hash}); !ok {
		s.now = evidence.Row{} // no row's
	}
}

// take compares the next row with what it was.
func (s *rowStream) take(r evidence.Row) error {
	if !s.more || s.now.ID != r.ID || s.now.Hash != r.Hash {
		return errNotAsWritten
	}
	s.n++
	s.next()
	return nil
}

// asWritten says whether a file is as the certificate and the hashes of its rows have it, and says so. Of a page
// no row is read: its sum says it.
func (v *verification) asWritten(c *certified, f schemas.CertifiedFile) bool {
	hashes, path := c.hashes(f), filepath.Join(c.folder, f.Name)
	if sum, err := sinks.HashFile(path); err != nil || sum != f.SHA256 {
		return false
	}
	if hashes == nil && f.Format != "html" {
		return false
	}
	rowsPath := ""
	if hashes != nil {
		rowsPath = filepath.Join(c.folder, hashes.Name)
		if sum, err := sinks.HashFile(rowsPath); err != nil || sum != hashes.SHA256 {
			return false
		}
	}
	if f.Format == "html" {
		v.good("verify_sum", "name", f.Name)
		return true
	}
	file, err := os.Open(rowsPath)
	if err != nil {
		return false
	}
	defer file.Close()
	stream := newRowStream(file)
	look := newFileLook(c, f, nil)
	look.steady = stream
	if err := look.read(path); err != nil || stream.more || stream.in.Err() != nil || len(look.strange) > 0 {
		return false
	}
	before := len(v.problems)
	v.checkTotals(c, look, path)
	if len(v.problems) > before {
		v.problems = v.problems[:before] // the other look tells them, with all else
		return false
	}
	v.good("verify_file", "n", sinks.Number(v.e.Lang, stream.n), "name", f.Name)
	return true
}
