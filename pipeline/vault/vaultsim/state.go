package vaultsim

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
)

const (
	stateFormat  = "pamsync-vaultsim-state"
	stateVersion = 1
)

// state is the file of a vault's memory; schemas/vaultsim-state.schema.json
// describes it.
type state struct {
	Format      string        `json:"format"`
	Version     int           `json:"version"`
	Clients     []stateClient `json:"clients,omitempty"`
	Domains     []string      `json:"domains,omitempty"`
	Devices     []Device      `json:"devices,omitempty"`
	Credentials []Credential  `json:"credentials,omitempty"`
	Keys        []Key         `json:"keys,omitempty"`
	Infos       []Info        `json:"infos,omitempty"`
	Sessions    []Session     `json:"sessions,omitempty"`
}

type stateClient struct {
	ID     string `json:"id"`
	Secret string `json:"secret"`
}

// LoadState adds the records of a state file to what is there. Unknown keys,
// ids that are taken or not numbers, and credentials or keys of no device
// are errors, and then nothing is added. The error names the record.
func (v *Vault) LoadState(r io.Reader) error {
	dec := json.NewDecoder(r)
	dec.DisallowUnknownFields()
	var s state
	if err := dec.Decode(&s); err != nil {
		return fmt.Errorf("read vault state: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("read vault state: there is more after the state")
	}
	if s.Format != stateFormat || s.Version != stateVersion {
		return fmt.Errorf("read vault state: format %q version %d; only %q version %d is supported",
			s.Format, s.Version, stateFormat, stateVersion)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.checkState(&s); err != nil {
		return fmt.Errorf("read vault state: %w", err)
	}
	v.addState(&s)
	return nil
}

// checkState finds what would make addState store something else than the
// file says.
func (v *Vault) checkState(s *state) error {
	devices, items := ids{taken: v.store.devices.taken}, ids{taken: v.store.items.taken}
	infos, sessions := ids{taken: v.store.infos.taken}, ids{taken: v.store.sessions.taken}
	hosts := map[string]bool{}
	var errs []error
	for i, d := range s.Devices {
		hosts[v.fold(d.Hostname)] = true
		errs = append(errs, devices.add("devices", i, d.ID), needs("devices", i, "hostname", d.Hostname))
	}
	known := func(kind string, i int, hostname string) error {
		if hosts[v.fold(hostname)] || v.store.hosts[v.fold(hostname)] != nil {
			return nil
		}
		return fmt.Errorf("%s[%d]: no device %q", kind, i, hostname)
	}
	for i, c := range s.Credentials {
		errs = append(errs, items.add("credentials", i, c.ID), known("credentials", i, c.Hostname),
			items.identify(v, "credentials", i, c.Identifier))
	}
	for i, k := range s.Keys {
		errs = append(errs, items.add("keys", i, k.ID), known("keys", i, k.Hostname),
			items.identify(v, "keys", i, k.Identifier))
	}
	for i, x := range s.Infos {
		errs = append(errs, infos.add("infos", i, x.ID))
	}
	for i, x := range s.Sessions {
		errs = append(errs, sessions.add("sessions", i, x.ID))
	}
	for i, c := range s.Clients {
		errs = append(errs, needs("clients", i, "id", c.ID), needs("clients", i, "secret", c.Secret))
	}
	return errors.Join(errs...)
}

func needs(kind string, i int, name, value string) error {
	if value == "" {
		return fmt.Errorf("%s[%d]: no %s", kind, i, name)
	}
	return nil
}

// ids watches one id sequence of a file for ids that cannot be kept.
type ids struct {
	taken       func(id string) bool
	seen        map[string]bool
	identifiers map[string]bool
}

func (s *ids) add(kind string, i int, id string) error {
	if id == "" {
		return nil
	}
	if _, fine := number(id); !fine {
		return fmt.Errorf("%s[%d]: id %q is not a positive number", kind, i, id)
	}
	if s.taken(id) || s.seen[id] {
		return fmt.Errorf("%s[%d]: id %q is taken", kind, i, id)
	}
	if s.seen == nil {
		s.seen = map[string]bool{}
	}
	s.seen[id] = true
	return nil
}

func (s *ids) identify(v *Vault, kind string, i int, identifier string) error {
	name := v.fold(identifier)
	if name == "" {
		return nil
	}
	if s.identifiers[name] || v.store.identifiers[name] != nil {
		return fmt.Errorf("%s[%d]: identifier %q is taken", kind, i, identifier)
	}
	if s.identifiers == nil {
		s.identifiers = map[string]bool{}
	}
	s.identifiers[name] = true
	return nil
}

func (t *table[T]) taken(id string) bool { return t.byID[id] != nil }

// addState adds the records with ids first, so that no assigned id takes
// the place of a written one.
func (v *Vault) addState(s *state) {
	if len(s.Clients) > 0 {
		v.Clients = maps.Clone(v.Clients)
		if v.Clients == nil {
			v.Clients = map[string]string{}
		}
	}
	for _, c := range s.Clients {
		v.Clients[c.ID] = c.Secret
	}
	for _, name := range s.Domains {
		v.putDomain(name)
	}
	for _, written := range []bool{true, false} {
		for _, d := range s.Devices {
			if (d.ID != "") == written {
				v.putDevice(d)
			}
		}
		for _, i := range s.Infos {
			if (i.ID != "") == written {
				v.putInfo(i)
			}
		}
		for _, x := range s.Sessions {
			if (x.ID != "") == written {
				v.putSession(x)
			}
		}
	}
	for _, written := range []bool{true, false} {
		for _, c := range s.Credentials {
			if (c.ID != "") == written {
				v.putItem(item{dev: v.deviceOf(c.Hostname, ""), cred: &c})
			}
		}
		for _, k := range s.Keys {
			if (k.ID != "") == written {
				v.putItem(item{dev: v.deviceOf(k.Hostname, ""), key: &k})
			}
		}
	}
}

// SaveState writes the state: indented, by id, the same for the same
// records. [Vault.LoadState] of it gives the same records.
func (v *Vault) SaveState(w io.Writer) error {
	s := state{Format: stateFormat, Version: stateVersion, Devices: v.Devices(),
		Credentials: v.Credentials(), Keys: v.Keys(), Infos: v.Infos(), Sessions: v.Sessions()}
	v.mu.Lock()
	for _, id := range slices.Sorted(maps.Keys(v.Clients)) {
		s.Clients = append(s.Clients, stateClient{ID: id, Secret: v.Clients[id]})
	}
	s.Domains = slices.Sorted(maps.Values(v.store.domains))
	v.mu.Unlock()
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(s); err != nil {
		return fmt.Errorf("write vault state: %w", err)
	}
	return nil
}
