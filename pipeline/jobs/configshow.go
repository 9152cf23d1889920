package jobs

import (
	"bytes"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"pamsync/schemas"
	"pamsync/schemas/words"
)

// Effective is what config show prints: the configuration as it counts, and for the keys that a
// flag or a variable set, its name.
type Effective struct {
	Loaded *Loaded
	Over   map[string]string // key or its parent, as limits.update → --limit
	Secret SecretOrigin
}

// ConfigShow prints the effective configuration as YAML that LoadConfig reads again, each value
// with its origin as a comment, or with --json as one object. A secret is never read for it.
func ConfigShow(e *Env, c Effective) (Outcome, error) {
	s := &shower{Effective: c, config: e.Config}
	root := s.tree()
	if e.JSON {
		return Outcome{}, s.json(e.Stdout, root)
	}
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(root); err != nil {
		return Outcome{}, schemas.NewFault(schemas.ClassBug, "bug").Because(err)
	}
	_, err := e.Stdout.Write(out.Bytes())
	return Outcome{}, err
}

// shower builds the YAML of a configuration, key by key.
type shower struct {
	Effective
	config *schemas.Config
}

func (s *shower) tree() *yaml.Node {
	c := s.config
	root := mapping()
	for _, part := range []struct {
		name string
		node *yaml.Node
	}{{"vault", s.vault(&c.Vault)}, {"devices", s.kind("devices", schemas.KindDevice, &c.Devices)},
		{"credentials", s.kind("credentials", schemas.KindCredential, &c.Credentials)}, {"keys", s.kind("keys", schemas.KindKey, &c.Keys)}, {"infos", s.infos("infos", &c.Infos)},
		{"limits", s.limits(&c.Limits)}, {"apply", s.apply(&c.Apply)}} {
		root.Content = append(root.Content, scalar("!!str", part.name), part.node)
	}
	s.approval(root)
	s.findings(root)
	s.export(root)
	s.text(root, "operator", c.Operator)
	s.path(root, "state", c.State)
	s.path(root, "decisions", c.Decisions)
	s.path(root, "reports", c.Reports)
	return root
}

func (s *shower) vault(v *schemas.VaultConfig) *yaml.Node {
	node := mapping()
	s.text(node, "vault.url", withoutUser(v.URL))
	s.text(node, "vault.client_id", v.ClientID)
	s.path(node, "vault.client_secret_file", s.Loaded.Secret.File)
	s.text(node, "vault.client_secret_command", s.Loaded.Secret.Command)
	s.plain(node, "vault.api", v.API)
	if from := secretText(s.Secret); from != "" {
		// The secret has no key of its own: it is a line that no loader reads.
		node.Content[len(node.Content)-2].HeadComment = "# client_secret: *** (" + words.Plain(from) + ")"
	}
	s.plain(node, "vault.timezone", v.Timezone)
	s.number(node, "vault.rps", v.RPS)
	s.integer(node, "vault.burst", v.Burst)
	s.integer(node, "vault.workers", v.Workers)
	s.duration(node, "vault.timeout", v.Timeout)
	s.path(node, "vault.ca_file", v.CAFile)
	s.text(node, "vault.fingerprint", v.Fingerprint)
	s.access(node, &v.Access)
	s.path(node, "vault.decryption_key_file", v.DecryptionKeyFile)
	return node
}

func (s *shower) limits(l *schemas.Limits) *yaml.Node {
	node := mapping()
	s.limit(node, "limits.inactivate", l.Inactivate)
	s.limit(node, "limits.cascade", l.Cascade)
	s.limit(node, "limits.update", l.Update)
	s.limit(node, "limits.create", l.Create)
	s.limit(node, "limits.reactivate", l.Reactivate)
	s.shares(node, "limits.per", l.Per)
	s.limit(node, "limits.source_shrink", l.SourceShrink)
	s.limit(node, "limits.view_shrink", l.ViewShrink)
	s.countOrOff(node, "limits.unreadable", l.Unreadable)
	s.inner(node, "limits.new_values", "distinct", l.NewValues)
	s.inner(node, "limits.in_use", "days", l.InUse)
	s.onOff(node, "limits.announced", l.Announced)
	s.onOff(node, "limits.round_count", l.RoundCount)
	s.onOff(node, "limits.baseline", l.Baseline)
	s.limit(node, "limits.drop", l.Drop)
	return node
}

