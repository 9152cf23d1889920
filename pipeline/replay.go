package pipeline

import (
	"slices"
	"strconv"
	"strings"

	"pamsync/schemas"
	"pamsync/schemas/words"
)

// Past is what a journal holds: how far each change has come.
type Past struct {
	Start    schemas.Start
	Listed   schemas.Listed
	Finish   *schemas.Finish
	changes  map[string]pastChange
	findings map[string][]schemas.Finding
	called   bool
	gone     map[string]map[string]bool // by inactivated change: what was listed all the same
	standing map[string][]schemas.Item  // by inactivated device: what was active on it then
	// Nights are the times that the run ended with its budget spent.
	Nights int
}

// NextNight is the code of a change that another night makes.
const NextNight = "next_night"

// Spent says whether the run ended because the changes of one night were made.
func (p *Past) Spent() bool {
	return p.Finish != nil && p.Finish.Stop != nil && p.Finish.Stop.Code == schemas.BudgetSpent
}

type pastChange struct {
	step     int  // calls made
	done     int  // calls that succeeded and were not the last of the change
	stepDone bool // the last call made is one of them
	refusal  int
	doubtful bool // announced, and nobody knows what became of it
	final    bool
	status   schemas.Status
	code     string
	args     schemas.Args
	vaultID  string
	at       string
	attempts int
}

// Take reads one record of the journal, in order.
func (p *Past) Take(rec schemas.Record) {
	if p.changes == nil {
		p.changes, p.findings, p.gone = map[string]pastChange{}, map[string][]schemas.Finding{}, map[string]map[string]bool{}
	}
	switch {
	case rec.Start != nil:
		p.Start = *rec.Start
	case rec.Listed != nil:
		p.Listed = *rec.Listed
	case rec.Intent != nil:
		p.called = true
		c := p.changes[rec.Intent.Change]
		c.step, c.doubtful, c.stepDone, c.code, c.args, c.refusal = rec.Intent.Step, true, false, "", nil, 0
		p.changes[rec.Intent.Change] = c
		p.Finish = nil
	case rec.Outcome != nil:
		p.takeOutcome(rec.Outcome)
	case rec.Finding != nil:
		p.takeFinding(rec.Finding)
	case rec.Standing != nil:
		if p.standing == nil {
			p.standing = map[string][]schemas.Item{}
		}
		p.standing[rec.Standing.Change] = rec.Standing.Items
	case rec.Finish != nil:
		p.Finish = rec.Finish
		if p.Spent() {
			p.Nights++
		}
	}
}

func (p *Past) takeOutcome(o *schemas.Outcome) {
	c := p.changes[o.Change]
	c.attempts += o.Attempts
	if o.VaultID != "" {
		c.vaultID = o.VaultID
	}
	c.code, c.args, c.refusal, c.at = o.Code, o.Args, o.Refusal, o.At
	switch {
	case o.Final:
		c.final, c.status, c.doubtful = true, o.Status, false
	case o.Effect == schemas.EffectDone:
		c.stepDone, c.doubtful, c.done = true, false, o.Step
	case o.Effect == schemas.EffectInDoubt:
		c.doubtful = true
	case o.Effect == schemas.EffectNotSent:
		c.doubtful = false
		c.step = max(o.Step-1, 0)
		c.stepDone = c.step > 0 && c.done == c.step
	}
	p.changes[o.Change] = c
}

func (p *Past) takeFinding(f *schemas.Finding) {
	if f.Code != findingStillListed {
		if !slices.Contains(p.findings[f.Change], *f) {
			p.findings[f.Change] = append(p.findings[f.Change], *f)
		}
		return
	}
	if p.gone[f.Change] == nil {
		p.gone[f.Change] = map[string]bool{}
	}
	p.gone[f.Change][f.Field+f.Kept] = true
}

// of is how far a change has come; of a run that has not begun none has.
func (p *Past) of(change string) pastChange {
	if p == nil {
		return pastChange{}
	}
	return p.changes[change]
}

// Finished says whether nothing is left to do for the run.
func (p *Past) Finished() bool { return p.Finish != nil && p.Finish.Stop == nil }

// Called says whether any call that changes a record of the vault was announced.
func (p *Past) Called() bool { return len(p.changes) > 0 && p.called && p.Start.Reading == nil }

// Doubts counts the changes whose outcome nobody knows.
func (p *Past) Doubts() int {
	n := 0
	for _, c := range p.changes {
		if c.doubtful {
			n++
		}
	}
	return n
}

// Replay tells how every change, hold and rejected row of a plan ended, from the plan and the
// journal alone. A change that the journal does not name was not reached.
func Replay(plan *schemas.Plan, past *Past) []schemas.Result {
	if past == nil {
		past = &Past{}
	}
	results := make([]schemas.Result, 0, len(plan.Changes)+len(plan.Holds)+len(plan.Rejects))
	for i := range plan.Changes {
		results = append(results, resultOf(&plan.Changes[i], past))
	}
	for i := range plan.Holds {
		h := &plan.Holds[i]
		source, row := rowsText(h.Rows)
		results = append(results, schemas.Result{Kind: h.Kind, Action: schemas.ActionHold, Key: h.Key, Status: schemas.StatusHeld,
			VaultID: h.VaultID, Source: source, Row: row, Code: h.Code, Message: words.Problem(words.English, h.Code, h.Args),
			Problems: []schemas.Problem{{Code: h.Code, Args: h.Args}}})
	}
	for i := range plan.Rejects {
		r := &plan.Rejects[i]
		first := schemas.Problem{}
		if len(r.Problems) > 0 {
			first = r.Problems[0]
		}
		var said []string
		for _, problem := range r.Problems {
			said = append(said, words.Problem(words.English, problem.Code, problem.Args))
		}
		source, row := rowsText([]schemas.RowRef{r.Row})
		results = append(results, schemas.Result{Kind: r.Kind, Action: schemas.ActionReject, Key: r.Key, Status: schemas.StatusRejected,
			Source: source, Row: row, Code: first.Code, Message: strings.Join(said, "; "), Problems: r.Problems})
	}
	return results
}

