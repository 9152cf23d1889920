package jobs

import (
	"cmp"
	"context"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/sinks"
	"pamsync/sources"
)

// openSources understands every configured file, before the vault is asked for anything.
func (e *Env) openSources() ([]*sources.Source, error) {
	var opened []*sources.Source
	var faults Faults
	for _, kind := range schemas.RowKinds() {
		configs := e.Config.SourcesOf(kind)
		for _, config := range configs {
			config, err := e.withPassword(config)
			if err != nil {
				return nil, err
			}
			s, err := sources.Open(config, sources.Options{Kind: kind, Index: len(opened), Secrets: e.Config.SecretsOf(kind) != schemas.SecretsNever,
				Shared: timesNamed(configs, config.Name) > 1})
			if err != nil {
				faults = append(faults, faultOf(err))
				continue
			}
			if known := e.knownAs(s); known != s.Use.Path {
				s.Use.Known = known
			}
			opened = append(opened, s)
		}
	}
	if err := faults.err(); err != nil {
		return nil, err
	}
	if len(opened) == 0 {
		return nil, schemas.NewFault(schemas.ClassUsage, "no_source")
	}
	return opened, nil
}

// knownAs is where a source stands, from the folder that holds the state folder: what is remembered
// there of a source is found again however its path is spelled, and from wherever the run is started.
func (e *Env) knownAs(s *sources.Source) string {
	known := filepath.Clean(s.Config.Path)
	if full, err := filepath.Abs(s.Config.Path); err == nil {
		known = full
		if state, err := filepath.Abs(e.Config.State); err == nil {
			if near, err := filepath.Rel(filepath.Dir(state), full); err == nil {
				known = near
			}
		}
	}
	return strings.ToValidUTF8(filepath.ToSlash(known), "\uFFFD") + strings.TrimPrefix(s.Label, s.Config.Name)
}

// SourceOf is the source that a command line names: a file, or FILE!SHEET for a sheet of a
// workbook. A file whose own name holds the sign is that file.
func SourceOf(path string) schemas.SourceConfig {
	c := schemas.SourceConfig{Path: path, Format: "auto"}
	if i := strings.LastIndexByte(path, '!'); i > 0 && !exists(path) && exists(path[:i]) {
		c.Path, c.Sheet = path[:i], path[i+1:]
	}
	c.Name = strings.ToValidUTF8(c.Path, "\uFFFD")
	return c
}

// SameSource says whether a configured source is the one that a command line names.
func SameSource(named, configured schemas.SourceConfig) bool {
	return (configured.Name == named.Path || configured.Path == named.Path) && (named.Sheet == "" || named.Sheet == configured.Sheet)
}

// timesNamed counts the sources of a kind that read one file.
func timesNamed(configs []schemas.SourceConfig, name string) int {
	n := 0
	for _, c := range configs {
		if c.Name == name {
			n++
		}
	}
	return n
}

// readSources loads the rows of all sources into an inventory.
func (e *Env) readSources(ctx context.Context, opened []*sources.Source, printKey []byte) (*pipeline.Inventory, error) {
	inv := pipeline.NewInventory(printKey, e.Config.Devices.Normalize)
	for _, s := range opened {
		inv.AddSource(pipeline.SourceInfo{Kind: s.Options.Kind, Name: s.Label, Locate: s.Locate, Defaults: defaultsOf(s.Config)})
	}
	for i, s := range opened {
		err := s.Read(func(row *schemas.Row) error {
			if row.Number&0xfff == 0 && ctx.Err() != nil {
				return schemas.NewFault(schemas.ClassInterrupted, "interrupted").Because(context.Cause(ctx))
			}
			inv.Load(row)
			return nil
		})
		if err != nil {
			return nil, err
		}
		s.Use.Stale = s.Config.MaxAge > 0 && older(s.Use.Modified, e.Now().Add(-s.Config.MaxAge))
		inv.Sources[i].MaxAge, inv.Sources[i].Repeats = s.Config.MaxAge, s.Repeats()
		inv.Sources[i].CutAt = s.CutAt()
		inv.Sources[i].NextPage, inv.Sources[i].Trouble, inv.Sources[i].Unread = s.NextPage, s.Trouble, s.Shape.OtherSheets
		inv.Sources[i].Suspects, inv.Sources[i].Part = s.Shape.Suspects, s.Part
	}
	for i, use := range uses(opened, false) {
		inv.Sources[i].Use = use
	}
	return inv, nil
}

