package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"pamsync/pipeline/jobs"
	"pamsync/schemas"
)

func (a *app) schema() *cobra.Command {
	names := schemas.PublishedNames()
	return &cobra.Command{Use: "schema " + strings.Join(names, "|"), GroupID: "other", Short: a.say("cmd_schema"),
		Args: arguments(1, 1, strings.Join(names, ", ")), ValidArgs: names,
		RunE: func(_ *cobra.Command, args []string) error {
			data, ok := schemas.Published(args[0])
			if !ok {
				return schemas.NewFault(schemas.ClassUsage, "bad_command", "command", "schema "+args[0], "near", jobs.Nearest(args[0], names))
			}
			_, err := a.out.Write(data)
			return err
		}}
}
