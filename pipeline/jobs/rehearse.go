package jobs

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"pamsync/pipeline"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
	"pamsync/sinks"
)

// RehearseOptions are those of `rehearse`.
type RehearseOptions struct {
	Out string // where to write how each change would end, as result.csv does; "" for nowhere
	// Latency is what one write is taken to last, 0 for what the vault's answers show.
	Latency time.Duration
}

// rehearsal is the application of a plan to a simulated vault. Of the real vault it has the lists
// that were read, and no way to call it. Its journal is kept in memory: it is no run, and leaves
// nothing behind.
type rehearsal struct {
	e      *Env
	plan   *schemas.Plan
	policy pipeline.Policy
	memory *pipeline.Memory // a copy that nobody writes down
	good   *pipeline.LastGood
	twin   *twin
	pace   pace
	used   *pipeline.Usage // what the real vault's sessions say, nil where nothing is taken away

	requests requestCount
	trace    *trace
	mu       sync.Mutex
	past     pipeline.Past
}

// Rehearse applies a plan to a simulated vault that holds what the real one lists now, and says
// how long an apply would take, what it would ask of the vault and how each change would end. Its
// exit code is that of the apply. The real vault is read; nothing is written to it, to the reports
// or to the state folder.
func Rehearse(ctx context.Context, e *Env, path string, o RehearseOptions) (Outcome, error) {
	if o.Out == "-" {
		return Outcome{}, schemas.NewFault(schemas.ClassUsage, "needs_out", "format", "result.csv")
	}
	plan, err := ReadPlan(path)
	if err != nil {
		return Outcome{}, err
	}
	if err := ofInventory(plan); err != nil {
		return Outcome{}, err
	}
	r, err := e.rehearsal(plan)
	if err != nil {
		return Outcome{}, err
	}
	r.warnOfSources()
	if len(plan.Changes) > 0 {
		err = r.readVault(ctx)
	}
	var stop *schemas.Fault
	if err == nil && len(plan.Changes) > 0 {
		stop, err = r.run(ctx)
	}
	switch {
	case Signal(ctx) != 0:
		e.complain(schemas.NewFault(schemas.ClassInterrupted, "interrupted_here"))
		exit := ExitOf(schemas.ClassInterrupted, Signal(ctx))
		return Outcome{Exit: exit, JSON: schemas.Total{Exit: exit}, Verdict: "verdict_rehearsed_130"}, nil
	case err != nil:
		return Outcome{}, err
	}
	if o.Latency > 0 {
		r.pace.latency = o.Latency
	}
	return r.report(stop, o)
}

// rehearsal makes of a plan what an apply would, by the same checks. A plan that was stopped when
// it was made is rehearsed all the same: who thinks of raising a limit sees what would follow.
func (e *Env) rehearsal(plan *schemas.Plan) (*rehearsal, error) {
	free := *plan
	free.Summary.Stop = nil
	a, err := e.application(&free)
	if err != nil {
		return nil, err
	}
	before, err := e.appliedBefore(plan)
	if err == nil && before != "" {
		err = e.superseded(before, plan.Digest, a.client.Identity())
	}
	if err != nil {
		return nil, err
	}
	v := e.Config.Vault
	return &rehearsal{e: e, plan: plan, policy: a.policy, memory: a.state.memory, good: a.state.good,
		twin: &twin{from: a.client.Reader(), sessions: a.client.Reader(), touch: a.client.Touch},
		pace: pace{rps: v.RPS, burst: v.Burst, workers: v.Workers}}, nil
}

// readVault reads the real vault's lists, those that the apply would read.
func (r *rehearsal) readVault(ctx context.Context) error {
	accounts := false
	for i := range r.plan.Changes {
		c := &r.plan.Changes[i]
		accounts = accounts || c.Kind != schemas.KindDevice || c.Action == schemas.ActionInactivate
	}
	if err := r.twin.read(ctx, accounts); err != nil {
		return err
	}
	if pipeline.TakesAway(r.plan) && r.policy.Limits.InUse >= 0 {
		now := r.twin.listings["devices"].At
		if now.IsZero() {
			now = r.e.Now()
		}
		if r.used = r.e.usage(r.twin.watched(ctx), r.twin, now, r.policy.Limits.InUse); ctx.Err() != nil {
			return ctx.Err()
		}
	}
	r.pace.lists, r.pace.latency = r.twin.times, r.twin.latency
	var took time.Duration
	for _, d := range r.twin.times {
		took += d
	}
	read := func(list string) string { return sinks.Number(r.e.Lang, r.twin.listings[list].Read) }
	r.e.Note("rehearse_read", "devices", read("devices"), "credentials", read("credentials"), "time", sinks.Span(r.e.Lang, took))
	r.e.Note("rehearse_begin", "n", sinks.Number(r.e.Lang, len(r.plan.Changes)))
	return nil
}

