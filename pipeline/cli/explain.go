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
	var device, credential, key, info string
	var live bool
	cmd := &cobra.Command{Use: "explain " + a.say("arg_explain"), GroupID: "reconcile", Short: a.say("cmd_explain"), Long: a.say("help_explain"), Args: arguments(0, 1, "a name"),
		Example: "  pamsync explain --device srv-01\n  pamsync explain plan.jsonl --row 214 --source devices.csv\n  pamsync explain 20261102T150405Z-x7kq --credential root@srv-01 --json\n  pamsync explain --key deploy@srv-01",
	}
	explain := func(ctx context.Context, e *jobs.Env, args []string) (jobs.Outcome, error) {
		for _, named := range []schemas.Asked{{Kind: schemas.KindDevice, Name: device}, {Kind: schemas.KindCredential, Name: credential}, {Kind: schemas.KindKey, Name: key}, {Kind: schemas.KindInfo, Name: info}} {
			switch {
			case named.Name == "":
			case asked.Name != "":
				return jobs.Outcome{}, schemas.NewFault(schemas.ClassUsage, "explain_what")
			default:
				asked.Kind, asked.Name = named.Kind, named.Name
			}
		}
		return jobs.Explain(ctx, e, strings.Join(args, ""), asked, live)
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return a.job(live, explain)(cmd, args) }
	f := cmd.Flags()
	f.IntVar(&asked.Row, "row", 0, a.say("flag_explain_row"))
	f.StringVar(&asked.Source, "source", "", a.say("flag_explain_source"))
	f.StringVar(&device, "device", "", a.say("flag_explain_device"))
	f.StringVar(&credential, "credential", "", a.say("flag_explain_credential"))
	f.StringVar(&key, "key", "", a.say("flag_explain_key"))
	f.StringVar(&info, "info", "", a.say("flag_explain_info"))
	f.StringVar(&asked.ID, "id", "", a.say("flag_explain_id"))
	f.BoolVar(&live, "live", false, a.say("flag_explain_live"))
	return cmd
}
