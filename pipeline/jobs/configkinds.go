package jobs

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"pamsync/schemas"
	"pamsync/schemas/filter"
	"pamsync/sources"
	"pamsync/sources/expr"
)

func (l *loader) kind(n *yaml.Node, path string, k *schemas.KindConfig, kind schemas.Kind) {
	var precedence *yaml.Node // read last: it names the sources
	var at string
	members := map[string]func(*yaml.Node, string){
		"sources": func(n *yaml.Node, key string) { l.sources(n, key, &k.Sources, kind) },
		"manage":  func(n *yaml.Node, key string) { l.manage(n, key, k, kind) },
		"missing": l.oneOf(func(s string) { k.Missing = schemas.Missing(s) }, "keep", "report", "inactivate"),
		"reactivate": l.oneOf(func(s string) { k.Reactivate = schemas.Reactivate(s) },
			"ours", "any", "never"),
		"protect": func(n *yaml.Node, key string) { l.protect(n, key, k, kind) },
		"grace":   l.grace(&k.Grace),
	}
	if kind != schemas.KindKey {
		members["identify"] = func(n *yaml.Node, key string) { l.identify(n, key, k, kind) }
		members["precedence"] = func(n *yaml.Node, key string) { precedence, at = n, key }
	}
	if kind == schemas.KindDevice {
		members["scope"] = func(n *yaml.Node, key string) { l.scope(n, key, k) }
		members["normalize"] = func(n *yaml.Node, key string) { l.normalize(n, key, &k.Normalize) }
	} else {
		members["secrets"] = l.oneOf(func(s string) { k.Secrets = schemas.Secrets(s) }, "never", "on_create", "always", "overwrite")
	}
	l.object(n, path+".", members)
	if precedence != nil {
		l.precedence(precedence, at, k, kind)
	}
}

func (l *loader) sources(n *yaml.Node, path string, list *[]schemas.SourceConfig, kind schemas.Kind) {
	if n.Kind != yaml.SequenceNode {
		l.bad(n, path, "want_sources")
		return
	}
	for i, item := range n.Content {
		item = resolved(item)
		s := schemas.SourceConfig{Format: "auto", Columns: map[schemas.Field]string{}, Defaults: map[schemas.Field]string{}}
		at := fmt.Sprintf("%s[%d]", path, i)
		l.object(item, at+".", map[string]func(*yaml.Node, string){
			"path":          l.text(&s.Name),
			"format":        l.oneOf(func(f string) { s.Format = f }, sources.Formats()...),
			"each":          l.oneOf(func(field string) { s.Each = field }, "hostname", "username"),
			"encoding":      l.oneOf(func(name string) { s.Encoding = name }, append([]string{"auto"}, sources.Encodings()...)...),
			"sheet":         l.text(&s.Sheet),
			"password_file": l.filePath(&s.PasswordFile),

			"identity_file":    l.filePath(&s.IdentityFile),
			"identity_command": l.text(&s.IdentityCommand),

			"records":  l.text(&s.Records),
			"max_age":  l.duration(&s.MaxAge),
			"where":    func(n *yaml.Node, key string) { l.where(n, key, &s) },
			"columns":  func(n *yaml.Node, key string) { l.fields(n, key, kind, s.Columns, columnsOf) },
			"defaults": func(n *yaml.Node, key string) { l.fields(n, key, kind, s.Defaults, defaultOf) },
		})
		if s.Name == "" {
			l.bad(item, at+".path", "want_file")
			continue
		}
		delete(s.Defaults, schemas.FieldContent)
		delete(s.Defaults, schemas.FieldPassphrase)
		s.Path = l.relative(s.Name)
		s.Name = strings.ToValidUTF8(s.Name, "\uFFFD")
		*list = append(*list, s)
	}
}

func (l *loader) where(n *yaml.Node, key string, s *schemas.SourceConfig) {
	l.text(&s.Where)(n, key)
	if _, err := filter.Parse(s.Where); err != nil {
		l.fail(n, "bad_filter", append(filter.Reason(err), "key", key)...)
	}
}

