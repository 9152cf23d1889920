package jobs

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"pamsync/pipeline/vault"
	"pamsync/schemas"
)

// Faults are all errors of one file, found in one pass.
type Faults []*schemas.Fault

// Error is for developers.
func (f Faults) Error() string {
	var texts []string
	for _, fault := range f {
		texts = append(texts, fault.Error())
	}
	return strings.Join(texts, "\n")
}

// err is nil for none, and the fault itself for one.
func (f Faults) err() error {
	switch len(f) {
	case 0:
		return nil
	case 1:
		return f[0]
	}
	return f
}

// Unwrap gives the first fault, whose class decides.
func (f Faults) Unwrap() error {
	if len(f) == 0 {
		return nil
	}
	return f[0]
}

// DefaultConfigFile is read where no other is named, if it is there.
const DefaultConfigFile = "pamsync.yaml"

// LoadConfig reads a configuration; path "" means ./pamsync.yaml, which need not exist. Paths
// in the file are relative to the file. Errors are Faults of class config, all of them.
func LoadConfig(path string) (*schemas.Config, *SecretSource, error) {
	loaded, err := ReadConfig(path)
	if err != nil {
		return nil, nil, err
	}
	return &loaded.Config, &loaded.Secret, nil
}

// Loaded is a configuration with where it comes from.
type Loaded struct {
	Config schemas.Config
	Secret SecretSource
	More   MoreSecrets
	Path   string         // "" where no file was read
	Lines  map[string]int // the line of each key that the file sets, as vault.rps
}

// ReadConfig is LoadConfig that remembers where each value stands.
func ReadConfig(path string) (*Loaded, error) {
	loaded := &Loaded{Config: schemas.DefaultConfig(), Lines: map[string]int{}}
	named := path != ""
	if !named {
		path = DefaultConfigFile
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && !named {
		return loaded, nil
	}
	if err != nil {
		code := "config_missing"
		if !errors.Is(err, fs.ErrNotExist) {
			code = "config_unreadable"
		}
		return nil, schemas.NewFault(schemas.ClassConfig, code, "path", path).Because(rootCause(err))
	}
	loaded.Path = path
	l := &loader{path: path, folder: filepath.Dir(path), config: &loaded.Config, secret: &loaded.Secret, more: &loaded.More, lines: loaded.Lines}
	l.load(data)
	if len(l.faults) > 0 {
		return nil, l.faults
	}
	return loaded, nil
}

// rootCause is an error of the system without the operation and path before it.
func rootCause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// loader walks the YAML's nodes, so that every complaint has a line and column.
type loader struct {
	path, folder string
	config       *schemas.Config
	secret       *SecretSource
	more         *MoreSecrets
	lines        map[string]int
	faults       Faults
}

func (l *loader) load(data []byte) {
	var doc, second yaml.Node
	in := yaml.NewDecoder(bytes.NewReader(data))
	err := in.Decode(&doc)
	if err == io.EOF {
		return
	}
	if err != nil {
		l.faults = append(l.faults, brokenYAML(l.path, err))
		return
	}
	if in.Decode(&second) != io.EOF {
		l.faults = append(l.faults, schemas.NewFault(schemas.ClassConfig, "two_documents").At(schemas.Place{Source: l.path, Row: max(second.Line, 1)}))
		return
	}
	l.config.State, l.config.Reports = l.relative(l.config.State), l.relative(l.config.Reports)
	l.object(doc.Content[0], "", map[string]func(*yaml.Node, string){
		"vault":            l.vault,
		"devices":          func(n *yaml.Node, key string) { l.kind(n, key, &l.config.Devices, schemas.KindDevice) },
		"credentials":      func(n *yaml.Node, key string) { l.kind(n, key, &l.config.Credentials, schemas.KindCredential) },
		"keys":             func(n *yaml.Node, key string) { l.kind(n, key, &l.config.Keys, schemas.KindKey) },
		"infos":            l.infos,
		"limits":           l.limits,
		"apply":            l.apply,
		"sessions":         l.sessions,
		"export":           l.export,
		"require_approval": l.requireApproval,
		"operator":         l.operator,
		"state":            l.filePath(&l.config.State),
		"decisions":        l.filePath(&l.config.Decisions),
		"reports":          l.filePath(&l.config.Reports),
	})
}

// brokenYAML names the line that the parser complains about.
func brokenYAML(path string, err error) *schemas.Fault {
	place := schemas.Place{Source: path, Row: 1}
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	if m := regexp.MustCompile(`^line (\d+): `).FindStringSubmatch(text); m != nil {
		place.Row, _ = strconv.Atoi(m[1])
		text = text[len(m[0]):]
	}
	return schemas.NewFault(schemas.ClassConfig, "config_broken").Because(errors.New(text)).At(place)
}

func (l *loader) place(n *yaml.Node) schemas.Place {
	return schemas.Place{Source: l.path, Row: n.Line, Col: n.Column}
}

func (l *loader) fail(n *yaml.Node, code string, pairs ...string) {
	l.faults = append(l.faults, schemas.NewFault(schemas.ClassConfig, code, pairs...).At(l.place(n)))
}

// bad says that a value is none of its key; want is a code of package words, with its pairs.
func (l *loader) bad(n *yaml.Node, key, want string, pairs ...string) {
	value := n.Value
	if n.Kind != yaml.ScalarNode {
		value = map[yaml.Kind]string{yaml.MappingNode: "{…}", yaml.SequenceNode: "[…]"}[n.Kind]
	}
	l.fail(n, "bad_value", append(pairs, "key", key, "value", value, "want", want)...)
}

// object hands each member of a mapping to its reader; an unknown one is named, with the
// nearest known.
func (l *loader) object(n *yaml.Node, path string, members map[string]func(*yaml.Node, string)) {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return
	}
	if n.Kind != yaml.MappingNode {
		l.bad(n, strings.TrimSuffix(path, "."), "want_keys")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i].Value
		read, ok := members[key]
		switch {
		case !ok:
			l.fail(n.Content[i], "unknown_key", "key", path+key, "near", Nearest(key, keysOf(members)))
		case seen[key]:
			l.fail(n.Content[i], "key_twice", "key", path+key)
		default:
			l.lines[path+key] = n.Content[i].Line
			read(resolved(n.Content[i+1]), path+key)
		}
		seen[key] = true
	}
}

