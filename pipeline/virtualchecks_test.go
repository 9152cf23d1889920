package pipeline_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"pamsync/pipeline"
	"pamsync/schemas"
)

// check holds what an ordeal came to against what it may come to.
func (o *ordeal) check() error {
	past := &pipeline.Past{}
	finals := map[string]int{}
	for _, rec := range o.records {
		past.Take(rec)
		if rec.Outcome != nil && rec.Outcome.Final {
			finals[rec.Outcome.Change]++
		}
	}
	results := pipeline.Replay(o.plan, past)
	errs := []error{o.checkTraffic(results)}
	now, claimed := holdings(o.sim), map[string]bool{}
	ended := map[string]schemas.Status{}
	for i := range results {
		if results[i].Change != "" {
			ended[results[i].Change] = results[i].Status
		}
	}
	gone := map[string]bool{}
	for i := range o.plan.Changes {
		c := &o.plan.Changes[i]
		if finals[c.ID] != 1 {
			errs = append(errs, fmt.Errorf("%s %s ended %d times", c.Action, recordOf(c), finals[c.ID]))
		}
		claimed[recordOf(c)] = true
		if c.Kind == schemas.KindDevice && c.Action == schemas.ActionInactivate && ended[c.ID] == schemas.StatusDone {
			gone["@"+strings.ToLower(c.Key)] = true
		}
	}
	for i := range results {
		if r := &results[i]; r.Change != "" {
			errs = append(errs, o.checkResult(r, &o.plan.Changes[i], ended, now))
		}
	}
	for key, was := range o.before {
		want := was
		if _, host, ok := strings.Cut(key, "@"); ok && gone["@"+host] {
			want = strings.Replace(was, "active ", "inactive ", 1)
			if strings.HasPrefix(was, "inactive") {
				want = was
			}
		}
		if !claimed[key] && now[key] != want {
			errs = append(errs, fmt.Errorf("%s was not planned, and is %q, not %q", key, now[key], want))
		}
	}
	for key, is := range now {
		if _, known := o.before[key]; !known && !claimed[key] {
			errs = append(errs, fmt.Errorf("%s was not planned, and is there as %q", key, is))
		}
	}
	errs = append(errs, o.checkMemory(results))
	return errors.Join(errs...)
}

// checkResult holds one change's status against the vault: what is done is there exactly once, and
// nothing of what is not. The list could be read to the end and no request took as long as the
// settle time, so nothing is unknown.
func (o *ordeal) checkResult(r *schemas.Result, c *schemas.Change, ended map[string]schemas.Status, now map[string]string) error {
	key := recordOf(c)
	is, was := now[key], o.before[key]
	wrong := func(why string) error {
		return fmt.Errorf("%s %s is %s (%s): %s; it was %q and is %q, wanted %q", c.Action, key, r.Status, r.Code, why, was, is, o.rows[key])
	}
	switch r.Status {
	case schemas.StatusDone:
		want := o.rows[key]
		if c.Action == schemas.ActionInactivate {
			want = "in" + was
		}
		if is != want {
			return wrong("the vault has it otherwise")
		}
		if r.Code != "" && r.Code != "settled" {
			return wrong("the read-back differs")
		}
		return nil
	case schemas.StatusFailed:
		if !o.net.lost(key) {
			return wrong("no request for it was lost")
		}
	case schemas.StatusSkipped:
		if r.Code != "device_missing" || o.deviceDone(c, ended) {
			return wrong("nothing stood in its way")
		}
	default:
		if !untold(c) {
			return wrong("it could be told")
		}
		if err := o.checkUntold(c, is, was, o.net.doubted(key) || o.processes > 1); err != nil {
			return wrong(err.Error())
		}
		return nil
	}
	awake := c.Action == schemas.ActionReactivate && is == strings.TrimPrefix(was, "in") // its first call came about
	if is != was && !awake {
		return wrong("it came about")
	}
	return nil
}

func (o *ordeal) deviceDone(c *schemas.Change, ended map[string]schemas.Status) bool {
	for i := range o.plan.Changes {
		d := &o.plan.Changes[i]
		if d.Kind == schemas.KindDevice && strings.EqualFold(d.Key, c.Device) {
			return ended[d.ID] == schemas.StatusDone
		}
	}
	return true
}

// checkTraffic holds how often a write came about, and how many requests all of it took:
//   - of each call of a change, one that the vault carried out or one that nobody can tell of: it is
//     never sent again where it may have been processed;
//   - of each answer that is not the request's own (lost, refused by the gateway, too busy), one
//     more request at the most;
//   - of each process, a token at its start and whenever one is at its end, and the lists at the
//     start and behind the parts of a stage.
//
// So an outage costs what it spoils, and never a multiple of it.
func (o *ordeal) checkTraffic(results []schemas.Result) error {
	var errs []error
	for label, n := range o.net.applied {
		if n > 1 {
			errs = append(errs, fmt.Errorf("%s came about %d times", label, n))
		}
	}
	calls, writes, bad, lists, tokens := 0, 0, 0, 0, 0
	for i := range o.plan.Changes {
		calls++
		if c := &o.plan.Changes[i]; c.Action == schemas.ActionReactivate && !c.Send.Empty() {
			calls++
		}
	}
	for _, r := range o.sim.Log() {
		f := o.net.fates[r.N]
		own := r.Status/100 == 2 && f.fault == 0 && f.takes < o.net.patience
		switch {
		case !own:
			bad++
		case strings.HasSuffix(r.Path, "/token"):
			tokens++
		case r.Method == http.MethodGet:
			lists++
		default:
			writes++
		}
	}
	if writes > calls {
		errs = append(errs, fmt.Errorf("%d writes were carried out, for %d calls", writes, calls))
	}
	snapshots := o.processes * (2 + 5*(len(o.brakes.Stages)+1))
	if lists > 2*snapshots {
		errs = append(errs, fmt.Errorf("%d lists, for %d processes", lists, o.processes))
	}
	lives := o.processes + int(time.Since(o.began)/(o.ttl*8/10))
	if tokens > lives+bad {
		errs = append(errs, fmt.Errorf("%d tokens in %v, for lives of %v and %d refusals", tokens, time.Since(o.began), o.ttl, bad))
	}
	return errors.Join(errs...)
}

// tooFast holds the pace: any window of t seconds has at most burst + rps·t requests of a process.
func (o *ordeal) tooFast() error {
	starts := o.net.takeStarts()
	for i := range starts {
		for j := i; j < len(starts); j++ {
			window := starts[j].Sub(starts[i]).Seconds()
			if n := float64(j - i + 1); n > float64(o.config.Burst)+o.config.RPS*window+1e-6 {
				return fmt.Errorf("%v requests in %v s at %v/s with burst %d", n, window, o.config.RPS, o.config.Burst)
			}
		}
	}
	return nil
}
