package jobs

import (
	"cmp"
	"context"
	"errors"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"pamsync/pipeline"
	"pamsync/pipeline/vault"
	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
)

// application is one run that writes, new or resumed.
type application struct {
	e       *Env
	plan    *schemas.Plan
	run     string // "" until it begins, where it has no folder yet
	folder  string
	client  *vault.Client
	state   *state
	policy  pipeline.Policy
	past    *pipeline.Past
	end     schemas.JournalEnd // of the journal, when resumed
	secrets *secretReader
	assets  map[string]string
	listed  *pipeline.Snapshot // what the vault listed last, nil where nothing was read
	night   *sinks.Night       // what is not as in earlier nights, nil for a run that did not end well
	// before is what was known of earlier runs of this plan when it was asked to be applied, nil for
	// a plan of the run's own.
	before *applied
	// reserved is the room that the reports will take.
	reserved *sinks.Reserved
	// approval is what a second person signed, where it counts.
	approval *approvalFiles
	// settled is what a person found of changes of which nobody knew.
	settled []string
}

// Apply applies a reviewed plan as a run of its own.
func Apply(ctx context.Context, e *Env, path string, dryRun bool) (Outcome, error) {
	if !dryRun {
		if err := e.canAsk(); err != nil {
			return Outcome{}, err
		}
	}
	plan, err := ReadPlan(path)
	if err != nil {
		return Outcome{}, err
	}
	a, err := e.application(plan)
	if err != nil {
		return Outcome{Stops: plan.Summary.Stop}, err
	}
	if err := a.checkApproval(path, dryRun); err != nil {
		return Outcome{}, err
	}
	if dryRun {
		return a.dryRun(ctx)
	}
	before, err := a.appliedBefore()
	if err != nil {
		return Outcome{}, err
	}
	a.before = &before
	return a.start(ctx)
}

// Sync plans, guards, applies, reads back and reports, in one run.
func Sync(ctx context.Context, e *Env, dryRun bool) (Outcome, error) {
	if dryRun {
		out, err := Plan(ctx, e, PlanOptions{})
		if err == nil {
			e.Note("dry_run")
		}
		return out, err
	}
	if e.Config.Approval.Required() { // a plan that is not made yet, nobody can have approved
		return Outcome{}, schemas.NewFault(schemas.ClassInput, "approval_sync")
	}
	if err := e.canAsk(); err != nil {
		return Outcome{}, err
	}
	p, err := e.makePlan(ctx)
	if err != nil {
		return Outcome{}, err
	}
	path, err := p.write(e, "")
	if err != nil {
		return Outcome{Run: p.run}, err
	}
	e.Screen().Plan(p.plan, path, e.Config.Vault.RPS)
	e.Stops(p.plan)
	if !p.plan.Applicable() {
		total := schemas.Total{Run: p.run, Exit: 11, Rows: p.plan.Summary.Rows}
		return Outcome{Exit: 11, Run: p.run, Folder: p.folder, Total: &total, Stops: p.plan.Summary.Stop}, nil
	}
	a := &application{e: e, plan: p.plan, run: p.run, folder: p.folder, client: p.client, state: p.state, policy: p.policy, listed: p.listed, assets: p.assets}
	return a.start(ctx)
}

// application checks that a plan can be applied here: by this configuration, to this vault.
func (e *Env) application(plan *schemas.Plan) (*application, error) {
	policy, err := policyOf(e.Config)
	if err != nil {
		return nil, err
	}
	client, err := e.Connect()
	if err != nil {
		return nil, err
	}
	if plan.Start.Vault != client.Identity() {
		return nil, schemas.NewFault(schemas.ClassInput, "plan_other_vault", "plan", plan.Start.Vault, "vault", client.Identity())
	}
	if err := e.applicable(plan); err != nil {
		return nil, err
	}
	if plan.Start.Policy != nil {
		policy.Limits = plan.Start.Policy.Limits
	}
	st, err := e.loadState(client.Identity())
	if err != nil {
		return nil, err
	}
	return &application{e: e, plan: plan, client: client, state: st, policy: policy}, nil
}

