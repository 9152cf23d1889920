package jobs

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"pamsync/pipeline"
	"pamsync/pipeline/vault"
	"pamsync/schemas"
)

// Explain tells the way of a row or record through a plan, and through the run that applied it.
// What names a plan's file, a run, or its folder; "" and latest mean the latest run. A user@host that is
// no file, and nothing else asked for, asks for that credential or key. Live asks the vault's API v2 too, and
// its list for SSH keys; else the vault is asked for nothing. Nothing is written.
func Explain(ctx context.Context, e *Env, what string, asked schemas.Asked, live bool) (Outcome, error) {
	if asked == (schemas.Asked{}) && strings.Contains(what, "@") && !exists(what) {
		asked.Kind, asked.Name, what = schemas.KindCredential, what, "" // no run is called so
	}
	if err := checkAsked(&asked); err != nil {
		return Outcome{}, err
	}
	plan, trail, err := e.findStory(what)
	if err != nil {
		return Outcome{}, err
	}
	story := pipeline.NewStory(plan, trail, e.Config)
	x := &explaining{e: e, plan: plan, story: story, asked: &asked}
	if err := x.nameSource(); err != nil {
		return Outcome{}, err
	}
	all, err := x.explain(ctx)
	if err != nil {
		return Outcome{Run: plan.Start.Run}, err
	}
	if len(all) == 0 {
		return Outcome{Run: plan.Start.Run}, x.nothing(ctx)
	}
	if live {
		if err := e.tellLive(ctx, x, all); err != nil {
			return Outcome{Run: plan.Start.Run}, err
		}
	}
	first := all[0]
	first.Subject, first.Also = &asked, all[1:]
	if !e.JSON {
		e.Screen().Explain(all)
	}
	return Outcome{Run: plan.Start.Run, JSON: first, Verdict: "verdict_explained"}, nil
}

// checkAsked wants exactly one thing to be asked for.
func checkAsked(a *schemas.Asked) error {
	n := 0
	for _, given := range []bool{a.Row != 0, a.Name != "", a.ID != ""} {
		if given {
			n++
		}
	}
	switch {
	case n != 1:
		return schemas.NewFault(schemas.ClassUsage, "explain_what")
	case a.Row < 0:
		return schemas.NewFault(schemas.ClassUsage, "bad_value", "key", "--row", "value", strconv.Itoa(a.Row), "want", "want_least", "least", "1")
	case a.Source != "" && a.Row == 0:
		return schemas.NewFault(schemas.ClassUsage, "explain_source_alone")
	case a.Kind.Account() && a.Row == 0 && a.ID == "" && !strings.Contains(a.Name, "@"):
		return schemas.NewFault(schemas.ClassUsage, "explain_user_at", "kind", string(a.Kind), "name", a.Name)
	}
	return nil
}

// findStory finds the plan that is meant, and the journal of the run that applied it.
func (e *Env) findStory(what string) (*schemas.Plan, *pipeline.Trail, error) {
	folder, err := e.storyFolder(what)
	if err != nil {
		return nil, nil, err
	}
	if folder == "" { // a plan's file
		plan, err := ReadPlan(what)
		if err != nil {
			return nil, nil, err
		}
		if run, err := e.appliedBefore(plan); err == nil && run != "" {
			e.Note("explain_applied", "run", run)
		}
		return plan, nil, nil
	}
	plan, err := ReadPlan(filepath.Join(folder, planFile))
	if err != nil {
		return nil, nil, err
	}
	trail := &pipeline.Trail{Run: filepath.Base(folder)}
	journal := filepath.Join(folder, "journal.jsonl")
	if exists(journal) {
		if _, err := walkJournal(journal, trail.Run, trail.Take); err != nil && !errors.Is(err, errUnborn) {
			return nil, nil, err
		}
	}
	return plan, trail, nil
}

