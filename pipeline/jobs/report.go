package jobs

import (
	"io"
	"path/filepath"

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/sinks"
	"pamsync/sinks/book"
	"pamsync/sinks/page"
)

func resumable(exit int) bool {
	switch exit {
	case 12, 14, 69, 74, 75, 77, 130, 143:
		return true
	}
	return false
}

// Ended is the fault that ended a run early, whose exit code the outcome already has.
type Ended struct{ *schemas.Fault }

// Unwrap gives the fault.
func (e Ended) Unwrap() error { return e.Fault }

// exitOfRun decides the exit code of a run that wrote: the stop's, unknown outcomes, then what
// a person must look at, in the order of the design.
func exitOfRun(results []schemas.Result, total schemas.Total, stop *schemas.Fault, signal int) int {
	code := 0
	if stop != nil && stop.Problem.Code != schemas.BudgetSpent { // what another night makes is left by rule
		code = ExitOf(stop.Class, signal)
	}
	switch {
	case code == 70 || code == 74 || code == 130 || code == 143 || code == 77 || code == 11:
		return code
	case total.Changes.Unknown > 0:
		return 14
	case code != 0:
		return code
	case pipeline.Wanting(results):
		return 10
	}
	return 0
}

// report writes the result files of a run from its plan and journal, and shows the sums.
func (a *application) report(exit int) (Outcome, error) {
	results := pipeline.Replay(a.plan, a.past)
	total := pipeline.Tally(a.run, a.plan, results)
	total.Exit = exit
	if err := a.reserved.Free(); err != nil {
		return Outcome{Exit: exit, Run: a.run, Folder: a.folder, Total: &total}, err
	}
	out := Outcome{Exit: exit, Run: a.run, Folder: a.folder, Total: &total}
	switch {
	case exit == 0 && a.past.Spent():
		out.Verdict = "verdict_0_tonight"
	case exit == 0 && pipeline.Unheld(results):
		out.Verdict = "verdict_0_custody"
	case exit == 0 && pipeline.Spared(results):
		out.Verdict = "verdict_0_in_use"
	}
	if len(a.plan.Changes) == 0 {
		out.Verdict = map[int]string{0: "verdict_0_nothing", 10: "verdict_10_waiting"}[exit]
	}
	start := a.past.Start
	start.Plan = a.plan.Digest
	files := map[string]func(io.Writer) error{
		resultFile:   func(w io.Writer) error { return sinks.ResultJSONL(w, start, results, total) },
		"result.csv": func(w io.Writer) error { return sinks.ResultCSV(w, results, a.e.CSVFor) },
		"result.html": func(w io.Writer) error {
			return page.Result(w, a.e.Lang, a.plan, start, results, total, a.ending())
		},
		"result.xlsx": func(w io.Writer) error {
			return withScratch(filepath.Join(a.folder, "result.xlsx"), func(scratch string) error {
				return book.Result(w, a.e.Lang, a.plan, start, results, total, scratch)
			})
		},
	}
	for name, write := range a.failedFiles(results) {
		files[name] = write
	}
	kept, err := a.dropFailed(results, files)
	if err != nil {
		return out, err
	}
	for _, name := range keysOf(files) {
		if err := sinks.WriteFile(filepath.Join(a.folder, name), files[name]); err != nil {
			return out, err
		}
	}
	names := append(append(keysOf(files), kept...), planFile, "journal.jsonl")
	for _, name := range []string{planPage, nightFile, auditFile} {
		if exists(filepath.Join(a.folder, name)) {
			names = append(names, name)
		}
	}
	for _, path := range []string{approvalOf(a.planPath()), signatureOf(a.planPath())} {
		if exists(path) {
			names = append(names, filepath.Base(path))
		}
	}
	if err := sinks.WriteSums(a.folder, names); err != nil {
		return out, err
	}
	a.e.Screen().Results(results, total, a.folder)
	a.e.Screen().Night(a.night)
	if total.Changes.Unknown > 0 {
		a.tellUnknown(a.past)
		if a.plan.Start.Bulk != "" {
			a.e.Note(map[schemas.Action]string{schemas.ActionOpen: "unknown_open", schemas.ActionDrop: "unknown_drop", schemas.ActionRelease: "unknown_release"}[a.plan.Start.Bulk], "path", filepath.Join(a.folder, failedName(1)), "run", a.run)
		} else if exit == 14 && !a.past.Finished() {
			a.e.Note("resume_with", "run", a.run)
		} else {
			a.e.Note("unknown_look")
		}
	}
	return out, nil
}

// ending is what a page says of how the run ended, as the journal has it.
func (a *application) ending() page.Options {
	if a.past.Finish == nil {
		return page.Options{}
	}
	return page.Options{Ended: a.past.Finish.At, Stop: a.past.Finish.Stop}
}

// Report writes the result files of a run again, from its plan and journal.
func Report(e *Env, run string) (Outcome, error) {
	folder, err := e.findRun(run)
	if err != nil {
		return Outcome{}, err
	}
	plan, err := ReadPlan(filepath.Join(folder, planFile))
	if err != nil {
		return Outcome{}, err
	}
	a := &application{e: e, plan: plan, run: filepath.Base(folder), folder: folder}
	if a.past, _, err = a.readOwn(); err != nil {
		return Outcome{Run: a.run}, err
	}
	exit := 0
	if a.past.Finish != nil {
		exit = a.past.Finish.Exit
	} else if len(plan.Changes) > 0 { // it was killed
		results := pipeline.Replay(plan, a.past)
		exit = exitOfRun(results, pipeline.Tally(a.run, plan, results), schemas.NewFault(schemas.ClassStopped, "interrupted"), 0)
	}
	return a.report(exit)
}
