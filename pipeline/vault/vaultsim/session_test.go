package vaultsim_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pamsync/pipeline/vault/vaultsim"
)

func running() vaultsim.Session {
	return vaultsim.Session{User: "Admin", Device: "10.0.0.1:22", Credential: "root",
		SessionID: "c819cbc5f2fad2065f1d132a22d0e2dfacccb228", Start: "2024-05-06 16:11:17", PreventPurge: "No"}
}

func TestSessionsAnswerUnderEverySpelling(t *testing.T) {
	v := &vaultsim.Vault{ManySessions: 250}
	v.AddSession(vaultsim.Session{ID: "900", User: "Admin", Start: "2024-05-06 16:05:07", End: "2024-05-06 16:07:59", Time: "00:02:52"})
	p := serve(t, v)
	for _, path := range []string{"/iso/session/remotesessions", "/api/session/remotesessions",
		"/api/pam/session/remotesessions", "/iso/pam/session/remotesessions"} {
		r := p.get(path)
		r.says(t, 200, "")
		list := r.records("remote_sessions")
		equal(t, path, len(list), 251)
		equal(t, "stored first", list[0]["id"], any("900"))
		equal(t, "no request", list[0]["request"], nil)
		one := p.get(path + "/900").records("remote_session")
		equal(t, "one", one[0]["time"], any("00:02:52"))
	}
	equal(t, "a generated one", p.get("/api/session/remotesessions/7").records("remote_session")[0]["id"], any("7"))
	p.get("/api/session/remotesessions/901").says(t, 400, "1002: Session not found")
	p.get("/api/session/remotesessions/c819").says(t, 400, "1003: Unexpected identifier type")
}

func TestUnfinishedSession(t *testing.T) {
	for _, tc := range []struct {
		knob string
		want string
	}{
		{"", `"end":null,"time":null,`},
		{"null", `"end":null,"time":null,`},
		{"empty", `"end":"","time":"",`},
		{"omit", `"start":"2024-05-06 16:11:17","prevent_purge"`},
	} {
		v := &vaultsim.Vault{UnfinishedSession: tc.knob}
		v.AddSession(running())
		raw := serve(t, v).get("/api/session/remotesessions").raw
		if !strings.Contains(raw, tc.want) {
			t.Errorf("knob %q: no %s in %s", tc.knob, tc.want, raw)
		}
	}
}

func TestSessionKeysInPortuguese(t *testing.T) {
	v := &vaultsim.Vault{Version: "3.32", PortugueseSessionKeys: true}
	v.AddSession(running())
	s := serve(t, v).get("/iso/session/remotesessions/1").records("remote_sessions")[0]
	equal(t, "credencial", s["credencial"], any("root"))
	equal(t, "dispositivo", s["dispositivo"], any("10.0.0.1:22"))
}

func TestDrop(t *testing.T) {
	for _, tc := range []struct{ version, want string }{
		{"3.23", `"response":{"status":200,"menssage":"Session finished","erro":false}`},
		{"3.32", `"message":"Sessão interrompida com sucesso"`},
		{"3.33", `"mensagem":"Sessão interrompida com sucesso"`},
		{"4.0", `"message":"Session dropped successfully","error":false,"error_code":0,"detail":"","mensagem":"Sessão encerrada com sucesso"`},
	} {
		t.Run(tc.version, func(t *testing.T) {
			now := time.Date(2024, 5, 6, 19, 11, 30, 0, time.UTC)
			v := &vaultsim.Vault{Version: tc.version, Now: func() time.Time { return now }}
			v.AddSession(running())
			p := serve(t, v)
			r := p.delete("/api/pam/session/drop/" + running().SessionID)
			if r.status != 200 || !strings.Contains(r.raw, tc.want) {
				t.Errorf("got %d %s", r.status, r.raw)
			}
			equal(t, "end", v.Sessions()[0].End, "2024-05-06 16:11:30")
			equal(t, "time", v.Sessions()[0].Time, "00:00:13")
			p.delete("/iso/session/drop/nothing").says(t, 500, "An error occurred while droping session")
		})
	}
}

func TestRemoteSession(t *testing.T) {
	body := fields{"user": "u", "credential": "c", "device": "d", "protocol": "ssh"}
	for _, tc := range []struct{ version, missing, want string }{
		{"", "user", "Username not specified"},
		{"3.23", "user", "User not specified"},
		{"", "credential", "Credential not specified"},
		{"", "device", "Credential device not specified"},
		{"", "protocol", "Invalid protocol"},
	} {
		p := serve(t, &vaultsim.Vault{Version: tc.version})
		r := p.post("/api/pam/remote/session", body.without(tc.missing))
		r.says(t, 400, tc.want)
		equal(t, "no exception", r.body["exception"], nil)
	}
	p := serve(t, &vaultsim.Vault{})
	r := p.post("/iso/remote/session", body)
	r.says(t, 200, "Session created successfully")
	equal(t, "token", r.part("session")["token"] != nil, true)
	equal(t, "alias", r.part("response")["Message"], any("Session created successfully"))
}

func TestSessionsGeneratorIsDeterministic(t *testing.T) {
	a, b := slices.Collect(vaultsim.Sessions(300)), slices.Collect(vaultsim.Sessions(300))
	equal(t, "same", slices.Equal(a, b), true)
	equal(t, "count", len(a), 300)
	equal(t, "every hundredth runs", a[99].End, "")
}
