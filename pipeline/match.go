package pipeline

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"pamsync/schemas"
)

// matchDevices sorts the rows of the device sources. One that agrees with the record that it
// alone means is settled at once and kept as a number; every other gets a case.
func (p *planner) matchDevices() {
	set := &p.Inventory.Devices
	p.settled = ready(make([]int32, p.Snapshot.NumDevices()))
	p.reserveIDs(set)
	sights := p.compareDevices(set)
	p.expectCases(len(sights))
	for i := range sights {
		s := &sights[i]
		if s.at <= differsFrom {
			record := differsFrom - s.at
			if other := p.settled[record]; other > 0 { // two rows of one record: their case tells what follows
				p.deviceRow(p.sight(other-1, s.at))
			}
			p.settled[record] = hasCase
		}
		p.deviceRow(*s)
	}
	for _, c := range p.devices {
		slices.Sort(c.entries)
	}
	if byRow := func(a, b *deviceCase) int { return cmp.Compare(a.entries[0], b.entries[0]) }; !slices.IsSortedFunc(p.devices, byRow) {
		slices.SortFunc(p.devices, byRow)
	}
	for _, c := range p.devices {
		p.merge(&c.request)
	}
	for _, row := range p.settled {
		if row > 0 {
			p.rows[schemas.KindDevice].Unchanged++
		}
	}
}

// hasCase stands in settled for a record that a case decides about.
const hasCase = -1

// What a look at a row by itself tells is that it is settled, or differsFrom less the number of
// the record that it means, or that it means none or several.
const (
	isSettled      int32 = 0
	matchesNone    int32 = -1
	matchesSeveral int32 = -2
	differsFrom    int32 = -3
)

// settledBy is the row that agrees with a listed device and settled it, -1 for none.
func (p *planner) settledBy(record int32) int32 { return max(p.settled[record], 0) - 1 }

// named says whether a readable row has a hostname, or rather a key, whatever became of it.
func (p *planner) named(key string) bool {
	if p.deviceByKey[key] != nil {
		return true
	}
	return slices.ContainsFunc(p.Snapshot.FindDevices(key), func(i int32) bool { return p.settled[i] > 0 })
}

// reserveIDs keeps the records that rows name by id for the cases of those rows.
func (p *planner) reserveIDs(set *Set) {
	if set.rows.fields&(1<<schemas.FieldID) == 0 {
		return
	}
	for i := range int32(set.rows.len()) {
		if id := p.rowID(set, i); id != "" {
			if record := p.Snapshot.deviceNumber(id); record >= 0 {
				p.settled[record] = hasCase
			}
		}
	}
}

// sight is a row that is not settled: what a look at it by itself told, and the key of its case.
type sight struct {
	row, at int32
	key     string
}

func (p *planner) sight(row, at int32) sight {
	set := &p.Inventory.Devices
	key := hostKey(&p.Policy.Devices.Normalize, set.rows.get(row, schemas.FieldHostname))
	if id := p.rowID(set, row); id != "" {
		key += "\x00" + id
	}
	return sight{row, at, key}
}

// expectCases makes room for as many cases as there may be.
func (p *planner) expectCases(n int) {
	p.cases = large(make([]deviceCase, 0, n+16))
	p.devices, p.deviceByKey = make([]*deviceCase, 0, n), make(map[string]*deviceCase, n)
	p.deviceOfRecord, p.deviceClaims = make(map[int32]*deviceCase, n), make(map[int32]int, n)
}

// deviceRow puts a row into the case of its key.
func (p *planner) deviceRow(s sight) {
	c := p.deviceByKey[s.key]
	if c == nil {
		p.cases = append(p.cases, deviceCase{request: request{set: &p.Inventory.Devices, key: s.key}, at: s.at})
		c = &p.cases[len(p.cases)-1]
		p.deviceByKey[s.key] = c
		p.devices = append(p.devices, c)
	}
	c.entries = append(c.entries, s.row)
}

