package jobs

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"pamsync/pipeline"
	"pamsync/schemas"
)

// toldRun is a run as the ends of its files tell it. A journal is read whole only where no result
// says what became of the changes.
type toldRun struct {
	line   schemas.RunLine
	folder string
	bulk   schemas.Action
	calls  *bool // whether its journal announces a call, nil while nobody asked
}

func tellRun(folder, name string) *toldRun {
	t := &toldRun{line: schemas.RunLine{Run: name}, folder: folder}
	if err := t.read(); err != nil {
		var path *fs.PathError
		if errors.As(err, &path) { // nothing is known to be wrong with what stands in it
			err = schemas.NewFault(schemas.ClassDisk, "run_unread", "run", name).Because(path.Err)
		}
		problem := faultOf(err).Problem
		t.line.Verdict, t.line.Problem = schemas.RunUnread, &problem
	}
	return t
}

// read fills the line in; what it has found until an error stays.
func (t *toldRun) read() error {
	l := &t.line
	applied, err := isThere(t.journal())
	if err != nil {
		return err
	}
	path := filepath.Join(t.folder, planFile)
	whole, err := isThere(path)
	switch {
	case err != nil:
		return err
	case !whole && !applied:
		return schemas.NewFault(schemas.ClassInput, "run_empty", "run", l.Run)
	}
	plan, summary, err := planEnds(path)
	if err != nil {
		if ends, _, err := fileEnds(t.journal(), schemas.FormatJournal, 1); err == nil {
			l.Vault, l.Plan = ends.Start.Vault, ends.Start.Plan // without its plan it may yet overtake an earlier run
		}
		if !whole {
			err = schemas.NewFault(schemas.ClassInput, "run_planless", "run", l.Run)
		}
		return err
	}
	planned := summary.Planned()
	l.What, l.Vault, l.By, l.Begun, l.Plan, l.Planned = schemas.RunPlan, plan.Vault, plan.By, plan.Made, plan.Plan, &planned
	if !applied {
		if exists(filepath.Join(t.folder, resultFile)) {
			return journalless(l.Run)
		}
		if t.bulk = plan.Bulk; t.bulk != "" {
			l.What = schemas.RunBulk
		}
		if l.Verdict, l.Stop = schemas.RunPlanned, summary.Stop; len(l.Stop) > 0 {
			l.Verdict = schemas.RunStopped
		}
		return nil
	}
	switch {
	case plan.Bulk != "":
		l.What, t.bulk = schemas.RunBulk, plan.Bulk
	case plan.Run == l.Run:
		l.What = schemas.RunSync
	default:
		l.What = schemas.RunApply
	}
	if plan.Reading != nil {
		l.What = schemas.RunSecrets
	}
	finish, err := t.readJournal()
	if err != nil {
		return err
	}
	t.end(finish)
	return nil
}

