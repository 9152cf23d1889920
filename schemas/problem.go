package schemas

import (
	"sort"
	"strconv"
	"strings"
)

// Args are the named values that a problem's words need.
type Args map[string]string

// Place is where in an input something stands. Row is the physical line of a text file, the
// row of a sheet, or the record counted from 1; Column is the header's name or the path in a
// record; Col counts columns of the file from 1 and is 0 where there are none.
type Place struct {
	Source string `json:"source,omitempty"`
	Sheet  string `json:"sheet,omitempty"`
	Row    int    `json:"row,omitempty"`
	Col    int    `json:"col,omitempty"`
	Column string `json:"column,omitempty"`
	// Pointer is set for a JSON document: "#/result/217/ip_address".
	Pointer string `json:"pointer,omitempty"`
}

// String is the clickable form: file:line:col, book.xlsx!Sheet!C218 or file.json#/path.
func (p Place) String() string {
	var b strings.Builder
	b.WriteString(p.Source)
	switch {
	case p.Pointer != "":
		b.WriteString(p.Pointer)
	case p.Sheet != "" && p.Row == 0:
		b.WriteString("!" + p.Sheet)
	case p.Sheet != "":
		b.WriteString("!" + p.Sheet + "!" + columnLetters(p.Col) + strconv.Itoa(p.Row))
	case p.Row > 0:
		b.WriteString(":" + strconv.Itoa(p.Row))
		if p.Col > 0 {
			b.WriteString(":" + strconv.Itoa(p.Col))
		}
	}
	return b.String()
}

// SameRow says whether two places stand in one row of one source.
func (p Place) SameRow(other Place) bool {
	return p.Source == other.Source && p.Sheet == other.Sheet && p.Row == other.Row
}

// columnLetters is the spreadsheet's name of a column counted from 1 ("" for 0).
func columnLetters(n int) string {
	var s string
	for ; n > 0; n = (n - 1) / 26 {
		s = string(rune('A'+(n-1)%26)) + s
	}
	return s
}

// Problem is a reject's, hold's, fault's or warning's data: what happened (Code), where, and
// the arguments of its words. Package words turns it into a sentence.
type Problem struct {
	Code  string `json:"code"`
	Place Place  `json:"place,omitzero"`
	Args  Args   `json:"args,omitempty"`
}

// Class decides what a fault does to a run, and so its exit code.
type Class string

// The classes of faults.
const (
	ClassUsage       Class = "usage"       // 64
	ClassInput       Class = "input"       // 65
	ClassConfig      Class = "config"      // 78
	ClassGuard       Class = "guard"       // 11
	ClassLocked      Class = "locked"      // 13
	ClassUnreachable Class = "unreachable" // 69
	ClassBusy        Class = "busy"        // 75
	ClassRefused     Class = "refused"     // 77
	ClassDisk        Class = "disk"        // 74
	ClassBug         Class = "bug"         // 70
	ClassInterrupted Class = "interrupted" // 130, 143
	ClassStopped     Class = "stopped"     // 12
	ClassFailed      Class = "failed"      // 1
)

// Fault is the one error that crosses stages. Err is the cause, for errors.Is; its text is
// shown to a person only where the code's words ask for it through Args.
type Fault struct {
	Class   Class
	Problem Problem
	Err     error
}

// NewFault makes a fault from a code and pairs of argument names and values.
func NewFault(class Class, code string, pairs ...string) *Fault {
	return &Fault{Class: class, Problem: Problem{Code: code, Args: Pairs(pairs...)}}
}

// Pairs makes Args of names and values in turn.
func Pairs(pairs ...string) Args {
	if len(pairs) == 0 {
		return nil
	}
	args := make(Args, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i]] = pairs[i+1]
	}
	return args
}

// At adds the place to a fault.
func (f *Fault) At(p Place) *Fault {
	f.Problem.Place = p
	return f
}

// Because adds the cause to a fault, and its text as the argument "cause".
func (f *Fault) Because(err error) *Fault {
	f.Err = err
	if f.Problem.Args == nil {
		f.Problem.Args = Args{}
	}
	f.Problem.Args["cause"] = err.Error()
	return f
}

// Error is for developers: the code and its arguments. A person gets package words' text.
func (f *Fault) Error() string {
	var b strings.Builder
	if place := f.Problem.Place.String(); place != "" {
		b.WriteString(place + ": ")
	}
	b.WriteString(f.Problem.Code)
	names := make([]string, 0, len(f.Problem.Args))
	for name := range f.Problem.Args {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		b.WriteString(" " + name + "=" + strconv.Quote(f.Problem.Args[name]))
	}
	return b.String()
}

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.Err }
