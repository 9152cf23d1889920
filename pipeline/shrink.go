package pipeline

import (
	"sort"
	"strconv"
	"strings"

	"pamsync/schemas"
)

// checkLastGood compares what this run read with what the last good run did.
func (p *planner) checkLastGood() {
	if p.LastGood == nil {
		return
	}
	for _, kind := range []schemas.Kind{schemas.KindDevice, schemas.KindCredential} {
		p.checkView(kind)
	}
	for _, kind := range schemas.RowKinds() {
		if p.goesWith(kind) > 0 {
			p.checkShrunk(kind)
		}
	}
	p.checkVault()
	p.checkEstate()
}

// checkEstate stops where the inventory lacks most of the devices that it was not known to lack
// before and has as many new ones: it is another estate's, and all of it would be created.
func (p *planner) checkEstate() {
	before := p.LastGood.lately(schemas.KindDevice)
	if !p.Policy.Limits.Baseline || !p.Inventory.Devices.Configured || len(before) == 0 {
		return
	}
	const few = 3 // as the floors of the limits
	lost, created, named, at := 0, 0, 0, ""
	for _, i := range p.lacking {
		if p.namedBefore(i) {
			lost++
		}
	}
	for i := range p.plan.Changes {
		if c := &p.plan.Changes[i]; c.Kind == schemas.KindDevice && c.Action == schemas.ActionCreate {
			created++
		}
	}
	if lost <= few || created <= few {
		return
	}
	for i := range p.Snapshot.NumDevices() {
		if p.scopedAt(i) && p.namedBefore(i) {
			named++
		}
	}
	for _, s := range before {
		at = max(at, s.At)
	}
	if lost*2 > named && created*2 > lost {
		p.stop("other_inventory", "n", strconv.Itoa(lost), "total", strconv.Itoa(named), "new", strconv.Itoa(created), "at", day(at))
	}
}

// namedBefore says whether nothing is known of a listed device that the inventory lacked it before.
func (p *planner) namedBefore(record int32) bool {
	if len(p.LastGood.absences) == 0 {
		return true
	}
	runs, _ := p.LastGood.absence(schemas.KindDevice, p.Snapshot.devices.get(record, schemas.FieldID))
	return runs == 0
}

// goesWith is how many records would be taken for missing that the rows of a kind protect.
func (p *planner) goesWith(kind schemas.Kind) int {
	if kind.Account() { // its rows protect the devices that they name
		return p.wouldGo[kind] + p.wouldGo[schemas.KindDevice]
	}
	return p.wouldGo[kind]
}

func (p *planner) goneInAll() int {
	return p.wouldGo[schemas.KindDevice] + p.wouldGo[schemas.KindCredential] + p.wouldGo[schemas.KindKey] + p.wouldGo[schemas.KindInfo]
}

func day(at string) string {
	date, _, _ := strings.Cut(at, "T")
	return date
}

// checkRound stops at a number of rows at which exports are cut, where the last good run had found
// more: an estate is seldom that round just when it has become smaller. Where nothing is known of
// earlier runs it warns.
func (p *planner) checkRound(s *SourceInfo, old *schemas.SourceSeen) {
	if !p.Policy.Limits.RoundCount || !CutAt(s.rows) {
		return
	}
	args := []string{"source", s.Name, "rows", strconv.Itoa(s.rows), "gone", strconv.Itoa(p.goneInAll())}
	switch {
	case old == nil:
		p.warn("source_round", schemas.Place{Source: s.Name}, args...)
	case s.rows < old.Rows:
		p.stop("source_round", args...)
	}
}

// CutAt tells the numbers at which exports are cut: the round ones of pages and query limits,
// and those of old spreadsheets, with or without a header.
func CutAt(rows int) bool {
	switch rows {
	case 2_500, 25_000, 65_535, 65_536, 1_048_575, 1_048_576:
		return true
	}
	for unit := 1_000; unit <= rows; unit *= 10 {
		if rows == unit || rows == 2*unit || rows == 5*unit {
			return true
		}
	}
	return false
}

