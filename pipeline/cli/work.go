package cli

import (
	"context"

	"github.com/spf13/cobra"

	"pamsync/pipeline/jobs"
)

// work makes the RunE of a command that makes its own Env; an interrupt ends its context
// without a word, for it has no calls to wait for.
func (a *app) work(call func(ctx context.Context, cmd *cobra.Command) (jobs.Outcome, error)) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, _ []string) error {
		a.ran = true
		if err := a.environment(cmd); err != nil {
			return err
		}
		ctx, done := notify(a.ctx, func() {})
		defer done()
		a.ctx = ctx
		var err error
		a.outcome, err = call(ctx, cmd)
		return err
	}
}
