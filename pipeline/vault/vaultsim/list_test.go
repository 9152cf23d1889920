package vaultsim_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"pamsync/pipeline/vault/vaultsim"
)

func stopped() time.Time { return time.Unix(1700000000, 0) }

func TestListAnnouncesItsCount(t *testing.T) {
	for _, tc := range []struct {
		name string
		v    *vaultsim.Vault
		want string
	}{
		{"the count", &vaultsim.Vault{}, "3 devices found"},
		{"a wrong count", &vaultsim.Vault{AnnounceDelta: map[string]int{"devices": -1}}, "2 devices found"},
		{"a separator", &vaultsim.Vault{AnnounceDelta: map[string]int{"devices": 1234564}, AnnounceSeparator: "."}, "1.234.567 devices found"},
		{"no count", &vaultsim.Vault{SilentCount: true}, "Devices found"},
		{"Portuguese", &vaultsim.Vault{PortugueseMessages: true}, "3 dispositivos encontrados"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for i := range 3 {
				tc.v.AddDevice(vaultsim.Device{Hostname: fmt.Sprint("h", i)})
			}
			r := serve(t, tc.v).get("/api/pam/device")
			r.says(t, 200, tc.want)
			equal(t, "records", len(r.records("devices")), 3)
		})
	}
}

func TestListIsInOrderOfID(t *testing.T) {
	v := &vaultsim.Vault{}
	for _, id := range []string{"7", "3", "", "3"} {
		v.AddDevice(vaultsim.Device{ID: id, Hostname: "h" + id})
	}
	var ids []any
	for _, d := range serve(t, v).get("/api/pam/device").records("devices") {
		ids = append(ids, d["id"])
	}
	equal(t, "ids", fmt.Sprint(ids), "[3 7 8 9]")
}

func TestListKnobs(t *testing.T) {
	for list, path := range map[string]string{"devices": "/api/pam/device",
		"credentials": "/api/pam/credential", "sessions": "/api/session/remotesessions"} {
		t.Run(list, func(t *testing.T) {
			v := stocked()
			v.RefuseList = map[string]bool{list: true}
			serve(t, v).get(path).says(t, 500, "You are not authorized to access this resource.")
			v = stocked()
			v.TruncateList = map[string]int{list: 100}
			r := serve(t, v).get(path)
			equal(t, "bytes", len(r.raw), 100)
			equal(t, "status", r.status, 200)
		})
	}
}

func TestLongListsAreWhole(t *testing.T) {
	v := &vaultsim.Vault{ManySessions: 20000, Drip: time.Nanosecond}
	for i := range 5000 {
		v.AddCredential(vaultsim.Credential{Hostname: "web01", Username: fmt.Sprint("u", i)})
	}
	p := serve(t, v)
	r := p.get("/api/pam/credential")
	r.says(t, 200, "5000 credentials found")
	equal(t, "credentials", len(r.records("credentials")), 5000)
	equal(t, "sessions", len(p.get("/api/session/remotesessions").records("remote_sessions")), 20000)
}

func TestConcurrentRequests(t *testing.T) {
	v := &vaultsim.Vault{Latency: time.Nanosecond}
	v.OnApplied = func(vaultsim.Request) { v.Devices() }
	v.OnRequest = func(vaultsim.Request) { v.Log() }
	p := serve(t, v)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			host := fmt.Sprint("h", i%4)
			for _, call := range []struct {
				method, path string
				body         any
			}{
				{"POST", "/api/pam/device", web01().with("hostname", host)},
				{"POST", "/api/pam/credential", root().with("hostname", host).without("identifier")},
				{"GET", "/api/pam/credential", nil}, {"GET", "/api/pam/device", nil},
				{"GET", "/api/pam/credential/root@" + host, nil},
				{"DELETE", "/api/pam/device/" + host, nil}, {"PUT", "/api/pam/device/" + host, nil},
			} {
				if _, err := p.send(call.method, call.path, call.body); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	equal(t, "devices", len(v.Devices()), 4)
	equal(t, "credentials", len(v.Credentials()), 4)
	equal(t, "requests", len(v.Log()), 16*7)
}

func TestLogHoldsNoSecrets(t *testing.T) {
	v := stocked()
	p := serve(t, v)
	p.post("/iso/pam/credential?x=1", root().with("additional_settings", fields{"secret_key": "invented", "notes": "n"}))
	p.grant("api")
	p.token = ""
	p.get("/api/pam/credential/a%20b")
	log := v.Log()
	equal(t, "requests", len(log), 3)
	equal(t, "content", log[0].Fields["content"], "***")
	equal(t, "nested", log[0].Fields["additional_settings"], `{"notes":"n","secret_key":"***"}`)
	equal(t, "query", log[0].Fields["x"], "1")
	equal(t, "status", log[0].Status, 201)
	equal(t, "auth", log[0].Auth, true)
	equal(t, "client secret", log[1].Fields["client_secret"], "***")
	equal(t, "path as sent", log[2].Path, "/api/pam/credential/a%20b")
	equal(t, "no auth", log[2].Auth, false)
	v.ResetLog()
	p.get("/api/x")
	equal(t, "numbering goes on", v.Log()[0].N, log[2].N+1)
}
