package jobs

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"pamsync/pipeline"
	"pamsync/schemas"
)

// formerRun is a run that began to apply a plan, as its folder tells.
type formerRun struct {
	name   string
	folder string
	plan   *schemas.Plan // where it was read
	past   *pipeline.Past
}

// runsSince lists the runs of this vault that have a journal and whose names are after one,
// oldest first; names sort by time. A journal that cannot be read is warned of and passed over.
func (e *Env) runsSince(name, vaultName string) ([]formerRun, error) {
	entries, err := e.runFolders()
	if err != nil {
		return nil, err
	}
	var runs []formerRun
	for _, entry := range entries {
		folder := filepath.Join(e.Config.Reports, entry.Name())
		path := filepath.Join(folder, "journal.jsonl")
		if !entry.IsDir() || entry.Name() <= name || !exists(path) {
			continue
		}
		past, _, err := readJournal(path, entry.Name())
		if err != nil {
			e.warnUnread(err)
			continue
		}
		if past.Start.Vault != vaultName {
			continue
		}
		runs = append(runs, formerRun{name: entry.Name(), folder: folder, past: past})
	}
	return runs, nil
}

// absorb takes into the memory what runs did that ended without writing it down: killed, or
// before the state folder was lost. It says which of them were left unfinished.
func (e *Env) absorb(s *state, vaultName string) error {
	runs, err := e.runsSince(s.run, vaultName)
	if err != nil {
		return err
	}
	for _, run := range runs {
		if run.past.Start.Bulk != "" {
			if run.past.Finish == nil && run.past.Start.Bulk != schemas.ActionOpen {
				e.Note("unfinished_run", "run", run.name)
			}
			continue
		}
		plan, err := ReadPlan(filepath.Join(run.folder, planFile))
		if err != nil {
			e.warnUnread(err)
			continue
		}
		s.good.Name(plan)
		if !run.past.Called() {
			continue
		}
		pipeline.Remember(s.memory, plan, run.past, run.name, func(v string) string { return schemas.Fingerprint(s.key, v) },
			func(*schemas.Change) string { return "" })
		if run.past.Finish == nil {
			e.Note("unfinished_run", "run", run.name)
		}
	}
	return nil
}

// warnUnread says that what a former run did stays unknown.
func (e *Env) warnUnread(err error) {
	if !errors.Is(err, errUnborn) {
		e.Warn(faultOf(err).Problem)
	}
}

// superseded refuses to go on with an old run, or to apply a plan again, where another run has
// written to the vault since: what was reviewed then is not what was wanted later.
func (e *Env) superseded(since, digest, vaultName string) error {
	runs, err := e.runsSince(since, vaultName)
	if err != nil {
		return err
	}
	for _, run := range runs {
		if run.past.Start.Bulk == "" && run.past.Called() && run.past.Start.Plan != digest {
			return schemas.NewFault(schemas.ClassInput, "superseded", "run", since, "later", run.name)
		}
	}
	return nil
}

// journalless is a run that has a result, and so was applied, and whose journal is not there any more.
func journalless(run string) *schemas.Fault {
	return schemas.NewFault(schemas.ClassInput, "run_journalless", "run", run)
}

// appliedBefore is the latest run that applied a plan, "" for none. Of the other journals only
// the first record is read. A run whose journal is gone, and whose result is of this plan, is refused.
func (e *Env) appliedBefore(plan *schemas.Plan) (string, error) {
	entries, err := e.runFolders()
	if err != nil {
		return "", err
	}
	for _, entry := range slices.Backward(entries) {
		folder := e.runFolder(entry.Name())
		switch {
		case exists(journalIn(folder)):
			if journalOf(folder) == plan.Digest {
				return entry.Name(), nil
			}
		case exists(filepath.Join(folder, resultFile)) && resultOf(folder) == plan.Digest:
			return "", journalless(entry.Name())
		}
	}
	return "", nil
}

// journalOf is the digest of the plan that a run's journal is about, "" where there is none.
func journalOf(folder string) string {
	file, err := os.Open(filepath.Join(folder, "journal.jsonl"))
	if err != nil {
		return ""
	}
	defer file.Close()
	rec, err := schemas.NewJournalReader(file).Next()
	if err != nil || rec.Start == nil {
		return ""
	}
	return rec.Start.Plan
}

// resultOf is the digest of the plan that a run's result is about, "" where it cannot be read.
func resultOf(folder string) string {
	ends, _, err := fileEnds(filepath.Join(folder, resultFile), schemas.FormatResult, 1)
	if err != nil {
		return ""
	}
	return ends.Start.Plan
}

// runFolders lists the reports folder by name, which is by time; one that is not there is empty.
func (e *Env) runFolders() ([]fs.DirEntry, error) {
	entries, err := os.ReadDir(e.Config.Reports)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, outputFailed(e.Config.Reports, err)
	}
	return entries, nil
}
