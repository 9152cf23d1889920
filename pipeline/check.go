package pipeline

import (
	"strings"

	"pamsync/schemas"
)

// verdict is what a fresh list says about a planned change.
type verdict int

const (
	goAhead verdict = iota
	already         // the vault is as the change wants it
	stale           // it moved since the plan was made
)

// Check compares one change with a list read at the start of the apply (law 10): what moved
// since the review is not touched.
func Check(c *schemas.Change, s *Snapshot, m *Memory) verdict {
	switch c.Kind {
	case schemas.KindDevice:
		return checkDevice(c, s, m)
	case schemas.KindInfo:
		return checkInfo(c, m)
	}
	return checkAccount(c, s, m)
}

func checkDevice(c *schemas.Change, s *Snapshot, m *Memory) verdict {
	if c.Action == schemas.ActionCreate {
		found := s.FindDevices(c.Key)
		if len(found) == 0 {
			return goAhead
		}
		if len(found) == 1 {
			if d := s.DeviceAt(found[0]); agrees(c, &d) {
				return already
			}
		}
		return stale
	}
	d := s.Device(c.VaultID)
	switch c.Action {
	case schemas.ActionReactivate:
		if d != nil && fold(d.Hostname) != fold(c.Key) {
			return stale
		}
		for _, i := range s.FindDevices(c.Key) {
			if s.devices.get(i, schemas.FieldID) != c.VaultID {
				return stale // another device has the name by now
			}
		}
		return goAhead
	case schemas.ActionInactivate:
		switch {
		case d == nil:
			return already
		case c.Reason.Rule == schemas.RuleRenamed && fold(d.Hostname) == fold(c.Key):
			return goAhead // what hangs on it is carried over first, and looked at then
		case fold(d.Hostname) != fold(c.Key) || s.HasAccounts && growth(c.Cascade, s.Cascade(s.deviceNumber(d.ID))):
			return stale
		}
		return goAhead
	}
	if d == nil {
		if hidden := m.hidden(schemas.KindDevice, c.Key); hidden != nil && hidden.ID == c.VaultID {
			return goAhead
		}
		return stale
	}
	if fold(d.Hostname) != fold(c.Key) {
		return stale
	}
	return compare(c, func(f schemas.Field) string { return d.Value(f) })
}

// growth says whether something hangs on a device that its reviewer did not see.
func growth(reviewed, now []schemas.Item) bool {
	seen := map[string]bool{}
	for _, item := range reviewed {
		seen[string(item.Kind)+item.ID] = true
	}
	for _, item := range now {
		if !seen[string(item.Kind)+item.ID] {
			return true
		}
	}
	return false
}

// agrees says whether a listed device is as a change would make it.
func agrees(c *schemas.Change, d *schemas.Device) bool {
	for _, f := range required() {
		if !same(f, c.Send.Get(f), d.Value(f)) {
			return false
		}
	}
	return true
}

func checkAccount(c *schemas.Change, s *Snapshot, m *Memory) verdict {
	if c.Action != schemas.ActionInactivate && !sameHost(c, s, m) {
		return stale
	}
	if id := c.Send.Get(schemas.FieldIdentifier); id != "" && identifierMoved(c, id, s, m) {
		return stale
	}
	if c.Action == schemas.ActionCreate {
		if c.Kind == schemas.KindKey {
			return checkNewKey(c, s)
		}
		return checkNewAccount(c, s)
	}
	a := s.Account(c.VaultID)
	if a == nil {
		return checkUnlisted(c, m)
	}
	if c.Old != "" && c.Reason.Rule == schemas.RuleRenamed {
		return checkCarried(c, a, s)
	}
	if fold(a.Hostname) != fold(c.Device) {
		return stale
	}
	switch c.Action {
	case schemas.ActionReactivate, schemas.ActionInactivate:
		if a.Kind() != c.Kind || !calls(c.Kind, c.Key, CredentialKey(a.Username, a.Hostname)) {
			return stale
		}
		return goAhead
	}
	v := a.values()
	return compare(c, func(f schemas.Field) string { return v[f] })
}

