package cli

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"pamsync/pipeline/jobs"
	"pamsync/schemas"
)

// config is the command that holds config show.
func (a *app) config() *cobra.Command {
	cmd := &cobra.Command{Use: "config", GroupID: "other", Short: a.say("cmd_config"),
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return schemas.NewFault(schemas.ClassUsage, "usage", "what", "config: show", "command", "config")
			}
			return schemas.NewFault(schemas.ClassUsage, "bad_command", "command", "config "+args[0], "near", "config show")
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	cmd.AddCommand(a.configShow())
	return cmd
}

func (a *app) configShow() *cobra.Command {
	cmd := &cobra.Command{Use: "show", Short: a.say("cmd_config_show"), Args: arguments(0, 0, ""),
		Example: "  pamsync config show\n  pamsync config show --rps 10 --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.environment(cmd); err != nil {
				return err
			}
			e, loaded, err := a.settings(cmd)
			if err != nil {
				return err
			}
			_, err = jobs.ConfigShow(e, jobs.Effective{Loaded: loaded, Over: a.overrides(cmd), Secret: loaded.Secret.Origin(a.getenv)})
			return err
		}}
	a.sourceFlags(cmd)
	a.paceFlags(cmd)
	f := cmd.Flags()
	f.IntVar(&a.flags.workers, "workers", 0, a.say("flag_config_workers"))
	f.StringVar(&a.flags.maxDuration, "max-duration", "", a.say("flag_config_max_duration"))
	f.IntVar(&a.flags.maxErrors, "max-errors", 0, a.say("flag_config_max_errors"))
	return cmd
}

// overrides names, for each key of the configuration that the command line or the environment
// sets, the flag or variable that counts.
func (a *app) overrides(cmd *cobra.Command) map[string]string {
	over := map[string]string{}
	for key, names := range map[string][]string{
		"vault.url":       {"SENHASEGURA_URL", "PAMSYNC_URL"},
		"vault.client_id": {"SENHASEGURA_CLIENT_ID", "PAMSYNC_CLIENT_ID"},
		"operator":        {"PAMSYNC_OPERATOR"},
	} {
		for _, name := range names {
			if a.getenv(name) != "" {
				over[key] = name
			}
		}
	}
	keys := map[string][]string{
		"url": {"vault.url"}, "rps": {"vault.rps"}, "burst": {"vault.burst"}, "workers": {"vault.workers"}, "timeout": {"vault.timeout"},
		"max-duration": {"apply.max_duration"}, "max-errors": {"apply.max_errors"}, "missing": {"devices.missing", "credentials.missing"}, "with-secrets": {"credentials.secrets"},
		"devices": {"devices.sources"}, "credentials": {"credentials.sources"},
	}
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Changed {
			return
		}
		origin := "--" + f.Name
		if name := a.fromEnv[f.Name]; name != "" {
			origin = name
		}
		for _, key := range keys[f.Name] {
			over[key] = origin
		}
		if f.Name == "limit" {
			for _, text := range a.flags.limits {
				for _, one := range strings.Split(text, ",") {
					name, _, _ := strings.Cut(strings.TrimSpace(one), "=")
					over["limits."+name] = origin
				}
			}
		}
	})
	return over
}