// isThere tells a file that is not there from one that cannot be looked for.
func isThere(path string) (bool, error) {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// planEnds are the start of a plan, with the plan's own digest, and its summary.
func planEnds(path string) (schemas.Start, *schemas.Summary, error) {
	ends, _, err := fileEnds(path, schemas.FormatPlan, 2)
	if err == io.EOF || err == nil && (ends.Torn || len(ends.Last) != 2 || ends.Last[0].Summary == nil || ends.Last[1].Seal == nil) {
		err = errors.New("the plan is not whole: its end is missing")
	}
	var disk *fs.PathError
	if errors.As(err, &disk) {
		return schemas.Start{}, nil, err
	}
	if err != nil {
		return schemas.Start{}, nil, schemas.NewFault(schemas.ClassInput, "plan_unreadable").Because(err).At(schemas.Place{Source: path})
	}
	ends.Start.Plan = "sha256:" + ends.Last[1].Seal.SHA256
	return ends.Start, ends.Last[0].Summary, nil
}

// fileEnds reads the ends of a record file, and when it was written last.
func fileEnds(path, format string, n int) (schemas.Ends, time.Time, error) {
	file, err := os.Open(path)
	if err != nil {
		return schemas.Ends{}, time.Time{}, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return schemas.Ends{}, time.Time{}, err
	}
	ends, err := schemas.ReadEnds(file, info.Size(), format, n)
	return ends, info.ModTime(), err
}

// readJournal fills in what the journal tells, and gives how the run ended, nil where it did not.
func (t *toldRun) readJournal() (*schemas.Finish, error) {
	l := &t.line
	ends, at, err := fileEnds(t.journal(), schemas.FormatJournal, 1)
	switch {
	case err == io.EOF: // killed before its first record: resume begins it anew
		l.Begun = timeOfRun(l.Run, l.Begun)
		l.Changes = &schemas.ChangeCounts{Skipped: l.Planned.Changes()}
		return nil, nil
	case errors.As(err, new(*fs.PathError)):
		return nil, err
	case err != nil:
		if _, _, whole := readJournal(t.journal(), l.Run); whole != nil {
			return nil, whole // with the place of the damage
		}
		return nil, brokenJournal(l.Run).Because(err)
	case ends.Start.Plan != l.Plan:
		l.Plan = ends.Start.Plan
		return nil, schemas.NewFault(schemas.ClassInput, "run_other_plan", "run", l.Run)
	}
	l.Vault, l.By = ends.Start.Vault, ends.Start.By
	if l.What == schemas.RunApply {
		l.Begun = ends.Start.Made
	}
	total, written := t.result()
	if len(ends.Last) == 1 && ends.Last[0].Finish != nil && total != nil && !written.Before(at) && total.Exit == ends.Last[0].Finish.Exit {
		l.Changes = &total.Changes
		return ends.Last[0].Finish, nil
	}
	past, _, err := readJournal(t.journal(), l.Run)
	if err != nil {
		return nil, err
	}
	counts := past.Counts(l.Planned.Changes())
	l.Changes = &counts
	t.judgeReport(past, total)
	return past.Finish, nil
}

// judgeReport says what is wrong with the result of a run that ended, beside what its journal tells.
func (t *toldRun) judgeReport(past *pipeline.Past, total *schemas.Total) {
	switch {
	case past.Finish == nil:
	case total == nil:
		t.line.Report = schemas.ReportMissing
	case total.Exit != past.Finish.Exit || total.Changes != *t.line.Changes:
		t.line.Report = schemas.ReportOutdated
	}
}

// result is the total of the run's result file, and when that was written; nil where there is none
// of this run and plan that can be read.
func (t *toldRun) result() (*schemas.Total, time.Time) {
	ends, at, err := fileEnds(filepath.Join(t.folder, resultFile), schemas.FormatResult, 2)
	if err != nil || ends.Torn || len(ends.Last) != 2 || ends.Last[0].Total == nil || ends.Last[1].Seal == nil {
		return nil, at
	}
	if total := ends.Last[0].Total; total.Run == t.line.Run && ends.Start.Plan == t.line.Plan {
		return total, at
	}
	return nil, at
}

// end says how the run stands by how it ended. Whether what is unfinished can be gone on with, the
// other runs tell.
func (t *toldRun) end(finish *schemas.Finish) {
	l := &t.line
	if finish == nil {
		l.Verdict = schemas.RunUnfinished
		return
	}
	l.Exit, l.Ended = &finish.Exit, finish.At
	if finish.Stop != nil {
		l.Stop = []schemas.Problem{*finish.Stop}
	}
	from, err := time.Parse(time.RFC3339, l.Begun)
	to, err2 := time.Parse(time.RFC3339, finish.At)
	if err == nil && err2 == nil && !to.Before(from) {
		seconds := int(to.Sub(from) / time.Second)
		l.Seconds = &seconds
	}
	switch {
	case finish.Stop != nil && (resumable(finish.Exit) || finish.Stop.Code == schemas.BudgetSpent):
		l.Verdict = schemas.RunUnfinished
	case finish.Exit == 0:
		l.Verdict = schemas.RunDone
	case finish.Exit == 10:
		l.Verdict = schemas.RunIncomplete
	case finish.Exit == 11:
		l.Verdict = schemas.RunStopped
	case finish.Exit == 14:
		l.Verdict = schemas.RunUnknown
	default:
		l.Verdict = schemas.RunFailed
	}
}

func (t *toldRun) journal() string { return filepath.Join(t.folder, "journal.jsonl") }

// called says whether the journal announces any call to the vault. A journal that cannot be read
// says no, as it does to resume.
func (t *toldRun) called() bool {
	if t.calls == nil {
		broken := t.line.Problem != nil && t.line.Problem.Code == "journal_broken"
		calls := !broken && announcesCall(t.journal())
		t.calls = &calls
	}
	return *t.calls
}

// announcesCall looks for the first intent of a journal; calls come early in it.
func announcesCall(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	in := bufio.NewReader(file)
	for begins := true; ; {
		line, longer, err := in.ReadLine()
		if err != nil {
			return false
		}
		if begins && bytes.HasPrefix(line, []byte(`{"intent":`)) {
			return true
		}
		begins = !longer
	}
}

// timeOfRun is when a run began by its name, or what is told otherwise.
func timeOfRun(name, otherwise string) string {
	const stamp = "20060102T150405Z"
	if len(name) < len(stamp) {
		return otherwise
	}
	at, err := time.Parse(stamp, name[:len(stamp)])
	if err != nil {
		return otherwise
	}
	return at.Format(time.RFC3339)
}
