package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"pamsync/pipeline/jobs"
	"pamsync/schemas"
	"pamsync/schemas/words"
)

// initialise is the command init; Go keeps that name for itself.
func (a *app) initialise() *cobra.Command {
	return &cobra.Command{Use: "init", GroupID: "start", Short: a.say("cmd_init"), Args: arguments(0, 0, ""),
		Example: "  pamsync init\n  pamsync init -c /etc/pamsync/pamsync.yaml",
		RunE: a.work(func(ctx context.Context, _ *cobra.Command) (jobs.Outcome, error) {
			a.lang = words.Pick(a.flags.lang, a.getenv)
			config := schemas.DefaultConfig()
			a.vaultFromEnvironment(&config)
			if a.flags.url != "" {
				config.Vault.URL = a.flags.url
			}
			return jobs.Init(ctx, a.newEnv(&config), jobs.InitOptions{Path: a.configPath(), SecretFolder: secretFolder(a.configPath()),
				ReadSecret: a.readHidden, URL: config.Vault.URL, ClientID: config.Vault.ClientID})
		})}
}

// secretFolder is where init puts a secret: the user's configuration folder, and where there is
// none, that of the configuration.
func secretFolder(config string) string {
	if folder, err := os.UserConfigDir(); err == nil {
		return filepath.Join(folder, "pamsync")
	}
	return filepath.Dir(config)
}

// readHidden reads a line from the terminal without showing it. When ctx ends the terminal
// shows what is typed again.
func (a *app) readHidden(ctx context.Context) (string, error) {
	file, ok := a.in.(*os.File)
	if !ok {
		return "", io.EOF
	}
	fd := int(file.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return "", err
	}
	type answer struct {
		text []byte
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		text, err := term.ReadPassword(fd)
		answers <- answer{text, err}
	}()
	select {
	case got := <-answers:
		fmt.Fprintln(a.err) // the Enter was not shown either
		return string(got.text), got.err
	case <-ctx.Done():
		return "", term.Restore(fd, before)
	}
}
