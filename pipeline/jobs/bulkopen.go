package jobs

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"pamsync/pipeline"
	"pamsync/pipeline/vault/secrets"
	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
)

// OpenOptions say where the URLs of opened sessions go. Out is a file, "-" for stdout.
type OpenOptions struct {
	Out       string
	WithToken bool
	OneByOne  bool // at a terminal: each is opened when the person is ready for it
}

// usableFor is how much of its life the first URL of a file has left, at the least, when the file is there.
const usableFor = 10 * time.Second

// SessionsOpen opens the sessions that a file asks for, and gives their URLs to who asked.
func SessionsOpen(ctx context.Context, e *Env, o BulkOptions) (Outcome, error) {
	if o.Open.OneByOne && !(e.StdinTTY && e.StderrTTY && !e.NoInput) {
		return Outcome{}, schemas.NewFault(schemas.ClassUsage, "one_by_one_terminal")
	}
	if sameFile(SourceOf(o.File).Path, o.Open.Out) {
		return Outcome{}, schemas.NewFault(schemas.ClassUsage, "output_is_input", "path", o.Open.Out)
	}
	if !o.DryRun {
		if err := e.canAsk(); err != nil {
			return Outcome{}, err
		}
	}
	if o.Open.Out == "-" {
		e.Streaming = true
	}
	asks, use, warnings, err := e.readAsks(ctx, o.File, schemas.ActionOpen)
	if err != nil {
		return Outcome{}, err
	}
	plan, openings := pipeline.PlanOpens(asks)
	plan.Warnings = append(warnings, plan.Warnings...)
	if err := e.inTime(len(plan.Changes), o.Open); err != nil {
		return Outcome{}, err
	}
	client, err := e.Connect()
	if err != nil {
		return Outcome{}, err
	}
	b := e.bulk(client, plan, use)
	b.opens(secrets.Of(client), openings, o.Open)
	if o.DryRun {
		return b.dry()
	}
	return b.start(ctx)
}

// inTime refuses a file of URLs of which the first would be dead, or nearly, when the last is there.
func (e *Env) inTime(n int, o OpenOptions) error {
	most := e.Config.Vault.Burst + int(e.Config.Vault.RPS*(schemas.URLLife-usableFor).Seconds())
	if o.Out == "-" || n <= most && !o.OneByOne {
		return nil
	}
	if o.OneByOne {
		return schemas.NewFault(schemas.ClassUsage, "one_by_one_file")
	}
	return schemas.NewFault(schemas.ClassUsage, "open_too_many", "n", strconv.Itoa(n), "most", strconv.Itoa(most))
}

// opens is how sessions are opened.
func (b *bulk) opens(caller *secrets.Caller, openings map[string]*schemas.Opening, o OpenOptions) {
	b.urls = &urls{e: b.e, out: o.Out, withToken: o.WithToken}
	b.look = func(context.Context) (pipeline.Sight, error) {
		return func(*schemas.Change) pipeline.Stand { return pipeline.StandReady }, nil
	}
	b.do = func(ctx context.Context, c *schemas.Change) schemas.Answer {
		opening := openings[c.ID]
		answer, opened := caller.Open(ctx, opening)
		if answer.Effect != schemas.EffectDone {
			return answer
		}
		if err := b.urls.give(c, opening, opened); err != nil { // it is open, and nobody has its URL
			answer.Effect, answer.Message, answer.Stop = schemas.EffectInDoubt, err.Error(), outputFailed(o.Out, err)
		}
		return answer
	}
	if o.OneByOne {
		n := 0
		b.before = func(ctx context.Context, c *schemas.Change) error {
			n++
			return b.e.enter(ctx, words.Text(b.e.Lang, "open_next", "n", strconv.Itoa(n), "of", strconv.Itoa(len(b.plan.Changes)), "key", c.Key))
		}
	}
}

// enter waits for Enter.
func (e *Env) enter(ctx context.Context, question string) error {
	fmt.Fprint(e.Stderr, question)
	answers := make(chan error, 1)
	go func() { _, err := readAnswer(e.Stdin); answers <- err }()
	select {
	case err := <-answers:
		if err == nil {
			return nil
		}
		return schemas.NewFault(schemas.ClassInterrupted, "interrupted", "why", "open").Because(err)
	case <-ctx.Done():
		return schemas.NewFault(schemas.ClassInterrupted, "interrupted", "why", "open").Because(context.Cause(ctx))
	}
}

// urls is where the URLs of opened sessions go: to stdout at once, or into a file that is whole or not
// there. Nothing else holds them.
type urls struct {
	e         *Env
	out       string
	withToken bool

	mu    sync.Mutex
	lines bytes.Buffer
	given int
	first time.Time // when the first of them dies
}

// openedLine is one line of what is given: the row that asked, what was asked for, and the URL.
type openedLine struct {
	Row        string `json:"row"`
	Change     string `json:"change"`
	User       string `json:"user"`
	Credential string `json:"credential"`
	Device     string `json:"device"`
	Protocol   string `json:"protocol"`
	URL        string `json:"session_url"`
	Token      string `json:"token,omitempty"`
	ValidUntil string `json:"valid_until"`
}

func (u *urls) give(c *schemas.Change, o *schemas.Opening, opened secrets.Opened) error {
	var rows []string
	for _, ref := range c.Rows {
		rows = append(rows, strconv.Itoa(ref.Row))
	}
	until := u.e.Now().Add(schemas.URLLife)
	line := openedLine{Row: strings.Join(rows, ";"), Change: c.ID, User: o.User, Credential: o.Credential, Device: o.Device, Protocol: o.Protocol,
		URL: opened.URL.Reveal(), ValidUntil: until.UTC().Format(time.RFC3339)}
	if u.withToken {
		line.Token = opened.Token.Reveal()
	}
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(line); err != nil {
		return err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.given++; u.given == 1 {
		u.first = until
	}
	if u.out == "-" {
		_, err := u.e.Stdout.Write(text.Bytes())
		return err
	}
	u.lines.Write(text.Bytes())
	return nil
}

// close writes the file of URLs, where one was asked for and any session was opened.
func (u *urls) close() error {
	if u.out == "-" || u.given == 0 {
		return nil
	}
	err := sinks.WriteFile(u.out, func(w io.Writer) error { _, err := w.Write(u.lines.Bytes()); return err })
	if err != nil {
		return err
	}
	left := u.first.Sub(u.e.Now())
	if left <= 0 {
		u.e.Warn(schemas.Problem{Code: "urls_late", Args: schemas.Pairs("path", u.out)})
	}
	u.e.Note("urls_written", "n", strconv.Itoa(u.given), "path", u.out, "seconds", strconv.Itoa(cmp.Or(max(0, int(left.Seconds())), 0)))
	return nil
}
