package jobs

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"

	"pamsync/pipeline"
	"pamsync/pipeline/vault"
	"pamsync/schemas"
	"pamsync/schemas/filter"
	"pamsync/sinks"
	"pamsync/sources"
)

// PlanOptions are those of `plan`.
type PlanOptions struct {
	Out              string // a second place for the plan
	HTML, XLSX       string // where to write it as a page, and as a workbook, too
	DetailedExitcode bool
}

// planned is a plan on its way, with what it was made from.
type planned struct {
	plan   *schemas.Plan
	run    string
	folder string
	client *vault.Client
	state  *state
	policy pipeline.Policy
	listed *pipeline.Snapshot
	assets map[string]string // what rows call listed devices, by vault id
}

// Plan makes a plan and writes it; nothing is written to the vault.
func Plan(ctx context.Context, e *Env, o PlanOptions) (Outcome, error) {
	if err := o.distinct(); err != nil {
		return Outcome{}, err
	}
	p, err := e.makePlan(ctx)
	if err != nil {
		return Outcome{}, err
	}
	p.listed = nil // only a run that writes remembers it
	return p.finish(e, o)
}

// finish writes a plan, shows it, and says how it stands.
func (p *planned) finish(e *Env, o PlanOptions) (Outcome, error) {
	path, err := p.write(e, o.Out)
	if err != nil {
		return Outcome{Run: p.run}, err
	}
	for _, also := range []struct{ format, out string }{{"html", o.HTML}, {"xlsx", o.XLSX}} {
		if also.out == "" {
			continue
		}
		if err := SaveTo(also.out, e.shown(p.plan, path, also.format, also.out)); err != nil {
			return Outcome{Run: p.run}, err
		}
	}
	e.Screen().Plan(p.plan, path, e.Config.Vault.RPS)
	if p.plan.Applicable() && p.plan.Start.OfInventory() {
		e.Screen().Night(nightOf(p.state.good, p.plan, nil, e.Now()))
	}
	e.Stops(p.plan)
	total := schemas.Total{Run: p.run, Rows: p.plan.Summary.Rows}
	out := Outcome{Exit: planExit(p.plan, o.DetailedExitcode), Run: p.run, Folder: p.folder, Total: &total, Stops: p.plan.Summary.Stop}
	total.Exit = out.Exit
	switch {
	case out.Exit == 0 && len(p.plan.Changes) == 0:
		out.Verdict = "verdict_0_nothing"
	case out.Exit == 0:
		out.Verdict = "verdict_plan"
	case out.Exit == 10:
		out.Verdict = "verdict_10_plan"
	}
	if p.plan.Applicable() && len(p.plan.Changes) > 0 && e.StderrTTY {
		if needsApproval(p.plan) {
			e.Note("next_approve", "path", path)
		} else {
			e.Note("next_apply", "path", path)
		}
	}
	return out, nil
}

// distinct refuses two outputs in one file, and stdout, which has the plan as text.
func (o PlanOptions) distinct() error {
	outs := map[string]bool{}
	for _, out := range []string{o.Out, o.HTML, o.XLSX} {
		if out == "" {
			continue
		}
		if out == "-" {
			return schemas.NewFault(schemas.ClassUsage, "needs_out", "format", "plan")
		}
		full := realPath(out)
		if outs[full] {
			return schemas.NewFault(schemas.ClassUsage, "output_twice", "path", out)
		}
		outs[full] = true
	}
	return nil
}

// realPath is where a file that need not be there stands, links followed.
func realPath(path string) string {
	if full, err := filepath.Abs(path); err == nil {
		path = full
	}
	for range 8 {
		target, err := os.Readlink(path)
		if err != nil {
			break
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(path), target)
		}
		path = target
	}
	if folder, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		path = filepath.Join(folder, filepath.Base(path))
	}
	return path
}

// planExit is the exit code of a plan: with detailed, 2 says that changes or holds wait, and
// 10 then means rejects.
func planExit(p *schemas.Plan, detailed bool) int {
	switch {
	case !p.Applicable():
		return 11
	case len(p.Rejects) > 0, len(p.Holds) > 0 && !detailed:
		return 10
	case detailed && len(p.Changes)+len(p.Holds) > 0:
		return 2
	}
	return 0
}

// makePlan reads the sources and the vault, and builds the plan.
func (e *Env) makePlan(ctx context.Context) (*planned, error) {
	policy, err := policyOf(e.Config)
	if err != nil {
		return nil, err
	}
	opened, err := e.openSources()
	if err != nil {
		return nil, err
	}
	decisions, err := e.loadDecisions()
	if err != nil {
		return nil, err
	}
	client, err := e.Connect()
	if err != nil {
		return nil, err
	}
	st, err := e.loadState(client.Identity())
	if err != nil {
		return nil, err
	}
	inv, snap, err := e.readBoth(ctx, opened, client, st)
	if err != nil {
		return nil, err
	}
	p := &planned{client: client, state: st, policy: policy, listed: snap, assets: map[string]string{}}
	e.noticeShapes(st.folder, snap)
	snap = st.memory.Settle(snap, nil)
	now := e.vaultTime(snap)
	p.plan = pipeline.Build(pipeline.Input{Inventory: inv, Snapshot: snap, Memory: st.memory, Decisions: decisions, Policy: policy,
		LastGood: st.good, Now: now, VaultURL: client.Identity(), Client: e.Config.Vault.ClientID,
		Usage: func() *pipeline.Usage { return e.usage(ctx, client.Reader().Borrowing(), now, policy.Limits.InUse) },
		Allow: e.Allow, Print: st.known(), Asset: func(id, asset string) { p.assets[strings.Clone(id)] = strings.Clone(asset) }})
	for i, s := range opened {
		s.Use.Unusable = inv.Sources[i].Use.Unusable
	}
	runtime.GC() // what the planning alone needed is gone before the plan is written
	if ctx.Err() != nil {
		return nil, schemas.NewFault(schemas.ClassInterrupted, "interrupted").Because(context.Cause(ctx))
	}
	e.bind(p, opened)
	return p, nil
}

