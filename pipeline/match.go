package pipeline

import (
	"cmp"
	"slices"

	"pamsync/schemas"
)

// matchDevices sorts the rows of the device sources. One that agrees with the record that it
// alone means is settled at once and kept as a number; every other gets a case.
func (p *planner) matchDevices() {
	set := &p.Inventory.Devices
	p.settled = make([]int32, p.Snapshot.NumDevices())
	p.reserveIDs(set)
	for i, found := range p.compareDevices(set) {
		row := int32(i)
		if found == matchesNone {
			p.deviceRow(row)
			continue
		}
		record, agrees := found, true
		if found < 0 {
			record, agrees = differsFrom-found, false
		}
		switch other := p.settled[record]; {
		case other == 0 && agrees:
			p.settled[record] = row + 1
			continue
		case other > 0: // two rows of one record: their case tells what follows
			p.deviceRow(other - 1)
		}
		p.settled[record] = hasCase
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

// What a look at a row by itself tells is the number of the record that it agrees with, or
// differsFrom less the number of the one that it means, or matchesNone, which stands for several
// too.
const (
	matchesNone int32 = -1
	differsFrom int32 = -2
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

// compareDevices looks at every row by itself.
func (p *planner) compareDevices(set *Set) []int32 {
	found := make([]int32, set.rows.len())
	c := newComparer(p, set)
	inParts(len(found), func(begin, end int) {
		for i := begin; i < end; i++ {
			found[i] = c.look(int32(i))
		}
	})
	return found
}

// comparer tells rows that agree with their records by signatures: hashes, keyed anew in each
// run, of the hostname and every managed field. Only what has another one is taken apart.
type comparer struct {
	p       *planner
	set     *Set
	h       hasher
	signed  uint32 // the fields of a signature, hostname among them
	decides uint32 // fields of a row that need more than a comparison

	rowWords, vaultWords []uint64
	rowHosts, vaultHosts []uint64 // as parts of hostnames
	signatures           []uint64 // of the records, 0 for one that has none
}

func newComparer(p *planner, set *Set) *comparer {
	s := p.Snapshot
	c := &comparer{p: p, set: set, h: s.hasher, signed: 1 << schemas.FieldHostname, decides: 1 << schemas.FieldID}
	for _, f := range p.Policy.Devices.Manage {
		if f.Listed() {
			c.signed |= 1 << f
		} else {
			c.decides |= 1 << f
		}
	}
	c.rowWords, c.vaultWords = set.rows.words.hashes(c.h), s.devices.words.hashes(c.h)
	c.rowHosts, c.vaultHosts = set.rows.words.hostHashes(c.h, c.rowWords), s.devices.words.hostHashes(c.h, c.vaultWords)
	c.signatures = make([]uint64, s.NumDevices())
	inParts(len(c.signatures), func(begin, end int) {
		for i := begin; i < end; i++ {
			_, c.signatures[i] = c.sign(&s.devices, int32(i), c.vaultWords, c.vaultHosts)
		}
	})
	return c
}

// sign gives a record's or row's hash of the hostname and its signature, 0 where it lacks one of
// the fields.
func (c *comparer) sign(p *pack, record int32, words, hosts []uint64) (host, signature uint64) {
	r := p.read(record)
	whole := r.mask&c.signed == c.signed
	for r.mask != 0 {
		f, code, text := r.next()
		switch {
		case c.signed&(1<<f) == 0:
			continue
		case f == schemas.FieldHostname:
			host = c.h.hostAt(p, code, text, hosts)
			signature = host
			continue
		}
		value := uint64(0)
		if code == 0 || code == codeIP {
			value = c.h.bytes(text)
		} else {
			value = words[code]
		}
		signature = (signature<<7 | signature>>57) ^ value*(2*uint64(f)+0x9e3779b97f4a7c15)
	}
	if !whole {
		return host, 0
	}
	return host, max(signature, 1)
}

// look finds the record of a row, and whether nothing is left to decide about it. It may say no
// of a row of which a closer look finds the same.
func (c *comparer) look(row int32) int32 {
	plain := c.set.rows.read(row).mask&c.decides == 0 && len(c.set.bad[row]) == 0
	host, signature := c.sign(&c.set.rows, row, c.rowWords, c.rowHosts)
	if c.p.Snapshot.normal() {
		record := c.p.Snapshot.byHost.last(host)
		if record < 0 {
			return matchesNone
		}
		_, several := c.p.Snapshot.byHost.before[record]
		if !several && plain && signature != 0 && c.signatures[record] == signature && c.p.scopedAt(record) && !c.p.restricted(c.set, row) {
			return record
		}
	}
	if found := c.p.Snapshot.FindDevices(c.set.rows.get(row, schemas.FieldHostname)); len(found) == 1 {
		return differsFrom - found[0]
	}
	return matchesNone
}
