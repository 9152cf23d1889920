package jobs

import (
	"bytes"
	"encoding/hex"

	"pamsync/schemas"
	"pamsync/sinks"
	"pamsync/sources"
)

// cellsOf are the cells of a record of JSON Lines, nil for one that is no row; again becomes the line that such a
// record is written as.
func (l *fileLook) cellsOf(rec schemas.Record) (cells []string) {
	switch {
	case rec.Session != nil:
		all := sinks.SessionCells(rec.Session)
		cells = all[:]
	case rec.Device != nil:
		all := sinks.DeviceCells(rec.Device)
		cells = all[:]
	case rec.Credential != nil:
		all := sinks.CredentialCells(rec.Credential)
		cells = all[:]
	default:
		return nil
	}
	if l.changed {
		l.encoded.Reset()
		l.again = []byte{}
		if l.encoding.Write(rec) == nil { // one that cannot be written was never
			l.again = append(l.again, l.encoded.Bytes()...)
		}
	}
	return cells
}

// line takes a line of JSON Lines: the first and the last are no rows.
func (l *fileLook) line(row sources.ExportedRow) error {
	if l.seal != nil { // it was not the last
		before := *l.seal
		l.seal = nil
		if err := l.take(before); err != nil {
			return err
		}
	}
	switch {
	case row.Cells == nil && row.Line == 1:
		l.head = true
		l.sum.Write(row.Raw)
		if l.changed && !l.c.startedBy(row.Raw) {
			l.odd("export_line_changed", 1)
		}
		return nil
	case row.Cells == nil && bytes.HasPrefix(row.Raw, []byte(`{"seal":`)):
		l.seal = &sources.ExportedRow{Line: row.Line, Raw: bytes.Clone(row.Raw)}
		return nil
	}
	return l.take(row)
}

// startedBy says whether the first line of JSON Lines is as one is written, and says nothing else than the certificate.
// Its time alone the certificate does not have.
func (c *certified) startedBy(line []byte) bool {
	var b bytes.Buffer
	rec, err := schemas.NewReader(bytes.NewReader(line), "pamsync-"+c.What).Next()
	if err != nil || rec.Start == nil || schemas.NewWriter(&b).Write(rec) != nil || !bytes.Equal(b.Bytes(), line) {
		return false
	}
	s := rec.Start
	return s.Tool == c.Tool && s.Vault == c.Vault && s.Client == c.Client && s.Zone == c.Zone && s.Made <= c.Made
}

func (l *fileLook) take(row sources.ExportedRow) error {
	if l.changed {
		l.sum.Write(row.Raw)
	}
	if row.Cells == nil {
		l.again = nil
	}
	return l.row(row)
}

// checkEnds tells the first and the last line of JSON Lines whose rows are all as they were written: the seal is
// the hash of what stands before it, and with the one that fits here the file is as certified unless it is the
// first line that was changed.
func (v *verification) checkEnds(path string, l *fileLook, before int) {
	if l.f.Format != "jsonl" || l.want == nil || len(v.problems) > before {
		return
	}
	line := len(l.rows) + 2
	if !l.head {
		v.bad("export_line_changed", path, 1)
		return
	}
	digest := hex.EncodeToString(l.sum.Sum(nil))
	l.encoded.Reset()
	if err := l.encoding.Write(schemas.Record{Seal: &schemas.Seal{Records: line - 1, SHA256: digest}}); err != nil {
		return // no seal fails
	}
	l.sum.Write(l.encoded.Bytes())
	switch whole := hex.EncodeToString(l.sum.Sum(nil)) == l.f.SHA256; {
	case whole:
		v.bad("export_end_changed", path, line)
	default:
		v.bad("export_line_changed", path, 1)
	}
}
