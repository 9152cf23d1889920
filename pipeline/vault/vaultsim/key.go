package vaultsim

import (
	"net/http"
	"strings"
)

// Key is a stored SSH key of the device Hostname; Devices are the other
// hostnames it is installed on.
type Key struct {
	ID         string   `json:"id,omitempty"`
	Identifier string   `json:"identifier,omitempty"`
	Username   string   `json:"username,omitempty"`
	Name       string   `json:"key_name,omitempty"`
	Hostname   string   `json:"hostname,omitempty"`
	IP         string   `json:"-"`
	PublicKey  string   `json:"public_key,omitempty"`
	PrivateKey string   `json:"private_key,omitempty"`
	Password   string   `json:"password,omitempty"` // passphrase
	Tags       string   `json:"tags,omitempty"`
	Devices    []string `json:"devices,omitempty"`
	Expiration string   `json:"expiration,omitempty"`
	Inactive   bool     `json:"inactive,omitempty"`
	Hidden     bool     `json:"hidden,omitempty"` // see Credential.Hidden
}

func (v *Vault) key(c *call, path []string) answer {
	write := c.method != http.MethodGet
	switch {
	case c.is("GET", path, 0): // without an id (D)
		return answer{http: http.StatusInternalServerError, format: "Unexpected error", exception: object{
			{"code", 500}, {"message", "Check the index log system error for more details"}, {"detail", nil}}}
	case c.is("GET", path, 1):
		return v.getKey(path[0])
	case write && v.ReadOnly:
		return readOnly()
	case c.is("POST", path, 0):
		return v.postKey(c)
	case c.is("DELETE", path, 1):
		return v.switchKey(path[0], true)
	case c.is("PUT", path, 1):
		return v.switchKey(path[0], false)
	}
	return v.notFound()
}

// refuseKey is a refusal as the key pages of S23 show it: codes 0 beside
// error true, and detail "".
func (v *Vault) refuseKey(code int, text string) answer {
	a := refuse(code, text)
	if v.era() == era323 {
		a.legacy = true
		a.exception = object{{"code", code}, {"message", v.message(a)}, {"detail", ""}}
	}
	return a
}

// usableKey finds the key of a path, or refuses; absent is the 3.23 text.
func (v *Vault) usableKey(ref, absent string) (*row[item], answer) {
	r := v.findItem(ref, true)
	if v.era() > era323 {
		absent = "SSH key not found"
	}
	missing := v.refuseKey(1015, absent)
	switch {
	case r == nil:
		return nil, missing
	case r.p.Load().key == nil && v.era() > era323:
		return nil, refuse(1016, "The item is not a ssh key")
	case r.p.Load().key == nil:
		return nil, missing
	case r.p.Load().hidden() && v.era() > era323:
		return nil, noAccess()
	case r.p.Load().hidden():
		return nil, missing
	}
	return r, missing
}

func (v *Vault) getKey(ref string) answer {
	v.mu.Lock()
	defer v.mu.Unlock()
	r, refusal := v.usableKey(ref, "SSH key not found")
	if r == nil {
		return refusal
	}
	i := r.p.Load()
	if i.key.Inactive && !v.ShowInactive {
		return v.inactiveKey(refusal)
	}
	k, d := i.key, i.dev.p.Load()
	o := object{{"id", k.ID}, {"username", k.Username}, {"hostname", d.Hostname}, {"ip", d.IP},
		{"private_key", v.sealed(k.PrivateKey)}, {"public_key", k.PublicKey}}
	if v.era() == era323 {
		o = append(o, member{"password", v.sealed(k.Password)}, member{"expiration_time", k.Expiration})
	} else {
		tags := []string{}
		if k.Tags != "" {
			tags = strings.Split(k.Tags, ",")
		}
		o = append(o, member{"key_name", k.Name}, member{"password", nullable(v.sealed(k.Password))},
			member{"tags", tags}, member{"devices", v.installed(k.Devices)},
			member{"expiration_time", nullable(k.Expiration)})
	}
	a := ok("Key %s", k.ID).with("key", o)
	a.legacy = true
	return a
}

func (v *Vault) inactiveKey(missing answer) answer {
	if v.era() == era323 {
		return missing
	}
	return refuse(1017, "Key inactive")
}

// installed are the devices of a key as answers show them.
func (v *Vault) installed(hostnames []string) []object {
	out := []object{}
	for _, name := range hostnames {
		if r := v.store.hosts[v.fold(name)]; r != nil {
			d := r.p.Load()
			out = append(out, object{{"hostname", d.Hostname}, {"ip", d.IP}})
		}
	}
	return out
}

func (v *Vault) switchKey(ref string, inactive bool) answer {
	v.mu.Lock()
	defer v.mu.Unlock()
	r, refusal := v.usableKey(ref, "SSH not found")
	if r == nil {
		return refusal
	}
	i := r.p.Load()
	switch {
	case inactive && i.key.Inactive:
		return v.inactiveKey(refusal)
	case !inactive && !i.key.Inactive:
		return refuse(1045, "Ssh key is already activated")
	}
	r.p.Store(i.switched(inactive))
	switch {
	case !inactive && v.era() >= era333: // sic (D33)
		return ok("Credential successfully activated")
	case !inactive:
		return ok("Key successfully activated")
	case v.era() == era323:
		return ok("SSH successfully deactivated")
	}
	return ok("Key successfully deactivated")
}
