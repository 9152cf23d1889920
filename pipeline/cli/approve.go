package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"pamsync/pipeline/jobs"
	"pamsync/schemas"
)

// approve is the command by which a second person signs a plan.
func (a *app) approve() *cobra.Command {
	o := jobs.ApproveOptions{}
	expires := ""
	cmd := &cobra.Command{Use: "approve " + a.say("arg_plan"), GroupID: "eyes", Short: a.say("cmd_approve"), Args: arguments(1, 1, "a plan file"),
		Example: "  pamsync approve plan.jsonl --key ~/.ssh/id_ed25519\n  pamsync approve plan.jsonl --as bob@example.com --expires 8h --note CHG-1234",
		RunE: a.job(false, func(ctx context.Context, e *jobs.Env, args []string) (jobs.Outcome, error) {
			if expires != "" {
				d, err := time.ParseDuration(expires)
				if err != nil || d < time.Minute {
					return jobs.Outcome{}, schemas.NewFault(schemas.ClassUsage, "bad_value", "key", "--expires", "value", expires, "want", "want_time", "like", "8h, 24h")
				}
				o.Expires = d
			}
			o.Agent = a.getenv("SSH_AUTH_SOCK")
			o.Passphrase = a.passphrase(e, &o.Key)
			return jobs.Approve(ctx, e, args[0], o)
		})}
	f := cmd.Flags()
	f.StringVar(&o.Key, "key", "", a.say("flag_key"))
	f.StringVar(&o.As, "as", "", a.say("flag_as"))
	f.StringVar(&expires, "expires", "", a.say("flag_expires"))
	f.StringVar(&o.Note, "note", "", a.say("flag_note"))
	f.BoolVar(&a.flags.yes, "yes", false, a.say("flag_yes"))
	return cmd
}

// passphrase asks for that of a private key.
func (a *app) passphrase(e *jobs.Env, key *string) func(context.Context) (schemas.Secret, error) {
	return func(ctx context.Context) (schemas.Secret, error) {
		var ask func(context.Context) (string, error)
		if e.StdinTTY && e.StderrTTY && !e.NoInput {
			ask = func(ctx context.Context) (string, error) {
				fmt.Fprint(a.err, a.say("approve_passphrase", "path", *key))
				return a.readHidden(ctx)
			}
		}
		return jobs.KeyPassphrase(ctx, a.getenv, ask, e.Warn)
	}
}
