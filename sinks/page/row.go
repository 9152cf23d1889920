package page

import (
	"strconv"

	"pamsync/schemas"
)

// row is one line of the page's list: a change, a hold, a rejected row, or what is left as it
// is. Its names in the page are short because a page holds 100,000 of them.
type row struct {
	sign     string // a: of the action: + ~ ^ - ! x, and . for what is left as it is
	kind     string // k: d, c, k
	key      string // n: hostname, or user@hostname
	id       string // i: the vault's
	rule     string // r
	cell     string // c
	run      string // v: that inactivated what is reactivated
	fields   []fieldText
	rows     []rowText
	taken    []itemText // dragged along, or a hold's candidates
	notes    []placed
	status   string // t
	attempts int    // p
}

// fieldText is in f: name, before, after, and the cell where there is one; only the name where a
// secret will be set.
type fieldText struct {
	name, before, after, cell string
	secret                    bool
}

// rowText is an input row, in s.
type rowText struct {
	source string
	row    int
}

// itemText is in d.
type itemText struct{ kind, key, id, typ, identifier string }

// clear empties a row, whose lists keep their room.
func (r *row) clear() {
	*r = row{fields: r.fields[:0], rows: r.rows[:0], taken: r.taken[:0], notes: r.notes[:0]}
}

// appendJSON appends the row as JSON that is inert within HTML. index gives a note's number, which
// stands in m with the place and the column.
func (r *row) appendJSON(b []byte, index func(note) int) []byte {
	b = schemas.AppendInertText(append(b, `{"a":`...), r.sign)
	b = schemas.AppendInertText(append(b, `,"k":`...), r.kind)
	b = given(b, `,"n":`, r.key)
	b = given(b, `,"i":`, r.id)
	b = given(b, `,"r":`, r.rule)
	b = given(b, `,"c":`, r.cell)
	b = given(b, `,"v":`, r.run)
	b = several(b, `,"f":`, r.fields, appendField)
	b = several(b, `,"s":`, r.rows, func(b []byte, s *rowText) []byte {
		b = schemas.AppendInertText(b, s.source)
		return strconv.AppendInt(append(b, ','), int64(s.row), 10)
	})
	b = several(b, `,"d":`, r.taken, func(b []byte, i *itemText) []byte { return appendTexts(b, i.kind, i.key, i.id, i.typ, i.identifier) })
	b = several(b, `,"m":`, r.notes, func(b []byte, n *placed) []byte {
		b = strconv.AppendInt(b, int64(index(n.note)), 10)
		return appendTexts(append(b, ','), n.place, n.column)
	})
	b = given(b, `,"t":`, r.status)
	if r.attempts != 0 {
		b = strconv.AppendInt(append(b, `,"p":`...), int64(r.attempts), 10)
	}
	return append(b, '}')
}

func appendField(b []byte, f *fieldText) []byte {
	switch {
	case f.secret:
		return schemas.AppendInertText(b, f.name)
	case f.cell == "":
		return appendTexts(b, f.name, f.before, f.after)
	}
	return appendTexts(b, f.name, f.before, f.after, f.cell)
}

// given is a member that is left out where it is empty.
func given(b []byte, name, text string) []byte {
	if text == "" {
		return b
	}
	return schemas.AppendInertText(append(b, name...), text)
}

// several is a member that is a list of lists, left out where it is empty. one writes what stands
// in an inner list.
func several[T any](b []byte, name string, all []T, one func([]byte, *T) []byte) []byte {
	if len(all) == 0 {
		return b
	}
	b = append(append(b, name...), '[')
	for i := range all {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(one(append(b, '['), &all[i]), ']')
	}
	return append(b, ']')
}

func appendTexts(b []byte, all ...string) []byte {
	for i, text := range all {
		if i > 0 {
			b = append(b, ',')
		}
		b = schemas.AppendInertText(b, text)
	}
	return b
}
