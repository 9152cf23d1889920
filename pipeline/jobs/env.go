package jobs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"pamsync/pipeline/vault"
	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
)

// Env is what every job works in: the configuration, the streams, the language.
type Env struct {
	Config  *schemas.Config
	Version string
	Args    []string // of the command line, which hold no secret (law 5)
	Lang    words.Lang
	Stdin   io.Reader
	Stdout  io.Writer // the answer
	Stderr  io.Writer // everything else
	// StdinTTY and StderrTTY tell terminals, where alone there are questions and bars.
	StdinTTY, StderrTTY bool
	Colour              bool
	JSON                bool
	Quiet               bool
	Verbose             bool
	All                 bool // show every change
	Streaming           bool // stdout is for records that are given as they come
	Yes                 bool
	NoInput             bool
	CSVFor              sinks.Dialect
	LockTimeout         time.Duration
	LockFolder          string
	SecretFile          string      // of the client, where the configuration names one
	More                MoreSecrets // further ones, where the configuration has them from
	// BookPassword opens protected workbooks whose source names no file with a password.
	BookPassword func() (schemas.Secret, error)
	// Identity is the private key that opens exports of secrets, from a source's file or command, or from
	// the environment; there need be none.
	Identity     func(file, command string) (schemas.Secret, error)
	Now          func() time.Time
	VaultOptions []vault.Option
	// Allow are new values of fields that a person has allowed, by --allow-new.
	Allow map[schemas.Field][]string
}

// Outcome is how a job ended: its exit code, and for a run its name and totals.
type Outcome struct {
	Exit   int
	Run    string
	Total  *schemas.Total
	Folder string
	// Stops are what stopped the plan that the job is about.
	Stops []schemas.Problem
	// JSON is what --json prints in the place of Total, nil for Total.
	JSON any
	// Verdict is the key of the last line's words, "" for the exit code's own.
	Verdict string
}

// Note says something on stderr, unless -q was given.
func (e *Env) Note(key string, pairs ...string) {
	if !e.Quiet {
		fmt.Fprintln(e.Stderr, words.Text(e.Lang, key, pairs...))
	}
}

// some is a number that is left unsaid where it is 0.
func (e *Env) some(n int) string {
	if n == 0 {
		return ""
	}
	return sinks.Number(e.Lang, n)
}

// Warn shows a warning on stderr.
func (e *Env) Warn(p schemas.Problem) {
	fmt.Fprintln(e.Stderr, sinks.Line(e.Lang, "warning", p))
}

// Stops says on stderr what stopped a plan, one line each.
func (e *Env) Stops(p *schemas.Plan) {
	for _, stop := range p.Summary.Stop {
		fmt.Fprintln(e.Stderr, sinks.Line(e.Lang, "error", stop))
	}
}

// Screen is where an answer for people goes.
func (e *Env) Screen() *sinks.Screen {
	out := e.Stdout
	switch {
	case e.Quiet:
		out = io.Discard
	case e.JSON, e.Streaming:
		out = e.Stderr // stdout is for the one object, or for the records
	}
	return &sinks.Screen{Out: out, Lang: e.Lang, Colour: e.Colour, All: e.All}
}

// Connect makes the client of the configured vault.
func (e *Env) Connect() (*vault.Client, error) {
	if e.Config.Vault.ClientID == "" {
		// An address that is missing or wrong is said first.
		if _, err := vault.ParseURL(e.Config.Vault.URL); err != nil {
			return nil, err
		}
		return nil, schemas.NewFault(schemas.ClassConfig, "no_client")
	}
	return vault.Connect(e.Config.Vault, e.VaultOptions...)
}

// NewRun is a new run's name: its time in UTC, and in four signs the part of the second, so that
// names sort by time and two runs of one second differ.
func NewRun(now time.Time) string {
	const signs = "23456789abcdefghjkmnpqrstuvwxyz" // in the order of their bytes
	base := int64(len(signs))
	steps := base * base * base * base // of a second: each is about a microsecond
	left := int64(now.Nanosecond()) * steps / int64(time.Second)
	var b [4]byte
	for i := len(b) - 1; i >= 0; i-- {
		b[i] = signs[left%base]
		left /= base
	}
	return now.UTC().Format("20060102T150405Z") + "-" + string(b[:])
}

func (e *Env) runFolder(run string) string { return filepath.Join(e.Config.Reports, run) }

func (e *Env) start(format, run, vaultName string) schemas.Start {
	return schemas.Start{Format: format, Version: schemas.FormatVersion, Run: run, Tool: "pamsync " + e.Version,
		Made: e.Now().UTC().Format(time.RFC3339), Vault: vaultName, Client: e.Config.Vault.ClientID}
}

