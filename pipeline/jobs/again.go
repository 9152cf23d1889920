package jobs

import (
	"context"
	"slices"

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/sinks"
)

// Retry plans the rows of a run that failed, or of which nobody knows, once more from the sources that
// the run had, which must not have changed since. It writes nothing to the vault.
func Retry(ctx context.Context, e *Env, run string, o PlanOptions) (Outcome, error) {
	if err := o.distinct(); err != nil {
		return Outcome{}, err
	}
	former, err := e.endedRun(run)
	if err != nil {
		return Outcome{}, err
	}
	if !former.plan.Start.OfInventory() && former.plan.Start.Retry == "" {
		return Outcome{}, schemas.NewFault(schemas.ClassInput, "retry_undo", "run", former.name, "undone", former.plan.Start.Undo)
	}
	failed := pipeline.FailedOf(former.plan, former.past)
	if failed.Empty() {
		e.Note("retry_nothing", "run", former.name)
		return Outcome{Verdict: "verdict_0_nothing"}, nil
	}
	e.sourcesOf(former)
	if err := e.spares(former, o); err != nil {
		return Outcome{}, err
	}
	if err := e.unchangedSources(former, failed); err != nil {
		return Outcome{}, err
	}
	e.secretsOf(former, failed)
	p, err := e.makePlan(ctx)
	if err != nil {
		return Outcome{}, err
	}
	if err := sameSources(former, failed, p.plan.Start.Sources); err != nil {
		return Outcome{}, err
	}
	p.plan = pipeline.Again(p.plan, failed, pipeline.Input{Inventory: &pipeline.Inventory{}, Snapshot: p.state.memory.Settle(p.listed, nil), Memory: p.state.memory, Policy: p.policy})
	p.plan.Start.Retry = former.name
	p.plan.Start.Secrets = slices.ContainsFunc(p.plan.Changes, func(c schemas.Change) bool { return c.Secret })
	p.listed = nil
	return p.finish(e, o)
}

// sourcesOf takes the sources from the plan of a run where neither the configuration nor the command
// line names any: they were named on the command line of that run.
func (e *Env) sourcesOf(former *formerRun) {
	if len(e.Config.Devices.Sources)+len(e.Config.Credentials.Sources) > 0 {
		return
	}
	var devices, credentials []schemas.SourceConfig
	for i := range former.plan.Start.Sources {
		use := &former.plan.Start.Sources[i]
		if use.Kind == schemas.KindDevice {
			devices = append(devices, sourceAgain(e.Config, use))
		} else {
			credentials = append(credentials, sourceAgain(e.Config, use))
		}
	}
	e.Config.Devices.Sources, e.Config.Credentials.Sources = devices, credentials
}

// unchangedSources refuses a retry of rows whose source has changed before the vault is asked for
// anything: a row's number finds another row by then.
func (e *Env) unchangedSources(former *formerRun, failed *pipeline.Failed) error {
	var faults Faults
	for i := range former.plan.Start.Sources {
		use := &former.plan.Start.Sources[i]
		if !failed.From(use) {
			continue
		}
		path := sourceAgain(e.Config, use).Path
		sum, err := sinks.HashFile(path)
		switch {
		case !exists(path):
			faults = append(faults, retryFault("retry_gone", former, use))
		case err != nil:
			faults = append(faults, retryFault("retry_unread", former, use).Because(rootCause(err)))
		case sum != use.SHA256:
			faults = append(faults, retryFault("retry_changed", former, use))
		}
	}
	return faults.err()
}

// secretsOf reads the passwords of rows that are tried again where the former run sent them: an account
// that was to have one is not made without.
func (e *Env) secretsOf(former *formerRun, failed *pipeline.Failed) {
	if failed.Secrets() && e.Config.Credentials.Secrets == schemas.SecretsNever && former.plan.Start.Policy != nil {
		e.Config.Credentials.Secrets = former.plan.Start.Policy.Secrets
		e.Note("retry_secrets", "run", former.name)
	}
}

// sameSources holds the sources as they were just read against those of the former run.
func sameSources(former *formerRun, failed *pipeline.Failed, now []schemas.SourceUse) error {
	for i := range former.plan.Start.Sources {
		use := &former.plan.Start.Sources[i]
		if !failed.From(use) {
			continue
		}
		at := slices.IndexFunc(now, func(s schemas.SourceUse) bool { return s.Kind == use.Kind && s.Path == use.Path })
		switch {
		case at < 0:
			return retryFault("retry_other", former, use)
		case now[at].SHA256 != use.SHA256:
			return retryFault("retry_changed", former, use)
		}
	}
	return nil
}

func retryFault(code string, former *formerRun, use *schemas.SourceUse) *schemas.Fault {
	return schemas.NewFault(schemas.ClassInput, code, "run", former.name, "source", use.Path).At(schemas.Place{Source: use.Path})
}
