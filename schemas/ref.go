package schemas

import (
	"regexp"
	"strings"
)

// Ref is what a record is asked for by: its id or, of protected information alone and where no id is known, its
// identifier.
type Ref struct{ ID, Identifier string }

// Text is what stands in the path.
func (r Ref) Text() string {
	if r.ID != "" {
		return r.ID
	}
	return r.Identifier
}

// Names says whether a path can name a record of a kind so.
func (r Ref) Names(kind Kind) bool {
	if r.ID != "" {
		return allDigits(r.ID)
	}
	return kind == KindInfo && identifierInPath.MatchString(r.Identifier) && !allDigits(r.Identifier) && strings.Trim(r.Identifier, ".") != ""
}

// identifierInPath are the signs of an identifier that a path may hold. One of digits alone would be taken for
// the id of another record, and one of dots for another path.
var identifierInPath = regexp.MustCompile(`^[0-9A-Za-z._-]+$`)

func allDigits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }
