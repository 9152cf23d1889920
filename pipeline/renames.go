package pipeline

import (
	"cmp"
	"slices"
	"strconv"

	"pamsync/schemas"
)

// rename is what speaks for a new row being a listed record that the inventory lacks, under a new
// name. The points add up; from renamePoints on a person decides.
type rename struct {
	record        int32
	points        int
	address       string
	asset         bool
	shared, users int // credentials that both have, of all that either has
	model, site   bool
	alike         bool   // others may be it as well as this one
	decided       string // new, ignore or rename; back for a name that a decided rename gave up
}

const (
	pointsAsset   = 60
	pointsAddress = 40 // the address alone is a decision (design 6)
	pointsUsers   = 40 // the same credentials, which nothing else in doubt has, or few that are alike otherwise too
	pointsShared  = 20 // of the share of credentials that both have
	pointsField   = 5  // each of model and site
	renamePoints  = 40
)

// findRenames looks for records that the inventory lacks and that a new row may mean: that is one
// decision of a person, and neither a create nor an inactivation.
func (p *planner) findRenames() {
	if len(p.lacking) == 0 {
		return
	}
	e := p.renameEvidence()
	if e.empty() {
		return
	}
	type claim struct {
		c *deviceCase
		r rename
	}
	var claims []claim
	for _, c := range p.devices {
		if c.state != undecided || !c.unlisted() {
			continue
		}
		for _, r := range p.meant(e.candidates(c)) {
			if r.decided == "rename" || r.decided == "back" || r.decided != "new" && r.points >= renamePoints {
				claims = append(claims, claim{c, r})
			}
		}
	}
	// A record that several rows could mean is the row's that a person decided for, or for which
	// most speaks. The others are in doubt as well, unless it is decided.
	slices.SortStableFunc(claims, func(a, b claim) int {
		return cmp.Or(cmp.Compare(b.r.rank(), a.r.rank()), cmp.Compare(b.r.points, a.r.points), cmp.Compare(a.c.key, b.c.key))
	})
	doubtful := map[*deviceCase][]rename{}
	for _, claim := range claims {
		winner := p.deviceOfRecord[claim.r.record]
		switch {
		case winner == nil:
			p.deviceOfRecord[claim.r.record] = claim.c
			claim.c.renames = append(claim.c.renames, claim.r)
		case winner != claim.c && (len(winner.renames) == 0 || winner.renames[0].decided != "rename"):
			doubtful[claim.c] = append(doubtful[claim.c], claim.r)
		}
	}
	for _, c := range p.devices {
		if r, lost := doubtful[c]; lost && len(c.renames) == 0 {
			c.renames = r
		}
		if len(c.renames) > 0 {
			p.decideRename(c)
		}
	}
	p.holdTakeovers(e)
	p.lacking = slices.DeleteFunc(p.lacking, func(i int32) bool { return p.deviceOfRecord[i] != nil })
}

// meant leaves the candidates of a row as they are, unless a person decided which of them it is: then
// those that were decided to get other names are none, and those that are only alike.
func (p *planner) meant(candidates []rename) []rename {
	if !slices.ContainsFunc(candidates, func(r rename) bool { return r.decided == "rename" }) {
		return candidates
	}
	return slices.DeleteFunc(candidates, func(r rename) bool {
		return r.decided == "" && (r.alike || p.givesUp(p.Snapshot.devices.get(r.record, schemas.FieldHostname)))
	})
}

// rank puts what a person decided before what only looks like it.
func (r *rename) rank() int {
	switch r.decided {
	case "rename":
		return 2
	case "ignore":
		return 1
	}
	return 0
}

// renameDecision is what a person decided about a record and the row that may be its new name.
func (p *planner) renameDecision(record int32, c *deviceCase) string {
	old, name := p.Snapshot.devices.get(record, schemas.FieldHostname), c.get(schemas.FieldHostname)
	if d := p.decision(schemas.KindDevice, old, name); d != nil {
		return d.Decision
	}
	d := p.decision(schemas.KindDevice, name, old)
	switch {
	case d == nil:
		return ""
	case c.inactive != nil && d.renames():
		return "back"
	}
	return d.Decision
}

// decideRename holds a new row and the records that it may be a new name of, as one decision, or
// does what a person decided.
func (p *planner) decideRename(c *deviceCase) {
	r := c.renames[0]
	d := p.Snapshot.DeviceAt(r.record)
	switch r.decided {
	case "ignore":
		p.settle(schemas.KindDevice, &c.request, left)
		p.leave(schemas.Left{Kind: schemas.KindDevice, Key: d.Hostname, VaultID: d.ID, Code: "decided_ignore", Rows: p.refs(&c.request)})
		for _, other := range c.renames[1:] {
			if p.deviceOfRecord[other.record] == c {
				delete(p.deviceOfRecord, other.record) // nothing was decided about it
			}
		}
		return
	case "rename":
		if code, pairs := p.cannotRename(c); code != "" {
			p.holdRename(c, &d, code, pairs...)
			return
		}
		c.carries = true // it is carried out in its turn, behind the guards of all new devices
		return
	case "back":
		p.holdRename(c, &d, "rename_back")
		return
	}
	p.holdRename(c, &d, "looks_renamed")
}

func (p *planner) holdRename(c *deviceCase, d *schemas.Device, code string, pairs ...string) {
	r := c.renames[0]
	next := c.get(schemas.FieldHostname)
	pairs = append(pairs, "old", d.Hostname, "id", d.ID, "new", next, "score", strconv.Itoa(r.points), "ip", r.address,
		"line", DecisionLine(schemas.KindDevice, d.Hostname, "rename", next))
	if r.asset {
		pairs = append(pairs, "asset", c.get(schemas.FieldAsset))
	}
	if r.shared > 0 {
		pairs = append(pairs, "shared", strconv.Itoa(r.shared), "users", strconv.Itoa(r.users))
	}
	if r.model {
		pairs = append(pairs, "model", d.Model)
	}
	if r.site {
		pairs = append(pairs, "site", d.Site)
	}
	h := schemas.Hold{Kind: schemas.KindDevice, Key: d.Hostname, VaultID: d.ID, Code: code, Rows: p.refs(&c.request), Args: schemas.Pairs(pairs...)}
	if len(c.renames) > 1 {
		for _, other := range c.renames {
			h.Candidates = append(h.Candidates, p.Snapshot.deviceItems([]int32{other.record})...)
		}
	}
	p.settle(schemas.KindDevice, &c.request, held)
	p.plan.Holds = append(p.plan.Holds, h)
}
