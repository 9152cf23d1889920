package sinks

import "pamsync/schemas"

// Fan is an export to several places at once. Those that need cells alone get them on a goroutine of their
// own; Close or Abandon must be called.
type Fan struct {
	direct []Export
	aside  *aside // nil where nobody needs cells alone
}

// NewFan begins an export to all places.
func NewFan(to []Export) *Fan {
	f := &Fan{}
	var cells []cellWriter
	for _, e := range to {
		if w, ok := e.(cellWriter); ok {
			cells = append(cells, w)
			continue
		}
		f.direct = append(f.direct, e)
	}
	if len(cells) > 0 {
		f.aside = newAside(cells)
	}
	return f
}

// Device gives a device to all.
func (f *Fan) Device(d *schemas.Device) error {
	for _, e := range f.direct {
		if err := e.Device(d); err != nil {
			return err
		}
	}
	if f.aside == nil {
		return nil
	}
	cells := DeviceCells(d)
	return f.aside.add(cells[:])
}

// Credential gives a credential to all.
func (f *Fan) Credential(c *schemas.Credential) error {
	for _, e := range f.direct {
		if err := e.Credential(c); err != nil {
			return err
		}
	}
	if f.aside == nil {
		return nil
	}
	cells := CredentialCells(c)
	return f.aside.add(cells[:])
}

// Session gives a session to all.
func (f *Fan) Session(s *schemas.SessionRecord) error {
	for _, e := range f.direct {
		if err := e.Session(s); err != nil {
			return err
		}
	}
	if f.aside == nil {
		return nil
	}
	cells := SessionCells(s)
	return f.aside.add(cells[:])
}

// Finding gives a finding to all that take one.
func (f *Fan) Finding(s *schemas.SessionFinding) error {
	for _, e := range f.direct {
		if sink, takes := e.(FindingSink); takes {
			if err := sink.Finding(s); err != nil {
				return err
			}
		}
	}
	return nil
}

// Close ends all, and gives the first error.
func (f *Fan) Close() (err error) {
	if f.aside != nil {
		err = f.aside.close()
		for _, e := range f.aside.to {
			if ended := e.Close(); err == nil {
				err = ended
			}
		}
	}
	for _, e := range f.direct {
		if ended := e.Close(); err == nil {
			err = ended
		}
	}
	return err
}

// Abandon ends all of which not everything came: what is written stays without an end that would make it look
// whole, and nothing that it was made with is left.
func (f *Fan) Abandon() {
	all := f.direct
	if f.aside != nil {
		_ = f.aside.close() // there is a failure to tell already
		for _, e := range f.aside.to {
			all = append(all, e)
		}
	}
	for _, e := range all {
		if keeps, ok := e.(Abandoner); ok {
			keeps.Abandon()
		}
	}
}
