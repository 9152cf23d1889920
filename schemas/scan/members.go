package scan

import "iter"

// The functions here take values as Raw returns them. Given anything else they
// yield nonsense or nothing, never more than raw holds.

// Members iterates over the names and values of an object. A name aliases raw
// unless it had to be decoded. There are none for a value that is no object.
func Members(raw []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func([]byte, []byte) bool) { members(raw, yield) }
}

// Elements iterates over the values of an array; none for any other value.
func Elements(raw []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) { elements(raw, yield) }
}

// Get returns the value of the member with exactly that name. The last one
// wins when a name is repeated, as in encoding/json.
func Get(raw []byte, name string) ([]byte, bool) {
	var found []byte
	members(raw, func(key, value []byte) bool {
		if string(key) == name {
			found = value
		}
		return true
	})
	return found, found != nil
}

func members(raw []byte, yield func([]byte, []byte) bool) {
	i, ok := opened(raw, '{')
	for ok && i < len(raw) && raw[i] == '"' {
		end := stringEnd(raw, i)
		name, _ := Text(raw[i:end])
		i = blank(raw, end)
		i = blank(raw, i+1) // past the colon
		end = valueEnd(raw, i)
		if end <= i || !yield(name, raw[i:end:end]) {
			return
		}
		i = blank(raw, end)
		i = blank(raw, i+1) // past the comma
	}
}

func elements(raw []byte, yield func([]byte) bool) {
	i, ok := opened(raw, '[')
	for ok && i < len(raw) && raw[i] != ']' {
		end := valueEnd(raw, i)
		if end <= i || !yield(raw[i:end:end]) {
			return
		}
		i = blank(raw, end)
		i = blank(raw, i+1) // past the comma
	}
}

// opened is the place of the first part of a container of that kind.
func opened(raw []byte, open byte) (int, bool) {
	i := blank(raw, 0)
	if i >= len(raw) || raw[i] != open {
		return 0, false
	}
	return blank(raw, i+1), true
}

// blank is the first place from i on that is no white space.
func blank(raw []byte, i int) int {
	for i < len(raw) && space[raw[i]] {
		i++
	}
	return i
}

// valueEnd is the place after the value at i.
func valueEnd(raw []byte, i int) int {
	if i >= len(raw) {
		return i
	}
	switch raw[i] {
	case '"':
		return stringEnd(raw, i)
	case '{', '[':
		return containerEnd(raw, i)
	}
	for i < len(raw) && !edges[raw[i]] {
		i++
	}
	return i
}

func containerEnd(raw []byte, i int) int {
	depth := 0
	for i < len(raw) {
		switch raw[i] {
		case '"':
			i = stringEnd(raw, i)
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		i++
		if depth == 0 {
			break
		}
	}
	return i
}

// stringEnd is the place after the string at i.
func stringEnd(raw []byte, i int) int {
	i++
	for {
		i = plain(raw, i)
		if i >= len(raw) {
			return len(raw)
		}
		switch raw[i] {
		case '"':
			return i + 1
		case '\\':
			i++
		}
		i++
	}
}
