package vaultsim

import (
	"crypto/rand"
	"net/http"
)

// Credential is a stored credential. Hostname names its device; IP is that
// device's, and is used by [Vault.AddCredential] only to create it.
type Credential struct {
	ID         string `json:"id,omitempty"`
	Identifier string `json:"identifier,omitempty"`
	Username   string `json:"username,omitempty"`
	Hostname   string `json:"hostname,omitempty"`
	IP         string `json:"-"`
	Type       string `json:"type,omitempty"`
	Password   string `json:"password,omitempty"`
	Additional string `json:"additional,omitempty"`
	Domain     string `json:"domain,omitempty"`
	Tags       string `json:"tags,omitempty"`
	Parent     string `json:"parent,omitempty"` // id of the parent credential
	Expiration string `json:"expiration,omitempty"`
	Change     string `json:"change,omitempty"` // when the password was last stored
	View       string `json:"view,omitempty"`   // when it was last read
	// AutomaticChange is that of execution_settings.
	AutomaticChange bool `json:"automatic_change,omitempty"`
	Inactive        bool `json:"inactive,omitempty"`
	// Settings are the objects of settings, each member as a call sent it last.
	Settings Settings `json:"settings,omitempty"`
	// Hidden exists but is not for this caller: not listed, refused by id; a
	// POST still finds and updates it.
	Hidden bool `json:"hidden,omitempty"`
}

// Settings is a JSON object of objects.
type Settings string

// MarshalJSON writes the object itself.
func (s Settings) MarshalJSON() ([]byte, error) { return []byte(s), nil }

// UnmarshalJSON keeps the object.
func (s *Settings) UnmarshalJSON(b []byte) error {
	*s = Settings(b)
	return nil
}

func (v *Vault) credential(c *call, path []string) answer {
	write := c.method != http.MethodGet
	switch {
	case c.is("GET", path, 0):
		return v.listCredentials()
	case c.is("GET", path, 1):
		return v.getCredential(path[0])
	case write && v.ReadOnly:
		return readOnly()
	case c.is("POST", path, 0):
		return v.postCredential(c)
	case c.is("DELETE", path, 1):
		return v.switchCredential(path[0], true)
	case c.is("PUT", path, 1):
		return v.switchCredential(path[0], false)
	case c.is("DELETE", path, 2) && path[0] == "custody":
		return v.releaseCustody(path[1])
	}
	return v.notFound()
}

func noCredential() answer { return refuse(1007, "Credential not found") }
func noAccess() answer     { return refuse(1009, "No access to credential") }

// listCredentials lists credentials and, as entries of type "SSH Key", keys.
func (v *Vault) listCredentials() answer {
	v.mu.Lock()
	rows := v.store.items.all()
	v.mu.Unlock()
	visible := make([]*item, 0, len(rows))
	for _, r := range rows {
		if i := r.p.Load(); !i.hidden() && (!i.inactive() || v.ShowInactive) {
			visible = append(visible, i)
		}
	}
	return v.listed("credentials", len(visible), func(yield func(object) bool) {
		for _, i := range visible {
			if !yield(v.credentialItem(i)) {
				return
			}
		}
	})
}

func (v *Vault) credentialItem(i *item) object {
	d := i.dev.p.Load()
	var c Credential
	if i.key != nil {
		c = Credential{ID: i.key.ID, Identifier: i.key.Identifier, Username: i.key.Username,
			Expiration: i.key.Expiration, Type: "SSH Key"}
	} else {
		c = *i.cred
	}
	var automatic any = c.AutomaticChange
	switch {
	case v.era() >= era333:
	case c.AutomaticChange:
		automatic = "1"
	default:
		automatic = "0"
	}
	return object{{"id", c.ID}, {"identifier", c.Identifier}, {"username", c.Username},
		{"expiration", nullable(c.Expiration)}, {"change", nullable(c.Change)}, {"view", nullable(c.View)},
		{"hostname", d.Hostname}, {"management_ip", d.IP}, {"type", c.Type}, {"type_code", typeCode(c.Type)},
		{"device_model", d.Model}, {"device_type", d.Type}, {"device_vendor", d.Vendor},
		{"automatic_change", automatic}, {"connectivity", ""}, {"connectivity_code", ""}}
}

// typeCode is "1" for the types the pages show with it, "2" for others (I).
func typeCode(name string) string {
	if name == "Local User" || name == "SSH Key" {
		return "1"
	}
	return "2"
}

