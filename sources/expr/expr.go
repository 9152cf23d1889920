package expr

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
)

// Expr is a parsed expression.
type Expr struct {
	name    string
	args    []*Expr
	path    string // of a leaf that stands for a value
	literal string // of a leaf that is itself
	leaf    leaf
	pattern *regexp.Regexp // of regex
	piece   int            // of split
	source  string
}

type leaf int

const (
	notLeaf leaf = iota
	leafPath
	leafText
)

// Get gives the values that a path has in a record; none where there are none.
type Get func(path string) []string

// Column is the expression that is a column or a path and nothing else.
func Column(path string) *Expr { return &Expr{leaf: leafPath, path: path, source: path} }

// Plain is the column or path of an expression that is nothing else.
func (e *Expr) Plain() (path string, ok bool) { return e.path, e.leaf == leafPath }

// String is the expression as it was written.
func (e *Expr) String() string { return e.source }

// Alternatives are the columns or paths of an expression that is the first of them that has a value,
// and nothing else; ok is false for any other.
func (e *Expr) Alternatives() (paths []string, ok bool) {
	if e.leaf == leafPath {
		return []string{e.path}, true
	}
	if e.name != "coalesce" {
		return nil, false
	}
	for _, arg := range e.args {
		if arg.leaf != leafPath {
			return nil, false
		}
		paths = append(paths, arg.path)
	}
	return paths, true
}

// Paths are the columns and paths that an expression looks at, in their order.
func (e *Expr) Paths() []string {
	if e.leaf == leafPath {
		return []string{e.path}
	}
	var paths []string
	for _, arg := range e.args {
		paths = append(paths, arg.Paths()...)
	}
	return paths
}

// Text is the value of the expression: its first that is not empty.
func (e *Expr) Text(get Get) string {
	for _, text := range e.all(get) {
		if text != "" {
			return text
		}
	}
	return ""
}

// All are the values of the expression, without empty ones.
func (e *Expr) All(get Get) []string {
	var all []string
	for _, text := range e.all(get) {
		if text != "" {
			all = append(all, text)
		}
	}
	return all
}

func (e *Expr) all(get Get) []string {
	switch e.leaf {
	case leafPath:
		return get(e.path)
	case leafText:
		return []string{e.literal}
	}
	switch e.name {
	case "coalesce", "default":
		for _, arg := range e.args {
			if found := arg.All(get); len(found) > 0 {
				return found
			}
		}
		return nil
	case "join":
		return []string{e.joined(get)}
	case "object":
		return []string{e.object(get)}
	case "first_ip":
		var texts []string
		for _, arg := range e.args {
			texts = append(texts, arg.All(get)...)
		}
		if ip, _ := FirstIP(strings.Join(texts, " ")); ip != "" {
			return []string{ip}
		}
		return nil
	}
	var out []string
	for _, text := range e.args[0].All(get) {
		out = append(out, e.apply(text))
	}
	return out
}

// joined are the values of all arguments but the first, which stands between them; "" where one of them
// has none.
func (e *Expr) joined(get Get) string {
	var parts []string
	for _, arg := range e.args[1:] {
		text := arg.Text(get)
		if text == "" {
			return ""
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, e.args[0].literal)
}

// object is a JSON object of the members that have a value; "" where none has one.
func (e *Expr) object(get Get) string {
	members := map[string]string{}
	for i := 0; i+1 < len(e.args); i += 2 {
		if text := e.args[i+1].Text(get); text != "" {
			members[e.args[i].literal] = text
		}
	}
	if len(members) == 0 {
		return ""
	}
	b, _ := json.Marshal(members) // of texts alone
	return string(b)
}

// apply is a function of one text.
func (e *Expr) apply(text string) string {
	switch e.name {
	case "lower":
		return strings.ToLower(text)
	case "upper":
		return strings.ToUpper(text)
	case "trim":
		return strings.TrimSpace(text)
	case "not_ip":
		if ip, _ := FirstIP(text); ip != "" || isAddress(text) {
			return ""
		}
	case "only_ip":
		if !isAddress(text) {
			return ""
		}
	case "host":
		return Host(text)
	case "regex":
		return firstGroup(e.pattern.FindStringSubmatch(text))
	case "split":
		return piece(strings.Split(text, e.args[1].literal), e.piece)
	case "table":
		for i := 1; i+1 < len(e.args); i += 2 {
			if strings.EqualFold(strings.TrimSpace(text), e.args[i].literal) {
				return e.args[i+1].literal
			}
		}
		if len(e.args)%2 == 0 { // a last one stands for all others
			return e.args[len(e.args)-1].literal
		}
	}
	return text
}

func firstGroup(match []string) string {
	switch len(match) {
	case 0:
		return ""
	case 1:
		return match[0]
	}
	return match[1]
}

// piece is the n-th piece from 1, or from the end where n is negative.
func piece(pieces []string, n int) string {
	if n < 0 {
		n += len(pieces) + 1
	}
	if n < 1 || n > len(pieces) {
		return ""
	}
	return strings.TrimSpace(pieces[n-1])
}

// number reads the argument that counts pieces.
func number(e *Expr) (int, bool) {
	text := e.literal
	if e.leaf == leafPath {
		text = e.path
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n != 0
}
