package vault

import (
	"context"
	"errors"
	"io"
	"net/http"

	"pamsync/schemas"
	"pamsync/schemas/ahead"
	"pamsync/schemas/scan"
)

// Reader lists what the vault shows to this client. It has no method that writes.
type Reader struct {
	c      *Client
	sums   bool
	borrow bool
	copy   io.Writer // of the answers of a Summing reader, nil for nobody
}

// Borrowing is a reader for lists of millions: the texts of a record are gone when yield returns, and who keeps
// one clones it. Tests with the race detector spoil them then.
func (r *Reader) Borrowing() *Reader { return &Reader{c: r.c, sums: r.sums, borrow: true} }

// Summing is a borrowing reader whose listings tell the bytes of the answers and their hash: evidence of what the
// vault said. copy is given the answer of each list as it came, until the listing ends; nil for nobody.
func (r *Reader) Summing(copy io.Writer) *Reader {
	return &Reader{c: r.c, sums: true, borrow: true, copy: copy}
}

// maxList is the most that is read of one list, unpacked; maxRecord of one record in it.
const (
	maxList   = 16 << 30
	maxRecord = 4 << 20
)

// listWindow is how much of a list is held at once: more would not stay in a core's own cache.
const listWindow = 256 << 10

// piecesAhead is how many times as much is read ahead of who takes it apart, where an answer is summed: the one
// is often ahead of the other by some milliseconds.
const piecesAhead = 16

// Devices calls yield for each device of the list, in the vault's order; the record is reused, its texts stay
// but for a Borrowing reader. An error of yield ends the reading and is returned
// as it is. The listing is whole only where the error is nil.
func (r *Reader) Devices(ctx context.Context, yield func(*schemas.Device) error) (schemas.Listing, error) {
	var d schemas.Device
	return r.list(ctx, "/pam/device", "devices", []string{"devices"}, func(members []scan.Member) error {
		d = schemas.Device{}
		for i := range members {
			if field := deviceField(&d, members[i].Name); field != nil {
				*field = members[i].View()
			}
		}
		if !r.borrow {
			d = d.Clone()
		}
		return yield(&d)
	})
}

func deviceField(d *schemas.Device, name string) *string {
	switch name {
	case "id":
		return &d.ID
	case "hostname":
		return &d.Hostname
	case "ip":
		return &d.IP
	case "model":
		return &d.Model
	case "type":
		return &d.Type
	case "vendor":
		return &d.Vendor
	case "site":
		return &d.Site
	case "tags", "device_tags":
		return &d.Tags
	}
	return nil
}

// Credentials calls yield for each record of the credential list, SSH keys among them, as
// Devices does.
func (r *Reader) Credentials(ctx context.Context, yield func(*schemas.Credential) error) (schemas.Listing, error) {
	var cr schemas.Credential
	return r.list(ctx, "/pam/credential", "credentials", []string{"credentials"}, func(members []scan.Member) error {
		cr = schemas.Credential{}
		for i := range members {
			if field := credentialField(&cr, members[i].Name); field != nil {
				*field = members[i].View()
			}
		}
		if !r.borrow {
			cr = cr.Clone()
		}
		return yield(&cr)
	})
}

func credentialField(c *schemas.Credential, name string) *string {
	switch name {
	case "id":
		return &c.ID
	case "identifier", "tag":
		return &c.Identifier
	case "username":
		return &c.Username
	case "expiration":
		return &c.Expiration
	case "change":
		return &c.Change
	case "view":
		return &c.View
	case "hostname":
		return &c.Hostname
	case "management_ip", "ip":
		return &c.ManagementIP
	case "type":
		return &c.Type
	case "type_code":
		return &c.TypeCode
	case "device_model":
		return &c.DeviceModel
	case "device_type":
		return &c.DeviceType
	case "device_vendor":
		return &c.DeviceVendor
	case "automatic_change":
		return &c.AutomaticChange
	case "connectivity":
		return &c.Connectivity
	case "connectivity_code":
		return &c.ConnectivityCode
	}
	return nil
}

