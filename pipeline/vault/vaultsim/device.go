package vaultsim

import (
	"net/http"
	"strconv"
	"strings"
)

// Device is a stored device. Hostname is what it is found by.
type Device struct {
	ID                  string `json:"id,omitempty"`
	Hostname            string `json:"hostname,omitempty"`
	IP                  string `json:"ip,omitempty"`
	Site                string `json:"site,omitempty"`
	Model               string `json:"model,omitempty"`
	Vendor              string `json:"vendor,omitempty"`
	Type                string `json:"type,omitempty"`
	Tags                string `json:"tags,omitempty"`
	Domain              string `json:"domain,omitempty"`
	Connectivities      string `json:"connectivities,omitempty"`
	SessionRemoteConfig string `json:"session_remote_config,omitempty"`
	Inactive            bool   `json:"inactive,omitempty"`
	// Hidden exists but is not for this caller: not listed, not found by
	// id; a POST still finds and updates it.
	Hidden bool `json:"hidden,omitempty"`
}

func (v *Vault) device(c *call, path []string) answer {
	write := c.method != http.MethodGet
	switch {
	case c.is("GET", path, 0):
		return v.listDevices()
	case c.is("GET", path, 1):
		return v.getDevice(path[0])
	case write && v.ReadOnly:
		return readOnly()
	case c.is("POST", path, 0):
		return v.postDevice(c)
	case c.is("DELETE", path, 1):
		return v.deleteDevice(path[0])
	case c.is("PUT", path, 1):
		return v.putDeviceActive(path[0])
	}
	return v.notFound()
}

func readOnly() answer { return refuse(1039, "Without PAM Configuration Access permission") }
func noDevice() answer { return refuse(1011, "Device not found") }

func (v *Vault) listDevices() answer {
	v.mu.Lock()
	rows := v.store.devices.all()
	v.mu.Unlock()
	visible := make([]*Device, 0, len(rows))
	for _, r := range rows {
		if d := r.p.Load(); !d.Hidden && (!d.Inactive || v.ShowInactive) {
			visible = append(visible, d)
		}
	}
	return v.listed("devices", len(visible), func(yield func(object) bool) {
		for _, d := range visible {
			if !yield(v.deviceItem(d)) {
				return
			}
		}
	})
}

func (v *Vault) deviceItem(d *Device) object {
	o := object{{"id", d.ID}, {"hostname", d.Hostname}, {"ip", d.IP}, {"model", d.Model},
		{"type", d.Type}, {"vendor", d.Vendor}, {"site", d.Site}}
	if v.era() >= era332 {
		o = append(o, member{"tags", d.Tags})
	}
	return o
}

// deviceDetail is the device of GET one and, from 3.32, of POST.
func (v *Vault) deviceDetail(d *Device) object {
	o := object{{"id", d.ID}, {"hostname", d.Hostname}, {"ip", d.IP}, {"model", d.Model},
		{"type", d.Type}, {"vendor", d.Vendor}, {"site", d.Site}}
	if v.era() >= era332 {
		o = append(o, member{"device_domain", d.Domain}, member{"connectivities", d.Connectivities},
			member{"session_remote_config", d.SessionRemoteConfig}, member{"device_tags", d.Tags})
	}
	return o
}

// findDevice resolves the id or hostname of a path; nil when this caller may
// not see it.
func (v *Vault) findDevice(ref string) *row[Device] {
	r := v.store.devices.byID[ref]
	if r == nil {
		r = v.store.hosts[v.fold(ref)]
	}
	if r == nil || r.p.Load().Hidden {
		return nil
	}
	return r
}

func (v *Vault) getDevice(ref string) answer {
	v.mu.Lock()
	defer v.mu.Unlock()
	r := v.findDevice(ref)
	if r == nil || r.p.Load().Inactive && !v.ShowInactive {
		return noDevice()
	}
	return ok("Device %s", r.p.Load().ID).with("device", v.deviceDetail(r.p.Load()))
}

// deleteDevice deactivates a device and all its credentials and keys. A
// device that is inactive already is not found.
func (v *Vault) deleteDevice(ref string) answer {
	v.mu.Lock()
	defer v.mu.Unlock()
	r := v.findDevice(ref)
	if r == nil || r.p.Load().Inactive {
		return noDevice()
	}
	v.switchDevice(r, true)
	for _, x := range v.store.onDevice[r.n] {
		x.p.Store(x.p.Load().switched(true))
	}
	return ok("Device successfully deactivated")
}

// putDeviceActive activates a device, not its credentials (D).
func (v *Vault) putDeviceActive(ref string) answer {
	v.mu.Lock()
	defer v.mu.Unlock()
	r := v.findDevice(ref)
	switch {
	case r == nil:
		return noDevice()
	case !r.p.Load().Inactive:
		return refuse(1044, "Device is already activated")
	}
	v.switchDevice(r, false)
	return ok("Device successfully activated")
}

func (v *Vault) switchDevice(r *row[Device], inactive bool) {
	d := *r.p.Load()
	d.Inactive = inactive
	r.p.Store(&d)
}

// namedDevice returns the device a credential or key names by hostname and
// ip, hidden and inactive ones too; nil when there is none.
func (v *Vault) namedDevice(c *call) *row[Device] {
	ip := v.kept("device", "ip", c.get("ip"))
	r := v.hostAt(v.kept("device", "hostname", c.get("hostname")), ip)
	if r == nil || !v.MatchHostnameOnly && !strings.EqualFold(r.p.Load().IP, ip) {
		return nil
	}
	return r
}

// port is the port of a device's first connectivity.
func (d *Device) port() string {
	first, _, _ := strings.Cut(d.Connectivities, ",")
	_, port, _ := strings.Cut(first, ":")
	if _, err := strconv.Atoi(port); err != nil {
		return ""
	}
	return port
}
