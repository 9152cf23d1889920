package jobs

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sources"
)

// fill stands where a person has to say what nobody can guess.
const fill = "FILL"

// MappingOptions are those of `mapping init`.
type MappingOptions struct {
	Kind schemas.Kind // "" for the one that the file fits better
	Out  string       // a file, "-" for stdout
}

// MappingInit drafts the sources block of a configuration for a file: which column each field would
// come from, how sure that is, and FILL where a person has to say.
func MappingInit(e *Env, path string, o MappingOptions) (Outcome, error) {
	config, err := e.withPassword(SourceOf(path))
	if err != nil {
		return Outcome{}, err
	}
	s, examples, err := drafted(config, o.Kind)
	if err != nil {
		return Outcome{}, err
	}
	d := &draft{e: e, s: s, path: path, examples: examples}
	text := d.yaml()
	if o.Out == "-" {
		_, err = io.WriteString(e.Stdout, text)
		return Outcome{Verdict: "verdict_0"}, err
	}
	if err := SaveTo(o.Out, func(w io.Writer) error { _, err := io.WriteString(w, text); return err }); err != nil {
		return Outcome{}, err
	}
	return Outcome{Verdict: "verdict_0"}, nil
}

// drafted opens a file as far as it can be understood, and reads examples of its fields.
func drafted(config schemas.SourceConfig, kind schemas.Kind) (*sources.Source, map[schemas.Field]string, error) {
	if kind == "" {
		kind = schemas.KindDevice
		if s, err := openLikely(config, ""); err == nil {
			kind = s.Options.Kind
		} else if s, err := sources.Open(config, sources.Options{Kind: schemas.KindCredential, Draft: true}); err == nil &&
			slices.ContainsFunc(s.Shape.Columns, func(c sources.Column) bool { return c.Mapped && c.Field == schemas.FieldUsername }) {
			kind = schemas.KindCredential
		}
	}
	s, err := sources.Open(config, sources.Options{Kind: kind, Draft: true})
	if err != nil {
		return nil, nil, err
	}
	examples := map[schemas.Field]string{}
	err = s.Read(func(row *schemas.Row) error {
		for f, value := range row.Values {
			if value != "" && examples[schemas.Field(f)] == "" {
				examples[schemas.Field(f)] = strings.Clone(value)
			}
		}
		return nil
	})
	return s, examples, err
}

// draft writes the block for one file.
type draft struct {
	e        *Env
	s        *sources.Source
	path     string
	examples map[schemas.Field]string
	b        strings.Builder
}

func (d *draft) line(indent int, text, comment string) {
	if comment != "" {
		text = fmt.Sprintf("%-44s # %s", text, comment)
	}
	d.b.WriteString(strings.TrimRight(strings.Repeat(" ", indent)+text, " ") + "\n")
}

func (d *draft) say(key string, pairs ...string) string { return words.Text(d.e.Lang, key, pairs...) }

func (d *draft) yaml() string {
	key, needs := "devices", []schemas.Field{schemas.FieldHostname, schemas.FieldIP, schemas.FieldSite, schemas.FieldModel, schemas.FieldVendor, schemas.FieldType}
	switch d.s.Options.Kind {
	case schemas.KindCredential:
		key, needs = "credentials", []schemas.Field{schemas.FieldHostname, schemas.FieldUsername, schemas.FieldCredentialType}
	case schemas.KindKey:
		key, needs = "keys", []schemas.Field{schemas.FieldHostname, schemas.FieldUsername}
	case schemas.KindInfo:
		key, needs = "infos", []schemas.Field{schemas.FieldIdentifier, schemas.FieldName, schemas.FieldType}
	case schemas.KindDevice, schemas.KindSession:
	}
	d.line(0, "# "+d.say("mapping_head", "path", d.path), "")
	d.line(0, key+":", "")
	d.line(2, "sources:", "")
	d.line(4, "- path: "+quoted(d.path), "")
	if d.s.Shape.Format == "folder" { // its files' names say all
		return d.b.String()
	}
	d.line(6, "format: "+d.format(), "")
	if d.s.Shape.Encoding != "" && d.s.Shape.BadByte != "" {
		d.line(6, "encoding: windows-1252", d.say("mapping_encoding", "byte", d.s.Shape.BadByte))
	}
	if d.s.Shape.Sheet != "" {
		d.line(6, "sheet: "+quoted(d.s.Shape.Sheet), "")
	}
	if records := d.s.Shape.Path; records != "" && d.s.Shape.Profile == "" {
		d.line(6, "records: "+quoted(records), "")
	}
	d.columns(needs)
	d.defaults(needs)
	d.ignored()
	return d.b.String()
}

