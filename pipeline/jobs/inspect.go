package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
	"pamsync/sources"
)

// Inspection is what inspect found out about a file, as --json prints it.
type Inspection struct {
	File      string             `json:"file"`
	Kind      schemas.Kind       `json:"kind"`
	Format    string             `json:"format"`
	Encoding  string             `json:"encoding"`
	BadByte   string             `json:"not_utf8_at,omitempty"`
	Delimiter string             `json:"delimiter,omitempty"`
	Sheet     string             `json:"sheet,omitempty"`
	Nameless  []string           `json:"nameless_columns,omitempty"`
	Others    []string           `json:"other_sheets,omitempty"`
	Above     int                `json:"rows_above,omitempty"`
	Header    int                `json:"header_line,omitempty"`
	Records   string             `json:"records,omitempty"`
	Columns   []InspectedColumn  `json:"columns"`
	Rows      int                `json:"rows"`
	Readable  int                `json:"readable"`
	Rejected  int                `json:"rejected"`
	LeftOut   int                `json:"left_out"`
	Problems  []InspectedProblem `json:"problems,omitempty"`
	SHA256    string             `json:"sha256"`
}

// InspectedColumn is one column; the example of a column that looks like a secret is hidden.
type InspectedColumn struct {
	Name    string `json:"name"`
	Field   string `json:"field,omitempty"`
	Secret  bool   `json:"secret,omitempty"`
	Example string `json:"example,omitempty"`
}

