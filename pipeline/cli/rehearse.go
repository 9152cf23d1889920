package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"pamsync/pipeline/jobs"
	"pamsync/schemas"
)

func (a *app) rehearse() *cobra.Command {
	var latency time.Duration
	cmd := &cobra.Command{Use: "rehearse " + a.say("arg_plan"), GroupID: "eyes", Short: a.say("cmd_rehearse"), Long: a.say("help_rehearse"), Args: arguments(1, 1, "a plan file"),
		Example: "  pamsync rehearse plan.jsonl\n  pamsync rehearse plan.jsonl --rps 10 --workers 8 --latency 300ms -o rehearsed.csv",
		RunE: a.job(true, func(ctx context.Context, e *jobs.Env, args []string) (jobs.Outcome, error) {
			for _, input := range []string{a.configPath(), args[0]} {
				if err := e.EnsureOut(a.flags.out, input); err != nil {
					return jobs.Outcome{}, err
				}
			}
			if latency < 0 {
				return jobs.Outcome{}, schemas.NewFault(schemas.ClassUsage, "bad_value", "key", "--latency", "value", latency.String(), "want", "want_time", "like", "300ms")
			}
			return jobs.Rehearse(ctx, e, args[0], jobs.RehearseOptions{Out: a.flags.out, Latency: latency})
		})}
	a.paceFlags(cmd)
	f := cmd.Flags()
	f.IntVar(&a.flags.workers, "workers", 0, a.say("flag_workers"))
	f.StringVar(&a.flags.maxDuration, "max-duration", "", a.say("flag_max-duration"))
	f.DurationVar(&latency, "latency", 0, a.say("flag_rehearse_latency"))
	f.StringVarP(&a.flags.out, "out", "o", "", a.say("flag_rehearse_out"))
	a.csvFlag(cmd)
	return cmd
}
