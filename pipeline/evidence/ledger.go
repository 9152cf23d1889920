// Package evidence accounts for an export: what was received, written and left out, which ids there are,
// and the sums by which a reader tells that nothing is missing. It knows neither files nor HTTP.
package evidence

import (
	"slices"
	"strconv"
	"strings"

	"pamsync/schemas"
)

// Ledger accounts for the records of one export as they go by. Received sees each record that the vault
// gave, Written each that the export holds.
type Ledger struct {
	received  ids
	others    int // ids that are no numbers
	repeated  []string
	repeats   int
	leftOut   map[string]int
	written   int
	open      int
	first     string
	last      string
	low, high uint64
	months    map[string]*schemas.Tally
	protocols map[string]*schemas.Tally
	users     map[string]*schemas.Tally
	findings  map[string]int
	ended     int
	month     string // of the session before, and its tally
	lastMonth *schemas.Tally
}

// NewLedger begins an account.
func NewLedger() *Ledger {
	return &Ledger{leftOut: map[string]int{}, months: map[string]*schemas.Tally{}, protocols: map[string]*schemas.Tally{}, users: map[string]*schemas.Tally{}}
}

// mostRepeated is how many repeated ids are named.
const mostRepeated = 100

// Received counts a record of the answer.
func (l *Ledger) Received(id string) {
	n, err := strconv.ParseUint(id, 10, 64)
	switch {
	case err != nil:
		l.others++
	case !l.received.add(n):
		if l.repeats++; len(l.repeated) < mostRepeated {
			l.repeated = append(l.repeated, strings.Clone(id))
		}
	}
}

// LeftOut counts a record that is not in the export, by its reason.
func (l *Ledger) LeftOut(why string) { l.leftOut[why]++ }

// Record counts a written record of which there are no totals.
func (l *Ledger) Record(id string) {
	l.written++
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil {
		return
	}
	if l.first == "" || n < l.low {
		l.low, l.first = n, strings.Clone(id)
	}
	if l.last == "" || n > l.high {
		l.high, l.last = n, strings.Clone(id)
	}
}

// Session counts a written session.
func (l *Ledger) Session(s *schemas.SessionRecord) {
	l.Record(s.ID)
	if s.End == "" {
		l.open++
	}
	if s.Revision > 1 {
		l.ended++
	}
	if month := Month(s.Start); l.lastMonth == nil || l.month != month {
		l.lastMonth = tallyOf(l.months, month)
		l.month = strings.Clone(month)
	}
	l.lastMonth.Sessions++
	l.lastMonth.Seconds += s.Seconds
	tally(l.protocols, s.Protocol, s.Seconds)
	tally(l.users, s.User, s.Seconds)
}

func tally(all map[string]*schemas.Tally, key string, seconds int64) {
	t := tallyOf(all, key)
	t.Sessions++
	t.Seconds += seconds
}

func tallyOf(all map[string]*schemas.Tally, key string) *schemas.Tally {
	t := all[key]
	if t == nil {
		t = &schemas.Tally{}
		all[strings.Clone(key)] = t
	}
	return t
}

// Finding counts a finding by its rule.
func (l *Ledger) Finding(rule string) {
	if l.findings == nil {
		l.findings = map[string]int{}
	}
	l.findings[rule]++
}

// Ended is how many of the written sessions are a later revision: they were open when they were written before.
func (l *Ledger) Ended() int { return l.ended }

// Listed are the ids of the answer.
func (l *Ledger) Listed() schemas.IDs {
	var b strings.Builder
	var first, last uint64
	begun := false
	flush := func() {
		if !begun {
			return
		}
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.FormatUint(first, 10))
		if last > first {
			b.WriteString("-" + strconv.FormatUint(last, 10))
		}
	}
	for id := range l.received.all {
		if begun && id == last+1 {
			last = id
			continue
		}
		flush()
		first, last, begun = id, id, true
	}
	flush()
	var ids schemas.IDs
	_ = ids.UnmarshalText([]byte(b.String())) // ranges, as it writes them itself
	return ids
}

// Month is that of a time as the vault writes it, "" of any other text.
func Month(text string) string {
	if len(text) < 10 || text[4] != '-' || text[7] != '-' {
		return ""
	}
	return text[:7]
}

// Into writes the account into a certificate.
func (l *Ledger) Into(c *schemas.Certificate) {
	c.Read, c.Written, c.LeftOut = l.received.n+l.others+l.repeats, l.written, 0
	c.Reasons = l.leftOut
	for _, n := range l.leftOut {
		c.LeftOut += n
	}
	named, n, missing := l.received.gaps()
	c.IDs = schemas.CertifiedIDs{First: l.first, Last: l.last, Gaps: n, Missing: missing, Repeated: l.repeats, RepeatedIDs: l.repeated, NoNumber: l.others}
	for _, g := range named {
		c.IDs.GapRanges = append(c.IDs.GapRanges, g.First+"-"+g.Last)
	}
	c.IDs.GapRanges = slices.Clip(c.IDs.GapRanges)
	c.Findings = l.findings
	if len(l.months) > 0 {
		c.Open = l.open
		c.Totals = &schemas.Totals{Months: plain(l.months), Protocols: plain(l.protocols), Users: plain(l.users)}
	}
}

func plain(all map[string]*schemas.Tally) map[string]schemas.Tally {
	out := make(map[string]schemas.Tally, len(all))
	for key, t := range all {
		out[key] = *t
	}
	return out
}
