package pipeline_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"pamsync/pipeline"
	"pamsync/pipeline/vault"
	"pamsync/schemas"
)

// patience of an ordeal: after restless processes nothing is stopped any more, after troubled ones
// nothing is spoilt any more, and the next few must come to the end.
const (
	restless = 4
	troubled = 9
	most     = 12
)

// process is one run of the program: what it holds dies with it, but for the journal.
type process struct {
	o      *ordeal
	number int
	cancel context.CancelCauseFunc
	client *vault.Client
	jitter atomic.Int64

	mu   sync.Mutex
	nth  map[string]int
	left int // records until it is killed, below 0 for never
	torn bool
	dead bool
}

// errStopped stands for SIGTERM.
var errStopped = errors.New("stopped")

func (o *ordeal) newProcess(cancel context.CancelCauseFunc) (*process, error) {
	p := &process{o: o, number: o.processes, cancel: cancel, nth: map[string]int{}, left: -1}
	client, err := vault.Connect(o.config, vault.WithDial(p.dial), vault.WithJitter(func(n int64) int64 {
		return draws(o.net.seed, "jitter", p.number, p.jitter.Add(1)).Int64N(n)
	}))
	p.client = client
	return p, err
}

func (p *process) dial(ctx context.Context, network, address string) (net.Conn, error) {
	p.mu.Lock()
	dead := p.dead
	p.mu.Unlock()
	if dead || p.o.net.refuses() {
		return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
	}
	return p.o.wire.Dial(ctx, network, address)
}

// die ends the process at once: its connections are gone, and the vault goes on with what it was sent.
func (p *process) die() {
	p.mu.Lock()
	p.dead = true
	p.mu.Unlock()
	p.cancel(errKilled)
	p.o.wire.Cut()
}

// journal puts a record on the disk, which takes a while. The one that the process dies at may be
// there all the same, though nobody was told.
func (p *process) journal(rec schemas.Record) error {
	label := labelOf(&rec)
	p.mu.Lock()
	p.nth[label]++
	nth := p.nth[label]
	p.mu.Unlock()
	time.Sleep(time.Duration(draws(p.o.net.seed, "disk", p.number, label, nth).Int64N(int64(2 * time.Millisecond))))
	p.mu.Lock()
	if p.dead {
		p.mu.Unlock()
		return errKilled
	}
	if p.left != 0 {
		p.left--
		p.o.records = append(p.o.records, rec)
		p.mu.Unlock()
		return nil
	}
	if p.torn {
		p.o.records = append(p.o.records, rec)
	}
	p.mu.Unlock()
	p.die()
	return errKilled
}

func labelOf(rec *schemas.Record) string {
	switch {
	case rec.Intent != nil:
		return fmt.Sprint("intent", rec.Intent.Change, rec.Intent.Step)
	case rec.Outcome != nil:
		return fmt.Sprint("outcome", rec.Outcome.Change, rec.Outcome.Step)
	case rec.Finding != nil:
		return fmt.Sprint("finding", rec.Finding.Change)
	}
	return "record"
}

// disturb draws how a process ends: by itself, stopped, killed at a time, or killed at a record.
func (p *process) disturb(d *rand.Rand) (stop func()) {
	if p.number > restless {
		return func() {}
	}
	after := time.Duration(d.Int64N(int64(pick(d, 100*time.Millisecond, 3*time.Second, 2*time.Minute))))
	timer := time.NewTimer(after)
	timer.Stop()
	switch d.IntN(5) {
	case 0:
		timer = time.AfterFunc(after, func() { p.cancel(errStopped) })
	case 1:
		timer = time.AfterFunc(after, p.die)
	case 2, 3:
		p.left, p.torn = d.IntN(100), d.IntN(2) == 0
	}
	return func() { timer.Stop() }
}

// run is one process from its start to its end.
func (o *ordeal) run() error {
	o.processes++
	if o.processes > troubled {
		o.net.calm(true)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	p, err := o.newProcess(cancel)
	if err != nil {
		return err
	}
	stop := p.disturb(draws(o.net.seed, "process", p.number))
	defer stop()
	past := &pipeline.Past{}
	for _, rec := range o.records {
		past.Take(rec)
	}
	run := &pipeline.Run{Plan: o.plan, Past: past, Vault: p.client.Reader(), Send: p.client.Writer().Do, Journal: p.journal,
		Memory: o.world.memory, Policy: o.world.policy, Brakes: o.brakes, Secret: canary, Workers: o.config.Workers, Settle: o.settle, Now: o.net.now, Sleep: rest}
	err = run.Apply(ctx)
	o.wire.Cut()
	return errors.Join(o.tooFast(), err)
}

// rest waits as the program does.
func rest(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return schemas.NewFault(schemas.ClassInterrupted, "interrupted").Because(context.Cause(ctx))
	}
}