func (d *draft) format() string {
	if d.s.Shape.Profile != "" {
		return d.s.Shape.Profile
	}
	return "auto"
}

// columns says where each field comes from; of those that a record needs and nothing gives, FILL.
func (d *draft) columns(needs []schemas.Field) {
	d.line(6, "columns:", "")
	given := map[schemas.Field]bool{}
	for _, c := range d.s.Shape.Columns {
		if !c.Mapped || given[c.Field] {
			continue
		}
		given[c.Field] = true
		comment := string(c.Confidence)
		if comment == "" {
			comment = string(sources.Sure)
		}
		comment = d.say("mapping_" + comment)
		if example := d.examples[c.Field]; example != "" && !c.Secret {
			comment += ": " + words.Plain(example)
		}
		d.line(8, c.Field.String()+": "+quoted(c.Name), comment)
	}
	for _, f := range needs {
		if !given[f] && ownOfRow(f) {
			d.line(8, f.String()+": "+fill, d.say("mapping_free", "columns", d.free()))
		}
	}
}

// defaults are for the fields that a new record needs, and that many share.
func (d *draft) defaults(needs []schemas.Field) {
	var missing []schemas.Field
	for _, f := range needs {
		mapped := slices.ContainsFunc(d.s.Shape.Columns, func(c sources.Column) bool { return c.Mapped && c.Field == f })
		if !mapped && !ownOfRow(f) {
			missing = append(missing, f)
		}
	}
	if len(missing) == 0 {
		return
	}
	d.line(6, "defaults:", d.say("mapping_defaults"))
	for _, f := range missing {
		d.line(8, f.String()+": "+fill, d.say("mapping_or_column"))
	}
}

// ownOfRow tells the fields that no two rows share: no default stands for them.
func ownOfRow(f schemas.Field) bool {
	return f == schemas.FieldHostname || f == schemas.FieldUsername || f == schemas.FieldIP || f == schemas.FieldIdentifier
}

// ignored names the columns that become nothing, and those that may hold secrets.
func (d *draft) ignored() {
	if free := d.free(); free != "" {
		d.line(6, "# "+d.say("mapping_ignored", "columns", free), "")
	}
	var secrets []string
	for _, c := range d.s.Shape.Columns {
		if c.Secret || c.Password {
			secrets = append(secrets, words.Plain(c.Name))
		}
	}
	if len(secrets) > 0 {
		d.line(6, "# "+d.say("mapping_secrets", "columns", strings.Join(slices.Compact(secrets), ", ")), "")
	}
}

// free are the columns that became nothing, some of them.
func (d *draft) free() string {
	const most = 20
	if d.s.Shape.Format != "json" && d.s.Shape.Records == "" && !d.s.ShowsNames() {
		return "" // the line may be no header, and hold a password
	}
	used := map[int]bool{}
	for _, c := range d.s.Shape.Columns {
		used[c.Index] = used[c.Index] || c.Mapped || c.Secret || c.Password || c.Name == ""
	}
	var names []string
	for _, c := range d.s.Shape.Columns {
		if !used[c.Index] && len(names) < most {
			names = append(names, words.Plain(c.Name))
		}
	}
	return strings.Join(names, ", ")
}
