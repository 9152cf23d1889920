package jobs

import (
	"context"
	"slices"
	"strings"

	"pamsync/pipeline"
	"pamsync/pipeline/evidence"
	"pamsync/schemas"
)

// looks says whether findings are looked for: where they are configured, and in what is made for people.
func (x *exporter) looks() bool {
	return x.e.Config.Findings.Configured || x.forPeople()
}

// forPeople says whether a workbook or page is made.
func (x *exporter) forPeople() bool {
	return slices.ContainsFunc(x.outputs.files, func(out output) bool { return out.format == "xlsx" || out.format == "html" })
}

// findingRules are those of the configuration; with none, what no session should be is looked for in a
// workbook or page alone.
func (x *exporter) findingRules(ctx context.Context) (*evidence.Rules, error) {
	config := x.e.Config.Findings
	if !config.Configured {
		config.Unfinished, config.Reversed = true, true
	}
	rules := &evidence.Rules{FindingsConfig: config, Zone: x.window.zone, Now: x.e.Now()}
	if !config.Inventory {
		return rules, nil
	}
	known, err := x.e.inventoryKnown(ctx)
	if err != nil {
		return nil, err
	}
	rules.KnowsTarget = known.HasDevice
	if known.Accounts() {
		rules.KnowsAccount = known.HasAccount
	}
	return rules, nil
}

// inventoryKnown are the devices and accounts of all sources.
func (e *Env) inventoryKnown(ctx context.Context) (*evidence.Known, error) {
	norm := e.Config.Devices.Normalize
	known := evidence.NewKnown(func(host string) string { return pipeline.HostName(&norm, host) })
	opened, err := e.openSources()
	if err != nil {
		return nil, err
	}
	for _, s := range opened {
		err := s.Read(func(row *schemas.Row) error {
			if row.LeftOut {
				return ctx.Err()
			}
			row.TakeKeyDefaults()
			v := &row.Values
			text := func(f schemas.Field) string { return strings.Clone(v[f]) }
			switch {
			case row.Kind == schemas.KindInfo:
			case row.Kind.Account() && v[schemas.FieldUsername] != "":
				known.Account(text(schemas.FieldUsername), text(schemas.FieldDomain), text(schemas.FieldHostname), text(schemas.FieldIP))
				for host := range strings.SplitSeq(text(schemas.FieldDevices), ",") { // that a key is installed on too
					if strings.TrimSpace(host) != "" {
						known.Account(text(schemas.FieldUsername), "", host, "")
					}
				}
			default:
				known.Device(text(schemas.FieldHostname), text(schemas.FieldIP))
			}
			return ctx.Err()
		})
		if err != nil {
			return nil, err
		}
	}
	return known, nil
}

// look tells the findings of a session, as it is shown.
func (x *exporter) look(r, shown *schemas.SessionRecord) error {
	return x.rules.Judge(r, x.window.times, func(f schemas.SessionFinding) error {
		x.ledger.Finding(f.Rule)
		if x.pseudonyms != nil {
			x.pseudonyms.Finding(&f, shown)
		}
		return x.out.Finding(&f)
	})
}

// mostBoundary is how many sessions at the border of a period are kept for a workbook or page.
const mostBoundary = 10_000

// atBoundary notes a session that is left out of a period which it touches.
func (x *exporter) atBoundary(s *schemas.Session) {
	if !x.forPeople() || !x.window.touches(s) {
		return
	}
	if len(x.boundary) == mostBoundary {
		x.boundaryMore++
		return
	}
	x.boundary = append(x.boundary, x.shown(x.window.derive(s)).Clone())
}