// fieldFor finds a field by the name that a configuration gives it: in a credentials source a
// bare type is the credential's, password is content, and management_ip is ip everywhere.
func fieldFor(kind schemas.Kind, name string) (schemas.Field, bool) {
	switch {
	case kind == schemas.KindInfo && name == "password", kind == schemas.KindKey && name == "private_key":
		return schemas.FieldContent, true
	case kind == schemas.KindKey && name == "password":
		return schemas.FieldPassphrase, true
	case kind != schemas.KindInfo && name == "management_ip":
		return schemas.FieldIP, true
	case kind != schemas.KindInfo && name == "vault_id":
		return schemas.FieldID, true
	case kind == schemas.KindCredential && name == "type":
		return schemas.FieldCredentialType, true
	case kind == schemas.KindCredential && name == "password":
		return schemas.FieldContent, true
	case kind == schemas.KindCredential && name == "parent_password":
		return schemas.FieldParent, true
	case kind == schemas.KindDevice && name == "device_type":
		return schemas.FieldType, true
	case kind == schemas.KindDevice && name == "tags":
		return schemas.FieldDeviceTags, true
	case kind == schemas.KindDevice && name == "domain":
		return schemas.FieldDeviceDomain, true
	}
	f, ok := schemas.ParseField(name)
	if kind == schemas.KindCredential && f == schemas.FieldPassphrase {
		return 0, false // it is mapped member by member
	}
	return f, ok && allowedField(kind, f)
}

func allowedField(kind schemas.Kind, f schemas.Field) bool {
	return slices.Contains(schemas.FieldsOf(kind), f)
}

func fieldNames(kind schemas.Kind) []string {
	var names []string
	for f := range schemas.NumFields {
		if allowedField(kind, f) && (f != schemas.FieldPassphrase || kind == schemas.KindKey) {
			names = append(names, f.String())
		}
	}
	return names
}

// fields reads a value for each of some fields. Members of an object of settings are gathered, and object
// makes the value of their field of them.
func (l *loader) fields(n *yaml.Node, path string, kind schemas.Kind, target map[schemas.Field]string, object func(schemas.Field, [][2]string) (string, error)) {
	if n.Kind != yaml.MappingNode {
		l.bad(n, path, "want_field_value")
		return
	}
	settings := map[schemas.Field][][2]string{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], resolved(n.Content[i+1])
		setting, member := schemas.ParseSetting(name.Value)
		member = member && kind == schemas.KindCredential
		f, ok := fieldFor(kind, name.Value)
		twice := target[f] != ""
		if member {
			f, ok, twice = setting.Field, true, slices.ContainsFunc(settings[setting.Field], func(m [2]string) bool { return m[0] == setting.Name })
		}
		switch {
		case !ok:
			l.fail(name, "unknown_key", "key", path+"."+name.Value, "near", Nearest(name.Value, mappable(kind, name.Value)))
		case value.Kind != yaml.ScalarNode:
			l.bad(value, path+"."+name.Value, "want_text")
		case twice || member && target[f] != "" || !member && len(settings[f]) > 0:
			l.fail(name, "key_twice", "key", path+"."+name.Value)
		case member:
			settings[f] = append(settings[f], [2]string{setting.Name, value.Value})
		default:
			target[f] = value.Value
		}
	}
	for f, members := range settings {
		text, err := object(f, members)
		if err != nil {
			l.fail(n, "bad_default", "key", path, "value", err.Error())
			continue
		}
		target[f] = text
	}
}

// columnsOf is the expression that makes an object of settings of columns.
func columnsOf(_ schemas.Field, members [][2]string) (string, error) {
	return expr.Object(members), nil
}

// defaultOf is an object of settings of fixed values.
func defaultOf(f schemas.Field, members [][2]string) (string, error) {
	texts := map[string]string{}
	for _, m := range members {
		texts[m[0]] = m[1]
	}
	b, err := json.Marshal(texts)
	if err != nil {
		return "", err
	}
	return schemas.SettingsJSON(f, string(b))
}

