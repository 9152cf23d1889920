package vault

import (
	"context"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// bench is a client and a simulated vault under virtual time.
type bench struct {
	client *Client
	sim    *vaultsim.Vault
	wire   *vaultsim.Wire
	mu     sync.Mutex
	starts []time.Time // of the requests that arrived, and of connections that were refused
	dial   func() error
}

// onBench runs f with one; nothing may be left of it.
func onBench(t *testing.T, rps float64, sim *vaultsim.Vault, f func(t *testing.T, b *bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := &bench{sim: sim, wire: vaultsim.NewWire()}
		sim.OnRequest = func(vaultsim.Request) { b.start() }
		server := &http.Server{Handler: sim}
		served := make(chan error, 1)
		go func() { served <- server.Serve(b.wire) }()
		config := schemas.DefaultConfig().Vault
		config.URL, config.ClientID, config.ClientSecret, config.RPS = "http://127.0.0.1:9", "client", schemas.NewSecret("not-a-real-secret"), rps
		seed := rand.New(rand.NewPCG(1, 1))
		var err error
		b.client, err = Connect(config, WithJitter(func(n int64) int64 {
			b.mu.Lock()
			defer b.mu.Unlock()
			return seed.Int64N(n)
		}), WithDial(func(ctx context.Context, network, address string) (net.Conn, error) {
			if b.dial != nil {
				if err := b.dial(); err != nil {
					b.start()
					return nil, err
				}
			}
			return b.wire.Dial(ctx, network, address)
		}))
		if err != nil {
			t.Fatal(err)
		}
		f(t, b)
		b.inPace(t)
		b.wire.Cut()
		server.Close()
		<-served
	})
}

func (b *bench) start() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.starts = append(b.starts, time.Now())
}

func (b *bench) requests() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.starts)
}

// inPace holds the window rule for all requests of a test.
func (b *bench) inPace(t *testing.T) {
	t.Helper()
	starts, rps, burst := b.starts, b.client.config.RPS, float64(b.client.config.Burst)
	for i := range starts {
		for j := i; j < len(starts) && j < i+500; j++ {
			window := starts[j].Sub(starts[i]).Seconds()
			if n := float64(j - i + 1); n > burst+rps*window+1e-6 {
				t.Fatalf("%v requests in %v s at %v/s with burst %v", n, window, rps, burst)
			}
		}
	}
}