// confirm asks before a write; --yes answers, and without a terminal the write is refused.
func (e *Env) confirm(ctx context.Context, plan *schemas.Plan, vaultName string) error {
	if e.Yes {
		return nil
	}
	if err := e.canAsk(); err != nil {
		return err
	}
	sum := sumOf(plan)
	fmt.Fprintln(e.Stderr, words.Text(e.Lang, "confirm", "create", strconv.Itoa(sum.Create), "update", strconv.Itoa(sum.Update),
		"reactivate", strconv.Itoa(sum.Reactivate), "inactivate", strconv.Itoa(sum.Inactivate), "vault", vaultName))
	if sum.Inactivate == 0 {
		return e.ask(ctx, words.Text(e.Lang, "confirm_yes"), "yes", "sim")
	}
	host := hostOf(vaultName)
	return e.ask(ctx, words.Text(e.Lang, "confirm_host", "host", host), host)
}

// hostOf is the host of a vault's name.
func hostOf(vaultName string) string {
	if u, err := url.Parse(vaultName); err == nil {
		return u.Hostname()
	}
	return vaultName
}

// sumOf adds up what a plan does to all kinds.
func sumOf(plan *schemas.Plan) schemas.KindCounts {
	var sum schemas.KindCounts
	for _, k := range plan.Summary.Kinds {
		sum.Create += k.Create
		sum.Update += k.Update
		sum.Reactivate += k.Reactivate
		sum.Inactivate += k.Inactivate
		sum.Dragged += k.Dragged
	}
	return sum
}

// ask puts a question on the terminal, and refuses where the answer is none of those accepted.
func (e *Env) ask(ctx context.Context, question string, accepted ...string) error {
	fmt.Fprint(e.Stderr, question)
	answers := make(chan string, 1)
	go func() { answers <- readLine(e.Stdin) }()
	var answer string
	select {
	case answer = <-answers:
	case <-ctx.Done():
		return schemas.NewFault(schemas.ClassInterrupted, "interrupted_asking").Because(context.Cause(ctx))
	}
	for _, a := range accepted {
		if strings.EqualFold(strings.TrimSpace(answer), a) {
			return nil
		}
	}
	return schemas.NewFault(schemas.ClassUsage, "declined")
}

// canAsk refuses a write that nobody can confirm, before anything is done.
func (e *Env) canAsk() error {
	if e.Yes || e.StdinTTY && e.StderrTTY && !e.NoInput {
		return nil
	}
	return schemas.NewFault(schemas.ClassUsage, "confirm_needed")
}

// readLine reads one line, byte by byte, so that nothing behind it is taken.
func readLine(in io.Reader) string {
	line, _ := readAnswer(in)
	return line
}

// readAnswer is readLine that tells the end of the input, without a line, by an error.
func readAnswer(in io.Reader) (string, error) {
	var line []byte
	b := make([]byte, 1)
	for {
		n, err := in.Read(b)
		switch {
		case n == 1 && b[0] == '\n':
			return string(line), nil
		case n == 1:
			line = append(line, b[0])
		}
		if err != nil {
			if len(line) > 0 {
				err = nil
			}
			return string(line), err
		}
	}
}

// faultOf is the fault in an error; anything else is a bug of ours.
func faultOf(err error) *schemas.Fault {
	var fault *schemas.Fault
	if errors.As(err, &fault) {
		return fault
	}
	return schemas.NewFault(schemas.ClassBug, "bug").Because(err)
}

// ExitOf is the exit code of a fault (design 4). signal is the number of the signal that
// interrupted the run, 0 for none.
func ExitOf(class schemas.Class, signal int) int {
	switch class {
	case schemas.ClassUsage:
		return 64
	case schemas.ClassInput:
		return 65
	case schemas.ClassConfig:
		return 78
	case schemas.ClassGuard:
		return 11
	case schemas.ClassStopped:
		return 12
	case schemas.ClassLocked:
		return 13
	case schemas.ClassUnreachable:
		return 69
	case schemas.ClassBusy:
		return 75
	case schemas.ClassRefused:
		return 77
	case schemas.ClassDisk:
		return 74
	case schemas.ClassBug:
		return 70
	case schemas.ClassInterrupted:
		if signal == 0 {
			signal = 2
		}
		return 128 + signal
	}
	return 1
}

// exists says whether a file is there.
func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// SaveTo writes a file through a function, whole or not at all.
func SaveTo(path string, write func(io.Writer) error) error { return sinks.WriteFile(path, write) }
