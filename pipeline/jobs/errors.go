package jobs

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
)

// manyErrors is from how many errors of rows on they are summed up on the screen, and all of them stand
// in a file.
const manyErrors = 100

// sayErrors says each error of rows on a line of its own, or sums up many.
func (e *Env) sayErrors(problems []schemas.Problem) {
	shown := problems
	if len(problems) > manyErrors && !e.All {
		shown = problems[:20]
	}
	var b strings.Builder
	for _, p := range shown {
		b.WriteString(sinks.Message(e.Lang, "error", p) + "\n")
	}
	fmt.Fprint(e.Stdout, b.String())
	if len(shown) < len(problems) {
		fmt.Fprintln(e.Stdout, words.Text(e.Lang, "more", "n", sinks.Number(e.Lang, len(problems)-len(shown))))
		summariseProblems(e, "x", problems)
	}
}

// keepErrors writes many errors of rows into a file of the reports folder.
func (e *Env) keepErrors(problems []schemas.Problem) error {
	if len(problems) <= manyErrors {
		return nil
	}
	if err := sinks.MakeFolder(e.Config.Reports); err != nil {
		return err
	}
	path := filepath.Join(e.Config.Reports, "errors.csv")
	if err := sinks.WriteFile(path, func(w io.Writer) error { return sinks.ErrorsCSV(w, e.CSVFor, problems) }); err != nil {
		return err
	}
	e.Note("errors_kept", "path", path, "n", sinks.Number(e.Lang, len(problems)))
	return nil
}
