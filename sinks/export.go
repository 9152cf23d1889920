package sinks

import (
	"io"
	"strings"

	"github.com/gocarina/gocsv"

	"pamsync/schemas"
)

// Export writes the records of one export, one at a time. Close ends it; nothing is kept in
// memory but a buffer.
type Export interface {
	Device(d *schemas.Device) error
	Credential(c *schemas.Credential) error
	Session(s *schemas.SessionRecord) error
	Close() error
}

// NewExport starts an export in a format, csv in a dialect or jsonl.
func NewExport(w io.Writer, format string, d Dialect, start schemas.Start) (Export, error) {
	start.Version = schemas.FormatVersion
	if format == "jsonl" {
		e := &jsonlExport{out: schemas.NewWriter(w)}
		return e, e.out.Write(schemas.Record{Start: &start})
	}
	e := &csvExport{out: w, form: d.form()}
	switch start.Format {
	case schemas.FormatDevices:
		e.rows = newGuarded(w, d)
		return e, gocsv.MarshalCSV([]deviceRow{}, e.rows)
	case schemas.FormatCredentials:
		e.rows = newGuarded(w, d)
		return e, gocsv.MarshalCSV([]credentialRow{}, e.rows)
	}
	_, err := io.WriteString(w, e.form.mark+strings.Join(schemas.SessionColumns(), string(e.form.comma))+e.form.end)
	return e, err
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

// csvExport writes devices and credentials with gocsv; sessions, which come by the million,
// go cell by cell.
type csvExport struct {
	out  io.Writer
	form csvForm
	rows *guarded
	line []byte
}

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

func (e *csvExport) Session(s *schemas.SessionRecord) error {
	cells := SessionCells(s)
	e.line = e.line[:0]
	for i, cell := range cells {
		if i > 0 {
			e.line = append(e.line, e.form.comma)
		}
		e.line = e.form.appendCell(e.line, cell)
	}
	e.line = append(e.line, e.form.end...)
	_, err := e.out.Write(e.line)
	return err
}

func (e *csvExport) Close() error {
	if e.rows == nil {
		return nil
	}
	return e.rows.Error()
}
