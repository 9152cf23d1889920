package jobs

import (
	"slices"
	"strings"

	"pamsync/schemas"
)

// lacking are the fields that every session has (vault-api a.6) and that none of a list has: an open session
// alone may be without its end and its length.
func lacking(l schemas.Listing) []string {
	return slices.DeleteFunc(slices.Clone(l.Lacks), func(name string) bool { return name == "end" || name == "time" })
}

// keyTroubles are what a list of sessions has not and should, and what it has that nobody here knows: the
// vault may have renamed the one to the other.
func keyTroubles(l schemas.Listing) []schemas.Problem {
	var all []schemas.Problem
	if gone := lacking(l); len(gone) > 0 {
		all = append(all, schemas.Problem{Code: "sessions_lack", Args: schemas.Pairs("keys", strings.Join(gone, ", "))})
	}
	if len(l.Strange) > 0 {
		all = append(all, schemas.Problem{Code: "sessions_strange", Args: schemas.Pairs("keys", strings.Join(l.Strange, ", "))})
	}
	return all
}

// noticeKeys warns of the keys of a list of sessions.
func (e *Env) noticeKeys(l schemas.Listing) {
	for _, p := range keyTroubles(l) {
		e.Warn(p)
	}
}

// noticeShape warns of a list that does not look as doctor recorded it, but for what keyTroubles tells.
func (x *exporter) noticeShape(folder string) {
	known, err := loadShapes(folder)
	if err != nil {
		x.e.Warn(faultOf(err).Problem)
		return
	}
	told := append(lacking(x.listing), x.listing.Strange...)
	for _, p := range shapeChanges(known, map[string]*schemas.Shape{x.o.What: x.listing.Shape}) {
		if p.Code == "shape_changed" || !slices.Contains(told, p.Args["key"]) {
			x.e.Warn(p)
		}
	}
}
