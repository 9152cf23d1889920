package jobs

import (
	"crypto/rand"
	"encoding/hex"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"pamsync/pipeline/evidence"
	"pamsync/schemas"
	"pamsync/schemas/filter"
	"pamsync/sinks"
)

// shortestKey is how many signs a key of pseudonyms has at least.
const shortestKey = 16

// anonymiseKeyFile is that of the installation, in the state folder.
const anonymiseKeyFile = "anonymise.key"

// pseudonyms are those of the key that is configured; without one, of a random key that is made once for this
// installation.
func (e *Env) pseudonyms() (*evidence.Pseudonyms, error) {
	path := e.Config.Export.AnonymiseKeyFile
	if path == "" {
		path = filepath.Join(e.Config.State, anonymiseKeyFile)
		if !exists(path) {
			key := make([]byte, 32)
			_, _ = rand.Read(key) // never fails
			if err := sinks.WriteOnce(path, []byte(hex.EncodeToString(key)+"\n")); err != nil {
				return nil, err
			}
			e.Note("anonymise_key_made", "path", path)
		}
	}
	key, err := passwordFile(path, "anonymise_key_file", e.Warn)
	if err != nil {
		return nil, err
	}
	if len(key.Reveal()) < shortestKey {
		return nil, schemas.NewFault(schemas.ClassConfig, "anonymise_key_short", "path", path, "least", "16")
	}
	return evidence.NewPseudonyms([]byte(key.Reveal())), nil
}

// shown is a session as the export shows it.
func (x *exporter) shown(r *schemas.SessionRecord) *schemas.SessionRecord {
	if x.pseudonyms == nil {
		return r
	}
	return x.pseudonyms.Session(r)
}

// anonymise takes out of a certificate what its export does not show.
func (x *exporter) anonymise(c *schemas.Certificate) {
	if x.pseudonyms == nil {
		return
	}
	c.Anonymised = &schemas.Anonymised{KeyCheck: x.pseudonyms.Check(), Fields: evidence.PersonalFields(x.o.What)}
	c.By, c.Host = x.pseudonyms.Field("user", c.By), x.pseudonyms.Field("host", c.Host)
	c.Command, c.Match = "", nil
	for i, f := range x.match {
		c.Match = append(c.Match, x.plainFilter(x.o.Match[i], f))
	}
	for i, network := range c.Networks {
		c.Networks[i] = x.pseudonyms.Of("network", network)
	}
}

var oneField = regexp.MustCompile(`^\s*([A-Za-z_]+)\s*(!?=)([^=~].*)?$`)

// plainFilter is a filter without the values of personal fields: of one field and one value with the pseudonym
// that the export has for it, of any other the names of its fields.
func (x *exporter) plainFilter(text string, f *filter.Filter) string {
	personal := evidence.PersonalFields(x.o.What)
	names := f.Fields()
	if !slices.ContainsFunc(names, func(name string) bool { return slices.Contains(personal, name) }) {
		return text
	}
	m := oneField.FindStringSubmatch(text)
	switch {
	case m == nil:
		return strings.Join(names, ", ") + ": " + x.pseudonyms.Of("filter", text)
	case m[3] == "":
		return text
	case m[1] == "device":
		return m[1] + m[2] + x.pseudonyms.Target(splitTarget(m[3]))
	}
	return m[1] + m[2] + x.pseudonyms.Field(m[1], m[3])
}