// mappable are the names that a column can be given to, of those that a name is like.
func mappable(kind schemas.Kind, like string) []string {
	if kind != schemas.KindCredential || !strings.Contains(like, "_settings.") {
		return fieldNames(kind)
	}
	var names []string
	for _, s := range schemas.Settings() {
		names = append(names, s.String())
	}
	return names
}

func (l *loader) manage(n *yaml.Node, path string, k *schemas.KindConfig, kind schemas.Kind) {
	if n.Kind != yaml.SequenceNode {
		l.bad(n, path, "want_fields")
		return
	}
	k.Manage = nil
	for _, item := range n.Content {
		item = resolved(item)
		f, ok := fieldFor(kind, item.Value)
		if !ok || f == schemas.FieldID || f.Secret() || f == schemas.FieldAsset || f == schemas.FieldHostname || kind.Account() && f == schemas.FieldIP || kind == schemas.KindKey && f == schemas.FieldIdentifier {
			l.bad(item, path, "want_some_of", "values", strings.Join(manageable(kind), ", "))
			continue
		}
		k.Manage = append(k.Manage, f)
	}
}

func manageable(kind schemas.Kind) []string {
	var names []string
	for _, name := range fieldNames(kind) {
		switch name {
		case "id", "content", "passphrase", "asset", "hostname":
			continue
		case "ip":
			if kind.Account() {
				continue
			}
		case "identifier":
			if kind == schemas.KindKey {
				continue
			}
		}
		names = append(names, name)
	}
	return names
}

func (l *loader) scope(n *yaml.Node, path string, k *schemas.KindConfig) {
	if n.Kind != yaml.MappingNode {
		l.bad(n, path, "want_scope")
		return
	}
	k.Scope = map[schemas.Field][]string{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, values := n.Content[i], resolved(n.Content[i+1])
		f, ok := fieldFor(schemas.KindDevice, name.Value)
		if !ok || !f.Listed() || f == schemas.FieldID {
			l.fail(name, "unknown_key", "key", path+"."+name.Value, "near", Nearest(name.Value, []string{"hostname", "ip", "site", "model", "vendor", "type"}))
			continue
		}
		items := values.Content
		if values.Kind == yaml.ScalarNode {
			items = []*yaml.Node{values}
		}
		if len(k.Scope[f]) > 0 {
			l.fail(name, "key_twice", "key", path+"."+name.Value)
			continue
		}
		for _, item := range items {
			item = resolved(item)
			if item.Kind == yaml.ScalarNode && item.Value != "" {
				k.Scope[f] = append(k.Scope[f], item.Value)
			}
		}
		if len(k.Scope[f]) == 0 {
			l.bad(values, path+"."+name.Value, "want_some")
		}
	}
}

func (l *loader) protect(n *yaml.Node, path string, k *schemas.KindConfig, kind schemas.Kind) {
	l.text(&k.Protect)(n, path)
	f, err := filter.Parse(k.Protect)
	if err != nil {
		l.fail(n, "bad_filter", append(filter.Reason(err), "key", path)...)
		return
	}
	for _, name := range f.Fields() {
		field, ok := schemas.ParseField(name)
		if !ok || !allowedField(kind, field) || !field.Listed() {
			l.fail(n, "filter_column", "key", path, "column", name, "has", strings.Join(listedNames(kind), ", "))
		}
	}
}

func listedNames(kind schemas.Kind) []string {
	var names []string
	for f := range schemas.NumFields {
		if allowedField(kind, f) && f.Listed() {
			names = append(names, f.String())
		}
	}
	return names
}

// grace reads how long a record may be lacking; off is the shortest.
func (l *loader) grace(target *schemas.Grace) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		*target = schemas.Grace{Runs: 1}
		if !off(n) {
			l.object(n, path+".", map[string]func(*yaml.Node, string){"runs": l.integer(&target.Runs, 0), "days": l.integer(&target.Days, 0)})
		}
	}
}
