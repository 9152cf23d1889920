package pipeline

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"pamsync/schemas"
)

// warnNotInstalled is the code of what notInstalled tells.
const warnNotInstalled = "key_not_installed"

// notInstalled tells the devices that a key was not installed on when it was sent last, told inside a success
// (vault-api a.4), and gives those of them for which it is to be sent again: they are listed now, and only registered
// ones are taken. Until then each plan warns of them, and of those that were refused all the same: these are not tried
// again until the row names other devices.
func (p *planner) notInstalled(c *keyCase, have *schemas.Remembered) (again []string) {
	r := p.Memory.notInstalled(have.ID)
	if r == nil {
		return nil
	}
	tried := hostsIn(r.Sent)
	for _, host := range refusedHosts(c.get(schemas.FieldDevices), r.Kept) {
		if !slices.Contains(tried, host) && len(p.Snapshot.FindDevices(host)) > 0 {
			again = append(again, host)
		}
	}
	if len(again) == 0 {
		p.warn(warnNotInstalled, p.place(c.set, c.entries[0], schemas.FieldDevices), "key", have.Key, "kept", r.Kept)
	}
	return again
}

// notInstalled is what is remembered of the devices that a key was not installed on, nil for nothing.
func (m *Memory) notInstalled(id string) *schemas.Remembered {
	return m.find(schemas.RememberNotInstalled, schemas.KindKey, id, schemas.FieldDevices.String())
}

// refusedHosts are those of a key's devices that the vault named when it refused some; all of them where it named
// none by its name.
func refusedHosts(devices, said string) []string {
	all := hostsIn(devices)
	var named []string
	for _, host := range all {
		if saysHost(said, host) {
			named = append(named, host)
		}
	}
	if len(named) > 0 {
		return named
	}
	return all
}

// hostsIn are the names in a list of devices, as they are compared.
func hostsIn(devices string) (hosts []string) {
	for host := range strings.SplitSeq(devices, ",") {
		if host = fold(host); host != "" {
			hosts = append(hosts, host)
		}
	}
	return hosts
}

// saysHost says whether a text has a name as a whole: srv-1 is neither in srv-10 nor in srv-1.example.com.
func saysHost(said, host string) bool {
	within := func(r rune) bool {
		return r == '-' || r == '_' || r == '…' || unicode.IsLetter(r) || unicode.IsDigit(r)
	}
	for rest := fold(said); ; {
		before, after, found := strings.Cut(rest, host)
		if !found {
			return false
		}
		rest = after
		last, _ := utf8.DecodeLastRuneInString(before)
		first, _ := utf8.DecodeRuneInString(strings.TrimPrefix(after, "."))
		if !within(last) && last != '.' && !within(first) {
			return true
		}
	}
}

// rememberInstalled keeps the devices that a key was not installed on until it is sent to all of its own, and which of
// them were listed and refused; before the fingerprint of what was sent now takes the place of the last one.
func rememberInstalled(m *Memory, c *schemas.Change, id string, findings []schemas.Finding, run string, print func(string) string) {
	if c.Kind != schemas.KindKey || c.Send.Get(schemas.FieldDevices) == "" {
		return
	}
	r := schemas.Remembered{What: schemas.RememberNotInstalled, Kind: c.Kind, ID: id, Key: c.Key, Field: schemas.FieldDevices.String(), Run: run}
	devices := c.Send.Get(schemas.FieldDevices)
	var tried []string
	if old := m.notInstalled(id); old != nil && m.keyPrint(id, c.Key, schemas.FieldDevices) == print(devices) {
		tried = hostsIn(old.Sent)
		if len(c.Fields) > 0 && c.Fields[0].Field == schemas.FieldDevices { // sent again for these
			tried = append(tried, hostsIn(c.Reason.Value)...)
		}
	}
	m.Forget(r)
	for _, f := range findings {
		if ofDevices(f.Code) {
			r.Kept = f.Kept
			r.Sent = strings.Join(slices.DeleteFunc(refusedHosts(devices, f.Kept), func(host string) bool { return !slices.Contains(tried, host) }), ",")
			m.Put(r)
		}
	}
}

// ofDevices tells the findings that speak of a key's other devices.
func ofDevices(code string) bool { return code == findingPartial || code == findingUnheard }

// doubtDevices notes that nobody knows on which of its devices a key is whose answer was lost: the list shows the key
// alone, and what the vault refused was said in the answer.
func (r *Run) doubtDevices(t *task) error {
	devices := t.change.Send.Get(schemas.FieldDevices)
	if t.change.Kind != schemas.KindKey || t.change.Action == schemas.ActionInactivate || devices == "" {
		return nil
	}
	return r.journal(schemas.Record{Finding: &schemas.Finding{Change: t.change.ID, Code: findingUnheard, Field: schemas.FieldDevices.String(), Sent: devices, Kept: devices}})
}
