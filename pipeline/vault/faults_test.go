package vault_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"pamsync/pipeline/vault"
	"pamsync/schemas"
)

// What no message may hold.
const (
	theSecret   = "not-a-real-secret"
	theToken    = "token-of-no-vault"
	thePassword = "password-of-nobody"
)

// fault is a line of the catalogue: how a server spoils a request, and what the client makes of it.
type fault struct {
	name   string
	does   func(w *wire)
	silent bool // the client's own time-out ends it
	once   bool // the first request alone is spoilt
	gone   bool // nothing listens any more
	greets bool // before it has read anything
	// redials tells that it may strike before the client has its connection: nothing was sent then,
	// and the client dials again.
	redials bool
	until   bool // of a list, what ends the run ends it
	wants   outcome
}

// outcome is what the client makes of a fault: the number of requests that reach the endpoint, and
// what comes of them. For a list that is the class and code of its fault; for a write the effect,
// and behind it what stops the run; for a token that of the write that needs it.
type outcome struct{ token, list, write string }

func (o outcome) of(to endpoint) string {
	switch to {
	case toToken:
		return o.token
	case toList:
		return o.list
	}
	return o.write
}

// TestFaultCatalogue lets a server fail in every way at every endpoint, and holds what the client
// does against what is written down. A write goes again only where it was certainly not processed
// (law 4); nothing hangs, nothing is left running, and no secret stands in what is said.
func TestFaultCatalogue(t *testing.T) {
	type cell struct {
		f   fault
		to  endpoint
		got string
	}
	var cells []*cell
	list := faults()
	for i, f := range list {
		if testing.Short() && i%5 > 0 {
			continue
		}
		for _, to := range []endpoint{toToken, toList, toPost, toDel, toPut} {
			cells = append(cells, &cell{f: f, to: to})
		}
	}
	before := runningCalls()
	for _, silent := range []bool{false, true} { // those that wait, apart: nothing must keep them from it
		var group errgroup.Group
		group.SetLimit(map[bool]int{false: 4, true: 100}[silent])
		for _, c := range cells {
			if c.f.silent == silent {
				group.Go(func() error {
					c.got = strike(t, c.f, c.to)
					return nil
				})
			}
		}
		_ = group.Wait()
	}
	for _, c := range cells {
		t.Logf("%-55s %-6s %s", c.f.name, c.to, c.got)
		if want := c.f.wants.of(c.to); !c.f.meets(c.got, want) {
			t.Errorf("%s, %s: %s, wanted %s", c.f.name, c.to, c.got, want)
		}
	}
	t.Logf("%d faults, %d cells", len(list), len(cells))
	wantNoneLeft(t, before)
}

// meets says whether what came is what is wanted; the dials of a connection that never was do not count.
func (f *fault) meets(got, want string) bool {
	if !f.redials || got == want {
		return got == want
	}
	_, what, _ := strings.Cut(got, " ")
	_, wanted, _ := strings.Cut(want, " ")
	return what == wanted && got < "4"
}

// strike makes one call that a fault spoils, and tells how many requests came and what is known.
func strike(t *testing.T, f fault, to endpoint) string {
	server := spoil(t, f, to)
	c := config("http://" + server.listener.Addr().String())
	c.API, c.Timeout = "api", time.Minute
	if f.silent {
		c.Timeout = 500 * time.Millisecond
	}
	client := connect(t, c)
	done := make(chan string, 1)
	go func() { done <- callOf(t, f, client, to) }()
	select {
	case what := <-done:
		return fmt.Sprint(server.close(), " ", what)
	case <-time.After(50 * time.Second):
		server.close()
		return "hangs"
	}
}

func callOf(t *testing.T, f fault, client *vault.Client, to endpoint) string {
	if to == toList {
		ctx := context.Background()
		if f.until {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, time.Second)
			defer cancel()
		}
		_, err := client.Reader().Devices(ctx, func(*schemas.Device) error { return nil })
		if err == nil {
			return "ok"
		}
		class, code := faultCode(err)
		wantNoSecret(t, f, to, err.Error())
		return string(class) + "/" + code
	}
	call := schemas.Call{Verb: schemas.VerbUpsert, Kind: schemas.KindCredential, Secret: schemas.NewSecret(thePassword)}
	call.Values[schemas.FieldHostname], call.Values[schemas.FieldUsername] = "srv-01", "root"
	switch to {
	case toDel:
		call = schemas.Call{Verb: schemas.VerbInactivate, Kind: schemas.KindCredential, ID: "7"}
	case toPut:
		call = schemas.Call{Verb: schemas.VerbActivate, Kind: schemas.KindCredential, ID: "7"}
	}
	a := client.Writer().Do(context.Background(), call)
	what := string(a.Effect)
	wantNoSecret(t, f, to, fmt.Sprintf("%+v", a))
	if a.Stop != nil {
		wantNoSecret(t, f, to, a.Stop.Error())
		what += " " + string(a.Stop.Class) + "/" + a.Stop.Problem.Code
	}
	return what
}

func wantNoSecret(t *testing.T, f fault, to endpoint, said string) {
	for _, secret := range []string{theSecret, theToken, thePassword} {
		if strings.Contains(said, secret) {
			t.Errorf("%s, %s: a secret is said: %s", f.name, to, said)
		}
	}
}

// runningCalls are the goroutines that belong to calls of a client.
func runningCalls() []string {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	var list []string
	for _, one := range strings.Split(string(stacks), "\n\n")[1:] {
		if strings.Contains(one, "net/http.(*persistConn)") || strings.Contains(one, "net/http.(*Transport)") || strings.Contains(one, "pamsync/pipeline/vault.") {
			list = append(list, one)
		}
	}
	return list
}

// wantNoneLeft waits until no more goroutines belong to calls than before: their servers are gone.
func wantNoneLeft(t *testing.T, before []string) {
	t.Helper()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	deadline := time.After(20 * time.Second)
	for {
		left := runningCalls()
		if len(left) <= len(before) {
			return
		}
		select {
		case <-ticker.C:
		case <-deadline:
			t.Fatalf("%d goroutines are left, before there were %d:\n%s", len(left), len(before), strings.Join(left, "\n\n"))
		}
	}
}
