package sinks

import (
	"bytes"
	"io"
	"strconv"

	"pamsync/schemas"
)

// SessionCells are the cells of an exported session, in the order of schemas.SessionColumns.
func SessionCells(s *schemas.SessionRecord) [21]string {
	revision := "1"
	if s.Revision != 1 {
		revision = strconv.Itoa(s.Revision)
	}
	return [...]string{s.ID, s.User, s.OriginIP, s.Credential, s.Device, s.Protocol, s.Proxy, s.SessionID, s.Start, s.End,
		s.Time, s.PreventPurge, s.Request, s.ITSM, s.Host, s.Port, s.DurationS, s.StartUTC, s.EndUTC, revision, s.Supersedes}
}

// DeviceCells are the cells of an exported device, in the list's order.
func DeviceCells(d *schemas.Device) [8]string {
	return [...]string{d.ID, d.Hostname, d.IP, d.Model, d.Type, d.Vendor, d.Site, d.Tags}
}

// CredentialCells are the cells of an exported credential, in the list's order.
func CredentialCells(c *schemas.Credential) [16]string {
	return [...]string{c.ID, c.Identifier, c.Username, c.Expiration, c.Change, c.View, c.Hostname, c.ManagementIP, c.Type, c.TypeCode,
		c.DeviceModel, c.DeviceType, c.DeviceVendor, c.AutomaticChange, c.Connectivity, c.ConnectivityCode}
}

// Rows writes the hash of each row of an export: its id, a tab, its schemas.RowHash. It hashes on a goroutine
// of its own.
type Rows struct {
	full, free chan *rowBatch
	now        *rowBatch
	done       chan error
}

// rowBatch are the cells of some rows, each followed by a zero byte.
type rowBatch struct {
	cells []byte
	ends  []int
}

const (
	rowBatchSize = 64 << 10
	rowBatches   = 4
)

// NewRows begins a file of row hashes; Close must be called.
func NewRows(w io.Writer) *Rows {
	r := &Rows{full: make(chan *rowBatch, rowBatches), free: make(chan *rowBatch, rowBatches), done: make(chan error, 1)}
	for range rowBatches {
		r.free <- &rowBatch{cells: make([]byte, 0, rowBatchSize)}
	}
	r.now = <-r.free
	go r.hash(w)
	return r
}

func (r *Rows) hash(w io.Writer) {
	var failed error
	var lines []byte
	for batch := range r.full {
		lines = lines[:0]
		from := 0
		for _, end := range batch.ends {
			row := batch.cells[from:end]
			from = end
			hash := schemas.HashCells(row)
			lines = append(lines, row[:bytes.IndexByte(row, 0)]...)
			lines = append(append(append(lines, '\t'), hash[:]...), '\n')
		}
		if failed == nil {
			_, failed = w.Write(lines)
		}
		batch.cells, batch.ends = batch.cells[:0], batch.ends[:0]
		r.free <- batch
	}
	r.done <- failed
}

// Device writes the hash of a device.
func (r *Rows) Device(d *schemas.Device) error {
	cells := DeviceCells(d)
	return r.row(cells[:])
}

// Credential writes the hash of a credential.
func (r *Rows) Credential(c *schemas.Credential) error {
	cells := CredentialCells(c)
	return r.row(cells[:])
}

// Session writes the hash of a session.
func (r *Rows) Session(s *schemas.SessionRecord) error {
	cells := SessionCells(s)
	return r.row(cells[:])
}

func (r *Rows) row(cells []string) error {
	b := r.now
	for _, cell := range cells {
		b.cells = append(append(b.cells, cell...), 0)
	}
	b.ends = append(b.ends, len(b.cells))
	if len(b.cells) > rowBatchSize-1024 {
		r.full <- b
		r.now = <-r.free
	}
	return nil
}

// Close writes what is still to be written, and gives the first error of it.
func (r *Rows) Close() error {
	r.full <- r.now
	close(r.full)
	return <-r.done
}

// Fan is an export to several places at once.
type Fan []Export

// Device gives a device to all.
func (f Fan) Device(d *schemas.Device) error {
	return f.each(func(e Export) error { return e.Device(d) })
}

// Credential gives a credential to all.
func (f Fan) Credential(c *schemas.Credential) error {
	return f.each(func(e Export) error { return e.Credential(c) })
}

// Session gives a session to all.
func (f Fan) Session(s *schemas.SessionRecord) error {
	return f.each(func(e Export) error { return e.Session(s) })
}

// Close ends all, and gives the first error.
func (f Fan) Close() (err error) {
	for _, e := range f {
		if ended := e.Close(); err == nil {
			err = ended
		}
	}
	return err
}

func (f Fan) each(do func(Export) error) error {
	for _, e := range f {
		if err := do(e); err != nil {
			return err
		}
	}
	return nil
}
