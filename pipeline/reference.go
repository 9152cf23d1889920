package pipeline

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"pamsync/schemas"
)

// references are the fields whose unknown values the vault creates without a word (vault-api a.2).
func references() []schemas.Field {
	return []schemas.Field{schemas.FieldVendor, schemas.FieldModel, schemas.FieldSite, schemas.FieldType}
}

// fewDevices is the number below which a vault has no values to compare new ones with. Those that our
// own runs inactivated count: the vault keeps their values, and a guard does not end by what it let go.
const fewDevices = 20

// newValue is a value that no listed device has, with what is nearest to it.
type newValue struct {
	field   schemas.Field
	text    string
	rows    int
	nearest string
	near    bool           // it looks like a slip for nearest
	from    map[string]int // values that it would replace, folded

	renamed bool // it takes the place of one that the vault has, for most of the devices that have it
}

// findNewValues looks through the rows that would write for values that would be created.
func (p *planner) findNewValues() {
	if p.Policy.Limits.NewValues < 0 {
		return
	}
	former := p.Memory.formerDevices()
	if int(p.Snapshot.NumDevices())+len(former) < fewDevices {
		return
	}
	p.newValues = map[schemas.Field]map[string]*newValue{}
	var known knownFields
	for _, f := range references() {
		known[f] = newKnown(p.Snapshot.devices.distinct(f))
		for _, r := range former {
			known[f].add(r.Values[f])
		}
		known[f].number(&p.Inventory.Devices.rows.words)
	}
	inParts(len(p.devices), func(begin, end int) {
		for _, c := range p.devices[begin:end] {
			c.strange = c.state == undecided && !c.ordinary(&known)
		}
	})
	for _, f := range references() {
		for _, c := range p.devices {
			if c.strange {
				p.noteValue(c, f, known[f])
			}
		}
		p.distinctNew += len(p.newValues[f])
		p.compareNew(f, known[f])
	}
	p.askRenames()
}

// ordinary says at a glance whether each reference value of a case is one that the vault has.
func (c *deviceCase) ordinary(known *knownFields) bool {
	if len(c.entries) > 1 || c.merged != nil {
		return false
	}
	n := 0
	for r := c.set.rows.read(c.entries[0]); r.mask != 0; {
		f, code, _ := r.next()
		if k := known[f]; k != nil {
			if !k.numbers[code] {
				return false
			}
			n++
		}
	}
	return n == len(references()) || len(c.records) == 1 // what a new device lacks, a default may give
}

// manyNew is how many new values of a field are compared with all known ones, and manyPairs how many
// comparisons are made of a field.
const (
	manyNew   = 500
	manyPairs = 20_000_000
)

// compareNew finds what is nearest to each new value of a field. Of more values than can be compared,
// all are held in any case, unless the limit is far out of the way: that is said.
func (p *planner) compareNew(f schemas.Field, known *knownValues) {
	compared := min(manyNew, max(manyPairs/max(len(known.texts), 1), 1))
	values := sortedValues(p.newValues[f])
	for _, v := range values[:min(compared, len(values))] {
		v.nearest, v.near = known.nearest(v.text)
	}
	if left := len(values) - compared; left > 0 {
		p.warn("values_uncompared", schemas.Place{}, "field", f.String(), "n", strconv.Itoa(left), "known", strconv.Itoa(len(known.texts)))
	}
}

func (p *planner) noteValue(c *deviceCase, f schemas.Field, known *knownValues) {
	text, before := p.wanted(c, f)
	key := fold(text)
	if text == "" || key == fold(before) || known.has[key] || p.allowed(f, text) {
		return
	}
	if p.newValues[f] == nil {
		p.newValues[f] = map[string]*newValue{}
	}
	v := p.newValues[f][key]
	if v == nil {
		v = &newValue{field: f, text: text, from: map[string]int{}}
		p.newValues[f][key] = v
	}
	v.rows++
	if before != "" {
		v.from[fold(before)]++
	}
}

