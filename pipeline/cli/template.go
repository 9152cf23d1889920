package cli

import (
	"context"

	"github.com/spf13/cobra"

	"pamsync/pipeline/jobs"
	"pamsync/schemas"
)

func (a *app) template() *cobra.Command {
	var kind string
	o := &a.flags.template
	cmd := &cobra.Command{Use: "template", GroupID: "start", Short: a.say("cmd_template"), Args: arguments(0, 0, ""),
		Example: "  pamsync template --xlsx -o inventory.xlsx\n  pamsync template --xlsx --fill -o inventory.xlsx",
		RunE: func(cmd *cobra.Command, args []string) error {
			vault := a.vaultIsNamed(cmd)
			return a.job(vault, func(ctx context.Context, e *jobs.Env, _ []string) (jobs.Outcome, error) {
				if kind != "" && kind != "device" && kind != "credential" {
					return jobs.Outcome{}, schemas.NewFault(schemas.ClassUsage, "bad_value", "key", "--kind", "value", kind, "want", "want_kind")
				}
				if err := e.EnsureOut(a.flags.exportOut, a.configPath()); err != nil {
					return jobs.Outcome{}, err
				}
				o.Kind, o.Out, o.Terminal = schemas.Kind(kind), a.flags.exportOut, a.terminal
				return jobs.Template(ctx, e, *o)
			})(cmd, args)
		}}
	f := cmd.Flags()
	f.BoolVar(&o.XLSX, "xlsx", false, a.say("flag_template_xlsx"))
	f.BoolVar(&o.Fill, "fill", false, a.say("flag_fill"))
	f.StringVar(&kind, "kind", "", a.say("flag_template_kind"))
	f.StringVarP(&a.flags.exportOut, "out", "o", "-", a.say("flag_export_out"))
	f.BoolVar(&a.flags.yes, "yes", false, a.say("flag_yes"))
	a.csvFlag(cmd)
	a.paceFlags(cmd)
	return cmd
}
