package pipeline

import (
	"cmp"
	"slices"

	"pamsync/schemas"
)

// A name may be taken over without a decision: a is called b now, and what was b is called c. The row
// of b then gives record b the address of a, which the inventory lacks, and the new row of c has the
// address of b. Carried out as it stands, that points b and its credentials at another machine and
// switches a off. So the rows are held, from the lacking record on along the addresses, until a person
// decides; the lacking record is held by the address of its row.

// takeover is a row with the address of a record that is not its own.
type takeover struct {
	c   *deviceCase
	old int32
}

// holdTakeovers holds the rows of listed devices that take the addresses of lacking ones, and the
// rows that take theirs in turn.
func (p *planner) holdTakeovers(e *evidence) {
	starts := p.takeovers(e)
	if len(starts) == 0 {
		return
	}
	takes := map[string][]*deviceCase{}
	for _, c := range p.devices {
		if c.state == undecided && (c.unlisted() || p.readdressed(c)) {
			ip := addressKey(c.get(schemas.FieldIP))
			takes[ip] = append(takes[ip], c)
		}
	}
	// In the order of the list, and all that take a lacking one's address before those behind them:
	// what is said must not hang on the order of the rows.
	slices.SortFunc(starts, func(a, b takeover) int {
		return cmp.Or(cmp.Compare(a.old, b.old), cmp.Compare(a.c.records[0], b.c.records[0]))
	})
	starts = slices.DeleteFunc(starts, func(t takeover) bool { return !p.holdTakeover(t) })
	for _, t := range starts {
		p.followTakeover(t, takes)
	}
}

// followTakeover holds the rows that take the address of a held one's record, one behind the other.
func (p *planner) followTakeover(t takeover, takes map[string][]*deviceCase) {
	for len(t.c.records) == 1 {
		t.old = t.c.records[0]
		next := takes[addressKey(p.Snapshot.devices.get(t.old, schemas.FieldIP))]
		if len(next) != 1 {
			return
		}
		if t.c = next[0]; !p.holdTakeover(t) {
			return
		}
	}
}

// takeovers are the rows of listed devices that alone have the address of a lacking record.
func (p *planner) takeovers(e *evidence) []takeover {
	var found []takeover
	if len(e.byAddress) == 0 {
		return nil
	}
	for _, c := range p.devices {
		if c.state != undecided || !p.readdressed(c) {
			continue
		}
		ip := addressKey(c.get(schemas.FieldIP))
		if e.carriers[ip] != 1 {
			continue
		}
		for _, i := range e.byAddress[ip] {
			taker := p.deviceOfRecord[i]
			if taker != nil && taker.carries || p.begun[p.Snapshot.devices.get(i, schemas.FieldID)] != nil {
				continue // where it went is decided, or known by a rename that we began
			}
			found = append(found, takeover{c, i})
			break
		}
	}
	return found
}

// readdressed says whether a row would give a listed device another address.
func (p *planner) readdressed(c *deviceCase) bool {
	if len(c.records) != 1 {
		return false
	}
	ip := c.get(schemas.FieldIP)
	return ip != "" && p.Policy.Devices.Manages(schemas.FieldIP) && !p.same(schemas.FieldIP, ip, p.Snapshot.devices.get(c.records[0], schemas.FieldIP))
}

// holdTakeover holds a row, unless it is decided already what it is. Only a decision that names both
// devices says that one is not the other: a record that is ignored as such may still have been renamed.
func (p *planner) holdTakeover(t takeover) bool {
	old, next := p.Snapshot.DeviceAt(t.old), p.deviceKey(t.c)
	if t.c.state != undecided || t.c.carries {
		return false
	}
	if d := p.decision(schemas.KindDevice, old.Hostname, next); d != nil && d.Target != "" && !d.renames() {
		return false
	}
	pairs := []string{"ip", old.IP, "old", old.Hostname, "id", old.ID, "new", next,
		"line", DecisionLine(schemas.KindDevice, old.Hostname, "rename", next), "no", DecisionLine(schemas.KindDevice, old.Hostname, "new", next)}
	if len(t.c.records) == 0 {
		pairs = append(pairs, "why", "next")
	}
	p.hold(&t.c.request, schemas.Hold{Kind: schemas.KindDevice, Key: next, VaultID: p.deviceID(t.c), Code: "name_taken_over",
		Args: schemas.Pairs(pairs...), Candidates: p.Snapshot.deviceItems([]int32{t.old})})
	p.keepAsIs(t.c)
	return true
}
