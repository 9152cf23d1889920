package jobs

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/sinks"
)

// resumeBulk goes on with the run of a bulk verb. URLs are gone with the run that asked for them: opening
// sessions is not gone on with.
func (e *Env) resumeBulk(ctx context.Context, plan *schemas.Plan, folder string, dryRun bool) (Outcome, error) {
	b := &bulk{application: &application{e: e, plan: plan, run: filepath.Base(folder), folder: folder}}
	out := Outcome{Run: b.run}
	past, _, err := b.readOwn()
	unborn := errors.Is(err, errUnborn)
	switch {
	case err != nil && !unborn:
		return out, err
	case !unborn && past.Finished() && !dryRun:
		b.past = past
		return b.report(past.Finish.Exit)
	case !unborn && past.Finished():
		e.Note("dry_finished", "run", b.run)
		e.Note("dry_run")
		return Outcome{Run: b.run, Verdict: "verdict_dry_run"}, nil
	case plan.Start.Bulk == schemas.ActionOpen:
		return out, schemas.NewFault(schemas.ClassInput, "open_not_resumed", "run", b.run)
	}
	if b.client, err = e.Connect(); err != nil {
		return out, err
	}
	if plan.Start.Vault != b.client.Identity() {
		return out, schemas.NewFault(schemas.ClassInput, "plan_other_vault", "plan", plan.Start.Vault, "vault", b.client.Identity())
	}
	b.state = e.noState(b.client)
	if plan.Start.Bulk == schemas.ActionDrop {
		b.drops()
	} else {
		b.releases()
	}
	if dryRun {
		return b.dryResume(past)
	}
	held, err := e.lock(ctx, b.client.Identity(), b.run)
	if err != nil {
		return out, err
	}
	defer held.release()
	return b.resume(ctx, held)
}

// dryResume says how much of the run is left.
func (b *bulk) dryResume(past *pipeline.Past) (Outcome, error) {
	b.screen().Plan(b.plan, "", b.e.Config.Vault.RPS)
	if past != nil {
		n := past.Counts(len(b.plan.Changes))
		b.e.Note("dry_check_ended", "n", strconv.Itoa(len(b.plan.Changes)-n.Skipped-n.Unknown))
		if past.Doubts() > 0 {
			b.e.Note("dry_check_doubt", "n", strconv.Itoa(past.Doubts()))
		}
	}
	b.e.Note("dry_run")
	total := schemas.Total{Run: b.run, Rows: b.plan.Summary.Rows}
	return Outcome{Run: b.run, Total: &total, Verdict: "verdict_dry_run"}, nil
}

// resume goes on with the run under the lock, which the caller holds.
func (b *bulk) resume(ctx context.Context, held locks) (Outcome, error) {
	out := Outcome{Run: b.run}
	b.e.sweep(b.folder)
	var err error
	b.past, b.end, err = b.readOwn()
	switch {
	case errors.Is(err, errUnborn):
		if err := b.confirm(ctx); err != nil {
			return out, err
		}
		if err := os.Remove(b.journalPath()); err != nil {
			return out, schemas.NewFault(schemas.ClassDisk, "journal_failed").Because(rootCause(err))
		}
		return b.begin(ctx, held)
	case err != nil:
		return out, err
	case b.past.Finished():
		return b.report(b.past.Finish.Exit)
	}
	journal, cut, err := sinks.ReopenJournal(b.journalPath(), b.end)
	if err != nil {
		return out, err
	}
	if cut > 0 {
		b.e.Warn(schemas.Problem{Code: "journal_healed", Args: schemas.Args{"run": b.run, "bytes": strconv.FormatInt(cut, 10)}})
	}
	return b.carry(ctx, journal)
}
