package vaultsim_test

import (
	"testing"

	"pamsync/pipeline/vault/vaultsim"
)

func sshKey() fields {
	return fields{"hostname": "web01", "ip": "10.0.0.1", "identifier": "web01-key", "username": "deploy",
		"public_key": "ssh-ed25519 AAAA invented", "private_key": "invented", "key_name": "deploy key", "tags": "a, b"}
}

func TestKeyRefusals(t *testing.T) {
	for _, tc := range []struct {
		name, version, method, path string
		body                        any
		status                      int
		want                        string
	}{
		{"hostname is required", "", "POST", "", sshKey().without("hostname"), 400, "1004: The device's hostname was not informed"},
		{"ip is required", "", "POST", "", sshKey().without("ip"), 400, "1005: The device's IP was not informed"},
		{"the device must exist", "", "POST", "", sshKey().with("ip", "10.0.0.2"), 400, "1011: Device not found"},
		{"public key is required", "", "POST", "", sshKey().without("public_key"), 400, "1013: The public key was not informed"},
		{"private key is required to create", "", "POST", "", sshKey().without("private_key"), 400, "1014: The private key was not informed"},
		{"identifiers have a charset", "", "POST", "", sshKey().with("identifier", "a/b"), 400, "Invalid identifier"},
		{"identifier of a credential", "", "POST", "", sshKey().with("identifier", "web01-root"), 400, "1016: The item is not a ssh key"},
		{"GET without an id", "", "GET", "", nil, 500, "Unexpected error"},
		{"GET of none", "", "GET", "/99", nil, 400, "1015: SSH key not found"},
		{"GET of a credential", "", "GET", "/1", nil, 400, "1016: The item is not a ssh key"},
		{"GET of an inactive one", "", "GET", "/2", nil, 400, "1017: Key inactive"},
		{"GET of an inactive one in 3.23", "3.23", "GET", "/2", nil, 400, "1015: SSH key not found"},
		{"DELETE of none in 3.23", "3.23", "DELETE", "/99", nil, 400, "1015: SSH not found"},
		{"DELETE of an inactive one", "", "DELETE", "/2", nil, 400, "1017: Key inactive"},
		{"DELETE of a hidden one", "", "DELETE", "/3", nil, 400, "1009: No access to credential"},
		{"PUT of an active one", "", "PUT", "/4", nil, 400, "1045: Ssh key is already activated"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := stocked()
			v.Version = tc.version
			v.AddKey(vaultsim.Key{Hostname: "web01", Username: "old", Inactive: true})
			v.AddKey(vaultsim.Key{Hostname: "web01", Username: "ghost", Hidden: true})
			v.AddKey(vaultsim.Key{Hostname: "web01", Username: "on"})
			p := serve(t, v)
			p.must(p.send(tc.method, "/api/pam/key"+tc.path, tc.body)).says(t, tc.status, tc.want)
		})
	}
}

func TestKeyLife(t *testing.T) {
	v := stocked()
	v.AddDevice(vaultsim.Device{Hostname: "db01", IP: "10.0.0.2"})
	p := serve(t, v)
	r := p.post("/api/pam/key", sshKey().with("devices", []any{fields{"hostname": "DB01"}, fields{"hostname": "none"}}))
	r.says(t, 200, "Key successfully registered!")
	key := r.part("key")
	equal(t, "id shares the credentials' sequence", key["id"], any("2"))
	equal(t, "devices", len(key["devices"].([]any)), 1)
	refused := key["devices_error"].([]any)[0].(map[string]any)
	equal(t, "devices_error", refused["hostname"], any("none"))

	list := p.get("/api/pam/credential").records("credentials")
	equal(t, "keys are in the credential list", list[1]["type"], any("SSH Key"))
	p.post("/api/pam/key", sshKey().without("private_key").with("username", "ops")).says(t, 201, "Key updated successfully!")
	r = p.get("/api/pam/key/WEB01-KEY")
	r.says(t, 200, "Key 2")
	key = r.part("key")
	equal(t, "username", key["username"], any("ops"))
	equal(t, "omitted private key stays", key["private_key"], any("invented"))
	equal(t, "tags", len(key["tags"].([]any)), 2)
	p.delete("/api/pam/key/2").says(t, 200, "Key successfully deactivated")
	p.put("/api/pam/key/2").says(t, 200, "Credential successfully activated")
}

func TestKeyKnobsAndVersions(t *testing.T) {
	v := stocked()
	v.NewKeyPartial = true
	p := serve(t, v)
	r := p.post("/api/pam/key", sshKey().with("enabled", false).with("devices", `[{"hostname":"web01"}]`))
	equal(t, "devices_error", len(r.part("key")["devices_error"].([]any)), 1)
	equal(t, "created inactive", v.Keys()[0].Inactive, true)

	v = stocked()
	v.Version = "3.23"
	p = serve(t, v)
	p.post("/iso/pam/key", sshKey().without("identifier"))
	r = p.post("/iso/pam/key", sshKey().without("identifier"))
	r.says(t, 200, "SSH updated successfully!")
	equal(t, "payload of 3.23", r.part("credential")["id"], any("2"))
	p.delete("/iso/pam/key/2").says(t, 200, "SSH successfully deactivated")
	p.put("/iso/pam/key/2").says(t, 200, "Key successfully activated")
}
