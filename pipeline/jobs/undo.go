package jobs

import (
	"context"
	"path/filepath"

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/sinks"
)

// Undo plans to take back what a run did, as any plan: it is reviewed, and then applied. Nothing is
// written to the vault.
func Undo(ctx context.Context, e *Env, run string, o PlanOptions) (Outcome, error) {
	if err := o.distinct(); err != nil {
		return Outcome{}, err
	}
	former, err := e.endedRun(run)
	if err != nil {
		return Outcome{}, err
	}
	if err := e.spares(former, o); err != nil {
		return Outcome{}, err
	}
	p, snap, err := e.planOf(ctx, former)
	if err != nil {
		return Outcome{}, err
	}
	p.plan = pipeline.Undo(pipeline.UndoInput{Run: former.name, Plan: former.plan, Past: former.past, Snapshot: snap, Memory: p.state.memory,
		Policy: p.policy, VaultURL: p.client.Identity()})
	e.bind(p, nil)
	p.plan.Start.Undo = former.name
	return p.finish(e, o)
}

// endedRun is a run that applied a plan and came to an end: of one that was cut off nobody can say
// what there is to take back, or to try again.
func (e *Env) endedRun(name string) (*formerRun, error) {
	folder, err := e.findRun(name)
	if err != nil {
		return nil, err
	}
	run := &formerRun{name: filepath.Base(folder), folder: folder}
	if run.plan, err = ReadPlan(filepath.Join(folder, planFile)); err != nil {
		return nil, err
	}
	if err := ofInventory(run.plan); err != nil {
		return nil, err
	}
	a := &application{e: e, plan: run.plan, run: run.name, folder: folder}
	if run.past, _, err = a.readOwn(); err != nil {
		return nil, err
	}
	if run.plan.Start.Reading != nil {
		return nil, schemas.NewFault(schemas.ClassInput, "run_reads", "run", run.name)
	}
	if run.past.Finish == nil {
		return nil, schemas.NewFault(schemas.ClassInput, "run_unfinished", "run", run.name)
	}
	return run, nil
}

// planOf begins a plan that is about a former run: of the same vault, by its lists as they are now.
func (e *Env) planOf(ctx context.Context, former *formerRun) (*planned, *pipeline.Snapshot, error) {
	policy, err := policyOf(e.Config)
	if err != nil {
		return nil, nil, err
	}
	client, err := e.Connect()
	if err != nil {
		return nil, nil, err
	}
	if former.past.Start.Vault != client.Identity() {
		return nil, nil, schemas.NewFault(schemas.ClassInput, "plan_other_vault", "plan", former.past.Start.Vault, "vault", client.Identity())
	}
	st, err := e.loadState(client.Identity())
	if err != nil {
		return nil, nil, err
	}
	snap, err := pipeline.TakeSnapshot(ctx, client.Reader().Borrowing(), pipeline.Want{Accounts: true, Tolerate: true, Norm: policy.Devices.Normalize})
	if err != nil {
		return nil, nil, err
	}
	e.Note("reading_vault", "devices", sinks.Number(e.Lang, int(snap.NumDevices())), "credentials", sinks.Number(e.Lang, int(snap.NumAccounts())))
	return &planned{client: client, state: st, policy: policy}, st.memory.Settle(snap, nil), nil
}
