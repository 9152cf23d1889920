package jobs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pamsync/pipeline/vault"
	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
)

// InitOptions are what Init cannot find out by asking.
type InitOptions struct {
	Path         string // of the configuration to write
	SecretFolder string // where the secret's file goes, under the vault's name
	// ReadSecret reads a line without showing it; ctx ends the wait and leaves the terminal as
	// it was.
	ReadSecret func(ctx context.Context) (string, error)
	URL        string // offered as answers
	ClientID   string
}

// errCancelled is what a person who wants no more gives.
var errCancelled = errors.New("cancelled")

// wizard holds the answers of one Init, so that none is asked for twice without need.
type wizard struct {
	ctx    context.Context // of the whole conversation
	e      *Env
	o      InitOptions
	config schemas.VaultConfig
	files  map[schemas.Kind]string // inventories, relative to the configuration
}

// Init asks for what a configuration needs, tries it on the vault, shows what it would write,
// and writes it once that is confirmed. Nothing is written before, whatever ends it.
func Init(ctx context.Context, e *Env, o InitOptions) (Outcome, error) {
	if e.NoInput || !e.StdinTTY || !e.StderrTTY {
		return Outcome{}, schemas.NewFault(schemas.ClassUsage, "init_no_terminal", "path", o.Path)
	}
	w := &wizard{ctx: ctx, e: e, o: o, config: schemas.DefaultConfig().Vault, files: map[schemas.Kind]string{}}
	w.config.URL, w.config.ClientID = o.URL, o.ClientID
	switch err := w.run(); {
	case ctx.Err() != nil:
		return interruptedHere(ctx, e), nil
	case errors.Is(err, errCancelled):
		f := schemas.NewFault(schemas.ClassUsage, "declined")
		fmt.Fprintln(e.Stderr, sinks.Line(e.Lang, "error", f.Problem))
		return Outcome{Exit: ExitOf(f.Class, 0), Verdict: "init_verdict_declined"}, nil
	case err != nil:
		return Outcome{}, err
	}
	next := "pamsync doctor"
	if o.Path != DefaultConfigFile {
		next += " -c " + o.Path
	}
	w.say("init_next", "command", next)
	return Outcome{Verdict: "init_verdict"}, nil
}