// older says whether a time, as a plan keeps it, lies before another.
func older(modified string, than time.Time) bool {
	t, err := time.Parse(time.RFC3339, modified)
	return err == nil && t.Before(than)
}

func defaultsOf(config schemas.SourceConfig) *schemas.Values {
	if len(config.Defaults) == 0 {
		return nil
	}
	v := &schemas.Values{}
	for f, value := range config.Defaults {
		v[f] = value
	}
	return v
}

// uses records the sources in a plan.
func uses(opened []*sources.Source, secrets bool) []schemas.SourceUse {
	var list []schemas.SourceUse
	for _, s := range opened {
		u := s.Use
		u.Columns = map[string]string{}
		for _, c := range s.Shape.Columns {
			found := c.Field.Secret() && s.Shape.Records != "" && s.Config.Columns[c.Field] == "" // each record may have another name for it
			if c.Mapped && !found {
				u.Columns[c.Field.String()] = c.Name
			}
		}
		u.Sheet = s.Shape.Sheet
		if s.Shape.Records != "" {
			u.Records = s.Config.Records
		}
		if secrets && s.Options.Kind != schemas.KindDevice {
			u.File, _ = filepath.Abs(s.Config.Path)
		}
		list = append(list, u)
	}
	return list
}

// noteSources says what was read, and which columns look like passwords and were not.
func (e *Env) noteSources(opened []*sources.Source) {
	for _, s := range opened {
		e.Note("reading_source", "path", s.Config.Name, "format", strings.TrimSuffix(s.Shape.Format+", "+cmp.Or(s.Shape.Encoding, s.Shape.Sheet), ", "), "rows", sinks.Number(e.Lang, s.Use.Rows))
		if s.Others > 0 {
			e.Note("sealed_others", "path", s.Config.Name, "n", sinks.Number(e.Lang, s.Others), "kind", string(s.Options.Kind))
		}
		if s.Options.Secrets && !slices.ContainsFunc(s.Shape.Columns, func(c sources.Column) bool { return c.Mapped && c.Field == schemas.FieldContent }) {
			e.Note("no_password_column", "path", s.Config.Name)
		}
		if n := s.Shape.RowsAbove; n > 0 {
			e.Note("rows_above", "path", s.Config.Name, "n", sinks.Number(e.Lang, n), "row", sinks.Number(e.Lang, s.Shape.HeaderLine))
		}
		var hidden []string
		for _, c := range s.Shape.Columns {
			if c.Why == "hidden" {
				hidden = append(hidden, c.Name)
			}
		}
		if len(hidden) > 0 {
			e.Note("hidden_columns", "path", s.Config.Name, "columns", strings.Join(hidden, ", "))
		}
		if n := len(s.RowsBelow); n > 0 {
			e.Note("rows_below", "path", s.Config.Name, "n", sinks.Number(e.Lang, n), "line", sinks.Number(e.Lang, s.RowsBelow[0]))
		}
		if len(s.Nameless) > 0 {
			e.Note("nameless_columns", "path", s.Config.Name, "columns", strings.Join(s.Nameless, ", "))
		}
		for _, c := range s.Shape.Columns {
			if c.Password && !c.Mapped && s.Options.Kind != schemas.KindDevice && s.Shape.Format != "folder" && e.Config.SecretsOf(s.Options.Kind) == schemas.SecretsNever {
				e.Note("secrets_ignored", "path", s.Config.Name, "column", c.Name)
			}
		}
	}
}
