package vaultsim_test

import (
	"net/url"
	"strings"
	"testing"

	"pamsync/pipeline/vault/vaultsim"
)

func TestDeviceRefusals(t *testing.T) {
	for _, tc := range []struct {
		name         string
		method, path string
		body         fields
		want         string
	}{
		{"hostname is required", "POST", "", web01().without("hostname"), "1004: The device's hostname was not informed"},
		{"empty is not informed", "POST", "", web01().with("hostname", ""), "1004: The device's hostname was not informed"},
		{"null is not informed", "POST", "", web01().with("hostname", nil), "1004: The device's hostname was not informed"},
		{"ip is required", "POST", "", web01().without("ip"), "1005: The device's IP was not informed"},
		{"site is required on update too", "POST", "", web01().without("site"), "1019: The device's site was not informed"},
		{"model is required", "POST", "", web01().without("model"), "1020: The device's model was not informed"},
		{"vendor is required", "POST", "", web01().without("vendor"), "1021: The device's vendor was not informed"},
		{"type is required", "POST", "", web01().without("type"), "1022: The device's type was not informed"},
		{"domains are registered first", "POST", "", web01().with("device_domain", "CORP,OTHER"), "1029: It is not possible to enter a domain that has not been previously registered"},
		{"GET of no device", "GET", "/99", nil, "1011: Device not found"},
		{"DELETE of no device", "DELETE", "/99", nil, "1011: Device not found"},
		{"PUT of no device", "PUT", "/99", nil, "1011: Device not found"},
		{"PUT of an active device", "PUT", "/1", nil, "1044: Device is already activated"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := serve(t, stocked())
			var body any
			if tc.body != nil {
				body = tc.body
			}
			p.must(p.send(tc.method, "/api/pam/device"+tc.path, body)).says(t, 400, tc.want)
		})
	}
}

func TestDeviceIsMatchedByHostname(t *testing.T) {
	v := &vaultsim.Vault{}
	p := serve(t, v)
	r := p.post("/api/pam/device", web01())
	r.says(t, 201, "Device successfully registered!")
	equal(t, "id", r.part("device")["id"], any("1"))
	r = p.post("/api/pam/device", web01().with("hostname", "WEB01").with("ip", "10.0.0.2").with("device_tags", "api, app"))
	r.says(t, 201, "Device updated successfully!")
	equal(t, "first spelling", r.part("device")["hostname"], any("web01"))
	equal(t, "ip", r.part("device")["ip"], any("10.0.0.2"))
	equal(t, "tags", r.part("device")["device_tags"], any("api,app"))
	p.post("/api/pam/device", web01().with("hostname", "db 01/x"))
	equal(t, "devices", len(v.Devices()), 2)
}

func TestDeviceOmittedFieldStays(t *testing.T) {
	v := stocked()
	p := serve(t, v)
	p.post("/api/pam/device", web01())
	equal(t, "omitted", v.Devices()[0].Connectivities, "SSH:22,HTTPS:443")
	p.post("/api/pam/device", web01().with("connectivities", ""))
	equal(t, "empty clears", v.Devices()[0].Connectivities, "")
}

func TestDevicePathTakesIDOrHostname(t *testing.T) {
	v := stocked()
	v.AddDevice(vaultsim.Device{Hostname: "https://www.x.com/a b", IP: "10.0.0.9"})
	p := serve(t, v)
	for path, id := range map[string]string{"1": "1", "web01": "1", "WEB01": "1",
		url.PathEscape("https://www.x.com/a b"): "2"} {
		equal(t, path, p.get("/iso/pam/device/" + path).part("device")["id"], any(id))
	}
}

func TestDeviceDeleteCascadesAndPutDoesNotUndo(t *testing.T) {
	v := stocked()
	v.AddKey(vaultsim.Key{Hostname: "web01", Username: "root"})
	v.AddCredential(vaultsim.Credential{Hostname: "db01", IP: "10.0.0.2", Username: "root"})
	p := serve(t, v)
	p.delete("/api/pam/device/web01").says(t, 200, "Device successfully deactivated")
	equal(t, "credential", v.Credentials()[0].Inactive, true)
	equal(t, "key", v.Keys()[0].Inactive, true)
	equal(t, "other device's credential", v.Credentials()[1].Inactive, false)
	p.delete("/api/pam/device/1").says(t, 400, "1011: Device not found")
	p.get("/api/pam/device/1").says(t, 400, "1011: Device not found")
	p.get("/api/pam/device").says(t, 200, "1 devices found")
	p.put("/api/pam/device/1").says(t, 200, "Device successfully activated")
	equal(t, "device", v.Devices()[0].Inactive, false)
	equal(t, "credential after PUT", v.Credentials()[0].Inactive, true)
}

