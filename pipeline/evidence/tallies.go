package evidence

import (
	"strings"

	"pamsync/schemas"
)

// tallies are totals by a text: a month, a protocol, a user. Sessions have few of each, and mostly one that was
// there lately: recent finds those without the map.
type tallies struct {
	all    map[string]*schemas.Tally
	recent [64]keyed
}

type keyed struct {
	key   string
	tally *schemas.Tally
}

func (t *tallies) add(key string, seconds int64) {
	slot := &t.recent[slotOf(key)]
	if slot.tally == nil || slot.key != key {
		*slot = t.of(key)
	}
	slot.tally.Sessions++
	slot.tally.Seconds += seconds
}

func (t *tallies) of(key string) keyed {
	if tally := t.all[key]; tally != nil {
		return keyed{strings.Clone(key), tally}
	}
	if t.all == nil {
		t.all = map[string]*schemas.Tally{}
	}
	k := keyed{strings.Clone(key), &schemas.Tally{}}
	t.all[k.key] = k.tally
	return k
}

func (t *tallies) totals() map[string]schemas.Tally {
	out := make(map[string]schemas.Tally, len(t.all))
	for key, tally := range t.all {
		out[key] = *tally
	}
	return out
}

// slotOf tells texts apart by a few of their bytes.
func slotOf(key string) uint {
	if key == "" {
		return 0
	}
	n := uint(len(key))
	return (n*7 + uint(key[0]) + uint(key[n/2])*5 + uint(key[n-1])*11) % 64
}
