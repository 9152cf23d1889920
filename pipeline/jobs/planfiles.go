package jobs

import (
	"cmp"
	"io"
	"os"
	"path/filepath"
	"sync"

	"pamsync/schemas"
	"pamsync/sinks"
	"pamsync/sinks/page"
)

// The files of a run's folder that hold its plan, for programs and for people, and its result.
const (
	planFile   = "plan.jsonl"
	planPage   = "plan.html"
	resultFile = "result.jsonl"
)

// writePlan writes a plan and its page into a run's folder, and the plan's file a second time
// where out names a place. The page shows the plan's digest: it is made as soon as that is known,
// while the plan is still on its way to the disk. Without the plan there is no page.
func (e *Env) writePlan(folder string, plan *schemas.Plan, out string) error {
	path := filepath.Join(folder, planFile)
	var beside sync.WaitGroup
	var pageErr error
	var failed any
	err := sinks.WriteFile(path, func(w io.Writer) error {
		if err := schemas.WritePlan(w, plan); err != nil {
			return err
		}
		if plan.Start.Reading != nil { // the page is about changes
			return nil
		}
		beside.Go(func() {
			defer func() { failed = recover() }() // it is a bug of ours, and said like any other
			pageErr = e.planPage(folder, plan)
		})
		return nil
	})
	if err != nil {
		beside.Wait()
		os.Remove(filepath.Join(folder, planPage))
		return err
	}
	if out != "" {
		err = sinks.CopyFile(out, path)
	}
	beside.Wait()
	if failed != nil {
		panic(failed)
	}
	return cmp.Or(pageErr, err)
}

func (e *Env) planPage(folder string, plan *schemas.Plan) error {
	return sinks.WriteFile(filepath.Join(folder, planPage), func(w io.Writer) error {
		return page.Plan(w, e.Lang, plan, page.Options{RPS: e.Config.Vault.RPS})
	})
}
