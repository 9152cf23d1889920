package sheet

import "bytes"

// attribute takes the next attribute off attrs; ok is false behind the last one.
func attribute(attrs []byte) (name, value, rest []byte, ok bool, err error) {
	i := blanks(attrs, 0)
	if i == len(attrs) {
		return nil, nil, nil, false, nil
	}
	from := i
	for i < len(attrs) && attrs[i] != '=' && attrs[i] > ' ' {
		i++
	}
	name = attrs[from:i]
	if i = blanks(attrs, i); i < len(attrs) && attrs[i] == '=' && len(name) > 0 {
		if i = blanks(attrs, i+1); i < len(attrs) && (attrs[i] == '"' || attrs[i] == '\'') {
			quote := attrs[i]
			for j := i + 1; j < len(attrs); j++ {
				if attrs[j] == quote {
					return name, attrs[i+1 : j], attrs[j+1:], true, nil
				}
			}
		}
	}
	return nil, nil, nil, false, fail(CodeMalformed, "cause", shown(attrs[from:]))
}

// blanks is the place of the next sign that is no blank.
func blanks(text []byte, i int) int {
	for i < len(text) && text[i] <= ' ' {
		i++
	}
	return i
}

// local is an element's or attribute's name without its prefix.
func local(name []byte) []byte {
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		return name[i+1:]
	}
	return name
}

// get finds an attribute of the tag by its local name; prefixed wants it with a prefix, as r:id.
func (s *scanner) get(want string, prefixed bool) (string, bool, error) {
	attrs := s.attrs
	found, value := false, ""
	for {
		name, raw, rest, ok, err := attribute(attrs)
		if err != nil {
			return "", false, err
		}
		if !ok {
			return value, found, nil
		}
		attrs = rest
		if string(local(name)) != want || (len(local(name)) != len(name)) != prefixed {
			continue
		}
		if found {
			return "", false, fail(CodeMalformed, "cause", want)
		}
		text, err := appendText(nil, raw)
		if err != nil {
			return "", false, err
		}
		found, value = true, string(text)
	}
}
