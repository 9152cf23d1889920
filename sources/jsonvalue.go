package sources

import (
	"strconv"
	"strings"

	"pamsync/schemas/scan"
)

// text is a value as a person reads it. A reference of a CMDB is its display value; an object
// without one is opaque: an id or a link never becomes a name.
func (m *jsonMapping) text(raw []byte) (text []byte, opaque bool) {
	if value, ok := scan.Scalar(raw); ok {
		if m.format == "servicenow" && isSysID(value) {
			return nil, false // a reference by its id alone: there is no name in it
		}
		return value, false
	}
	if len(raw) == 2 {
		return nil, false // an empty object or list, as PHP writes what is not there
	}
	best := len(labels)
	for name, value := range scan.Members(raw) {
		for rank, label := range labels[:best] {
			if string(name) != label {
				continue
			}
			if label, ok := scan.Text(value); ok {
				text, best = label, rank
			} else if scan.IsNull(value) {
				text, best = nil, rank
			}
			break
		}
		if best == 0 {
			break // there is no better one
		}
	}
	if best < len(labels) {
		return text, false
	}
	if m.format == "servicenow" && isReference(raw) {
		return nil, false // link and sys_id only: there is no name in it
	}
	return nil, true
}

// labels are the members of an object that hold its name for people, the best first.
var labels = [...]string{"display_value", "display_name", "display", "label", "name"}

// isSysID tells ServiceNow's ids: 32 hex digits.
func isSysID(value []byte) bool {
	if len(value) != 32 {
		return false
	}
	for _, c := range value {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

func isReference(raw []byte) bool {
	_, link := scan.Get(raw, "link")
	_, value := scan.Get(raw, "value")
	return link || value
}

// resolve follows a dotted path; a member whose own name holds the dots comes first, as in
// dot-walked exports. A number picks an element of an array.
func resolve(raw []byte, path string) ([]byte, bool) {
	if value, ok := scan.Get(raw, path); ok {
		return value, true
	}
	for at := strings.IndexByte(path, '.'); at > 0; {
		if value, ok := member(raw, path[:at]); ok {
			return resolve(value, path[at+1:])
		}
		next := strings.IndexByte(path[at+1:], '.')
		if next < 0 {
			break
		}
		at += 1 + next
	}
	return member(raw, path)
}

// keyPath is the name of the member that holds the record under way.
const keyPath = "$key"

// isWide tells a path that only resolveAll follows.
func isWide(path string) bool { return path == keyPath || strings.ContainsAny(path, "[*") }

// resolveAll follows a path wherever it leads: through each element of a list on the way, through each
// member for *, to the elements that a filter [member=text] leaves, or to the one that [2] counts from 0.
func resolveAll(raw []byte, path string) [][]byte {
	if path == "" {
		return [][]byte{raw}
	}
	if value, ok := scan.Get(raw, path); ok { // a member whose own name holds the dots
		return [][]byte{value}
	}
	name, rest := firstStep(path)
	switch {
	case len(raw) > 0 && raw[0] == '[' && !strings.HasPrefix(name, "["):
		if value, ok := member(raw, name); ok {
			return resolveAll(value, rest)
		}
		return through(raw, path)
	case name == "*":
		var all [][]byte
		for _, value := range scan.Members(raw) {
			all = append(all, resolveAll(value, rest)...)
		}
		return all
	case strings.HasPrefix(name, "["):
		return chosen(raw, strings.Trim(name, "[]"), rest)
	}
	for at := strings.IndexByte(path, '.'); at > 0; { // the longest names are tried last
		if value, ok := scan.Get(raw, path[:at]); ok {
			return resolveAll(value, path[at+1:])
		}
		next := strings.IndexByte(path[at+1:], '.')
		if next < 0 {
			break
		}
		at += 1 + next
	}
	return nil
}

// firstStep is the first step of a path, and what follows it. Dots in brackets part nothing, and a
// bracket may follow a name without a dot.
func firstStep(path string) (name, rest string) {
	depth := 0
	for i := range len(path) {
		switch c := path[i]; {
		case c == '[' && depth == 0 && i > 0:
			return path[:i], path[i:]
		case c == '[':
			depth++
		case c == ']':
			depth--
		case c == '.' && depth == 0:
			return path[:i], path[i+1:]
		}
	}
	return path, ""
}

func through(list []byte, path string) [][]byte {
	var all [][]byte
	for element := range scan.Elements(list) {
		all = append(all, resolveAll(element, path)...)
	}
	return all
}

// chosen are the elements of a list that a filter or a number leaves; an empty one leaves all.
func chosen(list []byte, filter, rest string) [][]byte {
	rest = strings.TrimPrefix(rest, ".")
	key, want, filtered := strings.Cut(filter, "=")
	want = strings.Trim(want, `"'`)
	var all [][]byte
	i := 0
	for element := range scan.Elements(list) {
		takes := filter == "" || !filtered && filter == strconv.Itoa(i)
		if filtered {
			value, ok := resolve(element, strings.TrimSpace(key))
			text, scalar := scan.Scalar(value)
			takes = ok && scalar && string(text) == strings.TrimSpace(want)
		}
		if takes {
			all = append(all, resolveAll(element, rest)...)
		}
		i++
	}
	return all
}

func member(raw []byte, name string) ([]byte, bool) {
	if value, ok := scan.Get(raw, name); ok {
		return value, true
	}
	if len(raw) == 0 || raw[0] != '[' {
		return nil, false
	}
	want := 0
	for _, c := range name {
		if c < '0' || c > '9' {
			return nil, false
		}
		want = want*10 + int(c-'0')
	}
	i := 0
	for element := range scan.Elements(raw) {
		if i == want {
			return element, true
		}
		i++
	}
	return nil, false
}
