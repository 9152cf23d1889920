package jobs

import (
	"context"
	"net/netip"
	"slices"
	"strings"

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
	targets, accounts, err := x.e.inventoryNames(ctx)
	if err != nil {
		return nil, err
	}
	rules.KnowsTarget = func(host string) bool { return targets[plainName(host)] }
	if len(accounts) > 0 {
		rules.KnowsAccount = func(name string) bool { return accounts[plainName(name)] }
	}
	return rules, nil
}

func plainName(text string) string {
	text = strings.ToLower(strings.TrimSpace(text))
	if addr, err := netip.ParseAddr(text); err == nil {
		return addr.Unmap().String()
	}
	return text
}

// inventoryNames are the names and addresses of devices, and the names of accounts, of all sources.
func (e *Env) inventoryNames(ctx context.Context) (targets, accounts map[string]bool, err error) {
	targets, accounts = map[string]bool{}, map[string]bool{}
	opened, err := e.openSources()
	if err != nil {
		return nil, nil, err
	}
	for _, s := range opened {
		err := s.Read(func(row *schemas.Row) error {
			if row.LeftOut {
				return ctx.Err()
			}
			for _, f := range []schemas.Field{schemas.FieldHostname, schemas.FieldIP} {
				if name := row.Values[f]; name != "" {
					targets[plainName(strings.Clone(name))] = true
				}
			}
			if name := row.Values[schemas.FieldUsername]; name != "" {
				accounts[plainName(strings.Clone(name))] = true
			}
			return ctx.Err()
		})
		if err != nil {
			return nil, nil, err
		}
	}
	return targets, accounts, nil
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
