package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"pamsync/pipeline/jobs"
	"pamsync/schemas"
)

// secrets is the command that reads secrets, explicitly.
func (a *app) secrets() *cobra.Command {
	cmd := &cobra.Command{Use: "secrets", GroupID: "bulk", Short: a.say("cmd_secrets"),
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return schemas.NewFault(schemas.ClassUsage, "usage", "why", "wants", "path", "pamsync secrets", "what", "export", "command", "secrets")
			}
			return schemas.NewFault(schemas.ClassUsage, "bad_command", "command", "secrets "+args[0], "near", "secrets export")
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	cmd.AddCommand(a.secretsExport())
	return cmd
}

func (a *app) secretsExport() *cobra.Command {
	o := jobs.SecretsOptions{}
	cmd := &cobra.Command{Use: "export " + a.say("arg_secrets_file"), Short: a.say("cmd_secrets_export"), Long: a.say("secrets_long"), Args: arguments(0, 1, ""),
		Example: "  pamsync secrets export accounts.csv --recipients age1… -o accounts.age\n" +
			"  pamsync secrets export --match hostname~^srv --recipients id_ed25519.pub -o srv.age --rps 1\n" +
			"  pamsync secrets export infos.csv --kind infos --recipients age1… -o infos.age",
		PreRun: func(*cobra.Command, []string) { a.exports = true },
		RunE: a.job(true, func(ctx context.Context, e *jobs.Env, args []string) (jobs.Outcome, error) {
			a.flags.exportOut = o.Out // where the one object of --json does not go
			o.File, o.Match, o.DryRun, o.Terminal = strings.Join(args, ""), a.flags.match, a.flags.dryRun, a.terminal
			if err := e.EnsureOut(o.Out, a.configPath()); err != nil {
				return jobs.Outcome{}, err
			}
			return jobs.ExportSecrets(ctx, e, o)
		})}
	f := cmd.Flags()
	f.StringVar(&o.Kind, "kind", "credentials", a.say("flag_secrets_kind"))
	f.StringArrayVar(&o.Recipients, "recipients", nil, a.say("flag_recipients"))
	f.StringVarP(&o.Out, "out", "o", "", a.say("flag_secrets_out"))
	f.StringArrayVar(&a.flags.match, "match", nil, a.say("flag_secrets_match"))
	f.BoolVar(&o.All, "all", false, a.say("flag_secrets_all"))
	f.BoolVar(&o.Release, "release", false, a.say("flag_release"))
	a.paceFlags(cmd)
	a.writeFlags(cmd)
	return cmd
}
