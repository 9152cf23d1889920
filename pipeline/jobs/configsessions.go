package jobs

import (
	"net/netip"
	"strings"

	"go.yaml.in/yaml/v3"

	"pamsync/schemas"
)

// sessions reads what exports of sessions look for.
func (l *loader) sessions(n *yaml.Node, path string) {
	f := &l.config.Findings
	l.object(n, path+".", map[string]func(*yaml.Node, string){"findings": func(n *yaml.Node, key string) {
		*f = schemas.FindingsConfig{Configured: true, Unfinished: true, Reversed: true}
		l.object(n, key+".", map[string]func(*yaml.Node, string){
			"no_ticket":   l.onOff(&f.NoTicket),
			"hours":       func(n *yaml.Node, key string) { l.windowList(n, key, &f.Hours) },
			"longer_than": l.duration(&f.LongerThan),
			"networks":    l.networks,
			"unfinished":  l.onOff(&f.Unfinished),
			"reversed":    l.onOff(&f.Reversed),
			"inventory":   l.onOff(&f.Inventory),
			"purge": func(n *yaml.Node, key string) {
				l.object(n, key+".", map[string]func(*yaml.Node, string){"after": l.duration(&f.PurgeAfter), "within": l.duration(&f.PurgeWithin)})
			},
		})
	}})
}

// networks reads the networks that sessions may come from.
func (l *loader) networks(n *yaml.Node, key string) {
	items := n.Content
	if n.Kind == yaml.ScalarNode {
		items = []*yaml.Node{n}
	}
	l.config.Findings.Networks = nil
	for _, item := range items {
		prefix, err := netip.ParsePrefix(strings.TrimSpace(item.Value))
		if item.Kind != yaml.ScalarNode || err != nil {
			l.bad(item, key, "want_networks")
			continue
		}
		l.config.Findings.Networks = append(l.config.Findings.Networks, prefix.Masked())
	}
}

// findings shows what exports of sessions look for.
func (s *shower) findings(root *yaml.Node) {
	f := s.config.Findings
	if !f.Configured {
		return
	}
	node := mapping()
	s.onOff(node, "sessions.findings.no_ticket", f.NoTicket)
	if len(f.Hours) > 0 {
		s.add(node, "sessions.findings.hours", spelled(f.Hours))
	}
	s.duration(node, "sessions.findings.longer_than", f.LongerThan)
	if len(f.Networks) > 0 {
		s.add(node, "sessions.findings.networks", spelled(f.Networks))
	}
	s.onOff(node, "sessions.findings.unfinished", f.Unfinished)
	s.onOff(node, "sessions.findings.reversed", f.Reversed)
	s.onOff(node, "sessions.findings.inventory", f.Inventory)
	if f.PurgeAfter > 0 {
		purge := mapping()
		s.duration(purge, "sessions.findings.purge.after", f.PurgeAfter)
		s.duration(purge, "sessions.findings.purge.within", f.PurgeWithin)
		node.Content = append(node.Content, scalar("!!str", "purge"), purge)
	}
	sessions := mapping()
	sessions.Content = append(sessions.Content, scalar("!!str", "findings"), node)
	root.Content = append(root.Content, scalar("!!str", "sessions"), sessions)
}
