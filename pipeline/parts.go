package pipeline

import (
	"runtime"
	"slices"
	"sync"

	"pamsync/schemas"
)

// alone is how many cases are few enough to be decided one after the other.
const alone = 512

// inOrder calls decide for n cases, on all processors at once, and brings together what was decided
// as if it had been done one after the other. decide is given a planner of its own to note that
// in; beside it, and the case, it only reads.
func (p *planner) inOrder(n int, decide func(q *planner, i int)) {
	share := max(n/runtime.GOMAXPROCS(0)+1, alone)
	room := p.room(n)
	var parts []*planner
	var all sync.WaitGroup
	for begin := 0; begin < n; begin += share {
		end := min(begin+share, n)
		q := p.part(room[begin:begin:end])
		parts = append(parts, q)
		all.Go(func() {
			for i := begin; i < end; i++ {
				decide(q, i)
			}
		})
	}
	all.Wait()
	if slices.ContainsFunc(parts, func(q *planner) bool { return len(q.plan.Changes) > share }) {
		for _, q := range parts { // one has more than its room, and would be written over the next
			q.plan.Changes = slices.Clone(q.plan.Changes)
		}
	}
	for _, q := range parts {
		p.join(q)
	}
}

// room is what lies behind the plan's changes, for n more of them: most cases are one. New room is
// written to at once: the collector would read it before we write, and memory that is read first
// is mapped twice.
func (p *planner) room(n int) []schemas.Change {
	if used := len(p.plan.Changes); used+n > cap(p.plan.Changes) {
		p.plan.Changes = large(slices.Grow(p.plan.Changes, n))
		room := p.plan.Changes[used:cap(p.plan.Changes)]
		for i := range room {
			room[i].Secret = false
		}
	}
	return p.plan.Changes[len(p.plan.Changes) : len(p.plan.Changes)+n]
}

// part is a planner that knows what p knows, and has noted nothing yet.
func (p *planner) part(changes []schemas.Change) *planner {
	q := *p
	q.plan, q.rows, q.wouldGo = &schemas.Plan{Changes: changes}, map[schemas.Kind]*schemas.RowCounts{}, map[schemas.Kind]int{}
	q.renamings = nil
	for kind := range p.rows {
		q.rows[kind] = &schemas.RowCounts{}
	}
	return &q
}

// join takes over what a part has noted.
func (p *planner) join(q *planner) {
	p.plan.Changes = append(p.plan.Changes, q.plan.Changes...)
	p.plan.Holds = append(p.plan.Holds, q.plan.Holds...)
	p.plan.Rejects = append(p.plan.Rejects, q.plan.Rejects...)
	p.plan.Left = append(p.plan.Left, q.plan.Left...)
	p.plan.Warnings = append(p.plan.Warnings, q.plan.Warnings...)
	p.renamings = append(p.renamings, q.renamings...)
	for kind, rows := range q.rows {
		*p.rows[kind] = p.rows[kind].Add(*rows)
	}
	for kind, n := range q.wouldGo {
		p.wouldGo[kind] += n
	}
}
