package vaultsim_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"pamsync/pipeline/vault/vaultsim"
)

// sendAs sends a body under a content type of its own, as clients do that set the header themselves.
func (p *peer) sendAs(method, path, kind, body string) reply {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), method, p.url+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	req.Header.Set("Authorization", "Bearer "+p.token)
	return p.must(p.do(req))
}

// TestFormsOfTheAnsibleCollection: the vendor's collection sends forms under /iso, deletes by hostname and by
// identifier with a body, and takes 200 and 201 alone for a success (vault-api c.1, e).
func TestFormsOfTheAnsibleCollection(t *testing.T) {
	for _, version := range []string{"3.23", "3.32", "3.33", "4.2.2"} {
		t.Run(version, func(t *testing.T) {
			v := &vaultsim.Vault{Version: version}
			v.AddDomain("CORP")
			p := serve(t, v)
			p.token, _ = p.grant("iso").body["access_token"].(string)
			success := func(what string, r reply) {
				t.Helper()
				if r.status != 200 && r.status != 201 || r.part("response") == nil {
					t.Errorf("%s: HTTP %d %s", what, r.status, r.raw)
				}
				if _, told := r.part("response")["changed"]; told {
					t.Errorf("%s: the answer tells changed, which nothing documents", what)
				}
			}
			success("device", p.post("/iso/pam/device", url.Values{"ip": {"192.168.10.20"}, "hostname": {"example-002"}, "type": {"Server"}, "vendor": {"Red Hat"},
				"model": {"Red Hat Enterprise Linux"}, "site": {"Cloud"}, "connectivities": {"SSH:22,HTTPS:443"}, "device_tags": {"rhel,cloud"}}))
			success("credential", p.post("/iso/pam/credential", url.Values{"ip": {"192.168.10.20"}, "hostname": {"example-002"}, "type": {"Domain user"}, "username": {"ansible"},
				"identifier": {"domain_credential"}, "content": {"invented-1"}, "domain": {"CORP"}, "tags": {"domain"}, "additional": {"Created by Ansible"}}))
			devices := p.get("/iso/pam/device").records("devices")
			equal(t, "devices", len(devices), 1)
			equal(t, "the trap of type: it is the device's", devices[0]["type"], any("Domain user"))
			one := p.get("/iso/pam/credential/1?credential=1")
			success("query of a credential", one)
			equal(t, "password", one.part("credential")["password"], any("invented-1"))
			success("credential away", p.sendAs("DELETE", "/iso/pam/credential/domain_credential", "application/json", "identifier=domain_credential"))
			equal(t, "credential away twice", p.sendAs("DELETE", "/iso/pam/credential/domain_credential", "application/json", "identifier=domain_credential").status, 400)
			away := func() reply {
				return p.must(p.send("DELETE", "/iso/pam/device/example-002", url.Values{"device": {"example-002"}}))
			}
			equal(t, "device away", away().status, 200)
			equal(t, "device away twice", away().status, 400)
		})
	}
}

// TestFormsOfTheMigrationScript: it asks for a token by a form, lists, and posts JSON with five fields, under
// the prefix of its version (vault-api e).
func TestFormsOfTheMigrationScript(t *testing.T) {
	for version, prefix := range map[string]string{"3.32": "/iso", "3.33": "/api", "4.2.2": "/api"} {
		t.Run(version, func(t *testing.T) {
			v := stocked()
			v.Version = version
			p := serve(t, v)
			p.token, _ = p.grant(prefix[1:]).body["access_token"].(string)
			listed := p.get(prefix + "/pam/credential").records("credentials")
			equal(t, "listed", len(listed), 1)
			for _, key := range []string{"id", "username", "hostname", "management_ip", "identifier"} {
				if listed[0][key] == nil {
					t.Errorf("the list lacks %s", key)
				}
			}
			one := p.get(prefix + "/pam/credential/1").part("credential")
			equal(t, "exported password", one["password"], any("invented-0"))
			r := p.post(prefix+"/pam/credential", fields{"identifier": listed[0]["identifier"], "username": "root", "hostname": "web01", "ip": "10.0.0.1", "content": "invented-9"})
			if r.status >= 400 {
				t.Fatalf("HTTP %d %s", r.status, r.raw)
			}
			equal(t, "migrated password", p.get(prefix + "/pam/credential/1").part("credential")["password"], any("invented-9"))
			equal(t, "still one", len(p.get(prefix+"/pam/credential").records("credentials")), 1)
		})
	}
}
