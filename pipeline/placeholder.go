package pipeline

import (
	"math/bits"
	"strings"

	"pamsync/schemas"
)

// empty takes away what people and programs write where there is nothing, and gives the bits of the fields
// that are left. Of a name there is then none.
func (inv *Inventory) empty(row *schemas.Row, given uint64) uint64 {
	for m := given; m != 0; m &= m - 1 {
		f := schemas.Field(bits.TrailingZeros64(m))
		value := row.Values[f]
		if !isPlaceholder(value) {
			continue
		}
		row.Values[f] = ""
		given &^= 1 << f
		if f != schemas.FieldHostname && f != schemas.FieldUsername {
			row.Notes = append(row.Notes, schemas.Problem{Code: "placeholder", Place: row.Place(f), Args: schemas.Pairs("field", f.String(), "value", strings.Clone(value))})
		}
	}
	return given
}

// mayStandForNothing are the first bytes of placeholders.
var mayStandForNothing = [256]bool{'-': true, '(': true, '<': true, 'n': true, 'N': true, 'u': true}

func isPlaceholder(text string) bool {
	if len(text) > 9 || text == "" || !mayStandForNothing[text[0]] {
		return false
	}
	for _, word := range standForNothing {
		if len(word) == len(text) && strings.EqualFold(word, text) {
			return true
		}
	}
	return false
}

var standForNothing = []string{"-", "--", "---", "n/a", "n/d", "null", "none", "nil", "nan", "(null)", "(none)", "(blank)", "<null>", "undefined"}

// maybeDamaged has the bits of the fields of words that begin as something does that a spreadsheet made of
// another: most begin with a letter.
func maybeDamaged(row *schemas.Row, given uint64) (mask uint64) {
	for m := given & wordFields; m != 0; m &= m - 1 {
		f := bits.TrailingZeros64(m)
		if v := row.Values[f]; v[0] <= '=' || len(v) > 4 && v[3] == '/' {
			mask |= 1 << f
		}
	}
	return mask
}

// wordFields are those in which damage would be sent as it stands; names are judged with the keys, and a note
// may say anything.
const wordFields = 1<<schemas.FieldSite | 1<<schemas.FieldModel | 1<<schemas.FieldVendor | 1<<schemas.FieldType | 1<<schemas.FieldCredentialType |
	1<<schemas.FieldDomain | 1<<schemas.FieldDeviceDomain | 1<<schemas.FieldDeviceTags | 1<<schemas.FieldTags | 1<<schemas.FieldConnectivities
