package pipeline

import (
	"slices"
	"strconv"
	"strings"

	"pamsync/schemas"
)

// Wanted is an input row that names a record whose secret is to be read.
type Wanted struct {
	Row        schemas.RowRef
	ID         string // the vault's
	Identifier string
	Hostname   string
	Username   string
	LeftOut    bool // by `where`, or hidden
	Problems   []schemas.Problem
}

// key is how a person calls what the row names.
func (w *Wanted) key() string {
	switch {
	case w.Hostname != "" && w.Username != "":
		return CredentialKey(w.Username, w.Hostname)
	case w.Identifier != "":
		return w.Identifier
	case w.ID != "":
		return w.ID
	}
	return w.Hostname + w.Username // one of them
}

// Choice is what is to be read, and of what.
type Choice struct {
	Kind schemas.Kind
	// Rows name records; without any rows all that are listed and fit are chosen.
	Rows   []Wanted
	ByRows bool
	// Listed are the credentials of the vault's list, nil for protected information, of which there is none.
	Listed []schemas.Credential
	// Fits says whether a listed record passes the filter.
	Fits func(c *schemas.Credential) bool
}

// PlanReading says of every row which record it names, and plans to read each record once.
func PlanReading(ch Choice) *schemas.Plan {
	p := &readingPlan{Choice: ch, plan: &schemas.Plan{}, at: map[string]int{}}
	p.index()
	switch {
	case ch.ByRows:
		for i := range ch.Rows {
			p.row(&ch.Rows[i])
		}
	default:
		for i := range ch.Listed {
			if c := &ch.Listed[i]; p.ofKind(c) && ch.Fits(c) {
				p.take(c, nil)
			}
		}
	}
	p.finish()
	return p.plan
}

type readingPlan struct {
	Choice
	plan         *schemas.Plan
	at           map[string]int // changes by what they read
	byID         map[string][]int
	byIdentifier map[string][]int
	byKey        map[string][]int
	rows         schemas.RowCounts
}

func (p *readingPlan) index() {
	p.byID, p.byIdentifier, p.byKey = map[string][]int{}, map[string][]int{}, map[string][]int{}
	for i := range p.Listed {
		c := &p.Listed[i]
		p.byID[c.ID] = append(p.byID[c.ID], i)
		if c.Identifier != "" {
			p.byIdentifier[fold(c.Identifier)] = append(p.byIdentifier[fold(c.Identifier)], i)
		}
		key := fold(CredentialKey(c.Username, c.Hostname))
		p.byKey[key] = append(p.byKey[key], i)
	}
}

// kindOf is what a listed record is.
func kindOf(c *schemas.Credential) schemas.Kind {
	if IsKeyType(c.Type) {
		return schemas.KindKey
	}
	return schemas.KindCredential
}

func (p *readingPlan) ofKind(c *schemas.Credential) bool { return kindOf(c) == p.Kind }

func (p *readingPlan) row(w *Wanted) {
	p.rows.In++
	if w.LeftOut {
		p.rows.LeftOut++
		return
	}
	if problems := p.flaws(w); len(problems) > 0 {
		p.rows.Rejected++
		p.plan.Rejects = append(p.plan.Rejects, schemas.Reject{Kind: p.Kind, Key: w.key(), Row: w.Row, Problems: problems})
		return
	}
	if p.Kind == schemas.KindInfo {
		p.info(w)
		return
	}
	found, hold := p.find(w)
	if hold.Code != "" {
		p.rows.Held++
		hold.Kind, hold.Key, hold.Rows = p.Kind, w.key(), []schemas.RowRef{w.Row}
		p.plan.Holds = append(p.plan.Holds, hold)
		return
	}
	if !p.Fits(found) {
		p.rows.LeftOut++
		p.plan.Left = append(p.plan.Left, schemas.Left{Kind: p.Kind, Key: CredentialKey(found.Username, found.Hostname), VaultID: found.ID,
			Code: "not_matched", Rows: []schemas.RowRef{w.Row}})
		return
	}
	p.rows.Changed++
	p.take(found, &w.Row)
}

// flaws are why no record can be found by a row.
func (p *readingPlan) flaws(w *Wanted) []schemas.Problem {
	if len(w.Problems) > 0 {
		return w.Problems
	}
	named := w.ID != "" || w.Identifier != "" || w.Hostname != "" && w.Username != "" && p.Kind != schemas.KindInfo
	switch {
	case !named && p.Kind == schemas.KindInfo:
		return []schemas.Problem{{Code: "reading_info_unnamed"}}
	case !named:
		return []schemas.Problem{{Code: "reading_unnamed"}}
	case w.ID != "" && strings.Trim(w.ID, "0123456789") != "":
		return []schemas.Problem{{Code: "reading_bad_id", Args: schemas.Pairs("value", w.ID)}}
	case p.Kind == schemas.KindInfo && w.ID == "" && !schemas.Ref{Identifier: w.Identifier}.Names(p.Kind):
		return []schemas.Problem{{Code: "reading_bad_identifier", Args: schemas.Pairs("value", w.Identifier)}}
	}
	return nil
}

