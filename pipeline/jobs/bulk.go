package jobs

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"strconv"

	"pamsync/pipeline"
	"pamsync/pipeline/vault"
	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
)

// A bulk verb is a run like any other: its file becomes a plan, which is shown and asked about, and what
// is done stands in a journal, of which the reports are made. It needs no lists of earlier nights, and
// leaves nothing in the state folder.

// BulkOptions are those of the bulk verbs. File "" is for `sessions drop --match` alone.
type BulkOptions struct {
	File   string
	DryRun bool
	Reason string   // of drops, for rows that give none
	Match  []string // which sessions are dropped
	Open   OpenOptions
}

// bulk is one run of a bulk verb, new or resumed.
type bulk struct {
	*application
	look   func(ctx context.Context) (pipeline.Sight, error)
	do     func(ctx context.Context, c *schemas.Change) schemas.Answer
	before func(ctx context.Context, c *schemas.Change) error
	urls   *urls // where URLs go, nil for verbs that make none
}

// bulk is a run of a plan that was just made.
func (e *Env) bulk(client *vault.Client, plan *schemas.Plan, use *schemas.SourceUse) *bulk {
	action, summary, changes := plan.Start.Bulk, plan.Summary, plan.Changes
	run := NewRun(e.Now())
	plan.Start = e.start(schemas.FormatPlan, run, client.Identity())
	plan.Start.Bulk, plan.Start.By = action, e.operator()
	plan.Summary, plan.Changes = summary, changes
	if use != nil {
		plan.Start.Sources = []schemas.SourceUse{*use}
	}
	plan.Start.Policy = &schemas.Policy{Limits: e.Config.Limits}
	if action != schemas.ActionDrop {
		plan.Start.Policy.Limits.Drop = schemas.Limit{}
	}
	return &bulk{application: &application{e: e, plan: plan, run: run, folder: e.runFolder(run), client: client, state: e.noState(client)}}
}

// noState is the state folder of a run that learns nothing.
func (e *Env) noState(client *vault.Client) *state {
	return &state{folder: filepath.Join(e.Config.State, vaultFolder(client.Identity()))}
}

// screen is where the plan and the results are shown: stdout may be for URLs.
func (b *bulk) screen() *sinks.Screen { return b.e.Screen() }

// dry shows what would be done; nothing is written anywhere.
func (b *bulk) dry() (Outcome, error) {
	b.screen().Plan(b.plan, "", b.e.Config.Vault.RPS)
	b.e.Stops(b.plan)
	b.e.Note("dry_run")
	total := schemas.Total{Exit: planExit(b.plan, false), Rows: b.plan.Summary.Rows}
	out := Outcome{Exit: total.Exit, Total: &total, Stops: b.plan.Summary.Stop}
	switch out.Exit {
	case 0:
		out.Verdict = "verdict_dry_run"
	case 10:
		out.Verdict = "verdict_10_plan"
	}
	return out, nil
}

// start writes and shows the plan, asks, and carries it out under the vault's lock.
func (b *bulk) start(ctx context.Context) (Outcome, error) {
	out := Outcome{Run: b.run, Folder: b.folder}
	if err := sinks.MakeRun(b.folder); err != nil {
		return out, err
	}
	if err := b.e.writePlan(b.folder, b.plan, ""); err != nil {
		return out, err
	}
	b.screen().Plan(b.plan, b.planPath(), b.e.Config.Vault.RPS)
	b.e.Stops(b.plan)
	if !b.plan.Applicable() {
		total := schemas.Total{Run: b.run, Exit: 11, Rows: b.plan.Summary.Rows}
		return Outcome{Exit: 11, Run: b.run, Folder: b.folder, Total: &total, Stops: b.plan.Summary.Stop}, nil
	}
	if err := b.confirm(ctx); err != nil {
		return out, err
	}
	held, err := b.e.lock(ctx, b.client.Identity(), b.run)
	if err != nil {
		return out, err
	}
	defer held.release()
	return b.begin(ctx, held)
}

// confirm asks before the first call. What ends people's work is asked for with the vault's name.
func (b *bulk) confirm(ctx context.Context) error {
	if len(b.plan.Changes) == 0 {
		return nil
	}
	if b.plan.Start.Bulk == schemas.ActionRelease {
		if err := b.e.mayBegin(); err != nil {
			return err
		}
	}
	if b.e.Yes {
		return nil
	}
	if err := b.e.canAsk(); err != nil {
		return err
	}
	e, name := b.e, b.client.Identity()
	fmt.Fprintln(e.Stderr, words.Text(e.Lang, "confirm_"+string(b.plan.Start.Bulk), "n", strconv.Itoa(len(b.plan.Changes)), "vault", name))
	if b.plan.Start.Bulk != schemas.ActionDrop {
		return e.ask(ctx, words.Text(e.Lang, "confirm_yes"), "yes", "sim")
	}
	host := hostOf(name)
	return e.ask(ctx, words.Text(e.Lang, "confirm_drop_host", "host", host), host)
}

