package pipeline

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"pamsync/schemas"
)

// LastGood is what the last good run saw: one that applied or synced and ended 0 or 10. It is
// what the next run's sources, lists and absences are measured against; without it, nothing is.
type LastGood struct {
	Counted  schemas.Counted
	sources  map[sourceKey]*schemas.SourceSeen
	views    map[schemas.Kind]*schemas.ViewSeen
	absences map[recordKey]*schemas.Absence
	assets   map[string]string // fingerprint by device id
	diffs    map[diffKey]*schemas.Difference
	named    map[schemas.Kind][]*schemas.Named // the latest plan first
}

type sourceKey struct {
	kind schemas.Kind
	path string
}

type recordKey struct {
	kind schemas.Kind
	id   string
}

type diffKey struct {
	kind      schemas.Kind
	key, code string
}

// NewLastGood knows of no run.
func NewLastGood() *LastGood {
	return &LastGood{sources: map[sourceKey]*schemas.SourceSeen{}, views: map[schemas.Kind]*schemas.ViewSeen{},
		absences: map[recordKey]*schemas.Absence{}, assets: map[string]string{}, diffs: map[diffKey]*schemas.Difference{}, named: map[schemas.Kind][]*schemas.Named{}}
}

// Take puts a record of the state folder into its place; false where it is none of these.
func (g *LastGood) Take(rec *schemas.Record) bool {
	switch {
	case rec.SourceSeen != nil:
		g.sources[keyOfSource(&rec.SourceSeen.SourceUse)] = rec.SourceSeen
	case rec.ViewSeen != nil:
		g.views[rec.ViewSeen.Kind] = rec.ViewSeen
	case rec.Absence != nil:
		g.absences[recordKey{rec.Absence.Kind, rec.Absence.ID}] = rec.Absence
	case rec.Asset != nil:
		g.assets[rec.Asset.ID] = rec.Asset.Print
	case rec.Difference != nil:
		g.diffs[diffKeyOf(rec.Difference)] = rec.Difference
	case rec.Named != nil:
		g.named[rec.Named.Kind] = append(g.named[rec.Named.Kind], rec.Named)
	case rec.Counted != nil:
		g.Counted = *rec.Counted
	default:
		return false
	}
	return true
}

// Records are all that is known, in a stable order.
func (g *LastGood) Records() []schemas.Record {
	var out []schemas.Record
	if g.Counted.Run != "" {
		out = append(out, schemas.Record{Counted: &g.Counted})
	}
	for _, k := range slices.SortedFunc(maps.Keys(g.sources), func(a, b sourceKey) int { return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.path, b.path)) }) {
		out = append(out, schemas.Record{SourceSeen: g.sources[k]})
	}
	for _, k := range slices.Sorted(maps.Keys(g.views)) {
		out = append(out, schemas.Record{ViewSeen: g.views[k]})
	}
	for _, k := range slices.SortedFunc(maps.Keys(g.absences), func(a, b recordKey) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(numeric(a.id), numeric(b.id)), cmp.Compare(a.id, b.id))
	}) {
		out = append(out, schemas.Record{Absence: g.absences[k]})
	}
	for _, id := range slices.SortedFunc(maps.Keys(g.assets), func(a, b string) int { return cmp.Or(cmp.Compare(numeric(a), numeric(b)), cmp.Compare(a, b)) }) {
		out = append(out, schemas.Record{Asset: &schemas.Asset{ID: id, Print: g.assets[id]}})
	}
	for _, k := range slices.Sorted(maps.Keys(g.named)) {
		for _, n := range g.named[k] {
			out = append(out, schemas.Record{Named: n})
		}
	}
	for _, d := range g.differences() {
		out = append(out, schemas.Record{Difference: d})
	}
	return out
}

func (g *LastGood) differences() []*schemas.Difference {
	return slices.SortedFunc(maps.Values(g.diffs), func(a, b *schemas.Difference) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(fold(a.Key), fold(b.Key)), cmp.Compare(a.Code, b.Code))
	})
}

// Night is one good run as it ends.
type Night struct {
	Run, Client string
	At          time.Time // by the vault's clock where it told its time
	Plan        *schemas.Plan
	Results     []schemas.Result
	// Views are the lists as they were read last, nil where none was; of several the later count.
	Views []*Snapshot
	// Print is the keyed fingerprint of a text.
	Print func(text string) string
	// Assets are the asset ids that rows gave to listed devices, by vault id.
	Assets map[string]string
}

// Remember takes in a good run. A plan that is applied once more changes nothing but the view.
func (g *LastGood) Remember(n Night) {
	for _, view := range n.Views {
		g.rememberView(n, view)
	}
	at := n.At.UTC().Format(time.RFC3339)
	if n.Plan.Digest != "" && n.Plan.Digest == g.Counted.Plan {
		return
	}
	g.rememberSources(n, at)
	g.countAbsences(n.Plan, at)
	g.countDifferences(n.Plan, n.Results, at)
	for id, asset := range n.Assets {
		g.assets[id] = n.Print(fold(asset))
	}
	g.Counted.Plan, g.Counted.Run, g.Counted.At = n.Plan.Digest, n.Run, at
}

