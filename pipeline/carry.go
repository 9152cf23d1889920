package pipeline

import (
	"slices"
	"strings"

	"pamsync/schemas"
)

// A device has no other name for the vault than its hostname (vault-api a.2): renaming one is to
// create it anew, to carry its credentials over, and to inactivate the old record last. A
// credential is carried over by its identifier, by which the vault finds it wherever it hangs
// (vault-api a.3); without one, and for an SSH key, that cannot be done.

// cannotRename is what keeps a decided rename from being carried out.
func (p *planner) cannotRename(c *deviceCase, old *schemas.Device) (code string, pairs []string) {
	if len(c.renames) > 1 {
		return "rename_several", []string{"candidates", itemsText(p.deviceItems([]int32{c.renames[0].record, c.renames[1].record}))}
	}
	if !p.Snapshot.HasAccounts {
		return "rename_blind", []string{"cause", p.accountsCause()}
	}
	if len(p.Snapshot.accountsHomeless(old.Hostname)) > 0 {
		return "rename_blind", []string{"cause", "several devices of this name"}
	}
	var stuck []string
	for _, i := range p.Snapshot.byDevice[c.renames[0].record] {
		if a := p.Snapshot.AccountAt(i); !p.carriable(&a) {
			stuck = append(stuck, CredentialKey(a.Username, a.Hostname)+" (id "+a.ID+")")
		}
	}
	if len(stuck) > 0 {
		return "rename_stuck", []string{"items", strings.Join(stuck, ", ")}
	}
	if p.isVault(old) || p.protected(old) || p.dragsProtected(c.renames[0].record) {
		return "rename_protected", nil
	}
	if used := p.usage(); used != nil && used.Fault == nil {
		if use, found := used.device(old.Hostname, p.addresses(c.renames[0].record)); found {
			return "rename_in_use", use.pairs()
		}
	} else if used != nil {
		return "rename_use_unknown", []string{"cause", used.Fault.Problem.Code}
	}
	return "", nil
}

// carriable says whether the vault finds a credential, and no other one, by its identifier.
func (p *planner) carriable(a *Account) bool {
	if a.IsKey() || a.Identifier == "" {
		return false
	}
	send := schemas.Values{schemas.FieldIdentifier: a.Identifier, schemas.FieldUsername: a.Username}
	branch, id := Predict(&send, -1, p.Snapshot, p.Memory)
	return branch == BranchIdentifier && id == a.ID
}

// renameDevice plans the new record and the end of the old one; what is carried over is planned
// with the credentials.
func (p *planner) renameDevice(c *deviceCase, record int32) {
	old := p.Snapshot.DeviceAt(record)
	remembered := &schemas.Remembered{Values: p.Snapshot.devices.values(record)}
	remembered.Values[schemas.FieldHostname] = ""
	var send schemas.Values
	missing := p.fill(&c.request, required(), remembered, &send)
	hostname := rootless(c.get(schemas.FieldHostname))
	send[schemas.FieldHostname] = hostname
	for _, f := range required() {
		if f != schemas.FieldHostname && !p.Policy.Devices.Manages(f) && remembered.Values[f] != "" {
			send[f] = remembered.Values[f]
		}
	}
	c.after = asDevice("", &send)
	bad := p.unsendable(&c.request, func(schemas.Field) bool { return true })
	if bad = append(bad, p.needs(&c.request, missing)...); len(bad) > 0 {
		p.reject(schemas.KindDevice, &c.request, hostname, bad)
		return
	}
	if !p.inScope(c, old) {
		return
	}
	p.fill(&c.request, []schemas.Field{schemas.FieldDeviceDomain, schemas.FieldDeviceTags, schemas.FieldConnectivities, schemas.FieldSessionRemoteConfig}, nil, &send)
	p.settle(schemas.KindDevice, &c.request, changed)
	p.change(schemas.Change{Kind: schemas.KindDevice, Action: schemas.ActionCreate, Key: hostname, Device: hostname, Old: old.ID,
		Reason: schemas.Reason{Rule: schemas.RuleRenamed, Cell: p.cell(&c.request, schemas.FieldHostname), Value: old.Hostname},
		Fields: created(&send, schemas.FieldHostname), Send: schemas.Send(send), Rows: p.refs(&c.request)})
	p.change(schemas.Change{Kind: schemas.KindDevice, Action: schemas.ActionInactivate, Key: old.Hostname, VaultID: old.ID, Device: old.Hostname, DeviceID: old.ID,
		Reason: schemas.Reason{Rule: schemas.RuleRenamed, Value: hostname}, Fields: lastValues(&old)})
}