// find finds the one listed record that everything in a row names.
func (p *readingPlan) find(w *Wanted) (*schemas.Credential, schemas.Hold) {
	var found []int
	first := true
	for _, by := range []struct {
		given bool
		hits  []int
	}{{w.ID != "", p.byID[w.ID]}, {w.Identifier != "", p.byIdentifier[fold(w.Identifier)]},
		{w.Hostname != "" && w.Username != "", p.byKey[fold(CredentialKey(w.Username, w.Hostname))]}} {
		if !by.given {
			continue
		}
		hits := slices.Clone(by.hits)
		if w.ID == "" { // an id is one record's, whatever its kind
			hits = slices.DeleteFunc(hits, func(i int) bool { return !p.ofKind(&p.Listed[i]) && w.Identifier == "" })
		}
		if first {
			found, first = hits, false
			continue
		}
		both := slices.DeleteFunc(slices.Clone(found), func(i int) bool { return !slices.Contains(hits, i) })
		if len(both) == 0 && (len(found) > 0 || len(hits) > 0) {
			return nil, schemas.Hold{Code: "reading_disagrees", Candidates: p.items(append(found, hits...))}
		}
		found = both
	}
	switch {
	case len(found) == 0:
		return nil, schemas.Hold{Code: "reading_not_listed"}
	case len(found) > 1:
		return nil, schemas.Hold{Code: "reading_ambiguous", Args: schemas.Pairs("n", strconv.Itoa(len(found))), Candidates: p.items(found)}
	case !p.ofKind(&p.Listed[found[0]]):
		return nil, schemas.Hold{Code: "reading_other_kind", VaultID: p.Listed[found[0]].ID, Args: schemas.Pairs("kind", string(kindOf(&p.Listed[found[0]])))}
	}
	return &p.Listed[found[0]], schemas.Hold{}
}

func (p *readingPlan) items(at []int) []schemas.Item {
	var items []schemas.Item
	for _, i := range at {
		c := &p.Listed[i]
		items = append(items, schemas.Item{Kind: kindOf(c), ID: c.ID, Key: CredentialKey(c.Username, c.Hostname), Type: c.Type, Identifier: c.Identifier})
	}
	return items
}

// take plans to read a listed record, once.
func (p *readingPlan) take(c *schemas.Credential, row *schemas.RowRef) {
	change := schemas.Change{Kind: p.Kind, Action: schemas.ActionRead, Key: CredentialKey(c.Username, c.Hostname), VaultID: c.ID, Device: c.Hostname,
		Reason: schemas.Reason{Rule: schemas.RuleAsked}}
	p.add(c.ID, change, row)
}

// info plans to read protected information by what the row calls it: there is no list to compare with.
func (p *readingPlan) info(w *Wanted) {
	p.rows.Changed++
	key := w.Identifier
	if key == "" {
		key = w.ID
	}
	name := "id:" + w.ID
	if w.ID == "" {
		name = "identifier:" + fold(w.Identifier)
	}
	p.add(name, schemas.Change{Kind: p.Kind, Action: schemas.ActionRead, Key: key, VaultID: w.ID, Reason: schemas.Reason{Rule: schemas.RuleAsked}}, &w.Row)
}

func (p *readingPlan) add(name string, change schemas.Change, row *schemas.RowRef) {
	i, known := p.at[name]
	if !known {
		i = len(p.plan.Changes)
		p.at[name] = i
		change.Identify()
		p.plan.Changes = append(p.plan.Changes, change)
	}
	if row != nil {
		p.plan.Changes[i].Rows = append(p.plan.Changes[i].Rows, *row)
	}
}

func (p *readingPlan) finish() {
	slices.SortStableFunc(p.plan.Changes, func(a, b schemas.Change) int {
		if by := strings.Compare(fold(a.Device), fold(b.Device)); by != 0 {
			return by
		}
		return strings.Compare(fold(a.Key), fold(b.Key))
	})
	listed := 0
	for i := range p.Listed {
		if p.ofKind(&p.Listed[i]) {
			listed++
		}
	}
	p.plan.Summary = schemas.Summary{Rows: p.rows, Kinds: []schemas.KindCounts{{Kind: p.Kind, Listed: listed, Read: len(p.plan.Changes),
		Hold: len(p.plan.Holds), Reject: len(p.plan.Rejects), Left: len(p.plan.Left)}}}
}
