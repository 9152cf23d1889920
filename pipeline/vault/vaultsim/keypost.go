package vaultsim

import "net/http"

// postKey updates the key with the identifier (3.23: else that of hostname,
// ip and username), else creates one.
func (v *Vault) postKey(c *call) answer {
	if a, fine := v.checkNames(c); !fine {
		return a
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	dev := v.namedDevice(c)
	if dev == nil {
		return noDevice()
	}
	identifier := v.kept("key", "identifier", c.get("identifier"))
	r := v.store.identifiers[v.fold(identifier)]
	if r == nil && v.era() == era323 {
		r = v.byUser(dev, v.keyUser(c, ""), true)
	}
	switch {
	case r != nil && r.p.Load().key == nil:
		return refuse(1016, "The item is not a ssh key")
	case r != nil:
		return v.updateKey(c, r, dev)
	case !v.wellFormed(identifier):
		return badIdentifier()
	case v.era() == era323 && c.get("username") == "" && identifier == "": // nothing that could name it (S23)
		return refuse(1015, "SSH not found")
	case c.get("public_key") == "":
		return refuse(1013, "The public key was not informed")
	case c.get("private_key") == "":
		return refuse(1014, "The private key was not informed")
	}
	return v.createKey(c, dev, identifier)
}

func (v *Vault) createKey(c *call, dev *row[Device], identifier string) answer {
	k := &Key{Identifier: identifier, Inactive: c.get("enabled") != "" && !c.on("enabled")}
	refused := v.takeKey(c, k)
	if v.NewKeyPartial {
		refused = v.partial(c)
	}
	v.named(&k.ID, &k.Identifier)
	r := v.putItem(item{dev: dev, key: k})
	a := ok("Key successfully registered!")
	a.status = http.StatusCreated // beside HTTP 200 (D)
	return a.with("key", v.keyReference(r, refused))
}

func (v *Vault) updateKey(c *call, r *row[item], dev *row[Device]) answer {
	k := *r.p.Load().key
	refused := v.takeKey(c, &k)
	k.Inactive = k.Inactive && !v.PostReactivates
	v.replace(r, item{dev: dev, key: &k})
	if v.era() == era323 {
		return v.created(ok("SSH updated successfully!")).with("credential", v.reference(r))
	}
	return v.created(ok("Key updated successfully!")).with("key", v.keyReference(r, refused))
}

// keyUser is the username a call asks for.
func (v *Vault) keyUser(c *call, now string) string {
	v.take(c, "key", "username", &now)
	if now == "" {
		return "usr"
	}
	return now
}

// takeKey stores the attributes a call sends and returns what devices_error
// says of devices that are not registered.
func (v *Vault) takeKey(c *call, k *Key) []object {
	if name := v.keyUser(c, k.Username); !v.same(name, k.Username) {
		k.Username = name
	}
	v.take(c, "key", "key_name", &k.Name)
	v.take(c, "key", "public_key", &k.PublicKey)
	v.take(c, "key", "private_key", &k.PrivateKey)
	v.take(c, "key", "password", &k.Password)
	v.take(c, "key", "tags", &k.Tags)
	k.Tags = joined(k.Tags)
	if _, sent := c.text("devices"); !sent {
		return []object{}
	}
	k.Devices = nil
	refused := []object{}
	for _, name := range hostnames(c) {
		if r := v.store.hosts[v.fold(name)]; r != nil && v.fold(name) != v.fold(v.NoKeysOn) {
			k.Devices = append(k.Devices, r.p.Load().Hostname)
		} else {
			refused = append(refused, deviceError(name))
		}
	}
	return refused
}

// partial is devices_error for every device a call names.
func (v *Vault) partial(c *call) []object {
	out := []object{}
	for _, name := range hostnames(c) {
		out = append(out, deviceError(name))
	}
	return out
}

// deviceError is an entry of devices_error; its shape is invented.
func deviceError(hostname string) object {
	return object{{"hostname", hostname}, {"error", "Device not found"}}
}

// hostnames are those of the parameter devices: [{"hostname": …}] (D33).
func hostnames(c *call) []string {
	list, _ := c.tree("devices").([]any)
	var out []string
	for _, entry := range list {
		if o, found := entry.(map[string]any); found {
			out = append(out, params(o).get("hostname"))
		}
	}
	return out
}

func (v *Vault) keyReference(r *row[item], refused []object) object {
	return append(v.reference(r),
		member{"devices", v.installed(r.p.Load().key.Devices)}, member{"devices_error", refused})
}
