package evidence

import (
	"hash/maphash"
	"strings"

	"pamsync/schemas"
)

// tallies are totals by a text: a month, a protocol, a user. Sessions have few of each, and mostly one that was
// there lately: recent finds those without the map.
type tallies struct {
	all    map[string]*keyed
	recent [512]*keyed // by the hash of their text
	seed   maphash.Seed
}

type keyed struct {
	key string
	schemas.Tally
}

func newTallies() *tallies { return &tallies{all: map[string]*keyed{}, seed: maphash.MakeSeed()} }

func (t *tallies) add(key string, seconds int64) {
	slot := &t.recent[maphash.String(t.seed, key)%uint64(len(t.recent))]
	if *slot == nil || (*slot).key != key {
		*slot = t.of(key)
	}
	(*slot).Sessions++
	(*slot).Seconds += seconds
}

func (t *tallies) of(key string) *keyed {
	if k := t.all[key]; k != nil {
		return k
	}
	k := &keyed{key: strings.Clone(key)}
	t.all[k.key] = k
	return k
}

func (t *tallies) totals() map[string]schemas.Tally {
	out := make(map[string]schemas.Tally, len(t.all))
	for key, k := range t.all {
		out[key] = k.Tally
	}
	return out
}
