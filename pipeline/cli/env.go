package cli

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pamsync/pipeline/jobs"
	"pamsync/pipeline/vault"
	"pamsync/schemas"
	"pamsync/schemas/words"
	"pamsync/sinks"
)

// env makes the Env of a job: the configuration file, then the environment, then the flags.
func (a *app) env(cmd *cobra.Command, needSecret bool) (*jobs.Env, error) {
	e, loaded, err := a.settings(cmd)
	if err != nil {
		return nil, err
	}
	if needSecret {
		if _, err := vault.ParseURL(e.Config.Vault.URL); err != nil {
			return nil, err
		}
		if err := jobs.VaultSecrets(a.ctx, loaded, &e.Config.Vault, a.getenv, e.Warn); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// settings makes an Env without the secret, and says what was read for it.
func (a *app) settings(cmd *cobra.Command) (*jobs.Env, *jobs.Loaded, error) {
	if l := a.flags.lang; l != "" && l != "en" && l != "pt" {
		return nil, nil, schemas.NewFault(schemas.ClassUsage, "bad_value", "key", "--lang", "value", l, "want", "want_lang")
	}
	a.lang = words.Pick(a.flags.lang, a.getenv)
	loaded, err := jobs.ReadConfig(a.flags.config)
	if err != nil {
		return nil, nil, err
	}
	e := a.newEnv(&loaded.Config)
	e.SecretFile, e.More = loaded.Secret.File, loaded.More
	a.vaultFromEnvironment(e.Config)
	if err := a.override(cmd, e); err != nil {
		return nil, nil, err
	}
	return e, loaded, nil
}

// newEnv is the Env of a configuration, as the streams and the plain flags make it.
func (a *app) newEnv(config *schemas.Config) *jobs.Env {
	e := &jobs.Env{Config: config, Version: Version, Args: a.args, Lang: a.lang, Stdin: a.in, Stdout: a.out, Stderr: a.err,
		StdinTTY: isTerminal(a.in), StderrTTY: isTerminal(a.err), JSON: a.flags.json, Quiet: a.flags.quiet, Verbose: a.flags.verbose,
		All: a.flags.all, Yes: a.flags.yes, NoInput: a.flags.noInput, LockFolder: cacheFolder(a.getenv), Now: time.Now}
	e.Colour = a.terminal && !a.flags.noColor && a.getenv("NO_COLOR") == "" && a.getenv("TERM") != "dumb"
	e.Identity = func(file, command string) (schemas.Secret, error) {
		return jobs.Identity(a.ctx, file, command, a.getenv, e.Warn)
	}
	e.BookPassword = func() (schemas.Secret, error) { return jobs.BookPassword(a.getenv, e.Warn) }
	return e
}

// vaultIsNamed tells whether some vault is configured, for a command that can do without.
func (a *app) vaultIsNamed(cmd *cobra.Command) bool {
	if err := a.environment(cmd); err != nil {
		return false // the command says what is wrong
	}
	e, _, err := a.settings(cmd)
	return err == nil && e.Config.Vault.URL != ""
}

// vaultFromEnvironment takes the vault, the client and the person at work from the environment;
// the names of the vendor's own tools count where ours are not set.
func (a *app) vaultFromEnvironment(config *schemas.Config) {
	for _, name := range []string{"SENHASEGURA_URL", "PAMSYNC_URL"} {
		if v := a.getenv(name); v != "" {
			config.Vault.URL = v
		}
	}
	for _, name := range []string{"SENHASEGURA_CLIENT_ID", "PAMSYNC_CLIENT_ID"} {
		if v := a.getenv(name); v != "" {
			config.Vault.ClientID = v
		}
	}
	if v := a.getenv("PAMSYNC_OPERATOR"); v != "" {
		config.Operator = v
	}
}

// override puts the flags over the configuration.
func (a *app) override(cmd *cobra.Command, e *jobs.Env) error {
	c, f := e.Config, &a.flags
	if f.url != "" {
		c.Vault.URL = f.url
	}
	if f.devices != "" {
		jobs.ReplaceSources(&c.Devices, f.devices)
	}
	if f.credentials != "" {
		jobs.ReplaceSources(&c.Credentials, f.credentials)
	}
	if f.missing != "" {
		switch m := schemas.Missing(f.missing); m {
		case schemas.MissingKeep, schemas.MissingReport, schemas.MissingInactivate:
			c.Devices.Missing, c.Credentials.Missing = m, m
		default:
			return schemas.NewFault(schemas.ClassUsage, "bad_value", "key", "--missing", "value", f.missing, "want", "want_missing")
		}
	}
	if f.withSecrets {
		for _, secrets := range []*schemas.Secrets{&c.Keys.Secrets, &c.Infos.Secrets} {
			if *secrets == schemas.SecretsNever {
				*secrets = schemas.SecretsOnCreate
			}
		}
	}
	if f.withSecrets && c.Credentials.Secrets == schemas.SecretsNever {
		c.Credentials.Secrets = schemas.SecretsOnCreate
	}
	for _, text := range f.limits {
		for _, one := range strings.Split(text, ",") {
			if err := jobs.SetLimit(&c.Limits, strings.TrimSpace(one)); err != nil {
				return err
			}
		}
	}
	e.Allow = map[schemas.Field][]string{}
	for _, text := range f.allowNew {
		if err := jobs.SetAllowed(e.Allow, text); err != nil {
			return err
		}
	}
	if err := a.dialect(e); err != nil {
		return err
	}
	return a.overridePace(cmd, e)
}

// dialect is for whom CSVs are written.
func (a *app) dialect(e *jobs.Env) error {
	e.CSVFor = sinks.ForMachine
	if a.flags.csvFor == "" {
		return nil
	}
	if e.CSVFor = sinks.Dialect(a.flags.csvFor); !slices.Contains(sinks.Dialects(), e.CSVFor) {
		return schemas.NewFault(schemas.ClassUsage, "bad_value", "key", "--csv-for", "value", a.flags.csvFor, "want", "want_csv_for")
	}
	return nil
}

func (a *app) overridePace(cmd *cobra.Command, e *jobs.Env) error {
	c, f := e.Config, &a.flags
	changed := func(name string) bool { fl := cmd.Flags().Lookup(name); return fl != nil && fl.Changed }
	bad := func(flag, value, want string, pairs ...string) error {
		return schemas.NewFault(schemas.ClassUsage, "bad_value", append(pairs, "key", flag, "value", value, "want", want)...)
	}
	if changed("rps") {
		if !(f.rps > 0) || math.IsInf(f.rps, 0) {
			return bad("--rps", cmd.Flags().Lookup("rps").Value.String(), "want_positive")
		}
		c.Vault.RPS = f.rps
	}
	for name, target := range map[string]struct {
		value, least int
		target       *int
	}{"burst": {f.burst, 1, &c.Vault.Burst}, "workers": {f.workers, 1, &c.Vault.Workers}, "max-errors": {f.maxErrors, 0, &c.Apply.MaxErrors}} {
		if changed(name) {
			if target.value < target.least {
				return bad("--"+name, cmd.Flags().Lookup(name).Value.String(), "want_least", "least", strconv.Itoa(target.least))
			}
			*target.target = target.value
		}
	}
	for name, target := range map[string]struct {
		text   string
		target *time.Duration
	}{"timeout": {f.timeout, &c.Vault.Timeout}, "max-duration": {f.maxDuration, &c.Apply.MaxDuration}, "lock-timeout": {f.lockTimeout, &e.LockTimeout}} {
		if target.text == "" {
			continue
		}
		d, err := time.ParseDuration(target.text)
		if err != nil || d < 0 {
			return bad("--"+name, target.text, "want_time", "like", "90s, 10m, 3h")
		}
		*target.target = d
	}
	return nil
}
