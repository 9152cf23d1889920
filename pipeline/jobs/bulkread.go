package jobs

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/sources"
)

// requestsOf are the columns of the file of a bulk verb.
func requestsOf(action schemas.Action) *sources.Requests {
	switch action {
	case schemas.ActionOpen:
		return sources.SessionOpens()
	case schemas.ActionDrop:
		return sources.SessionDrops()
	case schemas.ActionRelease:
		return sources.CustodyReleases()
	}
	return nil
}

// readAsks reads the file of a bulk verb.
func (e *Env) readAsks(ctx context.Context, file string, action schemas.Action) ([]pipeline.Ask, *schemas.SourceUse, []schemas.Problem, error) {
	config, err := e.withPassword(SourceOf(file))
	if err != nil {
		return nil, nil, nil, err
	}
	q := requestsOf(action)
	kind := schemas.KindSession
	if action == schemas.ActionRelease {
		kind = schemas.KindCredential
	}
	s, err := sources.Open(config, sources.Options{Kind: kind, Requests: q})
	if err != nil {
		return nil, nil, nil, err
	}
	var asks []pipeline.Ask
	err = s.Read(func(row *schemas.Row) error {
		if ctx.Err() != nil {
			return schemas.NewFault(schemas.ClassInterrupted, "interrupted").Because(context.Cause(ctx))
		}
		asks = append(asks, askOf(q, row, s.Label))
		return nil
	})
	if err != nil {
		return nil, nil, nil, err
	}
	e.noteSources([]*sources.Source{s})
	use := s.Use
	use.Sheet = s.Shape.Sheet
	if s.Shape.Records != "" {
		use.Records = s.Config.Records
	}
	use.File, _ = filepath.Abs(config.Path)
	return asks, &use, unreadParts(s), nil
}

// unreadParts warns of what the file says that was not read.
func unreadParts(s *sources.Source) []schemas.Problem {
	var warnings []schemas.Problem
	warn := func(code string, pairs ...string) {
		warnings = append(warnings, schemas.Problem{Code: code, Place: schemas.Place{Source: s.Config.Name}, Args: schemas.Pairs(append(pairs, "source", s.Config.Name)...)})
	}
	if len(s.Shape.OtherSheets) > 0 {
		warn("sheets_unread", "sheets", strings.Join(s.Shape.OtherSheets, ", "), "gone", "")
	}
	if s.NextPage != "" {
		warn("source_page", "gone", "0")
	}
	return warnings
}

// askOf keeps a row. What names a session is kept apart: it is shown to nobody.
func askOf(q *sources.Requests, row *schemas.Row, source string) pipeline.Ask {
	a := pipeline.Ask{Ref: schemas.RowRef{Source: source, Row: row.Number}, Said: map[string]string{}, Places: map[string]schemas.Place{"": row.Place(schemas.FieldID)},
		Problems: slices.Clone(row.Problems), LeftOut: row.LeftOut || row.Hidden}
	for _, c := range q.Columns {
		name := c.Names[0]
		a.Places[name] = q.Place(row, name)
		switch text := strings.Clone(strings.TrimSpace(q.Get(row, name))); {
		case c.Hidden:
			a.Session = schemas.NewSecret(text)
		case text != "":
			a.Said[name] = text
		}
	}
	return a
}

// bulkSource is the file of a bulk verb, as its plan has it.
func bulkSource(use *schemas.SourceUse) schemas.SourceConfig {
	name := use.Path
	if use.Sheet != "" {
		name = strings.TrimSuffix(name, "!"+use.Sheet)
	}
	return schemas.SourceConfig{Name: name, Path: use.File, Format: use.Format, Sheet: use.Sheet, Records: use.Records}
}