// wanted is the value of a field that a case would send, and the one that the vault has.
func (p *planner) wanted(c *deviceCase, f schemas.Field) (text, before string) {
	text = c.get(f)
	if len(c.records) == 1 {
		before = p.Snapshot.devices.get(c.records[0], f)
		if !p.Policy.Devices.Manages(f) {
			return "", before
		}
		return text, before
	}
	if text == "" {
		text = p.fallback(&c.request, f)
	}
	return text, ""
}

func (p *planner) allowed(f schemas.Field, text string) bool {
	return slices.ContainsFunc(p.Allow[f], func(a string) bool { return fold(a) == fold(text) })
}

// holdNewValue holds a row whose value looks like a slip, or one of too many new ones.
func (p *planner) holdNewValue(c *deviceCase) bool {
	if !c.strange {
		return false
	}
	for _, f := range references() {
		text, old := p.wanted(c, f)
		v := p.newValues[f][fold(text)]
		if v == nil {
			continue
		}
		h := schemas.Hold{Kind: schemas.KindDevice, Key: p.deviceKey(c), VaultID: p.deviceID(c)}
		pairs := []string{"field", f.String(), "value", v.text, "nearest", v.nearest, "allow", allowance(f, v.text), "cell", p.cell(&c.request, f)}
		switch {
		case v.near:
			h.Code = "value_near"
		case p.distinctNew > p.Policy.Limits.NewValues:
			h.Code = "values_many"
			pairs = append(pairs, "n", strconv.Itoa(p.distinctNew), "limit", strconv.Itoa(p.Policy.Limits.NewValues))
		case v.renamed:
			h.Code = "value_renamed"
			pairs = append(pairs, "n", strconv.Itoa(v.rows), "old", old)
		default:
			continue
		}
		h.Args = schemas.Pairs(pairs...)
		p.keepAsIs(c)
		p.hold(&c.request, h)
		return true
	}
	return false
}

// allowance is what a person gives to --allow-new, as a shell takes it for that and nothing else.
func allowance(f schemas.Field, value string) string {
	if strings.ContainsFunc(value, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" ._-/+,()&", r)
	}) {
		return "'" + strings.ReplaceAll(f.String()+"="+value, "'", `'\''`) + "'"
	}
	return f.String() + `="` + value + `"`
}

// manyRows is from how many rows on a new value in the place of one old one looks like that
// value's new name.
const manyRows = 10

// askRenames finds the new values that are new names of old ones, where nothing else holds them.
func (p *planner) askRenames() {
	for _, values := range p.newValues {
		for _, v := range values {
			v.renamed = !v.near && p.distinctNew <= p.Policy.Limits.NewValues && v.takesPlace(p)
		}
	}
}

func (v *newValue) takesPlace(p *planner) bool {
	if v.rows <= manyRows {
		return false
	}
	for old, n := range v.from {
		if n > manyRows && n*10 >= p.Snapshot.countOf(v.field, old)*8 {
			return true
		}
	}
	return false
}

// warnNewValues names the values that will be created.
func (p *planner) warnNewValues() {
	for _, f := range references() {
		for _, v := range sortedValues(p.newValues[f]) {
			if !v.near && p.distinctNew <= p.Policy.Limits.NewValues && !v.renamed {
				p.warn("value_new", schemas.Place{}, "field", f.String(), "value", v.text, "nearest", v.nearest, "rows", strconv.Itoa(v.rows))
			}
		}
	}
}

func sortedValues(m map[string]*newValue) []*newValue {
	list := make([]*newValue, 0, len(m))
	for _, v := range m {
		list = append(list, v)
	}
	slices.SortFunc(list, func(a, b *newValue) int { return strings.Compare(a.text, b.text) })
	return list
}

// countOf is how many listed devices have a value in a field.
func (s *Snapshot) countOf(f schemas.Field, folded string) int {
	n := 0
	for i := range s.NumDevices() {
		if fold(s.devices.get(i, f)) == folded {
			n++
		}
	}
	return n
}
