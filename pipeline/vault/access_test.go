package vault_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pamsync/pipeline/vault"
	"pamsync/pipeline/vault/vaultsim"
	"pamsync/schemas"
)

// let is a client of a vault, let in another way.
func let(t *testing.T, h http.Handler, change func(*schemas.VaultConfig)) *vault.Client {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	config := schemas.DefaultConfig().Vault
	config.URL, config.ClientID, config.ClientSecret, config.RPS, config.Burst = server.URL, "client", schemas.NewSecret("not-a-real-secret"), 10000, 100
	change(&config)
	c, err := vault.Connect(config, vault.WithBackoff(time.Microsecond))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func oauth1(v *schemas.VaultConfig) {
	v.Auth, v.OAuthToken, v.OAuthTokenSecret = schemas.AuthOAuth1, schemas.NewSecret("tok"), schemas.NewSecret("toksec")
}

func consumers() map[string]string { return map[string]string{"client": "not-a-real-secret"} }

// TestEachWayLetsUsIn: the list is read and a device written, each way that the simulator checks.
func TestEachWayLetsUsIn(t *testing.T) {
	for name, c := range map[string]struct {
		v      *vaultsim.Vault
		change func(*schemas.VaultConfig)
	}{
		"oauth2":   {&vaultsim.Vault{RequireForm: true}, func(*schemas.VaultConfig) {}},
		"basic":    {&vaultsim.Vault{RequireBasic: true}, func(v *schemas.VaultConfig) { v.Auth = schemas.AuthBasic }},
		"tenant":   {&vaultsim.Vault{RequireTenant: "north"}, func(v *schemas.VaultConfig) { v.Tenant = "north" }},
		"referer":  {&vaultsim.Vault{RequireReferer: "https://jobs.test"}, func(v *schemas.VaultConfig) { v.Referer = "https://jobs.test" }},
		"oauth1":   {&vaultsim.Vault{OAuth1Token: "tok", OAuth1Secret: "toksec"}, oauth1},
		"unsigned": {&vaultsim.Vault{OAuth1Token: "tok", OAuth1Unsigned: true, Version: "3.23"}, func(v *schemas.VaultConfig) { oauth1(v); v.Auth = schemas.AuthOAuth1Unsigned }},
		"a secret with signs": {&vaultsim.Vault{RequireBasic: true, Clients: map[string]string{"client": "a:b+c %&é"}}, func(v *schemas.VaultConfig) {
			v.Auth, v.ClientSecret = schemas.AuthBasic, schemas.NewSecret("a:b+c %&é")
		}},
		"signs in a signature": {&vaultsim.Vault{OAuth1Token: "t k+&", OAuth1Secret: "x&é~", Clients: map[string]string{"client": "a:b+c %&é"}}, func(v *schemas.VaultConfig) {
			oauth1(v)
			v.ClientSecret, v.OAuthToken, v.OAuthTokenSecret = schemas.NewSecret("a:b+c %&é"), schemas.NewSecret("t k+&"), schemas.NewSecret("x&é~")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			if c.v.Clients == nil {
				c.v.Clients = consumers()
			}
			client := let(t, c.v, c.change)
			if _, err := client.Reader().Devices(context.Background(), func(*schemas.Device) error { return nil }); err != nil {
				t.Fatal(err)
			}
			values := schemas.Values{schemas.FieldHostname: "srv-01", schemas.FieldIP: "10.0.0.1", schemas.FieldSite: "s", schemas.FieldModel: "m", schemas.FieldVendor: "v", schemas.FieldType: "t"}
			if a := client.Writer().Do(context.Background(), schemas.Call{Verb: schemas.VerbUpsert, Kind: schemas.KindDevice, Values: values}); a.Effect != schemas.EffectDone {
				t.Fatalf("%+v", a)
			}
		})
	}
}

// TestWithoutATokenARefusalIsOne: in OAuth 1.0a there is nothing to renew, so that a call which is
// refused is sent once.
func TestWithoutATokenARefusalIsOne(t *testing.T) {
	v := &vaultsim.Vault{Clients: consumers(), OAuth1Token: "tok", OAuth1Secret: "toksec"}
	v.Fault = func(r vaultsim.Request) vaultsim.Fault {
		if r.Method == http.MethodDelete {
			return vaultsim.Unauthorized401
		}
		return vaultsim.NoFault
	}
	id := v.AddDevice(vaultsim.Device{Hostname: "srv-01"})
	client := let(t, v, oauth1)
	a := client.Writer().Do(context.Background(), schemas.Call{Verb: schemas.VerbInactivate, Kind: schemas.KindDevice, ID: id})
	if a.Effect != schemas.EffectNotSent || a.Stop == nil || a.Stop.Class != schemas.ClassRefused {
		t.Errorf("%+v", a)
	}
	deletes := 0
	for _, r := range v.Log() {
		if r.Method == http.MethodDelete {
			deletes++
		}
		if strings.HasSuffix(r.Path, "token") {
			t.Errorf("%s %s", r.Method, r.Path)
		}
	}
	if deletes != 1 {
		t.Errorf("sent %d times", deletes)
	}
}

// TestASignatureIsMadeForEachSending: one that is sent again after 503 has a nonce of its own, which
// the simulator wants.
func TestASignatureIsMadeForEachSending(t *testing.T) {
	v := &vaultsim.Vault{Clients: consumers(), OAuth1Token: "tok", OAuth1Secret: "toksec"}
	n := 0
	v.Fault = func(r vaultsim.Request) vaultsim.Fault {
		if n++; r.Path == "/api/pam/device" && n < 4 {
			return vaultsim.Status503
		}
		return vaultsim.NoFault
	}
	listing, err := let(t, v, oauth1).Reader().Devices(context.Background(), func(*schemas.Device) error { return nil })
	if err != nil || listing.Announced != 0 || n != 4 {
		t.Errorf("%+v %v after %d requests", listing, err, n)
	}
}

// TestAnUnencryptedVaultIsAskedWithoutAProxy: what would go in the clear through it stays here.
func TestAnUnencryptedVaultIsAskedWithoutAProxy(t *testing.T) {
	client := let(t, &vaultsim.Vault{}, func(v *schemas.VaultConfig) { v.Proxy = "http://127.0.0.1:1" })
	if _, err := client.Reader().Devices(context.Background(), func(*schemas.Device) error { return nil }); err != nil {
		t.Error(err)
	}
}
