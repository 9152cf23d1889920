package jobs

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"pamsync/schemas"
	"pamsync/sinks"
)

// Runs lists the runs of the reports folder, the newest first and no more than last of them unless
// all are asked for. Nothing is checked against its seal: that is for what goes on from a run.
func Runs(e *Env, last int) (Outcome, error) {
	names, err := e.runNames()
	if err != nil {
		return Outcome{}, err
	}
	list := schemas.Runs{Reports: e.Config.Reports, Runs: []schemas.RunLine{}}
	if !e.All && len(names) > last {
		names, list.More = names[:last], len(names)-last
	}
	told := make([]*toldRun, len(names))
	for i, name := range names {
		told[i] = tellRun(e.runFolder(name), name)
	}
	e.relate(told)
	for _, t := range told {
		list.Runs = append(list.Runs, t.line)
	}
	o := Outcome{Verdict: "verdict_runs"}
	if e.JSON {
		return o, printJSON(e.Stdout, list)
	}
	e.Screen().Runs(&list)
	return o, nil
}

// runName is how runs are named; resume and memory take any folder with a journal for one.
var runName = regexp.MustCompile(`^[0-9]{8}T[0-9]{6}Z-[a-z0-9]+$`)

// runNames are the names of the runs in the reports folder, newest first; other folders are none.
func (e *Env) runNames() ([]string, error) {
	entries, err := os.ReadDir(e.Config.Reports)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, schemas.NewFault(schemas.ClassDisk, "runs_unlisted", "folder", e.Config.Reports).Because(rootCause(err))
	}
	var names []string
	for _, entry := range slices.Backward(entries) {
		folder := e.runFolder(entry.Name())
		if entry.IsDir() && (runName.MatchString(entry.Name()) || exists(filepath.Join(folder, planFile)) || exists(filepath.Join(folder, "journal.jsonl"))) {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

// relate says of unfinished runs whether they are under way now, or can be gone on with, and of
// plans which run applied them. The runs are the newest first, with none left out between them.
func (e *Env) relate(told []*toldRun) {
	underway := map[string][]string{} // by vault
	applied := map[string]string{}    // by plan: the latest run of it
	for i, t := range told {
		l := &t.line
		switch l.Verdict {
		case schemas.RunUnfinished:
			if _, looked := underway[l.Vault]; !looked {
				underway[l.Vault] = []string{sinks.RunUnderLock(e.LockFolder, l.Vault), sinks.RunUnderLock(e.Config.State, l.Vault)}
			}
			if slices.Contains(underway[l.Vault], l.Run) {
				l.Verdict = schemas.RunRunning
			} else if t.bulk == schemas.ActionOpen { // its URLs are dead
				if l.Verdict = schemas.RunFailed; l.Exit == nil {
					l.Verdict = schemas.RunUnknown
				}
			} else if t.bulk != "" {
				l.Resume = "pamsync resume " + l.Run
			} else if l.Later = overtakenBy(t, told[:i]); l.Later != "" {
				l.Verdict = schemas.RunSuperseded
			} else {
				l.Resume = "pamsync resume " + l.Run
			}
		case schemas.RunPlanned:
			l.Applied = applied[l.Plan]
		}
		if l.What != schemas.RunPlan && l.Plan != "" && applied[l.Plan] == "" {
			applied[l.Plan] = l.Run
		}
	}
}

// overtakenBy is the first of the later runs, which are the newest first, because of which resume
// would refuse to go on with a run: it has written to the same vault by another plan.
func overtakenBy(t *toldRun, later []*toldRun) string {
	for _, other := range slices.Backward(later) {
		if other.bulk == "" && other.line.Vault == t.line.Vault && other.line.Plan != t.line.Plan && other.called() {
			return other.line.Run
		}
	}
	return ""
}
