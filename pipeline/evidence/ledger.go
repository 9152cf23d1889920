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
	after     uint64 // the highest id of the export before, 0 for none
	others    int    // ids that are no numbers
	repeated  []string
	repeats   int
	leftOut   map[string]int
	written   int
	open      int
	first     []byte // texts of the lowest and the highest id written
	last      []byte
	low, high uint64
	months    *tallies
	protocols *tallies
	users     *tallies
	findings  map[string]int
	ended     int
}

// NewLedger begins an account.
func NewLedger() *Ledger {
	return &Ledger{leftOut: map[string]int{}, months: newTallies(), protocols: newTallies(), users: newTallies()}
}

// After goes on from an export whose highest id this was: numbers that are missing behind it are a gap too.
func (l *Ledger) After(id uint64) { l.after = id }

// mostRepeated is how many repeated ids are named.
const mostRepeated = 100

// Received counts a record of the answer, and says whether its id came before.
func (l *Ledger) Received(id string) (again bool) {
	n, ok := number(id)
	switch {
	case !ok:
		l.others++
	case !l.received.add(n):
		if l.repeats++; len(l.repeated) < mostRepeated {
			l.repeated = append(l.repeated, strings.Clone(id))
		}
		return true
	}
	return false
}

// Repeats is how many ids came again.
func (l *Ledger) Repeats() int { return l.repeats }

// LeftOut counts a record that is not in the export, by its reason.
func (l *Ledger) LeftOut(why string) { l.leftOut[why]++ }

// Record counts a written record of which there are no totals.
func (l *Ledger) Record(id string) {
	l.written++
	n, ok := number(id)
	if !ok {
		return
	}
	if len(l.first) == 0 || n < l.low {
		l.low, l.first = n, append(l.first[:0], id...)
	}
	if len(l.last) == 0 || n > l.high {
		l.high, l.last = n, append(l.last[:0], id...)
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
	l.months.add(Month(s.Start), s.Seconds)
	l.protocols.add(s.Protocol, s.Seconds)
	l.users.add(s.User, s.Seconds)
}

// Asked notes the rules that findings are looked for by: of one that finds nothing, that is told.
func (l *Ledger) Asked(rules []string) {
	l.findings = map[string]int{}
	for _, rule := range rules {
		l.findings[rule] = 0
	}
}

// Finding counts a finding by its rule, which is one of those asked.
func (l *Ledger) Finding(rule string) { l.findings[rule]++ }

// Findings is how many there are.
func (l *Ledger) Findings() (n int) {
	for _, found := range l.findings {
		n += found
	}
	return n
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
	named, n, missing := l.received.gaps(l.after)
	c.IDs = schemas.CertifiedIDs{First: string(l.first), Last: string(l.last), Gaps: n, Missing: missing, Repeated: l.repeats, RepeatedIDs: l.repeated, NoNumber: l.others}
	for _, g := range named {
		c.IDs.GapRanges = append(c.IDs.GapRanges, g.First+"-"+g.Last)
	}
	c.IDs.GapRanges = slices.Clip(c.IDs.GapRanges)
	c.Findings = l.findings
	if len(l.months.all) > 0 {
		c.Open = l.open
		c.Totals = &schemas.Totals{Months: l.months.totals(), Protocols: l.protocols.totals(), Users: l.users.totals()}
	}
}
