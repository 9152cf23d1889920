package jobs

import (
	"maps"
	"slices"
	"strconv"

	"pamsync/schemas"
	"pamsync/sinks/book"
)

// checkTotals holds what the rows sum up to against what the certificate says. The names of a workbook's sums are
// those that its cells show.
func (v *verification) checkTotals(c *certified, l *fileLook, path string) {
	switch {
	case l.f.Format == findingsFormat:
		v.checkFindings(c, l, path)
		return
	case l.lost:
		return // nobody can tell what the rows sum up to
	}
	shown := func(all map[string]schemas.Tally) map[string]schemas.Tally { return all }
	if l.f.Format == "xlsx" {
		shown = asCells
	}
	var have schemas.Certificate
	l.ledger.Into(&have)
	differ := func(what, want, got string) { v.bad("totals_differ", path, 0, "what", what, "want", want, "have", got) }
	number := strconv.Itoa
	if c.Written != have.Written {
		differ("rows", number(c.Written), number(have.Written))
	}
	if c.IDs.First != have.IDs.First {
		differ("first id", c.IDs.First, have.IDs.First)
	}
	if c.IDs.Last != have.IDs.Last {
		differ("last id", c.IDs.Last, have.IDs.Last)
	}
	if c.Open != have.Open {
		differ("open", number(c.Open), number(have.Open))
	}
	if c.LeftOut+c.Written != c.Read {
		v.bad("totals_differ", c.path, 0, "what", "read = written + left_out", "want", number(c.Read), "have", number(c.LeftOut+c.Written))
	}
	if c.Totals == nil || have.Totals == nil {
		return
	}
	for _, t := range []struct {
		what       string
		want, have map[string]schemas.Tally
	}{{"month", c.Totals.Months, have.Totals.Months}, {"protocol", c.Totals.Protocols, have.Totals.Protocols}, {"user", c.Totals.Users, have.Totals.Users}} {
		t.want = shown(t.want)
		for _, key := range slices.Sorted(maps.Keys(merged(t.want, t.have))) {
			if want, have := t.want[key], t.have[key]; want != have {
				differ(t.what+" "+key, tallied(want), tallied(have))
			}
		}
	}
}

// asCells are tallies by their names as the cells of a workbook show them.
func asCells(all map[string]schemas.Tally) map[string]schemas.Tally {
	shown := make(map[string]schemas.Tally, len(all))
	for name, t := range all {
		name = book.CellText(name)
		sum := shown[name]
		shown[name] = schemas.Tally{Sessions: sum.Sessions + t.Sessions, Seconds: sum.Seconds + t.Seconds}
	}
	return shown
}

func merged(a, b map[string]schemas.Tally) map[string]schemas.Tally {
	all := maps.Clone(a)
	if all == nil {
		all = map[string]schemas.Tally{}
	}
	maps.Copy(all, b)
	return all
}

func tallied(t schemas.Tally) string {
	return strconv.Itoa(t.Sessions) + " / " + strconv.FormatInt(t.Seconds, 10) + " s"
}
