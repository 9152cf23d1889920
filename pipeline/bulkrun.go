package pipeline

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"

	"pamsync/schemas"
)

// Bulk carries out the plan of one bulk verb: what it asks for needs no order, and is journalled, paced,
// stopped and settled as the changes of a Run are.
type Bulk struct {
	Run
	// Look reads how the records of the plan stand in the vault.
	Look func(ctx context.Context) (Sight, error)
	// Do makes the call of a change. It must tell nobody what the answer holds but him who asked for it.
	Do func(ctx context.Context, c *schemas.Change) schemas.Answer
	// Before is asked before each call is announced, nil for nothing to ask; an error ends the run.
	Before func(ctx context.Context, c *schemas.Change) error

	sight Sight
}

// Sight tells how the record of a change stands.
type Sight func(c *schemas.Change) Stand

// Stand is how a record stands in the vault.
type Stand int

// What is asked for can be done; it is so already; the record is not listed as it was planned; or nobody can
// say from what is listed.
const (
	StandReady Stand = iota
	StandOver
	StandGone
	StandUnclear
)

// over says whether nothing is left to be done.
func (s Stand) over() bool { return s == StandOver || s == StandGone }

// listShows says whether the vault's list tells afterwards what a call did: of a session that it ended, and
// of no custody and no URL.
func (b *Bulk) listShows() bool { return b.Plan.Start.Bulk == schemas.ActionDrop }

// Apply makes the calls of the plan, and looks at what came of them. It returns the fault that stopped
// the run early, if any; what became of each change is in the journal alone.
func (b *Bulk) Apply(ctx context.Context) error {
	if b.Past == nil {
		b.Past = &Past{}
	}
	b.makeTasks()
	for _, t := range b.tasks {
		p := b.Past.of(t.change.ID)
		t.said = p.stepDone && !p.final
	}
	err := b.apply(ctx)
	var fault *schemas.Fault
	if errors.As(err, &fault) && b.sight != nil && ctx.Err() == nil {
		switch fault.Class {
		case schemas.ClassInterrupted, schemas.ClassDisk, schemas.ClassBug:
		default:
			_ = b.confirm(ctx) // what the list does not tell stays unknown
		}
	}
	return err
}

