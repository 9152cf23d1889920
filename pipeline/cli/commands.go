package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"pamsync/pipeline/jobs"
	"pamsync/schemas"
	"pamsync/sinks"
)

// job makes a command's RunE: the environment, the configuration, one call.
func (a *app) job(secret bool, call func(ctx context.Context, e *jobs.Env, args []string) (jobs.Outcome, error)) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		a.ran = true
		if err := a.environment(cmd); err != nil {
			return err
		}
		e, err := a.env(cmd, secret)
		if err != nil {
			return err
		}
		ctx, done := notify(a.ctx, func() {
			if e.StderrTTY {
				fmt.Fprintln(a.err) // behind the ^C and the bar
			}
			e.Note("stopping")
		})
		defer done()
		a.ctx = ctx
		a.outcome, err = call(ctx, e, args)
		return err
	}
}

func (a *app) sourceFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&a.flags.devices, "devices", "", a.say("flag_devices"))
	f.StringVar(&a.flags.credentials, "credentials", "", a.say("flag_credentials"))
	f.StringVar(&a.flags.missing, "missing", "", a.say("flag_missing"))
	f.BoolVar(&a.flags.withSecrets, "with-secrets", false, a.say("flag_with-secrets"))
	f.StringArrayVar(&a.flags.limits, "limit", nil, a.say("flag_limit"))
	f.StringArrayVar(&a.flags.allowNew, "allow-new", nil, a.say("flag_allow-new"))
}

func (a *app) paceFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.Float64Var(&a.flags.rps, "rps", 0, a.say("flag_rps"))
	f.IntVar(&a.flags.burst, "burst", 0, a.say("flag_burst"))
	f.StringVar(&a.flags.timeout, "timeout", "", a.say("flag_timeout"))
}

func (a *app) writeFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.IntVar(&a.flags.workers, "workers", 0, a.say("flag_workers"))
	a.csvFlag(cmd)
	f.BoolVarP(&a.flags.dryRun, "dry-run", "n", false, a.say("flag_dry-run"))
	f.BoolVar(&a.flags.yes, "yes", false, a.say("flag_yes"))
	f.StringVar(&a.flags.maxDuration, "max-duration", "", a.say("flag_max-duration"))
	f.IntVar(&a.flags.maxErrors, "max-errors", 0, a.say("flag_max-errors"))
	a.lockFlag(cmd)
}

// lockFlag is of every command that waits for another run.
func (a *app) lockFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&a.flags.lockTimeout, "lock-timeout", "", a.say("flag_lock-timeout"))
}

// csvFlag is of every command that writes a CSV.
func (a *app) csvFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&a.flags.csvFor, "csv-for", string(sinks.ForMachine), a.say("flag_csv-for"))
}

func (a *app) allFlag(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&a.flags.all, "all", false, a.say("flag_all"))
}

func (a *app) plan() *cobra.Command {
	cmd := &cobra.Command{Use: "plan", GroupID: "reconcile", Short: a.say("cmd_plan"),
		Example: "  pamsync plan\n  pamsync plan --url https://vault.example --devices d.csv --credentials c.csv --missing inactivate -o plan.jsonl",
		Args:    arguments(0, 0, ""),
		RunE: a.job(true, func(ctx context.Context, e *jobs.Env, _ []string) (jobs.Outcome, error) {
			if err := a.ensureOuts(e); err != nil {
				return jobs.Outcome{}, err
			}
			return jobs.Plan(ctx, e, a.planOptions())
		})}
	a.sourceFlags(cmd)
	a.paceFlags(cmd)
	a.allFlag(cmd)
	a.planOutFlags(cmd)
	return cmd
}

// planOutFlags say where a plan is written, and how its exit code is told.
func (a *app) planOutFlags(cmd *cobra.Command) {
	cmd.Flags().StringVarP(&a.flags.out, "out", "o", "", a.say("flag_plan_out"))
	cmd.Flags().StringVar(&a.flags.html, "html", "", a.say("flag_html"))
	cmd.Flags().StringVar(&a.flags.xlsx, "xlsx", "", a.say("flag_xlsx"))
	cmd.Flags().BoolVar(&a.flags.detailed, "detailed-exitcode", false, a.say("flag_detailed-exitcode"))
}

