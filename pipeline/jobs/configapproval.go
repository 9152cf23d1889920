package jobs

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"pamsync/schemas"
)

// requireApproval reads {signers, max_age}, or off. Nothing else is taken for off: a guard that
// is half written must not look kept.
func (l *loader) requireApproval(n *yaml.Node, path string) {
	a := &l.config.Approval
	if off(n) {
		return
	}
	if n.Kind != yaml.MappingNode {
		l.bad(n, path, "want_approval")
		return
	}
	a.MaxAge = schemas.DefaultApprovalAge
	faults := len(l.faults)
	l.object(n, path+".", map[string]func(*yaml.Node, string){
		"signers": l.filePath(&a.Signers),
		"max_age": func(n *yaml.Node, key string) {
			if l.duration(&a.MaxAge)(n, key); a.MaxAge == 0 {
				l.bad(n, key, "want_time", "like", "24h, 72h")
			}
		},
	})
	if a.Signers == "" && len(l.faults) == faults {
		l.bad(n, path+".signers", "want_file")
	}
}

func (l *loader) operator(n *yaml.Node, key string) {
	l.text(&l.config.Operator)(n, key)
	if strings.TrimSpace(l.config.Operator) == "" && n.Kind == yaml.ScalarNode && n.Tag != "!!null" {
		l.bad(n, key, "want_text")
	}
}

// approval shows require_approval as it counts.
func (s *shower) approval(root *yaml.Node) {
	const key = "require_approval"
	a := s.config.Approval
	if !a.Required() {
		s.plain(root, key, "off")
		return
	}
	node := mapping()
	s.path(node, key+".signers", a.Signers)
	s.duration(node, key+".max_age", a.MaxAge)
	root.Content = append(root.Content, scalar("!!str", key), node)
}
