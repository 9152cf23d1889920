package pipeline

import (
	"regexp"
	"strconv"
)

// A date as people put it into the name of a file: year, month, day, or with something between them
// day and month, in either order, and year; and the time that may stand behind it.
var (
	dateFirst = regexp.MustCompile(`(\d{4})[-_.]?(\d{2})[-_.]?(\d{2})|(\d{2})[-_.](\d{2})[-_.](\d{4})`)
	timeNext  = regexp.MustCompile(`^[T_-]?(\d{2})[-:h]?(\d{2})(?:[-:]?(\d{2}))?Z?`)
)

// undated is a path without the dates and times in it. Digits that are no date, or a part of a
// longer number, stay: a number tells two files apart.
func undated(path string) string {
	var out []byte
	for {
		m := dateFirst.FindStringSubmatchIndex(path)
		if m == nil {
			return string(append(out, path...))
		}
		begin, end := m[0], dateEnd(path, m)
		if begin > 0 && digit(path[begin-1]) || end < 0 {
			for end = begin + 1; end < len(path) && digit(path[end]); end++ { // the whole number stays
			}
			begin = end
		}
		out, path = append(out, path[:begin]...), path[end:]
	}
}

// dateEnd is where a date, with its time, ends, -1 where it is none.
func dateEnd(path string, m []int) int {
	part := func(at string, m []int, group int) int {
		if m[2*group] < 0 {
			return -1
		}
		n, _ := strconv.Atoi(at[m[2*group]:m[2*group+1]])
		return n
	}
	year, month, day := part(path, m, 1), part(path, m, 2), part(path, m, 3)
	if year < 0 {
		year, month, day = part(path, m, 6), part(path, m, 5), part(path, m, 4)
		month, day = min(month, day), max(month, day)
	}
	if year < 1990 || year > 2099 || month < 1 || month > 12 || day < 1 || day > 31 {
		return -1
	}
	rest := path[m[1]:]
	if t := timeNext.FindStringSubmatchIndex(rest); t != nil && part(rest, t, 1) < 24 && part(rest, t, 2) < 60 && part(rest, t, 3) < 60 && ends(rest[t[1]:]) {
		return m[1] + t[1]
	}
	if !ends(rest) {
		return -1
	}
	return m[1]
}

// ends says whether no digit goes on.
func ends(rest string) bool { return rest == "" || !digit(rest[0]) }

func digit(c byte) bool { return c >= '0' && c <= '9' }