// checkCarried looks at a credential that is carried over: it hangs on the old device still, or
// on the new one already.
func checkCarried(c *schemas.Change, a *Account, s *Snapshot) verdict {
	switch old := s.Device(c.Old); {
	case fold(a.Hostname) == fold(c.Device):
		return already
	case old == nil || fold(a.Hostname) != fold(old.Hostname) || !same(schemas.FieldIdentifier, a.Identifier, c.Send.Get(schemas.FieldIdentifier)):
		return stale
	}
	return goAhead
}

// checkUnlisted decides about a change of a record that the list does not show.
func checkUnlisted(c *schemas.Change, m *Memory) verdict {
	switch c.Action {
	case schemas.ActionReactivate:
		return goAhead
	case schemas.ActionInactivate:
		return already
	}
	if hidden := m.hidden(c.Kind, c.Key); hidden != nil && hidden.ID == c.VaultID {
		return goAhead
	}
	return stale
}

// sameHost says whether the device that a credential was planned for is still the one of that
// name: the vault matches by the name, and it may be another device's by now.
func sameHost(c *schemas.Change, s *Snapshot, m *Memory) bool {
	named := s.FindDevices(c.Device)
	if len(named) > 1 {
		return false
	}
	if c.DeviceID == "" {
		return true // created by this very plan
	}
	if d := s.Device(c.DeviceID); d != nil {
		return fold(d.Hostname) == fold(c.Device)
	}
	// Inactive until this plan brings it back, or known to be hidden from us; else it is gone.
	return len(named) == 0 && (m.inactive(schemas.KindDevice, c.Device) != nil || m.hidden(schemas.KindDevice, c.Device) != nil)
}

// identifierMoved says whether the identifier that would be sent is another record's by now:
// the vault looks for it first, whatever the rest says (vault-api a.3).
func identifierMoved(c *schemas.Change, identifier string, s *Snapshot, m *Memory) bool {
	for _, i := range s.accountsIdentified(identifier) {
		if a := s.AccountAt(i); a.ID != c.VaultID && (a.Kind() != c.Kind || !calls(c.Kind, c.Key, CredentialKey(a.Username, a.Hostname))) {
			return true
		}
	}
	owner := m.identifierOwner(identifier)
	return owner != nil && owner.ID != c.VaultID && (owner.Kind != c.Kind || !calls(c.Kind, c.Key, rememberedBase(owner)))
}

// calls says whether what a change or a memory calls a record is a user@host; where a user has several keys on a
// device, the name of one has its identifier behind that.
func calls(kind schemas.Kind, key, account string) bool {
	key, account = fold(key), fold(account)
	return key == account || kind == schemas.KindKey && strings.HasPrefix(key, account+keyMark)
}

// nameOf is the user@host of a new credential or key.
func nameOf(c *schemas.Change) string {
	if c.Kind == schemas.KindKey {
		return keyBase(c.Key, c.Send.Get(schemas.FieldIdentifier))
	}
	return c.Key
}

// checkNewKey looks for a key that came into being since the plan was made: by its identifier, and where it
// has none by its user and device.
func checkNewKey(c *schemas.Change, s *Snapshot) verdict {
	if identifier := c.Send.Get(schemas.FieldIdentifier); identifier != "" {
		if len(s.accountsIdentified(identifier)) > 0 {
			return stale
		}
		return goAhead
	}
	devices := s.FindDevices(c.Device)
	if len(devices) == 1 && len(s.keysNamed(s.byDevice[devices[0]], c.Send.Get(schemas.FieldUsername))) > 0 {
		return stale
	}
	return goAhead
}