func resultOf(c *schemas.Change, past *Past) schemas.Result {
	source, row := rowsText(c.Rows)
	res := schemas.Result{Change: c.ID, Kind: c.Kind, Action: c.Action, Key: c.Key, VaultID: c.VaultID, Source: source, Row: row}
	p, known := past.changes[c.ID]
	res.Attempts = p.attempts
	if p.vaultID != "" {
		res.VaultID = p.vaultID
	}
	var code string
	var args schemas.Args
	res.Status, code, args = p.end(known)
	if code == notReached && past.Spent() {
		code = NextNight
	}
	if c.Action == schemas.ActionDrop && code == "part_done" {
		args = schemas.Pairs("why", "drop")
	}
	if c.Action == schemas.ActionRead && args == nil && (code == "no_outcome" || code == "part_done" || code == notReached) {
		args = schemas.Pairs("why", "read", "run", past.Start.Run)
	}
	if code == infoUnknown {
		args = schemas.Pairs("id", args["id"], "cause", args["cause"], "run", past.Start.Run) // a person settles it in that run
	}
	if c.Action == schemas.ActionOpen && args == nil && code != "" {
		args = schemas.Pairs("why", "open") // it is not gone on with
	}
	if found := past.findings[c.ID]; len(found) > 0 && res.Status == schemas.StatusDone {
		f := found[0]
		code, args = f.Code, schemas.Pairs("field", f.Field, "sent", f.Sent, "kept", f.Kept)
	}
	res.Code = code
	if code != "" {
		res.Message = words.Problem(words.English, code, args)
		res.Problems = []schemas.Problem{{Code: code, Args: args}}
	}
	return res
}

// end tells how a change ended, as far as the journal does; one that it does not name is not known.
func (p *pastChange) end(known bool) (schemas.Status, string, schemas.Args) {
	switch {
	case p.final:
		return p.status, p.code, p.args
	case known && p.doubtful:
		return schemas.StatusUnknown, "no_outcome", nil
	case known && p.stepDone:
		return schemas.StatusUnknown, "part_done", nil
	}
	return schemas.StatusSkipped, notReached, nil
}

// notReached is the code of a change that the run did not come to.
const notReached = "not_reached"

// Counts is the account of a plan's changes as Tally makes it, from the journal and their number.
func (p *Past) Counts(planned int) schemas.ChangeCounts {
	n := schemas.ChangeCounts{Skipped: planned - len(p.changes)}
	for _, c := range p.changes {
		status, _, _ := c.end(true)
		n.Add(status)
	}
	return n
}

// rowsText names input rows as result files do, joined with ";": the source once where they
// all come from one, else one source for each row.
func rowsText(refs []schemas.RowRef) (source, row string) {
	var sources, rows []string
	for _, ref := range refs {
		sources = append(sources, ref.Source)
		rows = append(rows, strconv.Itoa(ref.Row))
	}
	if one := slices.Compact(slices.Clone(sources)); len(one) == 1 {
		sources = one
	}
	return strings.Join(sources, ";"), strings.Join(rows, ";")
}

// Tally sums up results.
func Tally(run string, plan *schemas.Plan, results []schemas.Result) schemas.Total {
	t := schemas.Total{Run: run, Rows: plan.Summary.Rows}
	for i := range results {
		t.Changes.Add(results[i].Status)
	}
	return t
}

// Wanting says whether results leave something for a person to look at: a failure, a skipped
// change that was not simply done already and does not wait until it is used no more, a hold, a
// reject, a read-back that differs, or a secret that was read and is none.
func Wanting(results []schemas.Result) bool {
	for i := range results {
		r := &results[i]
		switch r.Status {
		case schemas.StatusFailed, schemas.StatusHeld, schemas.StatusRejected:
			return true
		case schemas.StatusSkipped:
			switch r.Code {
			case "already_done", "already_inactive", "in_use", NextNight, "already_ended", NotInCustody:
			default:
				return true
			}
		case schemas.StatusDone:
			if differsBack(r.Code) || r.Code == custodyKept || r.Code == secretEmpty {
				return true
			}
		}
	}
	return false
}

// Emptied are the keys of the records that were read, and have no secret.
func Emptied(results []schemas.Result) []string { return readAs(results, secretEmpty) }

// Misnamed are the keys of those that call themselves otherwise than the list does.
func Misnamed(results []schemas.Result) []string { return readAs(results, otherName) }

func readAs(results []schemas.Result, code string) (keys []string) {
	for i := range results {
		if r := &results[i]; r.Status == schemas.StatusDone && r.Code == code {
			keys = append(keys, r.Key)
		}
	}
	return keys
}

// NotInCustody is the code of a release that had nothing to give back.
const NotInCustody = "not_in_custody"

// Unheld says whether a release had nothing to give back.
func Unheld(results []schemas.Result) bool {
	return slices.ContainsFunc(results, func(r schemas.Result) bool { return r.Code == NotInCustody })
}

// Spared says whether a change was left out because its record is in use.
func Spared(results []schemas.Result) bool {
	return slices.ContainsFunc(results, func(r schemas.Result) bool { return r.Status == schemas.StatusSkipped && r.Code == "in_use" })
}

// Unknown says whether nobody knows what became of a change.
func (p *Past) Unknown(c *schemas.Change) bool {
	was := p.of(c.ID)
	return was.doubtful || was.final && was.status == schemas.StatusUnknown
}
