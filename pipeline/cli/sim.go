package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"

	"pamsync/pipeline/jobs"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// simFlags are the simulator's knobs that a command line can set.
type simFlags struct {
	addr, state, save, version, prefix string
	latency                            time.Duration
	rate                               float64
	readOnly, showInactive             bool
	sessions                           int
}

func (a *app) vaultsim() *cobra.Command {
	var f simFlags
	cmd := &cobra.Command{Use: "vaultsim", GroupID: "other", Short: a.say("cmd_vaultsim"), Args: arguments(0, 0, ""),
		Example: "  pamsync vaultsim --addr 127.0.0.1:0 --state state.json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, done := notify(a.ctx, func() {})
			defer done()
			return a.serveSim(ctx, f)
		}}
	fl := cmd.Flags()
	fl.StringVar(&f.addr, "addr", "127.0.0.1:0", a.say("flag_addr"))
	fl.StringVar(&f.state, "state", "", a.say("flag_state"))
	fl.StringVar(&f.save, "save", "", a.say("flag_save"))
	fl.StringVar(&f.version, "vault-version", "3.33", a.say("flag_vault-version"))
	fl.StringVar(&f.prefix, "prefix", "", a.say("flag_prefix"))
	fl.DurationVar(&f.latency, "latency", 0, a.say("flag_latency"))
	fl.Float64Var(&f.rate, "rate-limit", 0, a.say("flag_rate-limit"))
	fl.BoolVar(&f.readOnly, "read-only", false, a.say("flag_read-only"))
	fl.BoolVar(&f.showInactive, "show-inactive", false, a.say("flag_show-inactive"))
	fl.IntVar(&f.sessions, "sessions", 0, a.say("flag_sessions"))
	return cmd
}

func (a *app) serveSim(ctx context.Context, f simFlags) error {
	v := &vaultsim.Vault{Version: f.version, Prefix: f.prefix, Latency: f.latency, RateLimit: f.rate, ReadOnly: f.readOnly,
		ShowInactive: f.showInactive, ManySessions: f.sessions}
	if f.state != "" {
		file, err := os.Open(f.state)
		if err != nil {
			return schemas.NewFault(schemas.ClassInput, "source_missing", "path", f.state)
		}
		defer file.Close()
		if err := v.LoadState(file); err != nil {
			return schemas.NewFault(schemas.ClassInput, "source_unreadable").Because(err).At(schemas.Place{Source: f.state})
		}
	}
	listener, err := listenLoopback(f.addr)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "http://%s\n", listener.Addr())
	server := &http.Server{Handler: v, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		<-ctx.Done()
		shut, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		_ = server.Shutdown(shut)
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return schemas.NewFault(schemas.ClassFailed, "failed").Because(err)
	}
	if f.save == "" {
		return nil
	}
	return jobs.SaveTo(f.save, v.SaveState)
}

// listenLoopback keeps the simulator, which accepts any client, off the network.
func listenLoopback(addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	ip := net.ParseIP(host)
	if err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, schemas.NewFault(schemas.ClassUsage, "bad_value", "key", "--addr", "value", addr, "want", "want_loopback")
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, schemas.NewFault(schemas.ClassFailed, "failed").Because(err)
	}
	return listener, nil
}
