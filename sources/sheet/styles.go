package sheet

import (
	"io"
	"strconv"
	"strings"
)

// maxStyles is how many styles, and how many formats, a workbook may have; Excel allows 65,490.
const maxStyles = 1 << 16

// dated says whether a style shows a number as a date. The styles are read when the first
// number with a style asks for them.
func (b *Book) dated(style int) (bool, error) {
	if b.styles == nil {
		styles, err := b.readStyles()
		if err != nil {
			return false, err
		}
		b.styles = styles
	}
	return style < len(b.styles) && b.styles[style], nil
}

// readStyles tells for each cell format whether it is one of dates.
func (b *Book) readStyles() ([]bool, error) {
	styles := []bool{}
	if b.stylesPart == "" {
		return styles, nil
	}
	part, err := b.open(b.stylesPart)
	if err != nil {
		return nil, err
	}
	defer part.Close()
	s := &scanner{in: fromReader(part)}
	if styles, err = formats(s); err != nil {
		if fault, ok := err.(*Error); ok {
			fault.Part = b.stylesPart
		}
		return nil, err
	}
	return styles, nil
}

func formats(s *scanner) ([]bool, error) {
	root, err := s.root("styleSheet")
	if err != nil || s.empty {
		return nil, err
	}
	prefix := root[:len(root)-len("styleSheet")]
	custom := map[int]bool{}
	styles := []bool{}
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

func customFormat(s *scanner, custom map[int]bool) error {
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
	custom[decimal([]byte(id))] = showsDate(code)
	return s.skip()
}

func cellFormat(s *scanner, styles []bool, custom map[int]bool) ([]bool, error) {
	id, _, err := s.get("numFmtId", false)
	if err != nil {
		return nil, err
	}
	if len(styles) == maxStyles {
		return nil, fail(CodeLimit, "what", "styles", "limit", strconv.Itoa(maxStyles))
	}
	n := decimal([]byte(id))
	dated, ours := custom[n]
	if !ours {
		dated = builtinDate(n)
	}
	return append(styles, dated), s.skip()
}

// builtinDate tells the formats of dates and times that a workbook need not spell out
// (ECMA-376, numFmt; those of East Asian ones among them).
func builtinDate(id int) bool {
	return id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 && id <= 47 && id != 46 || id >= 50 && id <= 58
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

// skipTo is the place of the next closing sign, or the last one of the text.
func skipTo(code string, i int, closing byte) int {
	if end := strings.IndexByte(code[i+1:], closing); end >= 0 {
		return i + 1 + end
	}
	return len(code) - 1
}