// begin is start under the lock, which the caller holds.
func (b *bulk) begin(ctx context.Context, held locks) (Outcome, error) {
	if err := b.nameRun(held); err != nil {
		return Outcome{Run: b.run}, err
	}
	out := Outcome{Run: b.run, Folder: b.folder}
	if err := b.makeFolders(); err != nil {
		return out, err
	}
	start := b.e.start(schemas.FormatJournal, b.run, b.client.Identity())
	start.Plan, start.By, start.Bulk = b.plan.Digest, b.e.operator(), b.plan.Start.Bulk
	journal, err := sinks.CreateJournal(b.journalPath(), start)
	if err != nil {
		return out, err
	}
	return b.carry(ctx, journal)
}

// carry makes the calls, and writes the reports whatever happened.
func (b *bulk) carry(ctx context.Context, journal *sinks.Journal) (Outcome, error) {
	defer journal.Close()
	reserved, err := sinks.Reserve(b.folder, reportRoom(b.plan))
	if err != nil {
		return Outcome{Run: b.run, Folder: b.folder}, err
	}
	b.reserved = reserved
	defer reserved.Free()
	ctx, cancel := b.e.bounded(ctx)
	defer cancel()
	var progress *sinks.Progress
	if !b.e.Quiet {
		progress = sinks.NewProgress(b.e.Stderr, b.e.Lang, b.e.StderrTTY && !b.e.JSON && b.before == nil, b.e.Now)
	}
	run := &pipeline.Bulk{Look: b.look, Do: b.do, Before: b.before}
	run.Plan, run.Past, run.Journal, run.Workers, run.Settle = b.plan, b.past, journal.Append, b.workers(), b.e.Config.Apply.Settle
	run.Now, run.Sleep, run.Say, run.Progress, run.Brakes = b.e.Now, sleep, b.e.Note, progress.Show, b.brakes()
	var stop *schemas.Fault
	if len(b.plan.Changes) > 0 {
		if err := run.Apply(ctx); err != nil {
			stop = faultOf(err)
		}
	}
	if b.urls != nil { // before anything else: they live for seconds
		if err := b.urls.close(); err != nil && (stop == nil || stop.Class != schemas.ClassDisk) {
			stop = faultOf(err)
		}
	}
	progress.Done()
	b.tellPace()
	return b.close(ctx, journal, stop)
}

func (b *bulk) workers() int {
	if b.before != nil {
		return 1
	}
	return b.e.Config.Vault.Workers
}

// brakes are those of any run, but for windows of changes: sessions are no changes of records.
func (b *bulk) brakes() pipeline.Brakes {
	brakes := b.e.brakes()
	brakes.Stages, brakes.Budget = nil, 0
	if b.plan.Start.Bulk != schemas.ActionRelease {
		brakes.Closed = nil
	}
	return brakes
}

// close reads the journal back from the disk, and makes of it the exit code and the reports.
func (b *bulk) close(ctx context.Context, journal *sinks.Journal, stop *schemas.Fault) (Outcome, error) {
	out := Outcome{Run: b.run, Folder: b.folder}
	past, _, err := b.readOwn()
	if err != nil {
		return out, err
	}
	b.past = past
	results := pipeline.Replay(b.plan, past)
	exit := exitOfRun(results, pipeline.Tally(b.run, b.plan, results), stop, Signal(ctx))
	finish := schemas.Finish{Exit: exit, At: b.e.Now().UTC().Format("2006-01-02T15:04:05Z07:00")}
	if stop != nil {
		finish.Stop = &stop.Problem
	}
	if stop == nil || stop.Class != schemas.ClassDisk {
		if err := journal.Append(schemas.Record{Finish: &finish}); err != nil {
			stop, exit = faultOf(err), 74
		}
		b.past.Finish = &finish
	}
	out, err = b.report(exit)
	if b.plan.Start.Bulk == schemas.ActionOpen { // it is not gone on with
		out.Verdict = cmp.Or(map[int]string{12: "verdict_12_open", 130: "verdict_130_open", 143: "verdict_143_open"}[exit], out.Verdict)
	}
	if err != nil || stop == nil {
		return out, err
	}
	fault := *stop
	out.Exit = exit
	if resumable(exit) && exit != 14 && b.plan.Start.Bulk != schemas.ActionOpen {
		b.e.Note("resume_with", "run", b.run)
	}
	return out, Ended{&fault}
}
