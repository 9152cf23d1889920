package pipeline

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"pamsync/schemas"
)

// takeInPortions lets no more of the devices that the inventory lacks go in one run than the limit on
// inactivations allows, where they are too many only because earlier nights put some of them off: a row
// without a key, or sessions that could not be read, keep a night's leavers for the next one. Those that
// were lacking first go first. Of what began to lack in one and the same night nothing is put off: where
// that alone is too much, the limit stops the plan.
func (p *planner) takeInPortions() {
	limit := p.Policy.Limits.Inactivate
	if p.LastGood == nil || limit.Off || !p.Policy.Limits.Baseline {
		return
	}
	var mine, wait []portion
	other := 0
	for i := range p.plan.Changes {
		c := &p.plan.Changes[i]
		switch {
		case c.Kind != schemas.KindDevice || c.Action != schemas.ActionInactivate:
		case c.Reason.Rule != schemas.RuleMissing:
			other++
		default:
			mine = append(mine, portion{i, p.LastGood.lackingSince(c.VaultID)})
		}
	}
	mine = slices.DeleteFunc(mine, func(o portion) bool {
		waits := p.LastGood.putOffOn(p.Now, p.plan.Changes[o.change].Key)
		if waits {
			wait = append(wait, o)
		}
		return waits
	})
	total := p.devicesInScope()
	if n := len(mine) + other; limit.Stops(n, total) && !p.tooManyAtOnce(mine, other, total) {
		slices.SortStableFunc(mine, func(a, b portion) int { return cmp.Compare(a.since, b.since) })
		n = len(mine)
		for n > 0 && limit.Stops(n+other, total) {
			n--
		}
		wait, mine = append(wait, mine[n:]...), mine[:n]
	}
	p.putOffPortions(wait, len(mine)+other)
}

// portion is a device that would go, and since when it is lacking: newest for tonight.
type portion struct {
	change int
	since  string
}

const newest = "~" // behind every date

// tooManyAtOnce says whether the devices that began to lack in one night are too many by themselves,
// or all of one night.
func (p *planner) tooManyAtOnce(mine []portion, other, total int) bool {
	nights := map[string]int{}
	for _, o := range mine {
		nights[o.since]++
	}
	for _, n := range nights {
		if p.Policy.Limits.Inactivate.Stops(n+other, total) {
			return true
		}
	}
	return false
}

func (p *planner) putOffPortions(wait []portion, going int) {
	if len(wait) == 0 {
		return
	}
	late := map[int]bool{}
	for _, o := range wait {
		late[o.change] = true
	}
	kept := p.plan.Changes[:0]
	for i, c := range p.plan.Changes {
		if !late[i] {
			kept = append(kept, c)
			continue
		}
		since := p.LastGood.lackingSince(c.VaultID)
		if since == newest {
			since = ""
		}
		p.leave(schemas.Left{Kind: schemas.KindDevice, Key: c.Key, VaultID: c.VaultID, Code: "portion",
			Args: schemas.Pairs("since", day(since), "n", strconv.Itoa(going), "all", strconv.Itoa(going+len(wait)), "limit", p.Policy.Limits.Inactivate.String())})
	}
	clear(p.plan.Changes[len(kept):])
	p.plan.Changes = kept
}

// lackingSince is when the inventory lacked a device for the first time in a row.
func (g *LastGood) lackingSince(id string) string {
	if a := g.absences[recordKey{schemas.KindDevice, id}]; a != nil {
		return a.Since
	}
	return newest
}

// putOffOn says whether the last good run was on the same day and put a device off for a later one: a
// second run right after it takes no second portion.
func (g *LastGood) putOffOn(now time.Time, key string) bool {
	d := g.diffs[diffKey{schemas.KindDevice, fold(key), "portion"}]
	at, err := time.Parse(time.RFC3339, g.Counted.At)
	return d != nil && run(d.Nights) > 0 && err == nil && midnight(at).Equal(midnight(now))
}

// devicesInScope is how many active devices the limits count from.
func (p *planner) devicesInScope() int {
	n := 0
	for i := range p.Snapshot.NumDevices() {
		if p.scopedAt(i) {
			n++
		}
	}
	return n
}
