package jobs

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
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
	run     string
	folder  string
	client  *vault.Client
	state   *state
	policy  pipeline.Policy
	past    *pipeline.Past
	offset  int64 // of the journal, when resumed
	secrets *secretReader
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
		return Outcome{}, err
	}
	if dryRun {
		return a.dryRun(ctx)
	}
	a.run = NewRun(e.Now())
	a.folder = e.runFolder(a.run)
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
	if err := e.canAsk(); err != nil {
		return Outcome{}, err
	}
	p, err := e.makePlan(ctx)
	if err != nil {
		return Outcome{}, err
	}
	path, err := p.write("")
	if err != nil {
		return Outcome{Run: p.run}, err
	}
	e.Screen().Plan(p.plan, path, e.Config.Vault.RPS)
	e.Stops(p.plan)
	if !p.plan.Applicable() {
		total := schemas.Total{Run: p.run, Exit: 11, Rows: p.plan.Summary.Rows}
		return Outcome{Exit: 11, Run: p.run, Folder: p.folder, Total: &total}, nil
	}
	a := &application{e: e, plan: p.plan, run: p.run, folder: p.folder, client: p.client, state: p.state, policy: p.policy}
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
	for i := range plan.Changes {
		if !pipeline.Coherent(&plan.Changes[i]) {
			return nil, schemas.NewFault(schemas.ClassInput, "plan_unreadable").Because(errors.New("what " + plan.Changes[i].Key + " sends is not what it shows"))
		}
	}
	if !plan.Applicable() {
		var why []string
		for _, stop := range plan.Summary.Stop {
			why = append(why, words.Problem(e.Lang, stop.Code, stop.Args))
		}
		return nil, schemas.NewFault(schemas.ClassGuard, "plan_stopped", "why_not", strings.Join(why, "; "))
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

// dryRun says what would be applied now, without a single write.
func (a *application) dryRun(ctx context.Context) (Outcome, error) {
	snap, err := pipeline.TakeSnapshot(ctx, a.client.Reader(), pipeline.Want{Accounts: true, Tolerate: true})
	if err != nil {
		return Outcome{}, err
	}
	snap = a.state.memory.Settle(snap, nil)
	a.e.Screen().Plan(a.plan, "", a.e.Config.Vault.RPS)
	ahead, done, stale := pipeline.Preview(a.plan, snap, a.state.memory)
	a.e.Note("dry_check", "go", strconv.Itoa(ahead), "total", strconv.Itoa(len(a.plan.Changes)), "already", strconv.Itoa(done), "stale", strconv.Itoa(stale))
	a.e.Note("dry_run")
	total := schemas.Total{Run: a.plan.Start.Run, Rows: a.plan.Summary.Rows}
	return Outcome{Run: a.plan.Start.Run, Total: &total, Verdict: "dry_run"}, nil
}

// start begins a new run: the question, the lock, the secrets, the journal.
func (a *application) start(ctx context.Context) (Outcome, error) {
	out := Outcome{Run: a.run, Folder: a.folder}
	if len(a.plan.Changes) > 0 {
		if err := a.e.confirm(ctx, a.plan, a.client.Identity()); err != nil {
			return out, err
		}
	}
	release, err := a.e.lock(ctx, a.client.Identity(), a.run)
	if err != nil {
		return out, err
	}
	defer release()
	// What another run learned while this one waited for the lock counts too.
	if a.state, err = a.e.loadState(a.client.Identity()); err != nil {
		return out, err
	}
	if err := a.readSecrets(); err != nil {
		return out, err
	}
	if err := sinks.MakeFolder(a.state.folder); err != nil {
		return out, err // what this run learns could not be kept
	}
	if !exists(a.folder) {
		if err := sinks.MakeRun(a.folder); err != nil {
			return out, err
		}
	}
	if path := filepath.Join(a.folder, "plan.jsonl"); !exists(path) {
		if err := sinks.WriteFile(path, func(w io.Writer) error { return schemas.WritePlan(w, a.plan) }); err != nil {
			return out, err
		}
	}
	start := a.e.start(schemas.FormatJournal, a.run, a.client.Identity())
	start.Plan = a.plan.Digest
	journal, err := sinks.CreateJournal(a.journalPath(), start)
	if err != nil {
		return out, err
	}
	return a.carry(ctx, journal)
}

func (a *application) journalPath() string { return filepath.Join(a.folder, "journal.jsonl") }

// Resume goes on with a run that was left unfinished; run "" means the latest.
func Resume(ctx context.Context, e *Env, run string, dryRun bool) (Outcome, error) {
	if !dryRun {
		if err := e.canAsk(); err != nil {
			return Outcome{}, err
		}
	}
	folder, err := e.findRun(run)
	if err != nil {
		return Outcome{}, err
	}
	plan, err := ReadPlan(filepath.Join(folder, "plan.jsonl"))
	if err != nil {
		return Outcome{}, err
	}
	a, err := e.application(plan)
	if err != nil {
		return Outcome{}, err
	}
	a.run, a.folder = filepath.Base(folder), folder
	if dryRun {
		return a.dryRun(ctx)
	}
	release, err := e.lock(ctx, a.client.Identity(), a.run)
	if err != nil {
		return Outcome{Run: a.run}, err
	}
	defer release()
	if a.state, err = e.loadState(a.client.Identity()); err != nil {
		return Outcome{Run: a.run}, err
	}
	a.past, a.offset, err = readJournal(a.journalPath(), a.run)
	if errors.Is(err, errUnborn) {
		// Killed before its first record: nothing was sent, and it begins anew.
		if err := os.Remove(a.journalPath()); err != nil {
			return Outcome{Run: a.run}, schemas.NewFault(schemas.ClassDisk, "journal_failed").Because(err)
		}
		release()
		return a.start(ctx)
	}
	if err != nil {
		return Outcome{Run: a.run}, err
	}
	if a.past.Finished() {
		return a.report(a.past.Finish.Exit)
	}
	if err := a.readSecrets(); err != nil {
		return Outcome{Run: a.run}, err
	}
	journal, err := sinks.ReopenJournal(a.journalPath(), a.offset)
	if err != nil {
		return Outcome{Run: a.run}, err
	}
	return a.carry(ctx, journal)
}

// findRun finds the folder of a run, or of the latest run that has a journal.
func (e *Env) findRun(run string) (string, error) {
	if run != "" {
		folder := e.runFolder(filepath.Base(run))
		if !exists(filepath.Join(folder, "journal.jsonl")) {
			code := "run_missing"
			if exists(folder) {
				code = "run_planned"
			}
			return "", schemas.NewFault(schemas.ClassUsage, code, "run", run, "folder", e.Config.Reports)
		}
		return folder, nil
	}
	entries, err := os.ReadDir(e.Config.Reports)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", schemas.NewFault(schemas.ClassDisk, "output_failed", "path", e.Config.Reports).Because(err)
	}
	sort.Slice(entries, func(i, j int) bool { return entries[i].Name() > entries[j].Name() })
	for _, entry := range entries {
		folder := filepath.Join(e.Config.Reports, entry.Name())
		if entry.IsDir() && exists(filepath.Join(folder, "journal.jsonl")) {
			return folder, nil
		}
	}
	return "", schemas.NewFault(schemas.ClassUsage, "nothing_to_resume", "folder", e.Config.Reports)
}

