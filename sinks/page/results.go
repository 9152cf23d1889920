package page

import (
	"slices"

	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
)

// resultRows gives the results in the order of a reader's worry: failed and unknown first, then
// what is done but reads back otherwise, what waits, what was skipped, and what is simply done.
func resultRows(p *schemas.Plan, results []schemas.Result) func(r *row, i int) {
	var byRank [ranks][]int32
	for i := range results {
		rank := rankOf(&results[i])
		byRank[rank] = append(byRank[rank], int32(i))
	}
	order, j := slices.Concat(byRank[:]...), newJoin(p, results)
	return func(r *row, i int) { j.fill(r, int(order[i])) }
}

const ranks = 7

func rankOf(r *schemas.Result) int {
	switch r.Status {
	case schemas.StatusFailed:
		return 0
	case schemas.StatusUnknown:
		return 1
	case schemas.StatusHeld:
		return 3
	case schemas.StatusRejected:
		return 4
	case schemas.StatusSkipped:
		return 5
	case schemas.StatusDone:
		if r.Code != "" {
			return 2
		}
	}
	return 6
}

// join finds what the plan holds about a result.
type join struct {
	plan    *schemas.Plan
	results []schemas.Result
	changes map[string]*schemas.Change
	holds   map[int]*schemas.Hold // by the result's place
	rejects map[int]*schemas.Reject
}

// newJoin takes the holds and the rejects in their order, as results list them; one that is not
// the plan's is shown as the result tells it.
func newJoin(p *schemas.Plan, results []schemas.Result) *join {
	j := &join{plan: p, results: results, changes: make(map[string]*schemas.Change, len(p.Changes)), holds: map[int]*schemas.Hold{}, rejects: map[int]*schemas.Reject{}}
	for i := range p.Changes {
		j.changes[p.Changes[i].ID] = &p.Changes[i]
	}
	held, rejected := 0, 0
	for i := range results {
		switch r := &results[i]; r.Status {
		case schemas.StatusHeld:
			if held < len(p.Holds) && p.Holds[held].Key == r.Key && p.Holds[held].Code == r.Code {
				j.holds[i] = &p.Holds[held]
			}
			held++
		case schemas.StatusRejected:
			if rejected < len(p.Rejects) && p.Rejects[rejected].Key == r.Key {
				j.rejects[i] = &p.Rejects[rejected]
			}
			rejected++
		}
	}
	return j
}

func (j *join) fill(r *row, i int) {
	res := &j.results[i]
	switch {
	case j.holds[i] != nil:
		r.hold(j.plan, j.holds[i])
	case j.rejects[i] != nil:
		r.reject(j.plan, j.rejects[i])
	default:
		if c := j.changes[res.Change]; c != nil && res.Change != "" {
			r.change(j.plan, c)
		} else {
			r.sign, r.kind, r.key = sinks.Symbol(res.Action), letter(res.Kind), words.Plain(res.Key)
			if res.Row != "" {
				r.cell = words.Plain(res.Source + ":" + res.Row)
			}
		}
		if res.Code != "" {
			r.notes = append(r.notes, placed{note: said(res)})
		}
	}
	r.status, r.attempts = words.Plain(string(res.Status)), res.Attempts
	if res.VaultID != "" {
		r.id = words.Plain(res.VaultID)
	}
}

// said tells a result's outcome in both languages.
func said(r *schemas.Result) note {
	return note{Code: words.Plain(r.Code),
		Say:  both{sinks.Outcome(words.English, r), sinks.Outcome(words.Portuguese, r)},
		Hint: both{sinks.Remedy(words.English, r), sinks.Remedy(words.Portuguese, r)}}
}

// statuses in the order of the page's buttons.
func statuses() []schemas.Status {
	return []schemas.Status{schemas.StatusDone, schemas.StatusFailed, schemas.StatusSkipped, schemas.StatusUnknown, schemas.StatusHeld, schemas.StatusRejected}
}

func countStatuses(results []schemas.Result) map[string]int {
	n := map[string]int{}
	for _, s := range statuses() {
		n[string(s)] = 0
	}
	for i := range results {
		if slices.Contains(statuses(), results[i].Status) {
			n[string(results[i].Status)]++
		}
	}
	return n
}
