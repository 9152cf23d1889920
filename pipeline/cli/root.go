package cli

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"pamsync/pipeline/jobs"
	"pamsync/schemas"
)

const long = `pamsync: bulk import, reconciliation and export for the senhasegura / Segura vault

  pamsync plan --devices inventory.csv -o plan.jsonl   see what would change
  pamsync apply plan.jsonl                             apply what was reviewed
  pamsync sync                                         both, unattended, from pamsync.yaml
  pamsync export sessions -o sessions.csv              evidence

Try it without a vault: pamsync demo`

// root builds the tree of commands.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use: "pamsync", Short: "bulk import, reconciliation and export for the senhasegura / Segura vault", Long: long,
		SilenceErrors: true, SilenceUsage: true, DisableAutoGenTag: true,
		Args: a.onlyCommands,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetOut(a.out)
	root.SetErr(a.err)
	root.SetIn(a.in)
	root.SetFlagErrorFunc(a.flagError)
	root.CompletionOptions.HiddenDefaultCmd = true
	p := root.PersistentFlags()
	p.StringVarP(&a.flags.config, "config", "c", "", "configuration file (default ./pamsync.yaml)")
	p.StringVar(&a.flags.url, "url", "", "address of the vault")
	p.StringVar(&a.flags.lang, "lang", "", "language of messages: en or pt")
	p.BoolVar(&a.flags.json, "json", false, "print one JSON object on stdout")
	p.BoolVarP(&a.flags.quiet, "quiet", "q", false, "say nothing but errors")
	p.BoolVarP(&a.flags.verbose, "verbose", "v", false, "say more")
	p.BoolVar(&a.flags.noColor, "no-color", false, "no colours (also NO_COLOR)")
	p.BoolVar(&a.flags.noInput, "no-input", false, "never ask")
	groups := map[string]string{"start": "Start", "look": "Look", "reconcile": "Reconcile", "evidence": "Evidence", "other": "Other"}
	for _, id := range []string{"start", "look", "reconcile", "evidence", "other"} {
		root.AddGroup(&cobra.Group{ID: id, Title: groups[id] + ":"})
	}
	root.SetHelpCommandGroupID("other")
	root.SetCompletionCommandGroupID("other")
	root.AddCommand(a.initialise(), a.doctor(), a.config(), a.man(root))
	root.AddCommand(a.inspect(), a.validate(), a.plan(), a.show(), a.apply(), a.sync(), a.resume(), a.export(), a.report(),
		a.vaultsim(), a.demo(), a.schema(), a.version(), a.completion(root))
	root.SetHelpCommand(a.topic(root))
	return root
}

// onlyCommands turns an argument of the root into an unknown command, with the nearest.
func (a *app) onlyCommands(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	return schemas.NewFault(schemas.ClassUsage, "bad_command", "command", args[0], "near", jobs.Nearest(args[0], names))
}

// flagError says what is wrong with a flag, with the nearest that the command has.
func (a *app) flagError(cmd *cobra.Command, err error) error {
	text := err.Error()
	if m := regexp.MustCompile(`^unknown (?:shorthand )?flag: (?:'.' in )?(\S+)`).FindStringSubmatch(text); m != nil {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
		return schemas.NewFault(schemas.ClassUsage, "bad_flag", "flag", m[1], "near", jobs.Nearest(m[1], names), "command", commandName(cmd))
	}
	if m := regexp.MustCompile(`^invalid argument (".*") for "(?:-\w, )?(--[\w-]+)" flag:`).FindStringSubmatch(text); m != nil {
		value, _ := strconv.Unquote(m[1])
		return badFlagValue(cmd.Flags().Lookup(strings.TrimPrefix(m[2], "--")), m[2], value)
	}
	return schemas.NewFault(schemas.ClassUsage, "usage", "what", text, "command", commandName(cmd))
}

// badFlagValue says what kind of value a flag wants.
func badFlagValue(f *pflag.Flag, name, value string) error {
	want := f.Usage
	switch f.Value.Type() {
	case "int":
		want = "a whole number"
	case "float64":
		want = "a number"
	case "bool":
		want = "true or false"
	case "duration":
		want = "a time such as 90s"
	}
	return schemas.NewFault(schemas.ClassUsage, "bad_value", "key", name, "value", value, "want", want)
}

// arguments wants between least and most arguments, named what in the complaint.
func arguments(least, most int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < least {
			return schemas.NewFault(schemas.ClassUsage, "usage", "what", fmt.Sprintf("%s wants %s", cmd.CommandPath(), what), "command", commandName(cmd))
		}
		if len(args) > most {
			return schemas.NewFault(schemas.ClassUsage, "usage", "what", fmt.Sprintf("%s: %q is one argument too many", cmd.CommandPath(), strings.Join(args[most:], " ")), "command", commandName(cmd))
		}
		return nil
	}
}

// commandName is a command without the program's name.
func commandName(cmd *cobra.Command) string {
	return strings.TrimPrefix(strings.TrimPrefix(cmd.CommandPath(), "pamsync"), " ")
}