// origin is where a key's value comes from, in a form that needs no language.
func (s *shower) origin(key string) string {
	for k := key; k != ""; k = k[:max(strings.LastIndexAny(k, ".["), 0)] {
		if over := s.Over[k]; over != "" {
			return over
		}
	}
	if line := s.Loaded.Lines[key]; line > 0 {
		return words.Plain(s.Loaded.Path) + ":" + strconv.Itoa(line)
	}
	return "default"
}

// add puts a key and its value into a mapping, with the origin behind it.
func (s *shower) add(into *yaml.Node, key string, value *yaml.Node) {
	value.LineComment = "# " + s.origin(key)
	into.Content = append(into.Content, scalar("!!str", key[strings.LastIndex(key, ".")+1:]), value)
}

func mapping() *yaml.Node { return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"} }

func scalar(tag, value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: value}
}

// plain adds a text, even an empty one; text and path leave an empty one out.
func (s *shower) plain(into *yaml.Node, key, value string) { s.add(into, key, scalar("!!str", value)) }

func (s *shower) text(into *yaml.Node, key, value string) {
	if value != "" {
		s.plain(into, key, value)
	}
}

// path adds a path that holds wherever the output is saved.
func (s *shower) path(into *yaml.Node, key, value string) {
	if value != "" {
		s.plain(into, key, fullPath(value))
	}
}

func fullPath(path string) string {
	if full, err := filepath.Abs(path); err == nil {
		return full
	}
	return path
}

func (s *shower) integer(into *yaml.Node, key string, value int) {
	s.add(into, key, scalar("!!int", strconv.Itoa(value)))
}

func (s *shower) number(into *yaml.Node, key string, value float64) {
	text := strconv.FormatFloat(value, 'f', -1, 64)
	tag := "!!int"
	if strings.Contains(text, ".") {
		tag = "!!float"
	}
	s.add(into, key, scalar(tag, text))
}

func (s *shower) duration(into *yaml.Node, key string, value time.Duration) {
	if value != 0 || s.origin(key) != "default" {
		s.plain(into, key, value.String())
	}
}

func (s *shower) countOrOff(into *yaml.Node, key string, value int) {
	if value < 0 {
		s.plain(into, key, "off")
		return
	}
	s.integer(into, key, value)
}

func (s *shower) onOff(into *yaml.Node, key string, on bool) {
	s.plain(into, key, map[bool]string{true: "on", false: "off"}[on])
}

// inner adds a number below a key of its own, {days: 7}, or off for a negative one.
func (s *shower) inner(into *yaml.Node, key, name string, value int) {
	if value < 0 {
		s.plain(into, key, "off")
		return
	}
	node := mapping()
	s.integer(node, key+"."+name, value)
	into.Content = append(into.Content, scalar("!!str", key[strings.LastIndex(key, ".")+1:]), node)
}

// shares adds limits on the devices of each value of a field.
func (s *shower) shares(into *yaml.Node, key string, per map[string]schemas.ShareLimits) {
	node := mapping()
	for _, name := range slices.Sorted(maps.Keys(per)) {
		share := mapping()
		s.limit(share, key+"."+name+".inactivate", per[name].Inactivate)
		s.limit(share, key+"."+name+".update", per[name].Update)
		node.Content = append(node.Content, scalar("!!str", name), share)
	}
	if len(per) > 0 {
		into.Content = append(into.Content, scalar("!!str", "per"), node)
	}
}

func (s *shower) limit(into *yaml.Node, key string, l schemas.Limit) {
	if l.Off {
		s.plain(into, key, "off")
		return
	}
	node := mapping()
	if l.Percent < 0 {
		s.plain(node, key+".percent", "off")
	} else {
		s.number(node, key+".percent", l.Percent)
	}
	s.countOrOff(node, key+".count", l.Count)
	s.integer(node, key+".floor", l.Floor)
	into.Content = append(into.Content, scalar("!!str", key[strings.LastIndex(key, ".")+1:]), node)
}

// withoutUser is an address without a user or password in it, which is refused elsewhere.
func withoutUser(address string) string {
	scheme, rest, ok := strings.Cut(address, "://")
	host, path, _ := strings.Cut(rest, "/")
	i := strings.LastIndexByte(host, '@')
	if !ok || i < 0 {
		return address
	}
	return strings.TrimSuffix(scheme+"://***@"+host[i+1:]+"/"+path, "/")
}
