package jobs

import (
	"errors"
	"os"
	"slices"
	"strings"

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/sources"
)

// secretReader holds the passwords that a plan sends, read from its sources again.
type secretReader struct {
	bySourceRow map[pipeline.InputRef]schemas.Secret
	prints      map[pipeline.InputRef]string // of the public halves of keys
}

// readSecrets reads the sources of a plan that sends passwords once more; they must be the
// very files that the plan was made from.
func (a *application) readSecrets() error {
	a.secrets = &secretReader{bySourceRow: map[pipeline.InputRef]schemas.Secret{}, prints: map[pipeline.InputRef]string{}}
	if !a.plan.Start.Secrets {
		return nil
	}
	wanted := map[pipeline.InputRef]bool{}
	for i := range a.plan.Changes {
		if a.plan.Changes[i].Secret {
			for _, ref := range a.plan.Changes[i].Rows {
				wanted[pipeline.InputRef{Kind: a.plan.Changes[i].Kind, Ref: ref}] = true
			}
		}
	}
	for _, use := range a.plan.Start.Sources {
		if use.Kind != schemas.KindDevice {
			if err := a.secrets.read(a.e, use, wanted); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *secretReader) read(e *Env, use schemas.SourceUse, wanted map[pipeline.InputRef]bool) error {
	config := schemas.SourceConfig{Name: use.Path, Path: use.File, Format: use.Format, Records: use.Records, Sheet: use.Sheet, Columns: map[schemas.Field]string{}}
	if _, err := os.Stat(config.Path); err != nil {
		config.Path = schemas.PlaceOf([]schemas.SourceUse{use}, use.Kind, schemas.RowRef{Source: use.Path}).Source
	}
	for name, column := range use.Columns {
		if f, ok := schemas.ParseField(name); ok {
			config.Columns[f] = column
		}
	}
	config, err := e.withPassword(configured(e.Config, config))
	if err != nil {
		return err
	}
	changed := schemas.NewFault(schemas.ClassInput, "source_changed").At(schemas.Place{Source: use.Path})
	source, err := sources.Open(config, sources.Options{Kind: use.Kind, Secrets: true})
	if err != nil {
		if fault := faultOf(err); fault.Class == schemas.ClassConfig {
			return changed
		}
		return err
	}
	err = source.Read(func(row *schemas.Row) error {
		ref := pipeline.InputRef{Kind: use.Kind, Ref: schemas.RowRef{Source: use.Path, Row: row.Number}}
		if wanted[ref] && !row.Secret.Empty() {
			s.bySourceRow[ref], s.prints[ref] = row.Secret, strings.Clone(row.Values[schemas.FieldPublicKey])
		}
		return nil
	})
	if err != nil {
		return err
	}
	if source.Use.SHA256 != use.SHA256 {
		return changed
	}
	return nil
}

func (s *secretReader) of(c *schemas.Change) (schemas.Secret, error) {
	for _, row := range c.Rows {
		ref := pipeline.InputRef{Kind: c.Kind, Ref: row}
		secret, ok := s.bySourceRow[ref]
		if !ok {
			continue
		}
		if public := c.Send.Get(schemas.FieldPublicKey); c.Kind == schemas.KindKey && public != s.prints[ref] { // the file of a key is none of the source's
			return schemas.Secret{}, errors.New("the key of " + row.Source + " is another than the plan shows")
		}
		return secret, nil
	}
	var rows []string
	for _, ref := range c.Rows {
		rows = append(rows, ref.Source)
	}
	return schemas.Secret{}, errors.New("no password in " + strings.Join(rows, ", "))
}

func (s *secretReader) print(c *schemas.Change, key []byte) string {
	if s == nil {
		return ""
	}
	secret, err := s.of(c)
	if err != nil {
		return ""
	}
	return secret.Print(key)
}

// configured gives a source of a plan what the configuration alone knows: where the password of
// a protected workbook stands.
func configured(c *schemas.Config, source schemas.SourceConfig) schemas.SourceConfig {
	for _, known := range slices.Concat(c.Credentials.Sources, c.Keys.Sources, c.Infos.Sources) {
		if known.Name == source.Name || known.Name+"!"+known.Sheet == source.Name {
			source.PasswordFile = known.PasswordFile
			source.IdentityFile, source.IdentityCommand = known.IdentityFile, known.IdentityCommand
		}
	}
	return source
}