// carryAccounts plans to carry over the credentials of renamed devices that no row changes, as they
// are.
func (p *planner) carryAccounts() {
	for _, c := range p.devices {
		if !c.carries || c.state != changed {
			continue
		}
		for _, i := range p.Snapshot.byDevice[c.renames[0].record] {
			if p.accountOwner[i] != nil && p.accountOwner[i].state == changed {
				continue // its row carries it
			}
			a := p.Snapshot.AccountAt(i)
			have := schemas.Remembered{ID: a.ID, Key: CredentialKey(a.Username, a.Hostname), Values: a.values()}
			p.change(p.carried(c, have, nil))
		}
	}
}

// carried is the change that carries a credential over to the new record of its device.
func (p *planner) carried(c *deviceCase, have schemas.Remembered, fields []schemas.FieldChange) schemas.Change {
	send := have.Values
	send[schemas.FieldID] = ""
	send[schemas.FieldHostname], send[schemas.FieldIP] = c.after.Hostname, c.after.IP
	old := p.Snapshot.devices.get(c.renames[0].record, schemas.FieldHostname)
	moved := schemas.FieldChange{Name: schemas.FieldHostname.String(), Before: have.Values[schemas.FieldHostname], After: c.after.Hostname}
	return schemas.Change{Kind: schemas.KindCredential, Action: schemas.ActionUpdate, Key: have.Key, VaultID: have.ID, Device: c.after.Hostname,
		Old: p.Snapshot.devices.get(c.renames[0].record, schemas.FieldID), Branch: BranchIdentifier,
		Reason: schemas.Reason{Rule: schemas.RuleRenamed, Value: old}, Fields: append([]schemas.FieldChange{moved}, fields...), Send: schemas.Send(send)}
}

// holdUnfinished holds the records that were decided to be renamed and whose new name is no new
// row: it is listed already, because a run was cut off or somebody made it, or nobody asks for it.
// What hangs on such a record was not carried over, and must not go down with it.
func (p *planner) holdUnfinished() {
	p.unfinished = map[string]bool{}
	p.lacking = slices.DeleteFunc(p.lacking, func(i int32) bool {
		d := p.Snapshot.DeviceAt(i)
		decided := p.decision(schemas.KindDevice, d.Hostname, "")
		if decided == nil || decided.Decision != "rename" {
			return false
		}
		next := decided.Target
		if fold(next) == fold(d.Hostname) {
			next = decided.Key
		}
		p.unfinished[hostKey(&p.Policy.Devices.Normalize, next)] = true
		p.holdRecord(schemas.Hold{Kind: schemas.KindDevice, Key: d.Hostname, VaultID: d.ID, Code: "rename_unfinished",
			Args: schemas.Pairs("old", d.Hostname, "new", next), Candidates: p.Snapshot.Cascade(i)})
		return true
	})
}

// renames says whether a device that has a new name waits to be inactivated.
func (r *Run) renames() bool {
	for _, t := range r.tasks {
		if t.stage == stageInactivateDevice && t.change.Reason.Rule == schemas.RuleRenamed {
			return true
		}
	}
	return false
}

// uncarried ends or puts off the inactivation of a renamed device where its new record is not
// there, or something hangs on the old one still: it would go down with it.
func (r *Run) uncarried(t *task) (wait bool, err error) {
	next := r.devices[fold(t.change.Reason.Value)]
	if next != nil && next.status == "" {
		return true, nil
	}
	var left []string
	if device := r.latest.deviceNumber(t.id); device >= 0 {
		for _, item := range r.latest.Cascade(device) {
			left = append(left, item.Key+" (id "+item.ID+")")
		}
	}
	if next != nil && (next.status == schemas.StatusDone || next.code == "already_done") && (len(left) == 0) {
		return false, nil
	}
	return true, r.end(t, schemas.StatusSkipped, "not_carried", schemas.Pairs("new", t.change.Reason.Value, "items", strings.Join(left, ", ")))
}