// rememberView keeps the ids of a list, short prints of its names, and marks of a few of them.
func (g *LastGood) rememberView(n Night, s *Snapshot) {
	if s == nil {
		return
	}
	at := n.At.UTC().Format(time.RFC3339)
	marks := map[string]string{}
	step := max(s.NumDevices()/32, 1)
	for i := int32(0); i < s.NumDevices(); i += step {
		marks[s.devices.get(i, schemas.FieldID)] = n.Print(fold(s.devices.get(i, schemas.FieldHostname)))[:16]
	}
	names := newNamer(n.Print)
	devices := schemas.ViewSeen{Kind: schemas.KindDevice, Client: n.Client, IDs: s.deviceIDs(), Marks: marks, Run: n.Run, At: at}
	devices.Prints = names.devices(s, devices.IDs)
	g.setView(devices)
	if s.HasAccounts {
		accounts := schemas.ViewSeen{Kind: schemas.KindCredential, Client: n.Client, IDs: s.accountIDs(), Run: n.Run, At: at}
		accounts.Prints = names.accounts(s, accounts.IDs)
		g.setView(accounts)
	}
}

func (g *LastGood) setView(v schemas.ViewSeen) {
	v.Ever = v.IDs
	if old := g.views[v.Kind]; old != nil {
		v.Ever = v.IDs.Union(old.Ever)
		loseSight(&v, old)
	}
	g.views[v.Kind] = &v
}

// Ever says whether any good run has listed an id.
func (g *LastGood) Ever(kind schemas.Kind, id string) bool {
	v := g.views[listOf(kind)]
	return v != nil && v.Ever.Has(id)
}

func (s *Snapshot) deviceIDs() schemas.IDs { return idsOf(&s.devices) }

func (s *Snapshot) accountIDs() schemas.IDs { return idsOf(&s.accounts) }

func idsOf(p *pack) schemas.IDs {
	list := make([]string, p.len())
	for i := range list {
		list[i] = p.get(int32(i), schemas.FieldID)
	}
	return schemas.NewIDs(list)
}

// Absent yields the listed records that a plan found lacking, whatever it does about them.
func Absent(plan *schemas.Plan, yield func(kind schemas.Kind, id, key string)) {
	for i := range plan.Changes {
		if c := &plan.Changes[i]; c.Action == schemas.ActionInactivate && c.Reason.Rule == schemas.RuleMissing {
			yield(c.Kind, c.VaultID, c.Key)
		}
	}
	for i := range plan.Holds {
		if h := &plan.Holds[i]; h.VaultID != "" && (len(h.Rows) == 0 || h.Code == "looks_renamed") {
			yield(h.Kind, h.VaultID, h.Key)
		}
	}
	for i := range plan.Left {
		if l := &plan.Left[i]; l.VaultID != "" && len(l.Rows) == 0 {
			yield(l.Kind, l.VaultID, l.Key)
		}
	}
}

// countAbsences adds a night to the absences that go on, and ends the others; of a kind that the
// plan had no source for, or would not have inactivated, nothing is known.
func (g *LastGood) countAbsences(plan *schemas.Plan, at string) {
	next := map[recordKey]*schemas.Absence{}
	read := wouldInactivate(plan)
	for k, a := range g.absences {
		if !read[k.kind] {
			next[k] = a
		}
	}
	Absent(plan, func(kind schemas.Kind, id, key string) {
		k := recordKey{kind, id}
		if !read[kind] {
			return
		}
		a := schemas.Absence{Kind: kind, ID: id, Key: key, Since: at}
		if old := g.absences[k]; old != nil {
			a = *old
		}
		a.Runs++
		next[k] = &a
	})
	g.absences = next
}

// wouldInactivate tells the kinds of which a plan takes what the inventory lacks.
func wouldInactivate(plan *schemas.Plan) map[schemas.Kind]bool {
	kinds := map[schemas.Kind]bool{}
	for i := range plan.Start.Sources {
		kind, policy := plan.Start.Sources[i].Kind, plan.Start.Policy
		kinds[kind] = policy != nil && (kind == schemas.KindDevice && policy.Devices == schemas.MissingInactivate ||
			kind == schemas.KindCredential && policy.Credentials == schemas.MissingInactivate ||
			kind == schemas.KindKey && policy.Keys == schemas.MissingInactivate ||
			kind == schemas.KindInfo && policy.Infos == schemas.MissingInactivate)
	}
	return kinds
}

// absence is how often in a row a record was lacking before this run, and since when.
func (g *LastGood) absence(kind schemas.Kind, id string) (runs int, since time.Time) {
	a := g.absences[recordKey{kind, id}]
	if a == nil {
		return 0, time.Time{}
	}
	since, err := time.Parse(time.RFC3339, a.Since)
	if err != nil {
		return 0, time.Time{} // as if it were the first
	}
	return a.Runs, since
}

func diffKeyOf(d *schemas.Difference) diffKey {
	return diffKey{d.Kind, fold(d.Key), d.Code}
}
