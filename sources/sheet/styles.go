package sheet

import (
	"io"
	"strconv"
	"strings"
)

// maxStyles is how many styles, and how many formats, a workbook may have; Excel allows 65,490.
const maxStyles = 1 << 16

// look is how a style shows a number.
type look uint8

const (
	asItIs  look = iota // General, as text, or its digits alone
	asDate              // or a time
	another             // with leading zeros, as a percentage, rounded, …
)

// look says how a style shows numbers. The styles are read when the first number asks for them;
// a style that is not there shows numbers as they are, as other readers have it.
func (b *Book) look(style int) (look, error) {
	if b.styles == nil {
		styles, err := b.readStyles()
		if err != nil {
			return asItIs, err
		}
		b.styles = styles
	}
	switch {
	case style == 0 && len(b.styles) == 0:
		return asItIs, nil
	case style >= len(b.styles):
		return another, nil // it may be a date, or a number that is shown in a way of its own
	}
	return b.styles[style], nil
}

// readStyles tells for each cell format how it shows numbers.
func (b *Book) readStyles() ([]look, error) {
	styles := []look{}
	if b.stylesPart == "" {
		return styles, nil
	}
	part, err := b.open(b.stylesPart)
	if err != nil {
		return nil, err
	}
	defer part.Close()
	s := &scanner{in: fromPart(part)}
	if styles, err = formats(s); err != nil {
		if fault, ok := err.(*Error); ok {
			fault.Part = b.stylesPart
		}
		return nil, err
	}
	return styles, nil
}

func formats(s *scanner) ([]look, error) {
	root, err := s.root("styleSheet")
	if err != nil {
		return nil, err
	}
	if s.empty {
		return []look{}, s.over()
	}
	prefix := root[:len(root)-len("styleSheet")]
	custom := map[int]look{}
	styles := []look{}
	inside := ""
	for {
		if err := s.tag(); err != nil {
			if err == io.EOF {
				return nil, fail(CodeCut)
			}
			return nil, err
		}
		name := strings.TrimPrefix(string(s.name), prefix)
		switch {
		case s.closing && string(s.name) == root:
			return styles, s.over()
		case s.closing && name == inside:
			inside = ""
		case !s.closing && inside == "" && (name == "numFmts" || name == "cellXfs"):
			if !s.empty {
				inside = name
			}
		case !s.closing && inside == "numFmts" && name == "numFmt":
			err = customFormat(s, custom)
		case !s.closing && inside == "cellXfs" && name == "xf":
			styles, err = cellFormat(s, styles, custom)
		case !s.closing:
			err = s.skip()
		default:
			err = fail(CodeMalformed, "cause", "</"+string(s.name)+">")
		}
		if err != nil {
			return nil, err
		}
	}
}

func customFormat(s *scanner, custom map[int]look) error {
	id, _, err := s.get("numFmtId", false)
	if err != nil {
		return err
	}
	code, _, err := s.get("formatCode", false)
	if err != nil {
		return err
	}
	if len(custom) == maxStyles {
		return fail(CodeLimit, "what", "styles", "limit", strconv.Itoa(maxStyles))
	}
	custom[decimal([]byte(id))] = lookOf(code)
	return s.skip()
}

func cellFormat(s *scanner, styles []look, custom map[int]look) ([]look, error) {
	id, _, err := s.get("numFmtId", false)
	if err != nil {
		return nil, err
	}
	if len(styles) == maxStyles {
		return nil, fail(CodeLimit, "what", "styles", "limit", strconv.Itoa(maxStyles))
	}
	n := decimal([]byte(id))
	shows, ours := custom[n]
	if !ours {
		shows = builtin(n)
	}
	return append(styles, shows), s.skip()
}

// builtin is how the formats show numbers that a workbook need not spell out (ECMA-376, numFmt;
// dates of East Asian ones among them): 0 is General, 1 digits alone, 49 text.
func builtin(id int) look {
	switch {
	case id >= 14 && id <= 22, id >= 27 && id <= 36, id == 45, id == 47, id >= 50 && id <= 58:
		return asDate
	case id <= 1, id == 49:
		return asItIs
	}
	return another
}

// lookOf is how a format that the workbook spells out shows numbers.
func lookOf(code string) look {
	switch {
	case showsDate(code):
		return asDate
	case strings.EqualFold(code, "general"), code == "@", code == "0":
		return asItIs
	}
	return another
}

// showsDate tells a format of dates or times by its signs, outside of quotes and brackets.
// Elapsed time ([h]:mm) is an amount, no date.
func showsDate(code string) bool {
	code, _, _ = strings.Cut(code, ";") // the part for positive numbers
	found := false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case '\\', '_', '*':
			i++
		case '"':
			i = skipTo(code, i, '"')
		case '[':
			end := skipTo(code, i, ']')
			if inner := strings.ToLower(code[i+1 : end]); inner != "" && strings.Trim(inner, "hms") == "" {
				return false
			}
			i = end
		case 'y', 'Y', 'd', 'D', 'h', 'H', 's', 'S', 'm', 'M':
			found = true
		case 'G', 'g':
			if strings.HasPrefix(strings.ToLower(code[i:]), "general") {
				return false
			}
		}
	}
	return found
}

// skipTo is the place of the next closing sign, or the end of a text without one.
func skipTo(code string, i int, closing byte) int {
	if end := strings.IndexByte(code[i+1:], closing); end >= 0 {
		return i + 1 + end
	}
	return len(code)
}
