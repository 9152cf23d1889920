package sources

import (
	"strings"

	"pamsync/sources/sheet"
)

// spread gives each row under a cell that is merged over several rows the value that people see there.
type spread struct {
	merges []sheet.Merge // by their first rows, those that are not yet begun
	under  []span        // those that the row under way lies in
}

// span is a merge that has begun, with the cell that it shows.
type span struct {
	sheet.Merge
	cell rawCell
	text string
}

// row completes the cells of a row, and says how many it gave a value.
func (s *spread) row(number int, cells []rawCell, texts []string) (given int) {
	if len(s.merges)+len(s.under) == 0 {
		return 0
	}
	open := s.under[:0]
	for _, m := range s.under {
		if m.LastRow < number {
			continue
		}
		open = append(open, m)
		if i := m.FirstCol - 1; i < len(texts) && clean(texts[i]) == "" && m.text != "" {
			cells[i], texts[i] = m.cell, m.text
			given++
		}
	}
	s.under = open
	for len(s.merges) > 0 && s.merges[0].FirstRow <= number {
		m := s.merges[0]
		s.merges = s.merges[1:]
		if i := m.FirstCol - 1; m.FirstRow == number && i < len(texts) {
			s.under = append(s.under, span{m, cells[i], strings.Clone(texts[i])})
		}
	}
	return given
}
