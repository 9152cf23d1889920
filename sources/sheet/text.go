package sheet

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// appendText appends a text as it is meant: entities and CDATA resolved, comments left out, line
// ends as XML reads them. What is not UTF-8, or a sign that XML does not allow, is refused.
func appendText(to, raw []byte) ([]byte, error) {
	if ordinary(raw) {
		return append(to, raw...), nil
	}
	if !utf8.Valid(raw) {
		return to, fail(CodeEncoding)
	}
	for len(raw) > 0 {
		i := bytes.IndexFunc(raw, func(r rune) bool { return r < ' ' || r == '&' || r == '<' || r == 0xfffe || r == 0xffff })
		if i < 0 {
			return append(to, raw...), nil
		}
		to = append(to, raw[:i]...)
		var err error
		if to, raw, err = special(to, raw[i:]); err != nil {
			return to, err
		}
	}
	return to, nil
}

// ordinary tells ASCII text that means itself; most cells are.
func ordinary(raw []byte) bool {
	for _, c := range raw {
		if c < ' ' || c >= utf8.RuneSelf || c == '&' || c == '<' {
			return false
		}
	}
	return true
}

// special appends what the sign at the beginning of raw stands for.
func special(to, raw []byte) (text, rest []byte, err error) {
	switch raw[0] {
	case '\t', '\n':
		return append(to, raw[0]), raw[1:], nil
	case '\r':
		return append(to, '\n'), bytes.TrimPrefix(raw[1:], []byte("\n")), nil
	case '<':
		for _, part := range [][2]string{{cdata, "]]>"}, {"<!--", "-->"}, {"<?", "?>"}} {
			if inner, ok := bytes.CutPrefix(raw, []byte(part[0])); ok {
				body, rest, _ := bytes.Cut(inner, []byte(part[1]))
				if part[0] == cdata {
					to = append(to, body...)
				}
				return to, rest, nil
			}
		}
	case '&':
		if end := bytes.IndexByte(raw[:min(len(raw), 12)], ';'); end > 0 {
			if r, ok := entity(raw[1:end]); ok {
				return utf8.AppendRune(to, r), raw[end+1:], nil
			}
		}
	}
	return to, nil, fail(CodeMalformed, "cause", string(raw[:min(len(raw), 12)]))
}

// entity resolves the five that XML has, and character references.
func entity(name []byte) (rune, bool) {
	switch string(name) {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	digits, base := string(name[1:]), 10
	if digits[0] == 'x' || digits[0] == 'X' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	r := rune(n)
	return r, err == nil && n <= 0x10ffff && utf8.ValidRune(r) && (n >= 0x20 || n == '\t' || n == '\n' || n == '\r')
}

// unescape reads _x000D_ and the like, which stand for signs that XML cannot hold (ECMA-376,
// ST_Xstring). The text is changed in place.
func unescape(text []byte) []byte {
	from := bytes.Index(text, []byte("_x"))
	if from < 0 {
		return text
	}
	out := text[:from]
	for i := from; i < len(text); {
		if r, ok := escaped(text[i:]); ok {
			out = utf8.AppendRune(out, r)
			i += len("_x0000_")
			continue
		}
		out = append(out, text[i])
		i++
	}
	return out
}

func escaped(text []byte) (rune, bool) {
	if len(text) < len("_x0000_") || text[0] != '_' || text[1] != 'x' || text[6] != '_' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return rune(n), err == nil && (n < 0xd800 || n > 0xdfff)
}
