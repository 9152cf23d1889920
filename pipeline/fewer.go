package pipeline

import (
	"strconv"
	"strings"

	"pamsync/schemas"
)

// checkShrunk compares the sources of a kind with what they were.
func (p *planner) checkShrunk(kind schemas.Kind) {
	var now []*SourceInfo
	var uses []*schemas.SourceUse
	for i := range p.Inventory.Sources {
		if s := &p.Inventory.Sources[i]; s.Kind == kind {
			now, uses = append(now, s), append(uses, s.use())
		}
	}
	b := p.LastGood.baseline(kind, uses)
	for i, s := range now {
		old := b.old[i]
		if old == nil {
			p.checkRound(s, nil)
			continue
		}
		p.shrunk(s.Name, "", uses[i].Usable(), uses[i].Unusable, old.Usable(), old.At)
		p.checkRound(s, old)
		p.checkMapping(s, old)
		p.checkOlder(s, old)
	}
	p.checkGone(b.gone, len(now), len(p.LastGood.lately(kind)))
	p.checkTotal(now, uses, &b)
}

// use is what the source is compared by.
func (s *SourceInfo) use() *schemas.SourceUse {
	use := s.Use
	use.Kind, use.Path, use.Rows, use.LeftOut = s.Kind, s.Name, s.rows, s.leftOut
	return &use
}

// checkGone stops where fewer sources are read than in the last good run, and not none, which is a
// run of the other kind alone: what the others named would be taken for missing.
func (p *planner) checkGone(gone []*schemas.SourceSeen, sources, before int) {
	if !p.Policy.Limits.Baseline || sources == 0 || sources >= before {
		return
	}
	for _, old := range gone {
		p.stop("source_gone", "source", old.Path, "rows", strconv.Itoa(old.Usable()), "at", day(old.At), "gone", strconv.Itoa(p.goneInAll()))
	}
}

// checkTotal compares the sources that are new, together, with those that are gone: a new name makes
// no short file whole.
func (p *planner) checkTotal(now []*SourceInfo, uses []*schemas.SourceUse, b *baseline) {
	fresh := b.fresh()
	if len(fresh) == 0 || len(b.gone) == 0 {
		return
	}
	var names, former []string
	lost, at := 0, ""
	for _, i := range fresh {
		names = append(names, now[i].Name)
		lost += uses[i].Unusable
	}
	for _, old := range b.gone {
		former = append(former, old.Path)
		at = max(at, old.At)
	}
	p.shrunk(strings.Join(names, ", "), strings.Join(former, ", "), usable(uses, fresh), lost, usableBefore(b.gone), at)
}

func (p *planner) shrunk(source, former string, rows, lost, before int, at string) {
	if limit := p.Policy.Limits.SourceShrink; limit.Stops(before-rows, before) {
		p.stop("source_shrunk", "source", source, "was", former, "rows", strconv.Itoa(rows), "lost", orNone(lost), "before", strconv.Itoa(before),
			"n", strconv.Itoa(before-rows), "limit", limit.String(), "at", day(at), "gone", strconv.Itoa(p.goneInAll()))
	}
}

// orNone is a number as a text may have it, "" for 0.
func orNone(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// countUnusable counts the rows of each source that name no record of their own: those that say again
// what another row says, of any source, and those without a readable key, where so many are tolerated.
// More of them keep all that is lacking from going, and are whole rows until somebody reads them.
func (p *planner) countUnusable() {
	for i := range p.Inventory.Sources {
		s := &p.Inventory.Sources[i]
		if s.Use.Unusable = s.unreadable; p.tooUnreadable(p.Inventory.Set(s.Kind).Unreadable) {
			s.Use.Unusable = 0
		}
	}
	again := func(r *request) {
		if len(r.differ) > 0 || r.secret {
			return // they do not say the same: a person decides
		}
		for _, e := range r.entries[1:] {
			p.Inventory.Sources[r.set.source(e)].Use.Unusable++
		}
	}
	for _, c := range p.devices {
		again(&c.request)
	}
	for _, c := range p.accounts {
		again(&c.request)
	}
}
