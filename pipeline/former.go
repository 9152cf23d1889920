package pipeline

import (
	"slices"
	"time"

	"pamsync/schemas"
)

// formerDays is how long a device is known by the address that a run of ours took from it, where
// limits.in_use does not look back longer: sessions, and rows whose host nobody knows, still name it.
const formerDays = 30

// rememberFormer keeps the address that a change took from a device.
func rememberFormer(m *Memory, c *schemas.Change, id, at, run string) {
	if c.Kind != schemas.KindDevice || c.Action == schemas.ActionInactivate {
		return
	}
	for _, fc := range c.Fields {
		if fc.Field == schemas.FieldIP && fc.Before != "" && !same(schemas.FieldIP, fc.Before, fc.After) {
			m.Put(schemas.Remembered{What: schemas.RememberFormer, Kind: c.Kind, ID: id, Key: c.Key, Field: fc.Name(), Sent: fc.After, Kept: fc.Before, At: at, Run: run})
		}
	}
}

// forgetFormer drops the addresses that nothing names any more, as seen from a run's time.
func (m *Memory) forgetFormer(now string) {
	at, err := time.Parse(time.RFC3339, now)
	if err != nil {
		return
	}
	for i := range m.list {
		r := m.list[i]
		if r.What != schemas.RememberFormer {
			continue
		}
		if since, err := time.Parse(time.RFC3339, r.At); err != nil || at.Sub(since) > 400*24*time.Hour {
			m.Forget(r)
		}
	}
}

// formerAddresses are those that runs of ours took lately, by the device's id.
func (m *Memory) formerAddresses(now time.Time, inUse int) map[string][]string {
	former := map[string][]string{}
	if m == nil {
		return former
	}
	long := time.Duration(max(formerDays, inUse)) * 24 * time.Hour
	for i := range m.list {
		r := &m.list[i]
		if r.What != schemas.RememberFormer {
			continue
		}
		if at, err := time.Parse(time.RFC3339, r.At); err == nil && now.Sub(at) <= long {
			former[r.ID] = append(former[r.ID], r.Kept)
		}
	}
	return former
}

// readFormer gathers the addresses that runs of ours took from listed devices lately.
func (p *planner) readFormer() {
	p.former, p.formerOf = map[int32][]string{}, map[string][]int32{}
	for id, addresses := range p.Memory.formerAddresses(p.Now, p.Policy.Limits.InUse) {
		device := p.Snapshot.deviceNumber(id)
		if device < 0 {
			continue
		}
		p.former[device] = addresses
		for _, ip := range addresses {
			p.formerOf[addressKey(ip)] = append(p.formerOf[addressKey(ip)], device)
		}
	}
}

// addresses are those that a listed device goes by: its own, and those that it had lately.
func (p *planner) addresses(device int32) []string {
	return append([]string{p.Snapshot.devices.get(device, schemas.FieldIP)}, p.former[device]...)
}

// devicesBy finds the listed devices that go by an address.
func (p *planner) devicesBy(ip string) []int32 {
	found := append(slices.Clone(p.Snapshot.devicesAt(ip)), p.formerOf[addressKey(ip)]...)
	slices.Sort(found)
	return slices.Compact(found)
}
