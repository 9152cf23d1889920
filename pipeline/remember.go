package pipeline

import (
	"pamsync/schemas"
)

// Remember updates the memory with what a run did, from its plan and journal. print gives the
// keyed fingerprint of a value; secretPrint that of the password that a change sent, "" where
// it cannot be told any more.
func Remember(m *Memory, plan *schemas.Plan, past *Past, run string, print func(string) string, secretPrint func(*schemas.Change) string) {
	latest := ""
	for i := range plan.Changes {
		c := &plan.Changes[i]
		p := past.changes[c.ID]
		if c.Kind == schemas.KindInfo {
			rememberInfo(m, c, p, run, print, secretPrint)
			continue
		}
		rememberRenaming(m, c, p, run)
		latest = max(latest, p.at)
		if c.Action == schemas.ActionInactivate && p.doubtful {
			// Announced, and nobody knows: where it is not listed any more it was us; where it is, a
			// list forgets it again.
			rememberGone(m, c, c.VaultID, nil, false, run)
			continue
		}
		if !p.final || p.status != schemas.StatusDone && p.code != "already_inactive" {
			continue
		}
		id := orText(p.vaultID, c.VaultID)
		if c.Action == schemas.ActionInactivate {
			rememberGone(m, c, id, past.gone[c.ID], p.code == "already_inactive", run)
			continue
		}
		if old := m.inactive(c.Kind, c.Key); old != nil && c.Send.Empty() {
			c = withValues(c, old.Values) // it was activated and nothing else: it is as it was
		}
		gone := schemas.Remembered{What: schemas.RememberInactive, Kind: c.Kind, Key: c.Key}
		if c.Action == schemas.ActionUpdate || c.Kind == schemas.KindKey {
			gone.ID = id // a ghost of that name may have gone in the same run, or another key of its user
		}
		m.Forget(gone)
		rememberSeen(m, c, id, past.findings[c.ID], run)
		rememberInstalled(m, c, id, past.findings[c.ID], run, print)
		rememberPrints(m, c, id, run, print, secretPrint)
		rememberFormer(m, c, id, p.at, run)
	}
	m.forgetFormer(latest)
}

// rememberRenaming keeps that a new record of a rename is ours, from the moment on at which it may
// be there, until the old one is gone.
func rememberRenaming(m *Memory, c *schemas.Change, p pastChange, run string) {
	if c.Kind != schemas.KindDevice || c.Reason.Rule != schemas.RuleRenamed {
		return
	}
	there := p.final && (p.status == schemas.StatusDone || p.code == "already_done")
	if c.Action == schemas.ActionInactivate {
		if there || p.code == "already_inactive" {
			m.Forget(schemas.Remembered{What: schemas.RememberRenaming, Kind: c.Kind, Key: c.Reason.Value})
		}
		return
	}
	if there || p.doubtful || p.done > 0 {
		m.Put(schemas.Remembered{What: schemas.RememberRenaming, Kind: c.Kind, ID: orText(p.vaultID, c.VaultID), Key: c.Key, Device: c.Reason.Value, Old: c.Old, Run: run})
	}
}

func withValues(c *schemas.Change, v schemas.Values) *schemas.Change {
	copied := *c
	copied.Send = schemas.Send(v)
	return &copied
}

// rememberGone keeps what a later reactivation needs: the fields that the vault showed, and
// what went along.
func rememberGone(m *Memory, c *schemas.Change, id string, listed map[string]bool, still bool, run string) {
	r := schemas.Remembered{What: schemas.RememberInactive, Kind: c.Kind, ID: id, Key: c.Key, Device: c.Device, DeviceID: c.DeviceID, Run: run,
		Listed: still || listed[""], Dragged: c.Cascade}
	r.Values = lastSeen(c)
	m.Put(r)
	for _, item := range c.Cascade {
		gone := schemas.Remembered{What: schemas.RememberInactive, Kind: item.Kind, ID: item.ID, Key: item.Key, Device: c.Device, DeviceID: id, Run: run,
			Listed: listed[string(item.Kind)+item.ID]}
		gone.Values[schemas.FieldCredentialType], gone.Values[schemas.FieldIdentifier] = item.Type, item.Identifier
		m.Put(gone)
	}
}

func lastSeen(c *schemas.Change) schemas.Values {
	var v schemas.Values
	for _, fc := range c.Fields {
		if f := fc.Field; f.Listed() {
			v[f] = fc.Before
		}
	}
	if c.Kind == schemas.KindDevice {
		v[schemas.FieldHostname] = c.Key
	}
	return v
}

// rememberSeen keeps what the read-back found of a create or update, and drops what it
// refuted.
func rememberSeen(m *Memory, c *schemas.Change, id string, findings []schemas.Finding, run string) {
	hidden := schemas.Remembered{What: schemas.RememberNotVisible, Kind: c.Kind, ID: id, Key: c.Key, Device: c.Device, Run: run}
	if len(findings) > 0 && findings[0].Code == findingNotVisible {
		for field := range schemas.NumFields {
			if field.Listed() {
				hidden.Values[field] = c.Send.Get(field)
			}
		}
		m.Put(hidden)
		return
	}
	m.Forget(hidden)
	kept := schemas.Remembered{What: schemas.RememberNotKept, Kind: c.Kind, ID: id, Key: c.Key, Run: run}
	for _, fc := range c.Fields { // what was sent anew and is not found otherwise was kept
		kept.Field = fc.Name()
		m.Forget(kept)
	}
	for _, f := range findings {
		if ofDevices(f.Code) {
			continue
		}
		kept.Field, kept.Sent, kept.Kept = f.Field, f.Sent, f.Kept
		m.Put(kept)
	}
}

// rememberPrints keeps fingerprints of the write-only fields that were sent.
func rememberPrints(m *Memory, c *schemas.Change, id, run string, print func(string) string, secretPrint func(*schemas.Change) string) {
	put := func(f schemas.Field, fingerprint string) {
		if fingerprint != "" {
			m.Put(schemas.Remembered{What: schemas.RememberPrint, Kind: c.Kind, ID: id, Key: c.Key, Field: f.String(), Print: fingerprint, Run: run})
		}
	}
	for field := range schemas.NumFields {
		if c.Send.Get(field) != "" && !field.Listed() {
			put(field, print(c.Send.Get(field)))
		}
	}
	if c.Secret {
		put(schemas.FieldContent, secretPrint(c))
	}
}
