package cli

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"pamsync/pipeline/jobs"
	"pamsync/schemas"
)

// root builds the tree of commands.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use: "pamsync", Short: a.say("cmd_root"), Long: a.say("help_long"),
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
	p.StringVarP(&a.flags.config, "config", "c", "", a.say("flag_config"))
	p.StringVar(&a.flags.url, "url", "", a.say("flag_url"))
	p.StringVar(&a.flags.lang, "lang", "", a.say("flag_lang"))
	p.BoolVar(&a.flags.json, "json", false, a.say("flag_json"))
	p.BoolVarP(&a.flags.quiet, "quiet", "q", false, a.say("flag_quiet"))
	p.BoolVarP(&a.flags.verbose, "verbose", "v", false, a.say("flag_verbose"))
	p.BoolVar(&a.flags.noColor, "no-color", false, a.say("flag_no-color"))
	p.BoolVar(&a.flags.noInput, "no-input", false, a.say("flag_no-input"))
	for _, id := range []string{"start", "look", "reconcile", "eyes", "evidence", "bulk", "other"} {
		root.AddGroup(&cobra.Group{ID: id, Title: a.say("group_" + id)})
	}
	root.SetHelpCommandGroupID("other")
	root.SetCompletionCommandGroupID("other")
	root.AddCommand(a.initialise(), a.doctor(), a.template(), a.config(), a.man(root))
	root.AddCommand(a.sessions(), a.custody(), a.secrets())
	root.AddCommand(a.inspect(), a.mapping(), a.validate(), a.hygiene(), a.plan(), a.show(), a.explain(), a.apply(), a.sync(), a.resume(), a.retry(), a.undo(), a.approve(), a.rehearse(), a.export(), a.verify(), a.report(), a.runs(),
		a.vaultsim(), a.demo(), a.schema(), a.version(), a.completion(root))
	help := a.topic(root)
	root.SetHelpCommand(help)
	root.AddCommand(help) // now, so that it speaks too
	a.speak(root)
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
	if m := regexp.MustCompile(`^flag needs an argument: (?:'.' in )?(\S+)`).FindStringSubmatch(text); m != nil {
		return schemas.NewFault(schemas.ClassUsage, "usage", "why", "no_value", "what", m[1], "command", commandName(cmd))
	}
	return schemas.NewFault(schemas.ClassUsage, "usage", "what", text, "command", commandName(cmd))
}

// badFlagValue says what kind of value a flag wants.
func badFlagValue(f *pflag.Flag, name, value string) error {
	want, like := f.Usage, ""
	switch f.Value.Type() {
	case "int":
		want = "want_whole"
	case "float64":
		want = "want_number"
	case "bool":
		want = "want_switch"
	case "duration":
		want, like = "want_time", "90s"
	}
	return schemas.NewFault(schemas.ClassUsage, "bad_value", "key", name, "value", value, "want", want, "like", like)
}

// arguments wants between least and most arguments; what names them in the complaint, by a term
// of package words.
func arguments(least, most int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < least {
			return schemas.NewFault(schemas.ClassUsage, "usage", "why", "wants", "path", cmd.CommandPath(), "what", what, "command", commandName(cmd))
		}
		if slices.Contains(args, "") {
			return schemas.NewFault(schemas.ClassUsage, "usage", "why", "wants", "path", cmd.CommandPath(), "what", cmp.Or(what, "a run"), "command", commandName(cmd))
		}
		if len(args) > most {
			return schemas.NewFault(schemas.ClassUsage, "usage", "why", "too_many", "path", cmd.CommandPath(), "what", strings.Join(args[most:], " "), "command", commandName(cmd))
		}
		return nil
	}
}

// commandName is a command without the program's name.
func commandName(cmd *cobra.Command) string {
	return strings.TrimPrefix(strings.TrimPrefix(cmd.CommandPath(), "pamsync"), " ")
}
