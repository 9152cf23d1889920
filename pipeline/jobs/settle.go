package jobs

import (
	"context"
	"slices"
	"strings"
	"time"

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/sinks"
)

// settlement is what a person found of a change of which nobody knew what became: the vault has no list
// that would tell.
type settlement struct {
	change *schemas.Change
	done   bool
}

// settlements reads ID=done and ID=absent, of changes of protected information that are unknown.
func (a *application) settlements(asked []string) ([]settlement, error) {
	var all []settlement
	for _, text := range asked {
		id, word, _ := strings.Cut(text, "=")
		if word != "done" && word != "absent" {
			return nil, schemas.NewFault(schemas.ClassUsage, "bad_settle", "value", text)
		}
		i := slices.IndexFunc(a.plan.Changes, func(c schemas.Change) bool {
			return c.Kind == schemas.KindInfo && (c.ID == id || strings.EqualFold(c.Key, id)) && a.past.Unknown(&c)
		})
		if i < 0 {
			return nil, schemas.NewFault(schemas.ClassUsage, "bad_settle", "why", "none", "value", text, "run", a.run, "id", id)
		}
		all = append(all, settlement{&a.plan.Changes[i], word == "done"})
	}
	return all, nil
}

// settle writes what a person found into the journal of a run, and its reports anew.
func (a *application) settle(ctx context.Context, asked []string) (Outcome, error) {
	out := Outcome{Run: a.run, Folder: a.folder}
	all, err := a.settlements(asked)
	if err != nil {
		return out, err
	}
	if err := a.readSecrets(); err != nil {
		a.secrets = &secretReader{} // what was sent cannot be compared with later; that it is there can
	}
	journal, _, err := sinks.ReopenJournal(a.journalPath(), a.end)
	if err != nil {
		return out, err
	}
	for _, s := range all {
		o := schemas.Outcome{Change: s.change.ID, Step: 1, Final: true, Status: schemas.StatusFailed, Code: "settled_absent", At: a.e.Now().UTC().Format(time.RFC3339Nano)}
		if s.done {
			o.Status, o.Effect, o.Code = schemas.StatusDone, schemas.EffectDone, "settled_done"
		}
		if err := journal.Append(schemas.Record{Outcome: &o}); err != nil {
			journal.Close()
			return out, err
		}
	}
	if a.past.Finish == nil || a.past.Finish.Stop != nil { // there is more to do
		return a.carryOn(ctx, journal)
	}
	defer journal.Close()
	return a.close(ctx, journal, nil, nil)
}

// carryOn goes on with a run whose journal has more to say than what was read of it.
func (a *application) carryOn(ctx context.Context, journal *sinks.Journal) (Outcome, error) {
	past, _, err := a.readOwn()
	if err != nil {
		journal.Close()
		return Outcome{Run: a.run, Folder: a.folder}, err
	}
	a.past = past
	return a.carry(ctx, journal)
}

// tellUnknown says how a person settles what no list can tell.
func (a *application) tellUnknown(past *pipeline.Past) {
	for i := range a.plan.Changes {
		if c := &a.plan.Changes[i]; c.Kind == schemas.KindInfo && past.Unknown(c) {
			a.e.Note("settle_with", "run", a.run, "id", c.ID, "key", c.Key)
		}
	}
}
