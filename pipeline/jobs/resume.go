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

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/sinks"
)

// Resume goes on with a run that was left unfinished; run "" means the latest.
// settled are what a person found of changes that nobody knows of, as ID=done and ID=absent.
func Resume(ctx context.Context, e *Env, run string, dryRun bool, settled ...string) (Outcome, error) {
	if !dryRun {
		if err := e.canAsk(); err != nil {
			return Outcome{}, err
		}
	}
	folder, err := e.findRun(run)
	if err != nil {
		return Outcome{}, err
	}
	plan, err := ReadPlan(filepath.Join(folder, planFile))
	if err != nil {
		return Outcome{}, err
	}
	if plan.Start.Bulk != "" {
		return e.resumeBulk(ctx, plan, folder, dryRun)
	}
	if plan.Start.Reading != nil {
		return e.resumeSecrets(ctx, folder, plan, dryRun)
	}
	a, err := e.application(plan)
	if err != nil {
		return Outcome{}, err
	}
	a.run, a.folder = filepath.Base(folder), folder
	if dryRun {
		return a.dryResume(ctx)
	}
	held, err := e.lock(ctx, a.client.Identity(), a.run)
	if err != nil {
		return Outcome{Run: a.run}, err
	}
	defer held.release()
	a.settled = settled
	return a.resume(ctx, held)
}

// dryResume says what resume would do now.
func (a *application) dryResume(ctx context.Context) (Outcome, error) {
	past, _, err := a.readOwn()
	switch {
	case errors.Is(err, errUnborn): // it would begin anew
		return a.dryRun(ctx)
	case err != nil:
		return Outcome{Run: a.run}, err
	}
	a.past = past
	if past.Finished() {
		a.e.Note("dry_finished", "run", a.run)
		a.e.Note("dry_run")
		return Outcome{Run: a.run, Verdict: "verdict_dry_run"}, nil
	}
	if err := a.e.superseded(a.run, a.plan.Digest, a.client.Identity()); err != nil {
		return Outcome{Run: a.run}, err
	}
	return a.dryRun(ctx)
}

// resume goes on with the run under the lock, which the caller holds.
func (a *application) resume(ctx context.Context, held locks) (Outcome, error) {
	out := Outcome{Run: a.run}
	var err error
	if a.state, err = a.e.loadState(a.client.Identity()); err != nil {
		return out, err
	}
	a.e.sweep(a.folder)
	a.e.sweep(a.state.folder)
	a.past, a.end, err = a.readOwn()
	if errors.Is(err, errUnborn) {
		return a.beginAnew(ctx, held)
	}
	if err != nil {
		return out, err
	}
	if len(a.settled) > 0 {
		return a.settle(ctx, a.settled)
	}
	if a.past.Finished() {
		return a.report(a.past.Finish.Exit)
	}
	if err := a.checkResumed(); err != nil {
		return out, err
	}
	if err := a.e.mayGoOn(); err != nil {
		return out, err
	}
	if err := a.e.superseded(a.run, a.plan.Digest, a.client.Identity()); err != nil {
		return out, err
	}
	if err := a.readSecrets(); err != nil {
		return out, err
	}
	journal, cut, err := sinks.ReopenJournal(a.journalPath(), a.end)
	if err != nil {
		return out, err
	}
	if cut > 0 {
		a.e.Warn(schemas.Problem{Code: "journal_healed", Args: schemas.Args{"run": a.run, "bytes": strconv.FormatInt(cut, 10)}})
	}
	return a.carry(ctx, journal)
}

// beginAnew begins a run that was killed before the first record of its journal: nothing was sent.
func (a *application) beginAnew(ctx context.Context, held locks) (Outcome, error) {
	out := Outcome{Run: a.run}
	if err := a.checkApproval(a.planPath(), false); err != nil {
		return out, err
	}
	if err := a.e.superseded(a.run, a.plan.Digest, a.client.Identity()); err != nil {
		return out, err
	}
	if len(a.plan.Changes) > 0 {
		if err := a.e.confirm(ctx, a.plan, a.client.Identity()); err != nil {
			return out, err
		}
	}
	if err := os.Remove(a.journalPath()); err != nil {
		return out, schemas.NewFault(schemas.ClassDisk, "journal_failed").Because(err)
	}
	return a.begin(ctx, held)
}

