package jobs

import (
	"cmp"
	"context"
	"io/fs"
	"path/filepath"
	"slices"
	"time"

	"pamsync/schemas"
	"pamsync/sinks"
)

// start begins a new run: the question, the lock, and what is done under it.
func (a *application) start(ctx context.Context) (Outcome, error) {
	out := Outcome{Run: a.run, Folder: a.folder}
	if len(a.plan.Changes) > 0 {
		if err := a.e.mayBegin(); err != nil {
			out.Verdict = "verdict_12_begin"
			return out, err
		}
		if err := a.e.confirm(ctx, a.plan, a.client.Identity()); err != nil {
			return out, err
		}
	}
	held, err := a.e.lock(ctx, a.client.Identity(), cmp.Or(a.run, a.plan.Start.Run))
	if err != nil {
		return out, err
	}
	defer held.release()
	return a.begin(ctx, held)
}

// begin is start under the lock, which the caller holds. What another run did while this one
// waited for the lock counts: only now is it known what was applied before, what was learned, and
// which name is the latest.
func (a *application) begin(ctx context.Context, held locks) (Outcome, error) {
	out := Outcome{Run: a.run, Folder: a.folder}
	if err := a.stillAsked(); err != nil {
		return out, err
	}
	if err := a.nameRun(held); err != nil {
		return out, err
	}
	out.Run, out.Folder = a.run, a.folder
	var err error
	if a.state, err = a.e.loadState(a.client.Identity()); err != nil {
		return out, err
	}
	a.e.sweep(a.state.folder)
	if err := a.readSecrets(); err != nil {
		return out, err
	}
	if err := a.makeFolders(); err != nil {
		return out, err
	}
	start := a.e.start(schemas.FormatJournal, a.run, a.client.Identity())
	start.Plan, start.By = a.plan.Digest, a.e.operator()
	journal, err := sinks.CreateJournal(a.journalPath(), start)
	if err != nil {
		return out, err
	}
	return a.carry(ctx, journal)
}

// makeFolders makes the state folder, without which what the run learns could not be kept, and the
// run's own with its plan and approval.
func (a *application) makeFolders() error {
	if err := sinks.MakeFolder(a.state.folder); err != nil {
		return err
	}
	if !exists(a.folder) {
		if err := sinks.MakeRun(a.folder); err != nil {
			return err
		}
	}
	if !exists(filepath.Join(a.folder, planFile)) {
		if err := a.e.writePlan(a.folder, a.plan, ""); err != nil {
			return err
		}
	}
	return a.keepApproval()
}

// applied is the latest run that began to apply a plan, and whether it came to an end.
type applied struct {
	run   string
	ended bool
}

// appliedBefore tells of the latest run of this plan, and refuses the plan where another run has
// written to the vault since.
func (a *application) appliedBefore() (applied, error) {
	run, err := a.e.appliedBefore(a.plan)
	if err != nil || run == "" {
		return applied{}, err
	}
	past, _, err := readJournal(filepath.Join(a.e.runFolder(run), "journal.jsonl"), run)
	return applied{run, err == nil && past.Finish != nil}, a.e.superseded(run, a.plan.Digest, a.client.Identity())
}

// stillAsked refuses a plan that another run began or ended to apply since it was asked for here:
// nobody asked to apply it twice.
func (a *application) stillAsked() error {
	if a.before == nil {
		return nil
	}
	now, err := a.appliedBefore()
	if err == nil && now != *a.before {
		err = schemas.NewFault(schemas.ClassInput, "applied_meanwhile", "run", now.run)
	}
	return err
}

// nameRun names the run after all that wrote before it: memory and resume go by the order of names.
// A run whose plan is its own has one since it planned, and gets another where a run began since.
func (a *application) nameRun(held locks) error {
	entries, err := a.e.runFolders()
	if err != nil {
		return err
	}
	if a.run != "" && slices.ContainsFunc(entries, func(other fs.DirEntry) bool {
		return other.Name() > a.run && exists(filepath.Join(a.e.runFolder(other.Name()), "journal.jsonl"))
	}) {
		a.run = ""
	}
	if a.run != "" {
		return nil
	}
	for at := a.e.Now(); a.run == "" || exists(a.folder); at = at.Add(2 * time.Microsecond) {
		a.run = NewRun(at)
		a.folder = a.e.runFolder(a.run)
	}
	return held.rename(a.run)
}
