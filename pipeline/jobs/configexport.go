package jobs

import "go.yaml.in/yaml/v3"

// export reads how exports are made.
func (l *loader) export(n *yaml.Node, path string) {
	l.object(n, path+".", map[string]func(*yaml.Node, string){"anonymise_key_file": l.filePath(&l.config.Export.AnonymiseKeyFile)})
}

// export shows how exports are made.
func (s *shower) export(root *yaml.Node) {
	node := mapping()
	if s.path(node, "export.anonymise_key_file", s.config.Export.AnonymiseKeyFile); len(node.Content) > 0 {
		root.Content = append(root.Content, scalar("!!str", "export"), node)
	}
}
