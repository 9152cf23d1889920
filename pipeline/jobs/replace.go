package jobs

import (
	"pamsync/schemas"
)

// ReplaceSources puts the file that a flag names in the place of a kind's sources: configured
// sources of the same file, or the only one, keep their mapping, and their place in precedence.
func ReplaceSources(k *schemas.KindConfig, path string) {
	wanted, configured := SourceOf(path), k.Sources
	var taken []int // several, where the file is a workbook of several sheets
	for i := range configured {
		if SameSource(wanted, configured[i]) {
			taken = append(taken, i)
		}
	}
	name := func(s *schemas.SourceConfig) string { return s.Name }
	before := namesOf(configured, name)
	switch {
	case len(taken) > 0:
		k.Sources = nil
		for _, i := range taken {
			k.Sources = append(k.Sources, configured[i])
		}
	case len(configured) == 1:
		s := configured[0]
		s.Name, s.Path = wanted.Name, wanted.Path
		if wanted.Sheet != "" {
			s.Sheet = wanted.Sheet
		}
		taken, k.Sources = []int{0}, []schemas.SourceConfig{s}
	default: // nobody said what such a file may write
		k.Sources, k.Precedence = []schemas.SourceConfig{wanted}, nil
		return
	}
	called := map[string]string{}
	for i, after := range namesOf(k.Sources, name) {
		called[before[taken[i]]] = after
	}
	k.Precedence = renamedIn(k.Precedence, called)
}

// renamedIn gives sources the names that they have now; a field that none of them may write stays
// one that none may.
func renamedIn(precedence map[schemas.Field][]string, called map[string]string) map[schemas.Field][]string {
	if precedence == nil {
		return nil
	}
	renamed := make(map[schemas.Field][]string, len(precedence))
	for f, order := range precedence {
		renamed[f] = []string{}
		for _, name := range order {
			if now, ok := called[name]; ok {
				renamed[f] = append(renamed[f], now)
			}
		}
	}
	return renamed
}
