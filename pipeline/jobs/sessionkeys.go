package jobs

import (
	"slices"

	"pamsync/schemas"
)

// lacking are the fields that every session has (vault-api a.6) and that none of a list has: an open session
// alone may be without its end and its length.
func lacking(l schemas.Listing) []string {
	return slices.DeleteFunc(slices.Clone(l.Lacks), func(name string) bool { return name == "end" || name == "time" })
}
