package approval

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/pem"
	"errors"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
)

// noon is when the plans of these tests are applied.
var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

// newPrivate makes a key of a kind: ed25519, ecdsa, rsa, or rsa1024.
func newPrivate(t *testing.T, kind string) any {
	t.Helper()
	var private any
	var err error
	switch kind {
	case "ed25519":
		_, private, err = ed25519.GenerateKey(rand.Reader)
	case "ecdsa":
		private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "rsa":
		private, err = rsa.GenerateKey(rand.Reader, 2048)
	case "rsa1024":
		private, err = rsa.GenerateKey(rand.Reader, 1024)
	}
	if err != nil {
		t.Fatal(err)
	}
	return private
}

func newKey(t *testing.T, kind string) *Key {
	t.Helper()
	return keyOf(t, newPrivate(t, kind))
}

func keyOf(t *testing.T, private any) *Key {
	t.Helper()
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return &Key{signer}
}

// public is a key as it stands in a .pub file or behind the options of a signer's line.
func (k *Key) public() string {
	return strings.TrimSpace(string(ssh.MarshalAuthorizedKey(k.signer.PublicKey())))
}

// privateFile is a private key as ssh-keygen writes it.
func privateFile(t *testing.T, private any, passphrase string) []byte {
	t.Helper()
	var block *pem.Block
	var err error
	if passphrase == "" {
		block, err = ssh.MarshalPrivateKey(private, "invented for a test")
	} else {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(private, "invented for a test", []byte(passphrase))
	}
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(block)
}

func signersOf(t *testing.T, text string) *Signers {
	t.Helper()
	s, err := ReadSigners([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// codeOf is the code of a refusal, "" for none.
func codeOf(err error) string {
	var refusal *Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &refusal):
		return refusal.Code
	}
	return err.Error()
}

func someStatement(key *Key) Statement {
	return Statement{
		Subject: Subject{Plan: "sha256:" + strings.Repeat("ab", 32), Vault: "https://vault.example:443", Run: "20261102T090000Z-x7kq", Made: "2026-11-02T09:00:00Z",
			By: "ana", Counts: Counts{Create: 3, Update: 2, Inactivate: 1, Dragged: 4, Held: 5, Rejected: 6}},
		Principal: "bob@example.com", Key: key.Fingerprint(), Approved: noon.Add(-time.Hour), Expires: noon.Add(23 * time.Hour), Note: "CHG-1234: revisado"}
}

func textOf(t *testing.T, s Statement) []byte {
	t.Helper()
	text, err := s.Text()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func signatureOf(t *testing.T, key *Key, text []byte) []byte {
	t.Helper()
	signature, err := key.Sign(text)
	if err != nil {
		t.Fatal(err)
	}
	return signature
}
