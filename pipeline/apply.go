package pipeline

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"pamsync/schemas"
)

// Send makes one call to the vault.
type Send func(ctx context.Context, call schemas.Call) schemas.Answer

// Run is the application of one plan. Journal must return only when the record is on disk:
// no journal record, no call (law 6). It and Progress may be called by several goroutines.
type Run struct {
	Plan    *schemas.Plan
	Past    *Past // what the journal already holds, nil for a new run
	Vault   Lister
	Send    Send
	Journal func(schemas.Record) error
	// Secret reads the password that a change sends from its source again.
	Secret func(c *schemas.Change) (schemas.Secret, error)
	Memory *Memory
	// LastGood knows the ids that earlier runs saw, nil for none.
	LastGood *LastGood
	// Usage reads what the sessions of the last days say, as of a time of the vault's clock; nil
	// where that does not matter.
	Usage   func(ctx context.Context, now time.Time) *Usage
	Policy  Policy
	Brakes  Brakes
	Workers int
	Settle  time.Duration
	Now     func() time.Time
	// Sleep waits, or returns the context's error; Say tells a person what is waited for.
	Sleep    func(ctx context.Context, d time.Duration) error
	Say      func(code string, pairs ...string)
	Progress func(done, total int)

	tasks   []*task
	devices map[string]*task // by folded hostname: the device change that credentials wait for
	listed  schemas.Listed
	latest  *Snapshot // less what is known to be inactive
	raw     *Snapshot // as it was listed
	mu      sync.Mutex
	halted  *schemas.Fault
	usedAt  time.Time // when Usage was read last
	ended   atomic.Int64
	behind  atomic.Bool // the latest list is older than a call of ours
	tempers tempers
	wave    int              // that is under way
	waves   int              // all of them
	bundled []*bundle        // what belongs together
	put     int              // changes that are left to other nights
	differs *schemas.Finding // the first thing that the read-back of a wave found otherwise
}

// stage is where in the order of writes a call belongs (design 6).
type stage int

const (
	stageNone stage = iota
	stageReactivateDevice
	stageReactivateAccount
	stageDevice
	stageAccount
	stageInactivateAccount
	stageInactivateDevice
)

// Apply applies the plan: it reads the lists, checks every change against them, writes in
// order, settles what is in doubt, and reads back. It returns the fault that stopped the run
// early, if any; what became of each change is in the journal alone.
func (r *Run) Apply(ctx context.Context) error {
	if r.Past == nil {
		r.Past = &Past{}
	}
	r.makeTasks()
	r.makeWaves()
	err := r.apply(ctx)
	var fault *schemas.Fault
	if errors.As(err, &fault) && r.latest != nil && r.doubts() > 0 && ctx.Err() == nil {
		switch fault.Class {
		case schemas.ClassInterrupted, schemas.ClassDisk, schemas.ClassBug:
		default:
			// The run is over, but what is in doubt may be settled all the same; where the lists
			// cannot be read it stays unknown.
			_ = r.readBack(ctx)
		}
	}
	return err
}

func (r *Run) apply(ctx context.Context) error {
	if err := r.begin(ctx); err != nil {
		return err
	}
	r.spend()
	return r.applyWaves(ctx)
}

// applyWave makes the changes of one wave, in the order of writes.
func (r *Run) applyWave(ctx context.Context) error {
	if err := r.stages(ctx, stageReactivateDevice, stageReactivateAccount, stageDevice); err != nil {
		return err
	}
	if r.pending(stageAccount) && (r.started(schemas.KindDevice) || r.doubts() > 0) {
		if err := r.readBack(ctx); err != nil {
			return err
		}
		if err := r.stages(ctx, stageReactivateDevice, stageReactivateAccount, stageDevice); err != nil {
			return err
		}
	}
	if err := r.stages(ctx, stageAccount, stageInactivateAccount); err != nil {
		return err
	}
	if r.renames() {
		if err := r.readBack(ctx); err != nil {
			return err
		}
	}
	if err := r.stages(ctx, stageInactivateDevice); err != nil {
		return err
	}
	return r.finish(ctx)
}

// finish reads back until nothing is in doubt: what certainly did nothing is sent once more.
func (r *Run) finish(ctx context.Context) error {
	if !r.started("") && r.doubts() == 0 {
		return nil
	}
	for left, calls := -1, -1; ; {
		if err := r.readBack(ctx); err != nil {
			return err
		}
		leftBefore, callsBefore := left, calls
		left, calls = 0, 0
		for _, t := range r.tasks {
			calls += t.step
			if t.stage != stageNone && t.wave <= r.wave {
				left++
			}
		}
		if left == 0 {
			break
		}
		if left == leftBefore && calls == callsBefore {
			return schemas.NewFault(schemas.ClassBug, "bug", "cause", "changes that wait for one another")
		}
		err := r.stages(ctx, stageReactivateDevice, stageReactivateAccount, stageDevice, stageAccount, stageInactivateAccount, stageInactivateDevice)
		if err != nil {
			return err
		}
	}
	return r.verify()
}

