package pipeline

import (
	"strings"

	"pamsync/schemas"
)

// renames says whether a device that has a new name waits to be inactivated.
func (r *Run) renames() bool {
	for _, t := range r.tasks {
		if t.stage == stageInactivateDevice && t.wave <= r.wave && t.change.Reason.Rule == schemas.RuleRenamed {
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
	// An earlier run made the new record, where this one does nothing to it.
	there := next == nil && len(r.latest.FindDevices(t.change.Reason.Value)) == 1
	var left []string
	if device := r.latest.deviceNumber(t.id); device >= 0 {
		for _, item := range r.latest.Cascade(device) {
			left = append(left, item.Key+" (id "+item.ID+")")
		}
	}
	there = there || next != nil && (next.status == schemas.StatusDone || next.code == "already_done")
	if there && len(left) == 0 {
		return false, nil
	}
	return true, r.end(t, schemas.StatusSkipped, "not_carried", schemas.Pairs("new", t.change.Reason.Value, "items", strings.Join(left, ", ")))
}
