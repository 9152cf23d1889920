package sinks

import (
	"io"

	"github.com/gocarina/gocsv"

	"pamsync/schemas"
)

// Export writes the records of one export, one at a time. Close ends it as whole, and is called when all
// records came; nothing is kept in memory but a buffer.
type Export interface {
	Device(d *schemas.Device) error
	Credential(c *schemas.Credential) error
	Session(s *schemas.SessionRecord) error
	Close() error
}

// Abandoner is an export that keeps more than what it writes, such as a file of its own: Abandon is called in
// the place of Close where not all records came.
type Abandoner interface {
	Abandon()
}

// NewExport starts an export in a format, csv in a dialect or jsonl.
func NewExport(w io.Writer, format string, d Dialect, start schemas.Start) (Export, error) {
	start.Version = schemas.FormatVersion
	if format == "jsonl" {
		e := &jsonlExport{out: schemas.NewWriter(w)}
		return e, e.out.Write(schemas.Record{Start: &start})
	}
	switch start.Format {
	case schemas.FormatDevices:
		e := &csvExport{newGuarded(w, d)}
		return e, gocsv.MarshalCSV([]deviceRow{}, e.rows)
	case schemas.FormatCredentials:
		e := &csvExport{newGuarded(w, d)}
		return e, gocsv.MarshalCSV([]credentialRow{}, e.rows)
	}
	return newSessionsCSV(w, d)
}

type jsonlExport struct{ out *schemas.Writer }

func (e *jsonlExport) Device(d *schemas.Device) error {
	return e.out.Write(schemas.Record{Device: d})
}
func (e *jsonlExport) Credential(c *schemas.Credential) error {
	return e.out.Write(schemas.Record{Credential: c})
}
func (e *jsonlExport) Session(s *schemas.SessionRecord) error {
	return e.out.Write(schemas.Record{Session: s})
}
func (e *jsonlExport) Close() error {
	_, err := e.out.Seal()
	return err
}

// csvExport writes devices and credentials with gocsv; sessions, which come by the million, have a writer of
// their own.
type csvExport struct{ rows *guarded }

type deviceRow struct {
	ID       string `csv:"id"`
	Hostname string `csv:"hostname"`
	IP       string `csv:"ip"`
	Model    string `csv:"model"`
	Type     string `csv:"type"`
	Vendor   string `csv:"vendor"`
	Site     string `csv:"site"`
	Tags     string `csv:"tags"`
}

type credentialRow struct {
	ID               string `csv:"id"`
	Identifier       string `csv:"identifier"`
	Username         string `csv:"username"`
	Expiration       string `csv:"expiration"`
	Change           string `csv:"change"`
	View             string `csv:"view"`
	Hostname         string `csv:"hostname"`
	ManagementIP     string `csv:"management_ip"`
	Type             string `csv:"type"`
	TypeCode         string `csv:"type_code"`
	DeviceModel      string `csv:"device_model"`
	DeviceType       string `csv:"device_type"`
	DeviceVendor     string `csv:"device_vendor"`
	AutomaticChange  string `csv:"automatic_change"`
	Connectivity     string `csv:"connectivity"`
	ConnectivityCode string `csv:"connectivity_code"`
}

func (e *csvExport) Device(d *schemas.Device) error {
	return gocsv.MarshalCSVWithoutHeaders([]deviceRow{deviceRow(*d)}, e.rows)
}

func (e *csvExport) Credential(c *schemas.Credential) error {
	return gocsv.MarshalCSVWithoutHeaders([]credentialRow{credentialRow(*c)}, e.rows)
}

func (e *csvExport) Session(*schemas.SessionRecord) error { return nil } // of these it is none

func (e *csvExport) Close() error { return e.rows.Error() }
