package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"pamsync/pipeline/jobs"
	"pamsync/schemas"
)

func (a *app) explain() *cobra.Command {
	var asked schemas.Asked
	var device, credential string
	var live bool
	cmd := &cobra.Command{Use: "explain " + a.say("arg_explain"), GroupID: "reconcile", Short: a.say("cmd_explain"), Long: a.say("help_explain"), Args: arguments(0, 1, "a name"),
		Example: "  pamsync explain --device srv-01\n  pamsync explain plan.jsonl --row 214 --source devices.csv\n  pamsync explain 20261102T150405Z-x7kq --credential root@srv-01 --json",
	}
	explain := func(ctx context.Context, e *jobs.Env, args []string) (jobs.Outcome, error) {
		switch {
		case device != "" && credential != "":
			return jobs.Outcome{}, schemas.NewFault(schemas.ClassUsage, "explain_what")
		case device != "":
			asked.Kind, asked.Name = schemas.KindDevice, device
		case credential != "":
			asked.Kind, asked.Name = schemas.KindCredential, credential
		}
		return jobs.Explain(ctx, e, strings.Join(args, ""), asked, live)
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return a.job(live, explain)(cmd, args) }
	f := cmd.Flags()
	f.IntVar(&asked.Row, "row", 0, a.say("flag_explain_row"))
	f.StringVar(&asked.Source, "source", "", a.say("flag_explain_source"))
	f.StringVar(&device, "device", "", a.say("flag_explain_device"))
	f.StringVar(&credential, "credential", "", a.say("flag_explain_credential"))
	f.StringVar(&asked.ID, "id", "", a.say("flag_explain_id"))
	f.BoolVar(&live, "live", false, a.say("flag_explain_live"))
	return cmd
}
