package pipeline

import (
	"math/bits"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"pamsync/schemas"
)

// judgeKey finds what makes a row's key unreadable. Fatal is set where not even the device can
// be told, so that nothing of the kind may be taken for missing.
func judgeKey(row *schemas.Row) (fatal bool, problems []schemas.Problem) {
	bad := func(f schemas.Field, code string) {
		problems = append(problems, schemas.Problem{Code: code, Place: row.Place(f)})
	}
	if row.NoRecord {
		return false, nil // its reason says it
	}
	if row.Kind == schemas.KindInfo {
		return judgeInfoKey(row)
	}
	for _, p := range row.Problems {
		if p.Code == "ragged" || p.Code == "record_no_object" || p.Code == "member_twice" || p.Code == "swallowed_rows" {
			return true, nil
		}
	}
	hostname := row.Values[schemas.FieldHostname]
	switch {
	case hostname == "" || badField(row, schemas.FieldHostname):
		fatal = true
		if !badField(row, schemas.FieldHostname) {
			bad(schemas.FieldHostname, "no_hostname")
		}
	case hasControl(hostname) || len(hostname) > 255:
		fatal = true
		bad(schemas.FieldHostname, "bad_hostname")
	default:
		code := schemas.Damage(hostname)
		if isMojibake(hostname) {
			code = "mojibake"
		}
		if code != "" {
			fatal = true
			problems = append(problems, damage(row, schemas.FieldHostname, code))
		}
	}
	if !row.Kind.Account() {
		return fatal, problems
	}
	username := row.Values[schemas.FieldUsername]
	if username == "" && !badField(row, schemas.FieldUsername) {
		bad(schemas.FieldUsername, "no_username")
	} else if hasControl(username) {
		row.Values[schemas.FieldUsername] = ""
		bad(schemas.FieldUsername, "bad_username")
	} else if code := schemas.Damage(username); code != "" {
		problems = append(problems, damage(row, schemas.FieldUsername, code))
	}
	return fatal, problems
}

func damage(row *schemas.Row, f schemas.Field, code string) schemas.Problem {
	return schemas.Problem{Code: code, Place: row.Place(f), Args: schemas.Pairs("field", f.String(), "value", strings.Clone(row.Values[f]))}
}

// badField tells that the reader already found the field to be no text.
func badField(row *schemas.Row, f schemas.Field) bool {
	for _, p := range row.Problems {
		if p.Args["field"] == f.String() {
			return true
		}
	}
	return false
}

// judgeValues finds values that must not be sent. They are held against the row only where
// they would be: what the vault already has is not rejected. It looks at the fields whose bits are
// in fields.
func judgeValues(row *schemas.Row, fields uint64) []schemas.Problem {
	var bad []schemas.Problem
	for m := fields; m != 0; m &= m - 1 {
		f := schemas.Field(bits.TrailingZeros64(m))
		value := row.Values[f]
		code := judgeValue(f, value)
		if code == "" && !row.Exact && 1<<f&wordFields != 0 {
			code = schemas.Damage(value)
		}
		if code != "" {
			bad = append(bad, schemas.Problem{Code: code, Place: row.Place(f), Args: schemas.Pairs("field", f.String(), "value", strings.Clone(value))})
		}
	}
	return bad
}

// judgeValue is the code of what is wrong with a value, "" for nothing.
func judgeValue(f schemas.Field, value string) string {
	switch f {
	case schemas.FieldIP:
		if code := problemIP(value); code != "" {
			return code
		}
	case schemas.FieldIdentifier:
		if code := schemas.Damage(value); code != "" {
			return code
		}
		if !validIdentifier(value) {
			return "bad_identifier"
		}
	case schemas.FieldID:
		if !digits(value) {
			return "bad_id"
		}
	case schemas.FieldParent:
		if !digits(value) {
			return "bad_parent"
		}
	case schemas.FieldAdditional: // a note may have several lines
		value = strings.NewReplacer("\n", "", "\r", "", "\t", "").Replace(value)
	}
	if hasControl(value) {
		return "control_character"
	}
	if isMojibake(value) {
		return "mojibake"
	}
	return ""
}

// validIdentifier is the charset that the vault accepts (vault-api a.3).
func validIdentifier(s string) bool {
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r == '.':
		default:
			return false
		}
	}
	return true
}

func digits(s string) bool {
	_, err := strconv.ParseUint(s, 10, 64)
	return err == nil
}

// hasControl finds control characters. Nearly all texts have none, and are looked at eight bytes
// at a time.
func hasControl(s string) bool {
	rest := s
	for ; len(rest) >= 8; rest = rest[8:] {
		if !printable(eight(rest)) {
			return hasControlAt(rest)
		}
	}
	switch n := len(s); {
	case n >= 8 && printable(eight(s[n-8:])), n >= 4 && n < 8 && printable(four(s)|four(s[n-4:])<<32):
		return false
	}
	return hasControlAt(rest)
}

// highs are the bits that no byte of ASCII has.
const highs = 0x8080808080808080

// printable says whether eight bytes are ASCII without a control character.
func printable(w uint64) bool {
	const ones = 0x0101010101010101
	del := w ^ 0x7f*ones
	return (w|(w-' '*ones)&^w|(del-ones)&^del)&highs == 0
}

// eight are the first eight bytes of a text.
func eight(s string) uint64 {
	s = s[:8]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// four are the first four bytes of a text.
func four(s string) uint64 {
	s = s[:4]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24
}

// isControl tells control characters, and the marks that nobody sees and that turn the order of a text or
// make two names look alike.
func isControl(r rune) bool {
	switch {
	case r == 0x200b, r == 0x200e, r == 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x2069, r == 0xfeff:
		return true
	}
	return unicode.IsControl(r)
}

func hasControlAt(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c >= utf8.RuneSelf:
			return strings.ContainsFunc(s[i:], isControl)
		case c < ' ', c == 0x7f:
			return true
		}
	}
	return false
}