// readBoth reads the sources and the vault's lists, at the same time; sources that are refused end
// the reading of the vault.
func (e *Env) readBoth(ctx context.Context, opened []*sources.Source, client *vault.Client, st *state) (*pipeline.Inventory, *pipeline.Snapshot, error) {
	var inv *pipeline.Inventory
	var snap *pipeline.Snapshot
	var sourceErr, vaultErr error
	var g sync.WaitGroup
	again := collectSeldom()
	readCtx, cancel := context.WithCancel(ctx)
	defer cancel()
	g.Go(func() {
		if inv, sourceErr = e.readSources(ctx, opened, st.key); sourceErr != nil {
			cancel()
		}
	})
	g.Go(func() { snap, vaultErr = pipeline.TakeSnapshot(readCtx, client.Reader().Borrowing(), e.want()) })
	g.Wait()
	again()
	if err := cmp.Or(sourceErr, vaultErr); err != nil {
		return nil, nil, err
	}
	e.noteSources(opened)
	e.Note("reading_vault", "devices", sinks.Number(e.Lang, int(snap.NumDevices())), "credentials", sinks.Number(e.Lang, int(snap.NumAccounts())))
	if hosts, homeless := snap.Doubles(); hosts+homeless > 0 {
		e.Note("untidy_note", "hosts", e.some(hosts), "homeless", e.some(homeless))
	}
	return inv, snap, nil
}

// bind names the run that made a plan, and writes into the plan what it is bound to: the vault, the
// sources, the policy.
func (e *Env) bind(p *planned, opened []*sources.Source) {
	p.run = NewRun(e.Now())
	p.folder = e.runFolder(p.run)
	plan := p.plan
	plan.Start = e.start(schemas.FormatPlan, p.run, p.client.Identity())
	plan.Start.By = e.operator()
	for i := range plan.Changes {
		plan.Start.Secrets = plan.Start.Secrets || plan.Changes[i].Secret
	}
	plan.Start.Sources = uses(opened, plan.Start.Secrets)
	limits := e.Config.Limits
	limits.Drop = schemas.Limit{} // of a bulk verb alone
	plan.Start.Policy = &schemas.Policy{Devices: e.Config.Devices.Missing, Credentials: e.Config.Credentials.Missing, Keys: missingOf(e.Config.Keys.Sources, e.Config.Keys.Missing), Infos: missingOf(e.Config.Infos.Sources, e.Config.Infos.Missing),
		Reactivate: e.Config.Devices.Reactivate, Secrets: e.Config.Credentials.Secrets,
		Approval: e.Config.Approval.Required(), Limits: limits}
}

// seldom is how far memory may grow, in percent, before it is collected while lists and rows are
// read: they stay, and little else comes with them.
const seldom = 400

// collectSeldom has memory collected less often until again is called.
func collectSeldom() (again func()) {
	percent := debug.SetGCPercent(-1)
	if percent >= 0 {
		debug.SetGCPercent(max(percent, seldom))
	}
	return func() { debug.SetGCPercent(percent) }
}

// want says which lists a plan needs: the credentials too, where they are reconciled or would
// go with a device.
func (e *Env) want() pipeline.Want {
	accounts := len(e.Config.Credentials.Sources)+len(e.Config.Keys.Sources) > 0
	return pipeline.Want{Accounts: accounts || e.Config.Devices.Missing == schemas.MissingInactivate, Tolerate: !accounts, Norm: e.Config.Devices.Normalize, Compare: e.Config.Devices.Manage}
}

func policyOf(c *schemas.Config) (pipeline.Policy, error) {
	p := pipeline.Policy{Devices: c.Devices, Credentials: c.Credentials, Keys: c.Keys, Infos: c.Infos, Limits: c.Limits}
	var err error
	if p.ProtectDevices, err = filter.Parse(c.Devices.Protect); err == nil {
		p.ProtectCredentials, err = filter.Parse(c.Credentials.Protect)
	}
	if err == nil {
		p.ProtectKeys, err = filter.Parse(c.Keys.Protect)
	}
	if err != nil {
		return p, schemas.NewFault(schemas.ClassConfig, "bad_filter", append(filter.Reason(err), "key", "protect")...)
	}
	return p, nil
}

// write writes the plan and its page into the run's folder, and the plan to a second place if
// one is named.
func (p *planned) write(e *Env, out string) (string, error) {
	if err := sinks.MakeRun(p.folder); err != nil {
		return "", err
	}
	return cmp.Or(out, filepath.Join(p.folder, planFile)), e.writePlan(p.folder, p.plan, out)
}

// ReadPlan reads a plan file; its errors are faults of class input that say the way on.
func ReadPlan(path string) (*schemas.Plan, error) {
	fault := func(err error) error {
		return schemas.NewFault(schemas.ClassInput, "plan_unreadable").Because(err).At(schemas.Place{Source: path})
	}
	file, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, schemas.NewFault(schemas.ClassInput, "plan_missing", "path", path)
	}
	if err != nil {
		return nil, fault(err)
	}
	defer file.Close()
	plan, err := schemas.ReadPlan(file)
	if err != nil {
		return nil, fault(err)
	}
	return plan, nil
}

// missingOf is the policy for a kind, "" where none of it are reconciled.
func missingOf(sources []schemas.SourceConfig, missing schemas.Missing) schemas.Missing {
	if len(sources) == 0 {
		return ""
	}
	return missing
}