func checkNewAccount(c *schemas.Change, s *Snapshot) verdict {
	devices := s.FindDevices(c.Device)
	if len(devices) != 1 {
		return goAhead
	}
	found := s.accountsNamed(devices[0], c.Send.Get(schemas.FieldUsername))
	switch {
	case len(found) == 0:
		return goAhead
	case len(found) == 1 && !c.Secret && (c.Send.Get(schemas.FieldCredentialType) == "" || same(schemas.FieldCredentialType, c.Send.Get(schemas.FieldCredentialType), s.accounts.get(found[0], schemas.FieldCredentialType))):
		return already
	}
	return stale
}

// compare looks at each listed field that a change sends. Those that it changes are as before:
// go ahead; or all as they should become: already done. Those that it leaves must still be as
// they were when the plan was made, for they are sent along and would be set back.
func compare(c *schemas.Change, current func(schemas.Field) string) verdict {
	before, after, blind := true, true, false
	touched := map[schemas.Field]bool{}
	for _, fc := range c.Fields {
		f := fc.Field
		if !f.Listed() {
			blind = true
			continue
		}
		touched[f] = true
		before = before && same(f, fc.Before, current(f))
		after = after && same(f, fc.After, current(f))
	}
	for f := range schemas.NumFields {
		key := f == schemas.FieldHostname || c.Kind != schemas.KindDevice && f == schemas.FieldIP
		if c.Send.Get(f) != "" && f.Listed() && !touched[f] && !key && !same(f, c.Send.Get(f), current(f)) {
			return stale
		}
	}
	switch {
	case before:
		return goAhead
	case after && !blind:
		return already
	}
	return stale
}

// Ahead counts the changes of a plan by what would become of them now. Doubt are those that are sent
// or not by what the lists show once the settle time is over; Ended are not sent again.
type Ahead struct{ Go, Done, Moved, InUse, Doubt, Ended int }

// Preview counts what a list, what the run did before (nil for one that has not begun), what earlier
// runs saw, and what the sessions tell (nil for nothing) say about each change of a plan.
func Preview(plan *schemas.Plan, past *Past, s *Snapshot, m *Memory, g *LastGood, u *Usage) Ahead {
	var n Ahead
	former := m.formerAddresses(s.DeviceListing.At, 0)
	for i := range plan.Changes {
		c := &plan.Changes[i]
		switch p := past.of(c.ID); {
		case p.final:
			n.Ended++
			continue
		case p.doubtful, p.stepDone:
			n.Doubt++
			continue
		}
		verdict := Check(c, s, m)
		if g.Overtaken(c, plan.Start.Run) != "" {
			verdict = stale
		}
		switch verdict {
		case goAhead:
			if u != nil {
				if code, _ := InUse(c, s, former, u, 0); code != "" {
					n.InUse++
					continue
				}
			}
			n.Go++
		case already:
			n.Done++
		case stale:
			n.Moved++
		}
	}
	return n
}

// Coherent says whether what a change would send is what it shows: every value of a new record
// stands among its fields, and every field that changes is sent as it is shown.
func Coherent(c *schemas.Change) bool {
	shown := map[schemas.Field]string{}
	for _, fc := range c.Fields {
		f := fc.Field
		if fc.Secret && f != schemas.FieldContent {
			return false
		}
		shown[f] = fc.After
		sends := c.Action != schemas.ActionInactivate && f != schemas.FieldContent
		if sends && c.Send.Get(f) != fc.After {
			return false
		}
	}
	if c.Action != schemas.ActionCreate {
		return true // what is sent beside is compared with the list
	}
	for f, value := range c.Send.All {
		key := f == schemas.FieldHostname || c.Kind != schemas.KindDevice && f == schemas.FieldUsername
		if !key && shown[f] != value {
			return false
		}
	}
	return c.Kind == schemas.KindInfo && c.Send.Get(schemas.FieldIdentifier) == c.Key || c.Kind.Account() && CredentialKey(c.Send.Get(schemas.FieldUsername), c.Send.Get(schemas.FieldHostname)) == nameOf(c) ||
		c.Kind == schemas.KindDevice && c.Send.Get(schemas.FieldHostname) == c.Key
}