// upserts sends n devices by four workers and counts the answers.
func (b *bench) upserts(n int) map[schemas.Effect]int {
	var all sync.WaitGroup
	var next atomic.Int64
	var mu sync.Mutex
	effects := map[schemas.Effect]int{}
	for range 4 {
		all.Go(func() {
			for next.Add(1) <= int64(n) {
				answer := b.client.Writer().Do(context.Background(), upsert("srv"))
				mu.Lock()
				effects[answer.Effect]++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return effects
}

func upsert(hostname string) schemas.Call {
	call := schemas.Call{Verb: schemas.VerbUpsert, Kind: schemas.KindDevice}
	call.Values[schemas.FieldHostname], call.Values[schemas.FieldIP], call.Values[schemas.FieldSite] = hostname, "10.0.0.1", "LAX"
	call.Values[schemas.FieldModel], call.Values[schemas.FieldVendor], call.Values[schemas.FieldType] = "CentOS 7", "CentOS", "Server"
	return call
}

func isToken(r vaultsim.Request) bool { return strings.HasSuffix(r.Path, "/token") }

// TestBudgetUnderATotalOutage: a vault that answers nothing else than that it is busy gets each call
// once, and a hundred again; one that cannot be reached in time, where a resend costs double, fifty.
func TestBudgetUnderATotalOutage(t *testing.T) {
	const calls = 300
	for name, c := range map[string]struct {
		fault vaultsim.Fault
		dial  error
		most  int // resends
	}{
		"busy, with Retry-After": {vaultsim.Status503, nil, budgetFull / costResend},
		"too many requests":      {vaultsim.Status429, nil, budgetFull / costResend},
		"refused":                {0, syscall.ECONNREFUSED, budgetFull / costResend},
		"timed out":              {0, context.DeadlineExceeded, budgetFull / costTimedOut},
		// These leave a call in doubt: it is never sent again.
		"busy, without": {vaultsim.Status503Bare, nil, 0},
		"bad gateway":   {vaultsim.Status502, nil, 0},
		"silent":        {vaultsim.Hang, nil, 0},
		"reset":         {vaultsim.ResetBefore, nil, 0},
	} {
		if testing.Short() && c.fault != vaultsim.Status503 && c.fault != vaultsim.Hang {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out atomic.Bool
			sim := &vaultsim.Vault{Fault: func(r vaultsim.Request) vaultsim.Fault {
				if isToken(r) || !out.Load() {
					return vaultsim.NoFault
				}
				return c.fault
			}}
			onBench(t, 100, sim, func(t *testing.T, b *bench) {
				b.upserts(1) // gets a token
				out.Store(true)
				if c.dial != nil {
					b.wire.Cut()
					b.dial = func() error { return &net.OpError{Op: "dial", Err: c.dial} }
				}
				before := b.requests()
				effects := b.upserts(calls)
				tokens := -1 // but for the first one; an outage lasts for hours
				for _, r := range sim.Log() {
					if isToken(r) {
						tokens++
					}
				}
				// Where no connection can be made, a call that needs a token ends with trying to get one.
				if resends := b.requests() - before - calls - tokens; resends != c.most {
					t.Errorf("%d calls were sent %d times again, wanted %d (%v)", calls, resends, c.most, effects)
				}
				if effects[schemas.EffectDone] > 0 {
					t.Errorf("something was done: %v", effects)
				}
			})
		})
	}
}

// TestBudgetUnderAPartOutage: where every other request is refused, what is sent again is what the
// full budget pays for and what the calls that were answered at once gave back.
func TestBudgetUnderAPartOutage(t *testing.T) {
	calls := 1500
	if testing.Short() {
		calls = 800
	}
	var n, again, refunds atomic.Int64
	sim := &vaultsim.Vault{Fault: func(r vaultsim.Request) vaultsim.Fault {
		if !isToken(r) && n.Add(1)%2 == 0 {
			return vaultsim.Status503
		}
		return vaultsim.NoFault
	}}
	onBench(t, 50, sim, func(t *testing.T, b *bench) {
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				for range calls / 4 {
					answer := b.client.Writer().Do(context.Background(), upsert("srv"))
					again.Add(int64(answer.Attempts - 1))
					if answer.Attempts == 1 && answer.Effect == schemas.EffectDone {
						refunds.Add(1)
					}
				}
			})
		}
		all.Wait()
		if most := (budgetFull + refunds.Load()*refundedByOne) / costResend; again.Load() > most || again.Load() < most-1 {
			t.Errorf("%d calls were sent %d times again, wanted %d: %d were answered at once", calls, again.Load(), most, refunds.Load())
		}
	})
}

