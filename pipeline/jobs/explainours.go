package jobs

import (
	"io"
	"path/filepath"
	"slices"

	"pamsync/schemas"
)

// switchedOff is the run of ours that inactivated the record that is asked for, "" where none is
// remembered. It is a help beside an error: where the state cannot be read it says nothing.
func (x *explaining) switchedOff() string {
	quiet := *x.e
	quiet.Stderr = io.Discard
	s, err := quiet.loadState(x.plan.Start.Vault)
	if err != nil {
		return ""
	}
	for _, r := range s.memory.All() {
		if r.What != schemas.RememberInactive {
			continue
		}
		self := schemas.Item{Kind: r.Kind, ID: r.ID, Key: r.Key}
		if x.story.Means(x.asked, &self) || slices.ContainsFunc(r.Dragged, func(i schemas.Item) bool { return x.story.Means(x.asked, &i) }) {
			return r.Run
		}
	}
	return ""
}

// nowhere is the fault of a record that the plan and its sources do not speak of. One that a run
// of ours switched off is inactive, and no rule of this plan left it as it is.
func (x *explaining) nowhere(code string, pairs ...string) error {
	if run := x.switchedOff(); run != "" {
		pairs = append(pairs, "why", "ours", "run", run)
		if exists(filepath.Join(x.e.runFolder(run), planFile)) {
			pairs = append(pairs, "tells", run)
		}
	}
	return schemas.NewFault(schemas.ClassInput, code, pairs...)
}
