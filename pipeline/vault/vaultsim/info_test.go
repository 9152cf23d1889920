package vaultsim_test

import (
	"testing"

	"pamsync/pipeline/vault/vaultsim"
)

func TestInfoLife(t *testing.T) {
	v := &vaultsim.Vault{}
	p := serve(t, v)
	p.post("/iso/pam/info", fields{"name": "x"}).says(t, 400, "1026: The information content was not informed")
	r := p.post("/iso/pam/info", fields{"content": "invented", "identifier": "INFO1", "type": "Access"})
	r.says(t, 201, "Information successfully registered!")
	equal(t, "id", r.part("info")["id"], any("1"))
	equal(t, "tag", r.part("info")["tag"], any("INFO1"))
	r = p.get("/api/pam/info/INFO1")
	r.says(t, 200, "Information 1")
	equal(t, "content", r.part("info")["content"], any("invented"))
	p.delete("/iso/pam/info/INFO1").says(t, 200, "Information successfully disabled")
	p.get("/iso/pam/info/1").says(t, 400, "1024: Inactive information")
	p.delete("/iso/pam/info/1").says(t, 400, "1024: Inactive information")
	p.delete("/iso/pam/info/9").says(t, 400, "1023: Information not found")
}

func TestInfoKnobs(t *testing.T) {
	for _, tc := range []struct {
		name    string
		upserts bool
		records int
		message string
	}{
		{"the same identifier makes a second record", false, 2, "Information successfully registered!"},
		{"the knob makes it an update", true, 1, "Information updated successfully!"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := &vaultsim.Vault{InfoUpserts: tc.upserts, InfoEcho: true}
			p := serve(t, v)
			body := fields{"content": "invented", "identifier": "INFO1"}
			p.post("/api/pam/info", body)
			r := p.post("/api/pam/info", body)
			r.says(t, 201, tc.message)
			equal(t, "records", len(v.Infos()), tc.records)
			equal(t, "echo", r.part("info")["content"], any("invented"))
		})
	}
}

func TestHiddenAndRepeatedInfo(t *testing.T) {
	v := &vaultsim.Vault{}
	v.AddInfo(vaultsim.Info{Identifier: "A", Hidden: true})
	v.AddInfo(vaultsim.Info{Identifier: "A", Inactive: true})
	v.AddInfo(vaultsim.Info{Identifier: "A"})
	p := serve(t, v)
	p.get("/api/pam/info/1").says(t, 400, "1023: Information not found")
	p.get("/api/pam/info/a").says(t, 200, "Information 3")
	p.delete("/api/pam/info/3")
	p.get("/api/pam/info/a").says(t, 400, "1024: Inactive information")
}
