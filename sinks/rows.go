package sinks

import (
	"io"

	"pamsync/schemas"
)

// Rows writes the hash of each row of an export: see schemas.AppendRowLine.
type Rows struct {
	out   io.Writer
	lines []byte
}

// NewRows begins a file of row hashes.
func NewRows(w io.Writer) *Rows { return &Rows{out: w} }

// Device writes the hash of a device.
func (r *Rows) Device(d *schemas.Device) error {
	cells := DeviceCells(d)
	return r.writeCells(oneRow(cells[:]))
}

// Credential writes the hash of a credential.
func (r *Rows) Credential(c *schemas.Credential) error {
	cells := CredentialCells(c)
	return r.writeCells(oneRow(cells[:]))
}

// Session writes the hash of a session.
func (r *Rows) Session(s *schemas.SessionRecord) error {
	cells := SessionCells(s)
	return r.writeCells(oneRow(cells[:]))
}

func (r *Rows) writeCells(b *cellBatch) error {
	r.lines = r.lines[:0]
	for row := range b.rows {
		hash := schemas.HashCells(row.bytes)
		r.lines = schemas.AppendRowLine(r.lines, row.first(), hash)
	}
	_, err := r.out.Write(r.lines)
	return err
}

// Close has nothing left to write.
func (r *Rows) Close() error { return nil }
