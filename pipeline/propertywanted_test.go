package pipeline_test

import (
	"fmt"
	"slices"
	"strings"

	"pamsync/pipeline"
	"pamsync/schemas"
)

// checkWanted: every row that counts as changed or unchanged has its record, with the values
// that are ours to manage as the row wants them; a record that changed did so in those alone; and
// what was to go is inactive, with all that hung on it. It returns how many records went.
func (c *trial) checkWanted(plan *schemas.Plan, after *model, results []schemas.Result) (gone int, err error) {
	class, err := c.classes(plan)
	if err != nil {
		return 0, err
	}
	record := map[schemas.RowRef]string{}
	for i, r := range results {
		if r.Change == "" {
			continue
		}
		ch := &plan.Changes[i]
		for _, ref := range ch.Rows {
			record[ref] = r.VaultID
		}
		if ch.Action != schemas.ActionInactivate {
			if err := c.onlyManaged(ch, r.VaultID, after); err != nil {
				return 0, err
			}
			continue
		}
		gone += 1 + len(ch.Cascade)
		if c.isActive(ch.Kind, r.VaultID, after) {
			return 0, fmt.Errorf("%s is still active", ch.Key)
		}
	}
	for i := range c.rows {
		r := &c.rows[i]
		s := c.sources[r.source]
		ref := schemas.RowRef{Source: s.name, Row: r.number}
		switch class[ref] {
		case "", "changed":
		default:
			continue
		}
		check := map[schemas.Kind]func(*trialRow, string, string, *model) error{schemas.KindDevice: c.wantDevice, schemas.KindCredential: c.wantAccount,
			schemas.KindKey: c.wantKey, schemas.KindInfo: c.wantInfo}[s.kind]
		if err := check(r, class[ref], record[ref], after); err != nil {
			return 0, fmt.Errorf("row %d of %s (%s): %w", r.number, s.name, class[ref], err)
		}
	}
	return gone, nil
}

// onlyManaged: a record that was there keeps what is not ours.
func (c *trial) onlyManaged(ch *schemas.Change, id string, after *model) error {
	kept := func(f schemas.Field, before, now string) error {
		managed := c.configOf(ch.Kind).Manages(f)
		shown := slices.ContainsFunc(ch.Fields, func(fc schemas.FieldChange) bool { return fc.Field == f })
		if before != now && !managed {
			return fmt.Errorf("%s %s: its %s is not managed, and was %q, is %q", ch.Action, ch.Key, f, before, now)
		}
		if before != now && !shown {
			return fmt.Errorf("%s %s: its %s was %q, is %q, and the plan does not show it", ch.Action, ch.Key, f, before, now)
		}
		return nil
	}
	var pairs [][3]string
	if ch.Kind == schemas.KindInfo {
		return nil // it is sent whole
	}
	if ch.Kind == schemas.KindDevice {
		was, is := c.vault.device(id), after.device(id)
		if was == nil || ch.Action == schemas.ActionCreate || ch.Reason.Rule == schemas.RuleRenamed {
			return nil // it has what the renamed one had
		}
		pairs = [][3]string{{"hostname", was.hostname, is.hostname}, {"ip", was.ip, is.ip}, {"site", was.site, is.site}, {"model", was.model, is.model},
			{"vendor", was.vendor, is.vendor}, {"type", was.kind, is.kind}}
	} else {
		was, is := c.vault.account(id), after.account(id)
		if was == nil || ch.Action == schemas.ActionCreate {
			return nil
		}
		pairs = [][3]string{{"username", was.username, is.username}, {"identifier", was.identifier, is.identifier}, {"credential_type", was.kind, is.kind}}
	}
	for _, p := range pairs {
		f, _ := schemas.ParseField(p[0])
		if err := kept(f, p[1], p[2]); err != nil {
			return err
		}
	}
	return nil
}

// counts says whether a row's value of a field is the one that counts among the rows of its key.
func (c *trial) counts(r *trialRow, f schemas.Field, key func(*schemas.Values) string) bool {
	mine, may := c.rankOf(r.source, f)
	if !may {
		return false
	}
	for i := range c.rows {
		o := &c.rows[i]
		if o.leftOut || o.hidden || o.broken || c.sources[o.source].kind != c.sources[r.source].kind || key(&o.values) != key(&r.values) {
			continue
		}
		if rank, may := c.rankOf(o.source, f); may && rank < mine && strings.TrimSpace(o.values[f]) != "" {
			return false
		}
	}
	return true
}

func (c *trial) rankOf(source int, f schemas.Field) (int, bool) {
	s := c.sources[source]
	rank := 0
	if s.stale {
		rank = len(c.sources)
	}
	order := c.configOf(s.kind).Precedence[f]
	if order == nil {
		return rank, true
	}
	i := slices.Index(order, s.name)
	return rank + i, i >= 0
}

