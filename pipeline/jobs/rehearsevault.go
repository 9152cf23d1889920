package jobs

import (
	"context"
	"crypto/rand"
	"net"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"pamsync/pipeline"
	"pamsync/pipeline/vault"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// twin reads a vault's lists and keeps what passes, so that a simulated vault can be made of it.
// It can list and touch, and nothing else: there is no way to write to the vault from here.
type twin struct {
	from     pipeline.Lister
	sessions sessionLister
	// touch measures a small request, a device's; nil does not.
	touch    func(ctx context.Context, device string) (time.Duration, error)
	watch    stopwatch
	devices  []schemas.Device
	accounts []pipeline.Account
	listings map[string]schemas.Listing
	times    map[string]time.Duration
	latency  time.Duration // of a small request
}

// touches is how often a small request is measured; the middle one counts.
const touches = 3

// read reads the lists that an apply would read, notes how long each takes, and measures the
// vault's latency. Where that cannot be had, as in a vault without devices, it is left at 0.
func (t *twin) read(ctx context.Context, accounts bool) error {
	t.listings, t.times = map[string]schemas.Listing{}, map[string]time.Duration{}
	_, err := pipeline.TakeSnapshot(t.watched(ctx), t, pipeline.Want{Accounts: accounts})
	if err != nil || t.touch == nil || len(t.devices) == 0 {
		return err
	}
	var took []time.Duration
	for range touches {
		d, err := t.touch(ctx, t.devices[0].ID)
		if err != nil {
			return ctx.Err()
		}
		took = append(took, d)
	}
	slices.Sort(took)
	t.latency = took[touches/2]
	return nil
}

// watched is a context whose requests are timed.
func (t *twin) watched(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, t.watch.hooks())
}

// Sessions lists the vault's remote sessions; none of them is kept.
func (t *twin) Sessions(ctx context.Context, yield func(*schemas.Session) error) (schemas.Listing, error) {
	listing, err := t.sessions.Sessions(ctx, yield)
	if err == nil {
		t.listings["sessions"], t.times["sessions"] = listing, t.watch.since()
	}
	return listing, err
}

// Devices lists the vault's devices. A list that was cut is read again, and kept anew.
func (t *twin) Devices(ctx context.Context, yield func(*schemas.Device) error) (schemas.Listing, error) {
	t.devices = t.devices[:0]
	listing, err := t.from.Devices(ctx, func(d *schemas.Device) error {
		t.devices = append(t.devices, *d)
		return yield(d)
	})
	t.listings["devices"], t.times["devices"] = listing, t.watch.since()
	return listing, err
}

// Credentials lists the vault's credentials and keys, as Devices does.
func (t *twin) Credentials(ctx context.Context, yield func(*schemas.Credential) error) (schemas.Listing, error) {
	t.accounts = t.accounts[:0]
	listing, err := t.from.Credentials(ctx, func(c *schemas.Credential) error {
		t.accounts = append(t.accounts, pipeline.Account{ID: c.ID, Identifier: c.Identifier, Username: c.Username,
			Hostname: c.Hostname, IP: c.ManagementIP, Type: c.Type})
		return yield(c)
	})
	t.listings["credentials"], t.times["credentials"] = listing, t.watch.since()
	return listing, err
}

// simulate makes the simulated vault: what was listed, with its ids, and what the memory knows
// beside: records that our own runs inactivated, and those that are not listed to us. A count
// that was announced wrongly is announced as wrongly again. No list tells domains: all are taken
// as registered.
func (t *twin) simulate(memory []schemas.Remembered) *vaultsim.Vault {
	v := &vaultsim.Vault{AnyDomain: true, AnnounceDelta: map[string]int{}}
	for name, l := range t.listings {
		if l.Announced >= 0 {
			v.AnnounceDelta[name] = l.Announced - l.Read
		}
	}
	m := &moulder{v: v, seen: map[string]bool{}, hosts: map[string]bool{}, still: map[string]bool{}}
	for i := range memory {
		if memory[i].What == schemas.RememberInactive && memory[i].Listed {
			m.still[itemName(memory[i].Kind, memory[i].ID)] = true
		}
	}
	for i := range t.devices {
		m.device(&t.devices[i])
	}
	m.unlisted(memory, true)
	m.homes(t.accounts)
	for i := range t.accounts {
		m.account(&t.accounts[i])
	}
	m.unlisted(memory, false)
	t.devices, t.accounts = nil, nil // the simulated vault has them now
	return v
}

// moulder fills a simulated vault. Devices come before what stands on them.
type moulder struct {
	v     *vaultsim.Vault
	seen  map[string]bool // records that are in it, by kind and id
	hosts map[string]bool // hostnames of its devices
	still map[string]bool // records that are listed although they are inactive
	free  int             // the last id that was given to a device without one
}

// itemName tells records apart: credentials and keys share one sequence of ids.
func itemName(kind schemas.Kind, id string) string {
	if kind == schemas.KindDevice {
		return "d" + id
	}
	return "c" + id
}

// once says whether a record is new here, and that it is known from now on.
func (m *moulder) once(kind schemas.Kind, id string) bool {
	name := itemName(kind, id)
	if m.seen[name] {
		return false
	}
	m.seen[name] = true
	return true
}

// asleep says whether a listed record is known to be inactive; the vault then lists all such.
func (m *moulder) asleep(kind schemas.Kind, id string) bool {
	still := m.still[itemName(kind, id)]
	m.v.ShowInactive = m.v.ShowInactive || still
	return still
}