func (w *wizard) run() error {
	w.say("init_intro", "path", w.o.Path)
	if exists(w.o.Path) {
		w.say("init_exists", "path", w.o.Path)
	}
	for _, step := range []func() error{w.askURL, w.askClient, w.verify, w.askZone, w.askInventories, w.write} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// say prints a line of the conversation, whatever -q says: it is the command.
func (w *wizard) say(key string, pairs ...string) {
	fmt.Fprintln(w.e.Stderr, words.Text(w.e.Lang, key, pairs...))
}

// ask asks for one key of the configuration; Enter takes the answer that is offered.
func (w *wizard) ask(question, key, offered string) (string, error) {
	w.question(question, key, offered)
	answer, err := w.listen(func(context.Context) (string, error) { return readAnswer(w.e.Stdin) })
	if answer == "" {
		answer = offered
	}
	return answer, err
}

// question leaves the cursor behind it, for the answer.
func (w *wizard) question(text, key, offered string) {
	if offered != "" {
		offered = " (" + words.Plain(offered) + ")"
	}
	fmt.Fprintf(w.e.Stderr, "? %s [%s]%s: ", text, key, offered)
}

// listen waits for an answer, or for the end of the conversation.
func (w *wizard) listen(read func(context.Context) (string, error)) (string, error) {
	type answer struct {
		text string
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		text, err := read(w.ctx)
		answers <- answer{text, err}
	}()
	select {
	case a := <-answers:
		if a.err != nil {
			if errors.Is(a.err, io.EOF) {
				fmt.Fprintln(w.e.Stderr) // behind the question
				a.err = errCancelled
			}
			return "", a.err
		}
		return strings.TrimSpace(a.text), nil
	case <-w.ctx.Done():
		return "", context.Cause(w.ctx)
	}
}

// complain says what is wrong with an answer; the question comes again.
func (w *wizard) complain(p schemas.Problem) {
	fmt.Fprintln(w.e.Stderr, "  "+words.Problem(w.e.Lang, p.Code, p.Args))
	if hint := words.Hint(w.e.Lang, p.Code, p.Args); hint != "" {
		fmt.Fprintln(w.e.Stderr, "  "+words.Text(w.e.Lang, "hint")+": "+hint)
	}
}

func (w *wizard) askURL() error {
	for {
		answer, err := w.ask(words.Text(w.e.Lang, "init_url"), "vault.url", w.config.URL)
		if err != nil {
			return err
		}
		if _, err := vault.ParseURL(answer); err != nil {
			w.complain(faultOf(err).Problem)
			continue
		}
		w.config.URL = strings.TrimSuffix(answer, "/")
		return nil
	}
}

func (w *wizard) askClient() error {
	for {
		answer, err := w.ask(words.Text(w.e.Lang, "init_client"), "vault.client_id", w.config.ClientID)
		if err != nil {
			return err
		}
		if answer != "" {
			w.config.ClientID = answer
			return w.askSecret()
		}
		w.complain(schemas.Problem{Code: "no_client"})
	}
}

// askSecret reads the secret unseen; Enter keeps one that was given before.
func (w *wizard) askSecret() error {
	for {
		kept := ""
		if !w.config.ClientSecret.Empty() {
			kept = "***"
		}
		w.question(words.Text(w.e.Lang, "init_secret"), "vault.client_secret_file", kept)
		answer, err := w.listen(w.o.ReadSecret)
		switch {
		case err != nil:
			return err
		case answer != "":
			w.config.ClientSecret = schemas.NewSecret(answer)
			return nil
		case kept != "":
			return nil
		}
		w.complain(schemas.Problem{Code: "init_no_secret"})
	}
}

func (w *wizard) askZone() error {
	for {
		answer, err := w.ask(words.Text(w.e.Lang, "init_zone"), "vault.timezone", w.config.Timezone)
		if err != nil {
			return err
		}
		if _, err := time.LoadLocation(answer); err == nil && answer != "" && answer != "Local" {
			w.config.Timezone = answer
			return nil
		}
		w.complain(schemas.Problem{Code: "bad_value", Args: schemas.Pairs("key", "vault.timezone", "value", answer, "want", "want_zone")})
	}
}

// askInventories asks for files that may be left out; one that is named is read.
func (w *wizard) askInventories() error {
	for _, one := range []struct {
		kind          schemas.Kind
		question, key string
	}{{schemas.KindDevice, words.Text(w.e.Lang, "init_devices"), "devices.sources"}, {schemas.KindCredential, words.Text(w.e.Lang, "init_credentials"), "credentials.sources"}} {
		for {
			path, err := w.ask(one.question, one.key, "")
			if err != nil {
				return err
			}
			if path == "" {
				break
			}
			in, err := w.look(path, one.kind)
			if err != nil {
				w.complain(faultOf(err).Problem)
				continue
			}
			w.say("init_inventory", "format", in.Format, "encoding", cmp.Or(in.Sheet, in.Encoding), "rows", count(in.Rows), "rejected", count(in.Rejected))
			w.files[one.kind] = w.relative(path)
			break
		}
	}
	return nil
}

// relative is a path as it stands in the configuration: seen from the configuration's folder.
func (w *wizard) relative(path string) string {
	full, err1 := filepath.Abs(path)
	folder, err2 := filepath.Abs(filepath.Dir(w.o.Path))
	if err1 != nil || err2 != nil {
		return path
	}
	if near, err := filepath.Rel(folder, full); err == nil {
		return filepath.ToSlash(near)
	}
	return full
}

// secretPath is the file that the secret goes into: one for each vault.
func (w *wizard) secretPath() string {
	host := "vault"
	if u, err := url.Parse(w.config.URL); err == nil && u.Host != "" {
		host = strings.NewReplacer(":", "-", "[", "", "]", "").Replace(strings.ToLower(u.Host))
	}
	path := filepath.Join(w.o.SecretFolder, host+".secret")
	if full, err := filepath.Abs(path); err == nil {
		return full
	}
	return path
}

// write shows what would be written, asks, and writes both files or none.
func (w *wizard) write() error {
	secret := w.secretPath()
	text := w.yaml(secret)
	w.say("init_preview", "path", w.o.Path)
	for line := range strings.Lines(text) {
		fmt.Fprint(w.e.Stderr, "    "+line)
	}
	for _, path := range []string{w.o.Path, secret} {
		if exists(path) {
			w.say("init_replaces", "path", path)
		}
	}
	fmt.Fprint(w.e.Stderr, words.Text(w.e.Lang, "init_confirm", "path", w.o.Path, "secret", secret))
	answer, err := w.listen(func(context.Context) (string, error) { return readAnswer(w.e.Stdin) })
	if err != nil {
		return err
	}
	switch strings.ToLower(answer) {
	case "y", "yes", "s", "sim":
	default:
		return errCancelled
	}
	for _, path := range []string{w.o.Path, secret} { // before either is touched
		if _, err := sinks.Room(filepath.Dir(path)); err != nil {
			return err
		}
	}
	isNew := !exists(secret)
	if err := sinks.WriteFile(secret, func(out io.Writer) error {
		_, err := fmt.Fprintln(out, w.config.ClientSecret.Reveal())
		return err
	}); err != nil {
		return err
	}
	err = sinks.WriteFile(w.o.Path, func(out io.Writer) error { _, err := io.WriteString(out, text); return err })
	if err != nil && isNew {
		err = errors.Join(err, os.Remove(secret))
	}
	return err
}

// look says what an inventory is like.
func (w *wizard) look(path string, kind schemas.Kind) (schemas.Inspection, error) {
	config, err := w.e.withPassword(schemas.SourceConfig{Name: path, Path: path, Format: "auto"})
	if err != nil {
		return schemas.Inspection{}, err
	}
	s, err := openLikely(config, kind)
	if err != nil {
		return schemas.Inspection{}, err
	}
	in, _, _, err := examine(s, path)
	return in, err
}
