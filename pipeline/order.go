package pipeline

import (
	"cmp"
	"encoding/binary"
	"slices"
	"sync"

	"pamsync/schemas"
)

// sortChanges gives the changes their ids and puts the plan into device order: a device before its
// credentials and keys. What is equal in all that orders it stays as it came.
func (p *planner) sortChanges() {
	changes := p.plan.Changes
	places := make([]place, len(changes))
	var g sync.WaitGroup
	for from := 0; from < len(changes); from += identified {
		g.Go(func() {
			for i := from; i < min(from+identified, len(changes)); i++ {
				changes[i].Identify()
				places[i] = placeOf(&changes[i], i)
			}
		})
	}
	g.Wait()
	slices.SortFunc(places, func(a, b place) int { return a.compare(&b, changes) })
	arrange(changes, places)
	slices.SortStableFunc(p.plan.Rejects, func(a, b schemas.Reject) int {
		return cmp.Or(cmp.Compare(kindOrder(a.Kind), kindOrder(b.Kind)), cmp.Compare(a.Row.Source, b.Row.Source), cmp.Compare(a.Row.Row, b.Row.Row))
	})
	slices.SortStableFunc(p.plan.Holds, func(a, b schemas.Hold) int {
		return cmp.Or(cmp.Compare(kindOrder(a.Kind), kindOrder(b.Kind)), cmp.Compare(fold(a.Key), fold(b.Key)), cmp.Compare(a.Code, b.Code))
	})
}

// identified is how many changes get their ids in one go, while others get theirs.
const identified = 4096

func kindOrder(k schemas.Kind) int {
	switch k {
	case schemas.KindCredential:
		return 1
	case schemas.KindKey:
		return 2
	}
	return 0
}

// place is what orders a change, so that a sort of many moves little and folds each name once.
type place struct {
	start       uint64 // the first eight bytes of device, which tell most of them apart
	device, key string // folded
	kind        uint8
	from        int32 // where the change stands before it is sorted
}

func placeOf(c *schemas.Change, from int) place {
	to := place{device: fold(c.Device), kind: uint8(kindOrder(c.Kind)), from: int32(from)}
	to.key = to.device
	if c.Key != c.Device {
		to.key = fold(c.Key)
	}
	var start [8]byte
	copy(start[:], to.device)
	to.start = binary.BigEndian.Uint64(start[:])
	return to
}

func (a *place) compare(b *place, changes []schemas.Change) int {
	if a.start != b.start {
		return cmp.Compare(a.start, b.start)
	}
	if n := cmp.Compare(a.device, b.device); n != 0 {
		return n
	}
	return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.key, b.key), cmp.Compare(changes[a.from].ID, changes[b.from].ID), cmp.Compare(a.from, b.from))
}

// arrange moves the changes to their places, each once, without a second list of them.
func arrange(changes []schemas.Change, places []place) {
	for i := range places {
		to := int32(i)
		if places[i].from == to {
			continue
		}
		first, at := changes[i], to
		for places[at].from != to {
			next := places[at].from
			changes[at] = changes[next]
			places[at].from, at = at, next
		}
		changes[at], places[at].from = first, at
	}
}
