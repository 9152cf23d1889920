package pipeline

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"pamsync/schemas"
)

// Reading reads the records of a plan with their secrets, some side by side. What is read is given to Keep,
// which returns when it is on disk, encrypted; the journal says of each call beforehand that it is made, and
// afterwards how it ended (law 6). Keep, Journal, Audit and Progress may be called by several goroutines.
type Reading struct {
	Plan *schemas.Plan
	Past *Past // what the journal already holds, nil for a new run
	// Read asks for one record; problem is set where the answer is of no use.
	Read func(ctx context.Context, kind schemas.Kind, ref schemas.Ref) (r schemas.SecretRecord, a schemas.Answer, problem *schemas.Problem)
	// Release gives the custody of a credential back.
	Release  Send
	Keep     func(c *schemas.Change, r *schemas.SecretRecord) error
	Kept     func(change string) bool
	Empty    func(change string) bool // that what is kept has no secret
	Journal  func(schemas.Record) error
	Audit    func(schemas.Audit) error
	OnRecord func(verb schemas.Verb, c *schemas.Change) bool // that it was done
	Brakes   Brakes
	Workers  int
	Now      func() time.Time
	Progress func(done, total int)
}

// custodyKept is the code of a credential that was read, and whose custody could not be given back.
const custodyKept = "custody_kept"

// secretEmpty is the code of a record that was read, and in which the vault keeps no secret.
const secretEmpty = "secret_empty"

// otherName is the code of a record that was read by its id, and calls itself otherwise than the list does.
const otherName = "other_name"

// notInCustody is the vault's code for custody that there is none to give back of (vault-api a.8).
const notInCustody = 1018

// readAttempts is how often a call is made whose answer was lost: custody that was taken already is taken
// again, or given back, which does no harm (vault-api c.9).
const readAttempts = 3

