package jobs

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
	"pamsync/sources"
)

// failedName is the file of the rows of a source that came to nothing: failed.csv, failed-2.csv and so
// on, for the sources that have any, in their order.
func failedName(n int) string {
	if n == 1 {
		return "failed.csv"
	}
	return fmt.Sprintf("failed-%d.csv", n)
}

// failure is what is said of a row that came to nothing.
type failure struct{ errors, codes, hints []string }

func (f *failure) add(code string, args schemas.Args) {
	said := words.Problem(words.English, code, args)
	if slices.Contains(f.errors, said) {
		return
	}
	f.errors = append(f.errors, said)
	f.codes = append(f.codes, code)
	if hint := words.Hint(words.English, code, args); hint != "" && !slices.Contains(f.hints, hint) {
		f.hints = append(f.hints, hint)
	}
}

// failures are the rows of each source that failed, were skipped for a reason that somebody must see
// to, are unknown, or were rejected, by their numbers.
func failures(plan *schemas.Plan, results []schemas.Result) map[pipeline.InputRef]*failure {
	all := map[pipeline.InputRef]*failure{}
	of := func(kind schemas.Kind, ref schemas.RowRef) *failure {
		key := pipeline.InputRef{Kind: kind, Ref: ref}
		if all[key] == nil {
			all[key] = &failure{}
		}
		return all[key]
	}
	for i := range plan.Changes {
		r := &results[i]
		if r.Status == schemas.StatusDone || r.Status == schemas.StatusSkipped && !pipeline.Wanting(results[i:i+1]) {
			continue
		}
		for _, ref := range plan.Changes[i].Rows {
			for _, problem := range r.Problems {
				of(r.Kind, ref).add(problem.Code, problem.Args)
			}
		}
	}
	for i := range plan.Rejects {
		for _, problem := range plan.Rejects[i].Problems {
			of(plan.Rejects[i].Kind, plan.Rejects[i].Row).add(problem.Code, problem.Args)
		}
	}
	return all
}

// failedFiles are the files of the rows that came to nothing, by their names. A source that is not the
// file any more that the plan was made of is said, and its rows stand in result.csv alone.
func (a *application) failedFiles(results []schemas.Result) map[string]func(io.Writer) error {
	files := map[string]func(io.Writer) error{}
	all := failures(a.plan, results)
	if len(all) == 0 {
		return files
	}
	n := 0
	for i := range a.plan.Start.Sources {
		use := &a.plan.Start.Sources[i]
		form, rows, read := a.failedRows(use, all)
		if rows == 0 {
			continue
		}
		n++
		name := failedName(n)
		if read == nil {
			a.e.Warn(schemas.Problem{Code: "failed_changed", Args: schemas.Pairs("source", use.Path, "name", name)})
			continue
		}
		files[name] = func(w io.Writer) error { return sinks.FailedCSV(w, form, read) }
		said := "failed_file"
		if form.Delimiter == 0 {
			said = "failed_own"
		}
		a.e.Note(said, "name", name, "rows", sinks.Number(a.e.Lang, len(read)), "source", use.Path)
	}
	return files
}

// failedRows reads the rows of a source that came to nothing from it again; read is nil where it has
// changed, or cannot be read.
func (a *application) failedRows(use *schemas.SourceUse, all map[pipeline.InputRef]*failure) (form sinks.FailedForm, rows int, read []sinks.FailedRow) {
	of := func(row int) *failure {
		return all[pipeline.InputRef{Kind: use.Kind, Ref: schemas.RowRef{Source: use.Path, Row: row}}]
	}
	for key := range all {
		if key.Kind == use.Kind && key.Ref.Source == use.Path {
			rows++
		}
	}
	config := sourceAgain(a.e.Config, use)
	q := requestsOf(a.plan.Start.Bulk)
	if q != nil {
		config = bulkSource(use)
	}
	if rows == 0 || changedSince(config.Path, use) {
		return form, rows, nil
	}
	config, err := a.e.withPassword(config)
	if err != nil {
		return form, rows, nil
	}
	s, err := sources.Open(config, sources.Options{Kind: use.Kind, Shared: use.Path != config.Name, Requests: q, Draft: a.plan.Start.Reading != nil})
	if err != nil {
		return form, rows, nil
	}
	laid, asFile := s.Form()
	form = sinks.FailedForm(laid)
	if !asFile && q != nil {
		form = sinks.FailedForm{Header: q.Header()}
	} else if !asFile {
		form = sinks.FailedForm{Header: sinks.FailedHeader(use.Kind)}
	}
	err = s.Read(func(row *schemas.Row) error {
		f := of(row.Number)
		if f == nil {
			return nil
		}
		kept := sinks.FailedRow{Token: strconv.Itoa(row.Number) + "@" + use.SHA256[:8], Error: strings.Join(f.errors, "; "), Code: strings.Join(f.codes, ";"), Hint: strings.Join(f.hints, "; ")}
		if asFile {
			for _, cell := range s.Record() {
				kept.Cells = append(kept.Cells, strings.Clone(cell))
			}
		} else if q != nil {
			for _, cell := range q.Cells(row) {
				kept.Cells = append(kept.Cells, sinks.Guard(strings.Clone(cell)))
			}
		} else {
			for _, cell := range sinks.FailedCells(use.Kind, &row.Values) {
				kept.Cells = append(kept.Cells, strings.Clone(cell))
			}
		}
		read = append(read, kept)
		return nil
	})
	if err != nil || s.Use.SHA256 != use.SHA256 {
		return form, rows, nil
	}
	return form, rows, read
}

// changedSince says whether a source is not the file any more that a plan was made of; of a folder its reader
// says it.
func changedSince(path string, use *schemas.SourceUse) bool {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return false
	}
	sum, err := sinks.HashFile(path)
	return err != nil || sum != use.SHA256
}

// dropFailed removes the files of rows that came to nothing in an earlier part of the run, and did not
// in the end; those whose source has changed since are kept.
func (a *application) dropFailed(results []schemas.Result, files map[string]func(io.Writer) error) ([]string, error) {
	var kept []string
	old, err := filepath.Glob(filepath.Join(a.folder, "failed*.csv"))
	if err != nil {
		return nil, nil
	}
	wanted := len(failures(a.plan, results)) > 0
	for _, path := range old {
		name := filepath.Base(path)
		switch {
		case files[name] != nil:
		case wanted:
			kept = append(kept, name)
		default:
			if err := os.Remove(path); err != nil {
				return nil, outputFailed(path, err)
			}
		}
	}
	return kept, nil
}
