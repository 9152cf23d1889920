package pipeline

import (
	"maps"
	"slices"
	"strings"

	"pamsync/schemas"
)

// warnFields names the fields of a change that no call can set back: those that no list shows, or all.
func (u *undoer) warnFields(c *schemas.Change, all bool) {
	var names []string
	for f := range schemas.NumFields {
		changed := slices.ContainsFunc(c.Fields, func(fc schemas.FieldChange) bool { return fc.Field == f })
		if all && changed && f.Listed() || !f.Listed() && (changed || c.Send.Get(f) != "") || f == schemas.FieldContent && c.Secret {
			names = append(names, f.String())
		}
	}
	switch {
	case len(names) == 0:
	case all:
		u.warn("undo_fields", schemas.Place{}, "key", c.Key, "fields", strings.Join(names, ", "))
	default:
		u.warn("undo_write_only", schemas.Place{}, "key", c.Key, "fields", strings.Join(names, ", "))
	}
}

// warnValues names the reference values that nothing had before the run: where they came into the
// vault with it, they stay in its lists.
func (u *undoer) warnValues(results []schemas.Result) {
	given := map[schemas.Field]map[string]string{}
	for _, f := range references() {
		given[f] = map[string]string{}
	}
	changed := map[string]map[schemas.Field]bool{} // by the vault id of what the run made or changed
	for i := range results {
		c := &u.UndoInput.Plan.Changes[i]
		if c.Kind != schemas.KindDevice || results[i].Status != schemas.StatusDone || c.Action == schemas.ActionInactivate {
			continue
		}
		fields := map[schemas.Field]bool{}
		for _, fc := range c.Fields {
			if values := given[fc.Field]; values != nil && fc.After != "" {
				values[fold(fc.After)] = fc.After
			}
			fields[fc.Field] = true
		}
		changed[results[i].VaultID] = fields
	}
	u.forgetKnown(given, changed)
	for _, f := range references() {
		for _, value := range slices.Sorted(maps.Values(given[f])) {
			u.warn("undo_value", schemas.Place{}, "field", f.String(), "value", value)
		}
	}
}

// forgetKnown leaves out the values that a device had before the run: one that it did not touch, or in
// a field that it did not change, or whose former value the plan has.
func (u *undoer) forgetKnown(given map[schemas.Field]map[string]string, changed map[string]map[schemas.Field]bool) {
	s := u.UndoInput.Snapshot
	for i := range s.NumDevices() {
		fields := changed[s.devices.get(i, schemas.FieldID)]
		for f, values := range given {
			if !fields[f] {
				delete(values, fold(s.devices.get(i, f)))
			}
		}
	}
	for i := range u.UndoInput.Plan.Changes {
		for _, fc := range u.UndoInput.Plan.Changes[i].Fields {
			delete(given[fc.Field], fold(fc.Before))
		}
	}
}