// applicable refuses a plan that sends something else than it shows, or that a guard stopped.
func (e *Env) applicable(plan *schemas.Plan) error {
	if err := ofInventory(plan); err != nil {
		return err
	}
	if plan.Start.Reading != nil {
		return schemas.NewFault(schemas.ClassInput, "plan_reads")
	}
	for i := range plan.Changes {
		if !pipeline.Coherent(&plan.Changes[i]) {
			return schemas.NewFault(schemas.ClassInput, "plan_unreadable").Because(errors.New("what " + plan.Changes[i].Key + " sends is not what it shows"))
		}
	}
	if plan.Applicable() {
		return nil
	}
	return schemas.NewFault(schemas.ClassGuard, "plan_stopped", "why_not", StopWords(e.Lang, plan.Summary.Stop))
}

// ofInventory refuses a plan of a bulk verb, which is made and carried out in one run.
func ofInventory(plan *schemas.Plan) error {
	if plan.Start.Bulk == "" {
		return nil
	}
	return schemas.NewFault(schemas.ClassInput, "plan_bulk", "kind", string(plan.Start.Bulk), "run", plan.Start.Run)
}

// StopWords says what stops a plan, in one line.
func StopWords(lang words.Lang, stops []schemas.Problem) string {
	var why []string
	for _, stop := range stops {
		why = append(why, words.Problem(lang, stop.Code, stop.Args))
	}
	return strings.Join(why, "; ")
}

// dryRun says what would be applied now, without a single write.
func (a *application) dryRun(ctx context.Context) (Outcome, error) {
	snap, err := pipeline.TakeSnapshot(ctx, a.client.Reader().Borrowing(), pipeline.Want{Accounts: true, Tolerate: true, Norm: a.policy.Devices.Normalize})
	if err != nil {
		return Outcome{}, err
	}
	snap = a.state.memory.Settle(snap, nil)
	a.e.Screen().Plan(a.plan, "", a.e.Config.Vault.RPS)
	var used *pipeline.Usage
	if pipeline.TakesAway(a.plan) && a.policy.Limits.InUse >= 0 {
		used = a.usage(ctx, a.e.vaultTime(snap))
	}
	n := pipeline.Preview(a.plan, a.past, snap, a.state.memory, a.state.good, used)
	a.e.Note("dry_check", "go", strconv.Itoa(n.Go), "total", strconv.Itoa(len(a.plan.Changes)), "already", strconv.Itoa(n.Done), "stale", strconv.Itoa(n.Moved))
	if n.Ended > 0 {
		a.e.Note("dry_check_ended", "n", strconv.Itoa(n.Ended))
	}
	if n.Doubt > 0 {
		a.e.Note("dry_check_doubt", "n", strconv.Itoa(n.Doubt))
	}
	if budget := a.e.Config.Apply.Budget; budget > 0 && n.Go > budget {
		a.e.Note("dry_check_budget", "n", strconv.Itoa(budget))
	}
	if n.InUse > 0 && used.Fault != nil {
		a.e.Note("dry_check_unread", "n", strconv.Itoa(n.InUse), "cause", used.Fault.Problem.Code)
	} else if n.InUse > 0 {
		a.e.Note("dry_check_in_use", "n", strconv.Itoa(n.InUse))
	}
	a.e.Note("dry_run")
	run := cmp.Or(a.run, a.plan.Start.Run)
	total := schemas.Total{Run: run, Rows: a.plan.Summary.Rows}
	return Outcome{Run: run, Total: &total, Verdict: "verdict_dry_run"}, nil
}

// usage reads the remote sessions as the limits of the plan ask.
func (a *application) usage(ctx context.Context, now time.Time) *pipeline.Usage {
	return a.e.usage(ctx, a.client.Reader().Borrowing(), now, a.policy.Limits.InUse)
}

func (a *application) journalPath() string { return journalIn(a.folder) }

// journalIn is the journal of a run's folder.
func journalIn(folder string) string { return filepath.Join(folder, "journal.jsonl") }

// carry applies, and writes the reports whatever happened.
func (a *application) carry(ctx context.Context, journal *sinks.Journal) (Outcome, error) {
	defer journal.Close()
	reserved, err := sinks.Reserve(a.folder, reportRoom(a.plan))
	if err != nil {
		return Outcome{Run: a.run, Folder: a.folder}, err
	}
	a.reserved = reserved
	defer reserved.Free()
	ctx, cancel := a.e.bounded(ctx)
	defer cancel()
	var progress *sinks.Progress
	if !a.e.Quiet {
		progress = sinks.NewProgress(a.e.Stderr, a.e.Lang, a.e.StderrTTY && !a.e.JSON, a.e.Now)
	}
	run := &pipeline.Run{Plan: a.plan, Past: a.past, Vault: a.client.Reader().Borrowing(), Send: a.client.Writer().Do, Journal: journal.Append,
		Secret: a.secrets.of, Memory: a.state.memory, LastGood: a.state.good, Usage: a.usage, Policy: a.policy, Brakes: a.e.brakes(), Workers: a.e.Config.Vault.Workers, Settle: a.e.Config.Apply.Settle,
		Now: a.e.Now, Sleep: sleep, Say: a.e.Note, Progress: progress.Show}
	var stop *schemas.Fault
	if len(a.plan.Changes) > 0 {
		if err := run.Apply(ctx); err != nil {
			stop = faultOf(err)
		}
	}
	progress.Done()
	a.tellPace()
	return a.close(ctx, journal, stop, run.Listed())
}

