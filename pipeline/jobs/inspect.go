package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
	"pamsync/sources"
)

// Inspect says what pamsync understands of a file, as a source of one kind or, where kind is
// empty, of the kind that it fits better. The file is readable, or a fault says why not.
func Inspect(ctx context.Context, e *Env, path string, kind schemas.Kind) (Outcome, error) {
	config, kind := e.configured(SourceOf(path), kind)
	config, err := e.withPassword(config)
	if err != nil {
		return Outcome{}, err
	}
	if sources.Sealed(config.Path) && config.Identity.Empty() {
		return e.inspectUnopened(config)
	}
	s, err := openLikely(config, kind)
	if err != nil {
		return Outcome{}, err
	}
	in, problems, notes, err := examine(s, path)
	if err != nil {
		return Outcome{}, err
	}
	if e.JSON {
		return Outcome{Verdict: "verdict_0"}, e.printInspection(&in)
	}
	showInspection(e, in, problems, notes)
	if err := e.keepErrors(problems); err != nil {
		return Outcome{}, err
	}
	return Outcome{Verdict: "verdict_0"}, nil
}

// configured is the source of the configuration that a file is, of the kind that is asked for; the file alone
// where it is none.
func (e *Env) configured(file schemas.SourceConfig, kind schemas.Kind) (schemas.SourceConfig, schemas.Kind) {
	for _, k := range []schemas.Kind{schemas.KindCredential, schemas.KindKey, schemas.KindInfo, schemas.KindDevice} {
		if kind != "" && kind != k {
			continue
		}
		for _, s := range e.Config.SourcesOf(k) {
			if !SameSource(file, s) {
				continue
			}
			if k != schemas.KindDevice {
				kind = k
			}
			return s, kind
		}
	}
	return file, kind
}

// examine reads a source through, called name, and says what it is like, with what is wrong in
// its rows.
func examine(s *sources.Source, name string) (in schemas.Inspection, problems, notes []schemas.Problem, err error) {
	config, kind := s.Config, s.Options.Kind
	inv := pipeline.NewInventory(nil, schemas.Normalize{})
	inv.AddSource(pipeline.SourceInfo{Kind: kind, Name: name, Locate: s.Locate, Defaults: defaultsOf(config)})
	examples := map[schemas.Field]string{}
	err = s.Read(func(row *schemas.Row) error {
		for f, value := range row.Values {
			if value != "" && !schemas.HoldsPrivateKey(value) && examples[schemas.Field(f)] == "" {
				examples[schemas.Field(f)] = strings.Clone(value)
			}
		}
		inv.Load(row)
		return nil
	})
	if err != nil {
		return in, nil, nil, err
	}
	problems = pipeline.Validate(inv, pipeline.Policy{})
	return inspection(s, inv, examples, problems), problems, inv.Told(), nil
}

// openLikely opens a file as a source of a kind, or of the one that it fits: a table with
// usernames is one of credentials, and where it has the halves of keys one of SSH keys. What is broken is not
// opened twice.
func openLikely(config schemas.SourceConfig, kind schemas.Kind) (*sources.Source, error) {
	if kind != "" {
		return sources.Open(config, sources.Options{Kind: kind})
	}
	if sources.Sealed(config.Path) {
		return openSealed(config)
	}
	if keys, err := sources.Open(config, sources.Options{Kind: schemas.KindKey}); err == nil && keys.LooksLikeKeys() {
		return keys, nil
	}
	s, err := sources.Open(config, sources.Options{Kind: schemas.KindCredential})
	switch {
	case err == nil && (s.Shape.HeaderLine > 0 || s.Shape.Profile != "" || s.Shape.Accounts):
		return s, nil
	case err == nil: // a JSON holds devices
	default:
		switch faultOf(err).Problem.Code {
		case "no_key_column", "no_sheet_fits", "column_twice", "no_records":
		default:
			return nil, err
		}
		if infos, err := sources.Open(config, sources.Options{Kind: schemas.KindInfo}); err == nil && infos.LooksLikeInfos() {
			return infos, nil
		}
	}
	return sources.Open(config, sources.Options{Kind: schemas.KindDevice})
}

