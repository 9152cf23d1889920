package pipeline

import (
	"bytes"
	"cmp"
	"runtime"
	"slices"
	"sync"

	"pamsync/schemas"
)

// What a look at a row by itself tells: the listed record that it means, and whether the row
// asks for nothing that the record is not.
type match struct {
	record int32 // -1 for none, or several
	agrees bool
}

// matchDevices sorts the rows of the device sources. One that agrees with the record that it
// alone means is settled at once and kept as a number; every other gets a case.
func (p *planner) matchDevices() {
	set := &p.Inventory.Devices
	p.settled = make([]int32, p.Snapshot.NumDevices())
	p.reserveIDs(set)
	for i, m := range p.compareDevices(set) {
		row := int32(i)
		if m.record < 0 {
			p.deviceRow(row)
			continue
		}
		switch other := p.settled[m.record]; {
		case other == 0 && m.agrees:
			p.settled[m.record] = row + 1
			continue
		case other > 0: // two rows of one record: their case tells what follows
			p.deviceRow(other - 1)
		}
		p.settled[m.record] = hasCase
		p.deviceRow(row)
	}
	slices.SortFunc(p.devices, func(a, b *deviceCase) int { return cmp.Compare(a.entries[0], b.entries[0]) })
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

// deviceRow puts a row into the case of its key.
func (p *planner) deviceRow(row int32) {
	set := &p.Inventory.Devices
	key := hostKey(&p.Policy.Devices.Normalize, set.rows.get(row, schemas.FieldHostname))
	if id := p.rowID(set, row); id != "" {
		key += "\x00" + id
	}
	c := p.deviceByKey[key]
	if c == nil {
		c = &deviceCase{request: request{set: set, key: key}}
		p.deviceByKey[key] = c
		p.devices = append(p.devices, c)
	}
	c.entries = append(c.entries, row)
}

// compareDevices looks at every row by itself, on all processors.
func (p *planner) compareDevices(set *Set) []match {
	found := make([]match, set.rows.len())
	c := newComparer(p, set)
	share := len(found)/runtime.GOMAXPROCS(0) + 1
	var all sync.WaitGroup
	for begin := 0; begin < len(found); begin += share {
		end := min(begin+share, len(found))
		all.Go(func() {
			for i := begin; i < end; i++ {
				found[i] = c.look(int32(i))
			}
		})
	}
	all.Wait()
	return found
}

// comparer compares packed rows with packed records without taking either apart.
type comparer struct {
	p               *planner
	set             *Set
	managed         uint32 // fields of which a difference counts
	decides         uint32 // fields of a row that need more than a comparison
	ofRows, ofVault []uint32
}

func newComparer(p *planner, set *Set) *comparer {
	c := &comparer{p: p, set: set, decides: 1 << schemas.FieldID}
	for _, f := range p.Policy.Devices.Manage {
		if f.Listed() {
			c.managed |= 1 << f
		} else {
			c.decides |= 1 << f
		}
	}
	c.ofRows, c.ofVault = alike(&set.rows.words, &p.Snapshot.devices.words)
	return c
}

// look finds the record of a row, and whether nothing is left to decide about it. It may say
// no of a row of which a closer look finds the same.
func (c *comparer) look(row int32) match {
	s := c.p.Snapshot
	hostname := c.set.rows.get(row, schemas.FieldHostname)
	key := hostKey(&s.norm, hostname)
	m := match{record: -1}
	several := false
	s.byHost.each(key, func(record int32) {
		if hostKey(&s.norm, s.devices.get(record, schemas.FieldHostname)) == key {
			several = several || m.record >= 0
			m.record = record
		}
	})
	if several {
		m.record = -1
	}
	if m.record < 0 {
		return m
	}
	m.agrees = c.agrees(row, m.record)
	return m
}

func (c *comparer) agrees(row, record int32) bool {
	want, have := c.set.rows.read(row), c.p.Snapshot.devices.read(record)
	if want.mask&c.decides != 0 || len(c.set.bad[row]) > 0 || len(c.p.Policy.Devices.Precedence) > 0 && c.p.restricted(c.set, row) {
		return false
	}
	for want.mask != 0 {
		f, code, text := want.next()
		if c.managed&(1<<f) == 0 {
			continue
		}
		haveCode, haveText, ok := have.seek(f)
		if !ok || (code == 0) != (haveCode == 0) {
			return false
		}
		if code != 0 && c.ofRows[code] != c.ofVault[haveCode] || code == 0 && !bytes.Equal(text, haveText) {
			return false
		}
	}
	return c.p.scopedAt(record)
}
