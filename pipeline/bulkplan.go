package pipeline

import (
	"slices"

	"pamsync/schemas"
)

// Ask is one row of a bulk verb's file: what it says in each column, by the column's own name, and where
// that stands.
type Ask struct {
	Ref    schemas.RowRef
	Said   map[string]string
	Places map[string]schemas.Place
	// Session is the session_id that the row names, which stands nowhere else.
	Session  schemas.Secret
	Problems []schemas.Problem
	LeftOut  bool // a row that a workbook does not show
}

// bulkPlan is the plan of a bulk verb on its way.
type bulkPlan struct {
	plan   schemas.Plan
	kind   schemas.Kind
	action schemas.Action
	at     map[string]int // changes by what they are told apart by
}

func newBulkPlan(kind schemas.Kind, action schemas.Action) *bulkPlan {
	return &bulkPlan{kind: kind, action: action, at: map[string]int{}}
}

// unread settles a row that cannot be read, or that nobody sees; false for any other.
func (b *bulkPlan) unread(a *Ask, key string) bool {
	b.plan.Summary.Rows.In++
	switch {
	case a.LeftOut:
		b.plan.Summary.Rows.LeftOut++
		return true
	case len(a.Problems) > 0:
		b.plan.Summary.Rows.Rejected++
		b.plan.Rejects = append(b.plan.Rejects, schemas.Reject{Kind: b.kind, Key: key, Row: a.Ref, Problems: a.Problems})
		return true
	}
	return false
}

// reject rejects a row for what it says in a column.
func (b *bulkPlan) reject(a *Ask, key, column, code string, pairs ...string) {
	b.plan.Summary.Rows.Rejected++
	b.plan.Rejects = append(b.plan.Rejects, schemas.Reject{Kind: b.kind, Key: key, Row: a.Ref,
		Problems: []schemas.Problem{{Code: code, Place: a.Places[column], Args: schemas.Pairs(pairs...)}}})
}

// hold holds a row, or where a is nil what no row asks for.
func (b *bulkPlan) hold(a *Ask, h schemas.Hold) {
	h.Kind = b.kind
	if a != nil {
		b.plan.Summary.Rows.Held++
		h.Rows = []schemas.RowRef{a.Ref}
	}
	b.plan.Holds = append(b.plan.Holds, h)
}

func (b *bulkPlan) leave(a *Ask, l schemas.Left) {
	l.Kind = b.kind
	if a != nil {
		b.plan.Summary.Rows.LeftOut++
		l.Rows = []schemas.RowRef{a.Ref}
	}
	b.plan.Left = append(b.plan.Left, l)
}

// change asks for a deed; rows that ask for one and the same are one change. same tells them from others,
// a is nil where no row asks.
func (b *bulkPlan) change(a *Ask, same string, c schemas.Change) {
	c.Kind, c.Action = b.kind, b.action
	if a != nil {
		b.plan.Summary.Rows.Changed++
		c.Rows = []schemas.RowRef{a.Ref}
	}
	i, again := b.at[same]
	if !again {
		b.at[same] = len(b.plan.Changes)
		b.plan.Changes = append(b.plan.Changes, c)
		return
	}
	before := &b.plan.Changes[i]
	before.Rows = append(before.Rows, c.Rows...)
	if c.Reason.Value != before.Reason.Value {
		before.Reason.Value += "; " + c.Reason.Value
	}
	if a != nil && len(before.Rows) > 1 {
		b.plan.Warnings = append(b.plan.Warnings, schemas.Problem{Code: "asked_twice", Place: a.Places[""], Args: schemas.Pairs("key", before.Key)})
	}
}

// done closes the plan; listed are the records of the kind that the vault lists.
func (b *bulkPlan) done(listed int) *schemas.Plan {
	k := schemas.KindCounts{Kind: b.kind, Listed: listed, Hold: len(b.plan.Holds), Reject: len(b.plan.Rejects), Left: len(b.plan.Left)}
	switch n := len(b.plan.Changes); b.action {
	case schemas.ActionOpen:
		k.Open = n
	case schemas.ActionDrop:
		k.Drop = n
	case schemas.ActionRelease:
		k.Release = n
	}
	b.plan.Summary.Kinds = []schemas.KindCounts{k}
	b.plan.Start.Bulk = b.action
	for i := range b.plan.Changes {
		b.plan.Changes[i].Identify()
	}
	return &b.plan
}

// agreed says whether a row says nothing in a column, or one of some texts, without case.
func agreed(a *Ask, column string, texts ...string) bool {
	said := fold(a.Said[column])
	return said == "" || slices.ContainsFunc(texts, func(text string) bool { return fold(text) == said })
}