func inspection(s *sources.Source, inv *pipeline.Inventory, examples map[schemas.Field]string, problems []schemas.Problem) schemas.Inspection {
	set := inv.Set(s.Options.Kind)
	in := schemas.Inspection{File: s.Config.Name, Kind: s.Options.Kind, Format: s.Shape.Format, Product: s.Shape.Profile, Encoding: s.Shape.Encoding, BadByte: s.Shape.BadByte,
		Sheet: s.Shape.Sheet, Nameless: s.Nameless, Others: s.Shape.OtherSheets, Above: s.Shape.RowsAbove, Below: s.RowsBelow, Header: s.Shape.HeaderLine,
		Records: s.Shape.Records, NextPage: s.NextPage, Rows: s.Use.Rows, SHA256: s.Use.SHA256, Lacking: map[string]int{}}
	in.Merged, in.Chosen = s.Spread, inspectedExport(s)
	if in.CutAt, in.Formulas = s.CutAt(), s.Formulas; in.Formulas > 0 {
		in.Formula = s.FirstFormula.String()
	}
	if s.Shape.Delimiter != 0 {
		in.Delimiter = string(s.Shape.Delimiter)
	}
	settings := map[string]bool{}
	for _, c := range s.Shape.Columns {
		for _, m := range c.Members {
			settings[m.Path] = true
		}
	}
	for _, c := range s.Shape.Columns {
		switch {
		case len(c.Members) > 0:
			in.Columns = append(in.Columns, inspectedSettings(c, examples[c.Field])...)
			continue
		case settings[c.Name] && !c.Mapped:
			continue // it is told as the setting that it becomes
		}
		column := schemas.InspectedColumn{Name: c.Name, Secret: c.Secret || c.Password, Confidence: string(c.Confidence), Why: c.Why}
		if c.Mapped {
			column.Field = c.Field.String()
			if !column.Secret {
				column.Example = words.Plain(examples[c.Field])
			}
		}
		in.Columns = append(in.Columns, column)
	}
	in.Rejected, in.LeftOut = pipeline.Rejected(inv), set.LeftOut
	in.Readable = set.In - set.LeftOut - in.Rejected
	var lacking map[schemas.Field]int
	in.Complete, lacking = pipeline.Complete(inv, in.Kind)
	for field, n := range lacking {
		in.Lacking[field.String()] = n
	}
	in.Problems, in.Notes = inspectedProblems(problems), inspectedProblems(inv.Told())
	return in
}

// inspectedSettings are the columns that an object of settings is made of.
func inspectedSettings(c sources.Column, example string) []schemas.InspectedColumn {
	var values map[string]any
	if err := json.Unmarshal([]byte(example), &values); err != nil {
		values = nil // no row has any
	}
	var columns []schemas.InspectedColumn
	for _, m := range c.Members {
		column := schemas.InspectedColumn{Name: m.Path, Field: c.Field.String() + "." + m.Name, Confidence: string(c.Confidence)}
		if v := values[m.Name]; v != nil {
			column.Example = words.Plain(fmt.Sprint(v))
		}
		columns = append(columns, column)
	}
	return columns
}

func inspectedProblems(problems []schemas.Problem) []schemas.InspectedProblem {
	var all []schemas.InspectedProblem
	for _, p := range problems {
		all = append(all, schemas.InspectedProblem{Place: p.Place.String(), Code: p.Code, Message: words.Problem(words.English, p.Code, p.Args), Hint: words.Hint(words.English, p.Code, p.Args)})
	}
	return all
}

func showInspection(e *Env, in schemas.Inspection, problems, notes []schemas.Problem) {
	say := func(key string, pairs ...string) string { return words.Text(e.Lang, key, pairs...) }
	label := func(key, value string) { fmt.Fprintf(e.Stdout, "%-12s %s\n", say(key), value) }
	number := func(n int) string { return sinks.Number(e.Lang, n) }
	label("inspect_file", words.Plain(in.File))
	format := in.Format
	if in.Product != "" && in.Product != in.Format {
		format += ", " + say("inspect_product", "product", in.Product)
	}
	if in.Format == "folder" {
		format = say("inspect_folder")
	}
	label("inspect_format", format)
	encoding := words.Term(e.Lang, in.Encoding)
	if in.BadByte != "" {
		encoding += " (" + words.Term(e.Lang, in.BadByte) + ")"
	}
	switch {
	case in.Format == "folder":
	case in.Sheet != "":
		label("inspect_sheet", say("inspect_table", "sheet", in.Sheet, "row", number(in.Header)))
	case in.Delimiter != "" && in.Header == 0:
		label("inspect_encoding", encoding)
		label("inspect_delimiter", say("inspect_no_header", "delimiter", strconv.Quote(in.Delimiter)))
	case in.Delimiter != "":
		label("inspect_encoding", encoding)
		label("inspect_delimiter", say("inspect_header", "delimiter", strconv.Quote(in.Delimiter), "line", number(in.Header)))
	default:
		label("inspect_encoding", encoding)
		label("inspect_records", words.Plain(in.Records))
	}
	showExport(e, in.Chosen)
	label("inspect_as", say("inspect_rows", "what", string(in.Kind), "rows", number(in.Rows), "readable", number(in.Readable),
		"rejected", number(in.Rejected), "left", number(in.LeftOut)))
	if in.Readable > in.Complete {
		var lacks []string
		for field, n := range in.Lacking {
			lacks = append(lacks, field+" "+number(n))
		}
		slices.Sort(lacks)
		label("", say("inspect_incomplete", "complete", number(in.Complete), "n", number(in.Readable-in.Complete), "lacks", strings.Join(lacks, ", ")))
	} else if in.Readable > 0 {
		label("", say("inspect_complete", "kind", string(in.Kind)))
	}
	showColumns(e, in.Columns)
	if sources.OfBothKinds(in.Product) || in.Chosen != nil && in.Kind.Account() {
		other := schemas.KindDevice
		if in.Kind == other {
			other = schemas.KindCredential
		}
		fmt.Fprintln(e.Stdout, "  "+say("inspect_both", "kind", string(other)))
	}
	if in.Above > 0 {
		fmt.Fprintln(e.Stdout, "  "+say("inspect_above", "n", number(in.Above)))
	}
	if len(in.Others) > 0 {
		fmt.Fprintln(e.Stdout, "  "+say("inspect_others", "sheets", words.Plain(strings.Join(in.Others, ", "))))
	}
	if len(in.Nameless) > 0 {
		fmt.Fprintln(e.Stdout, "  "+say("inspect_nameless", "columns", strings.Join(in.Nameless, ", ")))
	}
	if len(in.Below) > 0 {
		fmt.Fprintln(e.Stdout, "  "+say("inspect_below", "n", number(len(in.Below)), "line", number(in.Below[0])))
	}
	if in.Formulas > 0 {
		fmt.Fprintln(e.Stdout, "  "+say("inspect_formulas", "n", number(in.Formulas), "place", words.Plain(in.Formula)))
	}
	if in.Merged > 0 {
		fmt.Fprintln(e.Stdout, "  "+say("inspect_merged", "n", number(in.Merged)))
	}
	if in.CutAt > 0 {
		fmt.Fprintln(e.Stdout, "  "+say("inspect_cut", "row", number(in.CutAt)))
	}
	if in.NextPage != "" {
		fmt.Fprintln(e.Stdout, "  "+say("inspect_page", "next", words.Plain(in.NextPage)))
	}
	showProblems(e, "x", problems)
	showProblems(e, "!", notes)
}