func (c *trial) wantDevice(r *trialRow, class, id string, after *model) error {
	if class == "" { // found anew: by its name, and its id where it has one
		for i := range c.vault.devices {
			d := &c.vault.devices[i]
			seen := c.active(d) || c.knownHidden(d)
			if seen && c.normal(d.hostname) == c.hostOf(&r.values) && (r.values[schemas.FieldID] == "" || r.values[schemas.FieldID] == d.id) {
				if id != "" && c.active(d) && c.active(c.vault.device(id)) {
					return fmt.Errorf("it may mean %s and %s", id, d.id)
				}
				if id == "" || c.active(d) || !c.active(c.vault.device(id)) && low(d.hostname) == low(r.values[schemas.FieldHostname]) {
					id = d.id
				}
			}
		}
	}
	d := after.device(id)
	if d == nil {
		return fmt.Errorf("there is no device for it")
	}
	if c.normal(d.hostname) != c.hostOf(&r.values) {
		return fmt.Errorf("it went to %s", d.hostname)
	}
	if was := c.vault.device(id); was != nil && d.inactive && !was.inactive {
		return fmt.Errorf("device %s is inactive", id)
	}
	for f, value := range map[schemas.Field]string{schemas.FieldIP: d.ip, schemas.FieldSite: d.site, schemas.FieldModel: d.model, schemas.FieldVendor: d.vendor, schemas.FieldType: d.kind} {
		want := strings.TrimSpace(r.values[f])
		kept := c.vault.device(id) != nil || c.newName(r)
		if want == "" || !c.policy.Devices.Manages(f) && kept || !c.counts(r, f, c.hostOf) {
			continue
		}
		if low(want) != low(value) {
			return fmt.Errorf("the %s of %s is %q, wanted %q", f, d.hostname, value, want)
		}
	}
	return nil
}

// newName tells a row whose name a device was decided to get: it keeps what is not ours.
func (c *trial) newName(r *trialRow) bool {
	return slices.ContainsFunc(c.decisions, func(d pipeline.Decision) bool {
		return d.Decision == "rename" && (c.normal(d.Target) == c.hostOf(&r.values) || c.normal(d.Key) == c.hostOf(&r.values)) // either way round
	})
}

func (c *trial) knownHidden(d *mDevice) bool {
	return slices.ContainsFunc(c.memory, func(r schemas.Remembered) bool {
		return r.What == schemas.RememberNotVisible && r.Kind == schemas.KindDevice && r.ID == d.id
	})
}

func (c *trial) accountKey(v *schemas.Values) string {
	return low(v[schemas.FieldUsername]) + "@" + c.hostOf(v)
}

func (c *trial) wantAccount(r *trialRow, class, id string, after *model) error {
	if class == "" {
		var ids []string
		for i := range c.vault.accounts {
			a := &c.vault.accounts[i]
			d := c.vault.device(a.device)
			if a.key || !c.activeAccount(a) || c.normal(d.hostname) != c.hostOf(&r.values) || r.values[schemas.FieldID] != "" && r.values[schemas.FieldID] != a.id {
				continue
			}
			if low(a.username) == low(r.values[schemas.FieldUsername]) {
				ids = append(ids, a.id)
			}
		}
		if len(ids) > 1 { // those of a device that is not listed stand at another address
			ids = slices.DeleteFunc(ids, func(id string) bool { return !c.active(c.vault.device(c.vault.account(id).device)) })
		}
		if len(ids) != 1 {
			return fmt.Errorf("it may mean any of %v", ids)
		}
		id = ids[0]
	}
	a := after.account(id)
	if a == nil {
		return fmt.Errorf("there is no credential for it")
	}
	if d := after.device(a.device); c.normal(d.hostname) != c.hostOf(&r.values) {
		return fmt.Errorf("it went to %s@%s", a.username, d.hostname)
	}
	renames := c.policy.Credentials.Manages(schemas.FieldUsername) && class == "changed"
	if low(a.username) != low(r.values[schemas.FieldUsername]) && !renames {
		return fmt.Errorf("it went to %s", a.username)
	}
	if a.key {
		return fmt.Errorf("it went to a key")
	}
	want := strings.TrimSpace(r.values[schemas.FieldCredentialType])
	if want != "" && c.counts(r, schemas.FieldCredentialType, c.accountKey) && low(want) != low(a.kind) {
		return fmt.Errorf("the type of %s is %q, wanted %q", id, a.kind, want)
	}
	if want := strings.TrimSpace(r.values[schemas.FieldIdentifier]); want != "" && c.policy.Credentials.Manages(schemas.FieldIdentifier) && low(want) != low(a.identifier) {
		return fmt.Errorf("the identifier of %s is %q, wanted %q", id, a.identifier, want)
	}
	return nil
}

// isActive says whether a record is active in a model.
func (c *trial) isActive(kind schemas.Kind, id string, m *model) bool {
	switch kind {
	case schemas.KindDevice:
		return !m.device(id).inactive
	case schemas.KindInfo:
		return slices.ContainsFunc(m.infos, func(n mInfo) bool { return n.id == id && !n.inactive })
	}
	return !m.account(id).inactive
}
