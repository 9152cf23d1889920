package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"pamsync/pipeline"
	"pamsync/pipeline/vault"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// outage is a vault that is away for half an hour in the middle of an apply.
type outage struct {
	fault    vaultsim.Fault
	refused  bool
	asks     atomic.Int64 // requests, and connections that were refused
	from     time.Time    // zero for none
	runs     int
	statuses map[schemas.Status]int
}

const halfAnHour = 30 * time.Minute

func (o *outage) lasts() bool {
	return !o.from.IsZero() && !time.Now().Before(o.from) && time.Now().Before(o.from.Add(halfAnHour))
}

func (o *outage) dial(wire *vaultsim.Wire) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if o.refused && o.lasts() {
			o.asks.Add(1)
			return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
		}
		return wire.Dial(ctx, network, address)
	}
}

// apply creates n devices, 50 a second, and goes on every five minutes with what was left.
func (o *outage) apply(t *testing.T, n int) {
	wire := vaultsim.NewWire()
	sim := &vaultsim.Vault{Latency: 20 * time.Millisecond, OnRequest: func(vaultsim.Request) { o.asks.Add(1) },
		Fault: func(vaultsim.Request) vaultsim.Fault {
			if o.lasts() {
				return o.fault
			}
			return vaultsim.NoFault
		}}
	server := &http.Server{Handler: sim}
	served := make(chan error, 1)
	go func() { served <- server.Serve(wire) }()
	defer func() {
		wire.Cut()
		server.Close()
		<-served
	}()
	config := schemas.DefaultConfig()
	config.Vault.URL, config.Vault.ClientID, config.Vault.ClientSecret = "http://127.0.0.1:9", "client", schemas.NewSecret("not-a-real-secret")
	config.Vault.RPS, config.Vault.Burst, config.Limits.Update.Off = 50, 1, true
	w := &world{t: t, memory: pipeline.NewMemory(nil), key: []byte("key"), policy: pipeline.Policy{Devices: config.Devices, Credentials: config.Credentials, Limits: config.Limits}}
	connect := func() {
		var err error
		if w.client, err = vault.Connect(config.Vault, vault.WithDial(o.dial(wire))); err != nil {
			t.Fatal(err)
		}
	}
	connect()
	var rows []schemas.Values
	for i := range n {
		rows = append(rows, device(fmt.Sprintf("srv-%04d", i), fmt.Sprintf("10.0.%d.%d", i/250, i%250+1), "LAX"))
	}
	plan := w.plan(w.inventory(rows, nil))
	if o.fault != 0 || o.refused {
		o.from = time.Now().Add(time.Duration(n/2) * time.Second / 50)
	}
	o.asks.Store(0)
	journal := &tape{left: -1}
	for begun := time.Now(); ; time.Sleep(5 * time.Minute) {
		o.runs++
		connect()
		run := &pipeline.Run{Plan: plan, Past: journal.past(), Vault: w.client.Reader(), Send: w.client.Writer().Do, Journal: journal.append, Memory: w.memory,
			Policy: w.policy, Brakes: pipeline.Brakes{Storm: true}, Workers: 4, Settle: time.Minute, Now: time.Now, Sleep: rest}
		err := run.Apply(context.Background())
		wire.Cut()
		var fault *schemas.Fault
		if err == nil {
			break
		}
		if !errors.As(err, &fault) || fault.Class != schemas.ClassUnreachable && fault.Class != schemas.ClassBusy && fault.Class != schemas.ClassStopped || time.Since(begun) > 2*halfAnHour {
			t.Fatalf("run %d, after %v: %v", o.runs, time.Since(begun), err)
		}
	}
	o.statuses = map[schemas.Status]int{}
	for _, r := range pipeline.Replay(plan, journal.past()) {
		o.statuses[r.Status]++
	}
	if o.statuses[schemas.StatusDone] != len(sim.Devices()) {
		t.Errorf("%v, and the vault has %d devices", o.statuses, len(sim.Devices()))
	}
}

// TestAnOutageCostsATenth: while the vault is away for half an hour, in whatever way, and the run is
// begun again every five minutes, an apply of 2,000 changes makes no more than a tenth more requests
// than one that nothing disturbs, and all but the few that were out are made in the end.
func TestAnOutageCostsATenth(t *testing.T) {
	const few = 40 // of which a storm of errors has 20 in a row, and the workers more
	n := 2000
	if testing.Short() {
		n = 400
	}
	quiet := &outage{}
	synctest.Test(t, func(t *testing.T) { quiet.apply(t, n) })
	usual := quiet.asks.Load()
	for name, o := range map[string]*outage{
		"no connection":        {refused: true},
		"503":                  {fault: vaultsim.Status503Bare},
		"503 with Retry-After": {fault: vaultsim.Status503},
		"429":                  {fault: vaultsim.Status429},
		"502":                  {fault: vaultsim.Status502},
		"silence":              {fault: vaultsim.Hang},
		"resets":               {fault: vaultsim.ResetBefore},
		"a page":               {fault: vaultsim.HTMLPage},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { o.apply(t, n) })
			asks := o.asks.Load()
			if o.statuses[schemas.StatusDone] < n-few {
				t.Errorf("%v: more than %d were lost", o.statuses, few)
			}
			t.Logf("%d requests in %d runs, %d of them for the outage; %v", asks, o.runs, asks-usual, o.statuses)
			if asks > usual+usual/10 && n == 2000 {
				t.Errorf("%d requests, more than a tenth above the %d of an undisturbed apply", asks, usual)
			}
		})
	}
}
