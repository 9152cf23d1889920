package jobs

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
	"pamsync/sources"
)

// inspectUnopened says of an encrypted file without its key what its head and its bytes tell, and that the rest
// cannot be told.
func (e *Env) inspectUnopened(config schemas.SourceConfig) (Outcome, error) {
	forms, err := sources.SealedFor(config.Path)
	unread := func(err error) error {
		return schemas.NewFault(schemas.ClassInput, "source_unreadable").At(schemas.Place{Source: config.Name}).Because(rootCause(err))
	}
	if err != nil {
		return Outcome{}, unread(err)
	}
	sum, err := sinks.HashFile(config.Path)
	if err != nil {
		return Outcome{}, unread(err)
	}
	in := schemas.Inspection{File: config.Name, Format: "age", Encoding: "age", SHA256: sum, For: forms, Columns: []schemas.InspectedColumn{}, Lacking: map[string]int{}}
	in.Chosen = e.lastExport(config.Path)
	out := Outcome{Verdict: "verdict_0"}
	if len(forms) == 0 { // no key opens it
		out = Outcome{Exit: 65, Verdict: "verdict_65"}
	}
	if e.JSON {
		return out, e.printInspection(&in)
	}
	label := func(key, value string) { fmt.Fprintf(e.Stdout, "%-12s %s\n", words.Text(e.Lang, key), value) }
	label("inspect_file", words.Plain(in.File))
	label("inspect_format", words.Text(e.Lang, "inspect_age"))
	if len(forms) == 0 {
		label("", words.Text(e.Lang, "inspect_age_cut"))
	} else {
		slices.Sort(forms)
		label("inspect_for", words.Text(e.Lang, "inspect_keys", "n", sinks.Number(e.Lang, len(forms)), "forms", strings.Join(slices.Compact(forms), ", ")))
	}
	showExport(e, in.Chosen)
	fmt.Fprintln(e.Stdout, "  "+words.Text(e.Lang, "inspect_unopened"))
	return out, nil
}

func (e *Env) printInspection(in *schemas.Inspection) error {
	enc := json.NewEncoder(e.Stdout)
	enc.SetEscapeHTML(false)
	return enc.Encode(in)
}

// lastExport is what the reports tell of the last export of secrets that was written in a place, nil where they
// tell of none: by the journal of its run, not by the file.
func (e *Env) lastExport(path string) *schemas.InspectedExport {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil
	}
	names, err := e.runNames()
	if err != nil {
		return nil // it is a help, and no more
	}
	for _, name := range names {
		plan, _, err := planEnds(filepath.Join(e.runFolder(name), planFile))
		if err != nil || plan.Reading == nil || plan.Reading.Out != path {
			continue
		}
		l := tellRun(e.runFolder(name), name).line
		ended := l.Verdict == schemas.RunDone || l.Verdict == schemas.RunIncomplete
		if n := l.Changes; ended && n != nil && n.Done > 0 { // else no file took its place
			return &schemas.InspectedExport{Run: name, Records: n.Done, Chosen: n.Done + n.Failed, Failed: n.Failed, By: plan.Reading.By}
		}
	}
	return nil
}

// openSealed opens an export of secrets as a source of the kind that its records have; as one of credentials
// where it has none.
func openSealed(config schemas.SourceConfig) (*sources.Source, error) {
	kinds := []schemas.Kind{schemas.KindCredential, schemas.KindKey, schemas.KindInfo}
	for _, kind := range kinds {
		s, err := sources.Open(config, sources.Options{Kind: kind})
		if err == nil {
			err = s.Read(func(*schemas.Row) error { return nil })
		}
		if err != nil || s.Use.Rows > 0 {
			return s, err
		}
	}
	return sources.Open(config, sources.Options{Kind: kinds[0]})
}

// inspectedExport is what the last line of an export of secrets says, nil for any other file.
func inspectedExport(s *sources.Source) *schemas.InspectedExport {
	if s.Sealed == nil {
		return nil
	}
	return &schemas.InspectedExport{Records: s.Sealed.Records, Chosen: s.Sealed.Chosen, Failed: s.Sealed.Failed, By: s.Sealed.By, Others: s.Others}
}

// showExport says how an export of secrets came about, and whether what it lacks does not exist.
func showExport(e *Env, x *schemas.InspectedExport) {
	if x == nil {
		return
	}
	number := func(n int) string { return sinks.Number(e.Lang, n) }
	key := "inspect_export_" + string(x.By)
	switch {
	case x.By == "":
		key = "inspect_export_former"
	case x.Failed > 0:
		key = "inspect_export_failed"
	}
	counts := []string{"records", number(x.Records), "chosen", number(x.Chosen), "failed", number(x.Failed), "by", "chosen_by_" + string(x.By)}
	fmt.Fprintf(e.Stdout, "%-12s %s\n", words.Text(e.Lang, "inspect_export"), words.Text(e.Lang, key, counts...))
	if x.Run != "" {
		fmt.Fprintf(e.Stdout, "%-12s %s\n", "", words.Text(e.Lang, "inspect_export_run", "run", x.Run))
	}
	if x.Others > 0 {
		fmt.Fprintf(e.Stdout, "%-12s %s\n", "", words.Text(e.Lang, "inspect_export_others", "n", number(x.Others)))
	}
}
