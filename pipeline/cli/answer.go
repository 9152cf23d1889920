package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"strconv"
	"strings"

	"pamsync/pipeline/jobs"
	"pamsync/schemas"
	"pamsync/schemas/words"
)

// answer is what --json prints: the totals, and what went wrong.
type answer struct {
	schemas.Total
	Errors []reason `json:"errors,omitempty"`
}

// reason is a problem with its words. Like all that programs read it is in English.
type reason struct {
	schemas.Problem
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// asksJSON says whether a command line asks for JSON, before it is parsed: what is wrong with it
// has to be answered in JSON too.
func asksJSON(args []string, environment string) bool {
	asks, _ := strconv.ParseBool(environment)
	for _, arg := range args {
		value, given := strings.CutPrefix(arg, "--json=")
		switch {
		case arg == "--":
			return asks
		case arg == "--json":
			asks = true
		case given:
			asks, _ = strconv.ParseBool(value)
		}
	}
	return asks
}

// finish prints what went wrong, the JSON object, and the last line, and decides the code.
func (a *app) finish(err error) int {
	code := a.outcome.Exit
	if err != nil {
		code = a.complain(err)
	}
	asks := a.flags.json || a.asksJSON && err != nil
	if !a.ran {
		if asks && err != nil {
			a.object(code, err)
		}
		return code
	}
	if asks {
		a.object(code, err)
	}
	if late := a.cut(nil); late != nil && err == nil { // the object itself did not get out
		err, code = late, a.complain(late)
	}
	verdict, plain := a.outcome.Verdict, "verdict_"+strconv.Itoa(code)
	if verdict == "" || err != nil && !strings.HasPrefix(verdict, plain) {
		verdict = plain
	}
	last := "pamsync: " + words.Text(a.lang, verdict)
	if a.outcome.Run != "" {
		last += "; " + words.Text(a.lang, "run") + " " + a.outcome.Run
	}
	if !a.flags.quiet || code != 0 {
		fmt.Fprintln(a.err, last)
	}
	return code
}

// object prints the one JSON object: the job's own, else the totals where there are any, or where
// something went wrong. It goes to stdout, unless an export has that.
func (a *app) object(code int, err error) {
	var out io.Writer = a.out
	if a.exports && a.flags.exportOut == "-" {
		out = a.err
	}
	var object any
	switch {
	case a.outcome.JSON != nil:
		object = a.outcome.JSON
	case a.outcome.Total == nil && err == nil:
		return
	default:
		one := answer{Errors: a.errorsOf(err)}
		if a.outcome.Total != nil {
			one.Total = *a.outcome.Total
		}
		if one.Exit = code; a.outcome.Run != "" {
			one.Run = a.outcome.Run
		}
		object = one
	}
	data, _ := json.Marshal(object)
	fmt.Fprintln(out, string(data))
}

// errorsOf are the faults of an error, and what stopped the plan that the command is about.
func (a *app) errorsOf(err error) []reason {
	var all []reason
	add := func(p schemas.Problem) {
		all = append(all, reason{p, words.Problem(words.English, p.Code, p.Args), words.Hint(words.English, p.Code, p.Args)})
	}
	for _, f := range faultsOf(err) {
		p := f.Problem
		if p.Code == "plan_stopped" {
			p.Args = maps.Clone(p.Args)
			p.Args["why_not"] = jobs.StopWords(words.English, a.outcome.Stops)
		}
		add(p)
	}
	for _, stop := range a.outcome.Stops {
		add(stop)
	}
	return all
}

// faultsOf are the faults that an error is made of; what is none is one that says no more than it.
func faultsOf(err error) []*schemas.Fault {
	var several jobs.Faults
	var fault *schemas.Fault
	switch {
	case err == nil:
		return nil
	case errors.As(err, &several):
		return several
	case errors.As(err, &fault):
		return []*schemas.Fault{fault}
	}
	return []*schemas.Fault{schemas.NewFault(schemas.ClassFailed, "failed").Because(err)}
}

// complain prints an error, each fault on one line, and returns its exit code.
func (a *app) complain(err error) int {
	faults := faultsOf(err)
	for _, f := range faults {
		a.printFault(f)
	}
	var several jobs.Faults
	var ended jobs.Ended
	switch {
	case errors.As(err, &several):
		return jobs.ExitOf(faults[0].Class, 0)
	case errors.As(err, &ended):
		return a.outcome.Exit
	}
	return jobs.ExitOf(faults[0].Class, jobs.Signal(a.ctx))
}
