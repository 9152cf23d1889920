package jobs

import (
	"context"
	"strconv"
	"time"

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/sinks"
)

// brakes are what ends a run early, as the configuration says.
func (e *Env) brakes() pipeline.Brakes {
	c := &e.Config.Apply
	return pipeline.Brakes{Stages: c.Stages, Budget: c.Budget, MaxErrors: c.MaxErrors, Storm: c.ErrorStorm, Closed: e.closed()}
}

// closed tells by the configured windows whether changes may be begun at a time; nil where they always may.
func (e *Env) closed() func(time.Time) *schemas.Fault {
	windows := e.Config.Apply.Windows
	if len(windows) == 0 {
		return nil
	}
	zone, err := time.LoadLocation(e.Config.Vault.Timezone)
	if err != nil {
		zone = time.UTC // the configuration was refused before
	}
	return func(now time.Time) *schemas.Fault {
		now = now.In(zone)
		for _, w := range windows {
			if w.Holds(now) {
				return nil
			}
		}
		return schemas.NewFault(schemas.ClassStopped, "window_closed", "now", now.Format("2006-01-02 15:04"), "zone", zone.String(),
			"opens", schemas.Opens(windows, now).Format("2006-01-02 15:04"))
	}
}

// mayGoOn refuses to go on with a run in which nothing could be changed now.
func (e *Env) mayGoOn() error {
	if closed := e.closed(); closed != nil {
		if fault := closed(e.Now()); fault != nil {
			return fault
		}
	}
	return nil
}

// mayBegin is mayGoOn for a run that is not begun yet: there is nothing to resume.
func (e *Env) mayBegin() error {
	err := e.mayGoOn()
	if err != nil {
		faultOf(err).Problem.Code = "window_not_open"
	}
	return err
}

// tellNight says how far a run has come that makes a part of its changes each night: by the nights of
// this run, and those of runs right before it that left changes too.
func (a *application) tellNight(total schemas.Total) {
	left := 0
	for _, r := range pipeline.Replay(a.plan, a.past) {
		if r.Code == pipeline.NextNight {
			left++
		}
	}
	night := max(a.past.Nights, 1)
	if a.past.Nights <= 1 {
		night += a.nightsBefore()
	}
	budget := max(a.e.Config.Apply.Budget, 1)
	a.e.Note("budget_night", "night", strconv.Itoa(night), "of", strconv.Itoa(night+(left+budget-1)/budget),
		"done", sinks.Number(a.e.Lang, total.Changes.Done), "left", sinks.Number(a.e.Lang, left), "run", a.run)
}

// nightsBefore counts the nights of the runs right before this one that ended with their budget spent.
func (a *application) nightsBefore() int {
	entries, err := a.e.runFolders()
	if err != nil {
		return 0
	}
	nights := 0
	for i := len(entries) - 1; i >= 0; i-- {
		folder := a.e.runFolder(entries[i].Name())
		if entries[i].Name() >= a.run || !exists(journalIn(folder)) {
			continue
		}
		past, _, err := readJournal(journalIn(folder), entries[i].Name())
		if err != nil || past.Start.Vault != a.client.Identity() {
			continue
		}
		if past.Finish == nil || past.Finish.Stop == nil || past.Finish.Stop.Code != schemas.BudgetSpent {
			break
		}
		nights += max(past.Nights, 1)
	}
	return nights
}

// tellPace says that the vault was asked less often than was set, because it bore no more.
func (a *application) tellPace() {
	if lowest, cut := a.client.Slowest(); cut {
		a.e.Note("slowed", "lowest", strconv.FormatFloat(lowest, 'f', 1, 64), "rps", strconv.FormatFloat(a.e.Config.Vault.RPS, 'f', -1, 64))
	}
}

// bounded is a context that ends when the run's time is over.
func (e *Env) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if d := e.Config.Apply.MaxDuration; d > 0 {
		return context.WithTimeoutCause(ctx, d, schemas.NewFault(schemas.ClassStopped, "max_duration"))
	}
	return ctx, func() {}
}
