package jobs

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"pamsync/schemas"
	"pamsync/schemas/words"
)

// yaml is the configuration that Init writes: what was answered, and beside it what a person
// will want to change next, explained in their language.
func (w *wizard) yaml(secret string) string {
	var b strings.Builder
	comment := func(indent, key string) {
		for line := range strings.SplitSeq(words.Text(w.e.Lang, key), "|") {
			b.WriteString(indent + "# " + strings.TrimSpace(line) + "\n")
		}
	}
	value := func(key, text string) { b.WriteString("  " + key + ": " + quoted(text) + "\n") }
	comment("", "init_yaml_head")
	b.WriteString("vault:\n")
	value("url", w.config.URL)
	value("client_id", w.config.ClientID)
	comment("  ", "init_yaml_secret")
	value("client_secret_file", secret)
	comment("  ", "init_yaml_zone")
	value("timezone", w.config.Timezone)
	if w.config.CAFile != "" {
		comment("  ", "init_yaml_ca")
		value("ca_file", w.relative(w.config.CAFile))
	}
	b.WriteString("  rps: 5\n")
	b.WriteString("\n")
	w.sources(&b, "devices", w.files[schemas.KindDevice], "devices.csv")
	comment("  ", "init_yaml_missing")
	b.WriteString("  missing: report\n\n")
	w.sources(&b, "credentials", w.files[schemas.KindCredential], "credentials.csv")
	b.WriteString("  missing: report\n")
	comment("  ", "init_yaml_secrets")
	b.WriteString("  secrets: never\n\n")
	comment("", "init_yaml_limits")
	b.WriteString("limits:\n  inactivate: {percent: 5, count: 50, floor: 3}\n  update: {percent: 30, floor: 3}\n")
	return b.String()
}

// sources writes the head of one kind; without an inventory, an example that does nothing.
func (w *wizard) sources(b *strings.Builder, kind, path, example string) {
	b.WriteString(kind + ":\n")
	if path == "" {
		b.WriteString("  # sources: [{path: " + example + "}]\n")
		return
	}
	b.WriteString("  sources:\n    - path: " + quoted(path) + "\n")
}

// quoted is a text as a YAML value, in quotes where it needs them.
func quoted(text string) string {
	data, err := yaml.Marshal(&yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text})
	if err != nil {
		return `""`
	}
	return strings.TrimSuffix(string(data), "\n")
}
