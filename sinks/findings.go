package sinks

import (
	"io"

	"pamsync/schemas"
)

// FindingSink is an export that findings go to too.
type FindingSink interface {
	Finding(f *schemas.SessionFinding) error
}

// Findings writes the findings of an export as a CSV: one row for each, with what it goes by.
type Findings struct{ rows *guarded }

// NewFindings begins the CSV with its header.
func NewFindings(w io.Writer, d Dialect) (*Findings, error) {
	f := &Findings{newGuarded(w, d)}
	return f, f.rows.Write(schemas.FindingColumns())
}

// Finding writes one.
func (f *Findings) Finding(s *schemas.SessionFinding) error {
	return f.rows.Write(s.Cells())
}

// Device writes nothing, as Credential and Session do: their findings are given.
func (f *Findings) Device(*schemas.Device) error { return nil }

// Credential writes nothing.
func (f *Findings) Credential(*schemas.Credential) error { return nil }

// Session writes nothing.
func (f *Findings) Session(*schemas.SessionRecord) error { return nil }

// Close ends the file.
func (f *Findings) Close() error { return f.rows.Error() }