// errUnborn tells a journal without a single whole record.
var errUnborn = errors.New("it holds no record")

// readJournal reads a journal; a torn last line, which a crash leaves, is not read.
func readJournal(path, run string) (*pipeline.Past, int64, error) {
	broken := func(err error) error {
		return schemas.NewFault(schemas.ClassInput, "journal_broken", "run", run).Because(err)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, 0, broken(err)
	}
	defer file.Close()
	past := &pipeline.Past{}
	r := schemas.NewReader(file, schemas.FormatJournal)
	for {
		rec, err := r.Next()
		if err == io.EOF || errors.Is(err, schemas.ErrTorn) {
			if r.Offset() == 0 {
				return nil, 0, broken(errUnborn)
			}
			return past, r.Offset(), nil
		}
		if err != nil {
			return nil, 0, broken(err)
		}
		past.Take(rec)
	}
}

// carry applies, and writes the reports whatever happened.
func (a *application) carry(ctx context.Context, journal *sinks.Journal) (Outcome, error) {
	defer journal.Close()
	if d := a.e.Config.Apply.MaxDuration; d > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, d, schemas.NewFault(schemas.ClassStopped, "max_duration"))
		defer cancel()
	}
	var progress *sinks.Progress
	if !a.e.Quiet {
		progress = sinks.NewProgress(a.e.Stderr, a.e.Lang, a.e.StderrTTY && !a.e.JSON, a.e.Now)
	}
	run := &pipeline.Run{Plan: a.plan, Past: a.past, Vault: a.client.Reader(), Send: a.client.Writer().Do, Journal: journal.Append,
		Secret: a.secrets.of, Memory: a.state.memory, Policy: a.policy, Workers: a.e.Config.Vault.Workers, Settle: a.e.Config.Apply.Settle,
		Now: a.e.Now, Sleep: sleep, Say: a.e.Note, Progress: progress.Show}
	var stop *schemas.Fault
	if len(a.plan.Changes) > 0 {
		if err := run.Apply(ctx); err != nil {
			stop = faultOf(err)
		}
	}
	progress.Done()
	return a.close(ctx, journal, stop)
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
func (a *application) close(ctx context.Context, journal *sinks.Journal, stop *schemas.Fault) (Outcome, error) {
	out := Outcome{Run: a.run, Folder: a.folder}
	past, _, err := readJournal(a.journalPath(), a.run)
	if err != nil {
		return out, err
	}
	a.past = past
	pipeline.Remember(a.state.memory, a.plan, past, a.run, func(v string) string { return schemas.Fingerprint(a.state.key, v) },
		func(c *schemas.Change) string { return a.secrets.print(c, a.state.key) })
	if len(a.plan.Changes) > 0 {
		if err := a.state.save(a.e.start(schemas.FormatState, a.run, a.client.Identity())); err != nil && stop == nil {
			stop = faultOf(err)
		}
	}
	results := pipeline.Replay(a.plan, past)
	exit := exitOfRun(results, pipeline.Tally(a.run, a.plan, results), stop, Signal(ctx))
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

func resumable(exit int) bool {
	switch exit {
	case 12, 14, 69, 74, 75, 77, 130, 143:
		return true
	}
	return false
}

// Ended is the fault that ended a run early, whose exit code the outcome already has.
type Ended struct{ *schemas.Fault }

// Unwrap gives the fault.
func (e Ended) Unwrap() error { return e.Fault }

// exitOfRun decides the exit code of a run that wrote: the stop's, unknown outcomes, then what
// a person must look at, in the order of the design.
func exitOfRun(results []schemas.Result, total schemas.Total, stop *schemas.Fault, signal int) int {
	code := 0
	if stop != nil {
		code = ExitOf(stop.Class, signal)
	}
	switch {
	case code == 70 || code == 74 || code == 130 || code == 143 || code == 77 || code == 11:
		return code
	case total.Changes.Unknown > 0:
		return 14
	case code != 0:
		return code
	case pipeline.Wanting(results):
		return 10
	}
	return 0
}

// report writes the result files of a run from its plan and journal, and shows the sums.
func (a *application) report(exit int) (Outcome, error) {
	results := pipeline.Replay(a.plan, a.past)
	total := pipeline.Tally(a.run, a.plan, results)
	total.Exit = exit
	out := Outcome{Exit: exit, Run: a.run, Folder: a.folder, Total: &total}
	if len(a.plan.Changes) == 0 {
		out.Verdict = map[int]string{0: "verdict_0_nothing", 10: "verdict_10_waiting"}[exit]
	}
	start := a.past.Start
	start.Plan = a.plan.Digest
	files := map[string]func(io.Writer) error{
		"result.jsonl": func(w io.Writer) error { return sinks.ResultJSONL(w, start, results, total) },
		"result.csv":   func(w io.Writer) error { return sinks.ResultCSV(w, results) },
	}
	for _, name := range keysOf(files) {
		if err := sinks.WriteFile(filepath.Join(a.folder, name), files[name]); err != nil {
			return out, err
		}
	}
	if err := sinks.WriteSums(a.folder, append(keysOf(files), "plan.jsonl", "journal.jsonl")); err != nil {
		return out, err
	}
	a.e.Screen().Results(results, total, a.folder)
	if total.Changes.Unknown > 0 {
		if exit == 14 && !a.past.Finished() {
			a.e.Note("resume_with", "run", a.run)
		} else {
			a.e.Note("unknown_look")
		}
	}
	return out, nil
}

// Report writes the result files of a run again, from its plan and journal.
func Report(e *Env, run string) (Outcome, error) {
	folder, err := e.findRun(run)
	if err != nil {
		return Outcome{}, err
	}
	plan, err := ReadPlan(filepath.Join(folder, "plan.jsonl"))
	if err != nil {
		return Outcome{}, err
	}
	a := &application{e: e, plan: plan, run: filepath.Base(folder), folder: folder}
	if a.past, _, err = readJournal(a.journalPath(), a.run); err != nil {
		return Outcome{Run: a.run}, err
	}
	exit := 0
	if a.past.Finish != nil {
		exit = a.past.Finish.Exit
	} else if len(plan.Changes) > 0 { // it was killed
		results := pipeline.Replay(plan, a.past)
		exit = exitOfRun(results, pipeline.Tally(a.run, plan, results), schemas.NewFault(schemas.ClassStopped, "interrupted"), 0)
	}
	return a.report(exit)
}