func (m *moulder) device(d *schemas.Device) {
	if m.once(schemas.KindDevice, d.ID) {
		m.put(vaultsim.Device{ID: d.ID, Hostname: d.Hostname, IP: d.IP, Site: d.Site, Model: d.Model, Vendor: d.Vendor, Type: d.Type, Tags: d.Tags,
			Inactive: m.asleep(schemas.KindDevice, d.ID)})
	}
}

func (m *moulder) put(d vaultsim.Device) {
	m.hosts[strings.ToLower(d.Hostname)] = true
	m.v.AddDevice(d)
}

func (m *moulder) account(a *pipeline.Account) {
	if !m.once(a.Kind(), a.ID) {
		return
	}
	asleep := m.asleep(a.Kind(), a.ID)
	if a.IsKey() {
		m.v.AddKey(vaultsim.Key{ID: a.ID, Identifier: a.Identifier, Username: a.Username, Hostname: a.Hostname, IP: a.IP, Inactive: asleep})
		return
	}
	m.v.AddCredential(vaultsim.Credential{ID: a.ID, Identifier: a.Identifier, Username: a.Username, Hostname: a.Hostname, IP: a.IP, Type: a.Type, Inactive: asleep})
}

// homes adds the devices of listed accounts that are not listed themselves: they are there, and
// not for us to see.
func (m *moulder) homes(accounts []pipeline.Account) {
	for i := range accounts {
		if !m.hosts[strings.ToLower(accounts[i].Hostname)] {
			m.put(vaultsim.Device{ID: m.spare(), Hostname: accounts[i].Hostname, IP: accounts[i].IP, Hidden: true})
		}
	}
}

// spare is the lowest id that no known device has: a record that was not listed is older than the
// newest that was.
func (m *moulder) spare() string {
	for {
		m.free++
		if id := strconv.Itoa(m.free); m.once(schemas.KindDevice, id) {
			return id
		}
	}
}

// unlisted adds what the memory knows of records that are in no list, devices or all others. One
// whose device nobody knows is left out.
func (m *moulder) unlisted(memory []schemas.Remembered, devices bool) {
	for i := range memory {
		r := &memory[i]
		gone, hidden := r.What == schemas.RememberInactive, r.What == schemas.RememberNotVisible
		if !gone && !hidden || (r.Kind == schemas.KindDevice) != devices || !devices && !m.hosts[strings.ToLower(r.Device)] || !m.once(r.Kind, r.ID) {
			continue
		}
		v := &r.Values
		username := r.Key[:max(strings.LastIndex(r.Key, "@"), 0)]
		switch r.Kind {
		case schemas.KindDevice:
			m.put(vaultsim.Device{ID: r.ID, Hostname: r.Key, IP: v[schemas.FieldIP], Site: v[schemas.FieldSite], Model: v[schemas.FieldModel],
				Vendor: v[schemas.FieldVendor], Type: v[schemas.FieldType], Inactive: gone, Hidden: hidden})
		case schemas.KindKey:
			m.v.AddKey(vaultsim.Key{ID: r.ID, Identifier: v[schemas.FieldIdentifier], Username: username, Hostname: r.Device, IP: v[schemas.FieldIP], Inactive: gone, Hidden: hidden})
		default:
			m.v.AddCredential(vaultsim.Credential{ID: r.ID, Identifier: v[schemas.FieldIdentifier], Username: username, Hostname: r.Device, IP: v[schemas.FieldIP],
				Type: v[schemas.FieldCredentialType], Inactive: gone, Hidden: hidden})
		}
	}
}

// served serves a simulated vault on loopback for one client of ours alone, which calls it as
// fast as it can; end stops it. requests counts what it was asked.
func served(v *vaultsim.Vault, workers int, requests *requestCount) (client *vault.Client, end func(), err error) {
	const id = "rehearsal"
	secret := rand.Text() // its lists are the real ones: nobody else on this machine may read them
	v.Clients = map[string]string{id: secret}
	v.OnRequest = func(r vaultsim.Request) {
		if requests.add(r)%4096 == 0 {
			v.ResetLog() // nobody reads it, and it would grow with the plan
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, schemas.NewFault(schemas.ClassFailed, "failed").Because(err)
	}
	server := &http.Server{Handler: v, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }()
	end = func() { _ = server.Close() }
	client, err = vault.Connect(schemas.VaultConfig{URL: "http://" + listener.Addr().String(), ClientID: id, ClientSecret: schemas.NewSecret(secret),
		API: "api", RPS: 1e6, Burst: 1e6, Workers: workers})
	if err != nil {
		end()
		return nil, nil, err
	}
	return client, end, nil
}

// requestCount counts the requests that a simulated vault gets.
type requestCount struct {
	mu sync.Mutex
	n  schemas.RequestCounts
}

// add counts one request, and returns how many there were.
func (c *requestCount) add(r vaultsim.Request) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case strings.HasSuffix(r.Path, "/oauth2/token"):
		c.n.Tokens++
	case r.Method == http.MethodGet:
		c.n.Lists++
	default:
		c.n.Writes++
	}
	c.n.Total++
	return c.n.Total
}

// stopwatch tells how long a list took, from the request alone to its end: the wait for the pace
// and the access token before it are no part of it.
type stopwatch struct {
	mu   sync.Mutex
	sent time.Time
}

func (w *stopwatch) hooks() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.sent = time.Now()
	}}
}

func (w *stopwatch) since() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Since(w.sent)
}
