package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"pamsync/pipeline/jobs"
	"pamsync/pipeline/vault"
	"pamsync/schemas"
)

func (a *app) doctor() *cobra.Command {
	cmd := &cobra.Command{Use: "doctor", GroupID: "start", Short: a.say("cmd_doctor"), Args: arguments(0, 0, ""),
		Example: "  pamsync doctor\n  pamsync doctor -c /etc/pamsync/pamsync.yaml --json",
		RunE: a.work(func(ctx context.Context, cmd *cobra.Command) (jobs.Outcome, error) {
			e, setting, err := a.diagnose(ctx, cmd)
			if err != nil {
				return jobs.Outcome{}, err
			}
			return jobs.Doctor(ctx, e, setting)
		})}
	a.paceFlags(cmd)
	return cmd
}

// diagnose makes the Env of doctor: what is wrong with the configuration is a finding, and
// only a wrong command line is an error.
func (a *app) diagnose(ctx context.Context, cmd *cobra.Command) (*jobs.Env, jobs.Setting, error) {
	setting := jobs.Setting{Origin: a.configOrigin()}
	e, loaded, err := a.settings(cmd)
	if err != nil {
		if !isConfig(err) {
			return nil, setting, err
		}
		setting.Err, setting.Broken = err, true
		config := schemas.DefaultConfig()
		return a.newEnv(&config), setting, nil
	}
	v := &e.Config.Vault
	setting.Path = loaded.Path
	if _, err := vault.ParseURL(v.URL); err != nil {
		setting.Err = err
		return e, setting, nil
	}
	setting.Secret = loaded.Secret.Origin(a.getenv)
	if !v.NeedsSecret() {
		setting.Secret = jobs.SecretOrigin{}
	}
	err = jobs.VaultSecrets(ctx, loaded, v, a.getenv, func(p schemas.Problem) { setting.Warned = append(setting.Warned, p) })
	if err == nil && v.ClientID == "" {
		err = schemas.NewFault(schemas.ClassConfig, "no_client")
	}
	setting.Err = err
	return e, setting, nil
}

// configOrigin is the flag or variable that names the configuration, "" for none.
func (a *app) configOrigin() string {
	switch {
	case a.fromEnv["config"] != "":
		return a.fromEnv["config"]
	case a.flags.config != "":
		return "-c"
	}
	return ""
}

func isConfig(err error) bool {
	var faults jobs.Faults
	if errors.As(err, &faults) {
		return true
	}
	var fault *schemas.Fault
	return errors.As(err, &fault) && fault.Class == schemas.ClassConfig
}
