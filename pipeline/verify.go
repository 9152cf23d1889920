package pipeline

import (
	"pamsync/schemas"
)

// The codes of what a read-back sees.
const (
	findingNotKept     = "not_kept"
	findingNotVisible  = "not_visible"
	findingStillListed = "still_listed"
	findingPartial     = "devices_error"
	findingUnheard     = "devices_unknown"
)

// differsBack tells the codes of changes that are done and left something for a person to see to.
func differsBack(code string) bool {
	return code == findingNotKept || code == findingNotVisible || ofDevices(code)
}

// verify compares every change that is done with the list read last, and journals what it
// finds: a value that the vault keeps otherwise, a record that it does not show.
func (r *Run) verify() error {
	for _, t := range r.tasks {
		if t.status != schemas.StatusDone || t.proven {
			continue
		}
		t.proven = true
		for _, f := range Verify(t.change, t.id, r.latest) {
			if r.differs == nil && f.Code != findingStillListed {
				r.differs = &f
			}
			if err := r.journal(schemas.Record{Finding: &f}); err != nil {
				return err
			}
		}
	}
	return nil
}

// Verify compares one change that is done with a list.
func Verify(c *schemas.Change, id string, s *Snapshot) []schemas.Finding {
	if c.Kind == schemas.KindInfo {
		return nil
	}
	if c.Action == schemas.ActionInactivate {
		return verifyGone(c, id, s)
	}
	var current func(schemas.Field) string
	if c.Kind == schemas.KindDevice {
		if d := s.Device(id); d != nil {
			current = d.Value
		}
	} else if a := s.Account(id); a != nil {
		v := a.values()
		current = func(f schemas.Field) string { return v[f] }
	}
	if current == nil {
		return []schemas.Finding{{Change: c.ID, Code: findingNotVisible}}
	}
	var found []schemas.Finding
	if host := current(schemas.FieldHostname); c.Kind != schemas.KindDevice && c.Reason.Rule == schemas.RuleRenamed && fold(host) != fold(c.Device) {
		found = append(found, schemas.Finding{Change: c.ID, Code: findingNotKept, Field: schemas.FieldHostname.String(), Sent: c.Device, Kept: host})
	}
	for f := range schemas.NumFields {
		sent := c.Send.Get(f)
		if sent == "" || !f.Listed() || same(f, sent, current(f)) || c.Kind != schemas.KindDevice && (f == schemas.FieldHostname || f == schemas.FieldIP) {
			continue
		}
		found = append(found, schemas.Finding{Change: c.ID, Code: findingNotKept, Field: f.String(), Sent: sent, Kept: current(f)})
	}
	return found
}

func verifyGone(c *schemas.Change, id string, s *Snapshot) []schemas.Finding {
	var found []schemas.Finding
	if s.lists(c.Kind, id) {
		found = append(found, schemas.Finding{Change: c.ID, Code: findingStillListed})
	}
	for _, item := range c.Cascade {
		if s.lists(item.Kind, item.ID) {
			found = append(found, schemas.Finding{Change: c.ID, Code: findingStillListed, Field: string(item.Kind), Kept: item.ID})
		}
	}
	return found
}