func (b *Bulk) apply(ctx context.Context) error {
	if err := b.begin(ctx); err != nil {
		return err
	}
	var g errgroup.Group
	g.SetLimit(max(b.Workers, 1))
	for _, t := range b.tasks {
		if t.stage == stageNone || t.doubt != nil || b.awaits(t) {
			continue
		}
		if b.stopped(ctx) != nil {
			break
		}
		g.Go(func() error { return b.make(ctx, t) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	if err := b.stopped(ctx); err != nil {
		return err
	}
	return b.confirm(ctx)
}

// begin settles what an earlier part of the run announced, and looks at every record before it is called.
func (b *Bulk) begin(ctx context.Context) error {
	if !b.listShows() {
		for _, t := range b.tasks {
			if t.doubt != nil { // announced by a part that was killed: it is not sent again
				if err := b.unknown(t, "interrupted"); err != nil {
					return err
				}
			}
		}
	}
	if err := b.waitForDoubts(ctx); err != nil {
		return err
	}
	sight, err := b.Look(ctx)
	if err != nil {
		return err
	}
	b.sight = sight
	for _, t := range b.tasks {
		if err := b.beginTask(t); err != nil {
			return err
		}
	}
	return nil
}

func (b *Bulk) beginTask(t *task) error {
	if t.stage == stageNone {
		return nil
	}
	if t.doubt != nil && t.doubt.resend && b.sight(t.change) == StandReady {
		t.doubt = nil // announced by a part that was killed, and the list shows that it did nothing
		return nil
	}
	if t.doubt != nil || b.awaits(t) {
		return b.settleBy(t)
	}
	switch b.sight(t.change) {
	case StandOver:
		return b.end(t, schemas.StatusSkipped, "already_ended", nil)
	case StandGone:
		return b.end(t, schemas.StatusSkipped, "stale", nil)
	case StandUnclear:
		return b.end(t, schemas.StatusSkipped, EndUnreadCode, nil)
	}
	return nil
}

// awaits says whether the vault said yes to the call of a change, and the list is yet to show it.
func (b *Bulk) awaits(t *task) bool {
	return t.said && t.stage != stageNone && t.doubt == nil
}

// make makes the call of a change.
func (b *Bulk) make(ctx context.Context, t *task) error {
	if err := b.stopped(ctx); err != nil {
		return err
	}
	if b.Before != nil {
		if err := b.Before(ctx, t.change); err != nil {
			return err
		}
	}
	call := schemas.Call{Kind: t.change.Kind, ID: t.change.VaultID, Verb: map[schemas.Action]schemas.Verb{schemas.ActionDrop: schemas.VerbDrop,
		schemas.ActionRelease: schemas.VerbRelease, schemas.ActionOpen: schemas.VerbOpen}[t.change.Action]}
	answer, err := b.callBy(t, call, func() schemas.Answer { return b.Do(ctx, t.change) })
	if err != nil || answer.Effect == schemas.EffectNotSent {
		return err
	}
	if answer.Stop != nil {
		b.halt(answer.Stop)
	}
	answer.ID = "" // the change names its record
	notHeld := answer.Effect == schemas.EffectRefused && t.change.Action == schemas.ActionRelease && answer.Code == codeNotInCustody
	b.weigh(answer.Effect != schemas.EffectDone && !notHeld)
	o := schemas.Outcome{Effect: answer.Effect, HTTP: answer.HTTP, Attempts: answer.Attempts}
	switch {
	case answer.Effect == schemas.EffectDone && b.listShows():
		t.said = true
		return b.stepDone(t, answer)
	case answer.Effect == schemas.EffectDone:
		o.Status = schemas.StatusDone
	case notHeld:
		o.Status, o.Code = schemas.StatusSkipped, NotInCustody
	case b.listShows():
		return b.parkRefused(t, answer)
	case answer.Effect == schemas.EffectRefused:
		o.Status = schemas.StatusFailed
		o.Code, o.Args = refusalWords(answer)
		o.Args["why"] = string(t.change.Action)
	default:
		o.Status, o.Code, o.Args = schemas.StatusUnknown, string(t.change.Action)+"_unknown", schemas.Pairs("cause", answer.Message)
	}
	return b.endWith(t, o)
}

// codeNotInCustody is the vault's answer to a release of what nobody of ours holds (vault-api a.8).
const codeNotInCustody = 1018

// parkRefused sets a call aside that brought no yes, until the list tells.
func (b *Bulk) parkRefused(t *task, answer schemas.Answer) error {
	if answer.Effect != schemas.EffectRefused {
		return b.park(t, answer)
	}
	code, args := refusalWords(answer)
	t.doubt = &doubt{code: code, args: args, refusal: max(answer.Code, 1)}
	return b.journal(schemas.Record{Outcome: &schemas.Outcome{Change: t.change.ID, Step: t.step, Effect: schemas.EffectInDoubt,
		Refusal: t.doubt.refusal, Code: code, Args: args, HTTP: answer.HTTP, Attempts: answer.Attempts, At: b.stamp()}})
}

func (b *Bulk) unknown(t *task, cause string) error {
	return b.end(t, schemas.StatusUnknown, string(t.change.Action)+"_unknown", schemas.Pairs("cause", cause))
}

// confirm reads the list and ends the changes that wait for it. A vault may need a moment to show what it
// did: where it does not show all of it, it is read once more.
func (b *Bulk) confirm(ctx context.Context) error {
	waiting := func() (n int, open bool) {
		for _, t := range b.tasks {
			if t.stage != stageNone && (t.doubt != nil || b.awaits(t)) {
				n++
				open = open || t.doubt == nil && !b.sight(t.change).over()
			}
		}
		return n, open
	}
	if n, _ := waiting(); n == 0 {
		return nil
	}
	if err := b.waitForDoubts(ctx); err != nil {
		return err
	}
	for again := false; ; again = true {
		sight, err := b.Look(ctx)
		if err != nil {
			return err
		}
		b.sight = sight
		if _, open := waiting(); !open || again || b.Settle <= 0 {
			break
		}
		if b.Say != nil {
			b.Say("still_open_wait", "time", b.Settle.String())
		}
		if err := b.Sleep(ctx, b.Settle); err != nil {
			return err
		}
	}
	for _, t := range b.tasks {
		if t.stage != stageNone && (t.doubt != nil || b.awaits(t)) {
			if err := b.settleBy(t); err != nil {
				return err
			}
		}
	}
	return nil
}

// settleBy ends a change by what the list shows of it.
func (b *Bulk) settleBy(t *task) error {
	stand, d := b.sight(t.change), t.doubt
	over := stand.over()
	switch {
	case stand == StandUnclear:
		return b.end(t, schemas.StatusUnknown, EndUnreadCode, nil)
	case over && d == nil:
		return b.end(t, schemas.StatusDone, "dropped", schemas.Pairs("reason", t.change.Reason.Value))
	case over && d.refusal != 0:
		return b.end(t, schemas.StatusSkipped, "already_ended", nil)
	case over:
		return b.end(t, schemas.StatusDone, "settled", schemas.Pairs("why", "drop", "reason", t.change.Reason.Value))
	case d == nil:
		return b.end(t, schemas.StatusFailed, "still_open", nil)
	}
	return b.end(t, schemas.StatusFailed, d.code, d.args)
}
