package jobs

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"pamsync/schemas"
)

// identify reads the rules by which the record of a row is found. The one that the vault itself
// goes by is always among them: what is sent is addressed by it. They are tried in one order,
// however they are listed, and are kept in it: where an address came before a name, a device that
// got the address of another would be taken for that other.
func (l *loader) identify(n *yaml.Node, path string, k *schemas.KindConfig, kind schemas.Kind) {
	known, own := []string{"id", "hostname", "ip"}, schemas.RuleHostname
	if kind == schemas.KindCredential {
		known, own = []string{"id", "username", "identifier"}, schemas.RuleUsername
	}
	bad := func(n *yaml.Node) { l.bad(n, path, "want_rules", "values", strings.Join(known, ", ")) }
	if n.Kind != yaml.SequenceNode {
		bad(n)
		return
	}
	k.Identify = nil
	for _, item := range n.Content {
		item = resolved(item)
		rule := schemas.Rule(item.Value)
		if item.Kind != yaml.ScalarNode || !slices.Contains(known, item.Value) || slices.Contains(k.Identify, rule) {
			bad(item)
			continue
		}
		k.Identify = append(k.Identify, rule)
	}
	if !slices.Contains(k.Identify, own) {
		l.fail(n, "identify_lacks", "key", path, "rule", string(own))
	}
	slices.SortFunc(k.Identify, func(a, b schemas.Rule) int {
		return slices.Index(known, string(a)) - slices.Index(known, string(b))
	})
}

// normalize reads what is taken for the same name or address.
func (l *loader) normalize(n *yaml.Node, path string, target *schemas.Normalize) {
	l.object(n, path+".", map[string]func(*yaml.Node, string){"idn": l.onOff(&target.IDN), "ipv6": l.onOff(&target.IPv6),
		"domains": func(n *yaml.Node, key string) {
			if n.Kind != yaml.SequenceNode {
				l.bad(n, key, "want_domains")
				return
			}
			for _, item := range n.Content {
				domain := strings.ToLower(strings.Trim(strings.TrimSpace(resolved(item).Value), "."))
				if domain == "" {
					l.bad(item, key, "want_domains")
					continue
				}
				target.Domains = append(target.Domains, domain)
			}
			// Of two that fit, the longer one is meant.
			slices.SortStableFunc(target.Domains, func(a, b string) int { return len(b) - len(a) })
		}})
}

// precedence reads which sources may write a field, the first that has a value first.
func (l *loader) precedence(n *yaml.Node, path string, k *schemas.KindConfig, kind schemas.Kind) {
	if n.Kind != yaml.MappingNode {
		l.bad(n, path, "want_precedence")
		return
	}
	names := namesOf(k.Sources, func(s *schemas.SourceConfig) string { return s.Name })
	k.Precedence = map[schemas.Field][]string{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, order := n.Content[i], resolved(n.Content[i+1])
		f, ok := l.orderable(name, path, kind)
		if !ok {
			continue
		}
		if order.Kind != yaml.SequenceNode || len(order.Content) == 0 {
			l.bad(order, path+"."+name.Value, "want_precedence")
			continue
		}
		if k.Precedence[f] != nil {
			l.fail(name, "key_twice", "key", path+"."+name.Value)
			continue
		}
		for _, item := range order.Content {
			item = resolved(item)
			if !slices.Contains(names, item.Value) {
				l.bad(item, path+"."+name.Value, "want_some_of", "values", strings.Join(names, ", "))
				continue
			}
			k.Precedence[f] = append(k.Precedence[f], item.Value)
		}
	}
}

// orderable reads a field that sources can be put in an order for: one that they write.
func (l *loader) orderable(name *yaml.Node, path string, kind schemas.Kind) (f schemas.Field, ok bool) {
	f, ok = fieldFor(kind, name.Value)
	fields := slices.DeleteFunc(manageable(kind), func(name string) bool { return name == schemas.FieldUsername.String() }) // a key, though it may be managed
	switch {
	case !ok:
		l.fail(name, "unknown_key", "key", path+"."+name.Value, "near", Nearest(name.Value, fields))
	case f == schemas.FieldContent:
		l.fail(name, "precedence_field", "why", "secret", "key", path+"."+name.Value)
	case !slices.Contains(fields, f.String()):
		l.fail(name, "precedence_field", "key", path+"."+name.Value, "field", f.String(), "values", strings.Join(fields, ", "))
	default:
		return f, true
	}
	return f, false
}

// namesOf are the names by which a precedence knows sources, made of their names or paths: two
// sheets of one file are told apart as FILE!SHEET.
func namesOf(configs []schemas.SourceConfig, name func(*schemas.SourceConfig) string) []string {
	names := make([]string, len(configs))
	for i := range configs {
		s := &configs[i]
		if names[i] = name(s); timesNamed(configs, s.Name) > 1 && s.Sheet != "" {
			names[i] += "!" + s.Sheet
		}
	}
	return names
}
