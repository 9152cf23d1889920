package pipeline

import (
	"cmp"

	"pamsync/schemas"
)

// host is the device of a credential row, as it is and as it will be.
type host struct {
	state    hostState
	record   int32 // index of the listed device, -1 where it is not listed
	id       string
	hostname string   // the vault's spelling once matched
	ip       string   // as it will be: what is sent
	ips      []string // what a row's own ip may say
	device   schemas.Device
	renamed  *renaming      // what carries credentials over to it, nil for nothing
	several  []schemas.Item // listed devices of one name
	moves    bool           // a rename is under way: what hangs on it hangs elsewhere, or will
}

type hostState int

// findHost finds the device of a credential row.
func (p *planner) findHost(hostname string) host {
	key := p.deviceName(hostname)
	if p.unsettled[key] {
		return host{state: hostHeld, record: -1, hostname: hostname, moves: true}
	}
	h := p.hostNamed(key, hostname)
	if r := p.renamed[key]; r != nil {
		h.renamed, h.ips = r, append(h.ips, p.Snapshot.devices.get(r.old, schemas.FieldIP))
		if r.next < 0 {
			h.record = r.old
		}
	}
	return h
}

// moves says whether a rename is under way by which what hangs on a name hangs elsewhere, or will.
func (p *planner) moves(hostname string) bool {
	return len(p.unsettled) > 0 && p.unsettled[p.deviceName(hostname)]
}

// hostNamed finds the device of a name: in this plan, else in the vault.
func (p *planner) hostNamed(key, hostname string) host {
	if c := p.deviceByKey[key]; c != nil {
		return p.hostOfCase(c)
	}
	records := p.Snapshot.FindDevices(hostname)
	if len(records) == 1 {
		if c := p.deviceOfRecord[records[0]]; c != nil {
			h := p.hostOfCase(c)
			h.record, h.hostname = records[0], p.Snapshot.devices.get(records[0], schemas.FieldHostname)
			return h
		}
		d := p.Snapshot.DeviceAt(records[0])
		h := host{state: hostReady, record: records[0], id: d.ID, hostname: d.Hostname, ip: d.IP, ips: []string{d.IP}, device: d}
		if row := p.settledBy(records[0]); row >= 0 {
			h.ips = append(h.ips, p.Inventory.Devices.rows.get(row, schemas.FieldIP))
		}
		if !p.scoped(&d) {
			h.state = hostOutside
		}
		return h
	}
	if len(records) > 1 {
		return host{state: hostHeld, record: -1, hostname: hostname, several: p.Snapshot.deviceItems(records)}
	}
	if hidden := p.rememberedDevice(schemas.RememberNotVisible, hostname); hidden != nil {
		d := deviceOf(hidden)
		return host{state: hostReady, record: -1, id: d.ID, hostname: d.Hostname, ip: d.IP, ips: []string{d.IP}, device: d}
	}
	return host{record: -1, hostname: hostname}
}

func (p *planner) hostOfCase(c *deviceCase) host {
	h := host{record: -1, id: p.deviceID(c), hostname: cmp.Or(c.after.Hostname, c.get(schemas.FieldHostname)), ip: c.after.IP, device: c.after}
	h.ips = append(h.ips, c.after.IP, c.get(schemas.FieldIP))
	if len(c.records) == 1 {
		h.record = c.records[0]
		h.ips = append(h.ips, p.Snapshot.devices.get(h.record, schemas.FieldIP))
	}
	switch {
	case c.state == rejected && len(c.records) == 1 && !p.scoped(&c.after):
		h.state = hostOutside
	case c.state == changed || c.state == unchanged || c.state == rejected && len(c.records) == 1:
		h.state = hostReady
	case c.state == held:
		h.state = hostHeld
	case c.state == left && (c.ignored || len(c.renames) > 0 && !c.carries): // itself, or as one half of a pair
		h.state = hostIgnored
	case c.state == left:
		h.state = hostOutside
	}
	return h
}

// rememberedDevice finds what is remembered of a device under a name that means the same.
func (p *planner) rememberedDevice(what, hostname string) *schemas.Remembered {
	if len(p.Memory.list) == 0 {
		return nil
	}
	if r := p.Memory.find(what, schemas.KindDevice, fold(hostname), ""); r != nil {
		return r
	}
	norm := &p.Policy.Devices.Normalize
	if p.rememberedHosts == nil {
		p.rememberedHosts = map[[2]string]*schemas.Remembered{}
		for i := range p.Memory.list {
			r := &p.Memory.list[i]
			if r.Kind == schemas.KindDevice && (r.What == schemas.RememberInactive || r.What == schemas.RememberNotVisible) {
				if key := [2]string{r.What, hostKey(norm, r.Key)}; p.rememberedHosts[key] == nil {
					p.rememberedHosts[key] = r
				}
			}
		}
	}
	return p.rememberedHosts[[2]string{what, hostKey(norm, hostname)}]
}
