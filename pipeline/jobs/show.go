package jobs

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pamsync/schemas"
	"pamsync/sinks"
	"pamsync/sinks/book"
	"pamsync/sinks/page"
)

// ShowOptions are those of `show`. Format "" is by the name of the file, else text.
type ShowOptions struct {
	Format string
	Out    string // a file, "-" for stdout
	// Terminal tells that stdout is one, which a page or a workbook is not written to.
	Terminal bool
}

// ShowFormats are the forms that a plan can be shown in, each with the plan's digest.
func ShowFormats() []string { return []string{"text", "md", "csv", "json", "html", "xlsx"} }

// Show shows a plan in one of its forms.
func Show(e *Env, path string, o ShowOptions) (Outcome, error) {
	format, err := o.format()
	if err != nil {
		return Outcome{}, err
	}
	plan, err := ReadPlan(path)
	if err != nil {
		return Outcome{}, err
	}
	inputs := []string{path}
	for _, s := range plan.Start.Sources {
		inputs = append(inputs, s.File, schemas.PlaceOf(plan.Start.Sources, s.Kind, schemas.RowRef{Source: s.Path}).Source)
	}
	for _, input := range inputs {
		if sameFile(input, o.Out) {
			return Outcome{}, schemas.NewFault(schemas.ClassUsage, "output_is_input", "path", o.Out)
		}
	}
	total := schemas.Total{Run: plan.Start.Run, Rows: plan.Summary.Rows}
	out := Outcome{Run: plan.Start.Run, Total: &total, Verdict: "verdict_plan"}
	if !plan.Applicable() {
		out.Verdict = "verdict_show_stopped"
	}
	switch {
	case o.Out != "-":
		if err := SaveTo(o.Out, e.shown(plan, path, format, o.Out)); err != nil {
			return Outcome{}, err
		}
		e.Note("shown", "path", o.Out, "digest", plan.Digest)
	case format == "text":
		e.Screen().Plan(plan, path, e.Config.Vault.RPS)
	default:
		out.Total = nil // stdout holds the plan itself
		err = e.shown(plan, path, format, o.Out)(e.Stdout)
	}
	return out, err
}

func (o ShowOptions) format() (string, error) {
	format := o.Format
	if format == "" {
		format = "text"
		switch ext := strings.ToLower(strings.TrimPrefix(filepath.Ext(o.Out), ".")); {
		case slices.Contains(ShowFormats(), ext):
			format = ext
		case ext == "markdown":
			format = "md"
		case ext == "htm":
			format = "html"
		case ext != "" && ext != "txt" && ext != "log":
			return "", schemas.NewFault(schemas.ClassUsage, "bad_value", "key", "-o", "value", o.Out, "want", "want_show_format")
		}
	}
	if !slices.Contains(ShowFormats(), format) {
		return "", schemas.NewFault(schemas.ClassUsage, "bad_value", "key", "--format", "value", o.Format, "want", "want_show_format")
	}
	if o.Out == "-" && o.Terminal && (format == "xlsx" || format == "html") {
		return "", schemas.NewFault(schemas.ClassUsage, "needs_out", "format", format)
	}
	return format, nil
}

// shown writes a plan, read from path, in a form to the file out.
func (e *Env) shown(plan *schemas.Plan, path, format, out string) func(io.Writer) error {
	return func(w io.Writer) error {
		switch format {
		case "md":
			return sinks.PlanMarkdown(w, e.Lang, plan)
		case "csv":
			return sinks.PlanCSV(w, plan, e.CSVFor)
		case "json":
			return sinks.PlanJSON(w, plan)
		case "html":
			return page.Plan(w, e.Lang, plan, page.Options{RPS: e.Config.Vault.RPS})
		case "xlsx":
			return withScratch(out, func(folder string) error { return book.Plan(w, e.Lang, plan, folder) })
		}
		screen := sinks.Screen{Out: w, Lang: e.Lang, All: e.All}
		screen.Plan(plan, path, e.Config.Vault.RPS)
		return nil
	}
}

// withScratch gives work a folder that nobody else may read, beside the output, and takes it away
// afterwards: a large workbook is put together there.
func withScratch(out string, work func(folder string) error) error {
	beside := filepath.Dir(out)
	if out == "-" {
		beside = ""
	}
	folder, err := os.MkdirTemp(beside, ".pamsync-*")
	if err != nil {
		return schemas.NewFault(schemas.ClassDisk, "output_failed", "path", out).Because(rootCause(err))
	}
	defer os.RemoveAll(folder)
	return work(folder)
}

// sameFile tells that two names are those of one file.
func sameFile(a, b string) bool {
	first, err := os.Stat(a)
	if err != nil {
		return false
	}
	second, err := os.Stat(b)
	return err == nil && os.SameFile(first, second)
}
