package pipeline

import (
	"cmp"
	"slices"
	"strings"

	"pamsync/schemas"
)

// manyNights is how many good runs a difference is remembered for.
const manyNights = 30

// Waiting is one difference beside what is remembered of it.
type Waiting struct {
	schemas.Difference
	State WaitState
	Night int // in a row, this one included
	// Seen is in how many of the last Of nights it was there, where it comes and goes; else both are 0.
	Seen, Of int
}

// WaitState says what became of a difference since the last good run.
type WaitState string

// The states. A difference that is there flaps where it came back at least twice in the nights that
// are remembered; one that is not there is gone, however often it came.
const (
	WaitNew      WaitState = "new"
	WaitStill    WaitState = "still"
	WaitGone     WaitState = "gone"
	WaitFlapping WaitState = "flapping"
)

// differences are what a plan and its results leave for people.
func differences(plan *schemas.Plan, results []schemas.Result) map[diffKey]schemas.Difference {
	found := map[diffKey]schemas.Difference{}
	add := func(kind schemas.Kind, key, code string) {
		d := schemas.Difference{Kind: kind, Key: key, Code: code}
		found[diffKeyOf(&d)] = d
	}
	for i := range plan.Holds {
		add(plan.Holds[i].Kind, plan.Holds[i].Key, plan.Holds[i].Code)
	}
	for i := range plan.Rejects {
		r := &plan.Rejects[i]
		code := ""
		if len(r.Problems) > 0 {
			code = r.Problems[0].Code
		}
		add(r.Kind, cmp.Or(r.Key, schemas.PlaceOf(plan.Start.Sources, r.Kind, r.Row).String()), code)
	}
	for i := range plan.Left {
		switch l := &plan.Left[i]; l.Code {
		case "missing_reported", "grace", "in_use", "portion":
			add(l.Kind, l.Key, l.Code)
		}
	}
	for _, w := range plan.Warnings {
		switch w.Code {
		case warnUnlisted:
			add(schemas.Kind(w.Args["kind"]), w.Args["key"], findingNotVisible)
		case warnNotInstalled:
			add(schemas.KindKey, w.Args["key"], findingPartial)
		}
	}
	for i := range results {
		r := &results[i]
		if r.Change != "" && (r.Status == schemas.StatusFailed || r.Status == schemas.StatusSkipped && r.Code != "already_done" && r.Code != "already_inactive" ||
			r.Status == schemas.StatusDone && differsBack(r.Code)) {
			add(r.Kind, r.Key, r.Code)
		}
	}
	return found
}

// Digest compares what a plan and its results leave for people with the last good runs. Of a plan
// alone, without results, nobody can say that what it changes is done with: nothing is said of it.
func (g *LastGood) Digest(plan *schemas.Plan, results []schemas.Result) []Waiting {
	now := differences(plan, results)
	var changed map[diffKey]bool
	if len(g.diffs) > 0 {
		changed = changedRecords(plan)
	}
	var out []Waiting
	for k, d := range now {
		w := Waiting{Difference: d, State: WaitNew, Night: 1}
		if old := g.diffs[k]; old != nil {
			w.Nights = old.Nights
			if w.Night = run(old.Nights) + 1; w.Night > 1 {
				w.State, w.Since = WaitStill, old.Since
			}
			if nights := old.Nights + "+"; flaps(nights) {
				w.State = WaitFlapping
				w.Seen, w.Of = nightsSeen(nights)
			}
		}
		out = append(out, w)
	}
	for k, old := range g.diffs {
		if _, still := now[k]; still || run(old.Nights) == 0 || results == nil && changed[k.record()] {
			continue
		}
		w := Waiting{Difference: *old, State: WaitGone, Night: run(old.Nights)}
		if nights := old.Nights + "-"; flaps(nights) && !changed[k.record()] { // what the plan settles need not come back
			w.Seen, w.Of = nightsSeen(nights)
		}
		out = append(out, w)
	}
	order := map[WaitState]int{WaitFlapping: 0, WaitNew: 1, WaitStill: 2, WaitGone: 3}
	slices.SortFunc(out, func(a, b Waiting) int {
		return cmp.Or(cmp.Compare(order[a.State], order[b.State]), cmp.Compare(b.Night, a.Night), cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(fold(a.Key), fold(b.Key)), cmp.Compare(a.Code, b.Code))
	})
	return out
}

// record is what a difference is about, whatever is the matter with it.
func (k diffKey) record() diffKey { return diffKey{kind: k.kind, key: k.key} }

// changedRecords are the records that a plan changes.
func changedRecords(plan *schemas.Plan) map[diffKey]bool {
	changed := make(map[diffKey]bool, len(plan.Changes))
	for i := range plan.Changes {
		d := schemas.Difference{Kind: plan.Changes[i].Kind, Key: plan.Changes[i].Key}
		changed[diffKeyOf(&d)] = true
	}
	return changed
}

// countDifferences adds a night to every difference, and forgets those that are long gone.
func (g *LastGood) countDifferences(plan *schemas.Plan, results []schemas.Result, at string) {
	now := differences(plan, results)
	for k, d := range now {
		old := g.diffs[k]
		if old == nil {
			d.Since, d.Nights = at, "+"
			g.diffs[k] = &d
			continue
		}
		if run(old.Nights) == 0 {
			old.Since = at
		}
		old.Nights = lately(old.Nights + "+")
	}
	for k, old := range g.diffs {
		if _, still := now[k]; still {
			continue
		}
		if old.Nights = lately(old.Nights + "-"); !strings.Contains(old.Nights, "+") {
			delete(g.diffs, k)
		}
	}
}

func lately(nights string) string { return nights[max(len(nights)-manyNights, 0):] }

// run is how many nights in a row a difference was there, up to the last.
func run(nights string) int { return len(nights) - len(strings.TrimRight(nights, "+")) }

// nightsSeen counts the nights of a difference, those in which it was there and all.
func nightsSeen(nights string) (there, all int) { return strings.Count(nights, "+"), len(nights) }

// flaps tells a difference that went away and came back at least twice.
func flaps(nights string) bool { return strings.Count(nights, "-+") >= 2 }
