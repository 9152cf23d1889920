package jobs

import (
	"go.yaml.in/yaml/v3"

	"pamsync/schemas"
)

func (l *loader) infos(n *yaml.Node, path string) {
	c := &l.config.Infos
	l.object(n, path+".", map[string]func(*yaml.Node, string){
		"sources": func(n *yaml.Node, key string) { l.sources(n, key, &c.Sources, schemas.KindInfo) },
		"secrets": l.oneOf(func(s string) { c.Secrets = schemas.Secrets(s) }, "never", "on_create"),
		"changed": l.oneOf(func(s string) { c.Changed = schemas.Changed(s) }, "hold", "send"),
		"missing": l.oneOf(func(s string) { c.Missing = schemas.Missing(s) }, "keep", "report", "inactivate"),
	})
}