// showProblems shows the first problems of rows, and of the others how many there are of each.
func showProblems(e *Env, sign string, problems []schemas.Problem) {
	for i, problem := range problems {
		if i == 20 && !e.All {
			fmt.Fprintln(e.Stdout, "  "+words.Text(e.Lang, "more", "n", sinks.Number(e.Lang, len(problems)-20)))
			summariseProblems(e, sign, problems)
			break
		}
		fmt.Fprintf(e.Stdout, "  %s %s: %s\n", sign, words.Plain(problem.Place.String()), words.Problem(e.Lang, problem.Code, problem.Args))
	}
}

// summariseProblems counts problems by their code, the most frequent first, each with the first place.
func summariseProblems(e *Env, sign string, problems []schemas.Problem) {
	count, first := map[string]int{}, map[string]schemas.Problem{}
	var codes []string
	for _, p := range problems {
		if count[p.Code]++; count[p.Code] == 1 {
			codes, first[p.Code] = append(codes, p.Code), p
		}
	}
	slices.SortStableFunc(codes, func(a, b string) int { return count[b] - count[a] })
	for _, code := range codes {
		p := first[code]
		fmt.Fprintf(e.Stdout, "  %s %s\n", sign, words.Text(e.Lang, "problems_alike", "n", sinks.Number(e.Lang, count[code]), "code", code, "place", words.Plain(p.Place.String()),
			"message", words.Problem(e.Lang, code, p.Args)))
	}
}

// showColumns says what each column of the file becomes, with an example.
func showColumns(e *Env, columns []schemas.InspectedColumn) {
	width := 6
	for _, c := range columns {
		width = max(width, len([]rune(c.Name)))
	}
	for _, c := range columns {
		if c.Name == "" && c.Field == "" {
			continue // what stands under no header is named behind the others
		}
		what := words.Text(e.Lang, "inspect_ignored")
		switch {
		case c.Secret:
			what = words.Text(e.Lang, "inspect_secret")
		case c.Why != "" && c.Field == "":
			what = words.Text(e.Lang, "inspect_why_"+c.Why)
		case c.Field != "":
			what = c.Field
		}
		if c.Confidence == string(sources.Guess) {
			what += "?"
		}
		fmt.Fprintf(e.Stdout, "  %-*s -> %-20s %s\n", width, words.Plain(c.Name), what, c.Example)
	}
}

// Validate reads all sources, without the vault, and says every error in them; 65 with any.
func Validate(ctx context.Context, e *Env) (Outcome, error) {
	opened, err := e.openSources()
	if err != nil {
		return Outcome{}, err
	}
	policy, err := policyOf(e.Config)
	if err != nil {
		return Outcome{}, err
	}
	inv, err := e.readSources(ctx, opened, []byte("validate"))
	if err != nil {
		return Outcome{}, err
	}
	problems := pipeline.Validate(inv, policy)
	if !e.JSON {
		e.sayErrors(problems)
		showProblems(e, "!", inv.Told())
	}
	if err := e.keepErrors(problems); err != nil {
		return Outcome{}, err
	}
	e.noteSources(opened)
	rows := schemas.RowCounts{In: inv.Rows(), LeftOut: inv.LeftOut()}
	rows.Rejected = pipeline.Rejected(inv)
	rows.Unchanged = rows.In - rows.LeftOut - rows.Rejected
	total := schemas.Total{Rows: rows}
	out := Outcome{Total: &total}
	if len(problems) > 0 {
		out.Exit, total.Exit = 65, 65
	}
	return out, nil
}
