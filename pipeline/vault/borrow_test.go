package vault_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// TestTextsStay: of lists that are longer than what is held of them at once, whoever keeps records has them whole
// at the end.
func TestTextsStay(t *testing.T) {
	sim := &vaultsim.Vault{}
	const n = 3000
	for i := range n {
		sim.AddDevice(vaultsim.Device{Hostname: fmt.Sprintf("srv-%05d.corp.example", i), IP: "10.0.0.1", Site: "São Paulo"})
		sim.AddCredential(vaultsim.Credential{Identifier: fmt.Sprintf("id-%05d", i), Username: "root", Hostname: fmt.Sprintf("srv-%05d.corp.example", i)})
		sim.AddSession(vaultsim.Session{ID: fmt.Sprint(i + 1), User: fmt.Sprintf("user-%05d", i), SessionID: strings.Repeat("f", 40)})
	}
	client := connect(t, config(serve(t, sim)))
	ctx := context.Background()
	var devices []schemas.Device
	var credentials []schemas.Credential
	var sessions []schemas.Session
	_, err1 := client.Reader().Devices(ctx, func(d *schemas.Device) error { devices = append(devices, *d); return nil })
	_, err2 := client.Reader().Credentials(ctx, func(c *schemas.Credential) error { credentials = append(credentials, *c); return nil })
	_, err3 := client.Reader().Sessions(ctx, func(s *schemas.Session) error { sessions = append(sessions, *s); return nil })
	if err1 != nil || err2 != nil || err3 != nil || len(devices) != n || len(credentials) != n || len(sessions) != n {
		t.Fatal(err1, err2, err3, len(devices), len(credentials), len(sessions))
	}
	for i := range n {
		if devices[i].Hostname != fmt.Sprintf("srv-%05d.corp.example", i) || devices[i].Site != "São Paulo" || credentials[i].Identifier != fmt.Sprintf("id-%05d", i) || sessions[i].User != fmt.Sprintf("user-%05d", i) {
			t.Fatalf("record %d: %+v %+v %+v", i, devices[i], credentials[i], sessions[i])
		}
	}
}