// reportRoom is how many bytes the result files of a plan may take: some 0.6 KiB a change were
// measured, where nothing failed.
func reportRoom(plan *schemas.Plan) int64 {
	return 1<<20 + 1500*int64(len(plan.Changes)+len(plan.Holds)+len(plan.Rejects))
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		var fault *schemas.Fault
		if errors.As(context.Cause(ctx), &fault) {
			return fault
		}
		return schemas.NewFault(schemas.ClassInterrupted, "interrupted").Because(context.Cause(ctx))
	}
}

// close reads the journal back from the disk, and makes of it the memory, the exit code and
// the reports.
func (a *application) close(ctx context.Context, journal *sinks.Journal, stop *schemas.Fault, last *pipeline.Snapshot) (Outcome, error) {
	out := Outcome{Run: a.run, Folder: a.folder}
	past, _, err := a.readOwn()
	if err != nil {
		return out, err
	}
	a.past = past
	pipeline.Remember(a.state.memory, a.plan, past, a.run, func(v string) string { return schemas.Fingerprint(a.state.key, v) },
		func(c *schemas.Change) string { return a.secrets.print(c, a.state.key) })
	a.state.good.Name(a.plan)
	spent := stop != nil && stop.Problem.Code == schemas.BudgetSpent
	if spent {
		past.Take(schemas.Record{Finish: &schemas.Finish{Stop: &stop.Problem}})
	}
	results := pipeline.Replay(a.plan, past)
	tally := pipeline.Tally(a.run, a.plan, results)
	exit := exitOfRun(results, tally, stop, Signal(ctx))
	if (exit == 0 || exit == 10) && a.plan.Start.OfInventory() && (len(a.settled) == 0 || last != nil) {
		a.goodNight(results, last)
	}
	if err := a.keep(); err != nil && stop == nil {
		stop = faultOf(err)
		exit = exitOfRun(results, tally, stop, Signal(ctx))
	}
	finish := schemas.Finish{Exit: exit, At: a.e.Now().UTC().Format(time.RFC3339)}
	if stop != nil {
		finish.Stop = &stop.Problem
	}
	if stop == nil || stop.Class != schemas.ClassDisk {
		if err := journal.Append(schemas.Record{Finish: &finish}); err != nil {
			stop, exit = faultOf(err), 74
		}
		a.past.Finish = &finish
	}
	out, err = a.report(exit)
	if spent && err == nil {
		a.tellNight(*out.Total)
		return out, nil
	}
	if err == nil && stop != nil {
		fault := *stop
		out.Exit = exit
		if resumable(exit) && exit != 14 {
			a.e.Note("resume_with", "run", a.run)
		}
		return out, Ended{&fault}
	}
	return out, err
}

// keep writes what the run learned. The comparison with the nights before is written first: once the
// run is remembered, nobody can make it again.
func (a *application) keep() error {
	if err := a.writeNight(); err != nil {
		return err
	}
	return a.state.save(a.e.start(schemas.FormatState, max(a.run, a.state.run), a.client.Identity()))
}

// goodNight compares the run with those before it, and remembers what later runs are measured
// against.
func (a *application) goodNight(results []schemas.Result, last *pipeline.Snapshot) {
	views := []*pipeline.Snapshot{a.listed, last}
	at := a.e.Now()
	for _, s := range views {
		if s != nil {
			at = a.e.vaultTime(s)
		}
	}
	if a.assets == nil { // the plan was made in another run
		a.assets = a.readAssets(last)
	}
	a.night = nightOf(a.state.good, a.plan, results, at)
	a.state.good.Remember(pipeline.Night{Run: a.run, Client: a.e.Config.Vault.ClientID, At: at, Plan: a.plan, Results: results, Views: views, Print: a.state.print, Assets: a.assets})
}
