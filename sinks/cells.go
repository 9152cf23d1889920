package sinks

import (
	"bufio"
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

// Rows writes the hash of each row of an export: its id, a tab, its schemas.RowHash.
type Rows struct {
	out  *bufio.Writer
	room []byte
}

// NewRows begins a file of row hashes.
func NewRows(w io.Writer) *Rows { return &Rows{out: bufio.NewWriterSize(w, 64<<10)} }

// Device writes the hash of a device.
func (r *Rows) Device(d *schemas.Device) error {
	cells := DeviceCells(d)
	return r.row(d.ID, cells[:])
}

// Credential writes the hash of a credential.
func (r *Rows) Credential(c *schemas.Credential) error {
	cells := CredentialCells(c)
	return r.row(c.ID, cells[:])
}

// Session writes the hash of a session.
func (r *Rows) Session(s *schemas.SessionRecord) error {
	cells := SessionCells(s)
	return r.row(s.ID, cells[:])
}

func (r *Rows) row(id string, cells []string) error {
	hash, used := schemas.RowHash(r.room, cells)
	r.room = used
	r.out.WriteString(id)
	r.out.WriteByte('\t')
	r.out.Write(hash[:])
	return r.out.WriteByte('\n') // the first error of any of them
}

// Close writes what is still to be written.
func (r *Rows) Close() error { return r.out.Flush() }

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

// Close ends all.
func (f Fan) Close() error { return f.each(Export.Close) }

func (f Fan) each(do func(Export) error) error {
	for _, e := range f {
		if err := do(e); err != nil {
			return err
		}
	}
	return nil
}