// checkMapping asks for a new baseline where a source is read in another way than in the last
// good run: what it lacks now, it may only seem to lack.
func (p *planner) checkMapping(s *SourceInfo, old *schemas.SourceSeen) {
	if !p.Policy.Limits.Baseline {
		return
	}
	if what := changedReading(&s.Use, &old.SourceUse); what != "" {
		p.stop("mapping_changed", "source", s.Name, "what", what, "at", day(old.At), "gone", strconv.Itoa(p.goneInAll()))
	}
}

// changedReading names what decides how a source is read and is not as it was, "" for nothing.
func changedReading(now, old *schemas.SourceUse) string {
	var what []string
	add := func(name, before, after string) {
		if before != after {
			what = append(what, name+": "+quoted(before)+" → "+quoted(after))
		}
	}
	add("where", old.Where, now.Where)
	add("records", old.Records, now.Records)
	add("sheet", old.Sheet, now.Sheet)
	names := map[string]bool{}
	for name := range old.Columns {
		names[name] = true
	}
	for name := range now.Columns {
		names[name] = true
	}
	sorted := make([]string, 0, len(names))
	for name := range names {
		sorted = append(sorted, name)
	}
	sort.Strings(sorted)
	for _, name := range sorted {
		add(name, old.Columns[name], now.Columns[name])
	}
	return strings.Join(what, ", ")
}

// quoted is a text that stands in a sentence, "-" for none.
func quoted(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// checkOlder stops where a source is another file than in the last good run, and an older one:
// yesterday's export put back lacks what was added since.
func (p *planner) checkOlder(s *SourceInfo, old *schemas.SourceSeen) {
	if p.Policy.Limits.Baseline && s.Use.Modified != "" && s.Use.Modified < old.Modified && s.Use.SHA256 != old.SHA256 {
		p.stop("source_older", "source", s.Name, "modified", s.Use.Modified, "before", old.Modified, "gone", strconv.Itoa(p.goneInAll()))
	}
}

// checkView stops where the vault's list lacks many ids that it showed to us in the last good
// run and that no run of ours took away: a view that shrank looks like an estate that did, and
// what it hides would be created anew.
func (p *planner) checkView(kind schemas.Kind) {
	old := p.LastGood.views[kind]
	if old == nil || kind == schemas.KindCredential && !p.Snapshot.HasAccounts || p.Policy.Limits.ViewShrink.Off && !p.Policy.Limits.Baseline {
		return
	}
	now, list := p.Snapshot.deviceIDs(), "devices"
	if kind == schemas.KindCredential {
		now, list = p.Snapshot.accountIDs(), "credentials"
	}
	gone := 0
	for id := range old.IDs.All {
		if !now.Has(id) && !p.Memory.tookAway(kind, id) {
			gone++
		}
	}
	before := old.IDs.Len()
	if limit := p.Policy.Limits.ViewShrink; limit.Stops(gone, before) {
		p.stop("view_shrunk", "list", list, "n", strconv.Itoa(gone), "before", strconv.Itoa(before), "now", strconv.Itoa(now.Len()),
			"limit", limit.String(), "at", day(old.At))
		return
	}
	if gone > 0 && old.Client != "" && old.Client != p.Client && p.Policy.Limits.Baseline {
		p.stop("other_client", "list", list, "client", p.Client, "before", old.Client, "n", strconv.Itoa(gone))
	}
}

// checkVault tells another vault at the same address: most of the ids that were marked in the
// last good run now have other names.
func (p *planner) checkVault() {
	old := p.LastGood.views[schemas.KindDevice]
	if old == nil || !p.Policy.Limits.Baseline || p.Print == nil {
		return
	}
	listed, other := 0, 0
	for id, mark := range old.Marks {
		i := p.Snapshot.deviceNumber(id)
		if i < 0 {
			continue
		}
		listed++
		if !strings.HasPrefix(p.Print(fold(p.Snapshot.devices.get(i, schemas.FieldHostname))), mark) {
			other++
		}
	}
	if other > 2 && other*2 > listed {
		p.stop("other_vault", "n", strconv.Itoa(other), "listed", strconv.Itoa(listed), "at", day(old.At))
	}
}
