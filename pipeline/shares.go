package pipeline

import (
	"maps"
	"slices"

	"pamsync/schemas"
)

// useShares counts what the plan would do to the devices of each site, vendor, model or type for
// which the configuration sets limits.
func (p *planner) useShares() {
	for _, name := range slices.Sorted(maps.Keys(p.Policy.Limits.Per)) {
		f, ok := schemas.ParseField(name)
		if !ok {
			continue
		}
		limits := p.Policy.Limits.Per[name]
		gone, updated := p.countShares(f)
		totals, spelled := p.shareTotals(f)
		for _, value := range slices.Sorted(maps.Keys(totals)) {
			for _, u := range []schemas.LimitUse{
				{Name: "inactivate", N: gone[value], Limit: limits.Inactivate},
				{Name: "update", N: updated[value], Limit: limits.Update},
			} {
				if u.N == 0 || u.Limit.Off {
					continue
				}
				u.Kind, u.Total, u.Share = schemas.KindDevice, totals[value], name+" "+quoted(spelled[value])
				u.Stopped = u.Limit.Stops(u.N, u.Total)
				p.plan.Summary.Limits = append(p.plan.Summary.Limits, u)
			}
		}
	}
}

// shareTotals counts the devices in scope by their value of a field, folded.
func (p *planner) shareTotals(f schemas.Field) (totals map[string]int, spelled map[string]string) {
	totals, spelled = map[string]int{}, map[string]string{}
	for i := range p.Snapshot.NumDevices() {
		if p.scopedAt(i) {
			value := p.Snapshot.devices.get(i, f)
			totals[fold(value)]++
			spelled[fold(value)] = value
		}
	}
	return totals, spelled
}

// countShares counts inactivations and updates by the value that the vault has in a field.
func (p *planner) countShares(f schemas.Field) (gone, updated map[string]int) {
	gone, updated = map[string]int{}, map[string]int{}
	for i := range p.plan.Changes {
		c := &p.plan.Changes[i]
		if c.Kind != schemas.KindDevice {
			continue
		}
		value := c.Send.Get(f)
		for _, fc := range c.Fields {
			if fc.Field == f {
				value = fc.Before
			}
		}
		switch c.Action {
		case schemas.ActionInactivate:
			gone[fold(value)]++
		case schemas.ActionUpdate:
			updated[fold(value)]++
		}
	}
	return gone, updated
}