// prepare lives through the first night and plans the second, while all is calm.
func (o *ordeal) prepare() error {
	o.began = time.Now()
	config := o.config
	config.RPS, config.Burst = cmp.Or(o.sim.RateLimit/2, 100000), 1
	client, err := vault.Connect(config, vault.WithDial(o.wire.Dial))
	if err != nil {
		return err
	}
	c := schemas.DefaultConfig()
	c.Devices.Missing, c.Credentials.Missing = schemas.MissingInactivate, schemas.MissingInactivate
	c.Keys.Missing, c.Infos.Missing, c.Infos.Changed = schemas.MissingInactivate, schemas.MissingInactivate, schemas.ChangedSend
	c.Keys.Secrets, c.Infos.Secrets = schemas.SecretsOnCreate, schemas.SecretsOnCreate
	c.Limits.Inactivate.Off, c.Limits.Cascade.Off, c.Limits.Update.Off = true, true, true
	o.world = &world{client: client, memory: pipeline.NewMemory(nil), key: []byte("key"),
		policy: pipeline.Policy{Devices: c.Devices, Credentials: c.Credentials, Keys: c.Keys, Infos: c.Infos, Limits: c.Limits}}
	first, err := o.planOf(0)
	if err != nil {
		return err
	}
	journal := &tape{left: -1}
	run := &pipeline.Run{Plan: first, Vault: client.Reader(), Send: client.Writer().Do, Journal: journal.append, Memory: o.world.memory, Secret: canary,
		Policy: o.world.policy, Workers: 4, Now: time.Now, Sleep: rest}
	if err := run.Apply(context.Background()); err != nil {
		return err
	}
	o.world.remember(first, journal)
	if o.plan, err = o.planOf(1); err != nil {
		return err
	}
	o.wire.Cut()
	o.before = holdings(o.sim)
	o.name()
	o.sim.ResetLog()
	o.net.takeStarts()
	o.net.mu.Lock()
	defer o.net.mu.Unlock()
	clear(o.net.nth)
	clear(o.net.applied)
	return nil
}

func canary(*schemas.Change) (schemas.Secret, error) { return schemas.NewSecret("Canary"), nil }

func (o *ordeal) planOf(night int) (*schemas.Plan, error) {
	s, err := pipeline.TakeSnapshot(context.Background(), o.world.client.Reader(), pipeline.Want{Accounts: true, Norm: o.world.policy.Devices.Normalize})
	if err != nil {
		return nil, err
	}
	rows := o.nights[night]
	return pipeline.Build(pipeline.Input{Inventory: loadMore(o.world.inventory(rows.devices, rows.accounts), o.more[night]), Snapshot: o.world.memory.Settle(s, nil),
		Memory: o.world.memory, Policy: o.world.policy}), nil
}

// name tells the net which records the ids mean.
func (o *ordeal) name() {
	o.net.names = map[string]string{}
	for _, d := range o.sim.Devices() {
		o.net.names["device "+d.ID] = "device " + d.Hostname
	}
	for _, c := range o.sim.Credentials() {
		o.net.names["credential "+c.ID] = "credential " + c.Username + "@" + c.Hostname
	}
	for _, k := range o.sim.Keys() {
		o.net.names["key "+k.ID] = "key " + k.Username + "@" + k.Hostname
	}
	for _, i := range o.sim.Infos() {
		o.net.names["info "+i.ID] = "info " + i.Identifier
	}
}

// live goes through the whole ordeal: processes, one after another, until the apply is at its end.
func (o *ordeal) live() error {
	server := &http.Server{Handler: o.sim}
	served := make(chan error, 1)
	go func() { served <- server.Serve(o.wire) }()
	defer func() {
		o.wire.Cut()
		server.Close()
		<-served
		time.Sleep(o.settle) // the vault ends what it is at
	}()
	if err := o.prepare(); err != nil {
		return err
	}
	o.net.calm(false)
	for {
		err := o.run()
		if err == nil {
			break
		}
		var fault *schemas.Fault
		if !errors.As(err, &fault) || fault.Class == schemas.ClassBug || fault.Class == schemas.ClassGuard || fault.Class == schemas.ClassDisk && !errors.Is(err, errKilled) {
			return fmt.Errorf("process %d ended with: %w", o.processes, err)
		}
		if o.processes == most {
			return fmt.Errorf("%d processes, and no end: %w", o.processes, err)
		}
	}
	time.Sleep(o.settle) // what is still on its way in the vault arrives
	return o.check()
}