// findRun finds the folder of a run, or of the latest run that has a journal.
func (e *Env) findRun(run string) (string, error) {
	if run != "" {
		return e.namedRun(run)
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

// namedRun finds the folder of a run that applied a plan by its name, or by its folder.
func (e *Env) namedRun(run string) (string, error) {
	name := filepath.Base(run)
	folder := e.runFolder(name)
	missing := func(code string) error {
		return schemas.NewFault(schemas.ClassUsage, code, "run", run, "folder", e.Config.Reports)
	}
	switch {
	case strings.Trim(name, ".") == "" || strings.ContainsRune(name, filepath.Separator):
		return "", missing("run_missing")
	case exists(journalIn(folder)):
		return folder, nil
	case !exists(folder):
		return "", missing("run_missing")
	case exists(filepath.Join(folder, resultFile)):
		return "", journalless(name)
	}
	return "", missing("run_planned")
}

// errUnborn tells a journal without a single whole record.
var errUnborn = errors.New("it holds no record")

// readOwn reads the journal of the run, which must be about it and its plan.
func (a *application) readOwn() (*pipeline.Past, schemas.JournalEnd, error) {
	past, end, err := readJournal(a.journalPath(), a.run)
	switch {
	case err != nil:
	case past.Start.Run != a.run:
		err = brokenJournal(a.run, "why", "run", "other", past.Start.Run)
	case past.Start.Plan != a.plan.Digest:
		err = brokenJournal(a.run, "why", "plan")
	}
	return past, end, err
}

func brokenJournal(run string, pairs ...string) *schemas.Fault {
	return schemas.NewFault(schemas.ClassInput, "journal_broken", append([]string{"run", run}, pairs...)...)
}

// unreadJournal tells a journal that the disk does not give: nothing says that it is damaged.
func unreadJournal(run string, err error) *schemas.Fault {
	return schemas.NewFault(schemas.ClassDisk, "journal_unread", "run", run).Because(err)
}

// readJournal reads a journal; a torn tail, which a crash leaves, is not read.
func readJournal(path, run string) (*pipeline.Past, schemas.JournalEnd, error) {
	past := &pipeline.Past{}
	end, err := walkJournal(path, run, past.Take)
	if err != nil {
		return nil, schemas.JournalEnd{}, err
	}
	return past, end, nil
}

// walkJournal gives each record of a journal to take, in order, and says where the whole ones end.
func walkJournal(path, run string, take func(schemas.Record)) (schemas.JournalEnd, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return schemas.JournalEnd{}, brokenJournal(run).Because(err)
	}
	if err != nil {
		return schemas.JournalEnd{}, unreadJournal(run, err)
	}
	defer file.Close()
	r := schemas.NewJournalReader(file)
	for {
		rec, err := r.Next()
		var damage *schemas.JournalDamage
		switch {
		case err == nil:
			take(rec)
		case (err == io.EOF || errors.Is(err, schemas.ErrTorn)) && r.End().Records > 0:
			return r.End(), nil
		case err == io.EOF || errors.Is(err, schemas.ErrTorn):
			return r.End(), brokenJournal(run).Because(errUnborn)
		case errors.As(err, &damage):
			fault := brokenJournal(run, "why", damage.Why, "offset", strconv.FormatInt(damage.Offset, 10), "line", strconv.Itoa(damage.Line))
			fault.Err = damage
			if damage.Err != nil {
				fault = fault.Because(damage.Err)
			}
			return r.End(), fault
		default:
			return r.End(), unreadJournal(run, err)
		}
	}
}

// sweep takes away what those who were killed left unfinished in a folder, and says what stays.
func (e *Env) sweep(folder string) {
	if err := sinks.Sweep(folder); err != nil {
		e.Warn(schemas.Problem{Code: "leftovers_stay", Args: schemas.Pairs("path", folder, "cause", rootCause(err).Error())})
	}
}