func (r *Reader) list(ctx context.Context, path, what string, payload []string, each func([]scan.Member) error) (schemas.Listing, error) {
	response, err := r.c.open(ctx, path, what)
	if err != nil {
		return schemas.Listing{}, err
	}
	defer response.Body.Close()
	l := lister{c: r.c, what: what, payload: payload, each: each}
	if at, err := http.ParseTime(response.Header.Get("Date")); err == nil {
		l.listing.At = at
	}
	l.listing.Request = response.Request.Method + " " + response.Request.URL.Path
	body, sum := io.Reader(response.Body), (*ahead.Reader)(nil)
	if r.sums {
		sum = ahead.NewReader(response.Body, listWindow, piecesAhead, r.copy)
		defer func() {
			response.Body.Close() // a read under way ends
			sum.Stop()
		}()
		body = sum
	}
	if err := l.read(body, response.StatusCode); err != nil {
		if l.yield != nil {
			return l.listing, l.yield
		}
		return l.listing, r.c.scanFault(ctx, err, what)
	}
	if sum != nil {
		l.listing.Bytes, l.listing.SHA256 = sum.Bytes(), sum.Sum()
	}
	return l.listing, nil
}

// lister reads one list: a top-level object that holds the records and the envelope, in
// either order.
type lister struct {
	c       *Client
	what    string
	payload []string
	each    func([]scan.Member) error
	listing schemas.Listing
	found   bool
	said    bool // there was a response, which every list has (vault-api a.0)
	e       envelope
	shape   shaper
	yield   error // what each returned
}

func (l *lister) read(body io.Reader, status int) error {
	in := scan.NewReader(body, scan.Options{MaxRecord: maxRecord, MaxBytes: maxList, Window: listWindow})
	first, err := in.Peek()
	if err != nil && err != io.EOF && first == 0 {
		var syntax *scan.SyntaxError
		if !errors.As(err, &syntax) {
			return err
		}
	}
	if first != '{' {
		return l.c.fault(schemas.ClassUnreachable, "not_json", "what", l.what)
	}
	if err := in.EnterObject(); err != nil {
		return err
	}
	for {
		key, ok, err := in.NextKey()
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		if err := l.member(in, string(key)); err != nil {
			return err
		}
	}
	if err := in.End(); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, body); err != nil { // blanks behind the end
		return err
	}
	return l.check(status)
}

func (l *lister) member(in *scan.Reader, name string) error {
	kind, err := in.Peek()
	if err != nil {
		return err
	}
	isPayload := false
	for _, p := range l.payload {
		isPayload = isPayload || p == name
	}
	switch {
	case isPayload && kind == '[':
		l.found = true
		l.shape.envelope(name, []byte{kind})
		return l.records(in)
	case isPayload && kind == 'n':
		return in.Skip()
	case isPayload:
		return l.c.fault(schemas.ClassUnreachable, "list_malformed", "what", l.what, "cause", name+" is no array")
	case name == "tenant" && kind == '"':
		text, err := in.Raw()
		if err == nil {
			l.shape.envelope(name, text)
			text, _ = scan.Text(text)
			l.listing.Tenant = string(text)
		}
		return err
	case name == "response" || name == "exception" || name == "message" || name == "error":
		raw, err := in.Raw()
		if err != nil {
			return err
		}
		l.e.read(name, raw)
		l.shape.envelope(name, raw)
		l.said = l.said || name == "response" && kind == '{'
		return nil
	}
	l.shape.envelope(name, []byte{kind})
	return in.Skip()
}

func (l *lister) records(in *scan.Reader) error {
	if err := in.EnterArray(); err != nil {
		return err
	}
	var members []scan.Member
	for {
		more, err := in.NextElement()
		if err != nil || !more {
			return err
		}
		var raw []byte
		if raw, members, err = in.Object(members); err != nil {
			return err
		}
		if len(raw) == 0 || raw[0] != '{' {
			return l.c.fault(schemas.ClassUnreachable, "list_malformed", "what", l.what, "cause", "a record that is no object")
		}
		if l.listing.Read < shapeRecords {
			l.shape.record(members)
		}
		l.listing.Read++
		err = l.each(members)
		if spoils {
			spoil(raw, members)
		}
		if err != nil {
			l.yield = err
			return err
		}
	}
}

// check decides whether the list was whole and a success.
func (l *lister) check(httpStatus int) error {
	l.listing.Shape = l.shape.shape()
	l.e.settle(httpStatus)
	l.listing.Announced = announced(l.e.message)
	if l.e.failed {
		status := httpStatus
		if l.e.status >= 400 {
			status = l.e.status
		}
		return l.c.faultOf(refusal{http: status, e: l.e, said: l.c.hide(l.e.message)}, l.what)
	}
	missing := ""
	switch {
	case !l.found && l.listing.Announced != 0:
		missing = l.payload[0]
	case !l.said: // something that stands before the vault may answer with a list of nothing
		missing = "response"
	default:
		return nil
	}
	return l.c.fault(schemas.ClassUnreachable, "list_malformed", "what", l.what, "cause", "no "+missing+" in the answer")
}
