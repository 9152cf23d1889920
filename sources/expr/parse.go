package expr

import (
	"fmt"
	"regexp"
	"strings"
)

// functions are the names of functions, with how many arguments each takes; -1 is any number.
func functions() map[string][2]int {
	return map[string][2]int{
		"coalesce": {1, -1}, "default": {2, 2}, "first_ip": {1, -1}, "lower": {1, 1}, "upper": {1, 1}, "trim": {1, 1},
		"not_ip": {1, 1}, "host": {1, 1}, "join": {2, -1}, "only_ip": {1, 1}, "regex": {2, 2}, "split": {3, 3}, "table": {3, -1}, "column": {1, 1}, "object": {2, -1},
	}
}

// call is the beginning of a function's call.
var call = regexp.MustCompile(`^([a-z_]+)\(`)

// Parse reads an expression. What does not begin with the name of a function and a parenthesis is a
// column's name, whatever stands in it.
func Parse(text string) (*Expr, error) {
	text = strings.TrimSpace(text)
	if !isCall(text) {
		return Column(text), nil
	}
	p := &parser{text: text}
	e, err := p.expression()
	if err == nil && p.at < len(p.text) {
		err = p.wrong("the end")
	}
	if err != nil {
		return nil, err
	}
	e.source = text
	return e, nil
}

func isCall(text string) bool {
	m := call.FindStringSubmatch(text)
	if m == nil || !strings.HasSuffix(text, ")") {
		return false
	}
	_, known := functions()[m[1]]
	return known
}

// SyntaxError says what an expression wants at a place, counted in bytes from 1.
type SyntaxError struct {
	At   int
	Want string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("%s at byte %d", e.Want, e.At) }

type parser struct {
	text string
	at   int
}

func (p *parser) wrong(want string) error { return &SyntaxError{At: p.at + 1, Want: want} }

func (p *parser) blanks() {
	for p.at < len(p.text) && (p.text[p.at] == ' ' || p.text[p.at] == '\t' || p.text[p.at] == '\n') {
		p.at++
	}
}

func (p *parser) expression() (*Expr, error) {
	p.blanks()
	rest := p.text[p.at:]
	if strings.HasPrefix(rest, `"`) || strings.HasPrefix(rest, "'") {
		return p.quoted()
	}
	if m := call.FindStringSubmatch(rest); m != nil {
		if _, known := functions()[m[1]]; known {
			p.at += len(m[0])
			return p.function(m[1])
		}
	}
	return p.plain()
}

// plain is a path up to a comma or a parenthesis; brackets keep what stands in them.
func (p *parser) plain() (*Expr, error) {
	from, depth := p.at, 0
	for ; p.at < len(p.text); p.at++ {
		c := p.text[p.at]
		if c == '[' {
			depth++
		} else if c == ']' {
			depth--
		}
		if depth <= 0 && (c == ',' || c == ')' || c == '(') {
			break
		}
	}
	path := strings.TrimSpace(p.text[from:p.at])
	if path == "" {
		return nil, p.wrong("a column or a path")
	}
	return Column(path), nil
}

// Object is the expression that makes a JSON object of texts: names, each followed by an expression.
func Object(members [][2]string) string {
	var b strings.Builder
	for i, m := range members {
		value := m[1]
		if !isCall(value) {
			value = "column(" + quote(value) + ")"
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(quote(m[0]) + ", " + value)
	}
	return "object(" + b.String() + ")"
}

func quote(text string) string { return `"` + strings.ReplaceAll(text, `"`, `""`) + `"` }

// quoted is a text; a quote in it is doubled, and a backslash is itself.
func (p *parser) quoted() (*Expr, error) {
	quote := p.text[p.at]
	var b strings.Builder
	for p.at++; p.at < len(p.text); p.at++ {
		c := p.text[p.at]
		if c == quote {
			p.at++
			if p.at >= len(p.text) || p.text[p.at] != quote {
				return &Expr{leaf: leafText, literal: b.String()}, nil
			}
		}
		b.WriteByte(c)
	}
	return nil, p.wrong("a quote that closes the text")
}

func (p *parser) function(name string) (*Expr, error) {
	e := &Expr{name: name}
	for {
		arg, err := p.expression()
		if err != nil {
			return nil, err
		}
		e.args = append(e.args, arg)
		p.blanks()
		if p.at < len(p.text) && p.text[p.at] == ',' {
			p.at++
			continue
		}
		if p.at >= len(p.text) || p.text[p.at] != ')' {
			return nil, p.wrong("a comma or a parenthesis that closes")
		}
		p.at++
		return p.checked(e)
	}
}

// checked holds the arguments of a function against what it takes.
func (p *parser) checked(e *Expr) (*Expr, error) {
	takes := functions()[e.name]
	if len(e.args) < takes[0] || takes[1] >= 0 && len(e.args) > takes[1] {
		return nil, p.wrong(fmt.Sprintf("another number of arguments of %s", e.name))
	}
	switch e.name {
	case "column":
		if e.args[0].leaf != leafText {
			return nil, p.wrong("a name in quotes")
		}
		return Column(e.args[0].literal), nil
	case "object":
		for i, arg := range e.args {
			if i%2 == 0 && arg.leaf != leafText || i == len(e.args)-1 && i%2 == 0 {
				return nil, p.wrong("names in quotes, each followed by its value")
			}
		}
	case "join":
		if e.args[0].leaf != leafText {
			return nil, p.wrong("a text in quotes that stands between")
		}
	case "regex":
		pattern, err := regexp.Compile(e.args[1].literal)
		if e.args[1].leaf != leafText || err != nil {
			return nil, p.wrong("a pattern in quotes, as RE2 has them")
		}
		e.pattern = pattern
	case "split":
		n, ok := number(e.args[2])
		if !ok || e.args[1].leaf != leafText || e.args[1].literal == "" {
			return nil, p.wrong("a separator in quotes and the number of a piece")
		}
		e.piece = n
	case "table":
		for _, arg := range e.args[1:] {
			if arg.leaf != leafText {
				return nil, p.wrong("texts in quotes")
			}
		}
	}
	return e, nil
}