// TestNoRequestLeavesTheBreakerShut: whatever becomes of the one request that tries, the next call
// goes to a vault that is there again within the longest pause.
func TestNoRequestLeavesTheBreakerShut(t *testing.T) {
	fault := func(f vaultsim.Fault) func(*bench, *atomic.Int64) {
		return func(_ *bench, now *atomic.Int64) { now.Store(int64(f)) }
	}
	nothing := func(*bench, *atomic.Int64) {}
	write := func(b *bench, ctx context.Context) { b.client.Writer().Do(ctx, upsert("srv")) }
	list := func(b *bench, ctx context.Context) {
		_, _ = b.client.Reader().Devices(ctx, func(*schemas.Device) error { return nil })
	}
	token := func(b *bench, ctx context.Context) {
		b.client.tokens.refused(b.client.tokens.current)
		list(b, ctx)
	}
	for name, c := range map[string]struct {
		meets func(b *bench, now *atomic.Int64)
		call  func(b *bench, ctx context.Context)
		after time.Duration // from when the try may go until it is given up, 0 for never
	}{
		"given up while it waits for the pace": {nothing, list, time.Nanosecond},
		"a list given up on the way":           {fault(vaultsim.Hang), list, 5 * time.Second},
		"a token given up on the way":          {fault(vaultsim.Hang), token, 5 * time.Second},
		"a write given up on the way":          {fault(vaultsim.Hang), write, 5 * time.Second},
		"a list without an answer":             {fault(vaultsim.Hang), list, 0},
		"a write without an answer":            {fault(vaultsim.Hang), write, 0},
		"a token without an answer":            {fault(vaultsim.Hang), token, 0},
		"a list cut short":                     {fault(vaultsim.TruncateBody), list, 0},
		"a write whose answer is cut short":    {fault(vaultsim.TruncateBody), write, 0},
		"a token cut short":                    {fault(vaultsim.TruncateBody), token, 0},
		"a reset":                              {fault(vaultsim.ResetBefore), write, 0},
		"a page":                               {fault(vaultsim.HTMLPage), write, 0},
		"a page for a token":                   {fault(vaultsim.HTMLPage), token, 0},
		"a redirect":                           {fault(vaultsim.Redirect302), list, 0},
		"a token refused by the gateway":       {fault(vaultsim.InvalidSignature403), write, 0},
		"a vault that is too busy":             {fault(vaultsim.Status503), write, 0},
		"no connection":                        {func(b *bench, _ *atomic.Int64) { b.wire.Cut(); b.wire.SetDown(true) }, write, 0},
		"no connection for a token":            {func(b *bench, _ *atomic.Int64) { b.wire.Cut(); b.wire.SetDown(true) }, token, 0},
		"nothing: it is answered":              {nothing, write, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var now atomic.Int64
			sim := &vaultsim.Vault{Fault: func(vaultsim.Request) vaultsim.Fault { return vaultsim.Fault(now.Load()) }}
			onBench(t, 0.5, sim, func(t *testing.T, b *bench) {
				list(b, context.Background())
				for range failuresToOpen {
					b.client.breaker.failed(0)
				}
				begun := time.Now()
				c.meets(b, &now)
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				if c.after > 0 {
					time.AfterFunc(time.Until(b.client.breaker.until)+c.after, cancel)
				}
				c.call(b, ctx)
				if c.after == 0 && time.Since(begun) < time.Second {
					t.Fatal("the breaker let it go at once: it was not open")
				}
				now.Store(0)
				b.wire.SetDown(false)
				healed := time.Now()
				ctx, cancel = context.WithTimeout(context.Background(), time.Hour)
				defer cancel()
				if _, err := b.client.Reader().Devices(ctx, func(*schemas.Device) error { return nil }); err != nil {
					t.Error(err)
				}
				if took := time.Since(healed); took > 30*time.Second+10*time.Second {
					t.Errorf("the next call waited %v", took)
				}
			})
		})
	}
}

// TestAListIsAskedForOnce: net/http sends a GET again by itself where a connection kept alive is
// reset; that would be beside the pace, and not be counted.
func TestAListIsAskedForOnce(t *testing.T) {
	var lists atomic.Int64
	sim := &vaultsim.Vault{Fault: func(r vaultsim.Request) vaultsim.Fault {
		if r.Method == http.MethodGet && lists.Add(1) > 1 {
			return vaultsim.ResetBefore
		}
		return vaultsim.NoFault
	}}
	onBench(t, 5, sim, func(t *testing.T, b *bench) {
		for range 2 {
			_, _ = b.client.Reader().Devices(context.Background(), func(*schemas.Device) error { return nil })
		}
		if lists.Load() != 1+dialAttempts {
			t.Errorf("the vault was asked for %d lists, wanted one and %d that were reset", lists.Load(), dialAttempts)
		}
	})
}

// TestATokenThatEndsDuringAWaitIsRenewed: what waited for longer than its token lives is not sent
// with it.
func TestATokenThatEndsDuringAWaitIsRenewed(t *testing.T) {
	sim := &vaultsim.Vault{TokenTTL: 20 * time.Second}
	onBench(t, 5, sim, func(t *testing.T, b *bench) {
		b.upserts(1)
		b.client.breaker = newBreaker(time.Minute, time.Minute)
		for range failuresToOpen {
			b.client.breaker.failed(0)
		}
		if effects := b.upserts(8); effects[schemas.EffectDone] != 8 {
			t.Error(effects)
		}
		for _, r := range sim.Log() {
			if r.Status == http.StatusUnauthorized {
				t.Errorf("%s %s was sent with a token that was at its end", r.Method, r.Path)
			}
		}
	})
}