// begin reads the lists, settles what an earlier run left in doubt, and checks the rest.
func (r *Run) begin(ctx context.Context) error {
	if err := r.waitForDoubts(ctx); err != nil {
		return err
	}
	if err := r.read(ctx); err != nil {
		return err
	}
	if r.listed == (schemas.Listed{}) {
		r.listed = r.latest.Highest()
		if err := r.journal(schemas.Record{Listed: &r.listed}); err != nil {
			return err
		}
	}
	for _, t := range r.tasks {
		if err := r.checkTask(t); err != nil {
			return err
		}
	}
	return r.spareUsed(ctx)
}

func (r *Run) checkTask(t *task) error {
	switch {
	case t.stage == stageNone && t.doubt == nil:
		return nil
	case t.doubt != nil:
		return r.settleTask(t)
	case t.step > 0 && t.change.Action != schemas.ActionReactivate:
		return nil // its upsert is done; what is left goes by id
	}
	if t.step == 0 {
		if later := r.LastGood.Overtaken(t.change, r.Plan.Start.Run); later != "" {
			return r.end(t, schemas.StatusSkipped, "stale", schemas.Pairs("why", "named", "later", later))
		}
	}
	switch Check(t.change, r.latest, r.Memory) {
	case already:
		if t.step > 0 {
			return nil
		}
		return r.end(t, schemas.StatusSkipped, "already_done", nil)
	case stale:
		return r.end(t, schemas.StatusSkipped, "stale", nil)
	}
	return nil
}

// Listed is what the vault listed last, nil where nothing was read.
func (r *Run) Listed() *Snapshot { return r.raw }

func (r *Run) pending(s stage) bool {
	for _, t := range r.tasks {
		if t.stage == s && t.wave <= r.wave {
			return true
		}
	}
	return false
}

// started says whether any call was made for records of a kind, "" for any.
func (r *Run) started(kind schemas.Kind) bool {
	for _, t := range r.tasks {
		if t.step > 0 && (kind == "" || t.change.Kind == kind) {
			return true
		}
	}
	return false
}

func (r *Run) doubts() int {
	n := 0
	for _, t := range r.tasks {
		if t.doubt != nil {
			n++
		}
	}
	return n
}

// stages runs stages one after the other.
func (r *Run) stages(ctx context.Context, stages ...stage) error {
	for _, s := range stages {
		if s == stageInactivateAccount || s == stageInactivateDevice {
			if err := r.lookBefore(ctx, s); err != nil {
				return err
			}
		}
		if err := r.stage(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// stage makes the calls of one stage with the workers; those of one device one after another.
func (r *Run) stage(ctx context.Context, s stage) error {
	var groups [][]*task
	at := map[string]int{}
	for _, t := range r.tasks {
		if t.stage != s || t.doubt != nil || t.wave > r.wave {
			continue
		}
		key := fold(orText(t.change.Device, t.change.Key))
		i, ok := at[key]
		if !ok {
			i = len(groups)
			at[key] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], t)
	}
	var g errgroup.Group
	g.SetLimit(max(r.Workers, 1))
	for _, group := range groups {
		if r.stopped(ctx) != nil {
			break
		}
		g.Go(func() error {
			for _, t := range group {
				if err := r.work(ctx, t); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return r.stopped(ctx)
}

// stopped is the reason not to make another call, nil for none.
func (r *Run) stopped(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.halted != nil {
		return r.halted
	}
	if r.Brakes.Closed != nil {
		if closed := r.Brakes.Closed(r.Now()); closed != nil {
			r.halted = closed
			return closed
		}
	}
	if ctx.Err() != nil {
		var fault *schemas.Fault
		if errors.As(context.Cause(ctx), &fault) {
			return fault
		}
		return schemas.NewFault(schemas.ClassInterrupted, "interrupted").Because(context.Cause(ctx))
	}
	return nil
}

func (r *Run) halt(f *schemas.Fault) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.halted == nil {
		r.halted = f
	}
}

// journal writes a record; a journal that cannot be written ends all calls.
func (r *Run) journal(rec schemas.Record) error {
	if err := r.Journal(rec); err != nil {
		var fault *schemas.Fault
		if !errors.As(err, &fault) {
			fault = schemas.NewFault(schemas.ClassDisk, "journal_failed").Because(err)
		}
		r.halt(fault)
		return fault
	}
	return nil
}

// end writes how a change ended.
func (r *Run) end(t *task, status schemas.Status, code string, args schemas.Args) error {
	return r.endWith(t, schemas.Outcome{Status: status, Code: code, Args: args})
}

func (r *Run) endWith(t *task, o schemas.Outcome) error {
	o.Change, o.Step, o.Final, o.At = t.change.ID, t.step, true, r.stamp()
	if o.VaultID == "" {
		o.VaultID = t.id
	}
	t.status, t.code, t.stage, t.doubt = o.Status, o.Code, stageNone, nil
	if o.Status == schemas.StatusFailed {
		r.countFailed()
	}
	if err := r.journal(schemas.Record{Outcome: &o}); err != nil {
		return err
	}
	n := r.ended.Add(1)
	if r.Progress != nil {
		r.Progress(int(n), len(r.tasks))
	}
	return nil
}

func (r *Run) stamp() string { return r.Now().UTC().Format(time.RFC3339Nano) }
