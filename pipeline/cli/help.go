package cli

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// speak gives a tree of commands its help pages in the language of this execution. Cobra's own
// template is English, and so are its flag for help and the names of the values' types.
func (a *app) speak(root *cobra.Command) {
	root.SetUsageFunc(func(cmd *cobra.Command) error {
		// Usage() hands a help page to the output for errors, or to a buffer in its place.
		_, err := io.WriteString(cmd.OutOrStderr(), a.usage(cmd))
		return err
	})
	var visit func(cmd *cobra.Command)
	visit = func(cmd *cobra.Command) {
		if cmd.Flags().Lookup("help") == nil {
			cmd.Flags().BoolP("help", "h", false, a.say("flag_help", "command", cmd.Name()))
		}
		for _, c := range cmd.Commands() {
			visit(c)
		}
	}
	visit(root)
}

// usage is all of a help page but the description above it.
func (a *app) usage(cmd *cobra.Command) string {
	var b strings.Builder
	b.WriteString(a.say("help_usage"))
	if cmd.Runnable() {
		b.WriteString("\n  " + strings.Replace(cmd.UseLine(), "[flags]", a.say("help_in_flags"), 1))
	}
	if cmd.HasAvailableSubCommands() {
		b.WriteString("\n  " + cmd.CommandPath() + " " + a.say("help_in_command"))
	}
	if len(cmd.Aliases) > 0 {
		b.WriteString("\n\n" + a.say("help_aliases") + "\n  " + cmd.NameAndAliases())
	}
	if cmd.HasExample() {
		b.WriteString("\n\n" + a.say("help_examples") + "\n" + cmd.Example)
	}
	a.listCommands(&b, cmd)
	if cmd.HasAvailableLocalFlags() {
		b.WriteString("\n\n" + a.say("help_flags") + "\n" + a.listFlags(cmd.LocalFlags()))
	}
	if cmd.HasAvailableInheritedFlags() {
		b.WriteString("\n\n" + a.say("help_global") + "\n" + a.listFlags(cmd.InheritedFlags()))
	}
	if cmd.HasAvailableSubCommands() {
		b.WriteString("\n\n" + a.say("help_more", "path", cmd.CommandPath()))
	}
	return b.String() + "\n"
}

// listCommands lists the commands below one, by their groups where it has any.
func (a *app) listCommands(b *strings.Builder, cmd *cobra.Command) {
	if !cmd.HasAvailableSubCommands() {
		return
	}
	list := func(title, group string) {
		b.WriteString("\n\n" + title)
		for _, c := range cmd.Commands() {
			if c.GroupID == group && (c.IsAvailableCommand() || c.Name() == "help") {
				fmt.Fprintf(b, "\n  %-*s %s", c.NamePadding(), c.Name(), c.Short)
			}
		}
	}
	if len(cmd.Groups()) == 0 {
		list(a.say("help_available"), "")
		return
	}
	for _, group := range cmd.Groups() {
		list(group.Title, group.ID)
	}
	if !cmd.AllChildCommandsHaveGroup() {
		list(a.say("help_additional"), "")
	}
}

// listFlags lists flags in two columns, as pflag does.
func (a *app) listFlags(flags *pflag.FlagSet) string {
	var left, right []string
	width := 0
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Deprecated != "" {
			return
		}
		name := "      --" + f.Name
		if f.Shorthand != "" {
			name = "  -" + f.Shorthand + ", --" + f.Name
		}
		value, usage := pflag.UnquoteUsage(f)
		if value != "" {
			name += " " + a.typeName(value)
		}
		width = max(width, len([]rune(name)))
		left, right = append(left, name), append(right, usage+a.defaultValue(f))
	})
	var lines []string
	for i := range left {
		lines = append(lines, fmt.Sprintf("%-*s   %s", width, left[i], right[i]))
	}
	return strings.Join(lines, "\n")
}

// typeName is a type's name in the language; a name that a usage gives in back quotes stays.
func (a *app) typeName(value string) string {
	if said := a.say("help_" + value); said != "help_"+value {
		return said
	}
	return value
}

// defaultValue says a flag's default, "" for one that is empty.
func (a *app) defaultValue(f *pflag.Flag) string {
	switch f.DefValue {
	case "", "0", "0s", "false", "[]":
		return ""
	}
	value := f.DefValue
	if f.Value.Type() == "string" {
		value = strconv.Quote(value)
	}
	return " " + a.say("help_default", "value", value)
}
