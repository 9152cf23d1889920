package sinks

import (
	"io"

	"pamsync/schemas"
)

// FindingRows writes the hash of each finding of an export: see schemas.AppendRowLine.
type FindingRows struct {
	out        io.Writer
	line, room []byte
}

// NewFindingRows begins a file of the hashes of findings.
func NewFindingRows(w io.Writer) *FindingRows { return &FindingRows{out: w} }

// Finding writes the hash of one.
func (r *FindingRows) Finding(f *schemas.SessionFinding) error {
	hash, used := schemas.RowHash(r.room, f.Cells())
	r.room, r.line = used, schemas.AppendRowLine(r.line[:0], []byte(f.ID), hash)
	_, err := r.out.Write(r.line)
	return err
}

// Device writes nothing, as Credential and Session do: their findings are given.
func (r *FindingRows) Device(*schemas.Device) error { return nil }

// Credential writes nothing.
func (r *FindingRows) Credential(*schemas.Credential) error { return nil }

// Session writes nothing.
func (r *FindingRows) Session(*schemas.SessionRecord) error { return nil }

// Close has nothing left to write.
func (r *FindingRows) Close() error { return nil }
