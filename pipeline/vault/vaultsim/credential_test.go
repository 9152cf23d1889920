package vaultsim_test

import (
	"strings"
	"testing"

	"pamsync/pipeline/vault/vaultsim"
)

func TestCredentialPostRefusals(t *testing.T) {
	domain := "1029: It is not possible to enter a domain that has not been previously registered"
	for _, tc := range []struct {
		name   string
		body   fields
		status int
		want   string
	}{
		{"hostname is required", root().without("hostname"), 400, "1004: The device's hostname was not informed"},
		{"ip is required", root().without("ip"), 400, "1005: The device's IP was not informed"},
		{"username must be a parameter", root().without("username"), 400, "1042: Invalid username"},
		{"the device must exist", root().with("hostname", "nowhere"), 400, "1011: Device not found"},
		{"the device must have that ip", root().with("ip", "10.0.0.2"), 400, "1011: Device not found"},
		{"domains are registered first", root().with("domain", "OTHER"), 400, domain},
		{"device domains too", root().with("device_domain", "OTHER"), 400, domain},
		{"the parent must exist", root().with("parent_password", 77), 400, "1007: Credential not found"},
		{"identifiers have a charset", root().with("identifier", "a b"), 400, "Invalid identifier"},
		{"automatic change needs a plugin", root().with("execution_settings", fields{"automatic_change": true}), 400, "1046: Plugin not informed"},
		{"automatic change needs a template", root().with("execution_settings", fields{"automatic_change": true, "change_plugin": "SSH"}), 400, "1047: Template plugin not informed"},
		{"just in time needs a plugin", root().with("jit_settings", fields{"enable_disable_credential": true}), 400, "1046: Plugin not informed"},
		{"an unknown owner is a server error", root().with("additional_settings", []any{fields{"user_credential_owner": "nobody"}}), 500, "Unexpected error."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := stocked()
			v.Users = map[string]bool{"admin": true}
			before := v.Credentials()[0]
			p := serve(t, v)
			p.post("/api/pam/credential", tc.body).says(t, tc.status, tc.want)
			equal(t, "credentials", len(v.Credentials()), 1)
			equal(t, "credential", v.Credentials()[0], before)
		})
	}
}

func TestCredentialPathRefusals(t *testing.T) {
	for _, tc := range []struct{ name, version, method, path, want string }{
		{"GET of none", "", "GET", "99", "1007: Credential not found"},
		{"GET of a key", "", "GET", "2", "1010: The item is not a credential"},
		{"GET of a hidden one", "", "GET", "3", "1009: No access to credential"},
		{"GET of a hidden one in 3.23", "3.23", "GET", "3", "1007: Credential not found"},
		{"GET of an inactive one", "", "GET", "4", "1007: Credential not found"},
		{"DELETE of none", "", "DELETE", "99", "1007: Credential not found"},
		{"DELETE of a key", "", "DELETE", "2", "1010: The item is not a credential"},
		{"DELETE of a hidden one", "", "DELETE", "3", "1009: No access to credential"},
		{"DELETE of an inactive one in 3.23", "3.23", "DELETE", "4", "1007: Credential not found"},
		{"DELETE of an inactive one in 3.32", "3.32", "DELETE", "4", "1017: Credential inactive"},
		{"DELETE of an inactive one in 3.33", "3.33", "DELETE", "4", "1008: Credential inactive"},
		{"PUT of none", "", "PUT", "99", "1007: Credential not found"},
		{"PUT of an active one", "", "PUT", "1", "1043: Credential is already activated!"},
		{"PUT of an active one in 3.32", "3.32", "PUT", "1", "1017: Credential is already active"},
		{"custody of none", "", "DELETE", "custody/99", "1007: Credential not found"},
		{"custody of an inactive one", "", "DELETE", "custody/4", "1008: Credential inactive"},
		{"custody of a hidden one", "", "DELETE", "custody/3", "1009: No access to credential"},
		{"custody that was not taken", "", "DELETE", "custody/1", "1018: The credential is not in the user custody"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := stocked()
			v.Version = tc.version
			v.AddKey(vaultsim.Key{Hostname: "web01", Username: "root"})
			v.AddCredential(vaultsim.Credential{Hostname: "web01", Username: "ghost", Hidden: true})
			v.AddCredential(vaultsim.Credential{Hostname: "web01", Username: "old", Inactive: true})
			p := serve(t, v)
			p.must(p.send(tc.method, "/api/pam/credential/"+tc.path, nil)).says(t, 400, tc.want)
		})
	}
}

