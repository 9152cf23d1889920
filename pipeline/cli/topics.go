package cli

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/spf13/cobra"

	"pamsync/pipeline/jobs"
	"pamsync/schemas"
)

// topics are the names of the pages of `pamsync help TOPIC`; their texts are topic_NAME.
func topics() []string {
	return []string{"exit-codes", "environment", "formats", "mapping", "settings", "decisions", "filters", "guards"}
}

// settingsList are the settings that columns can be mapped to, a line for each.
func settingsList() string {
	var lines []string
	for _, s := range schemas.Settings() {
		lines = append(lines, "  "+s.String())
	}
	return strings.Join(lines, "\n")
}

// topic is the help command: of a command, or of a topic.
func (a *app) topic(root *cobra.Command) *cobra.Command {
	cmd := &cobra.Command{Use: "help " + a.say("arg_help"), GroupID: "other", Short: a.say("cmd_help", "topics", strings.Join(topics(), ", "))}
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		if len(args) == 0 {
			return root.Help()
		}
		if slices.Contains(topics(), args[0]) {
			text := a.say("topic_" + args[0])
			if args[0] == "settings" {
				text += settingsList() + "\n"
			}
			_, err := fmt.Fprint(a.out, text)
			return err
		}
		if found, rest, err := root.Find(args); err == nil && found != root && len(rest) == 0 {
			return found.Help()
		}
		names := topics()
		for _, c := range root.Commands() {
			names = append(names, c.Name())
		}
		sort.Strings(names)
		return schemas.NewFault(schemas.ClassUsage, "bad_command", "command", "help "+args[0], "near", jobs.Nearest(args[0], names))
	}
	return cmd
}
