// Package filter reads the small language of `where`, `protect` and --match:
//
//	operational_status == "1" and not (hostname =~ "^test-" or site != "LAX")
//
// The operators are == != =~ !~ (RE2), the words and, or, not, and parentheses; case is kept.
// A field whose name holds other signs than letters, digits and _ . - stands in quotes.
// It must not know where the fields come from: who matches gives a look-up.
package filter

import (
	"errors"
	"fmt"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Filter is a parsed expression. The nil Filter matches everything.
type Filter struct {
	text   string
	root   node
	fields map[string]bool
}

type node interface {
	match(get func(string) string) bool
}

type (
	both    struct{ a, b node }
	either  struct{ a, b node }
	negate  struct{ n node }
	compare struct {
		field, text string
		re          *regexp.Regexp
		not         bool
	}
)

func (n both) match(get func(string) string) bool   { return n.a.match(get) && n.b.match(get) }
func (n either) match(get func(string) string) bool { return n.a.match(get) || n.b.match(get) }
func (n negate) match(get func(string) string) bool { return !n.n.match(get) }
func (n compare) match(get func(string) string) bool {
	value := get(n.field)
	if n.re != nil {
		return n.re.MatchString(value) != n.not
	}
	return (value == n.text) != n.not
}

// Match says whether a record fits; get looks a field up, "" for one that is empty.
func (f *Filter) Match(get func(string) string) bool {
	return f == nil || f.root.match(get)
}

// Fields are the names that the expression uses, sorted.
func (f *Filter) Fields() []string {
	if f == nil {
		return nil
	}
	names := make([]string, 0, len(f.fields))
	for name := range f.fields {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// String is the expression as it was written.
func (f *Filter) String() string {
	if f == nil {
		return ""
	}
	return f.text
}

// Parse reads an expression; empty text gives nil. An error names the column, counted from 1.
func Parse(text string) (*Filter, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	p := &parser{text: text, fields: map[string]bool{}}
	p.next()
	root, err := p.or()
	if err == nil && p.tok != tokenEnd {
		err = p.fail("filter_surplus", "%s is one too many", strconv.Quote(p.word))
	}
	if err != nil {
		return nil, err
	}
	return &Filter{text: text, root: root, fields: p.fields}, nil
}

// ParseShort reads what --match takes: field=value and field~regexp, with ! before the sign
// to turn it round, or else an expression.
func ParseShort(text string) (*Filter, error) {
	m := regexp.MustCompile(`^\s*([\pL\pN_.-]+?)\s*(!?)([=~])([^=~].*)?$`).FindStringSubmatch(text)
	if m == nil {
		return Parse(text)
	}
	op := "=="
	if m[3] == "~" {
		op = "=~"
	}
	if m[2] == "!" {
		op = "!" + op[1:]
	}
	return Parse(m[1] + " " + op + " " + strconv.Quote(m[4]))
}

type token int

const (
	tokenEnd token = iota
	tokenWord
	tokenText
	tokenOp
	tokenOpen
	tokenClose
	tokenBad
)

type parser struct {
	text   string
	at     int // of what follows the current token
	start  int
	tok    token
	word   string
	fields map[string]bool
}

// Error is why an expression cannot be read: a code, where, and what was found there.
type Error struct {
	Code   string
	Column int // counted from 1
	Found  string

	text string
}

// Error is for developers; a person gets package words' text of the code.
func (e *Error) Error() string { return fmt.Sprintf("column %d: %s", e.Column, e.text) }

// Reason is the error as arguments of a problem's words: the pairs cause, found and at.
func Reason(err error) []string {
	var e *Error
	if !errors.As(err, &e) {
		return []string{"cause", err.Error()}
	}
	return []string{"cause", e.Code, "found", e.Found, "at", strconv.Itoa(e.Column)}
}

func (p *parser) fail(code, format, found string) error {
	text := format
	if found != "" {
		text = fmt.Sprintf(format, found)
	}
	return &Error{Code: code, Column: utf8.RuneCountInString(p.text[:p.start]) + 1, Found: found, text: text}
}

func (p *parser) or() (node, error) {
	left, err := p.and()
	for err == nil && p.tok == tokenWord && p.word == "or" {
		p.next()
		var right node
		right, err = p.and()
		left = either{left, right}
	}
	return left, err
}

func (p *parser) and() (node, error) {
	left, err := p.unary()
	for err == nil && p.tok == tokenWord && p.word == "and" {
		p.next()
		var right node
		right, err = p.unary()
		left = both{left, right}
	}
	return left, err
}

func (p *parser) unary() (node, error) {
	switch {
	case p.tok == tokenWord && p.word == "not":
		p.next()
		n, err := p.unary()
		return negate{n}, err
	case p.tok == tokenOpen:
		p.next()
		n, err := p.or()
		if err == nil && p.tok != tokenClose {
			err = p.fail("filter_open", "a closing parenthesis is missing", "")
		}
		p.next()
		return n, err
	case p.tok == tokenWord || p.tok == tokenText:
		return p.comparison()
	case p.tok == tokenEnd:
		return nil, p.fail("filter_no_field", "a field's name is missing", "")
	default:
		return nil, p.fail("filter_not_field", "wanted a field's name, found %s", strconv.Quote(p.word))
	}
}

func (p *parser) comparison() (node, error) {
	c := compare{field: p.word}
	p.next()
	if p.tok != tokenOp {
		return nil, p.fail("filter_no_sign", "after %s one of == != =~ !~ is missing", strconv.Quote(c.field))
	}
	op := p.word
	p.next()
	if p.tok != tokenText {
		return nil, p.fail("filter_no_text", "after %s a text in quotes is missing", op)
	}
	c.text, c.not = p.word, op[0] == '!'
	if op[1] == '~' {
		re, err := regexp.Compile(c.text)
		if err != nil {
			return nil, p.fail("filter_regexp", "the regular expression: %s", err.Error())
		}
		c.re = re
	}
	p.fields[c.field] = true
	p.next()
	return c, nil
}

func (p *parser) next() {
	rest := strings.TrimLeftFunc(p.text[p.at:], unicode.IsSpace)
	p.start = len(p.text) - len(rest)
	p.word = ""
	if rest == "" {
		p.tok, p.at = tokenEnd, len(p.text)
		return
	}
	n := 1
	switch c := rest[0]; {
	case c == '(':
		p.tok = tokenOpen
	case c == ')':
		p.tok = tokenClose
	case len(rest) > 1 && (rest[:2] == "==" || rest[:2] == "!=" || rest[:2] == "=~" || rest[:2] == "!~"):
		p.tok, n = tokenOp, 2
	case c == '"' || c == '\'':
		p.quoted(rest)
		return
	default:
		n = strings.IndexFunc(rest, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_.-$", r)
		})
		if n < 0 {
			n = len(rest)
		}
		p.tok = tokenWord
		if n == 0 {
			_, n = utf8.DecodeRuneInString(rest)
			p.tok = tokenBad
		}
	}
	p.word, p.at = rest[:n], p.start+n
}

// quoted reads a text in double or single quotes; a backslash keeps a quote or a backslash,
// and stands for itself before anything else, as regular expressions want it.
func (p *parser) quoted(rest string) {
	var b strings.Builder
	for i := 1; i < len(rest); i++ {
		switch c := rest[i]; {
		case c == '\\' && i+1 < len(rest) && (rest[i+1] == rest[0] || rest[i+1] == '\\'):
			i++
			b.WriteByte(rest[i])
		case c == rest[0]:
			p.tok, p.word, p.at = tokenText, b.String(), p.start+i+1
			return
		default:
			b.WriteByte(c)
		}
	}
	p.tok, p.word, p.at = tokenBad, rest, len(p.text)
}
