package cli

import (
	"context"

	"github.com/spf13/cobra"

	"pamsync/pipeline/jobs"
)

func (a *app) hygiene() *cobra.Command {
	cmd := &cobra.Command{Use: "hygiene", GroupID: "look", Short: a.say("cmd_hygiene"), Args: arguments(0, 0, ""),
		Example: "  pamsync hygiene\n  pamsync hygiene --all -o hygiene.csv",
		RunE: a.job(true, func(ctx context.Context, e *jobs.Env, _ []string) (jobs.Outcome, error) {
			if err := e.EnsureOut(a.flags.exportOut, a.configPath()); err != nil {
				return jobs.Outcome{}, err
			}
			return jobs.Hygiene(ctx, e, a.flags.exportOut)
		})}
	a.paceFlags(cmd)
	a.allFlag(cmd)
	a.csvFlag(cmd)
	cmd.Flags().StringVarP(&a.flags.exportOut, "out", "o", "-", a.say("flag_hygiene_out"))
	return cmd
}
