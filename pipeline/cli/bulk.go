package cli

import (
	"context"

	"github.com/spf13/cobra"

	"pamsync/pipeline/jobs"
	"pamsync/schemas"
)

// group is a command that only holds others.
func (a *app) group(name string, verbs ...*cobra.Command) *cobra.Command {
	var words []string
	for _, verb := range verbs {
		words = append(words, verb.Name())
	}
	cmd := &cobra.Command{Use: name, GroupID: "bulk", Short: a.say("cmd_" + name),
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			near := jobs.Nearest(args[0], words)
			if near != "" {
				near = name + " " + near
			}
			return schemas.NewFault(schemas.ClassUsage, "bad_command", "command", name+" "+args[0], "near", near)
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	cmd.AddCommand(verbs...)
	return cmd
}

func (a *app) sessions() *cobra.Command {
	return a.group("sessions", a.sessionsOpen(), a.sessionsDrop())
}

func (a *app) custody() *cobra.Command { return a.group("custody", a.custodyRelease()) }

func (a *app) bulkFlags(cmd *cobra.Command) *cobra.Command {
	a.paceFlags(cmd)
	a.writeFlags(cmd)
	a.allFlag(cmd)
	return cmd
}

func (a *app) sessionsOpen() *cobra.Command {
	cmd := &cobra.Command{Use: "open " + a.say("arg_file"), Short: a.say("cmd_sessions_open"), Args: arguments(1, 1, "a file"),
		Example: "  pamsync sessions open sessions.csv --yes\n  pamsync sessions open sessions.xlsx -o urls.jsonl\n  pamsync sessions open sessions.csv --one-by-one",
		PreRun:  func(*cobra.Command, []string) { a.exports = true },
		RunE: a.job(true, func(ctx context.Context, e *jobs.Env, args []string) (jobs.Outcome, error) {
			if err := e.EnsureOut(a.flags.exportOut, a.configPath()); err != nil {
				return jobs.Outcome{}, err
			}
			return jobs.SessionsOpen(ctx, e, jobs.BulkOptions{File: args[0], DryRun: a.flags.dryRun,
				Open: jobs.OpenOptions{Out: a.flags.exportOut, WithToken: a.flags.withToken, OneByOne: a.flags.oneByOne}})
		})}
	cmd.Flags().StringVarP(&a.flags.exportOut, "out", "o", "-", a.say("flag_urls_out"))
	cmd.Flags().BoolVar(&a.flags.withToken, "with-token", false, a.say("flag_with-token"))
	cmd.Flags().BoolVar(&a.flags.oneByOne, "one-by-one", false, a.say("flag_one-by-one"))
	return a.bulkFlags(cmd)
}

func (a *app) sessionsDrop() *cobra.Command {
	cmd := &cobra.Command{Use: "drop " + a.say("arg_maybe_file"), Short: a.say("cmd_sessions_drop"), Args: arguments(0, 1, ""),
		Example: "  pamsync sessions drop sessions.csv --reason 'incident 4711'\n  pamsync sessions drop --match user=ana --match protocol=ssh --reason 'account taken over'",
		RunE: a.job(true, func(ctx context.Context, e *jobs.Env, args []string) (jobs.Outcome, error) {
			o := jobs.BulkOptions{DryRun: a.flags.dryRun, Reason: a.flags.reason, Match: a.flags.match}
			if len(args) == 1 {
				o.File = args[0]
			}
			return jobs.SessionsDrop(ctx, e, o)
		})}
	cmd.Flags().StringVar(&a.flags.reason, "reason", "", a.say("flag_reason"))
	cmd.Flags().StringArrayVar(&a.flags.match, "match", nil, a.say("flag_match"))
	cmd.Flags().StringArrayVar(&a.flags.limits, "limit", nil, a.say("flag_drop_limit"))
	return a.bulkFlags(cmd)
}

func (a *app) custodyRelease() *cobra.Command {
	cmd := &cobra.Command{Use: "release " + a.say("arg_file"), Short: a.say("cmd_custody_release"), Args: arguments(1, 1, "a file"),
		Example: "  pamsync custody release credentials.csv",
		RunE: a.job(true, func(ctx context.Context, e *jobs.Env, args []string) (jobs.Outcome, error) {
			return jobs.CustodyRelease(ctx, e, jobs.BulkOptions{File: args[0], DryRun: a.flags.dryRun})
		})}
	return a.bulkFlags(cmd)
}