// resolved follows a YAML alias.
func resolved(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func keysOf[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func (l *loader) text(target *string) func(*yaml.Node, string) {
	return func(n *yaml.Node, key string) {
		if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
			l.bad(n, key, "want_text")
			return
		}
		*target = n.Value
	}
}

func (l *loader) relative(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(l.folder, path)
}

func (l *loader) filePath(target *string) func(*yaml.Node, string) {
	return func(n *yaml.Node, key string) {
		if n.Kind == yaml.ScalarNode && n.Value == "" {
			l.bad(n, key, "want_path")
			return
		}
		l.text(target)(n, key)
		*target = l.relative(*target)
	}
}

func (l *loader) oneOf(target func(string), words ...string) func(*yaml.Node, string) {
	return func(n *yaml.Node, key string) {
		for _, w := range words {
			if n.Kind == yaml.ScalarNode && n.Value == w {
				target(w)
				return
			}
		}
		l.bad(n, key, "want_one_of", "values", strings.Join(words, ", "))
	}
}

func (l *loader) integer(target *int, least int) func(*yaml.Node, string) {
	return func(n *yaml.Node, key string) {
		v, err := strconv.Atoi(n.Value)
		if n.Kind != yaml.ScalarNode || err != nil || v < least {
			l.bad(n, key, "want_least", "least", strconv.Itoa(least))
			return
		}
		*target = v
	}
}

func (l *loader) onOff(target *bool) func(*yaml.Node, string) {
	return func(n *yaml.Node, key string) {
		if *target = !off(n); *target && !strings.EqualFold(n.Value, "on") && !strings.EqualFold(n.Value, "true") {
			l.bad(n, key, "want_on_off")
		}
	}
}

func (l *loader) duration(target *time.Duration) func(*yaml.Node, string) {
	return func(n *yaml.Node, key string) {
		d, err := time.ParseDuration(n.Value)
		if n.Kind == yaml.ScalarNode && n.Value == "0" {
			d, err = 0, nil
		}
		if n.Kind != yaml.ScalarNode || err != nil || d < 0 {
			l.bad(n, key, "want_time", "like", "60s, 5m, 3h")
			return
		}
		*target = d
	}
}

func (l *loader) vault(n *yaml.Node, path string) {
	v := &l.config.Vault
	members := map[string]func(*yaml.Node, string){
		"url":                   l.text(&v.URL),
		"client_id":             l.text(&v.ClientID),
		"client_secret_file":    l.filePath(&l.secret.File),
		"client_secret_command": l.text(&l.secret.Command),
		"api":                   l.oneOf(func(s string) { v.API = s }, "auto", "iso", "api"),
		"timezone":              l.zone,
		"rps": func(n *yaml.Node, key string) {
			f, err := strconv.ParseFloat(n.Value, 64)
			if n.Kind != yaml.ScalarNode || err != nil || !(f > 0) || math.IsInf(f, 0) {
				l.bad(n, key, "want_positive")
				return
			}
			v.RPS = f
		},
		"burst":               l.integer(&v.Burst, 1),
		"workers":             l.integer(&v.Workers, 1),
		"timeout":             l.duration(&v.Timeout),
		"ca_file":             l.filePath(&v.CAFile),
		"fingerprint":         l.text(&v.Fingerprint),
		"decryption_key_file": l.filePath(&v.DecryptionKeyFile),
	}
	maps.Copy(members, l.access(&v.Access))
	l.object(n, path+".", members)
	l.accessFits(n, path)
	if v.URL != "" {
		if _, err := vault.ParseURL(v.URL); err != nil {
			var fault *schemas.Fault
			if errors.As(err, &fault) {
				l.faults = append(l.faults, fault.At(l.placeOf(n, "url")))
			}
		}
	}
}

func (l *loader) placeOf(n *yaml.Node, key string) schemas.Place {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return l.place(n.Content[i+1])
		}
	}
	return l.place(n)
}

func (l *loader) zone(n *yaml.Node, key string) {
	if _, err := time.LoadLocation(n.Value); err != nil || n.Value == "" || n.Value == "Local" {
		l.bad(n, key, "want_zone")
		return
	}
	l.config.Vault.Timezone = n.Value
}
