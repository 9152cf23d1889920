package pipeline

import "pamsync/schemas"

// tellAssets tells which listed device each row with an asset id means.
func (p *planner) tellAssets() {
	set := &p.Inventory.Devices
	if p.Asset == nil || set.rows.fields&(1<<schemas.FieldAsset) == 0 {
		return
	}
	tell := func(record, row int32) {
		if asset := set.rows.get(row, schemas.FieldAsset); asset != "" {
			p.Asset(p.Snapshot.devices.get(record, schemas.FieldID), asset)
		}
	}
	for record := range p.Snapshot.NumDevices() {
		if row := p.settledBy(record); row >= 0 {
			tell(record, row)
		}
	}
	for _, c := range p.devices {
		if len(c.records) == 1 && (c.state == changed || c.state == unchanged) {
			tell(c.records[0], c.entries[0])
		}
	}
}