func TestCredentialPrecedence(t *testing.T) {
	registered, updated := "Credential successfully registered!", "Credential updated successfully!"
	for _, tc := range []struct {
		name string
		body fields
		want string
		id   string
		user string
	}{
		{"identifier first: renames", root().with("username", "admin"), updated, "1", "admin"},
		{"then hostname, ip and username, which sets the identifier", root().with("identifier", "new-1"), updated, "1", "root"},
		{"without an identifier too", root().without("identifier"), updated, "1", "root"},
		{"names match without case, first spelling kept", root().with("username", "ROOT").with("identifier", "WEB01-ROOT"), updated, "1", "root"},
		{"else it is created", root().with("identifier", "new-1").with("username", "admin"), registered, "3", "admin"},
		{"an empty username is usr", root().with("identifier", "new-1").with("username", ""), registered, "3", "usr"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := stocked()
			v.AddKey(vaultsim.Key{Hostname: "web01", Username: "admin"}) // a key's username is no match
			p := serve(t, v)
			r := p.post("/api/pam/credential", tc.body)
			r.says(t, 201, tc.want)
			equal(t, "id", r.part("credential")["id"], any(tc.id))
			for _, c := range v.Credentials() {
				if c.ID == tc.id {
					equal(t, "username", c.Username, tc.user)
					equal(t, "identifier answered", r.part("credential")["identifier"], any(c.Identifier))
				}
			}
		})
	}
}

func TestCredentialRenameOntoAnotherIsADuplicate(t *testing.T) {
	v := stocked()
	v.AddCredential(vaultsim.Credential{Hostname: "web01", Username: "admin", Identifier: "web01-admin"})
	p := serve(t, v)
	p.post("/api/pam/credential", root().with("username", "admin")).says(t, 400, "1052: Credential already exists")
	equal(t, "username", v.Credentials()[0].Username, "root")
}

func TestCredentialIdentifierOfAKey(t *testing.T) {
	v := stocked()
	v.AddKey(vaultsim.Key{Hostname: "web01", Username: "k", Identifier: "web01-key"})
	p := serve(t, v)
	p.post("/api/pam/credential", root().with("identifier", "web01-key")).says(t, 400, "1010: The item is not a credential")
}

func TestCredentialFields(t *testing.T) {
	v := stocked()
	p := serve(t, v)
	p.post("/api/pam/credential", fields{"hostname": "web01", "ip": "10.0.0.1", "username": "app", "content": "invented-2",
		"additional": "note", "tags": "a, b", "credential_type": "Service", "domain": "corp", "parent_password": 1, "type": "Local User"})
	c := v.Credentials()[1]
	got := strings.Join([]string{c.Password, c.Additional, c.Tags, c.Type, c.Domain, c.Parent, c.IP}, "|")
	equal(t, "stored", got, "invented-2|note|a,b|Service|corp|1|10.0.0.1")
	equal(t, "type is the device's", v.Devices()[0].Type, "Local User")
	equal(t, "a UUIDv7 is given", len(c.Identifier), 36)
	p.post("/api/pam/credential", fields{"hostname": "web01", "ip": "10.0.0.1", "username": "app", "additional": ""})
	c = v.Credentials()[1]
	equal(t, "omitted password stays", c.Password, "invented-2")
	equal(t, "empty clears", c.Additional, "")
}

func TestCredentialIdentifierInAdditionalSettings(t *testing.T) {
	for _, settings := range []any{fields{"identifier": "deep"}, []any{fields{"identifier": "deep"}}, `{"identifier":"deep"}`} {
		v := stocked()
		p := serve(t, v)
		p.post("/api/pam/credential", root().with("username", "x").without("identifier").with("additional_settings", settings))
		equal(t, "identifier", v.Credentials()[1].Identifier, "deep")
	}
}

func TestCredentialGetTakesCustody(t *testing.T) {
	v := stocked()
	v.RotateOnRelease = true
	p := serve(t, v)
	for _, ref := range []string{"1", "web01-root", "root@web01", "ROOT@WEB01"} {
		r := p.get("/api/pam/credential/" + ref)
		r.says(t, 200, "Credential 1")
		equal(t, "password", r.part("credential")["password"], any("invented-0"))
		equal(t, "content", r.part("credential")["content"], any("invented-0"))
		equal(t, "port", r.part("credential")["port"], any("22"))
	}
	equal(t, "view is noted", v.Credentials()[0].View != "", true)
	p.delete("/api/pam/credential/custody/web01-root").says(t, 200, "Credential custody 1 released")
	equal(t, "rotated", v.Credentials()[0].Password != "invented-0", true)
	p.delete("/api/pam/credential/custody/1").says(t, 400, "1018: The credential is not in the user custody")
}