// InspectedProblem is one problem of a row; its message is English, as in all that is read by
// programs.
type InspectedProblem struct {
	Place   string `json:"place"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Inspect says what pamsync understands of a file, as a source of one kind or, where kind is
// empty, of the kind that it fits better. The file is readable, or a fault says why not.
func Inspect(ctx context.Context, e *Env, path string, kind schemas.Kind) (Outcome, error) {
	config := SourceOf(path)
	for _, k := range []*schemas.KindConfig{&e.Config.Devices, &e.Config.Credentials} {
		for _, s := range k.Sources {
			if SameSource(config, s) {
				config = s
				if kind == "" && k == &e.Config.Credentials {
					kind = schemas.KindCredential
				}
			}
		}
	}
	config, err := e.withPassword(config)
	if err != nil {
		return Outcome{}, err
	}
	s, err := openLikely(config, kind)
	if err != nil {
		return Outcome{}, err
	}
	in, problems, err := examine(s, path)
	if err != nil {
		return Outcome{}, err
	}
	if e.JSON {
		enc := json.NewEncoder(e.Stdout)
		enc.SetEscapeHTML(false)
		return Outcome{Verdict: "verdict_0"}, enc.Encode(in)
	}
	showInspection(e, in, problems)
	return Outcome{Verdict: "verdict_0"}, nil
}

// examine reads a source through, called name, and says what it is like, with what is wrong in
// its rows.
func examine(s *sources.Source, name string) (Inspection, []schemas.Problem, error) {
	config, kind := s.Config, s.Options.Kind
	inv := pipeline.NewInventory(nil, schemas.Normalize{})
	inv.AddSource(pipeline.SourceInfo{Kind: kind, Name: name, Locate: s.Locate, Defaults: defaultsOf(config)})
	examples := map[schemas.Field]string{}
	err := s.Read(func(row *schemas.Row) error {
		for f, value := range row.Values {
			if value != "" && examples[schemas.Field(f)] == "" {
				examples[schemas.Field(f)] = strings.Clone(value)
			}
		}
		inv.Load(row)
		return nil
	})
	if err != nil {
		return Inspection{}, nil, err
	}
	problems := pipeline.Validate(inv, pipeline.Policy{})
	return inspection(s, inv, examples, problems), problems, nil
}

// openLikely opens a file as a source of a kind, or of the one that it fits: a table with
// usernames is one of credentials. What is broken is not opened twice.
func openLikely(config schemas.SourceConfig, kind schemas.Kind) (*sources.Source, error) {
	if kind != "" {
		return sources.Open(config, sources.Options{Kind: kind})
	}
	s, err := sources.Open(config, sources.Options{Kind: schemas.KindCredential})
	switch {
	case err == nil && s.Shape.HeaderLine > 0:
		return s, nil
	case err == nil: // a JSON holds devices
	default:
		switch faultOf(err).Problem.Code {
		case "no_key_column", "no_sheet_fits", "column_twice":
		default:
			return nil, err
		}
	}
	return sources.Open(config, sources.Options{Kind: schemas.KindDevice})
}

func inspection(s *sources.Source, inv *pipeline.Inventory, examples map[schemas.Field]string, problems []schemas.Problem) Inspection {
	set := &inv.Devices
	if s.Options.Kind == schemas.KindCredential {
		set = &inv.Credentials
	}
	in := Inspection{File: s.Config.Name, Kind: s.Options.Kind, Format: s.Shape.Format, Encoding: s.Shape.Encoding, BadByte: s.Shape.BadByte,
		Sheet: s.Shape.Sheet, Nameless: s.Nameless, Others: s.Shape.OtherSheets, Above: s.Shape.RowsAbove, Header: s.Shape.HeaderLine, Records: s.Shape.Records, Rows: s.Use.Rows, SHA256: s.Use.SHA256}
	if s.Shape.Delimiter != 0 {
		in.Delimiter = string(s.Shape.Delimiter)
	}
	for _, c := range s.Shape.Columns {
		column := InspectedColumn{Name: c.Name, Secret: c.Secret}
		if c.Mapped {
			column.Field = c.Field.String()
			if !c.Secret {
				column.Example = words.Plain(examples[c.Field])
			}
		}
		in.Columns = append(in.Columns, column)
	}
	in.Rejected, in.LeftOut = pipeline.Rejected(inv), set.LeftOut
	in.Readable = set.In - set.LeftOut - in.Rejected
	for _, p := range problems {
		in.Problems = append(in.Problems, InspectedProblem{p.Place.String(), p.Code, words.Problem(words.English, p.Code, p.Args)})
	}
	return in
}

func showInspection(e *Env, in Inspection, problems []schemas.Problem) {
	say := func(key string, pairs ...string) string { return words.Text(e.Lang, key, pairs...) }
	label := func(key, value string) { fmt.Fprintf(e.Stdout, "%-12s %s\n", say(key), value) }
	number := func(n int) string { return sinks.Number(e.Lang, n) }
	label("inspect_file", words.Plain(in.File))
	label("inspect_format", in.Format)
	encoding := words.Term(e.Lang, in.Encoding)
	if in.BadByte != "" {
		encoding += " (" + words.Term(e.Lang, in.BadByte) + ")"
	}
	switch {
	case in.Sheet != "":
		label("inspect_sheet", say("inspect_table", "sheet", in.Sheet, "row", number(in.Header)))
	case in.Delimiter != "":
		label("inspect_encoding", encoding)
		label("inspect_delimiter", say("inspect_header", "delimiter", strconv.Quote(in.Delimiter), "line", number(in.Header)))
	default:
		label("inspect_encoding", encoding)
		label("inspect_records", words.Plain(in.Records))
	}
	label("inspect_as", say("inspect_rows", "what", string(in.Kind), "rows", number(in.Rows), "readable", number(in.Readable),
		"rejected", number(in.Rejected), "left", number(in.LeftOut)))
	showColumns(e, in.Columns)
	if in.Above > 0 {
		fmt.Fprintln(e.Stdout, "  "+say("inspect_above", "n", number(in.Above)))
	}
	if len(in.Others) > 0 {
		fmt.Fprintln(e.Stdout, "  "+say("inspect_others", "sheets", words.Plain(strings.Join(in.Others, ", "))))
	}
	if len(in.Nameless) > 0 {
		fmt.Fprintln(e.Stdout, "  "+say("inspect_nameless", "columns", strings.Join(in.Nameless, ", ")))
	}
	for i, problem := range problems {
		if i == 20 && !e.All {
			fmt.Fprintln(e.Stdout, "  "+say("more", "n", number(len(problems)-20)))
			break
		}
		fmt.Fprintf(e.Stdout, "  x %s: %s\n", words.Plain(problem.Place.String()), words.Problem(e.Lang, problem.Code, problem.Args))
	}
}

// showColumns says what each column of the file becomes, with an example.
func showColumns(e *Env, columns []InspectedColumn) {
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
		case c.Field != "":
			what = c.Field
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
	var b strings.Builder
	for _, p := range problems {
		b.WriteString(sinks.Message(e.Lang, "error", p) + "\n")
	}
	if !e.JSON {
		fmt.Fprint(e.Stdout, b.String())
	}
	e.noteSources(opened)
	rows := schemas.RowCounts{In: inv.Devices.In + inv.Credentials.In, LeftOut: inv.Devices.LeftOut + inv.Credentials.LeftOut}
	rows.Rejected = pipeline.Rejected(inv)
	rows.Unchanged = rows.In - rows.LeftOut - rows.Rejected
	total := schemas.Total{Rows: rows}
	out := Outcome{Total: &total}
	if len(problems) > 0 {
		out.Exit, total.Exit = 65, 65
	}
	return out, nil
}
