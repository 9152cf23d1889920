package cli

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"pamsync/pipeline/jobs"
	"pamsync/schemas"
)

func (a *app) mapping() *cobra.Command {
	cmd := &cobra.Command{Use: "mapping", GroupID: "look", Short: a.say("cmd_mapping"),
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return schemas.NewFault(schemas.ClassUsage, "usage", "what", "mapping: init", "command", "mapping")
			}
			return schemas.NewFault(schemas.ClassUsage, "bad_command", "command", "mapping "+args[0], "near", "mapping init")
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	cmd.AddCommand(a.mappingInit())
	return cmd
}

func (a *app) mappingInit() *cobra.Command {
	cmd := &cobra.Command{Use: "init " + a.say("arg_file"), Short: a.say("cmd_mapping_init"), Args: arguments(1, 1, "a file"),
		Example: "  pamsync mapping init servidores.xlsx\n  pamsync mapping init accounts.csv --kind credential -o sources.yaml",
		RunE: a.job(false, func(_ context.Context, e *jobs.Env, args []string) (jobs.Outcome, error) {
			if err := e.EnsureOut(a.flags.exportOut, args[0]); err != nil {
				return jobs.Outcome{}, err
			}
			kind, err := a.kind()
			if err != nil {
				return jobs.Outcome{}, err
			}
			return jobs.MappingInit(e, args[0], jobs.MappingOptions{Kind: kind, Out: a.flags.exportOut})
		})}
	cmd.Flags().StringVar(&a.flags.kind, "kind", "", a.say("flag_kind"))
	cmd.Flags().StringVarP(&a.flags.exportOut, "out", "o", "-", a.say("flag_mapping_out"))
	return cmd
}

// kind is the kind that --kind names, "" for none.
func (a *app) kind() (schemas.Kind, error) {
	kind := schemas.Kind(a.flags.kind)
	if kind != "" && !slices.Contains(schemas.RowKinds(), kind) {
		return "", schemas.NewFault(schemas.ClassUsage, "bad_value", "key", "--kind", "value", a.flags.kind, "want", "want_kinds")
	}
	return kind, nil
}
