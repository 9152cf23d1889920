package vaultsim_test

import (
	"net/url"
	"testing"

	"pamsync/pipeline/vault/vaultsim"
)

func TestEnvelopeByVersion(t *testing.T) {
	for _, tc := range []struct{ version, path, want string }{
		{"3.23", "/iso/pam/device", `{"response":{"status":200,"mensagem":"0 devices found","erro":false,"message":"0 devices found","error":false},"devices":[]}`},
		{"3.23", "/iso/pam/device/9", `{"response":{"status":400,"mensagem":"1011: Device not found","erro":true,"message":"1011: Device not found","error":true},"exception":{"code":1011,"message":"1011: Device not found","detail":null}}`},
		{"3.23", "/iso/pam/key/9", `{"response":{"status":400,"mensagem":"1015: SSH key not found","erro":true,"cod_erro":0,"message":"1015: SSH key not found","error":true,"error_code":0},"exception":{"code":1015,"message":"1015: SSH key not found","detail":""}}`},
		{"3.32", "/iso/pam/device", `{"response":{"status":200,"message":"0 devices found","error":false,"error_code":0,"detail":"","mensagem":"0 devices found","erro":false,"cod_erro":0},"devices":[]}`},
		{"3.32", "/iso/pam/nothing", `{"response":{"status":404,"message":"Resource/sub-resource not found","error":true,"error_code":1,"detail":"","mensagem":"Resource/sub-resource not found","erro":true,"cod_erro":1}}`},
		{"3.33", "/api/pam/device", `{"code":200,"response":{"status":200,"message":"0 devices found","error":false,"error_code":0,"detail":"","mensagem":"0 devices found","erro":false,"cod_erro":0},"tenant":"senhasegura","devices":[]}`},
		{"3.33", "/api/pam/device/9", `{"code":400,"response":{"status":400,"message":"1011: Device not found","error":true,"error_code":1,"detail":"","mensagem":"1011: Device not found","erro":true,"cod_erro":1},"tenant":"senhasegura","exception":{"code":1011,"message":"1011: Device not found","detail":null}}`},
		{"3.33", "/api/nothing", `{"code":404,"response":{"status":404,"message":"Resource sub not found","error":true,"error_code":1,"detail":"","mensagem":"Resource sub not found","erro":true,"cod_erro":1},"tenant":"senhasegura"}`},
	} {
		t.Run(tc.version+tc.path, func(t *testing.T) {
			equal(t, "body", serve(t, &vaultsim.Vault{Version: tc.version}).get(tc.path).raw, tc.want)
		})
	}
}

func TestPostByVersion(t *testing.T) {
	for _, tc := range []struct {
		version    string
		status     int
		device     int // members
		credential string
	}{
		{"3.23", 200, 4, "tag"}, {"3.32", 201, 11, "tag"}, {"3.33", 201, 11, "identifier"},
	} {
		t.Run(tc.version, func(t *testing.T) {
			p := serve(t, &vaultsim.Vault{Version: tc.version})
			r := p.post("/iso/pam/device", web01())
			r.says(t, tc.status, "Device successfully registered!")
			equal(t, "response.status", r.part("response")["status"], any(201.0))
			equal(t, "members", len(r.part("device")), tc.device)
			r = p.post("/iso/pam/credential", root())
			r.says(t, tc.status, "Credential successfully registered!")
			equal(t, "identifier", r.part("credential")[tc.credential], any("web01-root"))
			item := p.get("/iso/pam/credential").records("credentials")[0]
			equal(t, "members of an item", len(item), 16)
			equal(t, "automatic_change", item["automatic_change"] == any("0"), tc.version != "3.33")
		})
	}
}

func TestPrefixKnob(t *testing.T) {
	p := serve(t, &vaultsim.Vault{Prefix: "iso"})
	equal(t, "iso", p.get("/iso/pam/device").status, 200)
	p.get("/api/pam/device").says(t, 404, "Resource sub not found")
	equal(t, "token", p.grant("api").status, 404)
}

func TestUnknownPaths(t *testing.T) {
	p := serve(t, &vaultsim.Vault{})
	for _, call := range [][2]string{{"GET", "/"}, {"GET", "/api"}, {"GET", "/api/device"}, {"GET", "/api/pam"},
		{"PATCH", "/api/pam/device/1"}, {"GET", "/api/pam/device/1/2"}, {"POST", "/api/pam/credential/1"},
		{"GET", "/api/pam/info"}, {"PUT", "/api/pam/info/1"}, {"GET", "/api/session"}, {"GET", "/v3/pam/device"}} {
		p.must(p.send(call[0], call[1], nil)).says(t, 404, "Resource sub not found")
	}
}

func TestBodiesAreMerged(t *testing.T) {
	for _, tc := range []struct {
		name  string
		query url.Values
		body  any
	}{
		{"JSON", nil, web01()},
		{"form", nil, web01().form()},
		{"query", web01().form(), nil},
		{"query and JSON, JSON wins", web01().with("site", "OLD").form(), web01()},
		{"half and half", fields{"hostname": "web01", "ip": "10.0.0.1", "type": "Server"}.form(),
			fields{"site": "LAX", "model": "Ubuntu", "vendor": "Canonical"}.form()},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := &vaultsim.Vault{}
			serve(t, v).post("/api/pam/device?"+tc.query.Encode(), tc.body).says(t, 201, "Device successfully registered!")
			equal(t, "device", v.Devices()[0], vaultsim.Device{ID: "1", Hostname: "web01", IP: "10.0.0.1",
				Site: "LAX", Model: "Ubuntu", Vendor: "Canonical", Type: "Server"})
		})
	}
	t.Run("a body that is neither holds nothing", func(t *testing.T) {
		serve(t, &vaultsim.Vault{}).post("/api/pam/device", `{"hostname":`).says(t, 400, "1004: The device's hostname was not informed")
	})
}

func TestQuietErrors(t *testing.T) {
	r := serve(t, &vaultsim.Vault{QuietErrors: true}).get("/api/pam/device/9")
	r.says(t, 400, "1011: Device not found")
	equal(t, "error", r.part("response")["error"], any(false))
}
