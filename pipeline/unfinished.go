package pipeline

import (
	"slices"

	"pamsync/schemas"
)

// A rename that was cut off leaves two records: the new one, with what was carried over, and the
// old one with the rest. Whose the new one is, the memory tells, by the ids of both; it is made of
// the journals too, where a run was killed before it wrote it. A rename that is proven in this way
// goes on where it stopped. Without the proof the new record may be anybody's: the pair is held.

// findBegun finds the renames that earlier runs began and whose old records are listed still.
func (p *planner) findBegun() {
	for i := range p.Memory.list {
		r := &p.Memory.list[i]
		if r.What == schemas.RememberRenaming && p.Snapshot.deviceNumber(r.Old) >= 0 {
			p.begun[r.Old] = r
		}
	}
}

// ours says whether a run of ours made a listed record as the new one of another.
func (p *planner) ours(next, old int32) bool {
	r := p.Memory.find(schemas.RememberRenaming, schemas.KindDevice, fold(p.Snapshot.devices.get(next, schemas.FieldHostname)), "")
	return r != nil && r.Old == p.Snapshot.devices.get(old, schemas.FieldID) && (r.ID == "" || r.ID == p.Snapshot.devices.get(next, schemas.FieldID))
}

// finishRenames decides about the lacking records that take part in a rename of which no new row
// speaks.
func (p *planner) finishRenames() {
	p.lacking = slices.DeleteFunc(p.lacking, func(i int32) bool {
		decided := p.decision(schemas.KindDevice, p.Snapshot.devices.get(i, schemas.FieldHostname), "")
		next, renamed := p.newName(decided, i)
		switch {
		case decided == nil && p.wentBack(i):
			return true
		case renamed:
			p.finishRename(i, next)
			return true
		}
		return decided == nil && p.undecidedRename(i)
	})
}

// newName is the name that a lacking record was decided to get. A line that has the two names the
// other way round counts where its record is listed and the inventory names it.
func (p *planner) newName(d *Decision, record int32) (string, bool) {
	if d != nil {
		return d.Target, d.renames()
	}
	for _, d := range p.decided.to[p.deviceName(p.Snapshot.devices.get(record, schemas.FieldHostname))] {
		if named := p.Snapshot.FindDevices(d.Key); len(named) == 1 && p.hasRow(named[0]) {
			return d.Key, true
		}
	}
	return "", false
}

// finishRename goes on with a rename, or holds the old record and the credentials of both names.
func (p *planner) finishRename(record int32, next string) {
	code, pairs := p.cannotFinish(record, next)
	if code == "" {
		to := p.Snapshot.FindDevices(next)[0]
		r := &renaming{old: record, next: to, after: p.Snapshot.DeviceAt(to)}
		if c := p.deviceOfRecord[to]; c != nil {
			r.after = c.after
		}
		p.carryOver(r)
		return
	}
	d := p.Snapshot.DeviceAt(record)
	p.unsettled[p.deviceName(next)] = true
	p.holdRecord(schemas.Hold{Kind: schemas.KindDevice, Key: d.Hostname, VaultID: d.ID, Code: code,
		Args: schemas.Pairs(append(pairs, "old", d.Hostname, "new", next)...), Candidates: p.Snapshot.Cascade(record)})
}

// cannotFinish is what keeps a rename from going on whose new name is no new row.
func (p *planner) cannotFinish(record int32, next string) (code string, pairs []string) {
	if d := p.waits[p.deviceName(next)]; d != nil {
		return "rename_waits", []string{"next", d.Target}
	}
	found := p.Snapshot.FindDevices(next)
	switch {
	case len(found) == 0 && p.deviceByKey[p.deviceName(next)] != nil:
		return "rename_unfinished", []string{"why", "unlisted"}
	case len(found) == 0:
		return "rename_unfinished", []string{"why", "nowhere"}
	case len(found) > 1 || !p.ours(found[0], record):
		return "rename_unfinished", nil
	case !p.hasRow(found[0]):
		return "rename_unfinished", []string{"why", "no_row"}
	}
	if c := p.deviceOfRecord[found[0]]; p.settledBy(found[0]) < 0 && (c == nil || c.state != changed && c.state != unchanged) {
		return "rename_unfinished", []string{"why", "row_held"}
	}
	if taken := p.takenNames(record, found[0]); len(taken) > 0 {
		return "rename_taken", []string{"items", itemsText(taken)}
	}
	return p.cannotCarry(record)
}

// undecidedRename holds the old record of a rename that an earlier run began, while something hangs
// on it, where nobody decides about it any more.
func (p *planner) undecidedRename(record int32) bool {
	d := p.Snapshot.DeviceAt(record)
	r := p.begun[d.ID]
	if r == nil || len(p.Snapshot.byDevice[record]) == 0 {
		return false
	}
	p.holdHalf(record, "undecided", d.Hostname, r.Key)
	return true
}

// wentBack holds the new record of a rename that an earlier run began, whose old one is there still:
// it has some of that one's credentials, and the inventory lacks it.
func (p *planner) wentBack(record int32) bool {
	r := p.Memory.find(schemas.RememberRenaming, schemas.KindDevice, fold(p.Snapshot.devices.get(record, schemas.FieldHostname)), "")
	if r == nil || p.begun[r.Old] == nil {
		return false
	}
	old := p.Snapshot.deviceNumber(r.Old)
	if !p.ours(record, old) {
		return false
	}
	p.holdHalf(record, "went_back", p.Snapshot.devices.get(old, schemas.FieldHostname), r.Key)
	return true
}

func (p *planner) holdHalf(record int32, why, old, next string) {
	d := p.Snapshot.DeviceAt(record)
	p.unsettled[p.deviceName(old)], p.unsettled[p.deviceName(next)] = true, true
	p.holdRecord(schemas.Hold{Kind: schemas.KindDevice, Key: d.Hostname, VaultID: d.ID, Code: "rename_unfinished",
		Args: schemas.Pairs("why", why, "old", old, "new", next, "line", DecisionLine(schemas.KindDevice, old, "rename", next)), Candidates: p.Snapshot.Cascade(record)})
}
