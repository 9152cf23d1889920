package vaultsim

import (
	"slices"
	"strings"
)

// postDevice creates the device, or updates the one of that hostname.
func (v *Vault) postDevice(c *call) answer {
	for _, need := range []struct {
		name string
		code int
		text string
	}{
		{"hostname", 1004, "The device's hostname was not informed"},
		{"ip", 1005, "The device's IP was not informed"},
		{"site", 1019, "The device's site was not informed"},
		{"model", 1020, "The device's model was not informed"},
		{"vendor", 1021, "The device's vendor was not informed"},
		{"type", 1022, "The device's type was not informed"},
	} {
		if c.get(need.name) == "" {
			return refuse(need.code, need.text)
		}
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.registered(c.get("device_domain")) {
		return noDomain()
	}
	hostname := v.kept("device", "hostname", c.get("hostname"))
	r := v.store.hosts[v.fold(hostname)]
	text := "Device updated successfully!"
	if r == nil || v.DuplicateCreates {
		d := Device{Hostname: hostname, Hidden: v.HideNewDevices}
		v.take(c, "device", "ip", &d.IP)
		r = v.putDevice(v.changedDevice(c, d))
		text = "Device successfully registered!"
	} else {
		next := v.changedDevice(c, *r.p.Load())
		v.take(c, "device", "ip", &next.IP)
		next.Inactive = next.Inactive && !v.PostReactivates
		r.p.Store(&next)
	}
	d := r.p.Load()
	if v.era() == era323 {
		return v.created(ok(text)).with("device", object{
			{"id", d.ID}, {"hostname", d.Hostname}, {"ip", d.IP}, {"site", d.Site}})
	}
	return v.created(ok(text)).with("device", v.deviceDetail(d))
}

// take stores a parameter in a field; what was not sent stays, "" clears.
func (v *Vault) take(c *call, kind, name string, field *string) {
	if value, sent := c.text(name); sent {
		*field = v.kept(kind, name, value)
	}
}

// changedDevice is the device with the attributes a call sends but the ip: a
// credential POST carries them too (D33).
func (v *Vault) changedDevice(c *call, d Device) Device {
	v.take(c, "device", "site", &d.Site)
	v.take(c, "device", "model", &d.Model)
	v.take(c, "device", "vendor", &d.Vendor)
	v.take(c, "device", "type", &d.Type)
	v.take(c, "device", "device_domain", &d.Domain)
	v.take(c, "device", "device_tags", &d.Tags)
	v.take(c, "device", "connectivities", &d.Connectivities)
	v.take(c, "device", "session_remote_config", &d.SessionRemoteConfig)
	d.Tags = joined(d.Tags)
	return d
}

// joined is a comma list as the vault writes it back: without blanks (D).
func joined(tags string) string {
	if tags == "" {
		return ""
	}
	parts := strings.Split(tags, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ",")
}

func noDomain() answer {
	return refuse(1029, "It is not possible to enter a domain that has not been previously registered")
}

// registered tells whether every domain of a comma list is registered.
func (v *Vault) registered(domains string) bool {
	if domains == "" || v.AnyDomain {
		return true
	}
	for _, name := range strings.Split(domains, ",") {
		if _, found := v.store.domains[v.fold(name)]; !found {
			return false
		}
	}
	return true
}