// Go reads what is not read yet. It returns the fault that stopped it early, if any; what became of each
// record is in the journal.
func (d *Reading) Go(ctx context.Context) error {
	r := secretRun{of: d, Run: &Run{Plan: d.Plan, Past: d.Past, Journal: d.Journal, Brakes: d.Brakes, Workers: d.Workers, Now: d.Now, Progress: d.Progress}}
	for i := range d.Plan.Changes {
		c := &d.Plan.Changes[i]
		r.tasks = append(r.tasks, &task{change: c, id: c.VaultID, step: d.Past.of(c.ID).step})
	}
	if err := r.tellUnknown(); err != nil {
		return err
	}
	var g errgroup.Group
	g.SetLimit(max(d.Workers, 1))
	for _, t := range r.tasks {
		if r.finished(t) {
			r.ended.Add(1)
			continue
		}
		if r.stopped(ctx) != nil {
			break
		}
		g.Go(func() error { return r.one(ctx, t) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return r.stopped(ctx)
}

// secretRun is a Reading under way; what it has of a Run are its journal, its brakes and its count.
type secretRun struct {
	*Run
	of *Reading
}

// finished says whether nothing is left to do for a record.
func (r *secretRun) finished(t *task) bool {
	p := r.of.Past.of(t.change.ID)
	return p.final && (p.status != schemas.StatusDone || r.of.Kept(t.change.ID))
}

// tellUnknown puts the calls of a run that was killed on record: those of which nobody knows what became, and
// readings that are kept and were not on record yet.
func (r *secretRun) tellUnknown() error {
	for _, t := range r.tasks {
		p := r.of.Past.of(t.change.ID)
		if p.final || !p.doubtful {
			continue
		}
		verb, outcome, effect := schemas.VerbRead, schemas.StatusUnknown, schemas.EffectInDoubt
		switch {
		case r.released(t):
			continue
		case r.of.Kept(t.change.ID) && p.done > 0:
			verb = schemas.VerbRelease
		case r.of.Kept(t.change.ID) && r.of.OnRecord(verb, t.change):
			continue
		case r.of.Kept(t.change.ID):
			outcome, effect = schemas.StatusDone, schemas.EffectDone
		}
		code := ""
		if outcome == schemas.StatusUnknown {
			code = "no_outcome"
		}
		if err := r.audit(t, verb, outcome, code, 0, r.custody(t, effect)); err != nil {
			return err
		}
	}
	return nil
}

// released says that a record is kept and that its custody is on record as given back: the run was killed before
// the journal had it. Asking once more would give back what a person may have taken since.
func (r *secretRun) released(t *task) bool {
	return r.of.Kept(t.change.ID) && r.of.OnRecord(schemas.VerbRelease, t.change)
}

// custody is what a call may have done to the custody of a record.
func (r *secretRun) custody(t *task, e schemas.Effect) schemas.Custody {
	switch {
	case t.change.Kind != schemas.KindCredential:
		return schemas.CustodyNone
	case e == schemas.EffectDone:
		return schemas.CustodyTaken
	case e == schemas.EffectInDoubt:
		return schemas.CustodyUnknown
	}
	return schemas.CustodyNone
}

// ref is what the vault is asked for a record by.
func ref(c *schemas.Change) schemas.Ref {
	if c.VaultID == "" { // protected information
		return schemas.Ref{Identifier: c.Key}
	}
	return schemas.Ref{ID: c.VaultID}
}

// one reads one record, keeps it, and gives its custody back where that was asked for.
func (r *secretRun) one(ctx context.Context, t *task) error {
	release := r.Plan.Start.Reading.Release && t.change.Kind == schemas.KindCredential
	if r.of.Kept(t.change.ID) {
		o := schemas.Outcome{Status: schemas.StatusDone, Effect: schemas.EffectDone, VaultID: t.change.VaultID}
		if r.of.Empty(t.change.ID) {
			o.Code, o.Args = secretEmpty, schemas.Pairs("kind", string(t.change.Kind))
		}
		if !release || r.released(t) {
			return r.endWith(t, o)
		}
		return r.release(ctx, t, o)
	}
	record, answer, problem, err := r.ask(ctx, t)
	if err != nil || answer.Effect == schemas.EffectNotSent {
		return err
	}
	o := schemas.Outcome{Status: schemas.StatusFailed, Effect: answer.Effect, HTTP: answer.HTTP, Attempts: answer.Attempts}
	switch {
	case problem != nil:
		o.Code, o.Args = problem.Code, problem.Args
	case answer.Effect == schemas.EffectInDoubt && answer.HTTP < 300:
		o.Code, o.Args = "no_answer", schemas.Pairs("why", lostCall(t, schemas.VerbRead), "cause", answer.Message)
	case answer.Effect != schemas.EffectDone:
		o.Code, o.Args = refusalWords(answer)
		o.Args["why"] = string(schemas.ActionRead)
	}
	if o.Code != "" {
		if err := r.audit(t, schemas.VerbRead, o.Status, o.Code, o.HTTP, r.custody(t, answer.Effect)); err != nil {
			return err
		}
		if release && answer.Effect == schemas.EffectDone { // the vault gave its custody with what is of no use
			return r.releaseRead(ctx, t, o)
		}
		return r.endWith(t, o)
	}
	if err := r.of.Keep(t.change, &record); err != nil {
		return r.broken(err)
	}
	if err := r.audit(t, schemas.VerbRead, schemas.StatusDone, "", o.HTTP, r.custody(t, answer.Effect)); err != nil {
		return err
	}
	o.Status, o.VaultID = schemas.StatusDone, record.ID
	switch {
	case record.Secret.Empty():
		o.Code, o.Args = secretEmpty, schemas.Pairs("kind", string(t.change.Kind))
	case otherAccount(t.change, &record):
		o.Code, o.Args = otherName, schemas.Pairs("named", CredentialKey(record.Username, record.Hostname))
	}
	if !release {
		return r.endWith(t, o)
	}
	return r.releaseRead(ctx, t, o)
}

// releaseRead journals a reading that the vault answered, and gives its custody back.
func (r *secretRun) releaseRead(ctx context.Context, t *task, o schemas.Outcome) error {
	read := schemas.Outcome{Change: t.change.ID, Step: t.step, Effect: o.Effect, VaultID: o.VaultID, HTTP: o.HTTP, Attempts: o.Attempts, At: r.stamp()}
	if err := r.journal(schemas.Record{Outcome: &read}); err != nil {
		return err
	}
	o.Attempts = 0 // they are told
	return r.release(ctx, t, o)
}

// ask reads a record, and again where the answer was lost. What the run cannot end the record by is
// journalled here, and told as not sent.
func (r *secretRun) ask(ctx context.Context, t *task) (schemas.SecretRecord, schemas.Answer, *schemas.Problem, error) {
	doubt, attempts := false, 0
	for try := 1; ; try++ {
		if err := r.stopped(ctx); err != nil {
			return schemas.SecretRecord{}, schemas.Answer{}, nil, err
		}
		if err := r.announce(t, schemas.VerbRead); err != nil {
			return schemas.SecretRecord{}, schemas.Answer{}, nil, err
		}
		record, answer, problem := r.of.Read(ctx, t.change.Kind, ref(t.change))
		attempts += answer.Attempts
		answer.Attempts = attempts
		if answer.Stop != nil {
			r.halt(answer.Stop)
		}
		doubt = doubt || answer.Effect == schemas.EffectInDoubt
		switch {
		case answer.Stop != nil || answer.Effect == schemas.EffectNotSent || answer.Effect == schemas.EffectInDoubt && ctx.Err() != nil:
			err := r.unended(t, schemas.VerbRead, answer, doubt)
			answer.Effect = schemas.EffectNotSent
			return record, answer, nil, err
		default:
			r.weigh(answer.Effect != schemas.EffectDone || problem != nil)
		}
		if answer.Effect != schemas.EffectInDoubt || try == readAttempts {
			return record, answer, problem, nil
		}
	}
}

// announce journals a call that is about to be made.
func (r *secretRun) announce(t *task, verb schemas.Verb) error {
	t.step++
	return r.journal(schemas.Record{Intent: &schemas.Intent{Change: t.change.ID, Step: t.step, Verb: verb, Kind: t.change.Kind, ID: ref(t.change).Text(), At: r.stamp()}})
}

// unended journals a call that a resumed run makes again: it was not processed, or nobody knows.
func (r *secretRun) unended(t *task, verb schemas.Verb, answer schemas.Answer, doubt bool) error {
	o := schemas.Outcome{Change: t.change.ID, Step: t.step, Effect: schemas.EffectNotSent, Code: "not_sent", HTTP: answer.HTTP, Attempts: answer.Attempts, At: r.stamp()}
	status := schemas.StatusSkipped
	if doubt {
		o.Effect, o.Code, o.Args = schemas.EffectInDoubt, "no_answer", schemas.Pairs("why", lostCall(t, verb), "cause", answer.Message)
		status = schemas.StatusUnknown
	}
	if err := r.audit(t, verb, status, o.Code, answer.HTTP, r.custody(t, o.Effect)); err != nil {
		return err
	}
	return r.journal(schemas.Record{Outcome: &o})
}

// lostCall says what nobody knows of a call whose answer was lost: no list shows custody.
func lostCall(t *task, verb schemas.Verb) string {
	switch {
	case verb == schemas.VerbRelease:
		return "release"
	case t.change.Kind == schemas.KindCredential:
		return "read"
	}
	return "read_only" // it takes no custody
}

// release gives the custody of a credential back that is read, and kept or of no use. Where the vault refuses, the
// record is as read as it was, and a person is told.
func (r *secretRun) release(ctx context.Context, t *task, o schemas.Outcome) error {
	for try := 1; ; try++ {
		if err := r.stopped(ctx); err != nil {
			return err
		}
		if err := r.announce(t, schemas.VerbRelease); err != nil {
			return err
		}
		answer := r.of.Release(ctx, schemas.Call{Verb: schemas.VerbRelease, Kind: t.change.Kind, ID: t.change.VaultID})
		o.Attempts += answer.Attempts
		if answer.Stop != nil {
			r.halt(answer.Stop)
		}
		doubt := answer.Effect == schemas.EffectInDoubt
		if answer.Effect == schemas.EffectNotSent {
			answer.Attempts = o.Attempts
			return r.unended(t, schemas.VerbRelease, answer, try > 1)
		}
		given := answer.Effect == schemas.EffectDone || answer.Code == notInCustody
		r.weigh(!given)
		if doubt && try < readAttempts && answer.Stop == nil {
			continue
		}
		o.Effect, o.HTTP = answer.Effect, answer.HTTP
		status, custody, code := schemas.StatusDone, schemas.CustodyReleased, ""
		if !given {
			status, custody = schemas.StatusFailed, schemas.CustodyKept
			code, _ = refusalWords(answer)
			args := schemas.Pairs("answer", code, "message", answer.Message)
			if o.Status == schemas.StatusFailed {
				args["why"], args["problem"] = "unread", o.Code
			}
			o.Code, o.Args = custodyKept, args
		}
		if doubt {
			status, custody = schemas.StatusUnknown, schemas.CustodyUnknown
		}
		if err := r.audit(t, schemas.VerbRelease, status, code, answer.HTTP, custody); err != nil {
			return err
		}
		return r.endWith(t, o)
	}
}

func (r *secretRun) audit(t *task, verb schemas.Verb, outcome schemas.Status, code string, http int, custody schemas.Custody) error {
	err := r.of.Audit(schemas.Audit{At: r.stamp(), Verb: verb, Kind: t.change.Kind, VaultID: t.id, Key: t.change.Key,
		Outcome: outcome, Code: code, HTTP: http, Custody: custody})
	if err != nil {
		return r.broken(err)
	}
	return nil
}

// broken ends all calls: what is read could not be kept, or not be put on record.
func (r *secretRun) broken(err error) error {
	var fault *schemas.Fault
	if !errors.As(err, &fault) {
		fault = schemas.NewFault(schemas.ClassBug, "bug").Because(err)
	}
	r.halt(fault)
	return fault
}

// otherAccount tells a record of the right id that says it is another account than the one which the list has
// under it.
func otherAccount(c *schemas.Change, r *schemas.SecretRecord) bool {
	return c.Device != "" && r.Username != "" && r.Hostname != "" && fold(CredentialKey(r.Username, r.Hostname)) != fold(c.Key)
}
