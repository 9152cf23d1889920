package sources

import (
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
