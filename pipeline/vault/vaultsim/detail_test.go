package vaultsim_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"encoding/base64"
	"strings"
	"testing"

	"pamsync/pipeline/vault/vaultsim"
)

func TestCredentialDetail(t *testing.T) {
	v := stocked()
	v.AddCredential(vaultsim.Credential{Hostname: "web01", Username: "app", Parent: "1", Expiration: "2024-05-16T17:31:31-03:00"})
	p := serve(t, v)
	c := p.get("/api/pam/credential/2").part("credential")
	equal(t, "parent id", c["parent_credential_cod"], any("1"))
	equal(t, "parent", c["parent_credential"], any("root"))
	equal(t, "expiration without its zone", c["expiration_time"], any("2024-05-16T17:31:31"))
	equal(t, "and with it in the list", p.get("/api/pam/credential").records("credentials")[1]["expiration"], any("2024-05-16T17:31:31-03:00"))
}

func TestCredentialAutomaticChange(t *testing.T) {
	for version, want := range map[string]any{"3.33": true, "3.32": "1"} {
		v := stocked()
		v.Version = version
		p := serve(t, v)
		p.post("/api/pam/credential", root().with("execution_settings",
			fields{"automatic_change": true, "change_plugin": "SSH", "change_template": "Linux"}))
		equal(t, version, p.get("/api/pam/credential").records("credentials")[0]["automatic_change"], want)
	}
}

func TestTextsAreEscaped(t *testing.T) {
	v := &vaultsim.Vault{}
	odd := "a\"b\\c\n\u00e9\u2028\U0001F600</x>"
	v.AddDevice(vaultsim.Device{Hostname: odd})
	equal(t, "hostname", serve(t, v).get("/api/pam/device").records("devices")[0]["hostname"], any(odd))
}

func TestSecretsMayComeEncrypted(t *testing.T) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	v := stocked()
	v.EncryptFor = &private.PublicKey
	v.AddKey(vaultsim.Key{Hostname: "web01", PrivateKey: strings.Repeat("long", 200)})
	p := serve(t, v)
	text, _ := p.get("/api/pam/credential/1").part("credential")["content"].(string)
	sealed, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	open, err := rsa.DecryptOAEP(sha1.New(), nil, private, sealed, nil)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "content", string(open), "invented-0")
	equal(t, "too long", p.get("/api/pam/key/2").part("key")["private_key"], any("An error occurred while encrypting the text"))
}
