package jobs

import (
	"context"
	"slices"
	"strings"

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/schemas/filter"
	"pamsync/sinks"
)

// SessionsDrop ends the sessions that a file names, or that match.
func SessionsDrop(ctx context.Context, e *Env, o BulkOptions) (Outcome, error) {
	match, fields, err := e.sessionMatch(o)
	if err != nil {
		return Outcome{}, err
	}
	if !o.DryRun {
		if err := e.canAsk(); err != nil {
			return Outcome{}, err
		}
	}
	d := &pipeline.Drops{ByFile: o.File != "", Reason: strings.TrimSpace(o.Reason), Match: match, Limit: e.Config.Limits.Drop}
	var use *schemas.SourceUse
	var warnings []schemas.Problem
	if d.ByFile {
		if d.Asks, use, warnings, err = e.readAsks(ctx, o.File, schemas.ActionDrop); err != nil {
			return Outcome{}, err
		}
	}
	client, err := e.Connect()
	if err != nil {
		return Outcome{}, err
	}
	d.Prepare()
	listing, err := client.Reader().Sessions(ctx, func(s *schemas.Session) error { d.Take(s); return nil })
	if err != nil {
		return Outcome{}, err
	}
	if err := e.whole("sessions", listing); err != nil {
		return Outcome{}, err
	}
	if err := canMatch(fields, listing); err != nil {
		return Outcome{}, err
	}
	e.noticeKeys(listing)
	e.Note("reading_sessions", "n", sinks.Number(e.Lang, listing.Read), "open", sinks.Number(e.Lang, d.Open()))
	plan := d.Plan()
	plan.Warnings = append(warnings, plan.Warnings...)
	b := e.bulk(client, plan, use)
	b.drops()
	if o.DryRun {
		return b.dry()
	}
	return b.start(ctx)
}

// canMatch refuses a list of which no session has a field that --match names: the vault may have given it
// another name, and none of its sessions can be judged.
func canMatch(fields []string, l schemas.Listing) error {
	for _, name := range fields {
		key := name
		if name == "host" || name == "port" {
			key = "device"
		}
		if slices.Contains(lacking(l), key) {
			return schemas.NewFault(schemas.ClassInput, "match_lacks", "column", name, "keys", strings.Join(l.Strange, ", "))
		}
	}
	return nil
}

// sessionMatch is the filter of the sessions, nil for all, and the fields that it looks at. A session_id is
// none of them: what stands on a command line, everybody on the machine may read.
func (e *Env) sessionMatch(o BulkOptions) (match func(*schemas.Session) bool, fields []string, err error) {
	if o.File == "" && len(o.Match) == 0 {
		return nil, nil, schemas.NewFault(schemas.ClassUsage, "drop_needs")
	}
	if o.File == "" && strings.TrimSpace(o.Reason) == "" {
		return nil, nil, schemas.NewFault(schemas.ClassUsage, "drop_needs_reason")
	}
	if len(o.Match) == 0 {
		return nil, nil, nil
	}
	known := listNames("sessions")
	delete(known, "session_id")
	var filters []*filter.Filter
	for _, text := range o.Match {
		f, err := filter.ParseShort(text)
		if err != nil {
			return nil, nil, schemas.NewFault(schemas.ClassUsage, "bad_filter", append(filter.Reason(err), "key", "--match")...)
		}
		for _, name := range f.Fields() {
			if !known[name] {
				return nil, nil, schemas.NewFault(schemas.ClassUsage, "match_field", "column", name, "has", strings.Join(keysOf(known), ", "))
			}
		}
		filters, fields = append(filters, f), append(fields, f.Fields()...)
	}
	return func(s *schemas.Session) bool {
		return !slices.ContainsFunc(filters, func(f *filter.Filter) bool { return !f.Match(func(name string) string { return sessionName(s, name) }) })
	}, fields, nil
}

// drops is how sessions are ended. Their session_ids are read from the list each time, and kept nowhere.
func (b *bulk) drops() {
	ids := map[string]schemas.Secret{}
	b.look = func(ctx context.Context) (pipeline.Sight, error) {
		wanted, ends := map[string]bool{}, map[string]pipeline.End{}
		for i := range b.plan.Changes {
			wanted[b.plan.Changes[i].VaultID] = true
		}
		seen := map[string]string{}
		listing, err := b.client.Reader().Sessions(ctx, func(s *schemas.Session) error {
			if wanted[s.ID] {
				id := strings.Clone(s.ID)
				seen[id], ends[id] = pipeline.SessionKey(s), pipeline.EndOf(s)
				ids[id] = schemas.NewSecret(strings.Clone(s.SessionID))
			}
			return nil
		})
		if err == nil {
			err = b.e.whole("sessions", listing)
		}
		return func(c *schemas.Change) pipeline.Stand {
			key, listed := seen[c.VaultID]
			switch {
			case !listed || key != c.Key:
				return pipeline.StandGone
			case ends[c.VaultID] == pipeline.EndNone:
				return pipeline.StandReady
			case ends[c.VaultID] == pipeline.EndUnread:
				return pipeline.StandUnclear
			}
			return pipeline.StandOver
		}, err
	}
	b.do = func(ctx context.Context, c *schemas.Change) schemas.Answer {
		return b.client.Writer().Do(ctx, schemas.Call{Verb: schemas.VerbDrop, Kind: schemas.KindSession, ID: ids[c.VaultID].Reveal()})
	}
}
