package vaultsim

import (
	"slices"
	"strconv"
)

// AddDevice stores a device as it is and returns its id: its own when that
// is a free number, else the next one. No rule of POST is checked.
func (v *Vault) AddDevice(d Device) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.putDevice(d).p.Load().ID
}

// AddCredential is AddDevice for a credential; of several devices of its
// Hostname it goes to the one with its IP, and one that is not there yet is
// created of both.
func (v *Vault) AddCredential(c Credential) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.putItem(item{dev: v.deviceOf(c.Hostname, c.IP), cred: &c}).p.Load().cred.ID
}

// AddKey is AddCredential for an SSH key.
func (v *Vault) AddKey(k Key) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	k.Devices = slices.Clone(k.Devices)
	return v.putItem(item{dev: v.deviceOf(k.Hostname, k.IP), key: &k}).p.Load().key.ID
}

// AddInfo is AddDevice for a piece of protected information.
func (v *Vault) AddInfo(i Info) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.putInfo(i).p.Load().ID
}

// AddSession is AddDevice for a session.
func (v *Vault) AddSession(s Session) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.putSession(s).p.Load().ID
}

// AddDomain registers a domain.
func (v *Vault) AddDomain(name string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.putDomain(name)
}

func (v *Vault) putInfo(i Info) *row[Info] {
	n := v.store.infos.claim(i.ID)
	i.ID = strconv.Itoa(n)
	return v.store.infos.put(n, i)
}

func (v *Vault) putSession(s Session) *row[Session] {
	n := v.store.sessions.claim(s.ID)
	s.ID = strconv.Itoa(n)
	return v.store.sessions.put(n, s)
}

func (v *Vault) putDomain(name string) {
	if v.store.domains == nil {
		v.store.domains = map[string]string{}
	}
	if _, found := v.store.domains[v.fold(name)]; !found {
		v.store.domains[v.fold(name)] = name
	}
}

func (v *Vault) deviceOf(hostname, ip string) *row[Device] {
	if r := v.hostAt(hostname, ip); r != nil {
		return r
	}
	return v.putDevice(Device{Hostname: hostname, IP: ip})
}

// Authorise shows every hidden device to the caller, as an administrator
// would after [Vault.HideNewDevices] hid it.
func (v *Vault) Authorise() {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, r := range v.store.devices.rows {
		d := *r.p.Load()
		d.Hidden = false
		r.p.Store(&d)
	}
}

// Devices returns all devices by id, whatever their state; the methods below
// do the same for the other kinds, secrets included.
func (v *Vault) Devices() []Device { return snapshot(v, &v.store.devices) }

// Infos returns all protected information.
func (v *Vault) Infos() []Info { return snapshot(v, &v.store.infos) }

// Sessions returns the stored sessions, not those of ManySessions.
func (v *Vault) Sessions() []Session { return snapshot(v, &v.store.sessions) }

// Credentials returns all credentials, with the ip of their devices.
func (v *Vault) Credentials() []Credential {
	var out []Credential
	for _, i := range snapshot(v, &v.store.items) {
		if i.cred != nil {
			c, d := *i.cred, i.dev.p.Load()
			c.Hostname, c.IP = d.Hostname, d.IP
			out = append(out, c)
		}
	}
	return out
}

// Keys returns all SSH keys, with the ip of their devices.
func (v *Vault) Keys() []Key {
	var out []Key
	for _, i := range snapshot(v, &v.store.items) {
		if i.key != nil {
			k, d := *i.key, i.dev.p.Load()
			k.Hostname, k.IP, k.Devices = d.Hostname, d.IP, slices.Clone(k.Devices)
			out = append(out, k)
		}
	}
	return out
}

func snapshot[T any](v *Vault, t *table[T]) []T {
	v.mu.Lock()
	rows := t.all()
	v.mu.Unlock()
	out := make([]T, len(rows))
	for i, r := range rows {
		out[i] = *r.p.Load()
	}
	return out
}
