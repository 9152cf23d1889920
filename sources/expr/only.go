package expr

import "strings"

// Only is the expression without the choices, and the members of an object, that a file has no column
// for; nil where nothing is left.
func (e *Expr) Only(has func(path string) bool) *Expr {
	switch {
	case e.leaf == leafPath && !has(e.path):
		return nil
	case e.name == "coalesce":
		var args []*Expr
		for _, arg := range e.args {
			if kept := arg.Only(has); kept != nil {
				args = append(args, kept)
			}
		}
		return e.with(args)
	case e.name == "object":
		var args []*Expr
		for i := 0; i+1 < len(e.args); i += 2 {
			if kept := e.args[i+1].Only(has); kept != nil {
				args = append(args, e.args[i], kept)
			}
		}
		return e.with(args)
	}
	return e
}

// with is the expression with other arguments.
func (e *Expr) with(args []*Expr) *Expr {
	switch {
	case len(args) == 0:
		return nil
	case len(args) == 1 && e.name == "coalesce":
		return args[0]
	}
	next := *e
	next.args = args
	next.source = next.render()
	return &next
}

// render writes an expression so that Parse reads the same.
func (e *Expr) render() string {
	switch e.leaf {
	case leafText:
		return quote(e.literal)
	case leafPath:
		if strings.ContainsAny(e.path, "(),\"'") {
			return "column(" + quote(e.path) + ")"
		}
		return e.path
	}
	var args []string
	for _, arg := range e.args {
		args = append(args, arg.render())
	}
	return e.name + "(" + strings.Join(args, ", ") + ")"
}

// Member is a member of an object, and the first column or path that it looks at.
type Member struct{ Name, Path string }

// Members are those of an expression that makes an object; none of any other.
func (e *Expr) Members() []Member {
	if e.name != "object" {
		return nil
	}
	var members []Member
	for i := 0; i+1 < len(e.args); i += 2 {
		if paths := e.args[i+1].Paths(); len(paths) > 0 {
			members = append(members, Member{e.args[i].literal, paths[0]})
		}
	}
	return members
}
