package jobs

import (
	"strings"

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/sources"
)

// wanted reads a file whose rows name records: by the vault's id, an identifier, or hostname and username.
// Its password column, where it has one, is not read.
func (e *Env) wanted(path string) ([]pipeline.Wanted, []schemas.SourceUse, error) {
	config, err := e.withPassword(SourceOf(path))
	if err != nil {
		return nil, nil, err
	}
	s, err := sources.Open(config, sources.Options{Kind: schemas.KindCredential, Draft: true})
	if err != nil {
		return nil, nil, err
	}
	if column := onlyID(s); column != "" {
		config.Columns = map[schemas.Field]string{schemas.FieldID: column}
		if s, err = sources.Open(config, sources.Options{Kind: schemas.KindCredential, Draft: true}); err != nil {
			return nil, nil, err
		}
	}
	var rows []pipeline.Wanted
	err = s.Read(func(row *schemas.Row) error {
		text := func(f schemas.Field) string { return strings.Clone(strings.TrimSpace(row.Values[f])) }
		rows = append(rows, pipeline.Wanted{Row: schemas.RowRef{Source: s.Label, Row: row.Number}, ID: text(schemas.FieldID), Identifier: text(schemas.FieldIdentifier),
			Hostname: text(schemas.FieldHostname), Username: text(schemas.FieldUsername), LeftOut: row.LeftOut || row.Hidden, Problems: row.Problems})
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	e.noteSources([]*sources.Source{s})
	if len(rows) == 0 {
		return nil, nil, schemas.NewFault(schemas.ClassInput, "secrets_file_empty").At(schemas.Place{Source: s.Config.Name})
	}
	return rows, uses([]*sources.Source{s}, false), nil
}

// onlyID is the column of a table that is called id, where nothing else in it names a record: beside names it
// may be anybody's number.
func onlyID(s *sources.Source) string {
	id := ""
	for _, c := range s.Shape.Columns {
		switch {
		case c.Mapped && (c.Field == schemas.FieldID || c.Field == schemas.FieldIdentifier || c.Field == schemas.FieldHostname || c.Field == schemas.FieldUsername):
			return ""
		case strings.EqualFold(strings.TrimSpace(c.Name), "id"):
			id = c.Name
		}
	}
	return id
}
