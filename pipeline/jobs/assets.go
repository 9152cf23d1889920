package jobs

import (
	"strings"

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/sinks"
	"pamsync/sources"
)

// readAssets gathers what the rows of an applied plan call the devices that the vault lists now, by
// vault id: a plan does not hold it, so its sources are read again. One that is not as the plan read
// it, or cannot be read, teaches nothing, and neither do rows that give one device two names.
func (a *application) readAssets(listed *pipeline.Snapshot) map[string]string {
	if listed == nil {
		return nil
	}
	assets, several := map[string]string{}, map[string]bool{}
	for i := range a.plan.Start.Sources {
		use := &a.plan.Start.Sources[i]
		if use.Kind != schemas.KindDevice || use.Columns[schemas.FieldAsset.String()] == "" {
			continue
		}
		a.e.readAgain(use, func(row *schemas.Row) {
			asset := strings.TrimSpace(row.Values[schemas.FieldAsset])
			if row.LeftOut || row.Hidden || asset == "" || len(row.Problems) > 0 {
				return
			}
			id := listed.DeviceNamed(row.Values[schemas.FieldHostname], row.Values[schemas.FieldID])
			if old, known := assets[id]; known && !strings.EqualFold(old, asset) {
				several[id] = true
			}
			assets[id] = strings.Clone(asset)
		})
	}
	delete(assets, "")
	for id := range several {
		delete(assets, id)
	}
	return assets
}

// readAgain goes through the rows of a source as a plan read it, where that can still be done.
func (e *Env) readAgain(use *schemas.SourceUse, take func(*schemas.Row)) {
	config := sourceAgain(e.Config, use)
	if sum, err := sinks.HashFile(config.Path); err != nil || sum != use.SHA256 {
		return
	}
	config, err := e.withPassword(config)
	if err != nil {
		return
	}
	s, err := sources.Open(config, sources.Options{Kind: use.Kind, Shared: use.Path != config.Name})
	if err != nil {
		return
	}
	_ = s.Read(func(row *schemas.Row) error { // what went by before an error is as true as it was
		row.TakeKeyDefaults()
		take(row)
		return nil
	})
}