func TestDevicePostOnInactive(t *testing.T) {
	for _, tc := range []struct {
		name       string
		reactivate bool
	}{{"stays inactive", false}, {"is reactivated by the knob", true}} {
		t.Run(tc.name, func(t *testing.T) {
			v := &vaultsim.Vault{PostReactivates: tc.reactivate}
			v.AddDevice(vaultsim.Device{Hostname: "web01", Inactive: true})
			p := serve(t, v)
			p.post("/api/pam/device", web01()).says(t, 201, "Device updated successfully!")
			equal(t, "inactive", v.Devices()[0].Inactive, !tc.reactivate)
			equal(t, "updated", v.Devices()[0].Site, "LAX")
		})
	}
}

func TestHiddenDevice(t *testing.T) {
	v := &vaultsim.Vault{HideNewDevices: true}
	p := serve(t, v)
	p.post("/api/pam/device", web01()).says(t, 201, "Device successfully registered!")
	p.get("/api/pam/device").says(t, 200, "0 devices found")
	p.get("/api/pam/device/1").says(t, 400, "1011: Device not found")
	r := p.post("/api/pam/device", web01())
	r.says(t, 201, "Device updated successfully!")
	equal(t, "id", r.part("device")["id"], any("1"))
	p.post("/api/pam/credential", root()).says(t, 201, "Credential successfully registered!")
	v.Authorise()
	p.get("/api/pam/device").says(t, 200, "1 devices found")
}

func TestWritesOfAReadOnlyAuthorisation(t *testing.T) {
	v := stocked()
	v.ReadOnly = true
	p := serve(t, v)
	for _, call := range [][2]string{{"POST", "device"}, {"DELETE", "device/1"}, {"PUT", "device/1"},
		{"POST", "credential"}, {"DELETE", "credential/1"}, {"PUT", "credential/1"}, {"DELETE", "credential/custody/1"},
		{"POST", "key"}, {"DELETE", "key/1"}, {"POST", "info"}, {"DELETE", "info/1"}} {
		p.must(p.send(call[0], "/api/pam/"+call[1], nil)).says(t, 400, "1039: Without PAM Configuration Access permission")
	}
	p.get("/api/pam/device").says(t, 200, "1 devices found")
}

func TestDeviceKnobs(t *testing.T) {
	t.Run("case may count", func(t *testing.T) {
		v := &vaultsim.Vault{CaseSensitive: true}
		p := serve(t, v)
		p.post("/api/pam/device", web01())
		p.post("/api/pam/device", web01().with("hostname", "WEB01")).says(t, 201, "Device successfully registered!")
	})
	t.Run("duplicates may be created", func(t *testing.T) {
		v := &vaultsim.Vault{DuplicateCreates: true}
		p := serve(t, v)
		p.post("/api/pam/device", web01())
		p.post("/api/pam/device", web01()).says(t, 201, "Device successfully registered!")
		equal(t, "devices", len(v.Devices()), 2)
	})
	t.Run("the vault may keep something else", func(t *testing.T) {
		v := &vaultsim.Vault{Keep: func(kind, field, value string) string {
			if kind == "device" && field == "site" {
				return "KEPT"
			}
			return value
		}}
		p := serve(t, v)
		equal(t, "site", p.post("/api/pam/device", web01()).part("device")["site"], any("KEPT"))
	})
	t.Run("inactive ones may be shown", func(t *testing.T) {
		v := &vaultsim.Vault{ShowInactive: true}
		v.AddDevice(vaultsim.Device{Hostname: "web01", Inactive: true})
		p := serve(t, v)
		p.get("/api/pam/device").says(t, 200, "1 devices found")
		p.get("/api/pam/device/1").says(t, 200, "Device 1")
	})
}

// TestDevicesOfOneHostnameAreToldApartByIP: a credential goes to the one with its ip.
func TestDevicesOfOneHostnameAreToldApartByIP(t *testing.T) {
	v := &vaultsim.Vault{}
	v.AddDevice(vaultsim.Device{ID: "5", Hostname: "web01", IP: "10.0.0.5"})
	v.AddDevice(vaultsim.Device{ID: "6", Hostname: "WEB01", IP: "10.0.0.6"})
	for _, ip := range []string{"10.0.0.6", "10.0.0.5", "10.0.0.7"} {
		v.AddCredential(vaultsim.Credential{Hostname: "web01", IP: ip, Username: "root"})
	}
	var at []string
	for _, c := range v.Credentials() {
		at = append(at, c.IP)
	}
	equal(t, "ips", strings.Join(at, " "), "10.0.0.6 10.0.0.5 10.0.0.5")
	p := serve(t, v)
	p.post("/api/pam/credential", root().with("hostname", "web01").with("ip", "10.0.0.6").with("username", "app")).says(t, 201, "Credential successfully registered!")
	p.post("/api/pam/credential", root().with("hostname", "web01").with("ip", "10.0.0.7")).says(t, 400, "1011: Device not found")
	equal(t, "ip", v.Credentials()[3].IP, "10.0.0.6")
}

func TestAnyDomainMayDo(t *testing.T) {
	for any, want := range map[bool]int{false: 400, true: 201} {
		p := serve(t, &vaultsim.Vault{AnyDomain: any})
		equal(t, "status", p.post("/api/pam/device", web01().with("device_domain", "corp.example")).status, want)
	}
}