// storyFolder is the folder of the run that is meant, "" for the file of a plan.
func (e *Env) storyFolder(what string) (string, error) {
	entries, err := e.runFolders()
	if err != nil {
		return "", err
	}
	if what == "" || what == "latest" && !exists(what) {
		for _, entry := range slices.Backward(entries) {
			if folder := e.runFolder(entry.Name()); exists(filepath.Join(folder, planFile)) {
				return folder, nil
			}
		}
		return "", schemas.NewFault(schemas.ClassUsage, "explain_no_run", "folder", e.Config.Reports)
	}
	for _, folder := range []string{what, e.runFolder(filepath.Base(what))} {
		if exists(filepath.Join(folder, planFile)) {
			return folder, nil
		}
	}
	if info, err := os.Stat(what); err == nil && !info.IsDir() || strings.HasSuffix(what, ".jsonl") {
		return "", nil
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return "", schemas.NewFault(schemas.ClassUsage, "explain_no_plan", "what", what, "folder", e.Config.Reports, "near", Nearest(filepath.Base(what), names))
}

// explaining is one question under way.
type explaining struct {
	e      *Env
	plan   *schemas.Plan
	story  *pipeline.Story
	asked  *schemas.Asked
	unread []schemas.SourceUnread
	silent []schemas.SourceUse // those of them, as the plan knows them
}

// nameSource finds the source that --source means among those of the plan, and calls it as the
// plan does.
func (x *explaining) nameSource() error {
	a := x.asked
	if a.Source == "" {
		return nil
	}
	var known, fits []string
	for _, use := range x.plan.Start.Sources {
		known = append(known, use.Path)
		file := schemas.PlaceOf(x.plan.Start.Sources, use.Kind, schemas.RowRef{Source: use.Path}).Source
		switch {
		case use.Path == a.Source, file+"!"+use.Sheet == a.Source:
			a.Source = use.Path
			return nil
		case file == a.Source, filepath.Base(file) == filepath.Base(a.Source), sameFile(file, a.Source):
			fits = append(fits, use.Path)
		}
	}
	switch fits = slices.Compact(fits); len(fits) {
	case 1:
		a.Source = fits[0]
		return nil
	case 0:
		return schemas.NewFault(schemas.ClassUsage, "explain_no_source", "source", a.Source, "has", strings.Join(known, ", "))
	}
	return schemas.NewFault(schemas.ClassUsage, "explain_sources", "source", a.Source, "has", strings.Join(fits, ", "))
}

func (x *explaining) explain(ctx context.Context) ([]schemas.Explanation, error) {
	refs := x.story.Rows(x.asked)
	rows, err := x.read(ctx, refs)
	if err != nil {
		return nil, err
	}
	if more := x.story.RowsWith(rows); slices.ContainsFunc(more, func(r pipeline.InputRef) bool { return !slices.Contains(refs, r) }) {
		if rows, err = x.read(ctx, append(refs, more...)); err != nil {
			return nil, err
		}
	}
	all := x.story.Explain(x.asked, rows)
	if x.asked.Row > 0 {
		all = append(all, x.untold(all)...)
	}
	for i := range all {
		x.finish(&all[i])
	}
	return all, nil
}

// untold explains the row that is asked for in sources that could not be read again and of which
// the plan says nothing.
func (x *explaining) untold(told []schemas.Explanation) []schemas.Explanation {
	if len(told) > 0 && x.asked.Source == "" {
		return nil // one of several sources is meant, and it has the row
	}
	var all []schemas.Explanation
	for _, use := range x.silent {
		ref := schemas.RowRef{Source: use.Path, Row: x.asked.Row}
		at := schemas.PlaceOf(x.plan.Start.Sources, use.Kind, ref)
		noLines := use.Format != "csv" && use.Format != "xlsx"
		if noLines && ref.Row > use.Rows || x.asked.Source != "" && x.asked.Source != use.Path || slices.ContainsFunc(told, func(t schemas.Explanation) bool { return tells(&t, at) }) {
			continue
		}
		all = append(all, x.story.Silent(use.Kind, ref))
	}
	return all
}

func tells(t *schemas.Explanation, at schemas.Place) bool {
	return t.Row != nil && *t.Row == at || slices.Contains(t.Rows, at)
}

// finish adds what the pipeline does not know: the sources that could not be read, and how a
// request looks.
func (x *explaining) finish(one *schemas.Explanation) {
	for _, u := range x.unread {
		if one.Row != nil && (one.Row.Source == u.Source || one.Row.Source+"!"+one.Row.Sheet == u.Source) {
			one.Unread = append(one.Unread, u)
		}
	}
	for i := range one.Calls {
		c := &one.Calls[i]
		c.Request = requestLine(c)
	}
	one.Cells, one.Fields = orEmpty(one.Cells), orEmpty(one.Fields)
	one.Guards, one.Calls = orEmpty(one.Guards), orEmpty(one.Calls)
}

// requestLine is how a call looks; those that return a secret are none of the client's own.
func requestLine(c *schemas.ExplainedCall) string {
	switch c.Verb {
	case schemas.VerbRead:
		return "GET /pam/" + string(c.Kind) + "/" + c.ID
	case schemas.VerbOpen:
		return "POST /pam/remote/session"
	case schemas.VerbUpsert, schemas.VerbActivate, schemas.VerbInactivate, schemas.VerbRelease, schemas.VerbDrop:
	}
	return vault.RequestLine(c.Verb, c.Kind, c.ID)
}

// orEmpty makes an empty list of none, so that a program finds one.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// nothing says that nothing was found, with the nearest name that there is.
func (x *explaining) nothing(ctx context.Context) error {
	a := x.asked
	for _, u := range x.unread {
		x.e.Warn(schemas.Problem{Code: "explain_unread", Place: schemas.Place{Source: u.Source}, Args: schemas.Pairs("why", u.Code)})
	}
	switch {
	case a.Row > 0:
		var last []string
		for _, use := range x.plan.Start.Sources {
			if a.Source == "" || a.Source == use.Path {
				last = append(last, use.Path)
			}
		}
		return schemas.NewFault(schemas.ClassInput, "explain_no_row", "row", strconv.Itoa(a.Row), "sources", strings.Join(last, ", "))
	case a.ID != "":
		return x.nowhere("explain_no_id", "id", a.ID)
	}
	names := append(x.story.Names(a.Kind), x.sourceNames(ctx)...)
	return x.nowhere("explain_no_name", "kind", string(a.Kind), "name", a.Name, "near", Nearest(a.Name, names))
}
