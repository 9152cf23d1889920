package cli

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pamsync/pipeline/jobs"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/samples"
	"pamsync/schemas"
)

// demoMark stands in a folder that a demo made, so that the next one may replace it.
const demoMark = ".pamsync-demo"

func (a *app) demo() *cobra.Command {
	var folder string
	cmd := &cobra.Command{Use: "demo", GroupID: "other", Short: a.say("cmd_demo"), Args: arguments(0, 0, ""),
		Example: "  pamsync demo -o demo",
		RunE: func(_ *cobra.Command, _ []string) error {
			ctx, done := notify(a.ctx, func() {})
			defer done()
			return a.runDemo(ctx, folder)
		}}
	cmd.Flags().StringVarP(&folder, "out", "o", "demo", a.say("flag_demo_out"))
	return cmd
}

// runDemo lays out the samples, serves the simulated vault, and runs real command lines.
func (a *app) runDemo(ctx context.Context, folder string) error {
	if err := layOut(folder); err != nil {
		return err
	}
	sim := &vaultsim.Vault{Latency: 2 * time.Millisecond}
	state, err := os.Open(filepath.Join(folder, "vault.json"))
	if err != nil {
		return schemas.NewFault(schemas.ClassFailed, "failed").Because(err)
	}
	defer state.Close()
	if err := sim.LoadState(state); err != nil {
		return schemas.NewFault(schemas.ClassBug, "bug").Because(err)
	}
	listener, err := listenLoopback("127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: sim, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }()
	defer server.Close()
	d := &demo{a: a, folder: folder, url: "http://" + listener.Addr().String()}
	return d.run(ctx)
}

// layOut copies the samples into a new folder, or into that of a former demo.
func layOut(folder string) error {
	fail := func(err error) error {
		return schemas.NewFault(schemas.ClassDisk, "output_failed", "path", folder).Because(err)
	}
	entries, err := os.ReadDir(folder)
	if err == nil && len(entries) > 0 {
		if _, err := os.Stat(filepath.Join(folder, demoMark)); err != nil {
			return schemas.NewFault(schemas.ClassUsage, "usage", "why", "not_a_demo", "what", folder)
		}
		if err := os.RemoveAll(folder); err != nil {
			return fail(err)
		}
	}
	return fs.WalkDir(samples.Files, ".", func(path string, entry fs.DirEntry, err error) error {
		target := filepath.Join(folder, filepath.FromSlash(path))
		switch {
		case err != nil:
			return fail(err)
		case entry.IsDir():
			if err := os.MkdirAll(target, 0o700); err != nil {
				return fail(err)
			}
			return os.WriteFile(filepath.Join(folder, demoMark), nil, 0o600)
		}
		data, err := fs.ReadFile(samples.Files, path)
		if err == nil {
			err = os.WriteFile(target, data, 0o600)
		}
		if err != nil {
			return fail(err)
		}
		return nil
	})
}

// demo runs command lines one after another and checks what they promise.
type demo struct {
	a           *app
	folder, url string
}

func (d *demo) run(ctx context.Context) error {
	config, plan := filepath.Join(d.folder, d.a.say("demo_config")), filepath.Join(d.folder, d.a.say("demo_planfile"))
	sessions := filepath.Join(d.folder, d.a.say("demo_sessions"))
	page, workbook := strings.TrimSuffix(plan, ".jsonl")+".html", strings.TrimSuffix(plan, ".jsonl")+".xlsx"
	reports := ""
	d.line("%s", d.a.say("demo_head", "url", d.url, "folder", d.folder))
	for _, step := range []struct {
		args []string
		want []int
	}{
		{[]string{"plan", "-c", config, "-o", plan, "--html", page, "--xlsx", workbook}, []int{0, 10}},
		{[]string{"apply", plan, "-c", config, "--yes"}, []int{0, 10}},
		{[]string{"sync", "-c", config, "--yes"}, []int{0, 10}},
		{[]string{"export", "sessions", "-c", config, "--from", "2026-07-01", "--to", "2026-09-30", "-o", sessions}, []int{0}},
	} {
		out, code := d.step(ctx, d.a.say("demo_"+step.args[0]), step.args)
		if code != step.want[0] && code != step.want[len(step.want)-1] {
			class := schemas.ClassFailed
			if code == 74 { // the screen, or the disk: nothing is wrong with the demo
				class = schemas.ClassDisk
			}
			return schemas.NewFault(class, "failed").Because(fmt.Errorf("the demo's %s ended with %d", step.args[0], code))
		}
		if step.args[0] == "plan" || out.Total == nil {
			continue
		}
		if step.args[0] == "apply" {
			reports = out.Folder
		}
		if c := out.Total.Changes; c.Failed+c.Unknown > 0 || step.args[0] == "sync" && c.Done+c.Skipped > 0 {
			return schemas.NewFault(schemas.ClassFailed, "failed").Because(fmt.Errorf("the demo's %s left %+v", step.args[0], c))
		}
	}
	d.line("\n%s", d.a.say("demo_look"))
	for _, file := range [][2]string{{page, "demo_page"}, {workbook, "demo_workbook"}, {filepath.Join(reports, "result.html"), "demo_result_page"},
		{filepath.Join(reports, "result.xlsx"), "demo_result_book"}, {filepath.Join(d.folder, "reports"), "demo_runs"}, {sessions, "demo_export_file"},
		{filepath.Join(d.folder, d.a.say("demo_readme")), "demo_inventory"}} {
		d.line("  %-58s %s", file[0], d.a.say(file[1]))
	}
	return nil
}

func (d *demo) line(format string, args ...any) { fmt.Fprintf(d.a.out, format+"\n", args...) }

// step runs one command line as a person would type it.
func (d *demo) step(ctx context.Context, say string, args []string) (jobs.Outcome, int) {
	d.line("\n%s\n$ pamsync %s\n", say, strings.Join(args, " "))
	values := map[string]string{"PAMSYNC_URL": d.url, "PAMSYNC_CLIENT_ID": "demo", "PAMSYNC_CLIENT_SECRET": "demo-secret-not-a-secret", "PAMSYNC_RPS": "100", "PAMSYNC_LANG": string(d.a.lang)}
	getenv := func(name string) string {
		if v, ok := values[name]; ok {
			return v
		}
		return d.a.getenv(name)
	}
	child := &app{ctx: ctx, getenv: getenv, in: strings.NewReader(""), out: d.a.out, err: d.a.err, lang: d.a.lang}
	root := child.root()
	root.SetArgs(args)
	code := child.finish(root.ExecuteContext(ctx))
	return child.outcome, code
}