// compareDevices looks at every row by itself, and settles those that agree with a record which
// no other row was quicker to settle. It gives the others, in their order.
func (p *planner) compareDevices(set *Set) []sight {
	c := newComparer(p, set)
	var mu sync.Mutex
	parts := map[int][]sight{} // by their first row
	inParts(set.rows.len(), func(begin, end int) {
		var part []sight
		for first := begin; first < end; first += abreast {
			var room [abreast]int32
			found := room[:min(abreast, end-first)]
			c.look(first, found)
			for i, at := range found {
				if at != isSettled {
					part = append(part, p.sight(int32(first+i), at))
				}
			}
		}
		mu.Lock()
		parts[begin] = part
		mu.Unlock()
	})
	var sights []sight
	for _, begin := range slices.Sorted(maps.Keys(parts)) {
		sights = append(sights, parts[begin]...)
	}
	return sights
}

// comparer tells rows that agree with their records by signatures. Only what has another one is
// taken apart.
type comparer struct {
	p       *planner
	set     *Set
	sign    signer // of rows
	decides uint64 // fields of a row that need more than a comparison

	signatures []uint64 // of the records, 0 for one that has none
}

func newComparer(p *planner, set *Set) *comparer {
	c := &comparer{p: p, set: set, decides: 1 << schemas.FieldID}
	for _, f := range p.Policy.Devices.Manage {
		if !f.Listed() {
			c.decides |= 1 << f
		}
	}
	signed := signedFields(p.Policy.Devices.Manage)
	c.sign = newSigner(p.Snapshot.hasher, &set.rows, signed)
	c.signatures = p.Snapshot.takeSignatures(signed)
	return c
}

// abreast is how many rows are looked up together: the processor then waits for the memory of
// all of them at once.
const abreast = 32

// look finds the records of some rows, from the first on, and whether nothing is left to decide
// about them. It may say so of no row of which a closer look finds the same.
func (c *comparer) look(first int, found []int32) {
	var hosts, signatures [abreast]uint64
	for i := range found {
		hosts[i], signatures[i] = c.signRow(int32(first + i))
	}
	if !c.p.Snapshot.normal() {
		for i := range found {
			found[i] = c.closer(int32(first + i))
		}
		return
	}
	byHost := c.p.Snapshot.byHost
	if !byHost.near(hosts[:len(found)]) {
		for i := range found {
			found[i] = matchesNone
		}
		return
	}
	var agree [abreast]bool
	for i := range found {
		found[i] = byHost.last(hosts[i])
	}
	for i, record := range found {
		agree[i] = record >= 0 && signatures[i] != 0 && c.signatures[record] == signatures[i] && atomic.LoadInt32(&c.p.settled[record]) == 0
	}
	for i, record := range found {
		row := int32(first + i)
		switch {
		case record < 0:
			found[i] = matchesNone
		case byHost.several(record) || !agree[i] && !c.sameName(row, record):
			found[i] = c.closer(row)
		case agree[i] && c.p.scopedAt(record) && !c.p.restricted(c.set, row) && atomic.CompareAndSwapInt32(&c.p.settled[record], 0, row+1):
			found[i] = isSettled
		default:
			found[i] = differsFrom - record
		}
	}
}

// sameName says at a glance that a row and a record have the same hostname, letter for letter; it may
// say no of two that are compared as the same.
func (c *comparer) sameName(row, record int32) bool {
	mine, theirs := c.set.rows.read(row), c.p.Snapshot.devices.read(record)
	code, text, _ := mine.seek(schemas.FieldHostname)
	other, name, _ := theirs.seek(schemas.FieldHostname)
	return bytes.Equal(text, name) && c.set.rows.words.text(code) == c.p.Snapshot.devices.words.text(other)
}

// signRow signs a row; its signature is 0 where more than a comparison is needed.
func (c *comparer) signRow(row int32) (host, signature uint64) {
	host, signature = c.sign.record(row)
	if c.set.rows.fields&c.decides != 0 && c.set.rows.read(row).mask&c.decides != 0 || len(c.set.bad) > 0 && len(c.set.bad[row]) > 0 {
		return host, 0
	}
	return host, signature
}

// closer finds the records of a row's hostname, without its signature.
func (c *comparer) closer(row int32) int32 {
	switch found := c.p.Snapshot.FindDevices(c.set.rows.get(row, schemas.FieldHostname)); len(found) {
	case 0:
		return matchesNone
	case 1:
		return differsFrom - found[0]
	}
	return matchesSeveral
}