func TestCredentialUsernameWithAtIsNotFound(t *testing.T) {
	v := stocked()
	v.AddCredential(vaultsim.Credential{Hostname: "web01", Username: "a@b"})
	p := serve(t, v)
	p.get("/api/pam/credential/a@b@web01").says(t, 400, "1007: Credential not found")
}

func TestCredentialDeleteAndPut(t *testing.T) {
	v := stocked()
	p := serve(t, v)
	p.delete("/api/pam/credential/root@web01").says(t, 200, "Credential successfully deactivated")
	p.get("/api/pam/credential").says(t, 200, "0 credentials found")
	p.post("/api/pam/credential", root()).says(t, 201, "Credential updated successfully!")
	equal(t, "POST leaves it inactive", v.Credentials()[0].Inactive, true)
	equal(t, "POST updates it", v.Credentials()[0].Password, "invented-1")
	p.put("/api/pam/credential/1").says(t, 200, "Credential successfully activated")
	p.get("/api/pam/credential").says(t, 200, "1 credentials found")
}

func TestCredentialKnobs(t *testing.T) {
	for _, tc := range []struct {
		name string
		set  func(*vaultsim.Vault)
		ask  func(*peer) reply
		code int
		want string
	}{
		{"match by hostname only", func(v *vaultsim.Vault) { v.MatchHostnameOnly = true },
			func(p *peer) reply { return p.post("/api/pam/credential", root().with("ip", "10.9.9.9")) }, 201, "Credential updated successfully!"},
		{"duplicates are created", func(v *vaultsim.Vault) { v.DuplicateCreates = true },
			func(p *peer) reply { return p.post("/api/pam/credential", root().without("identifier")) }, 201, "Credential successfully registered!"},
		{"held by somebody", func(v *vaultsim.Vault) { v.HeldElsewhere = map[string]bool{"1": true} },
			func(p *peer) reply { return p.get("/api/pam/credential/1") }, 400, "1009: No access to credential"},
		{"codes without a blank", func(v *vaultsim.Vault) { v.TightCodes = true },
			func(p *peer) reply { return p.get("/api/pam/credential/9") }, 400, "1007:Credential not found"},
		{"Portuguese", func(v *vaultsim.Vault) { v.PortugueseMessages = true },
			func(p *peer) reply { return p.get("/api/pam/credential") }, 200, "1 credenciais encontradas"},
		{"HTTP 200 for POST", func(v *vaultsim.Vault) { v.PostStatus = 200 },
			func(p *peer) reply { return p.post("/api/pam/credential", root()) }, 200, "Credential updated successfully!"},
		{"a caller that is not authorised", func(v *vaultsim.Vault) { v.Forbid = true },
			func(p *peer) reply { return p.get("/api/pam/credential") }, 403, "You are not authorized to access this resource."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := stocked()
			tc.set(v)
			tc.ask(serve(t, v)).says(t, tc.code, tc.want)
			equal(t, "device ip", v.Devices()[0].IP, "10.0.0.1")
		})
	}
}

func TestInactiveGetCode(t *testing.T) {
	v := &vaultsim.Vault{InactiveGetCode: 1008, AlreadyInactiveCode: 1017}
	v.AddCredential(vaultsim.Credential{Hostname: "web01", Username: "old", Inactive: true})
	p := serve(t, v)
	p.get("/api/pam/credential/1").says(t, 400, "1008: Credential inactive")
	p.delete("/api/pam/credential/1").says(t, 400, "1017: Credential inactive")
}

func TestHiddenCredentialIsUpdatedByPost(t *testing.T) {
	v := stocked()
	v.AddCredential(vaultsim.Credential{Hostname: "web01", Username: "ghost", Hidden: true})
	p := serve(t, v)
	p.get("/api/pam/credential").says(t, 200, "1 credentials found")
	r := p.post("/api/pam/credential", fields{"hostname": "web01", "ip": "10.0.0.1", "username": "ghost"})
	r.says(t, 201, "Credential updated successfully!")
	equal(t, "id", r.part("credential")["id"], any("2"))
}
