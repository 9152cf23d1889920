// Package cli is the command line: commands, flags, messages and exit codes. A command is
// grammar and one call into package jobs; only this package prints errors, and only main
// exits.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"pamsync/pipeline/jobs"
	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
)

// Streams are what a command line talks to. Getenv gives the environment.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	Getenv   func(string) string
	// Interrupt ends when the process is asked to stop; its cause is a jobs.Interrupted.
	Interrupt context.Context
}

// Version is what `pamsync version` says; a release build sets it by the linker.
var Version = "0.1.0-dev"

// Run executes one command line and returns its exit code.
func Run(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer) (code int) {
	answer := &checked{w: stdout}
	a := &app{ctx: ctx, args: args, getenv: getenv, in: stdin, out: answer, terminal: isTerminal(stdout), err: stderr}
	a.asksJSON = asksJSON(args, getenv("PAMSYNC_JSON"))
	a.lang = words.Pick(flagValue(args, "--lang", getenv("PAMSYNC_LANG")), getenv)
	defer func() {
		if r := recover(); r != nil {
			a.bug(r)
			code = 70
		}
	}()
	root := a.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	return a.finish(a.cut(err))
}

// cut is the fault of an answer that did not get out whole, where nothing else went wrong first;
// a reader that has read enough is none.
func (a *app) cut(err error) error {
	var fault *schemas.Fault
	answer, ok := a.out.(*checked)
	if !ok || answer.err == nil || errors.Is(answer.err, syscall.EPIPE) || errors.As(err, &fault) {
		return err
	}
	return schemas.NewFault(schemas.ClassDisk, "output_failed", "path", "stdout").Because(answer.err)
}

// checked remembers the first error of the stream that the answer goes to: an answer that is
// cut is no answer.
type checked struct {
	w   io.Writer
	err error
}

func (c *checked) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	if err != nil && c.err == nil {
		c.err = err
	}
	return n, err
}

// app is one execution of the program.
type app struct {
	ctx      context.Context
	args     []string
	getenv   func(string) string
	in       io.Reader
	out, err io.Writer
	lang     words.Lang
	flags    flags
	outcome  jobs.Outcome
	terminal bool // the answer goes to one
	ran      bool // a job ran: the last line says its verdict
	asksJSON bool // --json is on the command line or in the environment, whatever else is wrong there
	exports  bool // the command writes an export
	// fromEnv holds the flags that were given by the environment, with the variable's name.
	fromEnv map[string]string
}

// flags are the values of all flags; a command binds those that it has.
type flags struct {
	config, url, devices, credentials, missing, out, exportOut, format, csvFor, lang, html, xlsx, sign string
	template                                                                                           jobs.TemplateOptions
	limits, allowNew, settle                                                                           []string
	sinceLast, withSecrets, yes, noInput, json, quiet, verbose, noColor                                bool
	dryRun, detailed, all                                                                              bool
	rps                                                                                                float64
	burst, workers, maxErrors, last                                                                    int
	timeout, maxDuration, lockTimeout                                                                  string
	from, to, by                                                                                       string
	match, networks                                                                                    []string
	open, anonymise, keepAnswer, withToken, oneByOne                                                   bool
	anonymiseKey, reason                                                                               string
	kind                                                                                               string
}

// say is one of the program's own texts in the language of this execution.
func (a *app) say(key string, pairs ...string) string { return words.Text(a.lang, key, pairs...) }

// flagValue finds a flag's value before the command line is parsed, for the language of the
// errors about the command line itself.
func flagValue(args []string, name, otherwise string) string {
	for i, arg := range args {
		if arg == name && i+1 < len(args) {
			return args[i+1]
		}
		if value, ok := strings.CutPrefix(arg, name+"="); ok {
			return value
		}
	}
	return otherwise
}

func (a *app) bug(r any) {
	fmt.Fprintf(a.err, "pamsync: %s\n", sinks.Message(a.lang, "error", schemas.Problem{Code: "bug", Args: schemas.Pairs("cause", fmt.Sprintf("%T", r))}))
	for _, line := range strings.Split(string(debug.Stack()), "\n") {
		// Function names and places only: the arguments of calls could hold anything.
		if strings.HasPrefix(line, "\t") {
			fmt.Fprintln(a.err, strings.TrimSpace(line))
		}
	}
	if a.asksJSON {
		a.object(70, schemas.NewFault(schemas.ClassBug, "bug", "cause", fmt.Sprintf("%T", r)))
	}
	fmt.Fprintln(a.err, "pamsync: "+words.Text(a.lang, "verdict_70"))
}

func (a *app) printFault(f *schemas.Fault) {
	fmt.Fprintln(a.err, sinks.Line(a.lang, "error", f.Problem))
}

// isTerminal says whether a stream is one.
func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// environment fills flags that were not given from PAMSYNC_ and the flag's name in capitals.
func (a *app) environment(cmd *cobra.Command) error {
	var err error
	a.fromEnv = map[string]string{}
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Changed || f.Name == "help" {
			return
		}
		name := "PAMSYNC_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		if value := a.getenv(name); value != "" {
			if setErr := f.Value.Set(value); setErr != nil && err == nil {
				err = badFlagValue(f, name, value)
			}
			f.Changed = true
			a.fromEnv[f.Name] = name
		}
	})
	return err
}
