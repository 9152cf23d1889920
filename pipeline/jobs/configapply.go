package jobs

import (
	"go.yaml.in/yaml/v3"

	"pamsync/schemas"
)

func (l *loader) apply(n *yaml.Node, path string) {
	c := &l.config.Apply
	l.object(n, path+".", map[string]func(*yaml.Node, string){
		"settle":       l.duration(&c.Settle),
		"max_duration": l.duration(&c.MaxDuration),
		"stages":       l.stages,
		"window":       l.windows,
		"budget":       l.integer(&c.Budget, 0),
		"max_errors":   l.integer(&c.MaxErrors, 0),
		"error_storm":  l.onOff(&c.ErrorStorm),
	})
}

// stages reads the sizes of an apply's stages; nothing may stand behind the rest.
func (l *loader) stages(n *yaml.Node, key string) {
	if n.Kind != yaml.SequenceNode {
		l.bad(n, key, "want_stages")
		return
	}
	l.config.Apply.Stages = nil
	for i, item := range n.Content {
		size, ok := schemas.ParseStage(item.Value)
		if item.Kind != yaml.ScalarNode || !ok || size.Rest && i < len(n.Content)-1 {
			l.bad(item, key, "want_stages")
			return
		}
		l.config.Apply.Stages = append(l.config.Apply.Stages, size)
	}
}

// windows reads one window, or a list of them.
func (l *loader) windows(n *yaml.Node, key string) {
	l.windowList(n, key, &l.config.Apply.Windows)
}

func (l *loader) windowList(n *yaml.Node, key string, target *[]schemas.Window) {
	items := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		items = n.Content
	}
	*target = nil
	for _, item := range items {
		w, ok := schemas.ParseWindow(item.Value)
		if item.Kind != yaml.ScalarNode || !ok {
			l.bad(item, key, "want_window")
			return
		}
		*target = append(*target, w)
	}
}

// apply shows how a plan is applied.
func (s *shower) apply(c *schemas.ApplyConfig) *yaml.Node {
	node := mapping()
	s.duration(node, "apply.settle", c.Settle)
	s.duration(node, "apply.max_duration", c.MaxDuration)
	if len(c.Stages) > 0 {
		s.add(node, "apply.stages", spelled(c.Stages))
	}
	if len(c.Windows) > 0 {
		s.add(node, "apply.window", spelled(c.Windows))
	}
	if c.Budget > 0 {
		s.integer(node, "apply.budget", c.Budget)
	}
	if c.MaxErrors > 0 {
		s.integer(node, "apply.max_errors", c.MaxErrors)
	}
	s.onOff(node, "apply.error_storm", c.ErrorStorm)
	return node
}

func spelled[T interface{ String() string }](values []T) *yaml.Node {
	var all []string
	for _, v := range values {
		all = append(all, v.String())
	}
	return texts(all)
}
