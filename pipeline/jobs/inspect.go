package jobs

import (
	"context"
	"encoding/json"
	"fmt"
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

// InspectedProblem is one problem of a row.
type InspectedProblem struct {
	Place   string `json:"place"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Inspect says what pamsync understands of a file, as a source of one kind or, where kind is
// empty, of the kind that it fits better. The file is readable, or a fault says why not.
func Inspect(ctx context.Context, e *Env, path string, kind schemas.Kind) (Outcome, error) {
	config := schemas.SourceConfig{Name: path, Path: path, Format: "auto"}
	for _, k := range []*schemas.KindConfig{&e.Config.Devices, &e.Config.Credentials} {
		for _, s := range k.Sources {
			if s.Name == path || s.Path == path {
				config = s
				if kind == "" && k == &e.Config.Credentials {
					kind = schemas.KindCredential
				}
			}
		}
	}
	if kind == "" {
		kind = likelyKind(config)
	}
	in, err := examine(e, config, path, kind)
	if err != nil {
		return Outcome{}, err
	}
	if e.JSON {
		enc := json.NewEncoder(e.Stdout)
		enc.SetEscapeHTML(false)
		return Outcome{Verdict: "verdict_0"}, enc.Encode(in)
	}
	showInspection(e, in)
	return Outcome{Verdict: "verdict_0"}, nil
}

// examine reads a file through as a source of one kind, called name, and says what it is like.
func examine(e *Env, config schemas.SourceConfig, name string, kind schemas.Kind) (Inspection, error) {
	s, err := sources.Open(config, sources.Options{Kind: kind})
	if err != nil {
		return Inspection{}, err
	}
	inv := pipeline.NewInventory(nil)
	inv.AddSource(pipeline.SourceInfo{Kind: kind, Name: name, Locate: s.Locate, Defaults: defaultsOf(config)})
	examples := map[schemas.Field]string{}
	err = s.Read(func(row *schemas.Row) error {
		for f, value := range row.Values {
			if value != "" && examples[schemas.Field(f)] == "" {
				examples[schemas.Field(f)] = strings.Clone(value)
			}
		}
		inv.Load(row)
		return nil
	})
	if err != nil {
		return Inspection{}, err
	}
	return inspection(e, s, inv, examples), nil
}

// likelyKind tells a credentials file by its having usernames.
func likelyKind(config schemas.SourceConfig) schemas.Kind {
	if s, err := sources.Open(config, sources.Options{Kind: schemas.KindCredential}); err == nil && s.Shape.Format == "csv" {
		return schemas.KindCredential
	}
	return schemas.KindDevice
}

func inspection(e *Env, s *sources.Source, inv *pipeline.Inventory, examples map[schemas.Field]string) Inspection {
	set := &inv.Devices
	if s.Options.Kind == schemas.KindCredential {
		set = &inv.Credentials
	}
	in := Inspection{File: s.Config.Name, Kind: s.Options.Kind, Format: s.Shape.Format, Encoding: s.Shape.Encoding, BadByte: s.Shape.BadByte,
		Header: s.Shape.HeaderLine, Records: s.Shape.Records, Rows: s.Use.Rows, SHA256: s.Use.SHA256}
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
	for _, p := range pipeline.Validate(inv) {
		in.Problems = append(in.Problems, InspectedProblem{p.Place.String(), p.Code, words.Problem(e.Lang, p.Code, p.Args)})
	}
	return in
}

func showInspection(e *Env, in Inspection) {
	p := func(format string, args ...any) { fmt.Fprintf(e.Stdout, format+"\n", args...) }
	p("%-12s %s", "file", in.File)
	p("%-12s %s", "format", in.Format)
	encoding := in.Encoding
	if in.BadByte != "" {
		encoding += " (" + in.BadByte + ")"
	}
	p("%-12s %s", "encoding", encoding)
	if in.Delimiter != "" {
		p("%-12s %q, header line %d", "delimiter", in.Delimiter, in.Header)
	} else {
		p("%-12s %s", "records", in.Records)
	}
	p("%-12s %s: %d rows, %d readable, %d rejected, %d left out", "as", in.Kind, in.Rows, in.Readable, in.Rejected, in.LeftOut)
	width := 6
	for _, c := range in.Columns {
		width = max(width, len([]rune(c.Name)))
	}
	for _, c := range in.Columns {
		what := "(ignored)"
		switch {
		case c.Secret:
			what = "(secret: never shown, read only with --with-secrets)"
		case c.Field != "":
			what = c.Field
		}
		p("  %-*s -> %-20s %s", width, words.Plain(c.Name), what, c.Example)
	}
	for i, problem := range in.Problems {
		if i == 20 && !e.All {
			p("  %s", words.Text(e.Lang, "more", "n", sinks.Number(e.Lang, len(in.Problems)-20)))
			break
		}
		p("  x %s: %s", problem.Place, problem.Message)
	}
}

// Validate reads all sources, without the vault, and says every error in them; 65 with any.
func Validate(ctx context.Context, e *Env) (Outcome, error) {
	opened, err := e.openSources()
	if err != nil {
		return Outcome{}, err
	}
	if _, err := policyOf(e.Config); err != nil {
		return Outcome{}, err
	}
	inv, err := e.readSources(ctx, opened, []byte("validate"))
	if err != nil {
		return Outcome{}, err
	}
	problems := pipeline.Validate(inv)
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
