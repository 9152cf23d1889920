package cli

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"pamsync/pipeline/jobs"
	"pamsync/schemas"
)

// lastRuns is how many runs are listed where nobody says otherwise.
const lastRuns = 20

func (a *app) runs() *cobra.Command {
	cmd := &cobra.Command{Use: "runs", GroupID: "evidence", Short: a.say("cmd_runs"), Long: a.say("runs_long"), Args: arguments(0, 0, ""),
		Example: "  pamsync runs\n  pamsync runs -n 5\n  pamsync runs --all --json",
		RunE: a.job(false, func(_ context.Context, e *jobs.Env, _ []string) (jobs.Outcome, error) {
			if a.flags.last < 1 {
				return jobs.Outcome{}, schemas.NewFault(schemas.ClassUsage, "bad_value", "key", "--last", "value", strconv.Itoa(a.flags.last), "want", "want_least", "least", "1")
			}
			return jobs.Runs(e, a.flags.last)
		})}
	cmd.Flags().BoolVar(&a.flags.all, "all", false, a.say("flag_runs_all"))
	cmd.Flags().IntVarP(&a.flags.last, "last", "n", lastRuns, a.say("flag_runs_last"))
	return cmd
}