// seen refuses a credential this caller cannot use: missing, a key, or
// hidden. 3.23 has one code for all three (S23).
func (v *Vault) seen(r *row[item]) (answer, bool) {
	switch {
	case r == nil:
		return noCredential(), false
	case v.era() == era323 && (r.p.Load().key != nil || r.p.Load().hidden()):
		return noCredential(), false
	case r.p.Load().key != nil:
		return refuse(1010, "The item is not a credential"), false
	case r.p.Load().hidden():
		return noAccess(), false
	}
	return answer{}, true
}

// getCredential returns the password and takes custody (S23, D33).
func (v *Vault) getCredential(ref string) answer {
	v.mu.Lock()
	defer v.mu.Unlock()
	r := v.findItem(ref, false)
	if a, fine := v.seen(r); !fine {
		return a
	}
	i := r.p.Load()
	switch {
	case v.HeldElsewhere[i.cred.ID]:
		return noAccess()
	case i.cred.Inactive && v.InactiveGetCode != 0:
		return refuse(v.InactiveGetCode, "Credential inactive")
	case i.cred.Inactive && !v.ShowInactive:
		return noCredential()
	}
	if v.store.custody == nil {
		v.store.custody = map[string]bool{}
	}
	v.store.custody[i.cred.ID] = true
	c := *i.cred
	c.View = v.stamp()
	r.p.Store(&item{dev: i.dev, cred: &c})
	return ok("Credential %s", c.ID).with("credential", v.credentialDetail(&c, i.dev.p.Load()))
}

func (v *Vault) credentialDetail(c *Credential, d *Device) object {
	name := "identifier"
	if v.era() < era333 {
		name = "tag"
	}
	var parent any
	if p := v.store.items.byID[c.Parent]; p != nil {
		parent = p.p.Load().username()
	}
	secret := v.sealed(c.Password)
	expiration := any(nil)
	if c.Expiration != "" {
		expiration = c.Expiration[:min(len("2006-01-02T15:04:05"), len(c.Expiration))]
	}
	return object{{"id", c.ID}, {name, nullable(c.Identifier)}, {"username", c.Username},
		{"password", secret}, {"content", secret}, {"hostname", d.Hostname},
		{"parent_credential_cod", nullable(c.Parent)}, {"parent_credential", parent},
		{"additional", c.Additional}, {"domain", c.Domain}, {"ip", d.IP}, {"port", d.port()},
		{"model", d.Model}, {"expiration_time", expiration}}
}

// already is the refusal to deactivate an inactive credential, whose code
// changed with the versions.
func (v *Vault) already() answer {
	code := v.AlreadyInactiveCode
	if code == 0 {
		code = [...]int{era323: 1007, era332: 1017, era333: 1008, era400: 1008}[v.era()]
	}
	if code == 1007 {
		return noCredential()
	}
	return refuse(code, "Credential inactive")
}

func (v *Vault) switchCredential(ref string, inactive bool) answer {
	v.mu.Lock()
	defer v.mu.Unlock()
	r := v.findItem(ref, false)
	if a, fine := v.seen(r); !fine {
		return a
	}
	i := r.p.Load()
	switch {
	case inactive && i.cred.Inactive:
		return v.already()
	case !inactive && !i.cred.Inactive && v.era() == era332:
		return refuse(1017, "Credential is already active")
	case !inactive && !i.cred.Inactive:
		return refuse(1043, "Credential is already activated!")
	}
	r.p.Store(i.switched(inactive))
	if inactive {
		return ok("Credential successfully deactivated")
	}
	return ok("Credential successfully activated")
}

// releaseCustody ends the custody that GET took.
func (v *Vault) releaseCustody(ref string) answer {
	v.mu.Lock()
	defer v.mu.Unlock()
	r := v.findItem(ref, false)
	if a, fine := v.seen(r); !fine {
		return a
	}
	i := r.p.Load()
	id := i.cred.ID
	switch {
	case i.cred.Inactive:
		return v.already()
	case !v.store.custody[id]:
		return refuse(1018, "The credential is not in the user custody")
	}
	delete(v.store.custody, id)
	if v.RotateOnRelease {
		c := *i.cred
		c.Password, c.Change = rand.Text(), v.stamp()
		r.p.Store(&item{dev: i.dev, cred: &c})
	}
	return ok("Credential custody %s released", id)
}
