package jobs

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/sinks"
)

// found makes the answer of a rehearsal. measured tells where the latency comes from.
func (r *rehearsal) found(results []schemas.Result, stop *schemas.Fault, measured bool) *schemas.Rehearsal {
	f := &schemas.Rehearsal{Total: pipeline.Tally(r.plan.Start.Run, r.plan, results), Requests: r.requests.n, Ends: ends(r.plan, results)}
	f.Pace = schemas.RehearsalPace{RPS: r.pace.rps, Burst: r.pace.burst, Workers: r.pace.workers, Latency: seconds(r.pace.latency), Measured: measured, Lists: []schemas.ListTime{}}
	for _, list := range []string{"devices", "credentials", "sessions"} {
		if l, ok := r.twin.listings[list]; ok {
			f.Pace.Lists = append(f.Pace.Lists, schemas.ListTime{List: list, Records: l.Read, Seconds: seconds(r.twin.times[list])})
		}
	}
	var takes time.Duration
	if r.trace != nil {
		takes = r.trace.time(r.pace)
		f.Pace.Waits = seconds(r.trace.waits())
	}
	f.Seconds = seconds(takes)
	if most := r.e.Config.Apply.MaxDuration; stop == nil && most > 0 && takes > most {
		stop = schemas.NewFault(schemas.ClassStopped, "rehearse_too_long", "time", sinks.Span(r.e.Lang, takes), "most", sinks.Span(r.e.Lang, most))
		r.e.Warn(stop.Problem)
	}
	f.Exit = exitOfRun(results, f.Total, stop, 0)
	if stop != nil {
		f.Stop = &stop.Problem
	}
	f.NotRehearsed = r.notRehearsed()
	return f
}

// seconds is a time to the tenth of a millisecond, as JSON shows it.
func seconds(d time.Duration) float64 {
	return float64(d.Round(100*time.Microsecond).Microseconds()) / 1e6
}

// ends groups the changes that have something to be said of them, the worst first.
func ends(plan *schemas.Plan, results []schemas.Result) []schemas.RehearsalEnd {
	grouped := []schemas.RehearsalEnd{}
	at := map[string]int{}
	for i := range plan.Changes {
		res := &results[i]
		if res.Code == "" {
			continue
		}
		group := string(res.Status) + " " + res.Code
		n, ok := at[group]
		if !ok {
			n = len(grouped)
			at[group] = n
			end := schemas.RehearsalEnd{Status: res.Status, Code: res.Code, First: res.Key, Kind: res.Kind, Message: res.Message, Problems: res.Problems}
			if rows := plan.Changes[i].Rows; len(rows) > 0 {
				end.Place = schemas.PlaceOf(plan.Start.Sources, res.Kind, rows[0])
			}
			grouped = append(grouped, end)
		}
		grouped[n].N++
	}
	order := []schemas.Status{schemas.StatusUnknown, schemas.StatusFailed, schemas.StatusSkipped, schemas.StatusDone}
	slices.SortStableFunc(grouped, func(a, b schemas.RehearsalEnd) int {
		return slices.Index(order, a.Status) - slices.Index(order, b.Status)
	})
	return grouped
}

// notRehearsed is what a simulated vault cannot tell about this plan: only what bears on it.
func (r *rehearsal) notRehearsed() []schemas.Problem {
	var domains []string
	creates := 0
	for i := range r.plan.Changes {
		c := &r.plan.Changes[i]
		if c.Action == schemas.ActionCreate {
			creates++
		}
		for _, field := range []schemas.Field{schemas.FieldDomain, schemas.FieldDeviceDomain} {
			for name := range strings.SplitSeq(c.Send.Get(field), ",") {
				if name = strings.TrimSpace(name); name != "" && !slices.Contains(domains, name) {
					domains = append(domains, name)
				}
			}
		}
	}
	not := []schemas.Problem{}
	leave := func(code string, pairs ...string) {
		not = append(not, schemas.NewFault(schemas.ClassFailed, code, pairs...).Problem)
	}
	if len(r.plan.Changes) == 0 {
		return not
	}
	leave("unrehearsed_rules")
	if creates > 0 {
		leave("unrehearsed_unlisted", "n", strconv.Itoa(creates))
	}
	if len(domains) > 0 {
		slices.Sort(domains)
		leave("unrehearsed_domains", "n", strconv.Itoa(len(domains)), "names", strings.Join(few(domains), ", "))
	}
	if r.plan.Start.Secrets {
		leave("unrehearsed_secrets")
	}
	leave("unrehearsed_network", "settle", schemas.ShortDuration(r.e.Config.Apply.Settle))
	return not
}

// few are the first names of many.
func few(names []string) []string {
	const shown = 5
	if len(names) <= shown {
		return names
	}
	return append(slices.Clone(names[:shown]), "…")
}
