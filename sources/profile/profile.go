package profile

import (
	"slices"
	"strings"

	"pamsync/schemas"
)

// Profile is one form of export, read as one kind of records.
type Profile struct {
	// Name is what `format:` calls it.
	Name string
	Kind schemas.Kind
	// Header are the columns by which a table is recognised, folded; all of them are there.
	Header []string
	// Order are the columns of a table that has no header.
	Order []string
	// Members are the paths by which a JSON is recognised, as Outline has them: any one of them.
	Members []string
	// Lacks are paths that a JSON does not have.
	Lacks []string
	// Records is where the records of a JSON are; `*` stands for each member of an object or list, a
	// list on the way is gone through, and "$" is the document itself.
	Records string
	// Columns say what a field becomes, as `columns:` of a configuration does.
	Columns map[schemas.Field]string
	// Excludes are the records of which the vault has no kind, each with a filter and the code of
	// the reason.
	Excludes []Exclude
	// Leaves are the rows that are about records of another kind: they are left out without a word.
	Leaves []string
	// Goes are the rows that ask for their record to be inactivated.
	Goes []string
	// Updates are the rows that ask for a record that is there to be brought up to date, and for no other.
	Updates []string
	// Asides are its columns that become no field.
	Asides []Aside
	// Groups tells that a JSON names some of its hosts in groups alone.
	Groups bool
	// Repeats tells that a record stands in several rows by rule.
	Repeats bool
}

// Aside is a column of the product that becomes no field, with the code of the reason.
type Aside struct{ Column, Why string }

// Exclude is a kind of records that nothing can be made of.
type Exclude struct{ Where, Code string }

// Names are the names of all profiles, sorted.
func Names() []string {
	var names []string
	for _, p := range all() {
		if !slices.Contains(names, p.Name) {
			names = append(names, p.Name)
		}
	}
	slices.Sort(names)
	return names
}

func all() []Profile {
	return slices.Concat(senhasegura(), cmdbs(), inventories(), vaults(), managers())
}

// OfJSON is the profile of that name for a kind: the one that fits the outline, or else the first; nil for
// none.
func OfJSON(name string, kind schemas.Kind, o Outline) *Profile {
	var first *Profile
	for _, p := range all() {
		if p.Name != name || p.Kind != kind || len(p.Header)+len(p.Order) > 0 {
			continue
		}
		if slices.ContainsFunc(p.Members, o.Has) {
			return &p
		}
		if first == nil {
			first = &p
		}
	}
	return first
}

// OfTable is the profile of that name for a kind: the one that fits the header, or else the one without a
// header, or else the first; nil for none.
func OfTable(name string, kind schemas.Kind, header []string) *Profile {
	var first *Profile
	for _, p := range all() {
		if p.Name != name || p.Kind != kind || len(p.Header)+len(p.Order) == 0 {
			continue
		}
		if p.fits(header) {
			return &p
		}
		if first == nil || len(p.Order) > 0 {
			first = &p
		}
	}
	return first
}

func (p *Profile) fits(header []string) bool {
	return len(p.Header) > 0 && !slices.ContainsFunc(p.Header, func(name string) bool { return !slices.Contains(header, name) })
}

// KindOf is the kind of records that a profile is of, "" where it is of both or not known.
func KindOf(name string) schemas.Kind {
	var kind schemas.Kind
	for _, p := range all() {
		switch {
		case p.Name != name:
		case kind != "" && kind != p.Kind:
			return ""
		default:
			kind = p.Kind
		}
	}
	return kind
}

// IsTable says whether a profile of that name is of tables.
func IsTable(name string) bool {
	return slices.ContainsFunc(all(), func(p Profile) bool { return p.Name == name && len(p.Header)+len(p.Order) > 0 })
}

// ByHeader is the profile of a table with these columns, folded; nil for none. The one that asks for
// most columns wins.
func ByHeader(header []string, kind schemas.Kind) *Profile {
	var best *Profile
	for _, p := range all() {
		if p.Kind == kind && p.fits(header) && (best == nil || len(p.Header) > len(best.Header)) {
			best = &p
		}
	}
	return best
}

// ByOutline is the profile of a JSON with this outline, nil for none.
func ByOutline(o Outline, kind schemas.Kind) *Profile {
	for _, p := range all() {
		if len(p.Members) > 0 && p.Kind == kind && slices.ContainsFunc(p.Members, o.Has) && !slices.ContainsFunc(p.Lacks, o.Has) {
			return &p
		}
	}
	return nil
}

// Outline are the paths of the members at the beginning of a JSON: names joined by dots, and [] for the
// elements of a list.
type Outline map[string]bool

// Has says whether any path of the outline fits a pattern, in which * stands for any name.
func (o Outline) Has(pattern string) bool {
	if !strings.Contains(pattern, "*") {
		return o[pattern]
	}
	want := strings.Split(pattern, ".")
	for path := range o {
		if has := strings.Split(path, "."); len(has) == len(want) && fits(has, want) {
			return true
		}
	}
	return false
}

func fits(has, want []string) bool {
	for i := range want {
		if want[i] != "*" && want[i] != has[i] {
			return false
		}
	}
	return true
}
