package jobs

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/sinks"
)

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
	plan, err := ReadPlan(filepath.Join(folder, planFile))
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
	held, err := e.lock(ctx, a.client.Identity(), a.run)
	if err != nil {
		return Outcome{Run: a.run}, err
	}
	defer held.release()
	return a.resume(ctx, held)
}

// resume goes on with the run under the lock, which the caller holds.
func (a *application) resume(ctx context.Context, held locks) (Outcome, error) {
	out := Outcome{Run: a.run}
	var err error
	if a.state, err = a.e.loadState(a.client.Identity()); err != nil {
		return out, err
	}
	a.past, a.offset, err = readJournal(a.journalPath(), a.run)
	if errors.Is(err, errUnborn) {
		return a.beginAnew(ctx, held)
	}
	if err != nil {
		return out, err
	}
	if a.past.Finished() {
		return a.report(a.past.Finish.Exit)
	}
	if err := a.checkResumed(); err != nil {
		return out, err
	}
	if err := a.e.superseded(a.run, a.plan.Digest, a.client.Identity()); err != nil {
		return out, err
	}
	if err := a.readSecrets(); err != nil {
		return out, err
	}
	journal, err := sinks.ReopenJournal(a.journalPath(), a.offset)
	if err != nil {
		return out, err
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
	past := &pipeline.Past{}
	offset, err := walkJournal(path, run, past.Take)
	if err != nil {
		return nil, 0, err
	}
	return past, offset, nil
}

// walkJournal gives each record of a journal to take, in order, and says where the whole ones end.
func walkJournal(path, run string, take func(schemas.Record)) (int64, error) {
	broken := func(err error) error {
		return schemas.NewFault(schemas.ClassInput, "journal_broken", "run", run).Because(err)
	}
	file, err := os.Open(path)
	if err != nil {
		return 0, broken(err)
	}
	defer file.Close()
	r := schemas.NewReader(file, schemas.FormatJournal)
	for {
		rec, err := r.Next()
		if err == io.EOF || errors.Is(err, schemas.ErrTorn) {
			if r.Offset() == 0 {
				return 0, broken(errUnborn)
			}
			return r.Offset(), nil
		}
		if err != nil {
			return 0, broken(err)
		}
		take(rec)
	}
}