func (a *app) planOptions() jobs.PlanOptions {
	return jobs.PlanOptions{Out: a.flags.out, HTML: a.flags.html, XLSX: a.flags.xlsx, DetailedExitcode: a.flags.detailed}
}

// ensureOuts refuses to write a plan over what the run reads.
func (a *app) ensureOuts(e *jobs.Env) error {
	for _, out := range []string{a.flags.out, a.flags.html, a.flags.xlsx} {
		if err := e.EnsureOut(out, a.configPath()); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) show() *cobra.Command {
	cmd := &cobra.Command{Use: "show " + a.say("arg_plan"), GroupID: "reconcile", Short: a.say("cmd_show"), Args: arguments(1, 1, "a plan file"),
		RunE: a.job(false, func(_ context.Context, e *jobs.Env, args []string) (jobs.Outcome, error) {
			if err := e.EnsureOut(a.flags.exportOut, a.configPath()); err != nil {
				return jobs.Outcome{}, err
			}
			return jobs.Show(e, args[0], jobs.ShowOptions{Format: a.flags.format, Out: a.flags.exportOut, Terminal: a.terminal})
		})}
	a.allFlag(cmd)
	a.csvFlag(cmd)
	cmd.Flags().StringVarP(&a.flags.exportOut, "out", "o", "-", a.say("flag_export_out"))
	cmd.Flags().StringVar(&a.flags.format, "format", "", a.say("flag_show_format"))
	return cmd
}

func (a *app) apply() *cobra.Command {
	cmd := &cobra.Command{Use: "apply " + a.say("arg_plan"), GroupID: "reconcile", Short: a.say("cmd_apply"), Args: arguments(1, 1, "a plan file"),
		Example: "  pamsync apply plan.jsonl\n  pamsync apply plan.jsonl --yes --rps 10 --workers 8",
		RunE: a.job(true, func(ctx context.Context, e *jobs.Env, args []string) (jobs.Outcome, error) {
			return jobs.Apply(ctx, e, args[0], a.flags.dryRun)
		})}
	a.paceFlags(cmd)
	a.writeFlags(cmd)
	a.allFlag(cmd)
	return cmd
}

func (a *app) sync() *cobra.Command {
	cmd := &cobra.Command{Use: "sync", GroupID: "reconcile", Short: a.say("cmd_sync"), Args: arguments(0, 0, ""),
		Example: "  pamsync sync --yes\n  pamsync sync -n",
		RunE: a.job(true, func(ctx context.Context, e *jobs.Env, _ []string) (jobs.Outcome, error) {
			return jobs.Sync(ctx, e, a.flags.dryRun)
		})}
	a.sourceFlags(cmd)
	a.paceFlags(cmd)
	a.writeFlags(cmd)
	a.allFlag(cmd)
	return cmd
}

func (a *app) resume() *cobra.Command {
	cmd := &cobra.Command{Use: "resume " + a.say("arg_run"), GroupID: "reconcile", Short: a.say("cmd_resume"), Args: arguments(0, 1, ""),
		RunE: a.job(true, func(ctx context.Context, e *jobs.Env, args []string) (jobs.Outcome, error) {
			return jobs.Resume(ctx, e, strings.Join(args, ""), a.flags.dryRun, a.flags.settle...)
		})}
	a.paceFlags(cmd)
	a.writeFlags(cmd)
	cmd.Flags().StringArrayVar(&a.flags.settle, "settle", nil, a.say("flag_settle"))
	return cmd
}

// again is a command that plans by what a former run did.
func (a *app) again(name string, job func(context.Context, *jobs.Env, string, jobs.PlanOptions) (jobs.Outcome, error)) *cobra.Command {
	cmd := &cobra.Command{Use: name + " " + a.say("arg_this_run"), GroupID: "reconcile", Short: a.say("cmd_" + name), Args: arguments(1, 1, "a run"),
		Example: fmt.Sprintf("  pamsync %s 20261102T150405Z-x7kq -o %[1]s.jsonl\n  pamsync apply %[1]s.jsonl", name),
		RunE: a.job(true, func(ctx context.Context, e *jobs.Env, args []string) (jobs.Outcome, error) {
			if err := a.ensureOuts(e); err != nil {
				return jobs.Outcome{}, err
			}
			return job(ctx, e, args[0], a.planOptions())
		})}
	a.paceFlags(cmd)
	a.allFlag(cmd)
	a.planOutFlags(cmd)
	return cmd
}

func (a *app) retry() *cobra.Command {
	cmd := a.again("retry", jobs.Retry)
	a.sourceFlags(cmd)
	return cmd
}

func (a *app) undo() *cobra.Command {
	cmd := a.again("undo", jobs.Undo)
	cmd.Flags().StringArrayVar(&a.flags.limits, "limit", nil, a.say("flag_limit"))
	return cmd
}

func (a *app) report() *cobra.Command {
	cmd := &cobra.Command{Use: "report " + a.say("arg_run"), GroupID: "evidence", Short: a.say("cmd_report"), Args: arguments(0, 1, ""),
		RunE: a.job(false, func(_ context.Context, e *jobs.Env, args []string) (jobs.Outcome, error) {
			return jobs.Report(e, strings.Join(args, ""))
		})}
	a.csvFlag(cmd)
	return cmd
}

func (a *app) inspect() *cobra.Command {
	cmd := &cobra.Command{Use: "inspect " + a.say("arg_file"), GroupID: "look", Short: a.say("cmd_inspect"), Args: arguments(1, 1, "a file"),
		RunE: a.job(false, func(ctx context.Context, e *jobs.Env, args []string) (jobs.Outcome, error) {
			kind, err := a.kind()
			if err != nil {
				return jobs.Outcome{}, err
			}
			return jobs.Inspect(ctx, e, args[0], kind)
		})}
	cmd.Flags().StringVar(&a.flags.kind, "kind", "", a.say("flag_kind"))
	a.allFlag(cmd)
	return cmd
}

func (a *app) validate() *cobra.Command {
	cmd := &cobra.Command{Use: "validate", GroupID: "look", Short: a.say("cmd_validate"), Args: arguments(0, 0, ""),
		RunE: a.job(false, func(ctx context.Context, e *jobs.Env, _ []string) (jobs.Outcome, error) { return jobs.Validate(ctx, e) })}
	a.sourceFlags(cmd)
	return cmd
}

func (a *app) export() *cobra.Command {
	cmd := &cobra.Command{Use: "export", GroupID: "evidence", Short: a.say("cmd_export"),
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return schemas.NewFault(schemas.ClassUsage, "usage", "why", "export", "what", "devices, credentials, sessions")
			}
			return schemas.NewFault(schemas.ClassUsage, "bad_command", "command", "export "+args[0],
				"near", nearestExport(args[0]))
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	for _, what := range []string{"devices", "credentials", "sessions"} {
		cmd.AddCommand(a.exportOf(what))
	}
	return cmd
}

func nearestExport(word string) string {
	if near := jobs.Nearest(word, []string{"devices", "credentials", "sessions"}); near != "" {
		return "export " + near
	}
	return ""
}

func (a *app) exportOf(what string) *cobra.Command {
	cmd := &cobra.Command{Use: what, Short: a.say("cmd_export_" + what), Args: arguments(0, 0, ""),
		Example: fmt.Sprintf("  pamsync export %s -o %s.csv", what, what),
		PreRun:  func(*cobra.Command, []string) { a.exports = true },
		RunE: a.job(true, func(ctx context.Context, e *jobs.Env, _ []string) (jobs.Outcome, error) {
			if a.flags.anonymiseKey != "" {
				e.Config.Export.AnonymiseKeyFile = a.flags.anonymiseKey
			}
			sign := jobs.ApproveOptions{Key: a.flags.sign, Agent: a.getenv("SSH_AUTH_SOCK"), Passphrase: a.passphrase(e, &a.flags.sign)}
			o := jobs.ExportOptions{What: what, Out: a.flags.exportOut, Format: a.flags.format,
				From: a.flags.from, To: a.flags.to, By: a.flags.by, Match: a.flags.match, Networks: a.flags.networks, Open: a.flags.open,
				Anonymise: a.flags.anonymise, Answer: a.flags.keepAnswer, SinceLast: a.flags.sinceLast, Sign: sign}
			if err := e.EnsureExport(o, a.configPath()); err != nil {
				return jobs.Outcome{}, err
			}
			return jobs.Export(ctx, e, o)
		})}
	f := cmd.Flags()
	f.StringVarP(&a.flags.exportOut, "out", "o", "-", a.say("flag_export_out"))
	f.StringVar(&a.flags.format, "format", "", a.say("flag_format"))
	a.csvFlag(cmd)
	f.StringVar(&a.flags.sign, "sign", "", a.say("flag_sign"))
	f.StringArrayVar(&a.flags.match, "match", nil, a.say("flag_match"))
	f.BoolVar(&a.flags.anonymise, "anonymise", false, a.say("flag_anonymise"))
	f.BoolVar(&a.flags.keepAnswer, "keep-answer", false, a.say("flag_keep-answer"))
	f.StringVar(&a.flags.anonymiseKey, "anonymise-key-file", "", a.say("flag_anonymise-key-file"))
	if what == "sessions" {
		f.StringArrayVar(&a.flags.networks, "network", nil, a.say("flag_network"))
		f.BoolVar(&a.flags.open, "open", false, a.say("flag_open"))
		f.BoolVar(&a.flags.sinceLast, "since-last", false, a.say("flag_since-last"))
		f.StringVar(&a.flags.from, "from", "", a.say("flag_from"))
		f.StringVar(&a.flags.to, "to", "", a.say("flag_to"))
		f.StringVar(&a.flags.by, "by", "start", a.say("flag_by"))
	}
	a.lockFlag(cmd)
	a.paceFlags(cmd)
	return cmd
}

func (a *app) version() *cobra.Command {
	return &cobra.Command{Use: "version", GroupID: "other", Short: a.say("cmd_version"), Args: arguments(0, 0, ""),
		RunE: func(*cobra.Command, []string) error {
			if a.asksJSON {
				return json.NewEncoder(a.out).Encode(map[string]string{"name": "pamsync", "version": Version})
			}
			_, err := fmt.Fprintln(a.out, "pamsync "+Version)
			return err
		}}
}

func (a *app) completion(root *cobra.Command) *cobra.Command {
	return &cobra.Command{Use: "completion bash|zsh|fish|powershell", GroupID: "other", Short: a.say("cmd_completion"),
		Args: arguments(1, 1, "a shell: bash, zsh, fish or powershell"), ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
		RunE: func(_ *cobra.Command, args []string) error {
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(a.out, true)
			case "zsh":
				return root.GenZshCompletion(a.out)
			case "fish":
				return root.GenFishCompletion(a.out, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(a.out)
			}
			return schemas.NewFault(schemas.ClassUsage, "bad_value", "key", "completion", "value", args[0], "want", "want_shell")
		}}
}

// cacheFolder is where locks stand: the user's cache folder, and where there is none, a folder
// of the user's own in the system's temporary one.
func cacheFolder(getenv func(string) string) string {
	if folder := getenv("PAMSYNC_LOCK_FOLDER"); folder != "" {
		return folder
	}
	if folder, err := os.UserCacheDir(); err == nil {
		return folder + string(os.PathSeparator) + "pamsync"
	}
	return fmt.Sprintf("%s%cpamsync-%d", os.TempDir(), os.PathSeparator, os.Getuid())
}

func (a *app) configPath() string {
	if a.flags.config != "" {
		return a.flags.config
	}
	return jobs.DefaultConfigFile
}
