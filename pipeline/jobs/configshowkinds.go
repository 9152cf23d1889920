package jobs

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"pamsync/schemas"
)

func (s *shower) kind(key string, kind schemas.Kind, k *schemas.KindConfig) *yaml.Node {
	node := mapping()
	s.sources(node, key, kind, k.Sources)
	var manage []string
	for _, f := range k.Manage {
		manage = append(manage, fieldName(kind, f))
	}
	s.add(node, key+".manage", texts(manage))
	s.plain(node, key+".missing", string(k.Missing))
	s.plain(node, key+".reactivate", string(k.Reactivate))
	s.scope(node, key+".scope", k.Scope)
	s.text(node, key+".protect", k.Protect)
	grace := mapping()
	s.integer(grace, key+".grace.runs", k.Grace.Runs)
	s.integer(grace, key+".grace.days", k.Grace.Days)
	node.Content = append(node.Content, scalar("!!str", "grace"), grace)
	if kind != schemas.KindKey {
		var rules []string
		for _, rule := range k.Identify {
			rules = append(rules, string(rule))
		}
		s.add(node, key+".identify", texts(rules))
	}
	s.normalize(node, key+".normalize", k.Normalize)
	s.precedence(node, key+".precedence", kind, k)
	if kind.Account() {
		s.plain(node, key+".secrets", string(k.Secrets))
	}
	return node
}

func (s *shower) infos(key string, c *schemas.InfosConfig) *yaml.Node {
	node := mapping()
	s.sources(node, key, schemas.KindInfo, c.Sources)
	s.plain(node, key+".secrets", string(c.Secrets))
	s.plain(node, key+".changed", string(c.Changed))
	s.plain(node, key+".missing", string(c.Missing))
	return node
}

func (s *shower) sources(into *yaml.Node, key string, kind schemas.Kind, configs []schemas.SourceConfig) {
	if len(configs) == 0 {
		return
	}
	list := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	for i := range configs {
		list.Content = append(list.Content, s.source(fmt.Sprintf("%s.sources[%d]", key, i), kind, &configs[i]))
	}
	into.Content = append(into.Content, scalar("!!str", "sources"), list)
}

// normalize is shown only where something in it is on.
func (s *shower) normalize(into *yaml.Node, key string, n schemas.Normalize) {
	node := mapping()
	if len(n.Domains) > 0 {
		s.add(node, key+".domains", texts(n.Domains))
	}
	if n.IDN {
		s.onOff(node, key+".idn", true)
	}
	if n.IPv6 {
		s.onOff(node, key+".ipv6", true)
	}
	if len(node.Content) > 0 {
		into.Content = append(into.Content, scalar("!!str", "normalize"), node)
	}
}

// precedence names the sources by the paths that are shown of them.
func (s *shower) precedence(into *yaml.Node, key string, kind schemas.Kind, k *schemas.KindConfig) {
	node := mapping()
	node.Style = yaml.FlowStyle
	names := namesOf(k.Sources, func(c *schemas.SourceConfig) string { return c.Name })
	paths := namesOf(k.Sources, func(c *schemas.SourceConfig) string { return fullPath(c.Path) })
	for f := range schemas.NumFields {
		order, ok := k.Precedence[f]
		if !ok {
			continue
		}
		shown := make([]string, len(order))
		for i, name := range order {
			shown[i] = paths[slices.Index(names, name)]
		}
		node.Content = append(node.Content, scalar("!!str", fieldName(kind, f)), texts(shown))
	}
	if len(node.Content) > 0 {
		s.add(into, key, node)
	}
}

func (s *shower) source(key string, kind schemas.Kind, c *schemas.SourceConfig) *yaml.Node {
	node := mapping()
	s.path(node, key+".path", c.Path)
	s.plain(node, key+".format", c.Format)
	s.text(node, key+".sheet", c.Sheet)
	s.path(node, key+".password_file", c.PasswordFile)
	s.path(node, key+".identity_file", c.IdentityFile)
	s.text(node, key+".identity_command", c.IdentityCommand)
	s.text(node, key+".encoding", c.Encoding)
	s.text(node, key+".each", c.Each)
	s.text(node, key+".records", c.Records)
	s.text(node, key+".where", c.Where)
	s.duration(node, key+".max_age", c.MaxAge)
	s.fields(node, key+".columns", kind, c.Columns)
	s.fields(node, key+".defaults", kind, c.Defaults)
	return node
}

func (s *shower) fields(into *yaml.Node, key string, kind schemas.Kind, values map[schemas.Field]string) {
	node := mapping()
	node.Style = yaml.FlowStyle
	for f := range schemas.NumFields {
		if value, ok := values[f]; ok {
			node.Content = append(node.Content, scalar("!!str", fieldName(kind, f)), scalar("!!str", value))
		}
	}
	if len(node.Content) > 0 {
		s.add(into, key, node)
	}
}

func (s *shower) scope(into *yaml.Node, key string, scope map[schemas.Field][]string) {
	node := mapping()
	node.Style = yaml.FlowStyle
	for f := range schemas.NumFields {
		if values, ok := scope[f]; ok {
			node.Content = append(node.Content, scalar("!!str", fieldName(schemas.KindDevice, f)), texts(values))
		}
	}
	if len(node.Content) > 0 {
		s.add(into, key, node)
	}
}

func texts(values []string) *yaml.Node {
	list := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Style: yaml.FlowStyle}
	for _, v := range values {
		list.Content = append(list.Content, scalar("!!str", v))
	}
	return list
}

// fieldName is the name by which the loader finds a field in a configuration of this kind.
func fieldName(kind schemas.Kind, f schemas.Field) string {
	for _, name := range []string{f.String(), "device_" + f.String(), "vault_" + f.String()} {
		if found, ok := fieldFor(kind, name); ok && found == f {
			return name
		}
	}
	return f.String()
}

// shownValue is one key of config show --json.
type shownValue struct {
	Key    string `json:"key"`
	Value  any    `json:"value"`
	Origin string `json:"origin"`
}

// json prints the leaves of the tree: those that have an origin.
func (s *shower) json(out io.Writer, root *yaml.Node) error {
	var all struct {
		Settings []shownValue `json:"settings"`
	}
	var walk func(key string, n *yaml.Node) error
	walk = func(key string, n *yaml.Node) error {
		if n.LineComment != "" {
			var value any
			if err := n.Decode(&value); err != nil {
				return schemas.NewFault(schemas.ClassBug, "bug").Because(err)
			}
			all.Settings = append(all.Settings, shownValue{key, value, strings.TrimPrefix(n.LineComment, "# ")})
			return nil
		}
		for i, child := range n.Content {
			var err error
			switch {
			case n.Kind == yaml.SequenceNode:
				err = walk(fmt.Sprintf("%s[%d]", key, i), child)
			case i%2 == 1:
				err = walk(strings.TrimPrefix(key+"."+n.Content[i-1].Value, "."), child)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	if err := walk("", root); err != nil {
		return err
	}
	if from := secretText(s.Secret); from != "" {
		all.Settings = append(all.Settings, shownValue{"vault.client_secret", "***", from})
	}
	return printJSON(out, all)
}