// run applies the plan to the simulated vault, over HTTP and by the code that applies it to the
// real one. It returns the fault that would stop the apply, nil for none.
func (r *rehearsal) run(ctx context.Context) (*schemas.Fault, error) {
	client, end, err := served(r.twin.simulate(r.memory.All()), r.pace.workers, &r.requests)
	if err != nil {
		return nil, err
	}
	defer end()
	r.trace = newTrace(client.Reader(), r.plan)
	run := &pipeline.Run{Plan: r.plan, Vault: r.trace, Send: client.Writer().Do, Journal: r.journal, Secret: invented,
		Memory: r.memory, LastGood: r.good, Usage: r.usage, Policy: r.policy, Workers: r.pace.workers, Settle: r.e.Config.Apply.Settle, Now: r.e.Now, Sleep: r.wait}
	if err := run.Apply(ctx); err != nil {
		return faultOf(err), nil
	}
	return nil, nil
}

// journal keeps what an apply would write to its journal. It is called by several goroutines.
func (r *rehearsal) journal(rec schemas.Record) error {
	if rec.Intent != nil {
		r.trace.call(rec.Intent)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.past.Take(rec)
	return nil
}

// wait reckons with a wait, in the place of waiting.
func (r *rehearsal) wait(ctx context.Context, d time.Duration) error {
	r.trace.add(step{wait: d})
	return ctx.Err()
}

// usage is what the real vault's sessions said when the rehearsal began, in the place of a reading
// that it counts.
func (r *rehearsal) usage(context.Context, time.Time) *pipeline.Usage {
	r.trace.add(step{list: "sessions"})
	r.requests.add(vaultsim.Request{Method: http.MethodGet})
	return r.used
}

// invented is the password that a rehearsal sends: never one of the inventory's, which is not
// even read.
func invented(*schemas.Change) (schemas.Secret, error) {
	return schemas.NewSecret("invented for a rehearsal"), nil
}

// report says how the apply would go, and writes how each change would end where that is wanted.
func (r *rehearsal) report(stop *schemas.Fault, o RehearseOptions) (Outcome, error) {
	if !r.plan.Applicable() {
		stop = r.stopped()
	}
	results := r.results()
	found := r.found(results, stop, o.Latency == 0)
	if o.Out != "" {
		if err := sinks.WriteFile(o.Out, func(w io.Writer) error { return sinks.ResultCSV(w, results, r.e.CSVFor) }); err != nil {
			return Outcome{}, err
		}
	}
	out := Outcome{Exit: found.Exit, Run: found.Run, JSON: found}
	switch found.Exit {
	case 0, 10, 12, 14:
		out.Verdict = "verdict_rehearsed_" + strconv.Itoa(found.Exit)
	}
	if found.Exit == 0 && pipeline.Spared(results) {
		out.Verdict = "verdict_rehearsed_use"
	}
	r.e.Screen().Rehearsal(found)
	if stop != nil {
		return out, Ended{stop}
	}
	return out, nil
}

// stopped is the fault that an apply of a plan ends with that was stopped when it was made.
func (r *rehearsal) stopped() *schemas.Fault {
	return schemas.NewFault(schemas.ClassGuard, "plan_stopped", "why_not", StopWords(r.e.Lang, r.plan.Summary.Stop))
}

// results tells how every change, hold and rejected row would end. The ids that the simulated
// vault gave to new records are nobody's.
func (r *rehearsal) results() []schemas.Result {
	results := pipeline.Replay(r.plan, &r.past)
	for i := range r.plan.Changes {
		results[i].VaultID = r.plan.Changes[i].VaultID
	}
	return results
}

// warnOfSources warns of sources of passwords that are there and are not as the plan read them: an
// apply from here would refuse the plan. A rehearsal needs none of them.
func (r *rehearsal) warnOfSources() {
	for _, use := range r.plan.Start.Sources {
		if !r.plan.Start.Secrets || use.Kind == schemas.KindDevice || use.File == "" {
			continue
		}
		if sum, err := sinks.HashFile(use.File); err == nil && sum != use.SHA256 {
			r.e.Warn(schemas.NewFault(schemas.ClassInput, "source_changed").At(schemas.Place{Source: use.Path}).Problem)
		}
	}
}

// complain prints a fault on stderr where a command goes on to its last line by itself.
func (e *Env) complain(f *schemas.Fault) {
	_, _ = io.WriteString(e.Stderr, sinks.Line(e.Lang, "error", f.Problem)+"\n")
}
