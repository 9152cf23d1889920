package jobs

import (
	"context"
	"os"
	"slices"
	"strings"

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/sinks"
	"pamsync/sources"
)

// Why a source of a plan is not read again.
const (
	unreadChanged = "changed"
	unreadGone    = "gone"
	unreadRefused = "refused" // it is the same file, and yet cannot be read as the plan did
)

// read reads the rows that are asked for, and those that the plan names beside them, from the
// sources that are still what the plan was made from.
func (x *explaining) read(ctx context.Context, refs []pipeline.InputRef) ([]pipeline.InputRow, error) {
	var rows []pipeline.InputRow
	x.unread, x.silent = nil, nil
	for i := range x.plan.Start.Sources {
		use := &x.plan.Start.Sources[i]
		wants := func(ref schemas.RowRef, v *schemas.Values) bool {
			return slices.Contains(refs, pipeline.InputRef{Kind: use.Kind, Ref: ref}) || x.story.Wants(x.asked, use.Kind, ref, v)
		}
		found, code := x.readSource(ctx, use, wants)
		if ctx.Err() != nil {
			return nil, schemas.NewFault(schemas.ClassInterrupted, "interrupted").Because(context.Cause(ctx))
		}
		if code != "" {
			x.unread = append(x.unread, schemas.SourceUnread{Source: use.Path, Code: code})
			x.silent = append(x.silent, *use)
			continue
		}
		rows = append(rows, found...)
	}
	return rows, nil
}

// readSource reads the rows of one source that are wanted; code says why it could not.
func (x *explaining) readSource(ctx context.Context, use *schemas.SourceUse, wants func(schemas.RowRef, *schemas.Values) bool) (rows []pipeline.InputRow, code string) {
	config := sourceAgain(x.e.Config, use)
	folder := use.Format == "folder" // its hash is that of all its files, known when they are read
	switch sum, err := hashUnless(folder, config.Path); {
	case err != nil && !exists(config.Path):
		return nil, unreadGone
	case err != nil:
		return nil, unreadRefused
	case !folder && sum != use.SHA256:
		return nil, unreadChanged
	}
	config, err := x.e.withPassword(config)
	if err != nil {
		return nil, unreadRefused
	}
	s, err := sources.Open(config, sources.Options{Kind: use.Kind, Shared: use.Path != config.Name})
	if err != nil {
		return nil, unreadRefused
	}
	err = s.Read(func(row *schemas.Row) error {
		if row.Number&0xfff == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		ref := schemas.RowRef{Source: use.Path, Row: row.Number}
		row.TakeKeyDefaults()
		if wants(ref, &row.Values) {
			rows = append(rows, keptRow(s, row, ref))
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, unreadRefused
	case s.Use.SHA256 != use.SHA256:
		return nil, unreadChanged
	}
	return rows, ""
}

// hashUnless is the hash of a file; of a folder it only sees whether it is there.
func hashUnless(folder bool, path string) (string, error) {
	if folder {
		_, err := os.Stat(path)
		return "", err
	}
	return sinks.HashFile(path)
}

// keptRow is a copy of a row with its cells.
func keptRow(s *sources.Source, row *schemas.Row, ref schemas.RowRef) pipeline.InputRow {
	kept := pipeline.InputRow{Kind: row.Kind, Ref: ref, LeftOut: row.LeftOut, Where: s.Config.Where, Problems: row.Problems, Place: row.Place(schemas.FieldID)}
	for f, value := range row.Values {
		kept.Values[f] = strings.Clone(strings.TrimSpace(value))
	}
	for _, c := range s.Cells() {
		cell := schemas.ExplainedCell{Place: c.Place, Text: strings.Clone(c.Text), Withheld: c.Withheld}
		cell.Place.Column, cell.Place.Pointer = strings.Clone(c.Place.Column), strings.Clone(c.Place.Pointer)
		if c.Mapped {
			cell.Field = c.Field.String()
		}
		kept.Cells = append(kept.Cells, cell)
	}
	return kept
}

// sourceAgain is the configuration of a source as it was for the plan: what the plan knows of it,
// and from the present configuration where the file is and what the plan does not keep.
func sourceAgain(c *schemas.Config, use *schemas.SourceUse) schemas.SourceConfig {
	name := use.Path
	if use.Sheet != "" {
		name = strings.TrimSuffix(name, "!"+use.Sheet)
	}
	known := c.SourcesOf(use.Kind)
	config := schemas.SourceConfig{Name: name, Path: name}
	i := slices.IndexFunc(known, func(k schemas.SourceConfig) bool {
		return k.Name == use.Path || k.Name+"!"+k.Sheet == use.Path || k.Name == name
	})
	switch {
	case i >= 0:
		config = known[i]
	case len(known) == 1: // a flag named the file in its place: its mapping stays
		config = known[0]
		config.Name, config.Path = name, name
	}
	if use.File != "" && (i < 0 || !exists(config.Path)) {
		config.Path = use.File
	}
	config.Name, config.Format, config.Sheet, config.Records, config.Where = name, use.Format, use.Sheet, use.Records, use.Where
	if use.Format == "csv" || use.Format == "xlsx" {
		secret := config.Columns[schemas.FieldContent]
		config.Columns = map[schemas.Field]string{}
		if secret != "" { // not read, and known for what it is
			config.Columns[schemas.FieldContent] = secret
		}
		for field, column := range use.Columns {
			if f, ok := schemas.ParseField(field); ok {
				config.Columns[f] = column
			}
		}
	}
	return config
}

// sourceNames are the records that the sources name, for somebody who asked for none of them.
func (x *explaining) sourceNames(ctx context.Context) []string {
	var names []string
	for i := range x.plan.Start.Sources {
		use := &x.plan.Start.Sources[i]
		if use.Kind != x.asked.Kind && (use.Kind != schemas.KindKey || x.asked.Kind != schemas.KindCredential) {
			continue
		}
		x.readSource(ctx, use, func(_ schemas.RowRef, v *schemas.Values) bool {
			names = append(names, strings.Clone(pipeline.RowName(use.Kind, v)))
			return false
		})
	}
	return names
}
