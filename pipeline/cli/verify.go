package cli

import (
	"context"

	"github.com/spf13/cobra"

	"pamsync/pipeline/jobs"
)

func (a *app) verify() *cobra.Command {
	o := jobs.VerifyOptions{}
	cmd := &cobra.Command{Use: "verify " + a.say("arg_path"), GroupID: "evidence", Short: a.say("cmd_verify"), Args: arguments(1, 1, "a file or folder of an export"),
		Example: "  pamsync verify sessions.csv\n  pamsync verify evidence/ --signers allowed_signers",
		RunE: a.job(false, func(_ context.Context, e *jobs.Env, args []string) (jobs.Outcome, error) {
			return jobs.Verify(e, args[0], o)
		})}
	cmd.Flags().StringVar(&o.Signers, "signers", "", a.say("flag_signers"))
	a.allFlag(cmd)
	return cmd
}
