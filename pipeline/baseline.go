package pipeline

import (
	"cmp"
	"path"
	"slices"

	"pamsync/schemas"
)

// keyOfSource is where a source stands, however it was spelled.
func keyOfSource(use *schemas.SourceUse) sourceKey {
	return sourceKey{use.Kind, cmp.Or(use.Known, path.Clean(use.Path))}
}

// source is what was read of a source before: of the one in that place in the last good run of its
// kind, or of the latest whose name differs by a date alone, as an export of every day has.
func (g *LastGood) source(use *schemas.SourceUse) *schemas.SourceSeen {
	key := keyOfSource(use)
	if s := g.sources[key]; s != nil && s.Run == g.lastRun(use.Kind) {
		return s
	}
	var latest *schemas.SourceSeen
	plain := undated(key.path)
	for k, s := range g.sources {
		if k.kind == key.kind && undated(k.path) == plain && (latest == nil || s.At > latest.At || s.At == latest.At && s.Path > latest.Path) {
			latest = s
		}
	}
	return latest
}

// lastRun is the last good run that read sources of a kind, "" for none.
func (g *LastGood) lastRun(kind schemas.Kind) string {
	if run := g.Counted.Kinds[kind]; run != "" {
		return run
	}
	run, at := "", ""
	for _, s := range g.sources {
		if s.Kind == kind && (s.At > at || s.At == at && s.Run > run) {
			run, at = s.Run, s.At
		}
	}
	return run
}

// lately are the sources of a kind that its last good run read, by name.
func (g *LastGood) lately(kind schemas.Kind) []*schemas.SourceSeen {
	var list []*schemas.SourceSeen
	run := g.lastRun(kind)
	for _, s := range g.sources {
		if s.Kind == kind && s.Run == run {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b *schemas.SourceSeen) int { return cmp.Compare(a.Path, b.Path) })
	return list
}

// baseline is what the sources of a kind are compared with: for each the one that it was, nil for
// a new one, and those of the last good run that none of them is.
type baseline struct {
	old  []*schemas.SourceSeen
	gone []*schemas.SourceSeen
}

// baseline finds what the sources of a kind were.
func (g *LastGood) baseline(kind schemas.Kind, uses []*schemas.SourceUse) baseline {
	b := baseline{old: make([]*schemas.SourceSeen, len(uses))}
	matched := map[*schemas.SourceSeen]bool{}
	for i, use := range uses {
		b.old[i] = g.source(use)
		matched[b.old[i]] = true
	}
	for _, s := range g.lately(kind) {
		if !matched[s] {
			b.gone = append(b.gone, s)
		}
	}
	return b
}

// fresh are the numbers of the sources that were none of those of the last good run.
func (b *baseline) fresh() []int {
	var list []int
	for i, old := range b.old {
		if old == nil {
			list = append(list, i)
		}
	}
	return list
}

// rememberSources keeps what a good run read. Where it takes nothing away, it does not make a
// source that became shorter the measure.
func (g *LastGood) rememberSources(n Night, at string) {
	takes := wouldInactivate(n.Plan)
	kinds := map[schemas.Kind][]*schemas.SourceUse{}
	for i := range n.Plan.Start.Sources {
		use := &n.Plan.Start.Sources[i]
		kinds[use.Kind] = append(kinds[use.Kind], use)
	}
	for kind, uses := range kinds {
		b := g.baseline(kind, uses)
		fresh, gone := usable(uses, b.fresh()), usableBefore(b.gone)
		for i, use := range uses {
			old := b.old[i]
			switch {
			case takes[kind] || old == nil && fresh >= gone || old != nil && use.Usable() >= old.Usable():
				seen := &schemas.SourceSeen{SourceUse: *use, Run: n.Run, At: at}
				seen.File = ""
				g.sources[keyOfSource(use)] = seen
			case old != nil:
				old.Run = n.Run
			}
		}
		if !takes[kind] && fresh < gone {
			for _, old := range b.gone {
				old.Run = n.Run
			}
		}
		if g.Counted.Kinds == nil {
			g.Counted.Kinds = map[schemas.Kind]string{}
		}
		g.Counted.Kinds[kind] = n.Run
	}
}

func usable(uses []*schemas.SourceUse, numbers []int) int {
	n := 0
	for _, i := range numbers {
		n += uses[i].Usable()
	}
	return n
}

func usableBefore(seen []*schemas.SourceSeen) int {
	n := 0
	for _, s := range seen {
		n += s.Usable()
	}
	return n
}
